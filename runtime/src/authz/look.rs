//! How far policies look: at the caller and the row, and at the rows that those refer to, one reference after another.
//!
//! Read once from the public syntax trees when policies are loaded, so that a decision knows which rows to look up, and that
//! most need none. Level validation bounds how long a way is.

use super::behind::Behind;
use super::facts::{Attribute, Entity};
use super::membership::Memberships;
use super::shape::{conjuncts, walk};
use cedar_policy::Policy;
use cedar_policy::pst::{BinaryOp, Expr, Literal, Var};
use std::collections::{BTreeMap, BTreeSet};

/// What is looked at of an entity, and of those that it refers to.
#[derive(Debug, Clone, Default)]
pub(super) struct Look {
    attributes: BTreeSet<String>,
    /// Whether it is asked what it is in.
    ancestors: bool,
    /// By the references that are followed.
    behind: BTreeMap<String, Look>,
}

/// What policies look at.
#[derive(Debug, Clone, Default)]
pub(super) struct Looks {
    pub(super) row: Look,
    pub(super) caller: Look,
    /// Whether some of them cannot be followed. What they look at is not known then, and they cannot decide.
    pub(super) is_unknown: bool,
}

/// An entity by the way to it: from the row or the caller over these references.
struct Place<'a> {
    from_row: bool,
    references: Vec<&'a str>,
}

/// What a look reaches behind an entity.
#[derive(Debug, Default)]
pub(super) struct Reached<'a> {
    /// Rows that are there, each once.
    pub(super) rows: Vec<&'a Entity>,
    /// Those of which nobody knows whether they are there, as kind and id.
    pub(super) unknown: BTreeSet<(&'static str, &'a str)>,
}

impl Looks {
    /// What these policies look at.
    pub(super) fn by<'a>(policies: impl Iterator<Item = &'a Policy>) -> Self {
        let mut looks = Self::default();
        for policy in policies {
            let Some(conditions) = conjuncts(policy) else {
                looks.is_unknown = true;
                continue;
            };
            for condition in &conditions {
                let is_known = walk(condition, &mut |expr| looks.add(expr));
                looks.is_unknown |= !is_known;
            }
        }
        looks
    }

    /// Adds what this step, of whatever is inside it, looks at.
    fn add(&mut self, expr: &Expr) {
        let (of, attributes): (_, Vec<&str>) = match expr {
            // A field of a record that stands there is no step anywhere.
            Expr::GetAttr { expr, .. } if matches!(expr.as_ref(), Expr::Record(_)) => return,
            Expr::GetAttr { expr, attr } => (expr, vec![attr.as_str()]),
            Expr::HasAttr { expr, attrs } => (expr, attrs.iter().map(|it| it.as_str()).collect()),
            Expr::BinaryOp {
                op: BinaryOp::In | BinaryOp::GetTag | BinaryOp::HasTag,
                left,
                ..
            } => (left, Vec::new()),
            Expr::Is {
                expr,
                in_expr: Some(_),
                ..
            } => (expr, Vec::new()),
            _ => return,
        };
        let Some(places) = places(of) else {
            self.is_unknown = true;
            return;
        };
        for place in places {
            let root = if place.from_row {
                &mut self.row
            } else {
                &mut self.caller
            };
            root.at(&place.references).add(&attributes);
        }
    }
}

impl Look {
    fn at(&mut self, references: &[&str]) -> &mut Self {
        references.iter().fold(self, |look, reference| {
            look.behind.entry((*reference).to_owned()).or_default()
        })
    }

    /// `has a.b` asks for `a`, and then for `b` of it.
    fn add(&mut self, attributes: &[&str]) {
        let Some((first, rest)) = attributes.split_first() else {
            self.ancestors = true;
            return;
        };
        self.attributes.insert((*first).to_owned());
        if !rest.is_empty() {
            self.at(&[first]).add(rest);
        }
    }

    /// Whether anything is looked at behind a reference, were it only a membership.
    pub(super) fn is_far(&self) -> bool {
        !self.behind.is_empty()
    }

    /// Whether rows have to be looked up for it, whatever their kinds: of a name that is everywhere that of a membership none
    /// is.
    pub(super) fn needs_others(&self, memberships: &Memberships) -> bool {
        let needs = |look: &Look| {
            let mut attributes = look.attributes.iter();
            look.ancestors || attributes.any(|name| !memberships.is_name(name))
        };
        self.behind.values().any(needs)
    }

    /// Whether a row of this kind has to be looked up for it: its memberships are known by its id.
    fn needs(&self, kind: &str, memberships: &Memberships) -> bool {
        let mut attributes = self.attributes.iter();
        self.ancestors || attributes.any(|name| !memberships.has(kind, name))
    }

    /// Adds what it reaches from an entity. `own` are the entities that are known apart from their rows: the row that is
    /// decided on as it would be stored, and the caller with all that it is in.
    pub(super) fn reach<'a>(
        &self,
        from: &'a Entity,
        own: &[&'a Entity],
        behind: &'a Behind,
        memberships: &Memberships,
        reached: &mut Reached<'a>,
    ) {
        for (reference, look) in &self.behind {
            let Some(Attribute::Entity { kind, id }) = from.attribute(reference) else {
                continue;
            };
            if !look.needs(kind, memberships) {
                continue;
            }
            let is_it = |entity: &&Entity| entity.kind == *kind && entity.id == *id;
            let found = match own.iter().copied().find(|entity| is_it(entity)) {
                Some(own) => Some(Some(own)),
                None => behind.get(kind, id),
            };
            match found {
                None => {
                    reached.unknown.insert((kind, id));
                }
                Some(None) => {}
                Some(Some(row)) => {
                    if !reached.rows.iter().any(is_it) {
                        reached.rows.push(row);
                    }
                    look.reach(row, own, behind, memberships, reached);
                }
            }
        }
    }
}

/// The entities that an expression can be; `None` where that cannot be told, as of a record that is chosen, or is in another
/// one. What is no entity of a row is none of them.
fn places(expr: &Expr) -> Option<Vec<Place<'_>>> {
    let root = |from_row| {
        vec![Place {
            from_row,
            references: Vec::new(),
        }]
    };
    Some(match expr {
        Expr::Var(Var::Resource) => root(true),
        Expr::Var(Var::Principal) => root(false),
        Expr::Var(_) | Expr::Literal(_) => Vec::new(),
        Expr::GetAttr { expr, attr } => match expr.as_ref() {
            Expr::Record(fields) => {
                let field = fields
                    .iter()
                    .find(|(name, _)| name.as_str() == attr.as_str());
                places(field?.1)?
            }
            of => {
                let mut places = places(of)?;
                for place in &mut places {
                    place.references.push(attr.as_str());
                }
                places
            }
        },
        Expr::IfThenElse {
            then_expr,
            else_expr,
            ..
        } => {
            let mut both = places(then_expr)?;
            both.extend(places(else_expr)?);
            both
        }
        _ => return None,
    })
}

/// Whether it cannot be told what a policy looks at. It could look behind a reference, where nobody would look for it, and
/// what it forbids would not be.
pub(super) fn is_opaque(policy: &Policy) -> bool {
    Looks::by(std::iter::once(policy)).is_unknown
}

/// Whether a policy asks for what an entity has or is in that it names itself. Nobody looks such a one up.
pub(super) fn looks_into_a_name(policy: &Policy) -> bool {
    let is_name = |expr: &Expr| matches!(expr, Expr::Literal(Literal::EntityUID(_)));
    let looks = |condition: &Expr| {
        let mut found = false;
        let is_known = walk(condition, &mut |expr| {
            found |= match expr {
                Expr::GetAttr { expr, .. } | Expr::HasAttr { expr, .. } => is_name(expr),
                Expr::BinaryOp {
                    op: BinaryOp::In | BinaryOp::GetTag | BinaryOp::HasTag,
                    left,
                    ..
                } => is_name(left),
                Expr::Is {
                    expr,
                    in_expr: Some(_),
                    ..
                } => is_name(expr),
                _ => false,
            };
        });
        is_known && found
    };
    conjuncts(policy).is_some_and(|all| all.iter().any(|condition| looks(condition)))
}
