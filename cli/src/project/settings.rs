//! What a project's service reads its settings from in development, as far as `doctor` looks at it.

use std::path::Path;

use super::reading::bytes;

/// A setting, and where it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// What is set.
    pub value: String,
    /// The file or the variable that sets it.
    pub place: String,
}

/// A setting of a project: what the environment says, or else `.env`, `config/development.toml`, `config/default.toml`, in
/// the order in which the service itself takes them. What is empty is not set.
#[must_use]
pub fn setting(
    project: &Path,
    (variable, key): (&str, &str),
    environment: Option<&str>,
) -> Option<Setting> {
    let set = |value: &str, place: &str| {
        (!value.is_empty()).then(|| Setting {
            value: value.to_owned(),
            place: place.to_owned(),
        })
    };
    let of_environment = || set(environment?, &format!("`{variable}`"));
    let of_env = || {
        let text = text(project, ".env")?;
        set(variable_of(&text, variable)?, "`.env`")
    };
    let of_file = |path: &str| {
        let table: toml::Table = text(project, path)?.parse().ok()?;
        set(table.get(key)?.as_str()?, &format!("`{path}`"))
    };
    of_environment()
        .or_else(of_env)
        .or_else(|| of_file("config/development.toml"))
        .or_else(|| of_file("config/default.toml"))
}

fn text(project: &Path, path: &str) -> Option<String> {
    String::from_utf8(bytes(&project.join(path)).ok()?).ok()
}

/// `NAME=value` lines, as the service reads them: the last one counts.
fn variable_of<'a>(text: &'a str, variable: &str) -> Option<&'a str> {
    let lines = text.lines().map(str::trim);
    let lines = lines.map(|line| line.strip_prefix("export ").unwrap_or(line));
    let pairs = lines.filter_map(|line| line.split_once('='));
    let mut own = pairs.filter(|(name, _)| name.trim() == variable);
    let value = own.next_back()?.1.trim();
    let quoted = ['"', '\''].iter().find_map(|quote| {
        let value = value.strip_prefix(*quote)?;
        value.strip_suffix(*quote)
    });
    Some(quoted.unwrap_or(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_the_service_reads_them() {
        let text = "# A=0\nA=1\nexport A = \"two\"\nB=\nnonsense\n";
        assert_eq!(variable_of(text, "A"), Some("two"));
        assert_eq!(variable_of(text, "B"), Some(""));
        assert_eq!(variable_of(text, "C"), None);
    }
}
