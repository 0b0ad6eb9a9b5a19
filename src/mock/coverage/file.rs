//! The coverage file of this process: lines are appended, so that nothing is lost when the process is killed, and no
//! other process writes into it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::setting::{self, DEFINITIONS, VARIABLE};
use crate::mock::artifact_folder::{ArtifactFolder, tell};
use crate::report::coverage::definition_hash;
use crate::report::coverage::line::{HEADER, Whose, line};
use crate::service::coverage::Covered;

/// Shared by all mocks of the process that write into the same folder.
#[derive(Debug, Clone)]
pub(crate) struct CoverageFile {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug)]
struct Inner {
    folder: ArtifactFolder,
    file: Opened,
    /// By the text of the definition.
    hashes: BTreeMap<Arc<str>, Arc<str>>,
    /// Which machines with which definitions are in the file.
    told: BTreeSet<(Arc<str>, Arc<str>)>,
}

#[derive(Debug)]
enum Opened {
    NotYet,
    Yes(File),
    /// It was told why, once.
    Never,
}

impl CoverageFile {
    /// That which the environment asks for, if it does. It is read once.
    pub(crate) fn of_this_process() -> Option<Self> {
        static FILE: OnceLock<Option<CoverageFile>> = OnceLock::new();
        let find = || setting::folder(std::env::var_os(VARIABLE), ArtifactFolder::of_this_process);
        FILE.get_or_init(|| find().map(Self::within)).clone()
    }

    /// The file of this process in a folder.
    pub(crate) fn within(folder: PathBuf) -> Self {
        static FILES: Mutex<BTreeMap<PathBuf, CoverageFile>> = Mutex::new(BTreeMap::new());
        let mut files = FILES.lock().unwrap_or_else(PoisonError::into_inner);
        files.entry(folder).or_insert_with_key(|folder| Self::new(folder)).clone()
    }

    fn new(folder: &Path) -> Self {
        let inner = Inner {
            folder: ArtifactFolder::at(folder),
            file: Opened::NotYet,
            hashes: BTreeMap::new(),
            told: BTreeSet::new(),
        };
        Self { inner: Arc::new(Mutex::new(inner)) }
    }

    /// Appends what was taken since the last time.
    pub(super) fn append(&self, covered: &[Covered], test: &str) {
        if covered.is_empty() {
            return;
        }
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.is_open() {
            let lines: String = covered.iter().filter_map(|one| inner.line(one, test)).collect();
            if !lines.is_empty() {
                inner.write(lines.as_bytes());
            }
        }
    }
}

impl Inner {
    /// `None` if there is nothing new. A definition that nobody has run is told once.
    fn line(&mut self, covered: &Covered, test: &str) -> Option<String> {
        let taken = covered.tally.take();
        let hash = self.hash(&covered.definition_text);
        let is_new = self.told.insert((Arc::clone(&covered.machine), Arc::clone(&hash)));
        if taken.is_nothing() && !is_new {
            return None;
        }
        Some(line(&Whose { machine: &covered.machine, definition: &hash, test }, &taken))
    }

    /// The hash of a definition, which is kept for those who read the counts.
    fn hash(&mut self, text: &Arc<str>) -> Arc<str> {
        if let Some(hash) = self.hashes.get(text) {
            return Arc::clone(hash);
        }
        let hash: Arc<str> = definition_hash(text).into();
        let definitions = self.folder.below(DEFINITIONS);
        let name = format!("{hash}.json");
        if !definitions.path().join(&name).exists() {
            definitions.write(&name, text.as_bytes());
        }
        self.hashes.insert(Arc::clone(text), Arc::clone(&hash));
        hash
    }

    /// Opens it when there is something to write for the first time.
    fn is_open(&mut self) -> bool {
        if let Opened::NotYet = self.file {
            self.file = match create(self.folder.path()) {
                Ok(file) => Opened::Yes(file),
                Err(error) => self.gives_up(&error),
            };
        }
        matches!(self.file, Opened::Yes(_))
    }

    fn write(&mut self, lines: &[u8]) {
        if let Opened::Yes(file) = &mut self.file
            && let Err(error) = file.write_all(lines)
        {
            self.file = self.gives_up(&error);
        }
    }

    fn gives_up(&self, error: &io::Error) -> Opened {
        tell(&format!("coverage is not written into {}: {error}", self.folder.path().display()));
        Opened::Never
    }
}

/// A file that nobody else has: ids of processes come again, and in containers they are all alike.
fn create(folder: &Path) -> io::Result<File> {
    fs::create_dir_all(folder)?;
    let process = std::process::id();
    let mut number = 0_u64;
    loop {
        let path = folder.join(format!("{process}-{number}.jsonl"));
        match OpenOptions::new().append(true).create_new(true).open(path) {
            Ok(mut file) => {
                file.write_all(format!("{HEADER}\n").as_bytes())?;
                return Ok(file);
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(error),
        }
    }
}
