// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of a project. Every violation of a body is reported at once.

use super::{Project, ProjectStates};
use secapi_runtime::prelude::*;

static TITLE: Text = Text::string().max(200);
static SUMMARY: Text = Text::text().max(400);
static TAGS: ListRule<Text> = ListRule::new(Text::string().max(30).trim(), 20);
static STATES: ListRule<Choices<ProjectStates>> = ListRule::new(Choices::new(), 100);
static PRICES: ListRule<DecimalRule> = ListRule::new(DecimalRule::new(2).min("0.00"), 100);
static OFFERS: ListRule<DecimalRule> = ListRule::new(DecimalRule::new(1), 100);
static RATIOS: ListRule<Number> = ListRule::new(Number::new(), 100);
static WIDE: ListRule<WideWhole> = ListRule::new(WideWhole::new(), 100);
static DAYS: ListRule<DateRule> = ListRule::new(DateRule::new(), 100);
static KEYS: ListRule<BytesRule> = ListRule::new(BytesRule::new().max(4), 100);
static METADATA: JsonRule = JsonRule::new(4096);
static LAYOUT: JsonRule = JsonRule::new(16_384);
static REMARKS: JsonRule = JsonRule::new(16_384);
static SEAL: JsonRule = JsonRule::new(16_384);

/// The body of `POST /projects`.
#[derive(Debug)]
pub struct ProjectCreate {
    /// `title`.
    pub title: String,
    /// `summary`, optional.
    pub summary: Option<String>,
    /// `tags`.
    pub tags: Vec<String>,
    /// `states`.
    pub states: Vec<ProjectStates>,
    /// `prices`.
    pub prices: Vec<Decimal>,
    /// `offers`, optional, guarded.
    pub offers: Option<Vec<Decimal>>,
    /// `ratios`.
    pub ratios: Vec<f64>,
    /// `wide`, optional.
    pub wide: Option<Vec<WideInteger>>,
    /// `days`, optional, set at creation only.
    pub days: Option<Vec<Date>>,
    /// `keys`, optional.
    pub keys: Option<Vec<Bytes>>,
    /// `metadata`.
    pub metadata: Json,
    /// `layout`.
    pub layout: Json,
    /// `remarks`, optional, guarded.
    pub remarks: Option<Json>,
    /// `seal`, optional, set at creation only.
    pub seal: Option<Json>,
    named: Named,
}

impl ProjectCreate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let title = input.required("title", &TITLE);
        let summary = input.optional("summary", &SUMMARY);
        let tags = input.required("tags", &TAGS);
        let states = input.defaulted("states", &STATES, || {
            vec![ProjectStates::Draft, ProjectStates::InWork]
        });
        let prices = input.defaulted("prices", &PRICES, || {
            vec![
                Decimal::from_ten_thousandths(10_000),
                Decimal::from_ten_thousandths(25_000),
            ]
        });
        let offers = input.optional("offers", &OFFERS);
        let ratios = input.defaulted("ratios", &RATIOS, Vec::new);
        let wide = input.optional("wide", &WIDE);
        let days = input.optional("days", &DAYS);
        let keys = input.optional("keys", &KEYS);
        let metadata = input.required("metadata", &METADATA);
        let layout = input.defaulted("layout", &LAYOUT, || {
            Json::parse("{\"columns\":[1,\"two\\n\",null]}").unwrap_or_default()
        });
        let remarks = input.optional("remarks", &REMARKS);
        let seal = input.optional("seal", &SEAL);
        let named = input.named(&["offers", "remarks"]);
        input.finish()?;
        Ok(Self {
            title: title?,
            summary: summary?,
            tags: tags?,
            states: states?,
            prices: prices?,
            offers: offers?,
            ratios: ratios?,
            wide: wide?,
            days: days?,
            keys: keys?,
            metadata: metadata?,
            layout: layout?,
            remarks: remarks?,
            seal: seal?,
            named,
        })
    }

    /// The row as it would be stored, and what else the body gave.
    pub fn into_project(self, id: Id, now: Timestamp) -> (Project, Named) {
        let row = Project {
            id,
            created_at: now,
            updated_at: now,
            version: 1,
            title: self.title,
            summary: self.summary,
            tags: self.tags,
            states: self.states,
            prices: self.prices,
            offers: self.offers,
            ratios: self.ratios,
            wide: self.wide,
            days: self.days,
            keys: self.keys,
            metadata: self.metadata,
            layout: self.layout,
            remarks: self.remarks,
            seal: self.seal,
        };
        (row, self.named)
    }
}

/// The body of `PATCH /projects/{id}`, a JSON Merge Patch (RFC 7396): what it does not name stays.
#[derive(Debug)]
pub struct ProjectUpdate {
    /// `title`.
    pub title: Option<String>,
    /// `summary`, optional. `Some(None)` removes it.
    pub summary: Option<Option<String>>,
    /// `tags`.
    pub tags: Option<Vec<String>>,
    /// `states`.
    pub states: Option<Vec<ProjectStates>>,
    /// `prices`.
    pub prices: Option<Vec<Decimal>>,
    /// `offers`, optional, guarded. `Some(None)` removes it.
    pub offers: Option<Option<Vec<Decimal>>>,
    /// `ratios`.
    pub ratios: Option<Vec<f64>>,
    /// `wide`, optional. `Some(None)` removes it.
    pub wide: Option<Option<Vec<WideInteger>>>,
    /// `keys`, optional. `Some(None)` removes it.
    pub keys: Option<Option<Vec<Bytes>>>,
    /// `metadata`.
    pub metadata: Option<Json>,
    /// `layout`.
    pub layout: Option<Json>,
    /// `remarks`, optional, guarded. `Some(None)` removes it.
    pub remarks: Option<Option<Json>>,
    named: Named,
}

impl ProjectUpdate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let title = input.changed("title", &TITLE);
        let summary = input.changed_optional("summary", &SUMMARY);
        let tags = input.changed("tags", &TAGS);
        let states = input.changed("states", &STATES);
        let prices = input.changed("prices", &PRICES);
        let offers = input.changed_optional("offers", &OFFERS);
        let ratios = input.changed("ratios", &RATIOS);
        let wide = input.changed_optional("wide", &WIDE);
        input.refused("days", Refusal::Immutable);
        let keys = input.changed_optional("keys", &KEYS);
        let metadata = input.changed("metadata", &METADATA);
        let layout = input.changed("layout", &LAYOUT);
        let remarks = input.changed_optional("remarks", &REMARKS);
        input.refused("seal", Refusal::Immutable);
        let named = input.named(&["offers", "remarks"]);
        input.finish()?;
        Ok(Self {
            title: title?,
            summary: summary?,
            tags: tags?,
            states: states?,
            prices: prices?,
            offers: offers?,
            ratios: ratios?,
            wide: wide?,
            keys: keys?,
            metadata: metadata?,
            layout: layout?,
            remarks: remarks?,
            named,
        })
    }

    /// The row as it would be stored, and which guarded fields the body names.
    pub fn apply(self, stored: &Project) -> (Project, Named) {
        let mut row = stored.clone();
        if let Some(value) = self.title {
            row.title = value;
        }
        if let Some(value) = self.summary {
            row.summary = value;
        }
        if let Some(value) = self.tags {
            row.tags = value;
        }
        if let Some(value) = self.states {
            row.states = value;
        }
        if let Some(value) = self.prices {
            row.prices = value;
        }
        if let Some(value) = self.offers {
            row.offers = value;
        }
        if let Some(value) = self.ratios {
            row.ratios = value;
        }
        if let Some(value) = self.wide {
            row.wide = value;
        }
        if let Some(value) = self.keys {
            row.keys = value;
        }
        if let Some(value) = self.metadata {
            row.metadata = value;
        }
        if let Some(value) = self.layout {
            row.layout = value;
        }
        if let Some(value) = self.remarks {
            row.remarks = value;
        }
        (row, self.named)
    }
}
