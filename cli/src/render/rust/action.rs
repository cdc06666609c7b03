//! The view of one action: what it takes, what it answers with, and the method that a project writes for it.

use serde::Serialize;

use super::field::FieldView;
use super::limits::limited;
use super::resource::{EnumView, Operations, braced, row_name};
use super::values;
use crate::model::{Action, Field, FieldKind, Method, Resource, Service, Target};
use crate::render::code::Rust;
use crate::render::layout;

#[derive(Debug, Serialize)]
pub(crate) struct ActionView {
    verb: Rust,
    /// The name of the Cedar action: `project:archive`.
    cedar: Rust,
    note: Rust,
    method: Rust,
    /// The function of `Route`: `post`.
    lower: Rust,
    path: Rust,
    /// The method of `Rules`.
    ident: Rust,
    /// The endpoint's function.
    endpoint: Rust,
    type_name: Rust,
    input_type: Rust,
    output_type: Rust,
    /// The type of what the method of `Rules` gives: `()` where the answer is the row, or nothing.
    answer: Rust,
    parameters: Rust,
    /// What the endpoint gives to the method of `Rules`.
    arguments: Rust,
    input: Vec<FieldView>,
    output: Vec<FieldView>,
    enums: Vec<EnumView>,
    /// The local variable of the reader of a body.
    reader: Rust,
    is_on_item: bool,
    writes: bool,
    has_input: bool,
    has_output: bool,
    /// Whether a keyed request is answered twice.
    repeats: bool,
    limit: Rust,
    skeleton: Rust,
}

impl ActionView {
    pub(super) fn new(
        service: &Service,
        resource: &Resource,
        action: &Action,
        has: &Operations,
    ) -> Self {
        let fields = |fields: &[Field]| -> Vec<FieldView> {
            let fields = fields.iter().enumerate();
            fields
                .map(|(index, field)| FieldView::new(index, field, has))
                .collect()
        };
        let outputs = action.output.as_deref().unwrap_or_default();
        Self {
            verb: Rust::text(&action.name),
            cedar: Rust::code(format!("{}:{}", resource.name, action.name)),
            note: Rust::code(note(action)),
            method: Rust::name(action.method.as_str()),
            lower: Rust::name(action.method.lower()),
            path: Rust::code(action.path(&resource.path)),
            ident: Rust::name(&action.rust_ident),
            endpoint: Rust::name(&action.endpoint),
            type_name: Rust::name(&action.type_name),
            input_type: Rust::name(&action.input_type),
            output_type: Rust::name(&action.output_type),
            answer: Rust::code(answer(action).to_owned()),
            parameters: Rust::code(parameters(resource, action, "")),
            arguments: Rust::code(arguments(resource, action)),
            input: fields(&action.input),
            output: fields(outputs),
            enums: action
                .input
                .iter()
                .chain(outputs)
                .filter_map(EnumView::new)
                .collect(),
            reader: Rust::code(reader(action)),
            is_on_item: action.is_on_item(),
            writes: action.writes(),
            has_input: !action.input.is_empty(),
            has_output: action.output.is_some(),
            repeats: service.auth.is_some() && action.method == Method::Post,
            limit: limited(action.limit),
            skeleton: Rust::code(method(resource, action)),
        }
    }
}

/// What follows the route in a comment: the description, where there is one.
fn note(action: &Action) -> String {
    let description = action.description.as_deref().map(Rust::doc);
    let words = description.filter(|words| !words.as_str().is_empty());
    words.map_or_else(String::new, |words| format!(" {}", words.as_str()))
}

fn answer(action: &Action) -> &str {
    match action.output {
        Some(_) => &action.output_type,
        None => "()",
    }
}

/// The parameters of the method, each name behind this mark.
fn parameters(resource: &Resource, action: &Action, mark: &str) -> String {
    let mut out = vec![format!("{mark}scope: &mut Scope")];
    if action.on == Target::Item {
        let reference = if action.writes() { "&mut " } else { "&" };
        out.push(format!(
            "{mark}{}: {reference}{}",
            row_name(resource),
            resource.struct_name
        ));
    }
    if !action.input.is_empty() {
        out.push(format!("{mark}input: {}", action.input_type));
    }
    out.join(", ")
}

fn arguments(resource: &Resource, action: &Action) -> String {
    let mut out = vec!["&mut scope".to_owned()];
    if action.on == Target::Item {
        out.push(match action.writes() {
            true => format!("&mut {}", row_name(resource)),
            false => "&stored".to_owned(),
        });
    }
    if !action.input.is_empty() {
        out.push("input".to_owned());
    }
    out.join(", ")
}

fn reader(action: &Action) -> String {
    let mut name = "input".to_owned();
    while action.input.iter().any(|field| field.rust_ident == name) {
        name.push('_');
    }
    name
}

/// The method as a project gets it to begin with: it compiles, it answers, and it says what is missing.
#[must_use]
pub fn skeleton(resource: &Resource, action: &Action) -> String {
    layout::tidy(&method(resource, action))
}

/// What that method needs of its resource: the end of `use super::…;`.
#[must_use]
pub fn skeleton_imports(resource: &Resource, action: &Action) -> String {
    braced(imports_of(resource, action)).as_str().to_owned()
}

fn method(resource: &Resource, action: &Action) -> String {
    let (method, path) = (action.method.as_str(), action.path(&resource.path));
    let state = match (&action.output, action.on) {
        (Some(_), _) => "Nothing is done yet: every value of the answer is a placeholder.",
        (None, Target::Item) => "Nothing is changed yet: the answer is the row as it stands.",
        (None, Target::Collection) => "Nothing is done yet: the answer is 204.",
    };
    let body = match &action.output {
        None => "        Ok(())\n".to_owned(),
        Some(fields) => placeholder(&action.output_type, fields),
    };
    let parameters = parameters(resource, action, "_").replace("_input:", "input:");
    let (ident, body) = (&action.rust_ident, taken(action) + &body);
    let answer = answer(action);
    format!(
        "    /// `{method} {path}`. {state}\n    async fn {ident}({parameters}) -> Result<{answer}, Error> {{\n{body}    }}\n"
    )
}

/// Names what the caller sent, so that nothing of it is unknown, nor unused.
fn taken(action: &Action) -> String {
    if action.input.is_empty() {
        return String::new();
    }
    let fields = action.input.iter();
    let fields = fields.map(|field| format!("{}: _{}", field.rust_ident, field.name));
    let fields: Vec<String> = fields.collect();
    format!(
        "        let {} {{ {} }} = input;\n",
        action.input_type,
        fields.join(", ")
    )
}

fn placeholder(output_type: &str, fields: &[Field]) -> String {
    let mut out = format!("        Ok({output_type} {{\n");
    for field in fields {
        let value = values::placeholder(field);
        out += &format!("            {}: {value},\n", field.rust_ident);
    }
    out + "        })\n"
}

/// The types that the file of a project needs for its actions.
pub(super) fn imports(resource: &Resource) -> Vec<String> {
    let actions = resource.actions.iter();
    actions
        .flat_map(|action| imports_of(resource, action))
        .collect()
}

fn imports_of(resource: &Resource, action: &Action) -> Vec<String> {
    let mut out = Vec::new();
    out.extend((action.on == Target::Item).then(|| resource.struct_name.clone()));
    out.extend((!action.input.is_empty()).then(|| action.input_type.clone()));
    let Some(fields) = &action.output else {
        return out;
    };
    out.push(action.output_type.clone());
    let named = fields.iter().filter(|field| !field.is_nullable());
    out.extend(named.filter_map(|field| match &field.kind {
        FieldKind::Enum(enumeration) => Some(enumeration.type_name.clone()),
        _ => None,
    }));
    out
}

/// The types that the endpoints name.
pub(super) fn in_endpoints(resource: &Resource) -> impl Iterator<Item = String> {
    resource.actions.iter().flat_map(|action| {
        let input = (!action.input.is_empty()).then(|| action.input_type.clone());
        [Some(action.type_name.clone()), input]
            .into_iter()
            .flatten()
    })
}
