//! What empties the references to a row before it is deleted.
//!
//! The database would empty them as well, by `ON DELETE SET NULL`, and the version of the rows that hold them would stay:
//! clients would take their old entity tags for current. So it is done before, and counted as a change. Rows that a
//! cascade takes along may be pointed to as well.

use super::sweep::{Sweep, Way, gone, live};
use crate::model::{Referrer, Resource, Service};
use crate::render::sql::quote;

/// The statements, each with the row's id as `?1` and the time as `?2`.
pub(super) fn statements(service: &Service, resource: &Resource) -> Vec<String> {
    let sweep = Sweep::of(service, resource, Way::of(resource));
    let empties = sweep.empties.iter();
    empties
        .map(|(kind, referrer)| statement(*kind, referrer, &sweep))
        .collect()
}

/// The row itself is left out: its own version has to stay until it is deleted.
fn statement(kind: usize, referrer: &Referrer, sweep: &Sweep<'_>) -> String {
    let (table, column) = (quote(&referrer.table), quote(&referrer.column));
    let change = format!(
        "UPDATE {table} SET {column} = NULL, \"version\" = \"version\" + 1, \"updated_at\" = ?2"
    );
    if sweep.is_alone() {
        return format!("{change} WHERE {column} = ?1 AND \"id\" <> ?1");
    }
    let with = sweep.table(live);
    let gone = gone(kind);
    format!("{with} {change} WHERE {column} IN {gone} AND \"id\" <> ?1")
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
