//! A condition on a row as a tree of few kinds of nodes, each with the meaning that Cedar gives it.
//!
//! Every node has one of three outcomes: true, false, or the error with which Cedar would refuse. In SQL the third one is
//! NULL, and the emitters see to it that it spreads as an error does.

use cedar_policy::pst::PatternElem;
use std::sync::Arc;

/// A value that is bound to a statement, never written into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// An integer of 64 bits: a number, a truth (0 or 1), ten-thousandths of a decimal, or milliseconds.
    Integer(i64),
    /// Text: a string, an id, or an address.
    Text(String),
}

/// What of the row a condition looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// An attribute by its name. `id` is also the row itself.
    Attribute(Arc<str>),
    /// The role of the identity, which is the entity that the row is in.
    Role,
    /// What the first field refers to, and what of that row. The second one is none of these.
    Behind(Arc<Field>, Arc<Field>),
}

impl Field {
    pub(super) fn id() -> Self {
        Self::Attribute("id".into())
    }

    /// Of the row that this refers to.
    pub(super) fn refers_to(&self, field: Field) -> Self {
        Self::Behind(Arc::new(self.clone()), Arc::new(field))
    }

    /// Whether there may be no such row, which Cedar takes for an error.
    fn can_fail(&self) -> bool {
        matches!(self, Self::Behind(..))
    }

    /// How large it is in a statement: each reference is a select of its own.
    fn size(&self) -> Size {
        match self {
            Self::Attribute(_) | Self::Role => Size::leaf(0),
            Self::Behind(reference, _) => Size::around([reference.size(), Size::leaf(0)], 4),
        }
    }
}

/// What is true of a row, false, or fails.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Truth {
    Known(bool),
    /// An error, whatever the row.
    Fails,
    /// Known with the caller: what `check` reads, and nobody emits.
    Later,
    Column(Field),
    IsSet(Field),
    Not(Box<Truth>),
    /// Evaluated from the first to the last, up to one that is false or fails.
    All(Vec<Truth>),
    /// Evaluated from the first to the last, up to one that is true or fails.
    Any(Vec<Truth>),
    Choice(Box<Truth>, Box<Truth>, Box<Truth>),
    /// That the other one does not fail; never fails itself.
    Settled(Box<Truth>),
    Alike(Box<Truth>, Box<Truth>),
    Compare(Comparison, Operand, Operand),
    Like(Operand, Vec<PatternElem>),
    OneOf(Operand, Vec<Parameter>),
    /// That a set has an element.
    Holds(Field, Operand),
    /// That the first set has every element of the second.
    Covers(Elements, Elements),
    /// That two sets have an element in common.
    Meets(Elements, Elements),
    IsEmpty(Field),
}

/// Two operands of one type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Same,
    Less,
    LessOrSame,
}

/// A set whose elements are of one type.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Elements {
    Given(Vec<Parameter>),
    Column(Field),
}

/// A value that is an integer or text in the database.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Operand {
    Given(Parameter),
    Column(Field),
    /// A truth as 0 or 1.
    Truth(Box<Truth>),
    /// Fails beyond 64 bits.
    Arithmetic(Arithmetic, Box<Operand>, Box<Operand>),
    /// Divided without a rest, toward zero.
    Whole(Box<Operand>, i64),
    /// The milliseconds since the beginning of the day.
    TimeOfDay(Box<Operand>),
    Choice(Box<Truth>, Box<Operand>, Box<Operand>),
    Failure,
    /// As [`Truth::Later`].
    Later,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Sum,
    Difference,
    Product,
}

impl Truth {
    pub(super) fn not(self) -> Self {
        match self {
            Self::Known(known) => Self::Known(!known),
            Self::Fails => Self::Fails,
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }

    /// `members`, of which every one has to hold.
    pub(super) fn all(members: Vec<Truth>) -> Self {
        series(members, Self::All, true)
    }

    /// `members`, of which one has to hold.
    pub(super) fn any(members: Vec<Truth>) -> Self {
        series(members, Self::Any, false)
    }

    /// That these are there; an error where one of them is one. Never false.
    pub(super) fn present(operands: impl IntoIterator<Item = Operand>) -> Vec<Self> {
        let failing = operands.into_iter().filter(Operand::can_fail);
        failing
            .map(|it| Self::OneOf(it, Vec::new()).not())
            .collect()
    }

    pub(super) fn choice(test: Truth, then: Truth, or: Truth) -> Self {
        match test {
            Self::Known(true) => then,
            Self::Known(false) => or,
            Self::Fails => Self::Fails,
            test => Self::Choice(Box::new(test), Box::new(then), Box::new(or)),
        }
    }

    pub(super) fn same(left: Truth, right: Truth) -> Self {
        match (left, right) {
            (Self::Known(true), other) | (other, Self::Known(true)) => other,
            (Self::Known(false), other) | (other, Self::Known(false)) => other.not(),
            (left, right) => Self::Alike(Box::new(left), Box::new(right)),
        }
    }

    /// Whether it fails on some row. An optional attribute that is unset does not count: a valid policy looks at it only
    /// where `has` has found it.
    pub(super) fn can_fail(&self) -> bool {
        match self {
            Self::Fails | Self::Later => true,
            Self::Known(_) | Self::IsSet(_) | Self::IsEmpty(_) => false,
            Self::Column(field) => field.can_fail(),
            Self::Settled(_) | Self::Covers(..) | Self::Meets(..) => false,
            Self::Not(inner) => inner.can_fail(),
            Self::All(members) | Self::Any(members) => members.iter().any(Self::can_fail),
            Self::Choice(test, then, or) => test.can_fail() || then.can_fail() || or.can_fail(),
            Self::Alike(left, right) => left.can_fail() || right.can_fail(),
            Self::Compare(_, left, right) => left.can_fail() || right.can_fail(),
            Self::Like(operand, _) | Self::OneOf(operand, _) | Self::Holds(_, operand) => {
                operand.can_fail()
            }
        }
    }
}

/// Puts a series together. Nothing behind a member that ends it is evaluated, and nothing before one is left out that may
/// fail.
fn series(members: Vec<Truth>, join: fn(Vec<Truth>) -> Truth, neutral: bool) -> Truth {
    let mut kept: Vec<Truth> = Vec::new();
    let mut flat: Vec<Truth> = members;
    flat.reverse();
    while let Some(member) = flat.pop() {
        match (member, neutral) {
            (Truth::Known(known), _) if known == neutral => {}
            (Truth::All(inner), true) | (Truth::Any(inner), false) => {
                flat.extend(inner.into_iter().rev());
            }
            (end @ (Truth::Known(_) | Truth::Fails), _) => {
                if end != Truth::Fails && !kept.iter().any(Truth::can_fail) {
                    return end;
                }
                kept.push(end);
                break;
            }
            (member, _) if kept.contains(&member) => {}
            (member, _) => kept.push(member),
        }
    }
    match kept.len() {
        0 => Truth::Known(neutral),
        1 => kept.remove(0),
        _ => join(kept),
    }
}

impl Operand {
    pub(super) fn integer(value: i64) -> Self {
        Self::Given(Parameter::Integer(value))
    }

    pub(super) fn can_fail(&self) -> bool {
        match self {
            Self::Given(_) => false,
            Self::Column(field) => field.can_fail(),
            Self::Arithmetic(..) | Self::Failure | Self::Later => true,
            Self::Truth(truth) => truth.can_fail(),
            Self::Whole(inner, _) | Self::TimeOfDay(inner) => inner.can_fail(),
            Self::Choice(test, then, or) => test.can_fail() || then.can_fail() || or.can_fail(),
        }
    }
}

/// How large a statement a condition makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Size {
    /// The longest way from the outermost node to an innermost one.
    pub(super) depth: usize,
    pub(super) nodes: usize,
    pub(super) parameters: usize,
}

impl Size {
    fn leaf(parameters: usize) -> Self {
        Self {
            depth: 1,
            nodes: 1,
            parameters,
        }
    }

    /// A node around these. A series is `steps` nodes deep by itself.
    pub(super) fn around(parts: impl IntoIterator<Item = Size>, steps: usize) -> Self {
        let within = parts.into_iter().fold(Self::default(), |sum, part| Self {
            depth: sum.depth.max(part.depth),
            nodes: sum.nodes + part.nodes,
            parameters: sum.parameters + part.parameters,
        });
        Self {
            depth: within.depth + steps,
            nodes: within.nodes + 1,
            ..within
        }
    }
}

impl Truth {
    pub(super) fn size(&self) -> Size {
        match self {
            Self::Known(_) | Self::Fails | Self::Later => Size::leaf(0),
            Self::Column(field) | Self::IsSet(field) | Self::IsEmpty(field) => field.size(),
            Self::Not(inner) | Self::Settled(inner) => Size::around([inner.size()], 1),
            Self::All(members) | Self::Any(members) => {
                let failing = members.iter().filter(|member| member.can_fail()).count();
                let balanced = members.len().next_power_of_two().trailing_zeros() as usize;
                Size::around(members.iter().map(Self::size), 1 + 2 * failing + balanced)
            }
            Self::Choice(test, then, or) => Size::around([test.size(), then.size(), or.size()], 1),
            Self::Alike(left, right) => Size::around([left.size(), right.size()], 1),
            Self::Compare(_, left, right) => Size::around([left.size(), right.size()], 1),
            Self::Like(operand, _) => Size::around([operand.size(), Size::leaf(1)], 1),
            // Where it may fail it stands there twice.
            Self::OneOf(operand, given) => {
                Size::around([operand.size(), operand.size(), Size::leaf(given.len())], 2)
            }
            Self::Holds(field, operand) => {
                Size::around([field.size(), operand.size(), operand.size()], 4)
            }
            Self::Covers(left, right) | Self::Meets(left, right) => {
                Size::around([left.size(), right.size()], 6)
            }
        }
    }
}

impl Elements {
    fn size(&self) -> Size {
        match self {
            // Each may be a condition of its own.
            Self::Given(given) => Size {
                depth: 4,
                nodes: 1 + given.len(),
                parameters: given.len(),
            },
            Self::Column(field) => field.size(),
        }
    }
}

impl Operand {
    fn size(&self) -> Size {
        match self {
            Self::Given(_) => Size::leaf(1),
            Self::Column(field) => field.size(),
            Self::Failure | Self::Later => Size::leaf(0),
            Self::Truth(truth) => Size::around([truth.size()], 1),
            Self::Arithmetic(_, left, right) => Size::around([left.size(), right.size()], 5),
            Self::Whole(inner, _) => Size::around([inner.size(), Size::leaf(1)], 1),
            Self::TimeOfDay(inner) => Size::around([inner.size(), Size::leaf(3)], 4),
            Self::Choice(test, then, or) => Size::around([test.size(), then.size(), or.size()], 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str) -> Truth {
        Truth::Column(Field::Attribute(name.into()))
    }

    /// Overflows on some rows.
    fn failing() -> Truth {
        let field = Operand::Column(Field::Attribute("stars".into()));
        let sum = Operand::Arithmetic(
            Arithmetic::Sum,
            Box::new(field.clone()),
            Box::new(Operand::integer(1)),
        );
        Truth::Compare(Comparison::Less, field, sum)
    }

    #[test]
    fn a_series_ends_where_cedar_ends_it_and_never_loses_an_error() {
        let (yes, no) = (Truth::Known(true), Truth::Known(false));
        let all = |members: &[Truth]| Truth::all(members.to_vec());
        let any = |members: &[Truth]| Truth::any(members.to_vec());
        assert_eq!(all(&[]), yes);
        assert_eq!(any(&[]), no);
        assert_eq!(all(&[column("a"), yes.clone()]), column("a"));
        assert_eq!(all(&[column("a"), no.clone(), Truth::Fails]), no);
        assert_eq!(
            all(&[failing(), no.clone()]),
            Truth::All(vec![failing(), no.clone()])
        );
        assert_eq!(
            any(&[failing(), yes.clone()]),
            Truth::Any(vec![failing(), yes.clone()])
        );
        assert_eq!(any(&[column("a"), yes.clone()]), yes);
        assert_eq!(all(&[Truth::Fails, column("a")]), Truth::Fails);
        assert_eq!(
            any(&[column("a"), Truth::Fails, column("b")]),
            Truth::Any(vec![column("a"), Truth::Fails])
        );
        assert_eq!(all(&[column("a"), column("a")]), column("a"));
        let nested = all(&[column("a"), all(&[column("b"), column("c")])]);
        assert_eq!(nested, all(&[column("a"), column("b"), column("c")]));
        let other = any(&[column("a"), all(&[column("b"), column("c")])]);
        assert!(matches!(other, Truth::Any(members) if members.len() == 2));
    }

    #[test]
    fn sizes_grow_with_what_a_database_counts() {
        let one = column("a").size();
        assert_eq!((one.depth, one.nodes, one.parameters), (1, 1, 0));
        let long = Truth::Any((0..64).map(|n| column(&n.to_string())).collect());
        assert_eq!(long.size().depth, 8);
        assert_eq!(long.size().nodes, 65);
        assert!(failing().size().depth > 5);
    }
}
