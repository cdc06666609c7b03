//! What a run would do, as data: printed by `secapi plan`, carried out by `write`.

mod actions;
mod api;
mod authorization;
mod drafts;
mod files;
mod policy_names;
mod proposals;

pub use api::{ApiChange, api_changes};
pub use authorization::{AuthorizationChange, Direction, Earlier, authorization_changes};
pub(crate) use drafts::DOCUMENT_TEMPLATE;
pub use drafts::{
    DOCUMENT, Ingredients, Policies, of_new_project, of_upgrade, policy_of_new_resource,
    policy_path, regenerated, sources, starting_policies,
};
pub(crate) use files::is_told_unneeded;
pub use files::{
    Before, Change, Obstacle, PATCH_FOLDER, Plan, Row, Run, Texts, base_of, is_ejected,
    known_paths, new_paths, texts_needed,
};
pub use proposals::{
    CaseProposal, Dropped, Proposal, Step, case_proposals, may_mean_others, may_rename_cases,
    proposals, renamed_resources,
};
