mod log;
mod login;
mod refresh;
mod sessions;

use std::io::Write;
use std::sync::{Arc, Mutex};

use serde_json::json;

use super::*;
use crate::auth::fixture::{ACCOUNTS, Fixture, NEXT, PASSWORD, object};
use crate::auth::hasher::Parameters;
use crate::auth::{disable_account, enable_account, remove_account};
use crate::json::Object;
use crate::store::Sql;

fn refresh_body(pair: &TokenPair) -> Object {
    object(json!({"refresh_token": pair.refresh_token().expose()}))
}

async fn refreshed(fixture: &Fixture, pair: &TokenPair) -> Result<TokenPair, Error> {
    refresh(&fixture.context(), &refresh_body(pair)).await
}

async fn opens(fixture: &Fixture, pair: &TokenPair) -> bool {
    match fixture.caller(pair.access_token().expose()).await {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.code(), Code::TokenInvalid);
            false
        }
    }
}

fn assert_invalid(result: Result<TokenPair, Error>) {
    assert_eq!(result.unwrap_err().code(), Code::TokenInvalid);
}

/// Polls all of them together.
async fn join<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut pending: Vec<_> = futures.map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(|context| {
        let mut ready = true;
        for (future, output) in &mut pending {
            if output.is_none() {
                match future.as_mut().poll(context) {
                    std::task::Poll::Ready(value) => *output = Some(value),
                    std::task::Poll::Pending => ready = false,
                }
            }
        }
        if ready {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    pending
        .into_iter()
        .map(|(_, output)| output.unwrap())
        .collect()
}
