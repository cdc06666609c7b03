//! Golden diagnostics: each folder under `cases/` is a sentence with a spec and what `secapi check` says of it.
//!
//! `SECAPI_ACCEPT=1` writes what is said now. Read the difference before it is committed.

use std::fs;
use std::path::{Path, PathBuf};

use secapi::commands::{Surroundings, run};
use secapi::exit::Exit;
use serde_json::Value;

/// What a run printed and how it ended.
struct Outcome {
    exit: Exit,
    out: String,
    err: String,
}

fn secapi(arguments: &[&str]) -> Outcome {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let surroundings = Surroundings {
        out: &mut out,
        err: &mut err,
        terminal: false,
        no_color: false,
        listen: None,
        database: None,
        build: None,
    };
    let arguments = std::iter::once("secapi")
        .chain(arguments.iter().copied())
        .map(Into::into);
    let exit = run(arguments, surroundings);
    Outcome {
        exit,
        out: String::from_utf8(out).unwrap(),
        err: String::from_utf8(err).unwrap(),
    }
}

fn cases() -> Vec<PathBuf> {
    let mut cases: Vec<_> = fs::read_dir("cases")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    cases.retain(|case| case.join("secapi.yaml").is_file() && !case.join("expected").exists());
    cases.sort();
    assert!(cases.len() > 30);
    cases
}

fn check(case: &Path, format: &str) -> Outcome {
    secapi(&[
        "check",
        "--project",
        case.to_str().unwrap(),
        "--format",
        format,
    ])
}

#[test]
fn each_mistake_is_answered_as_agreed() {
    let accept = std::env::var_os("SECAPI_ACCEPT").is_some();
    let mut differing = Vec::new();
    for case in cases() {
        let outcome = check(&case, "human");
        let file = case.join("stderr.txt");
        if accept {
            fs::write(&file, &outcome.err).unwrap();
        }
        if fs::read_to_string(&file).unwrap_or_default() != outcome.err {
            differing.push(format!("{}\n{}", case.display(), outcome.err));
        }
        let has_errors = outcome.err.contains("error[");
        assert_eq!(
            outcome.exit,
            if has_errors { Exit::Input } else { Exit::Done },
            "{}",
            case.display()
        );
        assert_eq!(outcome.out, "");
    }
    assert!(
        differing.is_empty(),
        "SECAPI_ACCEPT=1 accepts:\n{}",
        differing.join("\n")
    );
}

#[test]
fn json_points_at_the_same_places() {
    for case in cases() {
        let outcome = check(&case, "json");
        let object: Value = serde_json::from_str(&outcome.out).unwrap();
        assert_eq!(object["ok"], outcome.exit == Exit::Done);
        assert_eq!(outcome.err, "");
        let text = fs::read_to_string(case.join("secapi.yaml")).unwrap();
        for diagnostic in object["diagnostics"].as_array().unwrap() {
            placed(diagnostic, &text);
        }
    }
}

/// Lines and columns are from 1, exist, and the end is not before the beginning.
fn placed(diagnostic: &Value, text: &str) {
    let number = |key: &str| {
        usize::try_from(
            diagnostic[key]
                .as_u64()
                .unwrap_or_else(|| panic!("{diagnostic}")),
        )
        .unwrap()
    };
    let (line, column, end_line, end_column) = (
        number("line"),
        number("column"),
        number("end_line"),
        number("end_column"),
    );
    assert!((line, column) <= (end_line, end_column), "{diagnostic}");
    let length = |line: usize| text.split('\n').nth(line - 1).unwrap().chars().count();
    assert!(column >= 1 && column <= length(line) + 1, "{diagnostic}");
    assert!(
        end_column >= 1 && end_column <= length(end_line) + 1,
        "{diagnostic}"
    );
}

#[test]
fn a_message_is_a_sentence_in_lower_case() {
    for case in cases() {
        let object: Value = serde_json::from_str(&check(&case, "json").out).unwrap();
        for diagnostic in object["diagnostics"].as_array().unwrap() {
            let message = diagnostic["message"].as_str().unwrap();
            assert!(
                !message.ends_with('.') && !message.starts_with(|c: char| c.is_uppercase()),
                "{message}"
            );
            assert!(diagnostic["help"].is_string(), "{diagnostic}");
        }
    }
}

#[test]
fn the_place_of_an_unknown_key_is_exact() {
    let case = Path::new("cases/an-unknown-key-is-near-a-known-one");
    let object: Value = serde_json::from_str(&check(case, "json").out).unwrap();
    let diagnostic = &object["diagnostics"][0];
    assert_eq!(diagnostic["code"], "secapi::spec::unknown_key");
    assert_eq!(diagnostic["severity"], "error");
    assert_eq!(diagnostic["help"], "did you mean `optional`?");
    let place =
        ["line", "column", "end_line", "end_column"].map(|key| diagnostic[key].as_u64().unwrap());
    assert_eq!(place, [6, 29, 6, 36]);
}

#[test]
fn every_code_can_be_explained() {
    for code in secapi::diagnostic::Code::all() {
        let outcome = secapi(&["explain", code.name()]);
        assert_eq!(outcome.exit, Exit::Done);
        assert!(outcome.out.contains(code.explanation()));
    }
    let unknown = secapi(&["explain", "unknwon_key"]);
    assert_eq!(unknown.exit, Exit::Input);
    assert!(unknown.err.contains("did you mean `unknown_key`?"));
}

#[test]
fn arguments_are_the_users_mistake() {
    for wrong in [
        &["chek"][..],
        &["check", "--format", "xml"],
        &["explain"],
        &[],
    ] {
        let outcome = secapi(wrong);
        assert_eq!(outcome.exit, Exit::Input, "{wrong:?}");
        assert!(!outcome.err.is_empty() && outcome.out.is_empty());
    }
    let json = secapi(&["--format", "json", "chek"]);
    let object: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(
        (json.exit, &object["ok"]),
        (Exit::Input, &Value::from(false))
    );
    assert_eq!(secapi(&["--help"]).exit, Exit::Done);
    assert!(secapi(&["--version"]).out.starts_with("secapi "));
}

#[test]
fn what_is_printed_is_data() {
    let schema: Value = serde_json::from_str(&secapi(&["schema"]).out).unwrap();
    assert_eq!(schema["properties"]["secapi"]["type"], "integer");
    for arguments in [
        &["man"][..],
        &["completions", "bash"],
        &["completions", "zsh"],
        &["completions", "fish"],
    ] {
        let outcome = secapi(arguments);
        assert_eq!(outcome.exit, Exit::Done);
        assert!(
            outcome.out.len() > 500 && outcome.err.is_empty(),
            "{arguments:?}"
        );
    }
}

#[test]
fn a_missing_or_impossible_file_is_said_so() {
    let missing = secapi(&["check", "--project", "cases"]);
    assert!(
        missing
            .err
            .starts_with("error[secapi::spec::not_found]: there is no file `cases/secapi.yaml`"),
        "{}",
        missing.err
    );
    let folder = tempfile("large");
    fs::write(folder.join("secapi.yaml"), vec![b'#'; 4 * 1024 * 1024 + 1]).unwrap();
    assert!(
        secapi(&["check", "--project", folder.to_str().unwrap()])
            .err
            .contains("secapi::spec::too_large")
    );
    fs::write(
        folder.join("secapi.yaml"),
        b"secapi: 1\nservice: {name: caf\xe9}\n",
    )
    .unwrap();
    let encoding = secapi(&[
        "check",
        "--format",
        "plain",
        "--project",
        folder.to_str().unwrap(),
    ]);
    assert!(
        encoding
            .err
            .contains("secapi.yaml:2:20: error[secapi::spec::encoding]"),
        "{}",
        encoding.err
    );
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn policies_are_checked_against_the_spec() {
    let folder = tempfile("policies");
    fs::create_dir_all(folder.join("policies")).unwrap();
    let spec =
        "secapi: 1\nservice: {name: shop}\nresources: {item: {fields: {title: {type: string}}}}\n";
    fs::write(folder.join("secapi.yaml"), spec).unwrap();
    let policy = "@id(\"scope\") forbid (principal, action, resource) unless { context.in_scope };\n\
                  @id(\"titles\") permit (principal, action, resource is Shop::Item) when { resource.titel == \"x\" };\n";
    fs::write(folder.join("policies/item.cedar"), policy).unwrap();
    let outcome = secapi(&[
        "check",
        "--format",
        "plain",
        "--project",
        folder.to_str().unwrap(),
    ]);
    assert_eq!(outcome.exit, Exit::Input, "{}", outcome.err);
    assert!(
        outcome.err.contains("policies/item.cedar:2:"),
        "{}",
        outcome.err
    );
    assert!(
        outcome.err.contains("error[secapi::policy::invalid]"),
        "{}",
        outcome.err
    );
    fs::write(
        folder.join("policies/item.cedar"),
        policy.replace("titel", "title"),
    )
    .unwrap();
    let sound = secapi(&[
        "check",
        "--format",
        "plain",
        "--project",
        folder.to_str().unwrap(),
    ]);
    assert_eq!(sound.exit, Exit::Done, "{}", sound.err);
    fs::remove_dir_all(folder).unwrap();
}

fn tempfile(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("secapi-{}-{name}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn colour_is_the_tools_own_and_only_where_it_is_wanted() {
    let case = "cases/hostile-text-does-not-reach-the-terminal";
    let coloured = secapi(&["check", "--project", case, "--color", "always"]).err;
    assert!(coloured.contains("\u{1b}[1;31m"));
    let own = [
        "\u{1b}[1;31m",
        "\u{1b}[1;33m",
        "\u{1b}[1;34m",
        "\u{1b}[1;36m",
        "\u{1b}[1m",
        "\u{1b}[0m",
    ];
    let rest = own
        .iter()
        .fold(coloured, |text, code| text.replace(code, ""));
    assert!(
        !rest.contains('\u{1b}') && !rest.contains('\u{7}'),
        "{rest:?}"
    );
    assert!(!secapi(&["check", "--project", case]).err.contains('\u{1b}'));
    let json = secapi(&["check", "--project", case, "--format", "json"]).out;
    assert!(
        !json
            .chars()
            .any(|c| (c.is_control() && c != '\n') || c == '\u{202e}')
    );
}

#[test]
fn the_doctor_says_what_it_found() {
    let object: Value = serde_json::from_str(&secapi(&["doctor", "--format", "json"]).out).unwrap();
    let names: Vec<_> = object["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|check| check["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "rustc",
            "cargo",
            "c compiler",
            "database",
            "port",
            "solver",
            "git"
        ]
    );
}
