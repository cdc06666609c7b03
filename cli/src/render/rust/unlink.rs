//! What empties the references to a row before it is deleted.
//!
//! The database would empty them as well, by `ON DELETE SET NULL`, and the version of the rows that hold them would stay:
//! clients would take their old entity tags for current. So it is done before, and counted as a change. Rows that a
//! cascade takes along may be pointed to as well.

use std::collections::HashMap;

use crate::model::{OnDelete, Referrer, Resource, Service};
use crate::render::sql::quote;

/// The table of what is deleted. No resource can have a name that begins like it.
const GONE: &str = "\"secapi_gone\"";

/// The statements, each with the row's id as `?1` and the time as `?2`.
pub(super) fn statements(service: &Service, resource: &Resource) -> Vec<String> {
    let sweep = Sweep::of(service, resource);
    let empties = sweep.empties.iter();
    empties
        .map(|(kind, referrer)| statement(*kind, referrer, &sweep.takes))
        .collect()
}

/// What goes with a row: kinds of rows by number, 0 being the row itself.
#[derive(Default)]
struct Sweep<'a> {
    /// Rows of the first kind take with them what refers to them so; those are of the second kind.
    takes: Vec<(usize, &'a Referrer, usize)>,
    /// References to rows of a kind that are emptied.
    empties: Vec<(usize, &'a Referrer)>,
}

impl<'a> Sweep<'a> {
    fn of(service: &'a Service, resource: &'a Resource) -> Self {
        let mut out = Self::default();
        let mut kinds: HashMap<&str, usize> = HashMap::from([(resource.name.as_str(), 0)]);
        let mut open = vec![(0, resource)];
        while let Some((kind, resource)) = open.pop() {
            for referrer in &resource.referrers {
                match referrer.on_delete {
                    OnDelete::Restrict => {}
                    OnDelete::SetNull => out.empties.push((kind, referrer)),
                    OnDelete::Cascade => {
                        let next = kinds.len();
                        let taken = *kinds.entry(&referrer.resource).or_insert(next);
                        out.takes.push((kind, referrer, taken));
                        let found = service.resource(&referrer.resource);
                        open.extend(found.filter(|_| taken == next).map(|found| (next, found)));
                    }
                }
            }
        }
        out
    }
}

/// The row itself is left out: its own version has to stay until it is deleted.
fn statement(kind: usize, referrer: &Referrer, takes: &[(usize, &Referrer, usize)]) -> String {
    let (table, column) = (quote(&referrer.table), quote(&referrer.column));
    let change = format!(
        "UPDATE {table} SET {column} = NULL, \"version\" = \"version\" + 1, \"updated_at\" = ?2"
    );
    if takes.is_empty() {
        return format!("{change} WHERE {column} = ?1 AND \"id\" <> ?1");
    }
    let steps: Vec<String> = takes
        .iter()
        .map(|(from, referrer, to)| {
            let (table, column) = (quote(&referrer.table), quote(&referrer.column));
            format!(
                " UNION SELECT {to}, {table}.\"id\" FROM {GONE} JOIN {table} ON {table}.{column} = {GONE}.\"id\" WHERE {GONE}.\"kind\" = {from}"
            )
        })
        .collect();
    format!(
        "WITH RECURSIVE {GONE} (\"kind\", \"id\") AS (SELECT 0, ?1{}) {change} WHERE {column} IN (SELECT \"id\" FROM {GONE} WHERE \"kind\" = {kind}) AND \"id\" <> ?1",
        steps.concat()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Sources;

    fn service(resources: &str) -> Service {
        let text = format!("secapi: 1\nservice: {{name: shop}}\nresources:\n{resources}");
        let id = Sources::new().add("secapi.yaml", text.as_str());
        crate::model::compile(&text, id).0.unwrap()
    }

    #[test]
    fn what_is_taken_along_is_found_by_the_same_statement() {
        let service = service(
            "  a: {}\n  b: {fields: {a: {type: ref, to: a, on_delete: cascade}}}\n  \
             c: {fields: {b: {type: ref, to: b, on_delete: cascade}, up: {type: ref, to: c, optional: true, on_delete: cascade}}}\n  \
             d: {fields: {c: {type: ref, to: c, optional: true, on_delete: set_null}, a: {type: ref, to: a}}}\n",
        );
        let of = |name: &str| statements(&service, service.resource(name).unwrap());
        assert_eq!(
            of("a"),
            [concat!(
                r#"WITH RECURSIVE "secapi_gone" ("kind", "id") AS (SELECT 0, ?1"#,
                r#" UNION SELECT 1, "bs"."id" FROM "secapi_gone" JOIN "bs" ON "bs"."a" = "secapi_gone"."id" WHERE "secapi_gone"."kind" = 0"#,
                r#" UNION SELECT 2, "cs"."id" FROM "secapi_gone" JOIN "cs" ON "cs"."b" = "secapi_gone"."id" WHERE "secapi_gone"."kind" = 1"#,
                r#" UNION SELECT 2, "cs"."id" FROM "secapi_gone" JOIN "cs" ON "cs"."up" = "secapi_gone"."id" WHERE "secapi_gone"."kind" = 2)"#,
                r#" UPDATE "ds" SET "c" = NULL, "version" = "version" + 1, "updated_at" = ?2"#,
                r#" WHERE "c" IN (SELECT "id" FROM "secapi_gone" WHERE "kind" = 2) AND "id" <> ?1"#,
            )]
        );
        assert_eq!(of("d"), [""; 0]);
    }

    #[test]
    fn what_goes_alone_needs_no_search() {
        let service = service(
            "  a: {fields: {up: {type: ref, to: a, optional: true, on_delete: set_null}}}\n",
        );
        assert_eq!(
            statements(&service, service.resource("a").unwrap()),
            [
                r#"UPDATE "as" SET "up" = NULL, "version" = "version" + 1, "updated_at" = ?2 WHERE "up" = ?1 AND "id" <> ?1"#
            ]
        );
    }
}
