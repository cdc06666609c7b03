//! Reads values by recursive descent; the depth limit keeps the descent short.

use std::fmt::{self, Display, Formatter};

use serde_json::{Map, Value};

use super::{number, string};

/// How deep arrays and objects may lie in each other.
pub(crate) const DEPTH: usize = 32;

/// How many values a document may hold, those in others counted. A value takes a hundred bytes of memory and two of the
/// document, so a body under its limit of size could still take fifty times as much.
pub(crate) const VALUES: usize = 10_000;

/// Where a text stops being JSON, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    left: usize,
    reason: &'static str,
}

impl Display for Fault {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}, {} bytes before the end",
            self.reason, self.left
        )
    }
}

/// What is left of the text. It is UTF-8 and is cut at ASCII characters only.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    pub(super) rest: &'a str,
    /// How many values may still come.
    values: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            rest: text,
            values: VALUES,
        }
    }

    /// One value with nothing behind it.
    pub(super) fn document(mut self) -> Result<Value, Fault> {
        let value = self.value(DEPTH)?;
        self.skip_space();
        if self.rest.is_empty() {
            return Ok(value);
        }
        Err(self.fault("more follows the document"))
    }

    pub(super) fn fault(&self, reason: &'static str) -> Fault {
        Fault {
            left: self.rest.len(),
            reason,
        }
    }

    /// The next byte, not consumed.
    pub(super) fn peek(&self) -> Option<u8> {
        self.rest.as_bytes().first().copied()
    }

    /// Consumes `token` if it comes next.
    pub(super) fn eat(&mut self, token: &str) -> bool {
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn value(&mut self, depth: usize) -> Result<Value, Fault> {
        self.values = self
            .values
            .checked_sub(1)
            .ok_or_else(|| self.fault("too many values"))?;
        self.skip_space();
        match self.peek() {
            Some(b'{') => self.object(self.deeper(depth)?),
            Some(b'[') => self.array(self.deeper(depth)?),
            Some(b'"') => string::read(self).map(Value::String),
            Some(b'-' | b'0'..=b'9') => number::read(self).map(Value::Number),
            _ if self.eat("true") => Ok(Value::Bool(true)),
            _ if self.eat("false") => Ok(Value::Bool(false)),
            _ if self.eat("null") => Ok(Value::Null),
            _ => Err(self.fault("a value is expected")),
        }
    }

    fn deeper(&self, depth: usize) -> Result<usize, Fault> {
        depth
            .checked_sub(1)
            .ok_or_else(|| self.fault("nested too deep"))
    }

    fn object(&mut self, depth: usize) -> Result<Value, Fault> {
        let mut object = Map::new();
        self.eat("{");
        self.skip_space();
        if self.eat("}") {
            return Ok(Value::Object(object));
        }
        loop {
            self.member(depth, &mut object)?;
            self.skip_space();
            if self.eat("}") {
                return Ok(Value::Object(object));
            }
            self.expect(",", "a comma or the end of the object is expected")?;
        }
    }

    fn member(&mut self, depth: usize, object: &mut Map<String, Value>) -> Result<(), Fault> {
        self.skip_space();
        if self.peek() != Some(b'"') {
            return Err(self.fault("a key is expected"));
        }
        let key = string::read(self)?;
        if object.contains_key(&key) {
            return Err(self.fault("a key is repeated"));
        }
        self.skip_space();
        self.expect(":", "a colon is expected")?;
        let value = self.value(depth)?;
        object.insert(key, value);
        Ok(())
    }

    fn array(&mut self, depth: usize) -> Result<Value, Fault> {
        let mut items = Vec::new();
        self.eat("[");
        self.skip_space();
        if self.eat("]") {
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value(depth)?);
            self.skip_space();
            if self.eat("]") {
                return Ok(Value::Array(items));
            }
            self.expect(",", "a comma or the end of the array is expected")?;
        }
    }

    fn expect(&mut self, token: &str, reason: &'static str) -> Result<(), Fault> {
        if self.eat(token) {
            Ok(())
        } else {
            Err(self.fault(reason))
        }
    }
}
