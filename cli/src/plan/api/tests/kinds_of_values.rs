//! What a field takes, and what it shows, both ways: what loosens breaks nobody, though the document reads differently.

use super::*;

const TIGHTER: &[(&str, bool)] = &[("limit_tightened", true)];
const LOOSER: &[(&str, bool)] = &[("limit_loosened", false)];

#[test]
fn a_rule_that_goes_breaks_nobody() {
    for (tight, loose) in [
        (
            "{type: string, max: 80, pattern: '[a-z]+'}",
            "{type: string, max: 80}",
        ),
        (
            "{type: text, max: 80, pattern: '[a-z]+'}",
            "{type: text, max: 80}",
        ),
        (
            "{type: url, pattern: 'https://a[.]example/.*'}",
            "{type: url}",
        ),
        ("{type: phone, pattern: '[+]49.*'}", "{type: phone}"),
        ("{type: email, pattern: '.*@a[.]example'}", "{type: email}"),
        // These two say nothing to a reader of the document.
        (r"{type: string, pattern: '\d{4}'}", "{type: string}"),
        ("{type: string, format: person_name}", "{type: string}"),
        ("{type: decimal, scale: 2}", "{type: decimal, scale: 3}"),
        ("{type: decimal, scale: 0}", "{type: decimal, scale: 4}"),
        (
            "{type: decimal, scale: 2, min: 1}",
            "{type: decimal, scale: 3, min: 1}",
        ),
        (
            "{type: decimal, scale: 2, min: 1}",
            "{type: decimal, scale: 2, min: 0}",
        ),
        ("{type: integer, max: 9}", "{type: integer}"),
        (
            "{type: integer, wide: true, max: 9}",
            "{type: integer, wide: true}",
        ),
        ("{type: number, min: 0}", "{type: number}"),
        ("{type: date, min: '2026-01-01'}", "{type: date}"),
        ("{type: time, max: '12:00:00'}", "{type: time}"),
        (
            "{type: datetime, min: '2026-01-01T00:00:00Z'}",
            "{type: datetime}",
        ),
        ("{type: duration, max: PT1H}", "{type: duration}"),
        ("{type: bytes, max: 300}", "{type: bytes, max: 900}"),
        (
            "{type: json, max_bytes: 1KiB}",
            "{type: json, max_bytes: 2KiB}",
        ),
        (
            "{type: list, of: {type: integer}, max_items: 3}",
            "{type: list, of: {type: integer}, max_items: 4}",
        ),
        (
            "{type: list, of: {type: string, max: 3}}",
            "{type: list, of: {type: string, max: 4}}",
        ),
        (
            "{type: list, of: {type: string, pattern: '[a-z]+'}}",
            "{type: list, of: {type: string}}",
        ),
        (
            "{type: list, of: {type: decimal, scale: 1}}",
            "{type: list, of: {type: decimal, scale: 2}}",
        ),
        (
            "{type: list, of: {type: date, min: '2026-01-01'}}",
            "{type: list, of: {type: date}}",
        ),
        ("{type: string, max: 9}", "{type: text, max: 9}"),
        (
            "{type: string, pattern: '[a-z]+'}",
            "{type: text, max: 10000}",
        ),
        (
            "{type: string, min: 1, trim: true}",
            "{type: string, min: 1}",
        ),
    ] {
        let field = |kind: &str| item(&format!("      a: {kind}\n"));
        let (old, new) = (field(tight), field(loose));
        for (from, to, expected) in [(&old, &new, LOOSER), (&new, &old, TIGHTER)] {
            let changes = told(from, to);
            for (kind, breaking) in expected {
                let found = |it: &&(&str, String, bool)| it.0 == *kind && it.2 == *breaking;
                assert!(
                    changes.iter().any(|it| found(&it)),
                    "{tight}, {loose}: {changes:#?}"
                );
            }
            let breaks = expected == TIGHTER;
            assert!(
                changes.iter().all(|(kind, _, breaking)| !*breaking || (breaks && *kind == "limit_tightened")),
                "{tight}, {loose}: {changes:#?}"
            );
        }
    }
}

#[test]
fn one_pattern_for_another_may_refuse_what_was_taken() {
    for (one, other) in [("[a-z]+", "[a-z0-9]+"), (r"\d+", r"\d{4}")] {
        let field = |pattern: &str| format!("{{type: string, pattern: '{pattern}'}}");
        both_ways(&field(one), &field(other), TIGHTER, TIGHTER);
    }
}

#[test]
fn white_space_at_the_ends() {
    // What was nothing else had a length.
    both_ways(
        "{type: string, min: 1}",
        "{type: string, min: 1, trim: true}",
        TIGHTER,
        LOOSER,
    );
    both_ways(
        "{type: string}",
        "{type: string, trim: true}",
        LOOSER,
        LOOSER,
    );
    let name = |trim: bool| format!("{{type: string, pattern: '[a-z]+', trim: {trim}}}");
    both_ways(&name(false), &name(true), LOOSER, TIGHTER);
}

#[test]
fn a_wider_type_breaks_those_who_read_it() {
    const CHANGED: &[(&str, bool)] = &[("type_changed", true)];
    for (narrow, wide) in [
        ("{type: integer}", "{type: number}"),
        ("{type: email}", "{type: string, max: 254}"),
        ("{type: phone}", "{type: string, max: 16}"),
        ("{type: decimal}", "{type: string, max: 30}"),
        ("{type: time}", "{type: string, max: 30}"),
        ("{type: ip}", "{type: string, max: 45}"),
        ("{type: boolean}", "{type: json}"),
        ("{type: bytes, max: 9}", "{type: json}"),
    ] {
        let read_only = |kind: &str| {
            item(&format!(
                "      a: {}\n",
                kind.replace('}', ", optional: true, read_only: true}")
            ))
        };
        let write_only = |kind: &str| {
            item(&format!(
                "      a: {}\n",
                kind.replace('}', ", optional: true, write_only: true}")
            ))
        };
        let breaking = |old: &Service, new: &Service| -> Vec<&str> {
            let changes = told(old, new).into_iter();
            let fields = changes.filter(|(_, path, breaks)| *breaks && path.contains("#a"));
            fields.map(|(kind, _, _)| kind).collect()
        };
        let changed = ["type_changed"];
        // Who reads it meets what it never was; who writes it sends what is taken.
        assert_eq!(
            breaking(&read_only(narrow), &read_only(wide)),
            changed,
            "{narrow}"
        );
        assert!(
            breaking(&read_only(wide), &read_only(narrow)).is_empty(),
            "{narrow}"
        );
        assert!(
            breaking(&write_only(narrow), &write_only(wide)).is_empty(),
            "{narrow}"
        );
        assert_eq!(
            breaking(&write_only(wide), &write_only(narrow)),
            changed,
            "{narrow}"
        );
        let widened = told(&write_only(narrow), &write_only(wide));
        assert!(
            widened.iter().any(|(_, path, _)| path.contains("#a")),
            "{narrow}: {widened:?}"
        );
    }
    for (one, other) in [
        ("{type: integer}", "{type: decimal}"),
        ("{type: integer}", "{type: integer, wide: true}"),
        ("{type: date}", "{type: datetime}"),
        ("{type: phone}", "{type: email}"),
        ("{type: uuid}", "{type: phone}"),
        ("{type: time}", "{type: decimal}"),
    ] {
        for (old, new) in [(one, other), (other, one)] {
            let changes = told(
                &item(&format!("      a: {old}\n")),
                &item(&format!("      a: {new}\n")),
            );
            assert!(
                changes.contains(&(CHANGED[0].0, "/api/v1/items#a".to_owned(), true)),
                "{old}, {new}: {changes:?}"
            );
        }
    }
}

#[test]
fn values_that_were_listed() {
    const ENUM: &str = "{type: enum, values: [x, yy]}";
    both_ways(
        ENUM,
        "{type: string, max: 9}",
        &[("type_changed", true)],
        &[("limit_tightened", true), ("parameter_removed", true)],
    );
    let tight = told(
        &item(&format!("      a: {ENUM}\n")),
        &item("      a: {type: string, max: 1}\n"),
    );
    assert!(
        tight
            .iter()
            .any(|(kind, _, breaks)| *kind == "limit_tightened" && *breaks),
        "{tight:?}"
    );
    let list = |values: &str| format!("{{type: list, of: {{type: enum, values: {values}}}}}");
    both_ways(
        &list("[x, y]"),
        &list("[x]"),
        &[("value_removed", true)],
        &[("value_added", false)],
    );
}

#[test]
fn the_fields_of_an_action_are_compared_as_those_of_a_row() {
    let input = |kind: &str| acting(&format!("input: {{a: {kind}}}"));
    for (tight, loose) in [
        ("{type: string, pattern: '[a-z]+'}", "{type: string}"),
        (r"{type: string, pattern: '\d'}", "{type: string}"),
        ("{type: decimal, scale: 1}", "{type: decimal, scale: 2}"),
        ("{type: date, min: '2026-01-01'}", "{type: date}"),
    ] {
        let (tight, loose) = (input(tight), input(loose));
        let place = "/api/v1/items/{id}/go#a".to_owned();
        assert_eq!(
            told(&tight, &loose),
            [("limit_loosened", place.clone(), false)]
        );
        assert_eq!(told(&loose, &tight), [("limit_tightened", place, true)]);
    }
}

#[test]
fn an_id_that_has_to_name_a_row() {
    both_ways(
        "{type: uuid}",
        "{type: ref, to: user}",
        &[("limit_tightened", true), ("sort_removed", true)],
        &[
            ("limit_loosened", false),
            ("parameter_removed", true),
            ("field_removed", true),
        ],
    );
}

#[test]
fn a_length_that_the_old_type_had_by_itself_is_no_limit_that_was_loosened() {
    let loose = told(
        &item("      a: {type: decimal}\n"),
        &item("      a: {type: string, max: 40}\n"),
    );
    let limits = |it: &&(&str, String, bool)| it.0.starts_with("limit");
    assert_eq!(loose.iter().filter(limits).count(), 0, "{loose:?}");
    let tight = told(
        &item("      a: {type: decimal, optional: true, write_only: true}\n"),
        &item("      a: {type: string, max: 4, optional: true, write_only: true}\n"),
    );
    let place = "/api/v1/items#a".to_owned();
    assert!(
        tight.contains(&("limit_tightened", place, true)),
        "{tight:?}"
    );
}

#[test]
fn null_among_listed_values_is_told_as_null() {
    both_ways(
        "{type: enum, values: [x, y], optional: true}",
        "{type: enum, values: [x, y]}",
        &[("field_required", true), ("null_refused", true)],
        &[("field_optional", false), ("null_possible", true)],
    );
}
