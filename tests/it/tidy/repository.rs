//! The files that the rules are about.

use std::fs;
use std::path::Path;

/// A text file of the repository.
pub(super) struct File {
    /// From the root of the repository, with `/` on every system: `src/asl/mod.rs`.
    pub(super) path: String,
    pub(super) text: String,
}

impl File {
    /// `asl` of `src/asl/mod.rs`; of files directly below `src` their own name without the extension.
    pub(super) fn top_module(&self) -> Option<&str> {
        let below = self.path.strip_prefix("src/")?;
        below.split('/').next().map(|first| first.trim_end_matches(".rs"))
    }

    pub(super) fn is_mod_file(&self) -> bool {
        self.path.ends_with("/mod.rs")
    }

    /// The lines that are no comments, each with its number.
    pub(super) fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let numbered = self.text.lines().enumerate().map(|(index, line)| (index + 1, line));
        numbered.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

/// All Rust files below the given folders; folders that do not exist yet have none.
pub(super) fn rust_files(folders: &[&str]) -> Vec<File> {
    let is_wanted = |file: &File| {
        file.path.ends_with(".rs") && folders.iter().any(|folder| file.path.starts_with(folder))
    };
    all_files().into_iter().filter(is_wanted).collect()
}

/// All text files of the repository, sorted by path, without build output and what git keeps for itself.
pub(super) fn all_files() -> Vec<File> {
    let mut files = Vec::new();
    collect(Path::new(env!("CARGO_MANIFEST_DIR")), "", &mut files);
    files.sort_by(|left, right| left.path.cmp(&right.path));
    files
}

fn collect(folder: &Path, below_root: &str, files: &mut Vec<File>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = format!("{below_root}{name}");
        if entry.file_type().unwrap().is_dir() {
            if !["target", ".git", ".worktrees"].contains(&name.as_str()) {
                collect(&entry.path(), &format!("{path}/"), files);
            }
        } else if name != ".git"
            && let Ok(text) = fs::read_to_string(entry.path())
        {
            files.push(File { path, text });
        }
    }
}
