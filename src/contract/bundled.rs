//! The clauses that come with the crate: everything below `contracts/`.

use super::collection::Contracts;

macro_rules! files {
    ($($path:literal,)*) => {
        &[$(($path, include_str!(concat!("../../contracts/", $path)))),*]
    };
}

/// Path below `contracts/` and text of each file; a test compares the list with the folder.
const FILES: &[(&str, &str)] = files! {
    "api/activities/activities.json",
    "api/activities/workers.json",
    "api/common/constraints.json",
    "api/common/kms.json",
    "api/common/pages.json",
    "api/common/requests.json",
    "api/common/wire.json",
    "api/executions/describe.json",
    "api/executions/description.json",
    "api/executions/list.json",
    "api/executions/lists.json",
    "api/executions/start.json",
    "api/executions/starting.json",
    "api/executions/stop.json",
    "api/executions/stopping.json",
    "api/express/express.json",
    "api/express/synchronous.json",
    "api/history/events.json",
    "api/history/tasks.json",
    "api/map-runs/constraints.json",
    "api/map-runs/map-runs.json",
    "api/nested/nested.json",
    "api/redrive/redrive.json",
    "api/state-machines/configuration.json",
    "api/state-machines/create.json",
    "api/state-machines/definitions.json",
    "api/state-machines/delete.json",
    "api/state-machines/describe.json",
    "api/state-machines/state-machines.json",
    "api/state-machines/update.json",
    "api/state-machines/validate.json",
    "api/tags/tagging.json",
    "api/tags/tags.json",
    "api/test-state/details.json",
    "api/test-state/mocks.json",
    "api/test-state/states.json",
    "api/tokens/tokens.json",
    "api/versions/alias-changes.json",
    "api/versions/alias-routes.json",
    "api/versions/aliases.json",
    "api/versions/publishing.json",
    "api/versions/versions.json",
    "asl/choice/choice.json",
    "asl/data-flow/context.json",
    "asl/data-flow/paths.json",
    "asl/definitions/fields.json",
    "asl/errors/built-in.json",
    "asl/errors/catch.json",
    "asl/errors/retry.json",
    "asl/intrinsics/intrinsics.json",
    "asl/jsonata/fields.json",
    "asl/jsonata/jsonata.json",
    "asl/map/distributed.json",
    "asl/map/map-runs.json",
    "asl/map/map.json",
    "asl/parallel/parallel.json",
    "asl/tasks/tasks.json",
    "asl/variables/variables.json",
    "asl/wait/wait.json",
    "limits/control-plane.json",
    "limits/executions.json",
    "limits/functions.json",
    "limits/limits.json",
};

/// The clauses that come with this crate: what AWS was recorded or is documented to do.
///
/// # Panics
/// Never: they are tested.
#[must_use]
pub fn bundled() -> Contracts {
    match Contracts::read_all(FILES.iter().copied()) {
        Ok(contracts) => contracts,
        #[expect(clippy::panic, reason = "the files are part of the crate")]
        Err(invalid) => panic!("{invalid}"),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    fn collect(folder: &Path, root: &Path, files: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, root, files);
            } else {
                files.push(path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/"));
            }
        }
    }

    #[test]
    fn every_file_below_contracts_is_bundled() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("contracts");
        let mut files = Vec::new();
        collect(&root, &root, &mut files);
        files.sort();
        let listed: Vec<_> = FILES.iter().map(|(path, _)| (*path).to_owned()).collect();
        assert_eq!(listed, files, "list in bundled.rs the files that are in contracts/, sorted");
    }
}
