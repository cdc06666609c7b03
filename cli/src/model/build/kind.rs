//! The type of a field and the limits that it has.

use std::collections::HashMap;

use super::field::Owner;
use super::service::duplicate;
use super::{former, reference, several};
use crate::diagnostic::{Diagnostics, brief, spec as code};
use crate::model::{
    Choice, DecimalValue, Enumeration, FieldKind, Format, Moment, Range, TextRule, TextShape, name,
    value,
};
use crate::spec::{self, Scalar, Spanned, Text, measure};

/// The greatest length that a field of characters may be given.
const LONGEST_TEXT: i64 = 1_000_000;
/// The greatest size that a field of bytes may be given.
const MOST_BYTES: u64 = 32 << 20;

pub(super) fn kind(
    raw: &spec::Field,
    owner: &Owner<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<FieldKind> {
    let mut reader = Limits {
        raw,
        owner,
        diagnostics,
    };
    Some(match raw.kind.as_ref()?.value.as_str() {
        "string" => reader.text(TextShape::String, 255),
        "text" => reader.text(TextShape::Text, 10_000),
        "email" => reader.text(TextShape::Email, 254),
        "url" => reader.text(TextShape::Url, 2_048),
        "phone" => reader.text(TextShape::Phone, 16),
        "integer" if raw.wide.is_some_and(|wide| wide.value) => {
            FieldKind::WideInteger(reader.range(value::wide, |number| *number))
        }
        "integer" => FieldKind::Integer(reader.range(value::whole, |number| *number)),
        "number" => FieldKind::Number(reader.range(value::number, |number| *number)),
        "decimal" => reader.decimal(),
        "boolean" => FieldKind::Boolean,
        "uuid" => FieldKind::Uuid,
        "date" => FieldKind::Date(reader.moments(value::date)),
        "time" => FieldKind::Time(reader.moments(value::time)),
        "datetime" => FieldKind::Datetime(reader.moments(value::datetime)),
        "duration" => FieldKind::Duration(reader.moments(value::duration)),
        "ip" => FieldKind::Ip,
        "enum" => FieldKind::Enum(reader.enumeration()?),
        "bytes" => FieldKind::Bytes {
            max: reader.bytes(),
        },
        "list" => FieldKind::List(several::list(raw, owner, diagnostics)?),
        "json" => several::json(raw, owner, diagnostics),
        "ref" => FieldKind::Reference(reference::reference(raw, owner, diagnostics)?),
        _ => return None,
    })
}

struct Limits<'a> {
    raw: &'a spec::Field,
    owner: &'a Owner<'a>,
    diagnostics: &'a mut Diagnostics,
}

impl Limits<'_> {
    fn path(&self, key: &str) -> String {
        format!("{}.{key}", self.owner.path(self.raw))
    }

    fn text(&mut self, shape: TextShape, default: u32) -> FieldKind {
        let lengths = self.range(length, |length| *length);
        let max = lengths.max.unwrap_or(default);
        if let (Some(min), None, Some(written)) = (lengths.min, lengths.max, &self.raw.min)
            && min > default
        {
            let message = format!(
                "`{}` is above the default `max` of {default}",
                self.path("min")
            );
            self.diagnostics
                .error(&code::RANGE, written.span, message, "write a `max`");
        }
        let pattern = self
            .raw
            .pattern
            .as_ref()
            .and_then(|pattern| self.pattern(pattern, (lengths.min.unwrap_or(0), max)));
        let format = self.raw.format.as_ref().map(|_| Format::PersonName);
        let trim = self.raw.trim.is_some_and(|trim| trim.value);
        FieldKind::Text(TextRule {
            shape,
            min: lengths.min.unwrap_or(0),
            max,
            pattern,
            format,
            trim,
        })
    }

    fn pattern(&mut self, pattern: &Text, (min, max): (u32, u32)) -> Option<String> {
        match value::sound_pattern(&pattern.value) {
            Ok(()) => {
                let lengths = value::lengths_of_pattern(&pattern.value);
                let can_fit = lengths.is_some_and(|(least, most)| {
                    least <= max && most.is_none_or(|most| most >= min)
                });
                if !can_fit {
                    self.nothing_matches(pattern, lengths, (min, max));
                }
                can_fit.then(|| pattern.value.clone())
            }
            Err(reason) => {
                let message = format!(
                    "`{}` cannot be used: {}",
                    self.path("pattern"),
                    brief(&reason)
                );
                let help = "it is a regular expression in the `regex` crate's dialect; the whole value must match";
                self.diagnostics
                    .error(&code::PATTERN, pattern.span, message, help);
                None
            }
        }
    }

    fn nothing_matches(
        &mut self,
        pattern: &Text,
        lengths: Option<(u32, Option<u32>)>,
        (min, max): (u32, u32),
    ) {
        let path = self.path("pattern");
        let (message, help) = match lengths {
            None => (
                format!("`{path}` matches no text at all"),
                "write a pattern that the values of the field have".to_owned(),
            ),
            Some((least, most)) => {
                let most = most.map_or("any number".to_owned(), |most| most.to_string());
                let help = format!(
                    "it matches texts of {least} to {most} characters, and the field takes {min} to {max}"
                );
                (
                    format!("`{path}` matches no text that `min` and `max` allow"),
                    help,
                )
            }
        };
        self.diagnostics
            .error(&code::PATTERN, pattern.span, message, help);
    }

    fn decimal(&mut self) -> FieldKind {
        let written = self
            .raw
            .scale
            .filter(|scale| !(0..=4).contains(&scale.value));
        if let Some(scale) = written {
            let message = format!(
                "`{}` is from 0 to 4, found `{}`",
                self.path("scale"),
                scale.value
            );
            self.diagnostics.error(
                &code::RANGE,
                scale.span,
                message,
                "an amount of money needs 2",
            );
        }
        let scale = self
            .raw
            .scale
            .map_or(2, |scale| u8::try_from(scale.value).unwrap_or(4).min(4));
        let range = self.range(
            |scalar| value::decimal(&scalar.text, scale),
            |value: &DecimalValue| value.units,
        );
        FieldKind::Decimal { scale, range }
    }

    fn moments(&mut self, read: fn(&str) -> Result<Moment, String>) -> Range<Moment> {
        self.range(|scalar| read(&scalar.text), |moment| moment.ms)
    }

    fn bytes(&mut self) -> u64 {
        let read = |scalar: &Scalar| {
            let size = scalar
                .whole()
                .and_then(|whole| u64::try_from(whole).ok())
                .or_else(|| measure::size(&scalar.text));
            size.filter(|size| (1..=MOST_BYTES).contains(size))
                .ok_or_else(|| "from 1 byte to 32MiB, such as `4KiB`".to_owned())
        };
        let max = self.raw.max.clone();
        self.bound("max", max.as_ref(), &read).unwrap_or(65_536)
    }

    /// Reads `min` and `max`, and compares them by `size`.
    fn range<T, S: PartialOrd>(
        &mut self,
        read: impl Fn(&Scalar) -> Result<T, String>,
        size: impl Fn(&T) -> S,
    ) -> Range<T> {
        let (min, max) = (self.raw.min.clone(), self.raw.max.clone());
        let range = Range {
            min: self.bound("min", min.as_ref(), &read),
            max: self.bound("max", max.as_ref(), &read),
        };
        if let (Some(least), Some(most), Some(min), Some(max)) = (&range.min, &range.max, min, max)
            && size(least) > size(most)
        {
            let message = format!(
                "`{}` is above `max`: no value could be legal",
                self.path("min")
            );
            let help = format!(
                "`min` is {} and `max` is {}; swap or change them",
                brief(&min.value.text),
                brief(&max.value.text)
            );
            self.diagnostics
                .error(&code::RANGE, min.span, message, help);
            // Values compared with it would all be refused, and say nothing new.
            return Range {
                min: None,
                max: None,
            };
        }
        range
    }

    fn bound<T>(
        &mut self,
        key: &str,
        written: Option<&Spanned<Scalar>>,
        read: &impl Fn(&Scalar) -> Result<T, String>,
    ) -> Option<T> {
        let written = written?;
        match read(&written.value) {
            Ok(value) => Some(value),
            Err(expected) => {
                let found = brief(&written.value.text);
                let message = format!("`{}` is {expected}, found `{found}`", self.path(key));
                let unquoted = Scalar {
                    plain: true,
                    ..written.value.clone()
                };
                let help = match &self.raw.kind {
                    _ if read(&unquoted).is_ok() => "remove the quotes".to_owned(),
                    Some(kind) => format!("it is a limit of a field of type `{}`", kind.value),
                    None => "it is a limit of the field".to_owned(),
                };
                self.diagnostics
                    .error(&code::TYPE, written.span, message, help);
                None
            }
        }
    }

    fn enumeration(&mut self) -> Option<Enumeration> {
        let values = self.raw.values.as_ref();
        if values.is_none_or(|values| values.value.is_empty()) {
            if self.raw.unread.leaves(&["values"]) {
                let span = values.map_or(self.raw.name.span, |values| values.span);
                let message = format!("the enum `{}` has no values", self.owner.path(self.raw));
                self.diagnostics.error(
                    &code::EMPTY,
                    span,
                    message,
                    "write them: `values: [draft, active]`",
                );
            }
            return None;
        }
        let mut choices: Vec<Choice> = Vec::new();
        let mut variants: HashMap<String, String> = HashMap::new();
        for value in values
            .map(|values| values.value.as_slice())
            .unwrap_or_default()
        {
            if choices.iter().any(|choice| choice.value == value.value) {
                duplicate(value, self.diagnostics);
                continue;
            }
            let variant = name::variant(&value.value)
                .unwrap_or_else(|| format!("Value{}", choices.len() + 1));
            self.value(value, &variant, &mut variants);
            choices.push(Choice {
                value: value.value.clone(),
                variant,
            });
        }
        Some(Enumeration {
            type_name: name::enum_type(
                self.owner.struct_name,
                self.owner.list.unwrap_or(&self.raw.name.value),
            ),
            choices,
            renamed: former::values(self.raw, &self.owner.path(self.raw), self.diagnostics),
        })
    }

    fn value(&mut self, value: &Text, variant: &str, variants: &mut HashMap<String, String>) {
        let text = value.value.as_str();
        let legal = (1..=100).contains(&text.chars().count())
            && text.trim() == text
            && !text.contains(|c: char| c.is_control() || c == ',');
        if !legal {
            let message = format!("`{}` cannot be a value of an enum", brief(text));
            let help = "1 to 100 characters, no comma, no control character, no space at its ends";
            self.diagnostics
                .error(&code::ENUM_VALUE, value.span, message, help);
        }
        if let Some(other) = variants.insert(variant.to_owned(), text.to_owned()) {
            let message = format!(
                "the values `{}` and `{}` are both `{variant}` in Rust",
                brief(&other),
                brief(text)
            );
            self.diagnostics
                .error(&code::COLLISION, value.span, message, "rename one of them");
        }
    }
}

/// A length of text.
fn length(scalar: &Scalar) -> Result<u32, String> {
    let whole = value::whole(scalar)?;
    let length = u32::try_from(whole).ok().filter(|_| whole <= LONGEST_TEXT);
    length.ok_or_else(|| format!("a length from 0 to {LONGEST_TEXT}"))
}
