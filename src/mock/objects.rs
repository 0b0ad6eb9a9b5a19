//! `sfn.objects()`: the bucket store that Distributed Maps read and write.

use std::fs;
use std::path::Path;

use super::core::Core;

/// The objects that the `ItemReader` of a Distributed Map reads and its `ResultWriter` writes, in place of S3; from
/// [`MockSfn::objects`](crate::MockSfn::objects). A bucket is there from the first object that is put into it.
///
/// ```
/// use sfn_testkit::prelude::*;
///
/// # #[cfg(not(feature = "sdk"))] fn main() {}
/// # #[cfg(feature = "sdk")]
/// #[tokio::main(flavor = "current_thread", start_paused = true)]
/// async fn main() {
///     let sfn = MockSfn::new();
///     let machine = sfn.state_machine("import").definition(r#"{
///         "StartAt": "Each row",
///         "States": {"Each row": {
///             "Type": "Map", "Label": "Rows", "End": true,
///             "ItemReader": {
///                 "Resource": "arn:aws:states:::s3:getObject",
///                 "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
///                 "Parameters": {"Bucket": "uploads", "Key.$": "$.file"}
///             },
///             "ItemProcessor": {
///                 "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
///                 "StartAt": "Save",
///                 "States": {"Save": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true}}
///             },
///             "ResultWriter": {
///                 "Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "results", "Prefix": "rows"}
///             }
///         }}
///     }"#).create();
///     sfn.objects().put("uploads", "may.csv", "id,name\n1,Ada\n2,Alan\n");
///     sfn.on_state("Save").answers(|call| json!({"saved": call.input["name"]}));
///
///     let arn = sfn.start_execution(&machine, json!({"file": "may.csv"}));
///     sfn.execution(&arn).finished().await.assert().succeeded();
///
///     let [run] = &sfn.execution(&arn).map_runs()[..] else { panic!("one Map Run") };
///     assert_eq!((run.label(), run.items().succeeded), ("Rows", 2));
///     let written = sfn.objects().list("results");
///     assert!(written[0].ends_with("/SUCCEEDED_0.json") && written[1].ends_with("/manifest.json"));
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Objects {
    core: Core,
}

impl Objects {
    pub(super) const fn new(core: Core) -> Self {
        Self { core }
    }

    /// Puts an object into a bucket, in the place of one with the same key.
    pub fn put(&self, bucket: impl AsRef<str>, key: impl AsRef<str>, bytes: impl AsRef<[u8]>) {
        self.core.put_object(bucket.as_ref(), key.as_ref(), bytes.as_ref());
    }

    /// Puts a file of this machine into a bucket.
    ///
    /// # Panics
    /// If the file cannot be read.
    #[track_caller]
    #[expect(clippy::panic, reason = "a file that cannot be read is a mistake in the test")]
    pub fn put_file(&self, bucket: impl AsRef<str>, key: impl AsRef<str>, path: impl AsRef<Path>) {
        let path = path.as_ref();
        match fs::read(path) {
            Ok(bytes) => self.core.put_object(bucket.as_ref(), key.as_ref(), &bytes),
            Err(error) => panic!("cannot read {}: {error}", path.display()),
        }
    }

    /// Puts all files below a folder of this machine into a bucket. Their keys are their paths below the folder, with
    /// `/` between the parts.
    ///
    /// # Panics
    /// If the folder or a file in it cannot be read.
    #[track_caller]
    #[expect(clippy::panic, reason = "a folder that cannot be read is a mistake in the test")]
    pub fn put_folder(&self, bucket: impl AsRef<str>, folder: impl AsRef<Path>) {
        if let Err(error) = self.core.put_folder(bucket.as_ref(), folder.as_ref()) {
            panic!("{error}");
        }
    }

    /// The bytes of an object; `None` if there is none of that key.
    #[must_use]
    pub fn get(&self, bucket: impl AsRef<str>, key: impl AsRef<str>) -> Option<Vec<u8>> {
        let state = self.core.lock();
        let object = state.account.objects.get(bucket.as_ref(), key.as_ref()).ok()?;
        Some(object.bytes.to_vec())
    }

    /// What an object holds as JSON, such as a file of a `ResultWriter`; `None` if there is none of that key.
    ///
    /// # Panics
    /// If the object is no JSON.
    #[must_use]
    #[track_caller]
    #[expect(clippy::panic, reason = "whoever asks for JSON wants the test to fail if there is none")]
    pub fn get_json(&self, bucket: impl AsRef<str>, key: impl AsRef<str>) -> Option<serde_json::Value> {
        let bytes = self.get(bucket, &key)?;
        match serde_json::from_slice(&bytes) {
            Ok(value) => Some(value),
            Err(error) => panic!("the object `{}` is no JSON: {error}", key.as_ref()),
        }
    }

    /// The keys of all objects in a bucket, sorted. Of a bucket that is not there: none.
    #[must_use]
    pub fn list(&self, bucket: impl AsRef<str>) -> Vec<String> {
        let state = self.core.lock();
        let listed = state.account.objects.list(bucket.as_ref(), "").unwrap_or_default();
        listed.into_iter().map(|(key, _)| key.to_string()).collect()
    }
}

impl Core {
    fn put_object(&self, bucket: &str, key: &str, bytes: &[u8]) {
        let mut state = self.lock();
        let now = state.clock.now();
        state.account.objects.put(bucket, key, bytes, now);
    }

    /// All files below `folder`; the bucket is there even if there are none.
    pub(crate) fn put_folder(&self, bucket: &str, folder: &Path) -> Result<(), String> {
        self.lock().account.objects.add_bucket(bucket);
        let mut pending = vec![(String::new(), folder.to_owned())];
        while let Some((prefix, folder)) = pending.pop() {
            let unreadable = |error| format!("cannot read {}: {error}", folder.display());
            for entry in fs::read_dir(&folder).map_err(unreadable)? {
                let path = entry.map_err(unreadable)?.path();
                let name =
                    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                let key = format!("{prefix}{name}");
                if path.is_dir() {
                    pending.push((format!("{key}/"), path));
                } else {
                    let bytes = fs::read(&path)
                        .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
                    self.put_object(bucket, &key, &bytes);
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::mock::MockSfn;

    #[test]
    fn objects_are_put_read_and_listed() {
        let sfn = MockSfn::new();
        let objects = sfn.objects();
        objects.put("b", "z", "1");
        objects.put("b", "a/x", [0xFF]);
        objects.put("b", "z", r#"{"a":2}"#);
        assert_eq!(objects.list("b"), ["a/x", "z"]);
        assert_eq!(objects.get("b", "a/x"), Some(vec![0xFF]));
        assert_eq!(objects.get_json("b", "z").unwrap()["a"], 2);
        assert_eq!((objects.get("b", "y"), objects.get("c", "z")), (None, None));
        assert!(objects.list("c").is_empty());
    }

    #[test]
    fn files_and_folders_become_objects() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("in")).unwrap();
        std::fs::write(folder.path().join("in").join("a.csv"), "a").unwrap();
        std::fs::write(folder.path().join("b.json"), "[]").unwrap();
        let sfn = MockSfn::new();
        sfn.objects().put_folder("b", folder.path());
        sfn.objects().put_file("b", "c", folder.path().join("b.json"));
        assert_eq!(sfn.objects().list("b"), ["b.json", "c", "in/a.csv"]);
        assert_eq!(sfn.objects().get("b", "in/a.csv"), Some(b"a".to_vec()));
    }

    #[test]
    #[should_panic(expected = "cannot read no/such/file: ")]
    fn a_file_that_is_not_there_fails_the_test() {
        MockSfn::new().objects().put_file("b", "k", "no/such/file");
    }
}
