//! Mistakes in the resource spec.

use super::Code;

/// All of them.
pub static ALL: &[&Code] = &[
    &NOT_FOUND,
    &TOO_LARGE,
    &ENCODING,
    &SYNTAX,
    &BUDGET,
    &TOO_MANY_FIELDS,
    &ANCHOR,
    &TAG,
    &DOCUMENT,
    &DUPLICATE_KEY,
    &KEY_TYPE,
    &UNKNOWN_KEY,
    &MISSING_KEY,
    &TYPE,
    &UNKNOWN_VALUE,
    &MEASURE,
    &NOT_YET,
    &NO_EFFECT_YET,
    &VERSION,
    &NAME,
    &RESERVED_NAME,
    &COLLISION,
    &EMPTY,
    &DUPLICATE_VALUE,
    &ENUM_VALUE,
    &RANGE,
    &BODY_LIMIT,
    &DEFAULT,
    &EXAMPLE,
    &PATTERN,
    &REFERENCE,
    &MISPLACED_KEY,
    &CONFLICTING_KEYS,
    &IDENTITY,
    &ROLE,
    &BASE_PATH,
    &ORIGIN,
    &SETTING,
    &LONG_TOKEN,
];

/// There is no spec.
pub static NOT_FOUND: Code = Code::new(
    "secapi::spec::not_found",
    r#"The project folder holds no `secapi.yaml`.

Every command works in the current folder, or in the one that `--project DIR` names. A new project
comes from `secapi new NAME`."#,
);

/// The file is over the size limit.
pub static TOO_LARGE: Code = Code::new(
    "secapi::spec::too_large",
    r#"A spec may be 4 MiB at most. The size is checked before the file is read, so that a wrong path (a
database, a device) does no harm.

Real specs of 500 resources are well below 1 MiB. Look whether the path is right."#,
);

/// The file is not UTF-8.
pub static ENCODING: Code = Code::new(
    "secapi::spec::encoding",
    r#"A spec is text in UTF-8. The place shown is the first byte that is not.

Save the file as UTF-8 in your editor, or convert it: `iconv -f LATIN1 -t UTF-8`."#,
);

/// The file is not YAML.
pub static SYNTAX: Code = Code::new(
    "secapi::spec::syntax",
    r#"The file could not be read as YAML 1.2. What follows the place shown was not looked at.

The usual causes: a tab in the indentation, a missing space after `:`, a bracket or quote that is not
closed, and text that begins with one of `@ % & * ! | > [ { ' " #` without quotes around it."#,
);

/// The file is too deep or has too many values.
pub static BUDGET: Code = Code::new(
    "secapi::spec::budget",
    r#"A spec may hold 250,000 values and be nested 64 levels deep. Both are far above what people write, and
keep a hostile or generated file from taking the machine with it."#,
);

/// A resource has more fields than a table has columns.
pub static TOO_MANY_FIELDS: Code = Code::new(
    "secapi::spec::too_many_fields",
    r#"Every field is a column of the resource's table, and PostgreSQL has at most 1,600 of them in a table. Each table has four
of its own (`id`, `created_at`, `updated_at`, `version`), and one more with `soft_delete`.

So many fields are several things. Give each a resource of its own with a `ref` to the first one, or keep what nobody filters or
sorts by in one field of type `json`."#,
);

/// An anchor or alias is used.
pub static ANCHOR: Code = Code::new(
    "secapi::spec::anchor",
    r#"Anchors (`&name`), aliases (`*name`) and merge keys (`<<`) are not a part of this language.

They make one place mean another, so that a reviewer of a diff cannot see what changed, and a small
file can grow without bound when it is read. Write the value out where it is used."#,
);

/// A YAML tag is used.
pub static TAG: Code = Code::new(
    "secapi::spec::tag",
    r#"Tags (`!name`, `!!str`) are not a part of this language. Every key has one type, which
`secapi schema` prints; text that looks like a number is put in quotes instead."#,
);

/// There is more than one document.
pub static DOCUMENT: Code = Code::new(
    "secapi::spec::document",
    r#"A spec is one YAML document. A line `---` after the first content begins a second one, which other
readers would silently ignore."#,
);

/// A key stands twice in one map.
pub static DUPLICATE_KEY: Code = Code::new(
    "secapi::spec::duplicate_key",
    r#"The same key stands twice: in one map, in two files of `spec/` (resources apart, each key stands in one of
them), or there are a `secapi.yaml` and a folder `spec/` side by side. Many YAML readers silently take the last one; where
the file says who may do what, that hides a line from its reviewer. Remove or rename one of the two."#,
);

/// A key is not a plain word.
pub static KEY_TYPE: Code = Code::new(
    "secapi::spec::key_type",
    r#"A key of a map must be text. YAML also allows lists and maps as keys, and this language has no use for
them. A common cause is a stray `?` or a `{` at the beginning of a key."#,
);

/// The language has no such key here.
pub static UNKNOWN_KEY: Code = Code::new(
    "secapi::spec::unknown_key",
    r#"The key is not a part of the language at this place. Unknown keys are refused, since a misspelt
`guarded` that is ignored would open a field to everyone.

`secapi schema` prints all keys with a description. With the line
`# yaml-language-server: $schema=.secapi/spec.schema.json` an editor completes them."#,
);

/// A key that has no default is missing.
pub static MISSING_KEY: Code = Code::new(
    "secapi::spec::missing_key",
    r#"Nearly every key has a default. The few that have none must be written: `secapi`, `service.name`,
`resources` with at least one resource, the `type` of a field, and `identity` under `auth`."#,
);

/// A value is of another type than the key's.
pub static TYPE: Code = Code::new(
    "secapi::spec::type",
    r#"The value is of another type than the key wants: text for a number, a list for a map, and so on.

YAML guesses the type of text without quotes: `1.0` and `true` are no text, `yes` and `no` are no
booleans. Put text that looks like something else in quotes."#,
);

/// The key does not take this word.
pub static UNKNOWN_VALUE: Code = Code::new(
    "secapi::spec::unknown_value",
    r#"The key takes one of a few words, and this is none of them. The help line names them; `secapi schema`
describes each."#,
);

/// A duration, size or quota is malformed.
pub static MEASURE: Code = Code::new(
    "secapi::spec::measure",
    r#"Durations are a whole number with a unit: `500ms`, `30s`, `15m`, `12h`, `7d`.
Sizes are a whole number with a unit: `512B`, `100KiB`, `4MiB`.
Quotas are a number of requests in a window: `5/15m`, `100/1m`. A quota of 0 blocks."#,
);

/// A part of the language that is still to come.
pub static NOT_YET: Code = Code::new(
    "secapi::spec::not_yet",
    r#"This part of the language is defined, and this version of `secapi` does not build it yet. The run stops,
since a service that silently lacks a relation, an encrypted field or a second factor would be worse
than none. Leave the key out for now; it will work unchanged later."#,
);

/// A part of the language without effect yet.
pub static NO_EFFECT_YET: Code = Code::new(
    "secapi::spec::no_effect_yet",
    r#"This part of the language is defined and may stay in the file, but the service that this version of
`secapi` writes does not act on it yet. It is a warning, since nothing that you asked to be closed is
open because of it: the service is merely without this additional protection or comfort."#,
);

/// The language version is unknown.
pub static VERSION: Code = Code::new(
    "secapi::spec::version",
    r#"The key `secapi` says which version of the language the file is written in. This tool knows version 1."#,
);

/// A name is malformed.
pub static NAME: Code = Code::new(
    "secapi::spec::name",
    r#"Names of resources and fields become names in Rust, SQL, Cedar, JSON and addresses. So they are ASCII
in snake_case: lower-case letters and digits in words joined by single underscores, a letter first, at
most 48 characters. `OrderLine` is written `order_line`.

The name of the service is a cargo package name: the same with hyphens. The namespace is one Cedar
identifier in PascalCase."#,
);

/// A name is taken by the service itself.
pub static RESERVED_NAME: Code = Code::new(
    "secapi::spec::reserved_name",
    r#"The service needs this name for itself: for its own routes (`auth`, `health`, `docs`), its own columns
(`id`, `created_at`), the parameters of lists (`limit`, `sort`, `cursor`), its own entity types and
action groups (`role`, `action`, `reads`), or the packages it is built from.

Choose another; the help line suggests one. Words that Rust, SQL or Cedar reserve (`type`, `order`,
`in`) are allowed: they are quoted where needed."#,
);

/// Two names become the same one.
pub static COLLISION: Code = Code::new(
    "secapi::spec::collision",
    r#"Two different names in the file become the same name after derivation: `line_1` and `line1` are both
`Line1` in Rust, two resources may share a plural and with it a table and a route, and enum values
`in-progress` and `in_progress` are both `InProgress`. A resource `user_create` would have the type of the
body that creates a `user`, and two indexes, or an index and a table, may get one name in the database.
Rename one, or give one a `plural` of its own."#,
);

/// A list that must not be empty is.
pub static EMPTY: Code = Code::new(
    "secapi::spec::empty",
    r#"The list has to hold something here: an enum without values has no legal value, and a resource with an
empty list of operations has no routes. Leave `operations` out to get all five."#,
);

/// A list holds a value twice.
pub static DUPLICATE_VALUE: Code = Code::new(
    "secapi::spec::duplicate_value",
    r#"The same value stands twice in a list whose values must differ, such as the values of an enum. Remove
one of the two."#,
);

/// A value of an enum is malformed.
pub static ENUM_VALUE: Code = Code::new(
    "secapi::spec::enum_value",
    r#"A value of an enum is text of 1 to 100 characters without control characters, without spaces at its
ends and without a comma (a filter `field[in]=a,b` separates values by commas). `true`, `null` and numbers are no text in YAML:
put them in quotes if they are meant."#,
);

/// A limit contradicts another.
pub static RANGE: Code = Code::new(
    "secapi::spec::range",
    r#"A limit cannot hold: `min` is above `max`, or a limit is outside of what the type can store (whole
numbers are within ±9007199254740992 unless `wide: true`, decimals have at most four digits after the
point, lengths are not negative)."#,
);

/// A body has no room for what has to be in it.
pub static BODY_LIMIT: Code = Code::new(
    "secapi::spec::body_limit",
    r#"A body that is over `http.body_limit` is refused with 413 before anything of it is read. Here a value cannot be as long as its
`min` or its `pattern` asks for, or all that is required together cannot be sent, so every request would be refused. Raise the limit,
or lower what the fields ask for. Text is counted with one byte for each character, so that nothing that fits is refused; what is
sent may well need more."#,
);

/// The default is not a legal value of the field.
pub static DEFAULT: Code = Code::new(
    "secapi::spec::default",
    r#"The default would be refused if a client sent it. It must have the field's type and keep all of the
field's own rules: limits, pattern, format, values."#,
);

/// The example is not a legal value of the field.
pub static EXAMPLE: Code = Code::new(
    "secapi::spec::example",
    r#"The example stands in the documentation and is sent by the generated tests, so it must be a value that
the service accepts: of the field's type, and within its limits, pattern, format and values."#,
);

/// The pattern cannot be used.
pub static PATTERN: Code = Code::new(
    "secapi::spec::pattern",
    r#"A `pattern` is a regular expression in the dialect of Rust's `regex` crate, which runs in linear time:
no look-around and no back-references. It is anchored: the whole value must match, so `^` and `$`
are not needed. In YAML, single quotes keep backslashes as they are: `pattern: '\d+'`."#,
);

/// A reference cannot hold.
pub static REFERENCE: Code = Code::new(
    "secapi::spec::reference",
    r#"A field of type `ref` points to a row of the resource that `to` names: `{type: ref, to: user}`. `on_delete`
says what happens when that row is deleted: `restrict` (the default) refuses the deletion with 409, `cascade`
deletes this row with it, `set_null` empties the reference, which therefore has to be `optional`.

- `to` must be a resource of this file.
- A `ref` has no `default`, `example` or `backfill`: no row is known before the service runs.
- Required references must not lead back to where they begin, not even over other resources: no first
  row could ever be created. Make one of them `optional`.
- A `ref` of the identity is `optional`, since the first administrator is created before every other row, and not
  `cascade`: an account ends by its own deletion alone, with its sessions and never as the last administrator."#,
);

/// A key does not apply to the field's type.
pub static MISPLACED_KEY: Code = Code::new(
    "secapi::spec::misplaced_key",
    r#"The key exists for fields, but not for fields of this type: a boolean has no `min`, a number no
`pattern`. It would have no effect, and you would believe that a limit holds."#,
);

/// Two keys contradict each other.
pub static CONFLICTING_KEYS: Code = Code::new(
    "secapi::spec::conflicting_keys",
    r#"Two keys of the field contradict each other.

- `optional` with `default`: an absent value is either null or the default.
- `guarded` with `unique`: a taken value is refused with 409, which tells everyone what they may not read.
- `write_only` with `unique`: the same, of what is never returned. Both hold for sets of `unique` too.
- `write_only` or `sensitive` with `search`: a search answers what is never returned, and its words stand in addresses that others log.
- `read_only` with `write_only`: nobody could ever see or set it.
- `read_only` with `immutable`: a field that no client sets needs no rule for when a client may set it.
- `read_only` of an `enum` or another type without a harmless zero, without `optional` or `default`: nothing gives it its first value.
- `read_only` of a field whose own rules refuse the zero of its type (`min: 1`, a `pattern`), without `optional` or `default`: the same.
- `read_only` with `unique` and without `optional`: every row would begin with the same value, and the second be refused. Rows without
  a value do not clash, and a rule `before_create` sets it. A `uuid` is new in each row, and a `ref` is always set by a rule. The
  same holds for a set of `unique` that has no other fields.
- `read_only` of a `ref` of the identity, without `optional`: the first administrator is made before there is any row to refer to."#,
);

/// The identity resource cannot sign anyone in.
pub static IDENTITY: Code = Code::new(
    "secapi::spec::identity",
    r#"`auth.identity` names the resource that signs in. It must be a resource of this file, and it needs a
field `email` of type `email` that is `unique` and required: accounts are found by it.

With open registration every other required field must be one that a stranger may send: neither
`guarded` nor `read_only`.

Somebody has to make the first account. With open registration people make their own; `create-admin` makes an administrator where
`auth.role` and `auth.admin_role` say what one is; and a policy may let strangers create accounts. Where none of them is there,
nobody could ever sign in, and `secapi check` warns."#,
);

/// The role field cannot name roles.
pub static ROLE: Code = Code::new(
    "secapi::spec::role",
    r#"`auth.role` names the field of the identity that holds the role. It must be an `enum` that every account has
and that policies see, so it is not `optional`, `write_only` or `encrypted`, and
`auth.admin_role` must be one of its values: it is what `create-admin` grants. A default that is the
administrator's role would make everyone who registers an administrator.

The field should be `guarded`: otherwise whoever may change an account may change its role, unless the policies
say `resource.role == principal.role`, as those do that a project begins with."#,
);

/// The base path is malformed.
pub static BASE_PATH: Code = Code::new(
    "secapi::spec::base_path",
    r#"The base path is what every route of the resources begins with: `/api/v1`. It begins with a slash, does
not end in one, and its parts are of the characters `a-z 0-9 - _ . ~`. `/` alone puts the resources at the root.
It must not begin with what the service serves itself: `/health`, `/docs`, `/problems`, `/metrics`, `/.well-known`."#,
);

/// A CORS origin is not exact.
pub static ORIGIN: Code = Code::new(
    "secapi::spec::origin",
    r#"Origins are compared as a whole, so each is written as browsers send it: scheme, host and port in lower
case without a path, `https://app.example.com` or `http://localhost:3000`. The default port is left out.
A wildcard is refused: it would let any web site call the service in its visitors' name."#,
);

/// A setting is outside of its safe range.
pub static SETTING: Code = Code::new(
    "secapi::spec::setting",
    r#"The value is outside of the range in which the setting does its work: a password minimum below what the
profile allows, a token that lives for seconds or for months, a body limit of nothing. The help line
names the range."#,
);

/// An access token lives over an hour.
pub static LONG_TOKEN: Code = Code::new(
    "secapi::spec::long_token",
    r#"An access token that lives over an hour is refused in production. The service checks the session on
every request, so the lifetime matters for other systems that accept the token: they learn of a logout
only when it expires. Sessions stay open by the refresh token; there is no need for a long access token."#,
);
