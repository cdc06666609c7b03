//! The lists of both kinds of rows, as generated code declares them.

use super::world::MEMBERS;
use crate::error::Error;
use crate::list::{Column, Kind, Listing};
use crate::related::{Related, RelatedField};

pub(super) static THINGS: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "owner", "lead", "base", "title", "note", "open", "flag", "size", "extra", "price",
        "cost", "due", "span", "address", "tags", "labels", "marks", "prices", "flags", "peers" FROM "things""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Text),
        Column::new("created_at", r#""created_at""#, Kind::Datetime),
        Column::new("updated_at", r#""updated_at""#, Kind::Datetime),
        Column::new("owner", r#""owner""#, Kind::Reference),
        Column::new("lead", r#""lead""#, Kind::Reference).nullable(),
        Column::new("base", r#""base""#, Kind::Reference).nullable(),
        Column::new("title", r#""title""#, Kind::Text)
            .guarded()
            .searched(),
        Column::new("note", r#""note""#, Kind::Text)
            .nullable()
            .guarded()
            .searched(),
        Column::new("open", r#""open""#, Kind::Boolean),
        Column::new("flag", r#""flag""#, Kind::Boolean).nullable(),
        Column::new("size", r#""size""#, Kind::WideInteger).guarded(),
        Column::new("extra", r#""extra""#, Kind::WideInteger).nullable(),
        Column::new("price", r#""price""#, Kind::Decimal),
        Column::new("cost", r#""cost""#, Kind::Decimal)
            .nullable()
            .guarded(),
        Column::new("due", r#""due""#, Kind::Datetime)
            .nullable()
            .guarded(),
        Column::new("span", r#""span""#, Kind::Duration),
        Column::new("address", r#""address""#, Kind::Ip).nullable(),
        Column::new("tags", r#""tags""#, Kind::Text).list(),
        Column::new("labels", r#""labels""#, Kind::Text)
            .nullable()
            .list(),
        Column::new("marks", r#""marks""#, Kind::WideInteger)
            .nullable()
            .list(),
        Column::new("prices", r#""prices""#, Kind::Decimal).list(),
        Column::new("flags", r#""flags""#, Kind::Boolean).list(),
        Column::new("peers", r#""peers""#, Kind::Reference).list(),
        // What members are in has the row's id.
        Column::new(MEMBERS, r#""id""#, Kind::Reference).hidden(),
    ],
    references: || &FROM_THINGS,
};

static USERS: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "email", "role", "age", "boss", "desk", "skills", "ceiling", "shift", "since" FROM "users""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Text),
        Column::new("created_at", r#""created_at""#, Kind::Datetime),
        Column::new("updated_at", r#""updated_at""#, Kind::Datetime),
        Column::new("email", r#""email""#, Kind::Text),
        Column::new("role", r#""role""#, Kind::Text).role(),
        Column::new("age", r#""age""#, Kind::WideInteger).nullable(),
        Column::new("boss", r#""boss""#, Kind::Reference).nullable(),
        Column::new("desk", r#""desk""#, Kind::Reference).nullable(),
        Column::new("skills", r#""skills""#, Kind::Text).list(),
        Column::new("ceiling", r#""ceiling""#, Kind::Decimal).nullable(),
        Column::new("shift", r#""shift""#, Kind::Duration),
        Column::new("since", r#""since""#, Kind::Datetime).nullable(),
    ],
    references: || &FROM_USERS,
};

static OWNER: RelatedField = RelatedField::new("owner", &OF_USERS);
static LEAD: RelatedField = RelatedField::new("lead", &OF_USERS);
static BASE: RelatedField = RelatedField::new("base", &OF_THINGS);
static BOSS: RelatedField = RelatedField::new("boss", &OF_USERS);
static DESK: RelatedField = RelatedField::new("desk", &OF_THINGS);

static FROM_THINGS: [&RelatedField; 3] = [&OWNER, &LEAD, &BASE];
static FROM_USERS: [&RelatedField; 2] = [&BOSS, &DESK];

static OF_THINGS: Related = related("thing", "Thing", &THINGS);
static OF_USERS: Related = related("user", "User", &USERS);

/// Nobody includes a row here: what is behind references is asked of the database.
const fn related(resource: &'static str, kind: &'static str, listing: &'static Listing) -> Related {
    Related {
        resource,
        kind,
        guarded: &[],
        by_ids: "",
        read: |_| Err(Error::internal("no row is read")),
        listing,
    }
}
