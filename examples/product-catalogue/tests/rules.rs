//! The world reads what is published; editors see more. This file is yours.

use secapi_runtime::testing::TestService;
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_product-catalogue");

fn product(sku: &str, status: &str) -> Value {
    json!({ "sku": sku, "name": "Kettle", "price": "19.90", "status": status })
}

#[test]
fn the_world_reads_what_is_published_and_nothing_else() {
    let service = TestService::start(BINARY);
    let admin = service.administrator();
    let draft = admin
        .post("/products", &product("ABC-0001", "draft"))
        .location();
    let published = admin
        .post("/products", &product("ABC-0002", "published"))
        .location();
    let world = service.anonymous();
    assert_eq!(world.count("/products"), 1);
    world.get(&draft).expect_problem(404, "not_found");
    assert_eq!(world.get(&published).json()["price"], "19.90");
    world
        .delete(&published)
        .expect_problem(401, "token_missing");
    world.get(&published).expect(200);
}

#[test]
fn the_purchase_price_is_for_those_who_may_see_it() {
    let service = TestService::start(BINARY);
    let admin = service.administrator();
    let mut body = product("ABC-0003", "published");
    body["purchase_price"] = "7.5".into();
    let path = admin.post("/products", &body).location();
    let editor = service.account(
        "/users",
        &json!({ "email": "ed@example.com", "name": "Ed" }),
    );
    assert_eq!(
        service.anonymous().get(&path).json().get("purchase_price"),
        None
    );
    assert_eq!(editor.get(&path).json()["purchase_price"], "7.50");
    let cheaper = json!({ "purchase_price": "1.00" });
    editor
        .patch(&path, &cheaper)
        .expect_problem(403, "forbidden");
    assert_eq!(admin.get(&path).json()["purchase_price"], "7.50");
    editor.patch(&path, &json!({ "name": "Pot" })).expect(200);
}

#[test]
fn the_world_neither_filters_nor_sorts_by_what_it_cannot_see() {
    let service = TestService::start(BINARY);
    let world = service.anonymous();
    for query in [
        "purchase_price=7.50",
        "purchase_price[gt]=1",
        "sort=purchase_price",
    ] {
        world
            .get(&format!("/products?{query}"))
            .expect_problem(400, "malformed_parameter");
    }
    service
        .administrator()
        .get("/products?sort=purchase_price")
        .expect(200);
}
