//! The row of a first administrator.

use serde_json::Value;
use zeroize::Zeroize as _;

use super::{AdminContext, AdminError, NewAdmin};
use crate::auth::account::Provision;
use crate::error::{Error, Place};
use crate::json::Object;
use crate::value::Id;

/// The row, from the filler values, `--set`, the address and the password. `--set` knows no types: a value is taken as
/// text first, and as JSON where the field wants another type (`--set age=42`).
pub(super) fn provision(
    context: &AdminContext<'_>,
    request: &NewAdmin,
    email: &str,
) -> Result<Provision, AdminError> {
    let mut body: Object =
        serde_json::from_str(context.accounts.filler).map_err(Error::internal)?;
    for (field, text) in &request.set {
        if matches!(field.as_str(), "email" | "password") {
            return Err(AdminError::one(format!(
                "{field} cannot be given with --set"
            )));
        }
        if context.accounts.role_field == Some(field.as_str()) {
            return Err(AdminError::one(format!(
                "{field} cannot be given with --set; this command gives the administrator's role, and `POST` makes other accounts"
            )));
        }
        body.insert(field.clone(), Value::from(text.as_str()));
    }
    body.insert("email".to_owned(), Value::from(email));
    body.insert(
        "password".to_owned(),
        Value::from(request.password.expose().as_str()),
    );
    let id = Id::new();
    let made = (context.accounts.provision)(&body, id, context.now).or_else(|error| {
        retype(&mut body, &request.set, &error);
        (context.accounts.provision)(&body, id, context.now)
    });
    if let Some(Value::String(password)) = body.get_mut("password") {
        password.zeroize();
    }
    Ok(made?)
}

fn retype(body: &mut Object, set: &[(String, String)], error: &Error) {
    let mistyped = |field: &str| {
        let place = Place::Pointer(format!("/{field}"));
        error
            .violations()
            .iter()
            .any(|violation| violation.code == "type" && violation.place == place)
    };
    for (field, text) in set.iter().filter(|(field, _)| mistyped(field)) {
        if let Ok(value) = crate::json::parse(text.as_bytes()) {
            body.insert(field.clone(), value);
        }
    }
}
