//! The fixed routes under `auth/`, which no policy opens or closes.

use salvo::http::Method;

use super::endpoints::{self, CLEAR_SITE_DATA};
use crate::call::Call;
use crate::error::Error;
use crate::limit::Tier;
use crate::reply::Reply;
use crate::route::{Access, Route};

/// Every fixed route of authentication; registration is not among them, because a policy decides on it.
pub(crate) fn routes() -> Vec<Route> {
    let (open, own) = (Access::Open, Access::SignedIn);
    let (get, post, delete) = (Method::GET, Method::POST, Method::DELETE);
    let change = "/auth/password/change";
    vec![
        Route::fixed(post.clone(), "/auth/login", open.clone(), Tier::Auth, login),
        Route::fixed(post.clone(), "/auth/refresh", open, Tier::Write, refresh),
        Route::fixed(
            post.clone(),
            "/auth/logout",
            own.clone(),
            Tier::Write,
            logout,
        ),
        Route::fixed(get, "/auth/sessions", own.clone(), Tier::Read, sessions),
        Route::fixed(
            delete,
            "/auth/sessions/{id}",
            own.clone(),
            Tier::Write,
            end_session,
        ),
        Route::fixed(post, change, own, Tier::Write, change_password),
    ]
}

async fn login(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let context = call.auth_context()?;
    let tokens = endpoints::login(&context, &body).await?;
    call.spare_success();
    Reply::json(200, &tokens)
}

async fn refresh(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let context = call.auth_context()?;
    Reply::json(200, &endpoints::refresh(&context, &body).await?)
}

async fn logout(call: Call) -> Result<Reply, Error> {
    let context = call.auth_context()?;
    endpoints::logout(&context, call.signed_in()?).await?;
    Ok(Reply::no_content().header("clear-site-data", CLEAR_SITE_DATA))
}

async fn sessions(mut call: Call) -> Result<Reply, Error> {
    // The list opens a snapshot of its own.
    call.snapshot = None;
    let context = call.auth_context()?;
    Reply::json(
        200,
        &endpoints::list_sessions(&context, call.signed_in()?).await?,
    )
}

async fn end_session(call: Call) -> Result<Reply, Error> {
    let context = call.auth_context()?;
    endpoints::revoke_session(&context, call.signed_in()?, call.id()?).await?;
    Ok(Reply::no_content())
}

async fn change_password(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let context = call.auth_context()?;
    endpoints::change_password(&context, call.signed_in()?, &body).await?;
    Ok(Reply::no_content())
}
