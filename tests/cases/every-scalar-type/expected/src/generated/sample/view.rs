// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a caller sees of a sample.

use super::Sample;
use secapi_runtime::prelude::*;

/// The JSON of a sample; a guarded field that the caller may not read is left out.
pub(super) fn view(sample: &Sample, visible: &Visible) -> Object {
    View::new(visible)
        .field("id", &sample.id)
        .field("line", &sample.line)
        .field("person", &sample.person)
        .field("code", &sample.code)
        .field("story", &sample.story)
        .field("whole", &sample.whole)
        .field("whole_or_not", &sample.whole_or_not)
        .field("whole_by_default", &sample.whole_by_default)
        .field("wide", &sample.wide)
        .field("ratio", &sample.ratio)
        .decimal("price", sample.price, 2)
        .decimal("exact", sample.exact, 4)
        .field("flag", &sample.flag)
        .field("key", &sample.key)
        .field("mail", &sample.mail)
        .field("link", &sample.link)
        .field("phone", &sample.phone)
        .field("day", &sample.day)
        .field("clock", &sample.clock)
        .field("moment", &sample.moment)
        .field("span", &sample.span)
        .field("address", &sample.address)
        .field("size", &sample.size)
        .field("blob", &sample.blob)
        .field("created_at", &sample.created_at)
        .field("updated_at", &sample.updated_at)
        .field("version", &sample.version)
        .finish()
}
