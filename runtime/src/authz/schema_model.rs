//! What a schema is written from: plain data, filled by the compiler from its model of the service.

/// Names of resources that would collide with the action groups of every schema. The model refuses them.
pub const RESERVED_RESOURCES: &[&str] = &[
    "reads",
    "writes",
    "guarded_reads",
    "guarded_writes",
    "custom",
];

/// Names of entity types that every schema, or Cedar itself, needs. The model refuses resources of these kinds.
pub const RESERVED_KINDS: &[&str] = &[
    "Action",
    "Anonymous",
    "Bool",
    "Boolean",
    "Entity",
    "Extension",
    "Long",
    "Record",
    "RequestContext",
    "Role",
    "Set",
    "String",
];

/// What the schema is written from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaModel {
    /// The Cedar namespace.
    pub namespace: String,
    /// Who signs in; without it every caller is anonymous.
    pub identity: Option<IdentityModel>,
    /// The resources, in the order of the spec.
    pub resources: Vec<ResourceModel>,
}

/// The resource that signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityModel {
    /// Its entity type, such as `User`.
    pub kind: String,
    /// The values of its role field; empty where it has none.
    pub roles: Vec<String>,
}

/// One resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceModel {
    /// Its name, such as `user`.
    pub name: String,
    /// Its entity type, such as `User`.
    pub kind: String,
    /// What it is, in a sentence.
    pub doc: Option<String>,
    /// Its attributes beyond `id`, `created_at` and `updated_at`, which every resource has.
    pub attributes: Vec<AttributeModel>,
    /// Its guarded fields.
    pub guarded: Vec<GuardedModel>,
    /// Which of `list`, `read`, `create`, `update` and `delete` it has.
    pub operations: Vec<String>,
    /// Its further actions, such as `register`.
    pub custom: Vec<String>,
}

/// One attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeModel {
    /// The field's name.
    pub name: String,
    /// Its type.
    pub kind: AttributeKind,
    /// Whether it may be unset.
    pub optional: bool,
}

/// The type of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttributeKind {
    /// `Bool`
    Bool,
    /// `Long`
    Long,
    /// `String`
    String,
    /// `decimal`
    Decimal,
    /// `datetime`
    Datetime,
    /// `duration`
    Duration,
    /// `ipaddr`
    Ip,
    /// A reference to an entity of this type.
    Entity(String),
    /// `Set`
    Set(Box<AttributeKind>),
    /// Those of the identity that belong to the row: an entity of this type with the row's id, which they are in.
    Members(String),
}

/// A field with actions of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardedModel {
    /// The field's name.
    pub field: String,
    /// Whether a caller can ask to read it.
    pub readable: bool,
    /// Whether a caller can ask to write it.
    pub writable: bool,
}
