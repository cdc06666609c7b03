//! `/problems/{code}`: what an error type means. The `type` of every problem document leads here.

use salvo::http::{Request, Response};
use salvo::{Depot, FlowCtrl, Handler, async_trait};
use serde_json::json;

use super::answer;
use crate::error::{Code, Error};
use crate::http::problem;

pub(super) struct Reference;

#[async_trait]
impl Handler for Reference {
    async fn handle(
        &self,
        request: &mut Request,
        depot: &mut Depot,
        response: &mut Response,
        control: &mut FlowCtrl,
    ) {
        let asked = request.params().get("code").map_or("", String::as_str);
        match Code::ALL.iter().find(|code| code.as_str() == asked) {
            Some(code) => answer(response, "application/json", explained(*code)),
            None => problem::refuse(&Error::not_found(), depot, response, control),
        }
    }
}

fn explained(code: Code) -> String {
    json!({
        "type": format!("/problems/{}", code.as_str()),
        "title": code.title(),
        "status": code.status(),
        "code": code.as_str(),
        "meaning": code.meaning(),
    })
    .to_string()
}
