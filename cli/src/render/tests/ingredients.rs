//! What a legal body is made of: values, and rows that have to be made first.

use crate::model::{Field, FieldKind, Resource, Service};
use crate::render::sample::{self, Sample};

/// How many rows one body may be made of. The samples of unique fields differ by one digit, and tests begin with 2.
const MOST_ROWS: usize = 7;

/// What stands in one field of a body.
#[derive(Debug)]
pub(super) enum Ingredient<'a> {
    /// A value.
    Value(Sample),
    /// The id of a row that is made for it, whose number is so much higher than the body's.
    Row {
        resource: &'a Resource,
        number: usize,
    },
}

impl<'a> Ingredient<'a> {
    /// The resource of the row.
    pub(super) fn row(&self) -> Option<&'a Resource> {
        match self {
            Self::Row { resource, .. } => Some(resource),
            Self::Value(_) => None,
        }
    }
}

/// What a creation demands, with something legal for each field; `None` where that cannot be guessed, or takes too
/// many rows.
pub(super) fn ingredients<'a>(
    service: &'a Service,
    resource: &'a Resource,
) -> Option<Vec<(&'a Field, Ingredient<'a>)>> {
    if resource.fields.iter().any(is_the_same_in_all) {
        return None;
    }
    let mut number = 0;
    let mut out = Vec::new();
    for field in demanded(resource) {
        let ingredient = match field.reference() {
            None => Ingredient::Value(sample::within(resource, field)?),
            Some(reference) => {
                let resource = service.resource(&reference.to)?;
                let rows = rows(service, resource)?;
                let row = Ingredient::Row { resource, number };
                number += rows;
                row
            }
        };
        out.push((field, ingredient));
    }
    (number <= MOST_ROWS && all_differ(resource, &out)).then_some(out)
}

/// Whether no two rows share a set of fields that they must not share: in each set something differs from row to row, or
/// is left out.
fn all_differ(resource: &Resource, made: &[(&Field, Ingredient<'_>)]) -> bool {
    let differs = |column: &String| {
        let mut own = made.iter().filter(|(field, _)| field.column == *column);
        own.any(|(_, made)| !matches!(made, Ingredient::Value(Sample::Fixed(_))))
    };
    let is_null = |column: &String| {
        let mut fields = resource.fields.iter();
        fields.any(|field| field.column == *column && field.is_nullable())
    };
    let mut sets = resource.unique.iter();
    sets.all(|set| set.iter().any(|column| differs(column) || is_null(column)))
}

/// Whether each row that one caller makes would hold the same where no two rows may: nobody sends it, and it is not null.
fn is_the_same_in_all(field: &Field) -> bool {
    let is_sent = field.is_required() && !field.read_only;
    let is_new = matches!(field.kind, FieldKind::Uuid) && field.is_required();
    field.unique && !is_sent && !is_new && !field.is_nullable()
}

/// Whether a body of this resource needs somebody who makes rows.
pub(super) fn makes_rows(service: &Service, resource: &Resource) -> bool {
    let ingredients = ingredients(service, resource);
    ingredients.is_some_and(|all| all.iter().any(|(_, ingredient)| ingredient.row().is_some()))
}

fn demanded(resource: &Resource) -> impl Iterator<Item = &Field> {
    resource
        .fields
        .iter()
        .filter(|field| field.is_required() && !field.read_only)
}

/// How many rows are made for one row of this resource, itself among them. Required references lead in no circle.
pub(super) fn rows(service: &Service, resource: &Resource) -> Option<usize> {
    let ingredients = ingredients(service, resource)?;
    let made = ingredients
        .iter()
        .filter_map(|(_, ingredient)| ingredient.row());
    made.map(|resource| rows(service, resource))
        .try_fold(1, |sum: usize, rows| Some(sum + rows?))
        .filter(|sum| *sum <= MOST_ROWS)
}
