//! The rule `before_create` that a project gets to begin with, where a row needs what nobody may send and the compiler knows
//! what it is: the caller's account.

use super::resource::row_name;
use crate::model::{Field, Resource, Service};
use crate::render::layout;

/// The rule as a project gets it to begin with; `None` where there is nothing to fill in.
#[must_use]
pub fn skeleton(service: &Service, resource: &Resource) -> Option<String> {
    method(service, resource).map(|text| layout::tidy(&text))
}

pub(super) fn method(service: &Service, resource: &Resource) -> Option<String> {
    let row = row_name(resource);
    let fields: Vec<&Field> = service.filled_with_the_caller(resource).collect();
    let names: Vec<String> = fields.iter().map(|it| format!("`{}`", it.name)).collect();
    let names = match names.as_slice() {
        [] => return None,
        [first, rest @ ..] => rest
            .iter()
            .fold(first.clone(), |all, it| format!("{all} and {it}")),
    };
    let values = fields.iter().map(|field| {
        let ident = &field.rust_ident;
        format!("        {row}.{ident} = scope.account_id()?;\n")
    });
    let values: String = values.collect();
    let kind = &resource.struct_name;
    Some(format!(
        "    /// Nobody sends {names}: whoever makes the row is put there, and a stranger is refused (401).\n    async fn before_create(scope: &mut Scope, {row}: &mut {kind}) -> Result<(), Error> {{\n{values}        Ok(())\n    }}\n"
    ))
}

/// The type that the file of a project needs for it.
pub(super) fn imports(service: &Service, resource: &Resource) -> Option<String> {
    let mut fields = service.filled_with_the_caller(resource);
    fields.next().map(|_| resource.struct_name.clone())
}
