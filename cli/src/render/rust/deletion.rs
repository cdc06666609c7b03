//! What a deletion that can be undone asks and does beside its own row, and what its undoing does.

use super::sweep::{self, GONE, Sweep, Way, gone};
use crate::model::{OnDelete, Resource, Service, SoftDelete};
use crate::render::sql::quote;

/// What a service asks of the row `?1` before it goes: each statement finds a row that holds it back.
pub(super) fn held(service: &Service, resource: &Resource, way: Way) -> Vec<String> {
    let sweep = Sweep::of(service, resource, way);
    let held = sweep.holds.iter().map(|(kind, referrer, only_live)| {
        let (table, column) = (quote(&referrer.table), quote(&referrer.column));
        let mark = quote(SoftDelete::COLUMN);
        let live = if *only_live {
            format!(" AND {mark} IS NULL")
        } else {
            String::new()
        };
        // What goes as well holds nothing.
        let goes = sweep.kind(&referrer.table);
        let stays = goes.map_or(String::new(), |kind| {
            format!(" AND \"id\" NOT IN {}", gone(kind))
        });
        format!(
            "{} SELECT 1 FROM {table} WHERE {column} IN {}{live}{stays} LIMIT 1",
            sweep.table(sweep::live),
            gone(*kind)
        )
    });
    held.collect()
}

/// What marks the rows that go with the marked row `?1`, at the time `?2`.
pub(super) fn marks(service: &Service, resource: &Resource) -> Vec<String> {
    if resource.soft_delete.is_none() {
        return Vec::new();
    }
    let sweep = Sweep::of(service, resource, Way::Marked);
    // One statement after another, so what is marked already has to be found again.
    let with =
        sweep.table(|table| format!("({} OR {} = ?2)", sweep::live(table), sweep::mark(table)));
    let mark = quote(SoftDelete::COLUMN);
    let marks = sweep.along().map(|(kind, of)| {
        format!(
            "{with} UPDATE {} SET {mark} = ?2 WHERE \"id\" IN {} AND {mark} IS NULL AND \"id\" <> ?1",
            quote(&of.table),
            gone(kind)
        )
    });
    marks.collect()
}

/// What comes back with a row: what went with it, in the same moment.
pub(super) struct Return {
    /// Each finds something that would come back and refer to what does not, of the row `?1` that was deleted at `?2`.
    pub(super) lost: Vec<String>,
    /// What brings the others back, of the row `?1` that was deleted at `?2`, at the time `?3`.
    pub(super) others: Vec<String>,
}

impl Return {
    pub(super) fn of(service: &Service, resource: &Resource) -> Self {
        let sweep = Sweep::of(service, resource, Way::Marked);
        Self {
            lost: lost(service, &sweep),
            others: others(&sweep),
        }
    }
}

fn lost(service: &Service, sweep: &Sweep<'_>) -> Vec<String> {
    let with = sweep.table(|table| format!("{} = ?2", sweep::mark(table)));
    let mark = quote(SoftDelete::COLUMN);
    let mut out = Vec::new();
    for (kind, resource) in sweep.kinds.iter().enumerate() {
        let kept = |on_delete| on_delete != OnDelete::SetNull;
        let kept = resource
            .references()
            .filter(|(_, reference)| kept(reference.on_delete));
        for (field, reference) in kept {
            let target = service.resource(&reference.to);
            if target.is_none_or(|target| target.soft_delete.is_none()) {
                continue;
            }
            let stays = sweep.kind(&reference.table).map_or(String::new(), |kind| {
                format!(" AND \"referred\".\"id\" NOT IN {}", gone(kind))
            });
            out.push(format!(
                "{with} SELECT 1 FROM {GONE} JOIN {} AS \"referring\" ON \"referring\".\"id\" = {GONE}.\"id\" JOIN {} AS \"referred\" ON \"referred\".\"id\" = \"referring\".{} WHERE {GONE}.\"kind\" = {kind} AND \"referred\".{mark} IS NOT NULL{stays} LIMIT 1",
                quote(&resource.table),
                quote(&reference.table),
                quote(&field.column)
            ));
        }
    }
    out
}

fn others(sweep: &Sweep<'_>) -> Vec<String> {
    let mark = quote(SoftDelete::COLUMN);
    // What is back already has to be found again.
    let with = sweep.table(|table| {
        let (mark, live) = (sweep::mark(table), sweep::live(table));
        format!("({mark} = ?2 OR {live} AND {table}.\"updated_at\" = ?3)")
    });
    let others = sweep.along().map(|(kind, of)| {
        format!(
            "{with} UPDATE {} SET {mark} = NULL, \"version\" = \"version\" + 1, \"updated_at\" = ?3 WHERE \"id\" IN {} AND {mark} = ?2 AND \"id\" <> ?1",
            quote(&of.table),
            gone(kind)
        )
    });
    others.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Sources;

    const GONE_ALONE: &str = r#"WITH RECURSIVE "secapi_gone" ("kind", "id") AS (SELECT 0, ?1)"#;

    fn service(resources: &str) -> Service {
        let text = format!("secapi: 1\nservice: {{name: shop}}\nresources:\n{resources}");
        let id = Sources::new().add("secapi.yaml", text.as_str());
        crate::model::compile(&text, id).0.unwrap()
    }

    #[test]
    fn rows_without_marks_leave_it_to_the_database() {
        let service = service(
            "  a: {}\n  b: {fields: {a: {type: ref, to: a}, b: {type: ref, to: a, on_delete: cascade}}}\n",
        );
        let a = service.resource("a").unwrap();
        assert_eq!(held(&service, a, Way::of(a)), [""; 0]);
        assert_eq!(marks(&service, a), [""; 0]);
    }

    #[test]
    fn live_rows_hold_what_is_to_be_marked_and_what_goes_along_holds_nothing() {
        let service = service(
            "  a: {soft_delete: {}}\n  b: {soft_delete: {}, fields: {a: {type: ref, to: a}}}\n  c: {fields: {a: {type: ref, to: a}}}\n  \
             d: {soft_delete: {}, fields: {a: {type: ref, to: a, on_delete: cascade}, other: {type: ref, to: a, optional: true}}}\n",
        );
        let a = service.resource("a").unwrap();
        let with = r#"WITH RECURSIVE "secapi_gone" ("kind", "id") AS (SELECT 0, ?1 UNION SELECT 1, "ds"."id" FROM "secapi_gone" JOIN "ds" ON "ds"."a" = "secapi_gone"."id" WHERE "secapi_gone"."kind" = 0 AND "ds"."deleted_at" IS NULL)"#;
        let rows = r#"(SELECT "id" FROM "secapi_gone" WHERE "kind" = 0)"#;
        let along = r#"(SELECT "id" FROM "secapi_gone" WHERE "kind" = 1)"#;
        assert_eq!(
            held(&service, a, Way::Marked),
            [
                format!(
                    r#"{with} SELECT 1 FROM "bs" WHERE "a" IN {rows} AND "deleted_at" IS NULL LIMIT 1"#
                ),
                format!(r#"{with} SELECT 1 FROM "cs" WHERE "a" IN {rows} LIMIT 1"#),
                format!(
                    r#"{with} SELECT 1 FROM "ds" WHERE "other" IN {rows} AND "deleted_at" IS NULL AND "id" NOT IN {along} LIMIT 1"#
                ),
            ]
        );
        assert_eq!(marks(&service, a).len(), 1);
        let back = Return::of(&service, a);
        // What `other` refers to may be deleted by itself; what `a` refers to comes back.
        assert_eq!((back.lost.len(), back.others.len()), (2, 1));
    }

    #[test]
    fn what_is_removed_takes_the_marked_rows_that_refer_to_it() {
        let service = service(
            "  a: {}\n  b: {soft_delete: {}, fields: {a: {type: ref, to: a}}}\n  c: {soft_delete: {}, fields: {b: {type: ref, to: b}}}\n",
        );
        let a = service.resource("a").unwrap();
        let held = held(&service, a, Way::of(a));
        assert_eq!(held.len(), 2);
        assert!(
            held[0].contains(r#""bs"."deleted_at" IS NOT NULL"#),
            "{}",
            held[0]
        );
        assert!(
            held[1].ends_with(
                r#"SELECT 1 FROM "cs" WHERE "b" IN (SELECT "id" FROM "secapi_gone" WHERE "kind" = 1) AND "deleted_at" IS NULL AND "id" NOT IN (SELECT "id" FROM "secapi_gone" WHERE "kind" = 2) LIMIT 1"#
            ),
            "{}",
            held[1]
        );
        let c = service.resource("c").unwrap();
        let back = Return::of(&service, c);
        assert_eq!(back.others, [""; 0]);
        assert!(back.lost[0].starts_with(GONE_ALONE), "{}", back.lost[0]);
    }
}
