//! A panic below this step is a bug of ours: the client gets a bare 500, the log gets the message.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use salvo::http::{Request, Response};
use salvo::{Depot, FlowCtrl, Handler, async_trait};

use super::arrival::Arrival;
use super::problem;
use crate::error::Error;
use crate::events::Event;

/// Catches panics of every later step and of the endpoint.
#[derive(Debug)]
pub(super) struct CatchPanic;

#[async_trait]
impl Handler for CatchPanic {
    async fn handle(
        &self,
        request: &mut Request,
        depot: &mut Depot,
        response: &mut Response,
        control: &mut FlowCtrl,
    ) {
        let outcome = caught(control.call_next(request, depot, response)).await;
        if let Err(panic) = outcome {
            let crash = Event::new("sys_crash").by_service();
            crash.address(Arrival::of(depot).client).error();
            let error = Error::internal(format!("panic: {}", message(panic.as_ref())));
            problem::refuse(&error, depot, response, control);
        }
    }
}

/// Polls a future and catches a panic in any poll. The future is never polled again after one.
async fn caught<F: Future>(future: F) -> Result<F::Output, Box<dyn Any + Send>> {
    let mut future = pin!(future);
    std::future::poll_fn(move |context| {
        match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Err(panic) => Poll::Ready(Err(panic)),
        }
    })
    .await
}

fn message(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message")
}
