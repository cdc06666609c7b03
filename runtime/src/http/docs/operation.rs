//! One operation as a section: its parameters, its body and its answers.

use serde_json::Value;

use super::html::{Html, resolved, text_of};
use super::schema;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// One method of one path.
#[derive(Debug)]
pub(super) struct Operation<'a> {
    path: &'a str,
    method: &'static str,
    shared: &'a Value,
    own: &'a Value,
}

/// All operations in the order of the document.
pub(super) fn all(document: &Value) -> Vec<Operation<'_>> {
    let paths = document.get("paths").and_then(Value::as_object);
    paths
        .into_iter()
        .flatten()
        .flat_map(|(path, item)| {
            METHODS.iter().filter_map(move |method| {
                let own = item.get(*method)?;
                Some(Operation {
                    path,
                    method,
                    shared: item,
                    own,
                })
            })
        })
        .collect()
}

impl Operation<'_> {
    /// The entry in the table of contents.
    pub(super) fn link(&self, html: &mut Html) {
        html.raw("<li><a href=\"#");
        self.anchor(html);
        html.raw("\">");
        self.name(html);
        html.raw("</a></li>");
    }

    fn anchor(&self, html: &mut Html) {
        html.text(self.method)
            .text(&self.path.replace(['/', '{', '}'], "-"));
    }

    fn name(&self, html: &mut Html) {
        html.raw("<b class=\"").text(self.method).raw("\">");
        html.text(&self.method.to_uppercase())
            .raw("</b> <code>")
            .text(self.path)
            .raw("</code>");
    }

    /// The section that describes it.
    pub(super) fn section(&self, document: &Value, html: &mut Html) {
        html.raw("<section id=\"");
        self.anchor(html);
        html.raw("\"><h2>");
        self.name(html);
        html.raw("</h2>").element("p", text_of(self.own, "summary"));
        html.element("p", text_of(self.own, "description"));
        self.security(document, html);
        self.parameters(document, html);
        self.body(document, html);
        self.answers(document, html);
        html.raw("</section>");
    }

    fn security(&self, document: &Value, html: &mut Html) {
        let demanded = self
            .own
            .get("security")
            .or_else(|| document.get("security"));
        let needs_none = |list: &Vec<Value>| {
            list.is_empty()
                || list
                    .iter()
                    .any(|one| one.as_object().is_some_and(serde_json::Map::is_empty))
        };
        let sentence = match demanded.and_then(Value::as_array) {
            Some(list) if !needs_none(list) => "Needs an access token.",
            Some(list) if !list.is_empty() => {
                "With an access token, or without one where a policy says so."
            }
            _ => "Open to callers without a token.",
        };
        html.raw("<p class=\"access\">").text(sentence).raw("</p>");
    }

    fn parameters(&self, document: &Value, html: &mut Html) {
        let lists = [self.shared.get("parameters"), self.own.get("parameters")];
        let parameters: Vec<&Value> = lists
            .into_iter()
            .flatten()
            .filter_map(Value::as_array)
            .flatten()
            .map(|parameter| resolved(document, parameter))
            .collect();
        if parameters.is_empty() {
            return;
        }
        html.raw("<h3>Parameters</h3><table>");
        for parameter in parameters {
            row(parameter, html);
        }
        html.raw("</table>");
    }

    fn body(&self, document: &Value, html: &mut Html) {
        if let Some(body) = self.own.get("requestBody") {
            html.raw("<h3>Body</h3>");
            content(document, resolved(document, body), html);
        }
    }

    fn answers(&self, document: &Value, html: &mut Html) {
        html.raw("<h3>Answers</h3>");
        let answers = self.own.get("responses").and_then(Value::as_object);
        for (status, answer) in answers.into_iter().flatten() {
            let answer = resolved(document, answer);
            html.raw("<details><summary><code>")
                .text(status)
                .raw("</code> ");
            html.text(text_of(answer, "description")).raw("</summary>");
            headers(answer, html);
            content(document, answer, html);
            html.raw("</details>");
        }
    }
}

fn row(parameter: &Value, html: &mut Html) {
    html.raw("<tr><td><code>")
        .text(text_of(parameter, "name"))
        .raw("</code></td><td>");
    html.text(text_of(parameter, "in"));
    if parameter.get("required") == Some(&Value::Bool(true)) {
        html.raw(", required");
    }
    html.raw("</td><td>");
    schema::brief(parameter.get("schema").unwrap_or(&Value::Null), html);
    html.raw("</td><td>")
        .text(text_of(parameter, "description"))
        .raw("</td></tr>");
}

fn headers(answer: &Value, html: &mut Html) {
    let names: Vec<&str> = answer
        .get("headers")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str())
        .collect();
    if !names.is_empty() {
        html.raw("<p>Headers: <code>")
            .text(&names.join(", "))
            .raw("</code></p>");
    }
}

fn content(document: &Value, holder: &Value, html: &mut Html) {
    let types = holder.get("content").and_then(Value::as_object);
    for (media_type, content) in types.into_iter().flatten() {
        html.raw("<p><code>").text(media_type).raw("</code></p>");
        if let Some(found) = content.get("schema") {
            schema::block(document, found, html);
        }
    }
}
