//! From policy files to policies that carry their own names: parsed, named by `@id`, and strictly valid.

use super::finding::{Finding, syntax_findings};
use super::look::{is_opaque, looks_into_a_name};
use super::membership::Memberships;
use super::nesting::too_deep;
use super::parallel;
use super::room::with_room;
use super::statements::statements;
use cedar_policy::{
    Policy, PolicyId, PolicySet, PolicySetError, Schema, ValidationError, ValidationMode,
    ValidationResult, ValidationWarning, Validator,
};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::str::FromStr;

/// One policy file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicySource {
    /// Its name, as findings shall give it.
    pub file: String,
    /// Its text.
    pub text: String,
}

impl PolicySource {
    /// Whether there is nothing in it but comments. Asked before Cedar is, whose parser has its price for each text.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        let mut lines = self.text.lines().map(str::trim_start);
        lines.all(|line| line.is_empty() || line.starts_with("//"))
    }
}

/// How many references a policy may follow from the caller or the row, one behind another: `resource.project.owner == principal`
/// follows one. All that is behind them is looked up for a decision, and asked of the database for each row of a list. One more
/// may lead to memberships, which are known by the id of their row ([`Memberships`]).
const MOST_REFERENCES: u32 = 3;

/// The same as Cedar counts: to look at the row itself is one.
const LEVEL: u32 = MOST_REFERENCES + 1;

/// A policy and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Located {
    pub(super) policy: Policy,
    /// The same without its text, which Cedar parses again whenever somebody looks at the tree of a policy that has one.
    pub(super) tree: Policy,
    pub(super) file: String,
    pub(super) span: Range<usize>,
}

impl Located {
    pub(super) fn id(&self) -> &str {
        self.policy.id().as_ref()
    }
}

/// Every policy of the sources by its `@id`, and all that is wrong with the files themselves.
pub(super) fn parse(sources: &[PolicySource]) -> (BTreeMap<String, Located>, Vec<Finding>) {
    let mut policies = BTreeMap::new();
    let mut findings = Vec::new();
    let sources: Vec<&PolicySource> = sources.iter().filter(|it| !it.is_blank()).collect();
    let read = parallel::map(&sources, |source| {
        let set = set(&source.file, &source.text);
        set.map(Box::new)
    });
    for (source, read) in sources.into_iter().zip(read) {
        match read {
            Ok(set) => collect(source, &set, &mut policies, &mut findings),
            Err(wrong) => findings.extend(wrong),
        }
    }
    let located: Vec<&Located> = policies.values().collect();
    let trees = parallel::map(&located, |located| as_tree(&located.policy));
    for (located, tree) in policies.values_mut().zip(trees) {
        located.tree = tree;
    }
    (policies, findings)
}

/// The policies of a text, as Cedar numbers them. INVARIANT: no other text is given to Cedar's parser, which would follow it
/// to the end of the stack.
fn set(file: &str, text: &str) -> Result<PolicySet, Vec<Finding>> {
    if let Some(finding) = too_deep(file, text) {
        return Err(vec![finding]);
    }
    PolicySet::from_str(text).map_err(|errors| syntax_findings(file, text, &errors))
}

/// The policies of a text, as Cedar numbers them; none, where [`super::check_text`] finds fault with it.
#[must_use]
pub fn parsed(text: &str) -> Option<PolicySet> {
    with_room(|| set("", text).ok())
}

fn as_tree(policy: &Policy) -> Policy {
    let tree = policy.to_pst().and_then(Policy::from_pst);
    tree.unwrap_or_else(|_| policy.clone())
}

/// Takes the policies of one parsed file. Cedar numbers them `policy0`, `policy1`, … in the order of the text.
fn collect(
    source: &PolicySource,
    set: &PolicySet,
    policies: &mut BTreeMap<String, Located>,
    findings: &mut Vec<Finding>,
) {
    let spans = statements(&source.text);
    if spans.len() != set.num_of_policies() + set.num_of_templates() {
        let message = "the policies of this file cannot be told apart";
        findings.push(Finding::error(
            "secapi::policy::syntax",
            &source.file,
            0..source.text.len(),
            message,
        ));
        return;
    }
    for (number, span) in spans.into_iter().enumerate() {
        let numbered = PolicyId::new(format!("policy{number}"));
        let Some(policy) = set.policy(&numbered) else {
            findings.push(template_finding(&source.file, span));
            continue;
        };
        match named(source, policy, span, policies) {
            Ok(located) => {
                policies.insert(located.id().to_owned(), located);
            }
            Err(finding) => findings.push(finding),
        }
    }
}

/// Renames a policy to its `@id`, which has to be there, well-formed and new.
fn named(
    source: &PolicySource,
    policy: &Policy,
    span: Range<usize>,
    known: &BTreeMap<String, Located>,
) -> Result<Located, Finding> {
    let file = &source.file;
    let Some(id) = policy.annotation("id") else {
        let message = "this policy has no `@id`";
        return Err(
            Finding::error("secapi::policy::missing_id", file, span, message).with_help(
                "write `@id(\"a-name\")` in front of it; decisions are logged under that name",
            ),
        );
    };
    if !is_well_formed(id) {
        let message = format!("`{}` is not a usable `@id`", id.escape_debug());
        return Err(
            Finding::error("secapi::policy::bad_id", file, span, message)
                .with_help("use 1 to 100 ASCII letters, digits and `-_.:/`"),
        );
    }
    if let Some(other) = known.get(id) {
        let message = format!("there is another policy with `@id(\"{id}\")`");
        return Err(
            Finding::error("secapi::policy::duplicate_id", file, span, message)
                .with_help(format!("the other one is in `{}`", other.file)),
        );
    }
    let policy = policy.new_id(PolicyId::new(id));
    Ok(Located {
        tree: policy.clone(),
        policy,
        file: file.clone(),
        span,
    })
}

/// Ids go into log lines and headers, so they are plain words.
fn is_well_formed(id: &str) -> bool {
    (1..=100).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/".contains(&byte))
}

fn template_finding(file: &str, span: Range<usize>) -> Finding {
    let message = "policy templates are not supported";
    Finding::error("secapi::policy::template", file, span, message)
        .with_help("replace `?principal` and `?resource` by entities, types or conditions")
}

/// What strict validation against the schema says about some of the policies: errors, then warnings. Each is valid or not
/// whatever the others are.
pub(super) fn validate<'a>(
    schema: &Schema,
    memberships: &Memberships,
    some: impl Iterator<Item = &'a Located>,
    policies: &BTreeMap<String, Located>,
) -> Vec<Finding> {
    let some: Vec<&Located> = some.collect();
    let set = match policy_set(some.iter().map(|located| &located.policy)) {
        Ok(set) => set,
        Err(error) => {
            let message = error.to_string();
            return vec![Finding::error("secapi::policy::invalid", "", 0..0, message)];
        }
    };
    let validator = Validator::new(schema.clone());
    let within = |steps| validator.validate_with_level(&set, ValidationMode::Strict, steps);
    let result = within(LEVEL);
    let mut excused = too_far(&result);
    if !excused.is_empty() {
        let hopeless = too_far(&within(LEVEL + 1));
        excused.retain(|id| {
            let policy = policies.get(AsRef::<str>::as_ref(id));
            let to_members = |located: &Located| {
                memberships.are_all_behind(MOST_REFERENCES as usize, &located.policy)
            };
            !hopeless.contains(id) && policy.is_some_and(to_members)
        });
    }
    let mut findings = validation_findings(&result, &excused, schema, policies);
    let asks = |located: &&&Located| memberships.asks_of_a_row(&located.tree);
    let of_rows = some.iter().filter(asks);
    let opaque = some.iter().filter(|located| is_opaque(&located.tree));
    let opaque = opaque.map(|located| looks_nobody_knows_where(located));
    findings.splice(0..0, of_rows.map(|located| of_a_row(located)).chain(opaque));
    findings
}

/// The policies that follow references further than was allowed.
fn too_far(result: &ValidationResult) -> BTreeSet<PolicyId> {
    let errors = result.validation_errors().filter_map(|error| match error {
        ValidationError::EntityDerefLevelViolation(_) => Some(error.policy_id().clone()),
        _ => None,
    });
    errors.collect()
}

/// The ids of those policies of which validation says anything at all, or the look at memberships may.
pub(super) fn suspects<'a>(
    schema: &Schema,
    memberships: &Memberships,
    policies: impl Iterator<Item = &'a Located> + Clone,
) -> Vec<String> {
    let Ok(set) = policy_set(policies.clone().map(|located| &located.policy)) else {
        return policies.map(|located| located.id().to_owned()).collect();
    };
    let result =
        Validator::new(schema.clone()).validate_with_level(&set, ValidationMode::Strict, LEVEL);
    let errors = result.validation_errors().map(ValidationError::policy_id);
    let warnings = result
        .validation_warnings()
        .map(ValidationWarning::policy_id);
    let asks = |it: &&Located| memberships.asks_of_a_row(&it.tree) || is_opaque(&it.tree);
    let of_rows = policies.filter(asks);
    let of_rows = of_rows.map(|located| located.id().to_owned());
    let said = errors.chain(warnings).map(ToString::to_string);
    said.chain(of_rows).collect()
}

fn validation_findings(
    result: &ValidationResult,
    excused: &BTreeSet<PolicyId>,
    schema: &Schema,
    policies: &BTreeMap<String, Located>,
) -> Vec<Finding> {
    let place = |id: &PolicyId| {
        policies
            .get(AsRef::<str>::as_ref(id))
            .map_or(("", 0..0), |located| {
                (located.file.as_str(), located.span.clone())
            })
    };
    let is_excused = |error: &&ValidationError| {
        matches!(error, ValidationError::EntityDerefLevelViolation(_))
            && excused.contains(error.policy_id())
    };
    let errors = result
        .validation_errors()
        .filter(|error| !is_excused(error));
    let errors = errors.map(|error| {
        let (file, span) = place(error.policy_id());
        let finding = Finding::from_cedar("secapi::policy::invalid", file, span, error);
        match error {
            ValidationError::EntityDerefLevelViolation(_) => {
                let policy = policies.get(AsRef::<str>::as_ref(error.policy_id()));
                too_far_away(finding, policy)
            }
            ValidationError::UnrecognizedActionId(_) => {
                finding.of_unknown(schema.actions().map(ToString::to_string))
            }
            ValidationError::UnrecognizedEntityType(_) => {
                finding.of_unknown(schema.entity_types().map(ToString::to_string))
            }
            _ => finding,
        }
    });
    let warnings = result.validation_warnings().map(|warning| {
        let (file, span) = place(warning.policy_id());
        Finding::from_cedar("secapi::policy::suspicious", file, span, warning).into_warning()
    });
    let mut findings: Vec<Finding> = errors.chain(warnings).collect();
    findings.sort_by(|a, b| {
        (b.severity, &a.file, a.start, &a.message).cmp(&(a.severity, &b.file, b.start, &b.message))
    });
    findings.dedup();
    findings
}

/// Cedar counts levels here, which says little to who has not read about them.
fn too_far_away(finding: Finding, policy: Option<&Located>) -> Finding {
    let (message, help) = match policy.is_some_and(|it| looks_into_a_name(&it.policy)) {
        true => (
            "this looks into an entity that the policy names".to_owned(),
            "only the caller, the row and what they refer to are looked up: compare the entity itself, as in `resource.owner == …`",
        ),
        false => (
            format!("this follows more than {MOST_REFERENCES} references, one behind another"),
            "keep in a row that is nearer what the policy asks for, or a reference to where it stands",
        ),
    };
    Finding {
        message,
        ..finding.with_help(help)
    }
}

/// What is not looked up is not there for a policy, and a forbid that hangs on it would never hold.
fn looks_nobody_knows_where(located: &Located) -> Finding {
    let message = format!(
        "`{}` looks at something through a record, and it cannot be told at what",
        located.id()
    );
    Finding::error(
        "secapi::policy::invalid",
        &located.file,
        located.span.clone(),
        message,
    )
    .with_help("ask for it by itself, as in `resource.project has locked_at`")
}

/// A forbid that hangs on what is never loaded would never hold.
fn of_a_row(located: &Located) -> Finding {
    let message = format!(
        "`{}` asks what a row is a member of, and only the memberships of the caller are known",
        located.id()
    );
    Finding::error(
        "secapi::policy::row_membership",
        &located.file,
        located.span.clone(),
        message,
    )
    .with_help("ask about the caller: `principal in resource.members`")
}

/// A Cedar policy set of these policies.
pub(super) fn policy_set<'a>(
    policies: impl Iterator<Item = &'a Policy>,
) -> Result<PolicySet, Box<PolicySetError>> {
    PolicySet::from_policies(policies.cloned()).map_err(Box::new)
}
