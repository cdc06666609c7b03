//! The rule `before_create` that fills in what a row needs and nobody may send: as a project gets it to begin with, and as it
//! is proposed where the file is there already.

use super::resource::row_name;
use crate::model::{Field, Resource, Service};
use crate::render::layout;

/// The name of the rule.
pub const RULE: &str = "before_create";

/// The rule that fills in these fields.
#[must_use]
pub fn skeleton(service: &Service, resource: &Resource, fields: &[&Field]) -> String {
    layout::tidy(&method(service, resource, fields))
}

/// What such a rule does, a line for each field.
#[must_use]
pub fn lines(service: &Service, resource: &Resource, fields: &[&Field]) -> String {
    let row = row_name(resource);
    let lines = fields.iter().map(|field| {
        let value = match field.reference() {
            Some(reference) if !is_known(service, resource, field) => {
                format!("/* the id of the {} */", reference.words)
            }
            _ => "scope.account_id()?".to_owned(),
        };
        format!("        {row}.{} = {value};\n", field.rust_ident)
    });
    lines.collect()
}

/// The rule of a new file: for what the compiler knows, which is the caller's account. `None` where there is nothing of that.
pub(super) fn of_new_file(service: &Service, resource: &Resource) -> Option<String> {
    let known: Vec<&Field> = service.filled_with_the_caller(resource).collect();
    (!known.is_empty()).then(|| method(service, resource, &known))
}

/// The type that the file of a project needs for it.
pub(super) fn imports(service: &Service, resource: &Resource) -> Option<String> {
    let mut fields = service.filled_with_the_caller(resource);
    fields.next().map(|_| resource.struct_name.clone())
}

fn method(service: &Service, resource: &Resource, fields: &[&Field]) -> String {
    let (known, others): (Vec<&Field>, Vec<&Field>) = fields
        .iter()
        .partition(|field| is_known(service, resource, field));
    let mut comment = String::new();
    for (fields, why) in [
        (
            known,
            ": whoever makes the row is put there, and a stranger is refused (401).",
        ),
        (others, ", and only this project knows what belongs there."),
    ] {
        if let Some(names) = names(&fields) {
            comment.push_str(&format!("    /// Nobody sends {names}{why}\n"));
        }
    }
    let (row, kind) = (row_name(resource), &resource.struct_name);
    let lines = lines(service, resource, fields);
    format!(
        "{comment}    async fn {RULE}(scope: &mut Scope, {row}: &mut {kind}) -> Result<(), Error> {{\n{lines}        Ok(())\n    }}\n"
    )
}

fn names(fields: &[&Field]) -> Option<String> {
    let names = fields.iter().map(|it| format!("`{}`", it.name));
    names.reduce(|all, it| format!("{all} and {it}"))
}

fn is_known(service: &Service, resource: &Resource, field: &Field) -> bool {
    let mut known = service.filled_with_the_caller(resource);
    known.any(|it| it.name == field.name)
}
