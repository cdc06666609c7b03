//! Memberships: the entity types whose members are callers.
//!
//! `members: OrganizationMembers` on an organization is an entity with the row's own id, and a caller is in those of the
//! rows that it belongs to ([`Entity::parents`](super::Entity)). So of a row behind a reference its memberships are known
//! without looking it up, and `principal in resource.organization.members` is answered like any other question. Of the
//! memberships of a *row*, nothing is known: only those of the caller are ever loaded.

use super::facts::{Attribute, Entity};
use super::names::{EngineError, Names};
use super::shape::{Seen, conjuncts, is_var, walk};
use cedar_policy::pst::{BinaryOp, Expr, Literal, Var};
use cedar_policy::{
    Entity as CedarEntity, EntityUid, Policy, ResourceConstraint, RestrictedExpression,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The memberships of a schema.
#[derive(Debug, Clone, Default)]
pub(super) struct Memberships {
    /// The attributes of each entity type that name one, each with the membership's type; all names without namespace.
    attributes: BTreeMap<String, Vec<(String, String)>>,
    /// Names of attributes that name memberships wherever they occur.
    names: BTreeSet<String>,
}

impl Memberships {
    /// Those that a schema in Cedar's JSON has. What cannot be read has none: policies are then held to the stricter rule.
    pub(super) fn of(tree: &Value) -> Self {
        let mut found = Self::default();
        let mut others = BTreeSet::new();
        for (_, space) in members(Some(tree)) {
            let kinds = space.get("entityTypes");
            for (kind, body) in members(kinds) {
                for (name, attribute) in members(body.pointer("/shape/attributes")) {
                    match membership(kind, name, attribute, kinds) {
                        Some(membership) => found.add(kind, name, membership),
                        None => {
                            others.insert(name.to_owned());
                        }
                    }
                }
            }
        }
        found.names.retain(|name| !others.contains(name));
        found
    }

    fn add(&mut self, kind: &str, name: &str, membership: String) {
        let attributes = self.attributes.entry(kind.to_owned()).or_default();
        attributes.push((name.to_owned(), membership));
        self.names.insert(name.to_owned());
    }

    /// Whether the attribute of an entity type is a membership; both names without namespace.
    pub(super) fn has(&self, kind: &str, attribute: &str) -> bool {
        let attributes = self.attributes.get(kind).into_iter().flatten();
        attributes.into_iter().any(|(name, _)| name == attribute)
    }

    /// Whether an attribute of this name is a membership wherever there is one.
    pub(super) fn is_name(&self, attribute: &str) -> bool {
        self.names.contains(attribute)
    }

    /// What is known of the rows that these refer to: their memberships, as far as policies can see them.
    pub(super) fn behind(
        &self,
        rows: &[&Entity],
        names: &Names,
        seen: &Seen,
    ) -> Result<Vec<CedarEntity>, EngineError> {
        let mut known: HashSet<(&str, &str)> =
            rows.iter().map(|row| (row.kind, row.id.as_str())).collect();
        let mut out = Vec::new();
        if self.attributes.is_empty() {
            return Ok(out);
        }
        for (_, value) in rows.iter().flat_map(|row| &row.attributes) {
            let Attribute::Entity { kind, id } = value else {
                continue;
            };
            let attributes = self.attributes.get(*kind).into_iter().flatten();
            let attributes = attributes.filter(|(name, _)| seen.contains(name));
            let values: HashMap<String, RestrictedExpression> = attributes
                .map(|(name, membership)| {
                    let uid = names.uid(membership, id)?;
                    Ok((name.clone(), RestrictedExpression::new_entity_uid(uid)))
                })
                .collect::<Result<_, EngineError>>()?;
            if !values.is_empty() && known.insert((kind, id)) {
                let entity = CedarEntity::new(names.uid(kind, id)?, values, HashSet::new());
                out.push(entity.map_err(|error| EngineError::Value(error.to_string()))?);
            }
        }
        Ok(out)
    }

    /// Whether all that a policy asks of rows behind more than so many references is their memberships.
    pub(super) fn are_all_behind(&self, most: usize, policy: &Policy) -> bool {
        let explains = |condition: &Expr| {
            let mut is_known = true;
            walk(condition, &mut |expr| is_known &= self.explains(most, expr)) && is_known
        };
        conjuncts(policy).is_some_and(|all| all.iter().all(|condition| explains(condition)))
    }

    /// Whether this step, of whatever is inside it, is one from a row that can be looked up, or to a membership.
    fn explains(&self, most: usize, expr: &Expr) -> bool {
        match expr {
            Expr::GetAttr { expr, attr } => {
                steps(expr) <= most || steps(expr) == most + 1 && self.names.contains(attr.as_str())
            }
            Expr::HasAttr { expr, attrs } => steps(expr) + attrs.len() <= most + 1,
            Expr::BinaryOp {
                op: BinaryOp::In | BinaryOp::GetTag | BinaryOp::HasTag,
                left,
                ..
            } => steps(left) <= most,
            Expr::Is {
                expr,
                in_expr: Some(_),
                ..
            } => steps(expr) <= most,
            _ => true,
        }
    }

    /// Whether a policy asks what a row, rather than the caller, is a member of: that is never loaded.
    pub(super) fn asks_of_a_row(&self, policy: &Policy) -> bool {
        if self.attributes.is_empty() {
            return false;
        }
        let in_scope = match policy.resource_constraint() {
            ResourceConstraint::In(uid) | ResourceConstraint::IsIn(_, uid) => self.is_one(&uid),
            _ => false,
        };
        let asks = |condition: &Expr| {
            let mut found = false;
            let is_known = walk(condition, &mut |expr| {
                found |= match expr {
                    Expr::BinaryOp {
                        op: BinaryOp::In,
                        left,
                        right,
                    } => self.can_be_of_a_row(left, right),
                    Expr::Is {
                        expr,
                        in_expr: Some(right),
                        ..
                    } => self.can_be_of_a_row(expr, right),
                    _ => false,
                };
            });
            found || !is_known
        };
        in_scope || conjuncts(policy).is_none_or(|all| all.iter().any(|condition| asks(condition)))
    }

    /// Only what is plainly the caller or the action, or plainly no membership, is taken for harmless.
    fn can_be_of_a_row(&self, left: &Expr, right: &Expr) -> bool {
        let is_harmless = is_var(left, &Var::Principal) || is_var(left, &Var::Action);
        !is_harmless && !self.is_no_membership(right)
    }

    fn is_no_membership(&self, right: &Expr) -> bool {
        match right {
            Expr::Literal(Literal::EntityUID(uid)) => {
                let name = uid.ty.to_string();
                !self.is_kind(name.rsplit("::").next().unwrap_or(&name))
            }
            Expr::Set(members) => members.iter().all(|member| self.is_no_membership(member)),
            _ => false,
        }
    }

    fn is_one(&self, uid: &EntityUid) -> bool {
        self.is_kind(uid.type_name().basename())
    }

    fn is_kind(&self, kind: &str) -> bool {
        let mut all = self.attributes.values().flatten();
        all.any(|(_, membership)| membership == kind)
    }
}

/// How many references lie between the caller or the row and this value. What the context holds is no entity.
fn steps(expr: &Expr) -> usize {
    match expr {
        Expr::GetAttr { expr, .. } if is_var(expr, &Var::Context) => 0,
        Expr::GetAttr { expr, .. } => steps(expr).saturating_add(1),
        Expr::IfThenElse {
            then_expr,
            else_expr,
            ..
        } => steps(then_expr).max(steps(else_expr)),
        Expr::Literal(_) | Expr::Var(_) => 0,
        Expr::UnaryOp { .. }
        | Expr::BinaryOp { .. }
        | Expr::HasAttr { .. }
        | Expr::Like { .. }
        | Expr::Is { .. } => 0,
        // Whatever else there is leads nobody knows where.
        _ => usize::MAX / 2,
    }
}

/// The membership's type, where the attribute is one: named after both, and an entity type without anything of its own.
fn membership(kind: &str, name: &str, attribute: &Value, kinds: Option<&Value>) -> Option<String> {
    let of = attribute.get("name")?.as_str()?;
    let of = of.rsplit("::").next().unwrap_or(of);
    let body = kinds?.get(of)?.as_object()?;
    let is_bare = !body.contains_key("enum") && body.get("shape").is_none_or(has_nothing);
    (is_bare && of == membership_kind(kind, name)).then(|| of.to_owned())
}

fn has_nothing(shape: &Value) -> bool {
    members(shape.get("attributes")).next().is_none()
}

/// The entity type of those who are in this relation of a row: `OrganizationMembers`.
#[must_use]
pub fn membership_kind(kind: &str, relation: &str) -> String {
    let words = relation.split('_').flat_map(|word| {
        let mut characters = word.chars();
        let first = characters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(characters)
    });
    kind.chars().chain(words).collect()
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    let members = value.and_then(Value::as_object).into_iter().flatten();
    members.map(|(name, member)| (name.as_str(), member))
}
