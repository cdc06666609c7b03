//! An action that comes to a project: the method that is missing is named by the compiler and shown by `generate`.

use super::{SPEC, shop};
use crate::support::{Tree, cargo, secapi_in};

/// The spec with actions on its first resource.
fn with(actions: &str) -> String {
    format!("{SPEC}    actions: {{{actions}}}\n")
}

const METHOD: &str = "    async fn ship(_scope: &mut Scope, _item: &mut Item, input: ItemShipInput) -> Result<(), Error> {\n        let ItemShipInput { to: _to } = input;\n        Ok(())\n    }\n";

#[test]
fn generate_shows_the_method_until_it_is_there() {
    let folder = shop();
    folder.write("secapi.yaml", with("ship: {input: {to: {type: string}}}"));
    let before = Tree::read(folder.path()).text("src/item.rs").to_owned();
    let planned = secapi_in(folder.path(), ["plan"]).expect(0);
    assert!(planned.stdout.contains(METHOD), "{}", planned.stdout);
    let generated = secapi_in(folder.path(), ["generate"]).expect(0);
    assert!(generated.stderr.contains(METHOD), "{}", generated.stderr);
    let needs = "use super::{Item, ItemShipInput};";
    assert!(generated.stderr.contains(needs), "{}", generated.stderr);
    assert!(generated.stderr.contains("POST /api/v1/items/{id}/ship"));
    assert!(generated.stderr.contains("item:ship"));
    // The file is not the tool's.
    assert_eq!(Tree::read(folder.path()).text("src/item.rs"), before);
    let again = secapi_in(folder.path(), ["generate", "--format", "json"])
        .expect(0)
        .json();
    assert_eq!(again["methods"][0]["path"], "src/item.rs");
    assert_eq!(again["methods"][0]["method"], "ship");
    // The compiler names it as well.
    let refused = cargo(folder.path(), &["check", "--offline"]);
    assert!(
        refused.stderr.contains("missing: `ship`"),
        "{}",
        refused.stderr
    );
    assert!(refused.stderr.contains("../item.rs:"), "{}", refused.stderr);
    let written = before
        .replace(
            "use super::Rules;",
            "use super::{Item, ItemShipInput, Rules};\nuse secapi_runtime::prelude::*;",
        )
        .replace(
            "impl Rules for ItemRules {\n",
            &format!("impl Rules for ItemRules {{\n{METHOD}"),
        );
    folder.write("src/item.rs", written);
    let quiet = secapi_in(folder.path(), ["generate"]).expect(0);
    assert_eq!(quiet.stderr, "");
    cargo(folder.path(), &["check", "--offline"]).expect(0);
    // Under another name it is to be renamed, and not to be written again.
    folder.write(
        "secapi.yaml",
        with("send: {renamed_from: ship, input: {to: {type: string}}}"),
    );
    let renamed = secapi_in(folder.path(), ["generate"]).expect(0);
    let advice = "src/item.rs: rename `ship` to `send`";
    assert!(renamed.stderr.contains(advice), "{}", renamed.stderr);
}
