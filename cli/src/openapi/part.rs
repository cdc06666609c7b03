//! The document in parts: one for each resource, and one for what every service has. No two of them have a member of one name.
//!
//! The document of a large service has tens of megabytes. So each part is written where it was made, on all cores, and its tree
//! is dropped before the next one is made; and the part of a resource that was in an earlier document, made from the same, is
//! taken from there.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::operations::Writer;
use super::{answers, auth, bounds, fixed, pretty, schemas};
use crate::manifest::Hash;
use crate::model::{Https, Service};

/// A document, and where the parts of its resources stand in it.
#[derive(Debug, Default)]
pub struct Document {
    /// The document, formatted, with a newline at its end.
    pub text: String,
    /// By the names of the resources.
    pub parts: Places,
}

/// The parts of resources, by their names.
pub type Places = BTreeMap<String, Place>;

/// Where a part stands in a document, and what it was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    made_from: Hash,
    paths: Range<usize>,
    schemas: Range<usize>,
    /// The errors that its operations answer with.
    used: BTreeSet<u16>,
}

/// The paths and the schemas of one part.
#[derive(Default)]
pub(super) struct Part {
    pub(super) paths: Map<String, Value>,
    pub(super) schemas: Map<String, Value>,
}

impl Part {
    /// INVARIANT: this is made from the writer and from nothing else, so that the same writer makes the same part.
    pub(super) fn of(writer: &Writer<'_>) -> Self {
        let part = Self {
            paths: writer.paths(),
            schemas: writer.schemas(),
        };
        part.complete(writer.https)
    }

    pub(super) fn of_service(service: &Service) -> Self {
        let mut paths = Map::new();
        if let (Some(auth), Some(identity)) = (&service.auth, service.identity()) {
            auth::add(service, auth, identity, &mut paths);
        }
        fixed::add(service.http.docs, &mut paths);
        let part = Self {
            paths,
            schemas: schemas::of_service(service),
        };
        part.complete(service.http.https)
    }

    fn complete(mut self, https: Https) -> Self {
        if https == Https::Enforce {
            answers::redirect(&mut self.paths);
        }
        let all = self.paths.values_mut().chain(self.schemas.values_mut());
        all.for_each(bounds::complete);
        self
    }

    pub(super) fn written(self) -> Written<'static> {
        Written {
            used: answers::used(&self.paths),
            paths: Cow::Owned(members(self.paths, 2)),
            schemas: Cow::Owned(members(self.schemas, 3)),
            of: None,
        }
    }
}

/// A part as it stands in the document.
pub(super) struct Written<'a> {
    pub(super) used: BTreeSet<u16>,
    paths: Cow<'a, str>,
    schemas: Cow<'a, str>,
    /// The resource, and what the part was made from, where that can be told.
    of: Option<(String, Hash)>,
}

impl<'a> Written<'a> {
    /// The part of a resource: out of an earlier document, or made anew.
    pub(super) fn of(writer: &Writer<'_>, earlier: &'a Document) -> Self {
        let name = &writer.resource.name;
        let made_from = serde_json::to_vec(writer).ok().map(|said| Hash::of(&said));
        let known = earlier.parts.get(name);
        let known = known.filter(|known| Some(&known.made_from) == made_from.as_ref());
        let found = known.and_then(|known| Self::taken(known, &earlier.text));
        Self {
            of: made_from.map(|made_from| (name.clone(), made_from)),
            ..found.unwrap_or_else(|| Part::of(writer).written())
        }
    }

    fn taken(place: &Place, text: &'a str) -> Option<Self> {
        Some(Self {
            used: place.used.clone(),
            paths: Cow::Borrowed(text.get(place.paths.clone())?),
            schemas: Cow::Borrowed(text.get(place.schemas.clone())?),
            of: None,
        })
    }
}

/// The members of an object that stands so deep in the document, without its braces. A line break inside a string is written
/// as `\n`, so each one in the text begins a line.
fn members(members: Map<String, Value>, depth: usize) -> String {
    let text = pretty(&Value::Object(members));
    let lines = text
        .strip_prefix('{')
        .and_then(|text| text.strip_suffix("\n}"));
    let indent = " ".repeat(2 * (depth - 1));
    lines
        .unwrap_or_default()
        .replace('\n', &format!("\n{indent}"))
}

/// The document: the parts in the two empty objects of their frame, of which there is one each, the paths before the schemas.
pub(super) fn filled(frame: &str, parts: Vec<Written<'_>>) -> Document {
    let (head, rest) = parted(frame, "\n  \"paths\": {}");
    let (middle, end) = parted(rest, "\n    \"schemas\": {}");
    let sizes = parts.iter();
    let size: usize = sizes.map(|it| it.paths.len() + it.schemas.len() + 2).sum();
    let mut text = String::with_capacity(frame.len() + size + 16);
    text.push_str(head);
    let paths = put(&mut text, parts.iter().map(|it| &*it.paths), "\n  ");
    text.push_str(middle);
    let schemas = put(&mut text, parts.iter().map(|it| &*it.schemas), "\n    ");
    text.push_str(end);
    text.push('\n');
    let places = parts.into_iter().zip(paths.into_iter().zip(schemas));
    let places = places.filter_map(|(part, (paths, schemas))| {
        let (name, made_from) = part.of?;
        let used = part.used;
        let place = Place {
            made_from,
            paths,
            schemas,
            used,
        };
        Some((name, place))
    });
    Document {
        parts: places.collect(),
        text,
    }
}

/// What stands before and behind the inside of the empty object that is written like this.
fn parted<'a>(text: &'a str, empty: &str) -> (&'a str, &'a str) {
    let inside = text.find(empty).map(|at| at + empty.len() - 1);
    let parts = inside.and_then(|inside| text.split_at_checked(inside));
    parts.unwrap_or((text, ""))
}

/// Puts members into an object whose closing brace follows, and says where each part of them stands.
fn put<'a>(
    text: &mut String,
    parts: impl Iterator<Item = &'a str>,
    before_the_brace: &str,
) -> Vec<Range<usize>> {
    let (mut places, mut is_empty) = (Vec::new(), true);
    for part in parts {
        if !part.is_empty() && !is_empty {
            text.push(',');
        }
        is_empty &= part.is_empty();
        let start = text.len();
        text.push_str(part);
        places.push(start..text.len());
    }
    if !is_empty {
        text.push_str(before_the_brace);
    }
    places
}
