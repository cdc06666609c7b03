// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of a sample. Every violation of a body is reported at once.

use super::{Sample, SampleSize};
use secapi_runtime::prelude::*;

static LINE: Text = Text::string().min(2).max(10).trim();
static PERSON: Text = Text::string().max(40).format(Format::PersonName);
static CODE: Text = Text::string().max(255).pattern("[A-Z]{2,5}-[0-9]+");
static STORY: Text = Text::text().max(200);
static WHOLE: Whole = Whole::new().min(-5).max(5);
static WHOLE_OR_NOT: Whole = Whole::new();
static WHOLE_BY_DEFAULT: Whole = Whole::new();
static WIDE: WideWhole = WideWhole::new();
static RATIO: Number = Number::new().min(-1.5).max(1.5);
static PRICE: DecimalRule = DecimalRule::new(2).min("0.00").max("1000.00");
static EXACT: DecimalRule = DecimalRule::new(4);
static FLAG: Flag = Flag;
static KEY: Uuid = Uuid;
static MAIL: Text = Text::email().max(254);
static LINK: Text = Text::url().max(2048);
static PHONE: Text = Text::phone().max(16);
static DAY: DateRule = DateRule::new().min("2000-01-01");
static CLOCK: TimeRule = TimeRule::new();
static MOMENT: DatetimeRule = DatetimeRule::new();
static SPAN: DurationRule = DurationRule::new();
static ADDRESS: IpRule = IpRule;
static SIZE: Choices<SampleSize> = Choices::new();
static BLOB: BytesRule = BytesRule::new().max(16);

/// The body of `POST /samples`.
#[derive(Debug)]
pub struct SampleCreate {
    /// `line`. One line.
    pub line: String,
    /// `person`, optional.
    pub person: Option<String>,
    /// `code`, unique.
    pub code: String,
    /// `story`.
    pub story: String,
    /// `whole`.
    pub whole: i64,
    /// `whole_or_not`, optional.
    pub whole_or_not: Option<i64>,
    /// `whole_by_default`.
    pub whole_by_default: i64,
    /// `wide`.
    pub wide: WideInteger,
    /// `ratio`.
    pub ratio: f64,
    /// `price`.
    pub price: Decimal,
    /// `exact`, optional.
    pub exact: Option<Decimal>,
    /// `flag`.
    pub flag: bool,
    /// `key`.
    pub key: Id,
    /// `mail`, optional.
    pub mail: Option<String>,
    /// `link`, optional.
    pub link: Option<String>,
    /// `phone`, optional.
    pub phone: Option<String>,
    /// `day`.
    pub day: Date,
    /// `clock`.
    pub clock: TimeOfDay,
    /// `moment`, optional.
    pub moment: Option<Timestamp>,
    /// `span`.
    pub span: Span,
    /// `address`, optional.
    pub address: Option<IpAddr>,
    /// `size`.
    pub size: SampleSize,
    /// `blob`, optional.
    pub blob: Option<Bytes>,
    named: Named,
}

impl SampleCreate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let line = input.required("line", &LINE);
        let person = input.optional("person", &PERSON);
        let code = input.required("code", &CODE);
        let story = input.defaulted("story", &STORY, || {
            "Once \"upon\" a time:\n\\ 'there' was #".to_owned()
        });
        let whole = input.required("whole", &WHOLE);
        let whole_or_not = input.optional("whole_or_not", &WHOLE_OR_NOT);
        let whole_by_default = input.defaulted("whole_by_default", &WHOLE_BY_DEFAULT, || 3);
        let wide = input.defaulted("wide", &WIDE, || WideInteger(9_007_199_254_740_993));
        let ratio = input.defaulted("ratio", &RATIO, || 0.25);
        let price = input.defaulted("price", &PRICE, || Decimal::from_ten_thousandths(125_000));
        let exact = input.optional("exact", &EXACT);
        let flag = input.defaulted("flag", &FLAG, || true);
        let key = input.required("key", &KEY);
        let mail = input.optional("mail", &MAIL);
        let link = input.optional("link", &LINK);
        let phone = input.optional("phone", &PHONE);
        let day = input.required("day", &DAY);
        let clock = input.defaulted("clock", &CLOCK, || {
            TimeOfDay::parse("08:30:00").unwrap_or_default()
        });
        let moment = input.optional("moment", &MOMENT);
        let span = input.defaulted("span", &SPAN, || Span::parse("PT15M").unwrap_or_default());
        let address = input.optional("address", &ADDRESS);
        let size = input.defaulted("size", &SIZE, || SampleSize::Medium);
        let blob = input.optional("blob", &BLOB);
        let named = input.named(&[]);
        input.finish()?;
        Ok(Self {
            line: line?,
            person: person?,
            code: code?,
            story: story?,
            whole: whole?,
            whole_or_not: whole_or_not?,
            whole_by_default: whole_by_default?,
            wide: wide?,
            ratio: ratio?,
            price: price?,
            exact: exact?,
            flag: flag?,
            key: key?,
            mail: mail?,
            link: link?,
            phone: phone?,
            day: day?,
            clock: clock?,
            moment: moment?,
            span: span?,
            address: address?,
            size: size?,
            blob: blob?,
            named,
        })
    }

    /// The row as it would be stored, and what else the body gave.
    pub fn into_sample(self, id: Id, now: Timestamp) -> (Sample, Named) {
        let row = Sample {
            id,
            created_at: now,
            updated_at: now,
            version: 1,
            line: self.line,
            person: self.person,
            code: self.code,
            story: self.story,
            whole: self.whole,
            whole_or_not: self.whole_or_not,
            whole_by_default: self.whole_by_default,
            wide: self.wide,
            ratio: self.ratio,
            price: self.price,
            exact: self.exact,
            flag: self.flag,
            key: self.key,
            mail: self.mail,
            link: self.link,
            phone: self.phone,
            day: self.day,
            clock: self.clock,
            moment: self.moment,
            span: self.span,
            address: self.address,
            size: self.size,
            blob: self.blob,
        };
        (row, self.named)
    }
}

/// The body of `PATCH /samples/{id}`, a JSON Merge Patch (RFC 7396): what it does not name stays.
#[derive(Debug)]
pub struct SampleUpdate {
    /// `line`. One line.
    pub line: Option<String>,
    /// `person`, optional. `Some(None)` removes it.
    pub person: Option<Option<String>>,
    /// `code`, unique.
    pub code: Option<String>,
    /// `story`.
    pub story: Option<String>,
    /// `whole`.
    pub whole: Option<i64>,
    /// `whole_or_not`, optional. `Some(None)` removes it.
    pub whole_or_not: Option<Option<i64>>,
    /// `whole_by_default`.
    pub whole_by_default: Option<i64>,
    /// `wide`.
    pub wide: Option<WideInteger>,
    /// `ratio`.
    pub ratio: Option<f64>,
    /// `price`.
    pub price: Option<Decimal>,
    /// `exact`, optional. `Some(None)` removes it.
    pub exact: Option<Option<Decimal>>,
    /// `flag`.
    pub flag: Option<bool>,
    /// `key`.
    pub key: Option<Id>,
    /// `mail`, optional. `Some(None)` removes it.
    pub mail: Option<Option<String>>,
    /// `link`, optional. `Some(None)` removes it.
    pub link: Option<Option<String>>,
    /// `phone`, optional. `Some(None)` removes it.
    pub phone: Option<Option<String>>,
    /// `day`.
    pub day: Option<Date>,
    /// `clock`.
    pub clock: Option<TimeOfDay>,
    /// `moment`, optional. `Some(None)` removes it.
    pub moment: Option<Option<Timestamp>>,
    /// `span`.
    pub span: Option<Span>,
    /// `address`, optional. `Some(None)` removes it.
    pub address: Option<Option<IpAddr>>,
    /// `size`.
    pub size: Option<SampleSize>,
    /// `blob`, optional. `Some(None)` removes it.
    pub blob: Option<Option<Bytes>>,
    named: Named,
}

impl SampleUpdate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let line = input.changed("line", &LINE);
        let person = input.changed_optional("person", &PERSON);
        let code = input.changed("code", &CODE);
        let story = input.changed("story", &STORY);
        let whole = input.changed("whole", &WHOLE);
        let whole_or_not = input.changed_optional("whole_or_not", &WHOLE_OR_NOT);
        let whole_by_default = input.changed("whole_by_default", &WHOLE_BY_DEFAULT);
        let wide = input.changed("wide", &WIDE);
        let ratio = input.changed("ratio", &RATIO);
        let price = input.changed("price", &PRICE);
        let exact = input.changed_optional("exact", &EXACT);
        let flag = input.changed("flag", &FLAG);
        let key = input.changed("key", &KEY);
        let mail = input.changed_optional("mail", &MAIL);
        let link = input.changed_optional("link", &LINK);
        let phone = input.changed_optional("phone", &PHONE);
        let day = input.changed("day", &DAY);
        let clock = input.changed("clock", &CLOCK);
        let moment = input.changed_optional("moment", &MOMENT);
        let span = input.changed("span", &SPAN);
        let address = input.changed_optional("address", &ADDRESS);
        let size = input.changed("size", &SIZE);
        let blob = input.changed_optional("blob", &BLOB);
        let named = input.named(&[]);
        input.finish()?;
        Ok(Self {
            line: line?,
            person: person?,
            code: code?,
            story: story?,
            whole: whole?,
            whole_or_not: whole_or_not?,
            whole_by_default: whole_by_default?,
            wide: wide?,
            ratio: ratio?,
            price: price?,
            exact: exact?,
            flag: flag?,
            key: key?,
            mail: mail?,
            link: link?,
            phone: phone?,
            day: day?,
            clock: clock?,
            moment: moment?,
            span: span?,
            address: address?,
            size: size?,
            blob: blob?,
            named,
        })
    }

    /// The row as it would be stored, and which guarded fields the body names.
    pub fn apply(self, stored: &Sample) -> (Sample, Named) {
        let mut row = stored.clone();
        if let Some(value) = self.line {
            row.line = value;
        }
        if let Some(value) = self.person {
            row.person = value;
        }
        if let Some(value) = self.code {
            row.code = value;
        }
        if let Some(value) = self.story {
            row.story = value;
        }
        if let Some(value) = self.whole {
            row.whole = value;
        }
        if let Some(value) = self.whole_or_not {
            row.whole_or_not = value;
        }
        if let Some(value) = self.whole_by_default {
            row.whole_by_default = value;
        }
        if let Some(value) = self.wide {
            row.wide = value;
        }
        if let Some(value) = self.ratio {
            row.ratio = value;
        }
        if let Some(value) = self.price {
            row.price = value;
        }
        if let Some(value) = self.exact {
            row.exact = value;
        }
        if let Some(value) = self.flag {
            row.flag = value;
        }
        if let Some(value) = self.key {
            row.key = value;
        }
        if let Some(value) = self.mail {
            row.mail = value;
        }
        if let Some(value) = self.link {
            row.link = value;
        }
        if let Some(value) = self.phone {
            row.phone = value;
        }
        if let Some(value) = self.day {
            row.day = value;
        }
        if let Some(value) = self.clock {
            row.clock = value;
        }
        if let Some(value) = self.moment {
            row.moment = value;
        }
        if let Some(value) = self.span {
            row.span = value;
        }
        if let Some(value) = self.address {
            row.address = value;
        }
        if let Some(value) = self.size {
            row.size = value;
        }
        if let Some(value) = self.blob {
            row.blob = value;
        }
        (row, self.named)
    }
}
