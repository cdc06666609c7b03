//! Policies that name what the spec has no more, as a command reports them: with the patches that are proposed, and with
//! what the run would do once they are taken over.

use serde_json::{Value, json};

use super::changes::Tense;
use super::last::Last;
use super::regeneration::{Wishes, foresee};
use super::{Report, earlier};
use crate::diagnostic::{Diagnostic, Sources, Span, policy};
use crate::model::Service;
use crate::plan::{self, Dropped, Policies, Proposal, Step};
use crate::project::Input;
use crate::write::Project;

/// Whether policies that fit mean something else than before: a value that the spec calls otherwise now, which is any string
/// to Cedar, or a name that something else has now.
pub(super) fn mean_others(last: &Last, service: &Service, input: &Input) -> bool {
    let old = last.service.as_ref().filter(|_| !last.is_same);
    old.is_some_and(|old| {
        plan::may_mean_others(old, service)
            && !plan::proposals(old, service, &input.policies).is_empty()
    })
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
    let foretold = foretold(project, (service, last), &input, &proposals, wishes);
    let mut report = Report::of_input(input);
    for proposal in &proposals {
        for dropped in &proposal.policies {
            let diagnostic = diagnostic(dropped, &proposal.file, &report.sources);
            report.diagnostics.push(diagnostic);
        }
        report.text.extend(proposal.patch.as_deref());
    }
    if !proposals.is_empty() {
        let all = proposals.iter().map(of_proposal).collect();
        report.data.insert("proposals".into(), all);
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
    if proposals.is_empty() {
        return None;
    }
    let mut sources = input.policies.clone();
    for source in &mut sources {
        let proposal = proposals.iter().find(|one| one.file == source.file);
        if let Some(proposal) = proposal {
            source.text.clone_from(&proposal.text);
        }
    }
    let policies = Policies::load(service, &sources).ok()?;
    let spec = input.whole_spec();
    let changes = foresee(project, input, (service, &policies, &spec), last, wishes);
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
    Diagnostic::error(&policy::DROPPED, span, message).help(help(dropped.step))
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
