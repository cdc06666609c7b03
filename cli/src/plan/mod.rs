//! What a run would do, as data: printed by `secapi plan`, carried out by `write`.

mod drafts;
mod files;
mod surface;

pub use drafts::{
    Ingredients, Policies, new_project, policy_of_new_resource, regenerated, sources,
    starting_policies,
};
pub use files::{Change, Obstacle, Plan, Row, paths};
pub use surface::{ApiChange, AuthorizationChange, Surface};
