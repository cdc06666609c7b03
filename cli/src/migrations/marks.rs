//! Rows that are marked as deleted. Where the mark is given up they go with it: without it they would be live again.

use super::difference::TableChange;
use super::tables::{Column, Table};
use crate::model::SoftDelete;
use crate::render::sql::quote;

/// Whether the column is the service's own mark. A field of the same name has a kind; what the service keeps has none.
fn is_mark(column: &Column) -> bool {
    column.name == SoftDelete::COLUMN && column.kind.is_none()
}

fn is_marked(table: &Table) -> bool {
    table.columns.iter().any(is_mark)
}

/// Whether the change gives up the mark of its table.
pub(super) fn given_up(change: &TableChange) -> bool {
    is_marked(&change.before) && !is_marked(&change.after)
}

/// The statement that takes the marked rows along, in either dialect. It runs while the table has its earlier name.
pub(super) fn purge(change: &TableChange) -> Option<String> {
    let (table, mark) = (quote(&change.before.name), quote(SoftDelete::COLUMN));
    given_up(change).then(|| format!("DELETE FROM {table} WHERE {mark} IS NOT NULL;\n"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::migrations::{Migration, Past, Replay, Snapshot, difference};
    use crate::model::{FieldKind, Presence, Range, Service};
    use crate::render::fixture;

    fn service(marked: bool) -> Service {
        let mut service = fixture::user_management();
        let mut resource = fixture::resource("note", "notes", Vec::new());
        resource.soft_delete = marked.then_some(crate::model::SoftDelete {
            purge_after: Duration::from_secs(86_400),
            limit: None,
        });
        service.resources.push(resource);
        service
    }

    fn between(old: &Service, new: &Service) -> Migration {
        let (old, new) = (Snapshot::of(old), Snapshot::of(new));
        let steps = difference(&old, &new, &Past::default()).unwrap();
        Migration::new(2, &steps, Some("earlier"))
    }

    const PURGE: &str = "DELETE FROM \"notes\" WHERE \"deleted_at\" IS NOT NULL;\n";

    #[test]
    fn marked_rows_go_with_the_mark() {
        let mut field = service(false);
        let moment = FieldKind::Datetime(Range {
            min: None,
            max: None,
        });
        let own = fixture::field("note", "deleted_at", moment, Presence::Optional);
        field.resources[1].fields.push(own);
        for without in [service(false), field] {
            let migration = between(&service(true), &without);
            for text in [&migration.sqlite, &migration.postgres] {
                let purge = text.find(PURGE).unwrap_or_else(|| panic!("{text}"));
                assert!(
                    text.find("ALTER").is_none_or(|altered| purge < altered),
                    "{text}"
                );
            }
            let first = difference(
                &Snapshot::default(),
                &Snapshot::of(&service(true)),
                &Past::default(),
            );
            let first = Migration::new(1, &first.unwrap(), None);
            let mut replay = Replay::new().unwrap();
            replay.apply("first", &first.sqlite).unwrap();
            replay.apply("second", &migration.sqlite).unwrap();
        }
        // The control: what comes to have a mark keeps its rows.
        let migration = between(&service(false), &service(true));
        assert!(!migration.sqlite.contains("DELETE"), "{}", migration.sqlite);
    }
}
