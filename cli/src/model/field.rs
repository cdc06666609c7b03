//! One field: its names, its kind with the limits of that kind, and who may set and see it.

use serde::Serialize;

use super::Literal;

/// One field of a resource.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Field {
    /// The name in the spec, in JSON, in Cedar and in query parameters: `first_name`.
    pub name: String,
    /// The name in plain words, for documentation: `first name`.
    pub words: String,
    /// The name as a Rust field or variable: `first_name`, `r#type`, `self_`.
    pub rust_ident: String,
    /// The name as a Rust constant: `FIRST_NAME`.
    pub const_name: String,
    /// The name as a part of a Rust type name: `FirstName`.
    pub type_name: String,
    /// The column's name without quotes.
    pub column: String,
    /// The column's name as SQL writes it: quoted exactly where it is a keyword.
    pub sql_column: String,
    /// The type with its limits.
    pub kind: FieldKind,
    /// Whether it must be sent, may be absent, or has a default.
    pub presence: Presence,
    /// No two rows hold the same value.
    pub unique: bool,
    /// An index of its own is made. Never together with `unique`, which makes one already.
    pub index: bool,
    /// The parameter `q` of lists looks into it. Text only.
    pub search: bool,
    /// Set at creation only.
    pub immutable: bool,
    /// Set by the service only.
    pub read_only: bool,
    /// Never returned.
    pub write_only: bool,
    /// Has Cedar actions of its own for reading and writing.
    pub guarded: bool,
    /// Encrypted in the database.
    pub encrypted: bool,
    /// Never logged.
    pub sensitive: bool,
    /// A sentence for the documentation.
    pub description: Option<String>,
    /// A legal value for the documentation and the generated tests.
    pub example: Option<Literal>,
    /// The name that this field had before.
    pub renamed_from: Option<String>,
    /// What rows that exist get where this field comes to them, or their value has no place in it.
    pub backfill: Option<Literal>,
}

impl Field {
    /// Whether the column, and the value in an answer, may be null.
    #[must_use]
    pub fn is_nullable(&self) -> bool {
        matches!(self.presence, Presence::Optional)
    }

    /// Whether a creation must name it.
    #[must_use]
    pub fn is_required(&self) -> bool {
        matches!(self.presence, Presence::Required)
    }

    /// Whether lists filter by it.
    #[must_use]
    pub fn is_comparable(&self) -> bool {
        let kind = match &self.kind {
            FieldKind::List(rule) => &*rule.of,
            kind => kind,
        };
        let opaque = matches!(kind, FieldKind::Bytes { .. } | FieldKind::Json { .. });
        !self.write_only && !self.sensitive && !self.encrypted && !opaque
    }

    /// Whether lists are ordered by it.
    #[must_use]
    pub fn is_sortable(&self) -> bool {
        let plain = !matches!(self.kind, FieldKind::List(_) | FieldKind::Reference(_));
        self.is_comparable() && plain
    }

    /// The row that it points to, where it is a `ref`.
    #[must_use]
    pub fn reference(&self) -> Option<&Reference> {
        match &self.kind {
            FieldKind::Reference(reference) => Some(reference),
            _ => None,
        }
    }

    /// The default, where there is one.
    #[must_use]
    pub fn default(&self) -> Option<&Literal> {
        match &self.presence {
            Presence::Default(literal) => Some(literal),
            Presence::Required | Presence::Optional => None,
        }
    }
}

/// Whether a field must be sent at creation.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// It must be sent.
    Required,
    /// It may be absent, and is `null` then.
    Optional,
    /// It may be absent, and is this value then. Never null.
    Default(Literal),
}

/// The type of a field, with the limits that this type has.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// `string`, `text`, `email`, `url`, `phone`: characters, with a shape.
    Text(TextRule),
    /// `integer`: a whole number within ±2^53.
    Integer(Range<i64>),
    /// `integer` with `wide: true`: 64 bits, a string on the wire.
    WideInteger(Range<i64>),
    /// `number`: a finite double.
    Number(Range<f64>),
    /// `decimal`: exact, a string on the wire.
    Decimal {
        /// Digits after the point, 0 to 4.
        scale: u8,
        /// The limits.
        range: Range<DecimalValue>,
    },
    /// `boolean`
    Boolean,
    /// `uuid`
    Uuid,
    /// `date`
    Date(Range<Moment>),
    /// `time`
    Time(Range<Moment>),
    /// `datetime`
    Datetime(Range<Moment>),
    /// `duration`
    Duration(Range<Moment>),
    /// `ip`
    Ip,
    /// `enum`
    Enum(Enumeration),
    /// `bytes`: base64 on the wire.
    Bytes {
        /// The greatest number of decoded bytes.
        max: u64,
    },
    /// `ref`: the id of a row.
    Reference(Reference),
    /// `list`
    List(ListRule),
    /// `json`
    Json {
        /// The greatest number of bytes of its compact text.
        max_bytes: u64,
    },
}

impl FieldKind {
    /// The enum that it is, or that its elements are.
    #[must_use]
    pub fn enumeration(&self) -> Option<&Enumeration> {
        match self {
            Self::Enum(enumeration) => Some(enumeration),
            Self::List(rule) => rule.of.enumeration(),
            _ => None,
        }
    }
}

/// The rules for a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListRule {
    /// What each element is: neither a list nor JSON.
    pub of: Box<FieldKind>,
    /// The greatest number of elements.
    pub max_items: u32,
}

/// The row that a field points to, and what happens when that row is deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// The resource in the spec: `user`.
    pub to: String,
    /// Its Rust type and Cedar entity type: `User`.
    pub kind: String,
    /// Its Rust module: `user`.
    pub module: String,
    /// Its table without quotes: `users`.
    pub table: String,
    /// Its name in plain words: `order line`.
    pub words: String,
    /// What happens when the row is deleted.
    pub on_delete: OnDelete,
}

/// What happens with a row when one that it points to is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnDelete {
    /// The deletion is refused.
    Restrict,
    /// It is deleted as well.
    Cascade,
    /// It points to nothing any longer.
    SetNull,
}

/// Lower and upper limit, both included; `None` where the spec sets none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Range<T> {
    /// The least value.
    pub min: Option<T>,
    /// The greatest value.
    pub max: Option<T>,
}

/// The rules for a field of characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TextRule {
    /// What the characters must look like.
    pub shape: TextShape,
    /// The least length in Unicode scalar values; 0 where the spec sets none.
    pub min: u32,
    /// The greatest length in Unicode scalar values; the shape's default where the spec sets none.
    pub max: u32,
    /// A regular expression that the whole value must match, in the `regex` crate's dialect, without anchors.
    pub pattern: Option<String>,
    /// A set of characters with a name.
    pub format: Option<Format>,
    /// White space at both ends is removed before anything is checked.
    pub trim: bool,
}

/// How many characters of a text lists are ordered by: the runtime's `list::ORDERED_CHARACTERS`, to which a test holds it.
const ORDERED_CHARACTERS: u32 = 256;

impl TextRule {
    /// Whether a text may be longer than what lists are ordered by.
    #[must_use]
    pub fn is_long(&self) -> bool {
        self.max > ORDERED_CHARACTERS
    }
}

/// What a field of characters must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TextShape {
    /// One line.
    String,
    /// Many lines.
    Text,
    /// An email address.
    Email,
    /// An absolute http or https address.
    Url,
    /// A telephone number as E.164 writes it.
    Phone,
}

/// A set of characters with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Format {
    /// Letters, marks, space, apostrophe, hyphen and point.
    PersonName,
}

/// An exact decimal, both as people write it and as the database stores it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DecimalValue {
    /// As on the wire, with exactly the field's number of digits after the point: `12.50`.
    pub wire: String,
    /// The number times 10,000.
    pub units: i64,
}

/// A date, time, datetime or duration, both as people write it and as a number to compare by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moment {
    /// As on the wire, in canonical form: `2026-01-02`, `08:30:00`, `2026-01-02T03:04:05.678Z`, `PT15M`.
    pub wire: String,
    /// Milliseconds: since 1970 for dates and datetimes, since midnight for times, the length for durations.
    pub ms: i64,
}

/// The values of an enum field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Enumeration {
    /// The Rust type: `UserRole`.
    pub type_name: String,
    /// The values, in the order of the spec. At least one.
    pub choices: Vec<Choice>,
    /// Values that were called otherwise before: the value, and what it was.
    pub renamed: Vec<(String, String)>,
}

/// One value of an enum field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// As on the wire and in the database: `in-progress`.
    pub value: String,
    /// The Rust variant: `InProgress`.
    pub variant: String,
}
