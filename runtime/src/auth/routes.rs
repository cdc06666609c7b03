//! The fixed routes under `auth/`, which no policy opens or closes.

use salvo::http::Method;

use super::endpoints::{self, CLEAR_SITE_DATA};
use crate::call::Call;
use crate::error::Error;
use crate::reply::Reply;
use crate::route::{Access, Route};

/// Every fixed route of authentication; registration is not among them, because a policy decides on it.
pub(crate) fn routes() -> Vec<Route> {
    let (open, own) = (Access::Open, Access::SignedIn);
    vec![
        Route::fixed(Method::POST, "/auth/login", open.clone(), login),
        Route::fixed(Method::POST, "/auth/refresh", open, refresh),
        Route::fixed(Method::POST, "/auth/logout", own.clone(), logout),
        Route::fixed(Method::GET, "/auth/sessions", own.clone(), sessions),
        Route::fixed(
            Method::DELETE,
            "/auth/sessions/{id}",
            own.clone(),
            end_session,
        ),
        Route::fixed(Method::POST, "/auth/password/change", own, change_password),
    ]
}

async fn login(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let context = call.app.auth_context(&call.head, call.now)?;
    Reply::json(200, &endpoints::login(&context, &body).await?)
}

async fn refresh(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let context = call.app.auth_context(&call.head, call.now)?;
    Reply::json(200, &endpoints::refresh(&context, &body).await?)
}

async fn logout(call: Call) -> Result<Reply, Error> {
    let context = call.app.auth_context(&call.head, call.now)?;
    endpoints::logout(&context, call.signed_in()?).await?;
    Ok(Reply::no_content().header("clear-site-data", CLEAR_SITE_DATA))
}

async fn sessions(mut call: Call) -> Result<Reply, Error> {
    // The list opens a snapshot of its own.
    call.snapshot = None;
    let context = call.app.auth_context(&call.head, call.now)?;
    Reply::json(
        200,
        &endpoints::list_sessions(&context, call.signed_in()?).await?,
    )
}

async fn end_session(call: Call) -> Result<Reply, Error> {
    let context = call.app.auth_context(&call.head, call.now)?;
    endpoints::revoke_session(&context, call.signed_in()?, call.id()?).await?;
    Ok(Reply::no_content())
}

async fn change_password(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let context = call.app.auth_context(&call.head, call.now)?;
    endpoints::change_password(&context, call.signed_in()?, &body).await?;
    Ok(Reply::no_content())
}
