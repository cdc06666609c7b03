//! Reads the syntax tree of a policy for one kind of row.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::super::words::access;
use super::Attribute;
use super::world::{Kind, World};

/// The operators that compare rows.
const COMPARISONS: [&str; 6] = ["==", "!=", "in", "contains", "containsAll", "containsAny"];

/// The attributes that every row has, whatever the spec says.
const OF_EVERY_ROW: [&str; 3] = ["id", "created_at", "updated_at"];

/// What a policy looks at.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) attributes: BTreeSet<Attribute>,
    /// Those behind which it looks at an attribute of another row.
    pub(super) passed: BTreeSet<Attribute>,
    /// Whether it looks at an attribute of the caller.
    pub(super) is_about_caller: bool,
    /// Every comparison of rows, by its text.
    pub(super) comparisons: BTreeMap<String, Comparison>,
}

/// A comparison of rows.
#[derive(Debug)]
pub(super) struct Comparison {
    /// Whether both sides can be of the same kind.
    pub(super) may_hold: bool,
    /// The attributes that are looked at for it.
    pub(super) attributes: BTreeSet<Attribute>,
}

/// Reads a policy for a row of this kind.
pub(super) fn read(tree: &Value, world: &World, kind: &str) -> Read {
    let mut reader = Reader {
        world,
        kind,
        read: Read::default(),
    };
    let conditions = tree.get("conditions").and_then(Value::as_array);
    for condition in conditions.into_iter().flatten() {
        let is_unless = condition.get("kind").and_then(Value::as_str) == Some("unless");
        let known = condition.get("body").and_then(|body| reader.value(body));
        // What stands behind a condition that does not hold is never asked.
        if known == Some(is_unless) {
            break;
        }
    }
    reader.read
}

struct Reader<'a> {
    world: &'a World,
    /// The kind of the row that is decided on.
    kind: &'a str,
    read: Read,
}

impl Reader<'_> {
    /// Reads an expression; the truth value that it has whatever the row holds, where it has one.
    fn value(&mut self, expression: &Value) -> Option<bool> {
        let node = match expression {
            Value::Object(node) => node,
            Value::Array(items) => {
                for item in items {
                    self.value(item);
                }
                return None;
            }
            _ => return None,
        };
        let (operator, operands) = node.iter().next()?;
        let side = |reader: &mut Self, name: &str| reader.value(operands.get(name)?);
        match operator.as_str() {
            "Value" => operands.as_bool(),
            "!" => side(self, "arg").map(|known| !known),
            "&&" => self.joint(operands, false),
            "||" => self.joint(operands, true),
            "if-then-else" => match side(self, "if") {
                Some(true) => side(self, "then"),
                Some(false) => side(self, "else"),
                None => {
                    let both = (side(self, "then"), side(self, "else"));
                    both.0.filter(|known| both.1 == Some(*known))
                }
            },
            "is" => self.is(expression, operands),
            "." | "has" => {
                self.looks_at(node, operands);
                None
            }
            operator => {
                if COMPARISONS.contains(&operator) {
                    self.compares(expression, operator, operands);
                } else {
                    self.parts(operands);
                }
                None
            }
        }
    }

    /// `&&` ends where the left side is false, `||` where it is true.
    fn joint(&mut self, operands: &Value, end: bool) -> Option<bool> {
        let left = operands.get("left").and_then(|it| self.value(it));
        if left == Some(end) {
            return left;
        }
        let right = operands.get("right").and_then(|it| self.value(it));
        match (left, right) {
            (_, Some(known)) if known == end => Some(end),
            (Some(_), right) => right,
            _ => None,
        }
    }

    /// `left is Kind`, and `left is Kind in …`.
    fn is(&mut self, expression: &Value, operands: &Value) -> Option<bool> {
        let attributes = self.attributes_of(operands);
        let left = operands.get("left")?;
        let variable = left.get("Var").and_then(Value::as_str);
        // The caller may be nobody.
        let kinds = self.kinds(left).filter(|_| variable != Some("principal"))?;
        let may_hold = kinds.contains(last(operands.get("entity_type")?.as_str()?));
        self.note(expression, may_hold, attributes);
        let is_certain = kinds.len() == 1 && operands.get("in").is_none();
        match may_hold {
            false => Some(false),
            true => is_certain.then_some(true),
        }
    }

    /// Reads the parts of an expression; what is looked at in them.
    fn attributes_of(&mut self, operands: &Value) -> BTreeSet<Attribute> {
        let others = std::mem::take(&mut self.read.attributes);
        self.parts(operands);
        let own = self.read.attributes.clone();
        self.read.attributes.extend(others);
        own
    }

    fn note(&mut self, expression: &Value, may_hold: bool, attributes: BTreeSet<Attribute>) {
        let comparison = Comparison {
            may_hold,
            attributes,
        };
        let comparisons = &mut self.read.comparisons;
        comparisons.insert(expression.to_string(), comparison);
    }

    fn parts(&mut self, operands: &Value) {
        match operands {
            Value::Object(parts) => {
                for part in parts.values() {
                    self.value(part);
                }
            }
            parts => {
                self.value(parts);
            }
        }
    }

    /// Notes the attribute that a node reads or asks for, and what it passes on the way there.
    fn looks_at(&mut self, node: &Map<String, Value>, operands: &Value) {
        let passed = self.attributes_of(operands);
        let operators = [".", "has"].into_iter();
        let Some((left, name)) = operators.filter_map(|it| access(node, it)).next() else {
            return;
        };
        let is_plain = self.kinds(left).is_some();
        let is_callers = left.get("Var").and_then(Value::as_str) == Some("principal");
        let mut is_there = OF_EVERY_ROW.contains(&name);
        for kind in self.rows(left) {
            if self.world.attribute(&kind, name).is_some() {
                is_there = true;
                self.read.attributes.insert((kind, name.to_owned()));
            }
        }
        self.read.is_about_caller |= is_there && is_callers && self.world.identity().is_some();
        if is_there && is_plain {
            self.read.passed.extend(passed);
        }
    }

    fn compares(&mut self, expression: &Value, operator: &str, operands: &Value) {
        let attributes = self.attributes_of(operands);
        let kinds = |side: &str| self.kinds(operands.get(side)?);
        let (Some(one), Some(other)) = (kinds("left"), kinds("right")) else {
            return;
        };
        let fits = |one: &String, other: &String| match operator {
            "in" => self.world.can_be_in(one, other),
            _ => one == other,
        };
        let may_hold = one.iter().any(|one| other.iter().any(|it| fits(one, it)));
        self.note(expression, may_hold, attributes);
    }

    /// The kinds of rows that an expression may be, for a look at one of its attributes: where that is not plain, all.
    fn rows(&self, expression: &Value) -> BTreeSet<String> {
        let all = || self.world.kinds().map(str::to_owned).collect();
        self.kinds(expression).unwrap_or_else(all)
    }

    /// The kinds of rows that an expression may be, or that are in the set that it is; `None` where that is not known, as of
    /// what is no row at all.
    fn kinds(&self, expression: &Value) -> Option<BTreeSet<String>> {
        let one = |kind: &str| Some(BTreeSet::from([kind.to_owned()]));
        let (operator, operands) = expression.as_object()?.iter().next()?;
        match operator.as_str() {
            "Var" => match operands.as_str()? {
                "resource" => one(self.kind),
                "principal" => self
                    .world
                    .identity()
                    .map_or_else(|| Some(BTreeSet::new()), one),
                // The context holds values, and no policy knows of rows there.
                _ => Some(BTreeSet::new()),
            },
            "Value" => one(last(operands.get("__entity")?.get("type")?.as_str()?)),
            "Set" => self.all_kinds(operands.as_array()?.iter()),
            "if-then-else" => {
                let branches = ["then", "else"].map(|it| operands.get(it));
                self.all_kinds(branches.into_iter().flatten())
            }
            "." => {
                let name = operands.get("attr")?.as_str()?;
                let mut out = BTreeSet::new();
                for kind in self.kinds(operands.get("left")?)? {
                    match self.world.attribute(&kind, name) {
                        Some(Kind::Entity(kind)) => out.insert(kind.clone()),
                        Some(Kind::Value) => return None,
                        None => continue,
                    };
                }
                Some(out)
            }
            _ => None,
        }
    }

    fn all_kinds<'v>(
        &self,
        mut expressions: impl Iterator<Item = &'v Value>,
    ) -> Option<BTreeSet<String>> {
        expressions.try_fold(BTreeSet::new(), |mut all, it| {
            all.extend(self.kinds(it)?);
            Some(all)
        })
    }
}

/// A name without its namespace.
fn last(name: &str) -> &str {
    name.rsplit("::").next().unwrap_or(name)
}
