//! Policies that name what the spec has no more, as a command reports them: with the patches that are proposed, and with
//! what the run would do once they are taken over.

use secapi_runtime::authz::PolicySource;
use serde_json::{Value, json};

use super::changes::Tense;
use super::ground::Ground;
use super::last::Last;
use super::regeneration::{Wishes, foresee, read};
use super::{Report, earlier};
use crate::diagnostic::{Diagnostic, Sources, Span, policy};
use crate::model::Service;
use crate::plan::{self, CaseProposal, Dropped, Policies, Proposal, Step};
use crate::project::Input;
use crate::write::{Project, ProjectPath};

/// Where the tests of the policies lie.
const CASES: &str = "policies/tests";

/// Whether policies that fit mean something else than before: a value that the spec calls otherwise now, which is any string
/// to Cedar, or a name that something else has now. Or whether their tests name what is called otherwise.
pub(super) fn mean_others(
    project: &Project,
    last: &Last,
    service: &Service,
    input: &Input,
) -> bool {
    let policies = last.changed().is_some_and(|old| {
        plan::may_mean_others(old, service)
            && !plan::proposals(old, service, &input.policies).is_empty()
    });
    policies || !cases(project, last, service).is_empty()
}

/// The tests of policies that name what is called otherwise now.
fn cases(project: &Project, last: &Last, service: &Service) -> Vec<CaseProposal> {
    match last.changed() {
        Some(old) if plan::may_rename_cases(old, service) => {
            plan::case_proposals(old, service, &case_files(project))
        }
        _ => Vec::new(),
    }
}

/// The tests that can be read. What is wrong with another is for whoever runs them.
fn case_files(project: &Project) -> Vec<PolicySource> {
    let folder = ProjectPath::new(CASES).ok();
    let files = folder.and_then(|folder| project.files_below(&folder).ok());
    let json = files
        .into_iter()
        .flatten()
        .filter(|file| file.ends_with(".json"));
    let read = |file: String| {
        let text = read(project, &file).ok()??;
        Some(PolicySource { file, text })
    };
    json.filter_map(read).collect()
}

/// What is wrong with the input; and where policies do not fit because the spec changed, which ones, and the patches that
/// are proposed, on standard output. Nothing is written, and all else is foretold as it would be with the patches.
pub(super) fn report(
    project: &Project,
    service: &Service,
    input: Input,
    last: &Last,
    wishes: Wishes,
) -> Result<Report, Box<Report>> {
    let proposals = earlier::of(project, None, last.service.as_ref())?
        .map(|earlier| plan::proposals(&earlier.service, service, &input.policies))
        .unwrap_or_default();
    let cases = cases(project, last, service);
    let foretold = match proposals.is_empty() && cases.is_empty() {
        true => None,
        false => foretold(project, (service, last), &input, &proposals, wishes),
    };
    let mut report = Report::of_input(input);
    for proposal in &proposals {
        for dropped in &proposal.policies {
            let diagnostic = diagnostic(dropped, &proposal.file, &report.sources);
            report.diagnostics.push(diagnostic);
        }
        report.text.extend(proposal.patch.as_deref());
    }
    for case in &cases {
        report.diagnostics.push(of_case(case));
        report.text.push_str(&case.patch);
    }
    let all = proposals.iter().map(of_proposal);
    let all: Vec<Value> = all.chain(cases.iter().map(case_in_json)).collect();
    if !all.is_empty() {
        report.data.insert("proposals".into(), Value::from(all));
    }
    if let Some(foretold) = foretold {
        report.data.extend(foretold.data);
        report.diagnostics.extend(foretold.diagnostics);
    }
    Ok(report)
}

/// What the run would do, or what else keeps it from anything; `None` where the patches do not make all policies fit.
fn foretold(
    project: &Project,
    (service, last): (&Service, &Last),
    input: &Input,
    proposals: &[Proposal],
    wishes: Wishes,
) -> Option<Report> {
    let mut sources = input.policies.clone();
    for source in &mut sources {
        let proposal = proposals.iter().find(|one| one.file == source.file);
        if let Some(proposal) = proposal {
            source.text.clone_from(&proposal.text);
        }
    }
    let policies = Policies::load(service, &sources).ok()?;
    let spec = input.whole_spec();
    let ground = Ground::of(project, input, service, last, &wishes);
    let all = (service, &policies, spec.as_str());
    let changes = foresee(project, input, all, last, (wishes, ground));
    Some(match changes {
        Ok(changes) => changes.report(Tense::Foretold),
        Err(report) => *report,
    })
}

fn of_proposal(proposal: &Proposal) -> Value {
    let ids: Vec<&str> = proposal
        .policies
        .iter()
        .map(|one| one.id.as_str())
        .collect();
    json!({ "file": proposal.file, "policies": ids, "patch": proposal.patch })
}

fn case_in_json(case: &CaseProposal) -> Value {
    json!({ "file": case.file, "policies": [], "patch": case.patch })
}

fn of_case(case: &CaseProposal) -> Diagnostic {
    let message = format!(
        "`{}` tests policies with names that the spec has changed: {}",
        case.file,
        case.names.join(", ")
    );
    Diagnostic::error(&policy::DROPPED, None, message).help(help(Step::Renamed))
}

fn diagnostic(dropped: &Dropped, file: &str, sources: &Sources) -> Diagnostic {
    let span = sources.find(file).map(|source| Span {
        source,
        start: dropped.span.start,
        end: dropped.span.end,
    });
    let names = if dropped.step == Step::Taken {
        format!(
            "what the spec gives another name, in a run that gives its name away: {}",
            dropped.names.join(", ")
        )
    } else if dropped.names.is_empty() {
        "what the spec has changed".to_owned()
    } else {
        format!("what the spec has no more: {}", dropped.names.join(", "))
    };
    let message = format!("`{}` names {names}", dropped.id);
    let mut help = help(dropped.step).to_owned();
    for kind in &dropped.kinds {
        help.push_str(&format!(
            "; or, where it means the rows of now, let it say so before it looks behind them: `… is {kind} && …`"
        ));
    }
    Diagnostic::error(&policy::DROPPED, span, message).help(help)
}

fn help(step: Step) -> &'static str {
    match step {
        Step::Renamed => "the patch that is proposed has the new names",
        Step::Shortened => "the patch that is proposed takes the actions out of the list",
        Step::Closed => "the patch that is proposed comments it out, which closes what it opened",
        Step::ByHand => {
            "no patch is proposed for its file: write the new word where the old one is meant"
        }
        Step::Taken => {
            "no patch is proposed for its file, for nobody could tell whom it means: rename in two runs of `generate`, first what gives the name up, with the policies that follow it, and then what takes the name"
        }
        Step::Opened => {
            "the patch that is proposed comments it out, which OPENS what it closed: write what shall hold instead"
        }
    }
}
