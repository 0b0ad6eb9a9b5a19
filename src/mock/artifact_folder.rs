//! `target/sfn-testkit/` of the test that runs: where files are left for those who read them after the run.
//!
//! Nothing here fails a test: what cannot be written is told in one line on stderr.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};

/// Names the folder, wherever else it would be.
pub(crate) const VARIABLE: &str = "SFN_TESTKIT_DIR";
/// What the folder is called below `target`.
const FOLDER: &str = "sfn-testkit";
/// By this file cargo marks the top of its target folder.
const TAG: &str = "CACHEDIR.TAG";
/// The most bytes that a name is taken over with; file systems take 255.
const LONGEST_NAME: usize = 120;

/// A folder for files that outlive the process: `target/sfn-testkit`, or one below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ArtifactFolder {
    path: PathBuf,
}

/// What the folder is found by.
#[derive(Debug, Clone, Default)]
pub(crate) struct Whereabouts {
    /// `SFN_TESTKIT_DIR`
    pub(crate) chosen: Option<OsString>,
    /// Of the process, such as `target/debug/deps/it-0123456789abcdef`.
    pub(crate) executable: Option<PathBuf>,
    /// `CARGO_TARGET_DIR`
    pub(crate) target: Option<OsString>,
    /// `CARGO_MANIFEST_DIR`, which cargo sets for the tests that it runs.
    pub(crate) package: Option<OsString>,
}

impl Whereabouts {
    /// Those of this process.
    pub(crate) fn of_this_process() -> Self {
        let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        Self {
            chosen: variable(VARIABLE),
            executable: std::env::current_exe().ok(),
            target: variable("CARGO_TARGET_DIR"),
            package: variable("CARGO_MANIFEST_DIR"),
        }
    }

    fn folder(&self) -> Option<PathBuf> {
        if let Some(chosen) = &self.chosen {
            return Some(chosen.into());
        }
        let of_executable = self.executable.as_deref().and_then(target_around);
        let target = of_executable.or_else(|| self.target.as_ref().map(PathBuf::from));
        let target = target.or_else(|| self.package.as_deref().map(|package| target_of(Path::new(package))));
        target.map(|target| target.join(FOLDER))
    }
}

/// The target folder that a file is in.
fn target_around(file: &Path) -> Option<PathBuf> {
    file.ancestors().skip(1).find(|folder| folder.join(TAG).is_file()).map(Path::to_path_buf)
}

/// The target folder of a package, which may be that of the workspace around it. Documentation tests run outside of
/// it, and know their package alone.
fn target_of(package: &Path) -> PathBuf {
    let marked = package.ancestors().map(|folder| folder.join("target")).find(|target| is_marked(target));
    marked.unwrap_or_else(|| package.join("target"))
}

fn is_marked(target: &Path) -> bool {
    target.join(TAG).is_file()
}

impl ArtifactFolder {
    /// That of the test that runs. `None`, with a line on stderr, if nobody knows where it is.
    pub(crate) fn of_this_process() -> Option<Self> {
        let found = Self::find(&Whereabouts::of_this_process());
        if found.is_none() {
            tell(&format!("no target folder was found for this process: set {VARIABLE} to a folder"));
        }
        found
    }

    pub(crate) fn find(whereabouts: &Whereabouts) -> Option<Self> {
        whereabouts.folder().map(Self::at)
    }

    pub(crate) fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// One below it. Folders are made when something is written into them.
    pub(crate) fn below(&self, name: &str) -> Self {
        Self { path: self.path.join(file_name(name)) }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a file so that nobody ever sees half of it, in place of one that was there. The name is made safe with
    /// [`file_name`]. `None`, with a line on stderr, if that fails.
    pub(crate) fn write(&self, name: &str, contents: &[u8]) -> Option<PathBuf> {
        let path = self.path.join(file_name(name));
        match self.write_or_fail(&path, contents) {
            Ok(()) => Some(path),
            Err(error) => {
                tell(&format!("{} was not written: {error}", path.display()));
                None
            }
        }
    }

    fn write_or_fail(&self, path: &Path, contents: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.path)?;
        let draft = self.path.join(draft_name());
        let written = fs::write(&draft, contents).and_then(|()| fs::rename(&draft, path));
        if written.is_err() {
            drop(fs::remove_file(&draft)); // What went wrong before is what is told.
        }
        written
    }
}

/// No two processes, and no two writers in one, have the same.
fn draft_name() -> String {
    static DRAFTS: AtomicU64 = AtomicU64::new(0);
    let number = DRAFTS.fetch_add(1, Ordering::Relaxed);
    format!(".draft-{}-{number}", std::process::id())
}

/// Makes any text the name of a file on every system, and no two texts the same name: `a::b` becomes `a.b`, other
/// characters than letters, digits, `.`, `_` and `-` become `-`. A name that was changed otherwise, or cut, ends with
/// a piece of its hash, before its extension.
pub(crate) fn file_name(text: &str) -> String {
    let dotted = text.replace("::", ".");
    let mut safe: String = dotted.chars().map(safe_character).collect();
    if safe.starts_with('.') {
        safe.replace_range(..1, "-");
    }
    if safe == dotted && safe.len() <= LONGEST_NAME && !safe.is_empty() {
        return safe;
    }
    let (stem, extension) = match safe.rsplit_once('.') {
        Some((stem, extension)) if is_extension(extension) => (stem, format!(".{extension}")),
        Some(_) | None => (safe.as_str(), String::new()),
    };
    // Every character of it is one byte.
    let stem: String = stem.chars().take(LONGEST_NAME).collect();
    format!("{stem}-{}{extension}", short_hash(text))
}

fn is_extension(text: &str) -> bool {
    (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

const fn safe_character(c: char) -> char {
    if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '-' }
}

/// Eight digits: enough to tell the few names of one folder apart.
fn short_hash(text: &str) -> String {
    Sha256::digest(text).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

/// What the test that runs on this thread is called: its binary, `::` and its path, such as `it::orders::are_paid`.
/// A thread that is not a test's gives the name of the binary alone.
pub(crate) fn test_name() -> String {
    static BINARY: OnceLock<String> = OnceLock::new();
    let binary = BINARY.get_or_init(|| binary_name(&std::env::current_exe().unwrap_or_default()));
    named(binary, std::thread::current().name())
}

/// Without the hash that cargo puts behind it.
fn binary_name(executable: &Path) -> String {
    let stem =
        executable.file_stem().map_or_else(|| "test".to_owned(), |stem| stem.to_string_lossy().into_owned());
    match stem.rsplit_once('-') {
        Some((name, hash)) if hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            name.to_owned()
        }
        Some(_) | None => stem,
    }
}

fn named(binary: &str, thread: Option<&str>) -> String {
    let is_test = |name: &&str| *name != "main" && !name.starts_with("tokio-") && !name.is_empty();
    match thread.filter(is_test) {
        Some(thread) => format!("{binary}::{thread}"),
        None => binary.to_owned(),
    }
}

/// Past the capture of the test harness, and without a panic when stderr is closed.
pub(crate) fn tell(problem: &str) {
    drop(writeln!(io::stderr(), "sfn-testkit: {problem}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touch(path: &Path) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }

    #[test]
    fn a_chosen_folder_goes_before_all_others() {
        let top = tempfile::tempdir().unwrap();
        touch(&top.path().join("target").join(TAG));
        let whereabouts = Whereabouts {
            chosen: Some("elsewhere".into()),
            executable: Some(top.path().join("target").join("debug").join("deps").join("it")),
            target: Some("t".into()),
            package: Some("p".into()),
        };
        assert_eq!(ArtifactFolder::find(&whereabouts), Some(ArtifactFolder::at("elsewhere")));
    }

    #[test]
    fn the_target_folder_that_the_test_was_built_into_is_found_by_its_tag() {
        let top = tempfile::tempdir().unwrap();
        touch(&top.path().join("out").join(TAG));
        let whereabouts = Whereabouts {
            executable: Some(top.path().join("out").join("wasm").join("debug").join("deps").join("it")),
            target: Some("t".into()),
            ..Whereabouts::default()
        };
        let found = ArtifactFolder::find(&whereabouts).unwrap();
        assert_eq!(found.path(), top.path().join("out").join("sfn-testkit"));
    }

    #[test]
    fn a_test_that_was_built_elsewhere_uses_what_cargo_says() {
        let top = tempfile::tempdir().unwrap();
        let executable = Some(top.path().join("rust_out"));
        let named = Whereabouts {
            executable: executable.clone(),
            target: Some("t".into()),
            package: Some("p".into()),
            ..Whereabouts::default()
        };
        assert_eq!(named.folder(), Some(Path::new("t").join("sfn-testkit")));
        let package = top.path().join("crates").join("orders");
        let alone =
            Whereabouts { executable, package: Some(package.clone().into()), ..Whereabouts::default() };
        assert_eq!(alone.folder(), Some(package.join("target").join("sfn-testkit")));
        touch(&top.path().join("target").join(TAG));
        assert_eq!(
            alone.folder(),
            Some(top.path().join("target").join("sfn-testkit")),
            "that of the workspace"
        );
        assert_eq!(Whereabouts::default().folder(), None);
    }

    #[test]
    fn this_process_has_a_folder() {
        let folder = ArtifactFolder::of_this_process().unwrap();
        assert!(folder.path().ends_with("sfn-testkit"), "{folder:?}");
    }

    #[test]
    fn a_file_is_written_whole_into_folders_that_are_made_and_replaces_the_one_before() {
        let top = tempfile::tempdir().unwrap();
        let folder = ArtifactFolder::at(top.path()).below("a::b").below("c");
        let written = folder.write("it::orders.html", b"one").unwrap();
        assert_eq!(written, top.path().join("a.b").join("c").join("it.orders.html"));
        assert_eq!(folder.write("it::orders.html", b"two"), Some(written.clone()));
        assert_eq!(fs::read_to_string(written).unwrap(), "two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left");
    }

    #[test]
    fn what_cannot_be_written_fails_nobody() {
        let top = tempfile::tempdir().unwrap();
        let file = top.path().join("file");
        touch(&file);
        assert_eq!(ArtifactFolder::at(&file).write("a", b""), None, "a file stands where the folder should");
        let folder = ArtifactFolder::at(top.path());
        fs::create_dir(top.path().join("taken")).unwrap();
        touch(&top.path().join("taken").join("x"));
        assert_eq!(folder.write("taken", b""), None, "a folder stands where the file should");
        assert_eq!(fs::read_dir(top.path()).unwrap().count(), 2, "no draft is left");
    }

    #[test]
    fn names_are_safe_and_differ_where_texts_differ() {
        assert_eq!(file_name("it::orders::are_paid.html"), "it.orders.are_paid.html");
        assert_eq!(file_name("a b"), "a-b-c8687a08");
        assert_ne!(file_name("a b"), file_name("a/b"));
        assert_eq!(file_name("../x.json"), format!("-.-x-{}.json", short_hash("../x.json")));
        assert_eq!(file_name(""), format!("-{}", short_hash("")));
        let long = "x".repeat(300);
        assert_eq!(file_name(&format!("{long}.html")).len(), LONGEST_NAME + 1 + 8 + 5);
        assert_ne!(file_name(&format!("{long}a")), file_name(&format!("{long}b")));
    }

    #[test]
    fn a_test_is_named_by_its_binary_and_its_path() {
        let executable = Path::new("target").join("debug").join("deps").join("it-0123456789abcdef");
        assert_eq!(binary_name(&executable), "it");
        assert_eq!(binary_name(Path::new("my-tests")), "my-tests");
        assert_eq!(named("it", Some("orders::are_paid")), "it::orders::are_paid");
        for nameless in [Some("main"), Some("tokio-runtime-worker"), Some(""), None] {
            assert_eq!(named("it", nameless), "it");
        }
        assert!(test_name().ends_with("::a_test_is_named_by_its_binary_and_its_path"), "{}", test_name());
    }
}
