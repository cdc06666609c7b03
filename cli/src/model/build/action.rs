//! Actions: their names, what they take and what they answer with.

use super::field::{self, Owner, Part};
use super::resource::{is_name, taken};
use super::service::is;
use crate::diagnostic::{Diagnostics, Span, brief, spec as code};
use crate::model::{Action, Field, Method, Target, name, reserved};
use crate::spec::{self, Spanned};

/// All actions of a resource. Quotas come later, from the resource's own map of them.
pub(super) fn actions(
    raw: &spec::Resource,
    resource: &Owner<'_>,
    diagnostics: &mut Diagnostics,
) -> Vec<Action> {
    let has = reserved::Has {
        accounts: resource.is_identity,
        restore: raw.soft_delete.is_some(),
    };
    raw.actions
        .iter()
        .filter_map(|written| {
            free(raw, written, has, diagnostics);
            action(raw, written, resource, diagnostics)
        })
        .collect()
}

fn free(
    raw: &spec::Resource,
    written: &spec::Action,
    has: reserved::Has,
    diagnostics: &mut Diagnostics,
) {
    let name = &written.name;
    if let Some(reason) = reserved::action(&name.value, has) {
        let help = format!(
            "choose another, such as `{}_{}`",
            name.value, raw.name.value
        );
        taken(&code::RESERVED_NAME, name, reason, &help, diagnostics);
    }
}

fn action(
    raw: &spec::Resource,
    written: &spec::Action,
    resource: &Owner<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Action> {
    let named = is_name(&written.name, "custom action", diagnostics);
    let (method, on) = (method(written), target(written));
    let name = written.name.value.as_str();
    let stem = name::action_type(&raw.name.value, name);
    let owner = |part, end: &str| (part, format!("{stem}{end}"));
    let mut read = |fields: &Spanned<Vec<spec::Field>>, (part, struct_name): (Part<'_>, String)| {
        let owner = Owner {
            resource: &raw.name.value,
            struct_name: &struct_name,
            is_identity: resource.is_identity && matches!(part, Part::Fields),
            list: None,
            targets: resource.targets,
            part,
        };
        self::fields(&fields.value, &owner, diagnostics)
    };
    let input = written.input.as_ref();
    let input = input.map(|input| read(input, owner(Part::Input(name), "Input")));
    let output = written.output.as_ref();
    let output = output.map(|output| read(output, owner(Part::Output(name), "Output")));
    body(raw, written, method, diagnostics);
    let text = |text: &Option<spec::Text>| text.as_ref().map(|text| text.value.clone());
    named.then(|| Action {
        name: name.to_owned(),
        words: name::words(name),
        rust_ident: name::rust_ident(name),
        endpoint: name::endpoint(name),
        type_name: format!("{stem}Action"),
        input_type: format!("{stem}Input"),
        output_type: format!("{stem}Output"),
        operation: name::camel(name),
        end: name.replace('_', "-"),
        method,
        on,
        input: input.unwrap_or_default(),
        output,
        description: text(&written.description),
        renamed_from: text(&written.renamed_from),
        limit: None,
    })
}

fn method(written: &spec::Action) -> Method {
    let method = written.method.as_ref();
    match method.map(|method| method.value.as_str()) {
        Some("GET") => Method::Get,
        Some("PUT") => Method::Put,
        Some("DELETE") => Method::Delete,
        _ => Method::Post,
    }
}

fn target(written: &spec::Action) -> Target {
    if is(written.on.as_ref(), "collection") {
        Target::Collection
    } else {
        Target::Item
    }
}

fn fields(raw: &[spec::Field], owner: &Owner<'_>, diagnostics: &mut Diagnostics) -> Vec<Field> {
    let made = raw.iter().filter_map(|raw| {
        without_meaning(raw, owner, diagnostics);
        if let Some(kind) = raw.kind.as_ref().filter(|kind| kind.value == "ref") {
            let message = format!(
                "`{}` cannot be a `ref`: the method in the project looks up what it needs",
                owner.path(raw)
            );
            let help = "write `type: uuid`";
            diagnostics.error(&code::UNKNOWN_VALUE, kind.span, message, help);
            field::is_named(raw, owner, diagnostics);
            return None;
        }
        field::field(raw, owner, diagnostics)
    });
    made.collect()
}

/// Keys that say something of a column, where there is none.
fn without_meaning(raw: &spec::Field, owner: &Owner<'_>, diagnostics: &mut Diagnostics) {
    let flags = [
        ("unique", raw.unique),
        ("index", raw.index),
        ("immutable", raw.immutable),
        ("read_only", raw.read_only),
        ("write_only", raw.write_only),
        ("guarded", raw.guarded),
        ("encrypted", raw.encrypted),
        ("search", raw.search),
    ];
    let on = |flag: Option<Spanned<bool>>| flag.filter(|flag| flag.value).map(|flag| flag.span);
    let mut written: Vec<(&str, Span)> = flags
        .into_iter()
        .filter_map(|(name, flag)| Some((name, on(flag)?)))
        .collect();
    if let (Part::Output(_), Some(default)) = (owner.part, &raw.default) {
        written.push(("default", default.span));
    }
    for (key, span) in written {
        let (why, help) = match key {
            "default" => (
                "an answer is given whole",
                "remove it: the method in the project says every value",
            ),
            _ => (
                "it is no column",
                "remove it: who may do the whole action is what policies decide",
            ),
        };
        let message = format!("`{}.{key}` has no meaning: {why}", owner.path(raw));
        diagnostics.error(&code::MISPLACED_KEY, span, message, help);
    }
}

/// What an action of this method can take, and has to answer.
fn body(
    raw: &spec::Resource,
    written: &spec::Action,
    method: Method,
    diagnostics: &mut Diagnostics,
) {
    let path = format!(
        "resources.{}.actions.{}",
        brief(&raw.name.value),
        brief(&written.name.value)
    );
    for (key, fields) in [("input", &written.input), ("output", &written.output)] {
        if let Some(fields) = fields.as_ref().filter(|fields| fields.value.is_empty()) {
            let message = format!("`{path}.{key}` has no fields");
            diagnostics.error(&code::EMPTY, fields.span, message, "remove the key");
        }
    }
    if let (Some(input), false) = (&written.input, method.has_body()) {
        let message = format!(
            "`{path}` has an `input`, and a {} has no body",
            method.as_str()
        );
        let help = "write `method: POST`, or `PUT` where a repetition does no harm";
        diagnostics.error(&code::CONFLICTING_KEYS, input.span, message, help);
    }
    if method == Method::Get
        && written.output.is_none()
        && written.unread.leaves_names_of(&["method", "output"])
    {
        let span = written
            .method
            .as_ref()
            .map_or(written.name.span, |it| it.span);
        let message = format!("`{path}` is a GET without `output`, and so answers nothing new");
        let help = "write the fields of the answer: `output: {count: {type: integer}}`";
        diagnostics.error(&code::CONFLICTING_KEYS, span, message, help);
    }
}
