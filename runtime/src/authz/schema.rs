//! The Cedar schema of a service, written from its model: the same model always gives the same text.

use super::schema_model::{AttributeKind, GuardedModel, IdentityModel, ResourceModel, SchemaModel};
use std::fmt::Write;

/// The text of `schema.cedarschema`.
#[must_use]
pub fn schema_text(model: &SchemaModel) -> String {
    let mut body = vec![CONTEXT.to_owned(), callers(model)];
    body.extend(
        model
            .resources
            .iter()
            .map(|resource| entity(model, resource)),
    );
    body.push(groups(model));
    let principals = principals(model);
    body.extend(
        model
            .resources
            .iter()
            .flat_map(|resource| actions(resource, &principals)),
    );
    let body = body.join("\n");
    if model.namespace.is_empty() {
        return body;
    }
    format!("namespace {} {{\n{}}}\n", model.namespace, indented(&body))
}

/// What policies read from `context`.
const CONTEXT: &str = "\
// The circumstances of a request. `in_scope`: the credential's scopes cover the action.
type RequestContext = {
  ip: ipaddr,
  now: datetime,
  mfa: Bool,
  credential: String,
  scopes: Set<String>,
  in_scope: Bool,
  authenticated_at?: datetime,
};
";

/// Who may call: the anonymous caller, and the roles of those who sign in.
fn callers(model: &SchemaModel) -> String {
    let mut text =
        String::from("// A caller without a credential.\nentity Anonymous enum [\"anonymous\"];\n");
    if let Some(identity) = identity_with_roles(model) {
        let roles = joined(identity.roles.iter().map(|role| quoted(role)));
        let _ = write!(
            text,
            "\n// What a {} can be.\nentity Role enum [{roles}];\n",
            identity.kind
        );
    }
    text
}

fn identity_with_roles(model: &SchemaModel) -> Option<&IdentityModel> {
    model
        .identity
        .as_ref()
        .filter(|identity| !identity.roles.is_empty())
}

fn principals(model: &SchemaModel) -> String {
    match &model.identity {
        Some(identity) => format!("{}, Anonymous", identity.kind),
        None => "Anonymous".to_owned(),
    }
}

/// The entity type of one resource, behind those of its memberships.
fn entity(model: &SchemaModel, resource: &ResourceModel) -> String {
    let mut text = String::new();
    for (name, kind) in memberships(resource) {
        let _ = write!(
            text,
            "// Those who are in the `{name}` of one {}: it has the row's id.\nentity {kind};\n\n",
            resource.name
        );
    }
    text += &comment(resource.doc.as_deref());
    let _ = writeln!(
        text,
        "entity {}{} = {{",
        resource.kind,
        parents(model, resource)
    );
    text.push_str("  id: String,\n");
    let mut written = vec!["id", "created_at", "updated_at"];
    for attribute in &resource.attributes {
        if written.contains(&attribute.name.as_str()) {
            continue;
        }
        written.push(&attribute.name);
        let mark = if attribute.optional { "?" } else { "" };
        let (name, kind) = (word(&attribute.name), type_name(&attribute.kind));
        let _ = writeln!(text, "  {name}{mark}: {kind},");
    }
    text.push_str("  created_at: datetime,\n  updated_at: datetime,\n};\n");
    text
}

/// What rows of a resource can be in: roles and memberships, where they sign in.
fn parents(model: &SchemaModel, resource: &ResourceModel) -> String {
    let identity = model.identity.as_ref();
    let Some(identity) = identity.filter(|identity| identity.kind == resource.kind) else {
        return String::new();
    };
    let role = (!identity.roles.is_empty()).then_some("Role");
    let kinds = model.resources.iter().flat_map(memberships);
    let all: Vec<&str> = role
        .into_iter()
        .chain(kinds.map(|(_, kind)| kind))
        .collect();
    if all.is_empty() {
        return String::new();
    }
    format!(" in [{}]", all.join(", "))
}

/// The attributes that name memberships, each with its type.
fn memberships(resource: &ResourceModel) -> impl Iterator<Item = (&str, &str)> {
    let attributes = resource.attributes.iter();
    attributes.filter_map(|attribute| match &attribute.kind {
        AttributeKind::Members(kind) => Some((attribute.name.as_str(), kind.as_str())),
        _ => None,
    })
}

fn type_name(kind: &AttributeKind) -> String {
    match kind {
        AttributeKind::Bool => "Bool".to_owned(),
        AttributeKind::Long => "Long".to_owned(),
        AttributeKind::String => "String".to_owned(),
        AttributeKind::Decimal => "decimal".to_owned(),
        AttributeKind::Datetime => "datetime".to_owned(),
        AttributeKind::Duration => "duration".to_owned(),
        AttributeKind::Ip => "ipaddr".to_owned(),
        AttributeKind::Entity(kind) | AttributeKind::Members(kind) => kind.clone(),
        AttributeKind::Set(inner) => format!("Set<{}>", type_name(inner)),
    }
}

/// The groups that policies may name instead of single actions.
fn groups(model: &SchemaModel) -> String {
    let mut text = String::from(
        "// Groups of actions: every list and read; every create, update and delete; the guarded fields; all others.\n\
         action reads, writes, guarded_reads, guarded_writes, custom;\n",
    );
    let names = joined(model.resources.iter().map(|resource| word(&resource.name)));
    if !names.is_empty() {
        let _ = write!(
            text,
            "\n// The five basic actions of one resource.\naction {names};\n"
        );
    }
    text
}

/// The actions of one resource, those with the same groups in one declaration.
fn actions(resource: &ResourceModel, principals: &str) -> Vec<String> {
    let named = |name: &String| format!("{}:{name}", resource.name);
    let (reads, writes): (Vec<&String>, Vec<&String>) = resource
        .operations
        .iter()
        .partition(|operation| matches!(operation.as_str(), "list" | "read"));
    let guarded = |verb: &str, allowed: fn(&GuardedModel) -> bool| {
        resource
            .guarded
            .iter()
            .filter(|guarded| allowed(guarded))
            .map(|guarded| format!("{}:{verb}:{}", resource.name, guarded.field))
            .collect()
    };
    let own = word(&resource.name);
    let declared: [(String, Vec<String>); 5] = [
        (
            format!("reads, {own}"),
            reads.into_iter().map(named).collect(),
        ),
        (
            format!("writes, {own}"),
            writes.into_iter().map(named).collect(),
        ),
        (
            "guarded_reads".to_owned(),
            guarded("read", |field| field.readable),
        ),
        (
            "guarded_writes".to_owned(),
            guarded("write", |field| field.writable),
        ),
        (
            "custom".to_owned(),
            resource.custom.iter().map(named).collect(),
        ),
    ];
    declared
        .iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(groups, names)| declaration(groups, names, principals, &resource.kind))
        .collect()
}

fn declaration(groups: &str, names: &[String], principals: &str, kind: &str) -> String {
    let names = joined(names.iter().map(|name| quoted(name)));
    format!(
        "action {names} in [{groups}] appliesTo {{\n  principal: [{principals}],\n  resource: [{kind}],\n  context: RequestContext,\n}};\n"
    )
}

/// The document text as one comment line. What could end the line, or make it look like another, is taken out.
fn comment(doc: Option<&str>) -> String {
    let is_hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    let visible = doc.unwrap_or_default().replace(is_hidden, " ");
    let words: Vec<&str> = visible.split_whitespace().collect();
    if words.is_empty() {
        return String::new();
    }
    format!("// {}\n", words.join(" "))
}

/// A name as an identifier where it is one, else as a string.
fn word(name: &str) -> String {
    const KEYWORDS: [&str; 10] = [
        "true", "false", "if", "then", "else", "in", "is", "like", "has", "__cedar",
    ];
    let mut characters = name.chars();
    let starts_well = characters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_');
    let goes_on_well = characters.all(|next| next.is_ascii_alphanumeric() || next == '_');
    if starts_well && goes_on_well && !KEYWORDS.contains(&name) {
        name.to_owned()
    } else {
        quoted(name)
    }
}

/// A Cedar string literal.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.escape_debug())
}

fn joined(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(", ")
}

/// Every line that is not empty moved in by one step.
fn indented(text: &str) -> String {
    let mut result = String::with_capacity(text.len() + text.len() / 8);
    for line in text.lines() {
        if !line.is_empty() {
            result.push_str("  ");
            result.push_str(line);
        }
        result.push('\n');
    }
    result
}
