// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `samples`. What changes a row takes a permit, which only the runtime can make.

use super::Sample;
use secapi_runtime::prelude::*;

/// The columns that a list can filter and sort by.
pub(super) static LISTING: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "version", "line", "person", "code", "story", "whole", "whole_or_not", "whole_by_default", "wide", "ratio", "price", "exact", "flag", "key", "mail", "link", "phone", "day", "clock", "moment", "span", "address", "size", "blob" FROM "samples""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("created_at", r#""created_at""#, Kind::Datetime),
        Column::new("updated_at", r#""updated_at""#, Kind::Datetime),
        Column::new("line", r#""line""#, Kind::Text),
        Column::new("person", r#""person""#, Kind::Text).nullable(),
        Column::new("code", r#""code""#, Kind::Text),
        Column::new("story", r#""story""#, Kind::Text),
        Column::new("whole", r#""whole""#, Kind::Integer),
        Column::new("whole_or_not", r#""whole_or_not""#, Kind::Integer).nullable(),
        Column::new("whole_by_default", r#""whole_by_default""#, Kind::Integer),
        Column::new("wide", r#""wide""#, Kind::WideInteger),
        Column::new("ratio", r#""ratio""#, Kind::Number),
        Column::new("price", r#""price""#, Kind::Decimal),
        Column::new("exact", r#""exact""#, Kind::Decimal).nullable(),
        Column::new("flag", r#""flag""#, Kind::Boolean),
        Column::new("key", r#""key""#, Kind::Uuid),
        Column::new("mail", r#""mail""#, Kind::Email).nullable(),
        Column::new("link", r#""link""#, Kind::Text)
            .nullable()
            .long(),
        Column::new("phone", r#""phone""#, Kind::Text).nullable(),
        Column::new("day", r#""day""#, Kind::Date),
        Column::new("clock", r#""clock""#, Kind::Time),
        Column::new("moment", r#""moment""#, Kind::Datetime).nullable(),
        Column::new("span", r#""span""#, Kind::Duration),
        Column::new("address", r#""address""#, Kind::Ip).nullable(),
        Column::new(
            "size",
            r#""size""#,
            Kind::Choice(&["small", "medium", "extra-large"]),
        ),
    ],
    references: Sample::references,
};

/// One row of a select that names all columns in their order.
pub(super) fn from_row(row: &Row) -> Result<Sample, Error> {
    Ok(Sample {
        id: row.get(0)?,
        created_at: row.get(1)?,
        updated_at: row.get(2)?,
        version: row.get(3)?,
        line: row.get(4)?,
        person: row.get(5)?,
        code: row.get(6)?,
        story: row.get(7)?,
        whole: row.get(8)?,
        whole_or_not: row.get(9)?,
        whole_by_default: row.get(10)?,
        wide: row.get(11)?,
        ratio: row.get(12)?,
        price: row.get(13)?,
        exact: row.get(14)?,
        flag: row.get(15)?,
        key: row.get(16)?,
        mail: row.get(17)?,
        link: row.get(18)?,
        phone: row.get(19)?,
        day: row.get(20)?,
        clock: row.get(21)?,
        moment: row.get(22)?,
        span: row.get(23)?,
        address: row.get(24)?,
        size: row.get(25)?,
        blob: row.get(26)?,
    })
}

/// The row of an id, not yet authorized.
pub(super) async fn find(scope: &mut Scope, id: Id) -> Result<Unseen<Sample>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "line", "person", "code", "story", "whole", "whole_or_not", "whole_by_default", "wide", "ratio", "price", "exact", "flag", "key", "mail", "link", "phone", "day", "clock", "moment", "span", "address", "size", "blob" FROM "samples" WHERE "id" = ?1"#,
    );
    scope.find(sql.bind(&id), from_row).await
}

/// One page of the rows that the caller may list and read.
pub(super) async fn page(
    scope: &mut Scope,
    permit: ListPermit<Sample>,
    query: ListQuery,
) -> Result<Page<Sample>, Error> {
    scope.page(permit, query, from_row).await
}

/// Stores a new row.
pub(super) async fn insert(
    scope: &mut Scope,
    permit: Permit<Create, Sample>,
) -> Result<Sample, Error> {
    let sample = permit.into_row();
    let sql = insertion(&sample);
    scope.execute(sql).await?;
    Ok(sample)
}

/// The statement that stores a new row.
pub(super) fn insertion(sample: &Sample) -> Sql {
    Sql::new(
        r#"INSERT INTO "samples" ("id", "created_at", "updated_at", "version", "line", "person", "code", "story", "whole", "whole_or_not", "whole_by_default", "wide", "ratio", "price", "exact", "flag", "key", "mail", "link", "phone", "day", "clock", "moment", "span", "address", "size", "blob") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27)"#,
    )
    .bind(&sample.id)
    .bind(&sample.created_at)
    .bind(&sample.updated_at)
    .bind(&sample.version)
    .bind(&sample.line)
    .bind(&sample.person)
    .bind(&sample.code)
    .bind(&sample.story)
    .bind(&sample.whole)
    .bind(&sample.whole_or_not)
    .bind(&sample.whole_by_default)
    .bind(&sample.wide)
    .bind(&sample.ratio)
    .bind(&sample.price)
    .bind(&sample.exact)
    .bind(&sample.flag)
    .bind(&sample.key)
    .bind(&sample.mail)
    .bind(&sample.link)
    .bind(&sample.phone)
    .bind(&sample.day)
    .bind(&sample.clock)
    .bind(&sample.moment)
    .bind(&sample.span)
    .bind(&sample.address)
    .bind(&sample.size)
    .bind(&sample.blob)
}

/// Stores a changed row, if nobody changed it since it was read.
pub(super) async fn update(
    scope: &mut Scope,
    permit: Permit<Update, Sample>,
) -> Result<Sample, Error> {
    let (sample, version) = permit.into_change();
    scope.execute_one(replacement(&sample, version)).await?;
    Ok(sample)
}

/// The statement that puts a row in the place of this version of it.
fn replacement(sample: &Sample, version: i64) -> Sql {
    Sql::new(
        r#"UPDATE "samples" SET "updated_at" = ?3, "version" = ?4, "line" = ?5, "person" = ?6, "code" = ?7, "story" = ?8, "whole" = ?9, "whole_or_not" = ?10, "whole_by_default" = ?11, "wide" = ?12, "ratio" = ?13, "price" = ?14, "exact" = ?15, "flag" = ?16, "key" = ?17, "mail" = ?18, "link" = ?19, "phone" = ?20, "day" = ?21, "clock" = ?22, "moment" = ?23, "span" = ?24, "address" = ?25, "size" = ?26, "blob" = ?27 WHERE "id" = ?1 AND "version" = ?2"#,
    )
    .bind(&sample.id)
    .bind(&version)
    .bind(&sample.updated_at)
    .bind(&sample.version)
    .bind(&sample.line)
    .bind(&sample.person)
    .bind(&sample.code)
    .bind(&sample.story)
    .bind(&sample.whole)
    .bind(&sample.whole_or_not)
    .bind(&sample.whole_by_default)
    .bind(&sample.wide)
    .bind(&sample.ratio)
    .bind(&sample.price)
    .bind(&sample.exact)
    .bind(&sample.flag)
    .bind(&sample.key)
    .bind(&sample.mail)
    .bind(&sample.link)
    .bind(&sample.phone)
    .bind(&sample.day)
    .bind(&sample.clock)
    .bind(&sample.moment)
    .bind(&sample.span)
    .bind(&sample.address)
    .bind(&sample.size)
    .bind(&sample.blob)
}

/// Removes a row, if nobody changed it since it was read.
pub(super) async fn delete(
    scope: &mut Scope,
    permit: Permit<Delete, Sample>,
) -> Result<Sample, Error> {
    let (sample, version) = permit.into_change();
    let sql = Sql::new(r#"DELETE FROM "samples" WHERE "id" = ?1 AND "version" = ?2"#);
    scope
        .execute_one(sql.bind(&sample.id).bind(&version))
        .await?;
    Ok(sample)
}
