//! The names of the service that the policies are for.

/// What the shipped policies have to know of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyNames {
    /// The Cedar namespace; empty where there is none.
    pub namespace: String,
    /// Who signs in; without it every caller is anonymous.
    pub identity: Option<IdentityNames>,
    /// The role that does everything.
    pub admin_role: Option<String>,
    /// All resources, the identity among them.
    pub resources: Vec<ResourceNames>,
    /// Whether the spec is the shipped one, whose fields some policies and all tests name.
    pub is_shipped_spec: bool,
}

/// The resource that signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityNames {
    /// Its name; it is one of the resources.
    pub name: String,
    /// The field that names the role.
    pub role_field: Option<String>,
    /// The role that the field has by default: the only one that a newcomer may have. Without one, or where it is the
    /// administrators' own, registration stays closed.
    pub default_role: Option<String>,
    /// Whether a change of the row may change the role: nothing guards the field.
    pub role_changes: bool,
}

/// One resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceNames {
    /// Its name, such as `user`.
    pub name: String,
    /// Its entity type, such as `User`.
    pub kind: String,
    /// Its plain actions without the resource's name: `list`, `read`, …, and further ones such as `register`.
    pub actions: Vec<String>,
    /// The guarded fields that have a read action.
    pub guarded_reads: Vec<String>,
    /// The guarded fields that have a write action.
    pub guarded_writes: Vec<String>,
    /// Whether `restore` undoes a deletion; a resource may have an action of its own that is called so.
    pub restores: bool,
    /// The field that names the account which a row belongs to.
    pub owner: Option<ReferenceNames>,
    /// The relation that has accounts as its members.
    pub members: Option<String>,
    /// The field that names a row with members, and their relation there.
    pub team: Option<(ReferenceNames, String)>,
}

/// A field that names a row of another resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceNames {
    /// Its name.
    pub field: String,
    /// Whether it may be empty.
    pub optional: bool,
}

impl ReferenceNames {
    /// A condition on the row that is named, where one is.
    fn condition(&self, on: impl Fn(&str) -> String) -> String {
        let condition = on(&attribute("resource", &self.field));
        match self.optional {
            true => format!("resource has {} && {condition}", key(&self.field)),
            false => condition,
        }
    }
}

impl ResourceNames {
    pub(crate) fn has(&self, action: &str) -> bool {
        self.actions.iter().any(|own| own == action)
    }

    /// Its plain actions in full.
    pub(crate) fn actions(&self) -> impl Iterator<Item = String> {
        self.actions
            .iter()
            .map(|action| format!("{}:{action}", self.name))
    }

    /// The actions of its guarded fields in full.
    pub(crate) fn field_actions(&self) -> impl Iterator<Item = String> {
        let reads = self
            .guarded_reads
            .iter()
            .map(|field| format!("{}:read:{field}", self.name));
        let writes = self
            .guarded_writes
            .iter()
            .map(|field| format!("{}:write:{field}", self.name));
        reads.chain(writes)
    }

    /// The name as words.
    fn words(&self) -> String {
        self.name.replace('_', " ")
    }
}

type Anchors = Vec<(String, String)>;

fn anchor(from: &str, to: impl Into<String>) -> (String, String) {
    (from.to_owned(), to.into())
}

impl PolicyNames {
    pub(crate) fn is_identity(&self, resource: &ResourceNames) -> bool {
        self.identity
            .as_ref()
            .is_some_and(|identity| identity.name == resource.name)
    }

    pub(crate) fn identity_resource(&self) -> Option<&ResourceNames> {
        self.resources
            .iter()
            .find(|resource| self.is_identity(resource))
    }

    /// What a newcomer's row has to say of its role.
    pub(crate) fn role_condition(&self) -> Option<String> {
        let identity = self.identity.as_ref()?;
        let (field, role) = (
            identity.role_field.as_ref()?,
            identity.default_role.as_ref()?,
        );
        Some(format!(
            "{} == {}",
            attribute("resource", field),
            literal(role)
        ))
    }

    /// What a row has to say of its role that its account changes; `None` where a change cannot touch the role, or an action
    /// of its own is asked for it.
    pub(crate) fn same_role(&self) -> Option<String> {
        let identity = self.identity.as_ref()?;
        let field = identity.role_field.as_ref()?;
        let [row, caller] = ["resource", "principal"].map(|of| attribute(of, field));
        identity.role_changes.then(|| format!("{row} == {caller}"))
    }

    /// Whether nobody can register as an administrator: there are no roles, or there is a plain one for newcomers.
    pub(crate) fn newcomers_are_harmless(&self) -> bool {
        self.identity
            .as_ref()
            .is_some_and(|identity| match &identity.default_role {
                _ if identity.role_field.is_none() => true,
                None => false,
                default => *default != self.admin_role,
            })
    }

    fn prefix(&self) -> String {
        if self.namespace.is_empty() {
            String::new()
        } else {
            format!("{}::", self.namespace)
        }
    }

    /// The names in the policies of user management, longest first.
    pub(crate) fn anchors(&self) -> Anchors {
        let prefix = self.prefix();
        let mut anchors = Anchors::new();
        if let Some(role) = &self.admin_role {
            anchors.push(anchor(
                "App::Role::\"admin\"",
                format!("{prefix}Role::{}", literal(role)),
            ));
        }
        if let Some(condition) = self.role_condition() {
            anchors.push(anchor("resource.role == \"user\"", condition));
        }
        if let Some(identity) = self.identity_resource() {
            let name = &identity.name;
            anchors.push(anchor(
                "App::Action::\"user:",
                format!("{prefix}Action::\"{name}:"),
            ));
            anchors.push(anchor("App::User", format!("{prefix}{}", identity.kind)));
            anchors.push(anchor("@id(\"user-", format!("@id(\"{name}-")));
            anchors.push(anchor(
                "signed-in user ",
                format!("signed-in {} ", identity.words()),
            ));
            anchors.push(anchor(
                "with a user.",
                format!("with {}.", with_article(&identity.words())),
            ));
        }
        anchors.push(anchor("App::", prefix));
        anchors
    }

    /// The names in the file of a closed resource.
    pub(crate) fn anchors_for(&self, resource: &ResourceNames) -> Anchors {
        let (prefix, words) = (self.prefix(), resource.words());
        let mut anchors = fields(resource, &prefix);
        anchors.extend([
            anchor(
                "App::Action::\"note\"",
                format!("{prefix}Action::{}", literal(&resource.name)),
            ),
            anchor(
                "App::Action::\"note:",
                format!("{prefix}Action::\"{}:", resource.name),
            ),
            anchor("App::Note", format!("{prefix}{}", resource.kind)),
            anchor("@id(\"note-", format!("@id(\"{}-", resource.name)),
            anchor("a note", with_article(&words)),
            anchor("reads notes;", format!("reads any {words};")),
            anchor(
                "creates notes.",
                format!("creates {}.", with_article(&words)),
            ),
        ]);
        anchors.extend(self.anchors());
        anchors
    }

    /// The names in policy tests.
    pub(crate) fn case_anchors(&self) -> Anchors {
        vec![anchor("App::", self.prefix())]
    }
}

/// What the policies of presets say of the fields of a note.
fn fields(resource: &ResourceNames, prefix: &str) -> Anchors {
    let mut anchors = Anchors::new();
    if let Some(owner) = &resource.owner {
        let condition = owner.condition(|owner| format!("{owner} == principal"));
        anchors.push(anchor("resource.owner == principal", condition));
    }
    if let Some((team, members)) = &resource.team {
        let condition = team.condition(|team| format!("principal in {}", attribute(team, members)));
        anchors.push(anchor(
            "principal in resource.organization.members",
            condition,
        ));
    }
    if let Some(members) = &resource.members {
        let condition = format!("principal in {}", attribute("resource", members));
        anchors.push(anchor("principal in resource.members", condition));
        anchors.push(anchor(
            "App::Action::\"note:members:",
            format!("{prefix}Action::\"{}:{members}:", resource.name),
        ));
    }
    anchors
}

fn with_article(words: &str) -> String {
    let article = if words.starts_with(['a', 'e', 'i', 'o']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {words}")
}

/// An attribute; a name that Cedar reads as a word of its own stands in brackets.
fn attribute(of: &str, name: &str) -> String {
    if KEYWORDS.contains(&name) {
        format!("{of}[{}]", literal(name))
    } else {
        format!("{of}.{name}")
    }
}

/// The name of an attribute behind `has`.
fn key(name: &str) -> String {
    if KEYWORDS.contains(&name) {
        literal(name)
    } else {
        name.to_owned()
    }
}

const KEYWORDS: [&str; 9] = [
    "true", "false", "if", "then", "else", "in", "is", "like", "has",
];

/// A Cedar string literal.
fn literal(text: &str) -> String {
    format!("\"{}\"", text.escape_debug())
}
