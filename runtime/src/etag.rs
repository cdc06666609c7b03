//! Entity tags: which version of a row a client has seen, and which of its fields (RFC 9110, 8.8.3 and 13.1).

use std::fmt::{self, Debug, Formatter};

use aws_lc_rs::hmac::{self, Context, HMAC_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use salvo::http::HeaderMap;
use salvo::http::header::{HeaderName, IF_MATCH, IF_NONE_MATCH};

use crate::value::Id;
use crate::{Code, Error};

/// How many bytes of the HMAC a tag keeps.
const BYTES: usize = 18;
/// How long that is in base64, of which four characters are three bytes.
const CHARACTERS: usize = BYTES / 3 * 4;

/// The key of entity tags: without it nobody can tell from a tag how often a row has changed.
#[derive(Clone)]
pub struct EtagKey(hmac::Key);

impl EtagKey {
    /// From 32 secret bytes.
    #[must_use]
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self(hmac::Key::new(HMAC_SHA256, bytes))
    }
}

impl Debug for EtagKey {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("EtagKey([redacted])")
    }
}

/// The strong tag of a row as one caller sees it: callers that see other fields get another tag.
#[must_use]
pub fn strong(key: &EtagKey, id: Id, version: i64, visible: &[&str]) -> String {
    let mut context = Context::with_key(&key.0);
    context.update(id.to_string().as_bytes());
    context.update(&version.to_be_bytes());
    let mut names = visible.to_vec();
    names.sort_unstable();
    for name in names {
        // Names are words, so a zero between them keeps them apart.
        context.update(&[0]);
        context.update(name.as_bytes());
    }
    let tag = context.sign();
    let kept = tag.as_ref().get(..BYTES).unwrap_or_default();
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(kept))
}

/// The strong tag of a row in an answer that carries other rows as well: the row's own tag, and behind it one that changes
/// with what is included. So a client may base a change of the row on it, see [`precondition`].
#[must_use]
pub fn including(key: &EtagKey, row: &str, parts: &[String]) -> String {
    let mut context = Context::with_key(&key.0);
    context.update(b"included");
    for part in parts {
        context.update(&[0]);
        context.update(part.as_bytes());
    }
    let tag = context.sign();
    let kept = tag.as_ref().get(..BYTES).unwrap_or_default();
    let row = row.trim_matches('"');
    format!("\"{row}{}\"", URL_SAFE_NO_PAD.encode(kept))
}

/// Whether the client asks for a change, or a read, of some version alone.
#[must_use]
pub fn asked(headers: &HeaderMap) -> bool {
    headers.contains_key(IF_MATCH) || headers.contains_key(IF_NONE_MATCH)
}

/// Holds a change to the version that the client has seen, alone or with what was included: what else has changed does
/// not matter to the row.
///
/// # Errors
/// 428 where `required` and `If-Match` is missing. 412 where `If-Match` does not name the current tag, or
/// `If-None-Match` does. 400 where one of them is no list of tags.
pub fn precondition(headers: &HeaderMap, current: &str, required: bool) -> Result<(), Error> {
    if required && !headers.contains_key(IF_MATCH) {
        return Err(Error::new(Code::PreconditionRequired));
    }
    if is_current(headers, current, Condition::of_row)? {
        return Err(Error::new(Code::PreconditionFailed));
    }
    Ok(())
}

/// That `If-Match` and `If-None-Match` can be read, whatever they ask.
///
/// # Errors
/// 400 where one of them is no list of tags.
pub(crate) fn well_formed(headers: &HeaderMap) -> Result<(), Error> {
    Condition::read(headers, &IF_MATCH)?;
    Condition::read(headers, &IF_NONE_MATCH)?;
    Ok(())
}

/// Whether a read is answered with 304: the client has this version already.
///
/// # Errors
/// 412 where `If-Match`, which comes first (RFC 9110, 13.2.2), does not name the current tag. 400 where one of the two
/// is no list of tags.
pub fn not_modified(headers: &HeaderMap, current: &str) -> Result<bool, Error> {
    is_current(headers, current, |condition| condition)
}

fn is_current(
    headers: &HeaderMap,
    current: &str,
    meant: fn(Condition) -> Condition,
) -> Result<bool, Error> {
    let expected = Condition::read(headers, &IF_MATCH)?.map(meant);
    let known = Condition::read(headers, &IF_NONE_MATCH)?.map(meant);
    if expected.is_some_and(|condition| !condition.matches_strongly(current)) {
        return Err(Error::new(Code::PreconditionFailed));
    }
    Ok(known.is_some_and(|condition| condition.matches_weakly(current)))
}

/// What `If-Match` or `If-None-Match` says.
#[derive(Debug, PartialEq, Eq)]
enum Condition {
    Any,
    Tags(Vec<Tag>),
}

#[derive(Debug, PartialEq, Eq)]
struct Tag {
    weak: bool,
    /// With its quotation marks.
    opaque: String,
}

impl Condition {
    /// All lines of the header together; `None` where there is none.
    fn read(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Self>, Error> {
        let lines = headers.get_all(name).iter();
        let lines: Vec<String> = lines.map(|line| latin1(line.as_bytes())).collect();
        if lines.is_empty() {
            return Ok(None);
        }
        Self::parse(&lines.join(",")).map(Some).ok_or_else(|| {
            Error::new(Code::MalformedRequest).because(format!("{name} is no list of entity tags"))
        })
    }

    fn parse(text: &str) -> Option<Self> {
        if text.trim_matches(SPACE) == "*" {
            return Some(Self::Any);
        }
        let mut tags = Vec::new();
        let mut rest = text.trim_start_matches(SEPARATORS);
        while !rest.is_empty() {
            let (tag, behind) = tag(rest)?;
            tags.push(tag);
            let next = behind.trim_start_matches(SPACE);
            if !next.is_empty() && !next.starts_with(',') {
                return None;
            }
            rest = next.trim_start_matches(SEPARATORS);
        }
        (!tags.is_empty()).then_some(Self::Tags(tags))
    }

    /// Tags of rows with what was included stand for the rows alone.
    fn of_row(self) -> Self {
        let Self::Tags(mut tags) = self else {
            return self;
        };
        for tag in &mut tags {
            let own = tag.opaque.get(..=CHARACTERS);
            if let Some(own) = own.filter(|_| tag.opaque.len() == 2 * CHARACTERS + 2) {
                tag.opaque = format!("{own}\"");
            }
        }
        Self::Tags(tags)
    }

    /// A weak tag never matches: what is only alike must not be overwritten.
    fn matches_strongly(&self, current: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Tags(tags) => tags.iter().any(|tag| !tag.weak && tag.opaque == current),
        }
    }

    fn matches_weakly(&self, current: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Tags(tags) => tags.iter().any(|tag| tag.opaque == current),
        }
    }
}

const SPACE: [char; 2] = [' ', '\t'];
const SEPARATORS: [char; 3] = [' ', '\t', ','];

/// The tag at the front, and what follows it.
fn tag(text: &str) -> Option<(Tag, &str)> {
    let (weak, quoted) = text
        .strip_prefix("W/")
        .map_or((false, text), |rest| (true, rest));
    let end = quoted.strip_prefix('"')?.find('"')? + 2;
    let (opaque, rest) = quoted.split_at_checked(end)?;
    if !opaque.chars().all(is_of_a_tag) {
        return None;
    }
    let opaque = opaque.to_owned();
    Some((Tag { weak, opaque }, rest))
}

/// One character a byte: tags may have bytes beyond ASCII, of which nothing is known but that they are not ours.
fn latin1(line: &[u8]) -> String {
    line.iter().map(|byte| char::from(*byte)).collect()
}

/// `etagc` of RFC 9110, 8.8.3, and the quotation marks, whose places are known.
fn is_of_a_tag(character: char) -> bool {
    matches!(character, '!'..='~' | '\u{80}'..='\u{ff}')
}

#[cfg(test)]
mod tests;
