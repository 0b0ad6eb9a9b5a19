//! Credentials and region as the AWS CLI finds them: in the environment, or in the files of a profile.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use super::signature::Credentials;

/// What requests are signed with, and for where.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct AwsSettings {
    pub(crate) credentials: Option<Credentials>,
    pub(crate) region: Option<String>,
}

/// Where settings come from.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    environment: BTreeMap<String, String>,
}

impl Sources {
    /// Those that the environment of a process leads to.
    pub(crate) const fn of(environment: BTreeMap<String, String>) -> Self {
        Self { environment }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.environment.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// `~/.aws/credentials`, unless the environment names another file.
    fn file(&self, variable: &str, name: &str) -> Option<PathBuf> {
        if let Some(path) = self.get(variable) {
            return Some(path.into());
        }
        let home = self.get("HOME").or_else(|| self.get("USERPROFILE"))?;
        Some(PathBuf::from(home).join(".aws").join(name))
    }

    /// The settings of a profile in a file; `None` if there is no such profile, or no such file.
    fn profile(&self, variable: &str, name: &str, sections: &[String]) -> Option<BTreeMap<String, String>> {
        let text = fs::read_to_string(self.file(variable, name)?).ok()?;
        section(&text, sections)
    }
}

impl AwsSettings {
    /// A profile that is asked for must be there; else the environment comes before the profile `default`.
    pub(crate) fn find(profile: Option<&str>, sources: &Sources) -> Result<Self, String> {
        let named = profile.or_else(|| sources.get("AWS_PROFILE"));
        let name = named.unwrap_or("default");
        let credentials_file =
            sources.profile("AWS_SHARED_CREDENTIALS_FILE", "credentials", &[name.to_owned()]);
        let sections = [format!("profile {name}"), name.to_owned()];
        let config_file = sources.profile("AWS_CONFIG_FILE", "config", &sections);
        if named.is_some() && credentials_file.is_none() && config_file.is_none() {
            return Err(format!("there is no profile `{name}` in the AWS credentials and config files"));
        }
        let settings: BTreeMap<String, String> =
            config_file.into_iter().flatten().chain(credentials_file.into_iter().flatten()).collect();
        let in_environment = |name: &str| sources.get(name).map(str::to_owned);
        let of_environment = credentials_of(&in_environment, |key| key.to_uppercase());
        let of_files = credentials_of(&|key: &str| settings.get(key).cloned(), str::to_owned);
        if profile.is_some() && of_files.is_none() {
            return Err(format!(
                "the profile `{name}` has no aws_access_key_id and aws_secret_access_key; for a profile with SSO or a \
                 role run `eval \"$(aws configure export-credentials --profile {name} --format env)\"` and leave \
                 --profile out"
            ));
        }
        Ok(Self {
            credentials: if profile.is_some() { of_files } else { of_environment.or(of_files) },
            region: in_environment("AWS_REGION")
                .or_else(|| in_environment("AWS_DEFAULT_REGION"))
                .filter(|_| profile.is_none())
                .or_else(|| settings.get("region").cloned()),
        })
    }
}

fn credentials_of(
    get: &dyn Fn(&str) -> Option<String>,
    spelled: impl Fn(&str) -> String,
) -> Option<Credentials> {
    let of = |key: &str| get(&spelled(key));
    Some(Credentials::new(of("aws_access_key_id")?, of("aws_secret_access_key")?, of("aws_session_token")))
}

/// The settings of the first of the sections that an INI file has.
fn section(text: &str, names: &[String]) -> Option<BTreeMap<String, String>> {
    let mut found = None;
    let mut is_inside = false;
    for line in text.lines() {
        let line = line.trim();
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            is_inside = names.iter().any(|wanted| wanted == name.trim());
            if is_inside {
                found.get_or_insert_with(BTreeMap::new);
            }
        } else if is_inside
            && !line.starts_with(['#', ';'])
            && let Some((key, value)) = line.split_once('=')
            && let Some(found) = &mut found
        {
            found.insert(key.trim().to_owned(), value.trim().to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# mine\n[default]\naws_access_key_id = A\naws_secret_access_key=B\n\n[work]\n\
                        aws_access_key_id = C\naws_secret_access_key = D\naws_session_token = E==\nregion = eu-west-1\n\
                        [empty]\n";

    struct Home(tempfile::TempDir);

    impl Home {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join("credentials"), FILE).unwrap();
            fs::write(
                folder.path().join("config"),
                "[profile work]\nregion = us-west-2\n[default]\nregion = r\n",
            )
            .unwrap();
            Self(folder)
        }

        fn find(&self, profile: Option<&str>, environment: &[(&str, &str)]) -> Result<AwsSettings, String> {
            let path = |name: &str| self.0.path().join(name).display().to_string();
            let mut sources = Sources::default();
            sources.environment.insert("AWS_SHARED_CREDENTIALS_FILE".to_owned(), path("credentials"));
            sources.environment.insert("AWS_CONFIG_FILE".to_owned(), path("config"));
            let given = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            sources.environment.extend(given);
            AwsSettings::find(profile, &sources)
        }
    }

    #[track_caller]
    fn check(found: &Result<AwsSettings, String>, credentials: (&str, &str, Option<&str>), region: &str) {
        let (id, secret, token) = credentials;
        let credentials = Some(Credentials::new(id, secret, token.map(str::to_owned)));
        assert_eq!(*found, Ok(AwsSettings { credentials, region: Some(region.to_owned()) }));
    }

    const KEYS: [(&str, &str); 3] =
        [("AWS_ACCESS_KEY_ID", "X"), ("AWS_SECRET_ACCESS_KEY", "Y"), ("AWS_REGION", "eu-north-1")];

    #[test]
    fn the_environment_comes_before_the_default_profile_but_not_before_one_that_is_asked_for() {
        let home = Home::new();
        check(&home.find(None, &[]), ("A", "B", None), "r");
        check(&home.find(None, &KEYS), ("X", "Y", None), "eu-north-1");
        check(&home.find(Some("work"), &KEYS), ("C", "D", Some("E==")), "eu-west-1");
        check(&home.find(None, &[("AWS_PROFILE", "work")]), ("C", "D", Some("E==")), "eu-west-1");
    }

    #[test]
    fn a_profile_that_is_not_there_or_has_no_keys_is_told() {
        let home = Home::new();
        assert_eq!(
            home.find(Some("none"), &[]).unwrap_err(),
            "there is no profile `none` in the AWS credentials and config files"
        );
        let refused = home.find(Some("empty"), &[]).unwrap_err();
        assert!(refused.starts_with("the profile `empty` has no aws_access_key_id"), "{refused}");
    }

    #[test]
    fn without_any_settings_requests_are_not_signed() {
        let none = AwsSettings { credentials: None, region: None };
        assert_eq!(AwsSettings::find(None, &Sources::default()), Ok(none));
    }
}
