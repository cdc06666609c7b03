//! The template engine, told to refuse what it would otherwise guess.

use std::sync::OnceLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, UndefinedBehavior};
use serde::Serialize;

use super::RenderError;
use super::code::{Language, Written};

/// Fills the template of this path in with a view.
pub(crate) fn fill(
    template: &'static str,
    language: Language,
    view: &impl Serialize,
) -> Result<String, RenderError> {
    let bug = |reason: String| RenderError { template, reason };
    let environment = with_templates(language).map_err(|error| bug(error.to_string()))?;
    let template = environment.get_template(template);
    template
        .and_then(|template| template.render(Serde(view)))
        .map_err(|error| bug(format!("{error:#}")))
}

/// The environment of a language with all templates, which are parsed once for all files.
fn with_templates(language: Language) -> Result<&'static Environment<'static>, Error> {
    static ALL: [OnceLock<Environment<'static>>; 4] = [const { OnceLock::new() }; 4];
    let [rust, toml, yaml, markdown] = &ALL;
    let cell = match language {
        Language::Rust => rust,
        Language::Toml => toml,
        Language::Yaml => yaml,
        Language::Markdown => markdown,
    };
    if let Some(known) = cell.get() {
        return Ok(known);
    }
    let mut made = environment(language)?;
    for path in secapi_templates::paths() {
        if let Some(source) = secapi_templates::get(path) {
            made.add_template(path, source)?;
        }
    }
    Ok(cell.get_or_init(|| made))
}

fn environment(language: Language) -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .keep_trailing_newline(true)
            .build()?,
    );
    environment.set_formatter(move |out, _, value| write_typed(language, out, value));
    Ok(environment)
}

/// Only a value of the file's own language is written.
fn write_typed(language: Language, out: &mut Output, value: &Value) -> Result<(), Error> {
    match value.downcast_object_ref::<Written>() {
        Some(written) if written.language == language => {
            out.write_str(&written.text).map_err(Error::from)
        }
        Some(written) => {
            let found = written.language;
            Err(Error::new(
                ErrorKind::BadEscape,
                format!("a value for {found:?} in a file of {language:?}"),
            ))
        }
        None => Err(Error::new(
            ErrorKind::BadEscape,
            format!("`{value}` is no value of {language:?}"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::code::{Rust, Toml};

    fn render(source: &str, view: &impl Serialize) -> Result<String, Error> {
        environment(Language::Rust)?.render_str(source, Serde(view))
    }

    #[derive(Serialize)]
    struct View {
        good: Rust,
        other: Toml,
        bare: String,
        flag: bool,
        list: Vec<Rust>,
    }

    fn view() -> View {
        View {
            good: Rust::text("a"),
            other: Toml::text("a"),
            bare: "a".into(),
            flag: true,
            list: vec![Rust::name("x"), Rust::name("y")],
        }
    }

    #[test]
    fn only_values_of_the_language_are_written() {
        assert_eq!(render("{{ good }}", &view()).unwrap(), "\"a\"");
        for bad in [
            "{{ other }}",
            "{{ bare }}",
            "{{ flag }}",
            "{{ list }}",
            "{{ none }}",
            "{{ 1 }}",
            "{{ good ~ 'x' }}",
        ] {
            assert!(render(bad, &view()).is_err(), "{bad}");
        }
    }

    #[test]
    fn blocks_leave_no_empty_lines() {
        let source = "{# view: View #}\nfirst\n{% if flag %}\n  {% for x in list %}\n{{ x }},\n  {% endfor %}\n{% endif %}\nlast\n";
        assert_eq!(render(source, &view()).unwrap(), "first\nx,\ny,\nlast\n");
    }

    /// A template that could write a bare value, or hides which view fills it in, is a mistake.
    #[test]
    fn every_template_parses_and_names_its_view() {
        for path in secapi_templates::paths() {
            let source = secapi_templates::get(path).unwrap();
            environment(Language::Rust)
                .unwrap()
                .template_from_str(source)
                .unwrap();
            assert!(
                !source.contains("|safe") && !source.contains("| safe"),
                "{path}"
            );
            let names_its_view = source.starts_with("{# view: ");
            assert!(
                names_its_view || !source.contains("{{"),
                "{path} names no view"
            );
        }
    }
}
