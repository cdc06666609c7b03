//! What a file has for its tests alone.

use syn::punctuated::Punctuated;
use syn::{Attribute, Item, Meta, Token};

/// Whether only a build for tests has what these attributes stand at.
pub(super) fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|it| match &it.meta {
        Meta::List(list) if list.path.is_ident("cfg") => it
            .parse_args()
            .is_ok_and(|condition| needs_tests(&condition)),
        meta => {
            let last = meta.path().segments.last();
            last.is_some_and(|last| last.ident == "test")
        }
    })
}

/// Whether a condition holds in no other build.
fn needs_tests(condition: &Meta) -> bool {
    let parts = |list: &syn::MetaList| {
        let parts = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
        parts.unwrap_or_default()
    };
    match condition {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) if list.path.is_ident("all") => parts(list).iter().any(needs_tests),
        Meta::List(list) if list.path.is_ident("any") => {
            let parts = parts(list);
            !parts.is_empty() && parts.iter().all(needs_tests)
        }
        Meta::List(_) | Meta::NameValue(_) => false,
    }
}

/// The attributes of what can hold functions, or be one.
pub(super) fn of_item(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        _ => &[],
    }
}
