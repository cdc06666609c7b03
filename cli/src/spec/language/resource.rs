//! Resources and their fields.

use super::{Key, Shape, Table, Word};

pub(in crate::spec) static RESOURCE: Table = Table {
    name: "resource",
    doc: "A resource. It has `id`, `created_at`, `updated_at` and `version` by itself.",
    keys: &[
        Key::new("plural", Shape::Text, "The plural in snake_case: the name of the table and of the route. The default follows English grammar."),
        Key::new("description", Shape::Text, "A sentence for the documentation."),
        Key::new("fields", Shape::Named(&FIELD), "The fields by name, in snake_case."),
        Key::new("operations", Shape::List(&Shape::Words(OPERATIONS)), "What can be done with it over HTTP.").default("[list, read, create, update, delete]"),
        Key::new("concurrency", Shape::Words(&[
            Word::new("optional", "An update without `If-Match` is carried out."),
            Word::new("required", "An update or deletion without `If-Match` is refused with 428."),
        ]), "Whether writers must say which version they saw.").default("optional"),
        Key::new("relations", Shape::Named(&RELATION), "Relations of many rows to many, by name: `{members: {many_to_many: user}}`. Each is a route under the rows of this resource, and three Cedar actions of the group `custom`: `members:read`, `members:add` and `members:remove`."),
        Key::new("unique", Shape::List(&Shape::List(&Shape::Text)), "Sets of fields that no two rows share: `[[organization, title]]`. Rows in which one of them is null share with none. Not with `guarded` fields.").default("[]"),
        Key::new("soft_delete", Shape::Map(&SOFT_DELETE), "Deleted rows are kept for a while and can be restored. `{}` takes the default. Not for the identity: an account that is deleted is erased."),
        Key::new("actions", Shape::Named(&ACTION), "Actions beyond the five operations, by name: each is a route, a Cedar action of the group `custom`, and a method of `src/<resource>.rs` that is yours."),
        Key::new("rate_limits", Shape::NamedValues(&Shape::Quota), "Quotas for single operations, actions and `restore`, counted for each caller beside the tier of the operation: `{create: 10/1m}`."),
        Key::new("renamed_from", Shape::Text, "The name that this resource had before, so that a migration renames it. It may stay."),
    ],
};

static OPERATIONS: &[Word] = &[
    Word::new("list", "GET of the collection."),
    Word::new("read", "GET of one row."),
    Word::new("create", "POST to the collection."),
    Word::new("update", "PATCH of one row."),
    Word::new("delete", "DELETE of one row."),
];

const TEXTS: &[&str] = &["string", "text", "email", "url", "phone"];
const BOUNDED: &[&str] = &[
    "string", "text", "email", "url", "integer", "number", "decimal", "date", "time", "datetime",
    "duration",
];
const BOUNDED_ABOVE: &[&str] = &[
    "string", "text", "email", "url", "integer", "number", "decimal", "date", "time", "datetime",
    "duration", "bytes",
];

/// Types whose values mean something without the rest of the database.
const STANDING_ALONE: &[&str] = &[
    "string", "text", "integer", "number", "decimal", "boolean", "uuid", "email", "url", "phone",
    "date", "time", "datetime", "duration", "ip", "enum", "bytes", "list", "json",
];

/// Types of which a row holds one value that a database compares.
const SINGLE: &[&str] = &[
    "string", "text", "integer", "number", "decimal", "boolean", "uuid", "email", "url", "phone",
    "date", "time", "datetime", "duration", "ip", "enum", "bytes", "ref",
];

pub(in crate::spec) static FIELD: Table = Table {
    name: "field",
    doc: "A field.",
    keys: &[
        Key::new("type", Shape::Words(TYPES), "What the field holds.").required(),
        Key::new("optional", Shape::Flag, "It may be absent, and is null then.").default("false"),
        Key::new("default", Shape::Value, "What it is where a creation does not name it. Of a `list` several values in `[]`, of `json` its text in quotes."),
        Key::new("min", Shape::Scalar, "The least length in characters, or the least value.").only_for(BOUNDED),
        Key::new("max", Shape::Scalar, "The greatest length in characters (of `bytes`: in bytes), or the greatest value.").only_for(BOUNDED_ABOVE),
        Key::new("pattern", Shape::Text, "A regular expression in the `regex` crate's dialect that the whole value must match. `\\d`, `\\w` and `\\s` are every script's there: `[0-9]` are the digits of ASCII.").only_for(TEXTS),
        Key::new("format", Shape::Words(&[Word::new("person_name", "Letters, marks, space, apostrophe, hyphen and point.")]), "A set of characters with a name.").only_for(&["string", "text"]),
        Key::new("trim", Shape::Flag, "White space at both ends is removed before anything is checked.").default("false").only_for(TEXTS),
        Key::new("values", Shape::List(&Shape::TextOr(&CHOICE)), "The values of an `enum`.").only_for(&["enum"]),
        Key::new("scale", Shape::Whole, "Digits after the point, 0 to 4.").default("2").only_for(&["decimal"]),
        Key::new("wide", Shape::Flag, "64 bits, and a string on the wire. Without it a whole number is within ±9007199254740992, which every JSON reader keeps exactly.").default("false").only_for(&["integer"]),
        Key::new("unique", Shape::Flag, "No two rows hold the same value. Not with `guarded`.").default("false").only_for(SINGLE),
        Key::new("index", Shape::Flag, "The database keeps an index, for filters and sorting.").default("false").only_for(SINGLE),
        Key::new("search", Shape::Flag, "The parameter `q` of lists looks here. Not with `write_only`, `sensitive` or `encrypted`.").default("false").only_for(TEXTS),
        Key::new("immutable", Shape::Flag, "Set at creation only.").default("false"),
        Key::new("read_only", Shape::Flag, "Set by the service, never by a client.").default("false"),
        Key::new("write_only", Shape::Flag, "Never returned to any caller.").default("false"),
        Key::new("guarded", Shape::Flag, "Has Cedar actions of its own for reading and writing, which no policy for the whole resource opens.").default("false"),
        Key::new("encrypted", Shape::Flag, "Encrypted in the database with a key of `SECAPI_ENCRYPTION_KEYS`, bound to resource, row and field. Policies, filters and searches do not see it. Not with `unique` or `index`, and not for a `ref`; a field that is there cannot become it.").default("false").only_for(STANDING_ALONE),
        Key::new("sensitive", Shape::Flag, "Never written to a log.").default("false"),
        Key::new("description", Shape::Text, "A sentence for the documentation."),
        Key::new("example", Shape::Value, "A legal value, for the documentation and the generated tests."),
        Key::new("to", Shape::Text, "The resource that a `ref` points to.").only_for(&["ref"]),
        Key::new("on_delete", Shape::Words(&[
            Word::new("restrict", "A row that is pointed to cannot be deleted. Rows that are deleted and can be restored point to nothing here; they go with it for good."),
            Word::new("cascade", "This row is deleted with it, and restored with it; for good where the deletion is."),
            Word::new("set_null", "The reference becomes null."),
        ]), "What happens when the row that a `ref` points to is deleted.").default("restrict").only_for(&["ref"]),
        Key::new("of", Shape::Map(&ELEMENT), "What a `list` holds; every list needs it.").only_for(&["list"]),
        Key::new("max_items", Shape::Whole, "The most elements of a `list`, 1 to 1000.").default("100").only_for(&["list"]),
        Key::new("max_bytes", Shape::Size, "The greatest size of a `json` value as compact text, up to 1MiB.").default("16KiB").only_for(&["json"]),
        Key::new("renamed_from", Shape::Text, "The name that this field had before, so that a migration renames it. It may stay."),
        Key::new("backfill", Shape::Value, "What existing rows get when the field is added or becomes required, and where their value has no place in it any more. The default is `default`."),
    ],
};

static TYPES: &[Word] = &[
    Word::new(
        "string",
        "One line of text, 255 characters unless `max` says otherwise.",
    ),
    Word::new(
        "text",
        "Many lines of text, 10000 characters unless `max` says otherwise.",
    ),
    Word::new("integer", "A whole number."),
    Word::new("number", "A finite double."),
    Word::new(
        "decimal",
        "An exact number with up to four digits after the point; a string on the wire.",
    ),
    Word::new("boolean", "True or false."),
    Word::new("uuid", "A UUID."),
    Word::new("email", "An e-mail address, stored in lower case."),
    Word::new("url", "An absolute http or https address."),
    Word::new(
        "phone",
        "A telephone number as E.164 writes it: `+4930123456`.",
    ),
    Word::new("date", "A day: `2026-01-02`."),
    Word::new("time", "A time of day without zone: `08:30:00`."),
    Word::new(
        "datetime",
        "A moment as RFC 3339 writes it, kept in UTC to the millisecond.",
    ),
    Word::new(
        "duration",
        "A length of time as ISO 8601 writes it, without years and months: `PT15M`.",
    ),
    Word::new("ip", "An IPv4 or IPv6 address."),
    Word::new("enum", "One of `values`."),
    Word::new(
        "bytes",
        "Binary data; base64 on the wire, 65536 bytes unless `max` says otherwise.",
    ),
    Word::new(
        "json",
        "Any JSON but `null`, for what has no shape of its own; policies and filters do not look into it.",
    ),
    Word::new("list", "Several values of one type, in their order."),
    Word::new(
        "ref",
        "A row of another resource, or of the same one: its id on the wire.",
    ),
];

/// Whether a field can have this type.
pub(in crate::spec) fn is_type(word: &str) -> bool {
    TYPES.iter().any(|known| known.value == word)
}

static ELEMENT: Table = Table {
    name: "element",
    doc: "What a list holds: a type with the rules that each element keeps.",
    keys: &[
        Key::new("type", Shape::Words(ELEMENT_TYPES), "What each element is.").required(),
        Key::new("min", Shape::Scalar, "The least length in characters, or the least value.").only_for(BOUNDED),
        Key::new("max", Shape::Scalar, "The greatest length in characters (of `bytes`: in bytes), or the greatest value.").only_for(BOUNDED_ABOVE),
        Key::new("pattern", Shape::Text, "A regular expression in the `regex` crate's dialect that the whole element must match. `\\d`, `\\w` and `\\s` are every script's there: `[0-9]` are the digits of ASCII.").only_for(TEXTS),
        Key::new("format", Shape::Words(&[Word::new("person_name", "Letters, marks, space, apostrophe, hyphen and point.")]), "A set of characters with a name.").only_for(&["string", "text"]),
        Key::new("trim", Shape::Flag, "White space at both ends is removed before anything is checked.").default("false").only_for(TEXTS),
        Key::new("values", Shape::List(&Shape::TextOr(&CHOICE)), "The values of an `enum`.").only_for(&["enum"]),
        Key::new("scale", Shape::Whole, "Digits after the point, 0 to 4.").default("2").only_for(&["decimal"]),
        Key::new("wide", Shape::Flag, "64 bits, and a string on the wire.").default("false").only_for(&["integer"]),
    ],
};

static ELEMENT_TYPES: &[Word] = &[
    Word::new("string", "One line of text."),
    Word::new("text", "Many lines of text."),
    Word::new("integer", "A whole number."),
    Word::new("number", "A finite double."),
    Word::new("decimal", "An exact number; a string on the wire."),
    Word::new("boolean", "True or false."),
    Word::new("uuid", "A UUID."),
    Word::new("email", "An e-mail address."),
    Word::new("url", "An absolute http or https address."),
    Word::new("phone", "A telephone number as E.164 writes it."),
    Word::new("date", "A day."),
    Word::new("time", "A time of day without zone."),
    Word::new("datetime", "A moment."),
    Word::new("duration", "A length of time."),
    Word::new("ip", "An IPv4 or IPv6 address."),
    Word::new("enum", "One of `values`."),
    Word::new("bytes", "Binary data."),
];

static CHOICE: Table = Table {
    name: "choice",
    doc: "A value of an enum.",
    keys: &[
        Key::new("value", Shape::Text, "The value as it is sent and stored.").required(),
        Key::new(
            "renamed_from",
            Shape::Text,
            "The value that this one was before, so that a migration renames it. It may stay.",
        ),
    ],
};

static RELATION: Table = Table {
    name: "relation",
    doc: "A relation of many rows to many of another resource, or of the same one. To the identity it makes memberships: policies say `principal in resource.members`. To any other resource it is a set that policies can look into: `resource.tags.contains(…)`.",
    keys: &[
        Key::new("many_to_many", Shape::Text, "The other resource.").required(),
        Key::new(
            "inverse",
            Shape::Text,
            "The name of a route on the other side that lists what a row there is related to, with a Cedar action of its own: `organizations` gives `GET /users/{id}/organizations` and `user:organizations:read`. Rows are added and removed on this side alone.",
        ),
        Key::new(
            "max_items",
            Shape::Whole,
            "The most rows that one row can be related to, 1 to 1000: policies see all of them. Not for a relation to the identity, where no row has a bound, and an account is in the relation with at most 1000 rows.",
        )
        .default("100"),
        Key::new("description", Shape::Text, "A sentence for the documentation."),
        Key::new(
            "renamed_from",
            Shape::Text,
            "The name that this relation had before, so that a migration renames its table. It may stay.",
        ),
    ],
};

static SOFT_DELETE: Table = Table {
    name: "soft_delete",
    doc: "`DELETE` only marks a row. It is 404 everywhere from then on, unique values are free again, and `POST …/{id}/restore`, a Cedar action of its own, brings it back.",
    keys: &[Key::new(
        "purge_after",
        Shape::Duration,
        "How long after its deletion a row is removed for good, from 1h to 3650d.",
    )
    .default("90d")],
};

pub(in crate::spec) static ACTION: Table = Table {
    name: "action",
    doc: "An action beyond the five operations. Its route ends in its name, with `-` for `_`.",
    keys: &[
        Key::new(
            "method",
            Shape::Words(&[
                Word::new("GET", "Changes nothing, has no `input` and needs an `output`."),
                Word::new(
                    "POST",
                    "Changes something. Takes an `Idempotency-Key` where the service has accounts.",
                ),
                Word::new("PUT", "Changes something, and may be repeated."),
                Word::new("DELETE", "Removes something, and has no `input`."),
            ]),
            "The HTTP method.",
        )
        .default("POST"),
        Key::new(
            "on",
            Shape::Words(&[
                Word::new(
                    "item",
                    "One row: `POST /projects/{id}/archive`. It is decided on as it is stored and as the action leaves it.",
                ),
                Word::new(
                    "collection",
                    "The resource as a whole: `POST /projects/archive`. Only callers may do it whom the policies would allow it on every row.",
                ),
            ]),
            "What the action is about.",
        )
        .default("item"),
        Key::new(
            "input",
            Shape::Named(&FIELD),
            "The fields of the body, checked like those of a creation. Without it no body is read.",
        ),
        Key::new(
            "output",
            Shape::Named(&FIELD),
            "The fields of the answer. Without it an action on an item answers with the row as the caller may see it, and one on the collection with 204.",
        ),
        Key::new(
            "description",
            Shape::Text,
            "A sentence for the documentation.",
        ),
        Key::new(
            "renamed_from",
            Shape::Text,
            "The name that this action had before, so that `generate` says what to rename.",
        ),
    ],
};
