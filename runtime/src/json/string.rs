//! Strings and their escapes.

use super::reader::{Fault, Reader};

/// The string that begins at the quotation mark.
pub(super) fn read(reader: &mut Reader<'_>) -> Result<String, Fault> {
    reader.eat("\"");
    let mut text = String::new();
    loop {
        let stop = |character: char| matches!(character, '"' | '\\' | '\0'..='\x1f');
        let (plain, rest) = reader
            .rest
            .find(stop)
            .and_then(|end| reader.rest.split_at_checked(end))
            .ok_or_else(|| reader.fault("a string does not end"))?;
        text.push_str(plain);
        reader.rest = rest;
        if reader.eat("\"") {
            return Ok(text);
        }
        if !reader.eat("\\") {
            return Err(reader.fault("a control character stands in a string"));
        }
        text.push(escape(reader)?);
    }
}

/// The character of an escape, behind its backslash.
fn escape(reader: &mut Reader<'_>) -> Result<char, Fault> {
    let simple = match reader.peek() {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return code_point(reader),
        _ => return Err(reader.fault("no such escape")),
    };
    reader.rest = reader.rest.get(1..).unwrap_or_default();
    Ok(simple)
}

/// `uXXXX`, and the second half where the first is that of a surrogate pair.
fn code_point(reader: &mut Reader<'_>) -> Result<char, Fault> {
    let first = unit(reader)?;
    if !(0xd800..0xdc00).contains(&first) {
        return char::from_u32(first).ok_or_else(|| reader.fault("half a surrogate pair"));
    }
    if !reader.eat("\\") {
        return Err(reader.fault("half a surrogate pair"));
    }
    let second = unit(reader)?;
    if !(0xdc00..0xe000).contains(&second) {
        return Err(reader.fault("half a surrogate pair"));
    }
    let point = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
    char::from_u32(point).ok_or_else(|| reader.fault("half a surrogate pair"))
}

/// `u` and four hexadecimal digits.
fn unit(reader: &mut Reader<'_>) -> Result<u32, Fault> {
    let fault = reader.fault("an escape is not finished");
    if !reader.eat("u") {
        return Err(fault);
    }
    let (digits, rest) = reader.rest.split_at_checked(4).ok_or(fault)?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(fault);
    }
    reader.rest = rest;
    u32::from_str_radix(digits, 16).map_err(|_| fault)
}
