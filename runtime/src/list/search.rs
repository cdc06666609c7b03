//! `q=`: rows in which every word is somewhere in one of the searched fields.

use regex::escape;

use super::filter::{LONGEST_SEARCH, Refused};
use super::visible::Visible;
use super::{Column, Listing};
use crate::store::SqlBuilder;
use crate::value::SqlValue;

/// How many words a search takes: each is looked for in every searched field of every row.
const MOST_WORDS: usize = 10;

/// A search: every one of the words has to be in some of the columns.
#[derive(Clone, Debug)]
pub(super) struct Search {
    columns: Vec<&'static Column>,
    words: Vec<SqlValue>,
    /// As it was asked, for the cursor.
    pub(super) text: String,
}

impl Search {
    /// The columns that a search looks into for this caller. Where there are none, a list has no search.
    pub(super) fn columns(
        listing: &'static Listing,
        readable_guarded: &dyn Fn(&str) -> bool,
    ) -> Vec<&'static Column> {
        let searched = listing.columns.iter();
        let searched = searched.filter(|column| column.searched && !column.hidden);
        searched
            .filter(|column| !column.guarded || readable_guarded(column.name))
            .collect()
    }

    /// Reads what is searched for: words with white space between them, each taken for what it is and in any case.
    /// No word at all is no condition, as an empty `contains` is none.
    pub(super) fn read(columns: Vec<&'static Column>, text: &str) -> Result<Self, Refused> {
        let refused = |code, detail| Err(Refused { code, detail });
        if text.chars().count() > LONGEST_SEARCH {
            let detail = format!("must be at most {LONGEST_SEARCH} characters long");
            return refused("max_length", detail);
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        if words.len() > MOST_WORDS {
            return refused("max_items", format!("must have at most {MOST_WORDS} words"));
        }
        let pattern = |word: &str| SqlValue::Text(format!("(?i){}", escape(word)));
        Ok(Self {
            columns,
            words: words.into_iter().map(pattern).collect(),
            text: text.to_owned(),
        })
    }

    /// `AND (a REGEXP ? OR b REGEXP ?)` for each word.
    pub(super) fn push(&self, sql: &mut SqlBuilder, visible: &Visible) {
        for word in &self.words {
            push_any(sql.push(" AND "), visible, word, &self.columns);
        }
    }
}

/// That a word is in any of the columns. One `OR` behind the other would be as deep as there are columns, which may be more
/// than SQLite takes (1,000): so halves, and halves of those.
fn push_any(sql: &mut SqlBuilder, visible: &Visible, word: &SqlValue, columns: &[&'static Column]) {
    match columns {
        [] => {
            sql.push("FALSE");
        }
        [column] => {
            let column = visible.push_column(sql, column);
            column.push(" REGEXP ").bind(word.clone());
        }
        _ => {
            let (some, others) = columns.split_at(columns.len() / 2);
            push_any(sql.push("("), visible, word, some);
            push_any(sql.push(" OR "), visible, word, others);
            sql.push(")");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{CursorKey, Kind, ListQuery, Position};
    use super::*;
    use crate::store::{Db, Sql};
    use crate::value::{Id, Timestamp};
    use crate::{Code, Error};

    static LISTING: Listing = Listing {
        select: r#"SELECT "id", "title", "body", "note" FROM "papers""#,
        columns: &[
            Column::new("id", r#""id""#, Kind::Uuid),
            Column::new("title", r#""title""#, Kind::Text).searched(),
            Column::new("body", r#""body""#, Kind::Text)
                .nullable()
                .searched(),
            Column::new("note", r#""note""#, Kind::Text)
                .guarded()
                .searched(),
        ],
        references: || &[],
    };

    static UNSEARCHED: Listing = Listing {
        select: "",
        columns: &[Column::new("id", r#""id""#, Kind::Uuid)],
        references: || &[],
    };

    static GUARDED: Listing = Listing {
        select: "",
        columns: &[
            Column::new("id", r#""id""#, Kind::Uuid),
            Column::new("note", r#""note""#, Kind::Text)
                .guarded()
                .searched(),
        ],
        references: || &[],
    };

    const PAPERS: [(&str, Option<&str>, &str); 6] = [
        ("Alpha beta", Some("gamma"), "secret"),
        ("ALPHA", None, "other"),
        ("100%", Some(r"a_b \ c"), "x"),
        ("beta", Some("Straße Δέλτα"), "x"),
        ("a.c", Some("abc"), "x"),
        ("", Some(""), "alpha"),
    ];

    fn now() -> Timestamp {
        Timestamp::from_millis(1_800_000_000_000)
    }

    fn key() -> CursorKey {
        CursorKey::new(&[7; 32])
    }

    fn encoded(text: &str) -> String {
        text.bytes().map(|byte| format!("%{byte:02X}")).collect()
    }

    fn ask(listing: &'static Listing, query: &str, guarded: bool) -> Result<ListQuery, Error> {
        ListQuery::parse(listing, query, &|_| guarded, &key(), b"ann", now())
    }

    fn codes(listing: &'static Listing, query: &str) -> Vec<&'static str> {
        let error = ask(listing, query, false).unwrap_err();
        assert_eq!(error.code(), Code::MalformedParameter);
        error.violations().iter().map(|it| it.code).collect()
    }

    #[test]
    fn a_list_without_anything_to_search_has_no_such_parameter() {
        assert_eq!(codes(&UNSEARCHED, "q=a"), ["unknown_parameter"]);
        assert_eq!(codes(&GUARDED, "q=a"), ["unknown_parameter"]);
        assert!(ask(&GUARDED, "q=a", true).is_ok());
        assert!(ask(&LISTING, "q=a", false).is_ok());
    }

    #[test]
    fn searches_are_bounded() {
        for right in [
            "q=",
            "q=+",
            &format!("q={}", "a".repeat(200)),
            &format!("q={}", ["a"; 10].join("+")),
        ] {
            assert!(ask(&LISTING, right, false).is_ok(), "{right}");
        }
        assert_eq!(
            codes(&LISTING, &format!("q={}", "a".repeat(201))),
            ["max_length"]
        );
        assert_eq!(
            codes(&LISTING, &format!("q={}", ["a"; 11].join("+"))),
            ["max_items"]
        );
        assert_eq!(codes(&LISTING, "q=a&q=b"), ["repeated"]);
        assert_eq!(codes(&LISTING, "q=%00"), ["encoding"]);
        assert_eq!(codes(&LISTING, "sort=q&q[eq]=a").len(), 2);
    }

    #[test]
    fn a_cursor_belongs_to_its_search() {
        let query = ask(&LISTING, "q=alpha+beta", false).unwrap();
        let place = Position(vec![SqlValue::from(Id::new())]);
        let cursor = query.seal(&place, &key(), now()).unwrap();
        let accepts =
            |query: &str| ask(&LISTING, &format!("{query}cursor={cursor}"), false).is_ok();
        assert!(accepts("q=alpha+beta&"));
        for other in ["", "q=&", "q=alpha&", "q=beta+alpha&", "title=alpha+beta&"] {
            assert!(!accepts(other), "{other}");
        }
    }

    async fn found(db: &Db, text: &str, guarded: bool) -> Vec<usize> {
        let query = ask(&LISTING, &format!("q={}", encoded(text)), guarded).unwrap();
        let mut transaction = db.read().await.unwrap();
        let rows = transaction.page(&query, None, 100).await.unwrap();
        let titles = rows.iter().map(|row| row.get::<String>(1).unwrap());
        let place = |title: String| PAPERS.iter().position(|paper| paper.0 == title);
        titles.filter_map(place).collect()
    }

    #[tokio::test]
    async fn every_word_is_in_some_searched_field_and_means_itself() {
        let folder = crate::store::ScratchFolder::new();
        let db = Db::open(&folder.url()).await.unwrap();
        let mut transaction = db.write().await.unwrap();
        let table = "CREATE TABLE papers (id TEXT PRIMARY KEY, title TEXT NOT NULL, body TEXT, note TEXT NOT NULL) STRICT";
        transaction.execute(Sql::new(table)).await.unwrap();
        for (title, body, note) in PAPERS {
            let sql = Sql::new("INSERT INTO papers VALUES (?1, ?2, ?3, ?4)").bind(Id::new());
            let body = body.map(str::to_owned);
            let sql = sql.bind(title).bind(&body).bind(note);
            transaction.execute(sql).await.unwrap();
        }
        transaction.commit().await.unwrap();
        let cases: &[(&str, &[usize])] = &[
            ("", &[0, 1, 2, 3, 4, 5]),
            (" \u{3000} ", &[0, 1, 2, 3, 4, 5]),
            ("alpha", &[0, 1]),
            ("aLPHa GAMMA", &[0]),
            ("gamma  alpha", &[0]),
            ("alpha nowhere", &[]),
            ("beta", &[0, 3]),
            ("δέλτα", &[3]),
            ("%", &[2]),
            ("_", &[2]),
            ("\\", &[2]),
            ("a.c", &[4]),
            (".*", &[]),
            ("(", &[]),
            ("secret", &[]),
            ("' OR 1=1 --", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(found(&db, text, false).await, *expected, "{text:?}");
        }
        // Who may read the guarded field everywhere searches it too.
        assert_eq!(found(&db, "secret", true).await, [0]);
        assert_eq!(found(&db, "alpha", true).await, [0, 1, 5]);
    }

    /// As many text fields as a table has room for.
    fn wide() -> &'static Listing {
        let name = |number: usize| -> &'static str { format!("c{number}").leak() };
        let fields = (0..1_590).map(|number| Column::new(name(number), name(number), Kind::Text));
        let mut columns = vec![Column::new("id", "id", Kind::Uuid)];
        columns.extend(fields.map(Column::searched));
        let names: Vec<_> = columns.iter().map(|column| column.sql).collect();
        let select: &'static str = format!("SELECT {} FROM wide", names.join(", ")).leak();
        Box::leak(Box::new(Listing {
            select,
            columns: columns.leak(),
            references: || &[],
        }))
    }

    #[tokio::test]
    async fn a_search_is_not_as_deep_as_the_table_is_wide() {
        let listing = wide();
        let folder = crate::store::ScratchFolder::new();
        let db = Db::open(&folder.url()).await.unwrap();
        let mut transaction = db.write().await.unwrap();
        let fields: Vec<_> = listing.columns.iter().skip(1).map(|it| it.sql).collect();
        let table = fields.join(" TEXT NOT NULL DEFAULT 'beta', ");
        let table = format!("CREATE TABLE wide (id TEXT PRIMARY KEY, {table} TEXT) STRICT");
        transaction.execute(Sql::new(table.leak())).await.unwrap();
        for last in ["alpha", "gamma"] {
            let insert = "INSERT INTO wide (id, c0, c1589) VALUES (?1, 'delta', ?2)";
            let insert = Sql::new(insert).bind(Id::new()).bind(last);
            transaction.execute(insert).await.unwrap();
        }
        transaction.commit().await.unwrap();
        let words = ["beta"; 8].join("+");
        for (text, found) in [("alpha", 1), ("beta", 2), ("nowhere", 0), (&words, 2)] {
            let query = format!("q=delta+{text}");
            let query = ask(listing, &query, false).unwrap();
            let mut transaction = db.read().await.unwrap();
            let rows = transaction.page(&query, None, 100).await.unwrap();
            assert_eq!(rows.len(), found, "{text}");
        }
    }
}
