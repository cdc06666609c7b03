// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! Start here: what this service answers, and where each answer is made.
//!
//! | method and path | Cedar action | policies | rate limit | made in |
//! | --- | --- | --- | --- | --- |
//! | `GET /api/v1/users/me` | `user:read` | `administrators-accounts`, `scope`, `user-directory` | `read` | [`user`] |
//! | `GET /api/v1/users` | `user:list` and `user:read` | `administrators-accounts`, `scope`, `user-directory` | `read` | [`user`] |
//! | `GET /api/v1/users/{id}` | `user:read` | `administrators-accounts`, `scope`, `user-directory` | `read` | [`user`] |
//! | `POST /api/v1/users` | `user:create` | `administrators-accounts`, `scope` | `write` | [`user`] |
//! | `PATCH /api/v1/users/{id}` | `user:update` | `administrators-accounts`, `scope`, `user-update-self` | `write` | [`user`] |
//! | `DELETE /api/v1/users/{id}` | `user:delete` | `administrators-accounts`, `scope` | `write` | [`user`] |
//! | `POST /api/v1/users/{id}/disable` | `user:disable` | `administrators-accounts`, `scope` | `write` | [`user`] |
//! | `POST /api/v1/users/{id}/enable` | `user:enable` | `administrators-accounts`, `scope` | `write` | [`user`] |
//! | `GET /api/v1/users/{id}/sessions` | `user:sessions:read` | `administrators-accounts`, `scope` | `read` | [`user`] |
//! | `DELETE /api/v1/users/{id}/sessions` | `user:sessions:revoke` | `administrators-accounts`, `scope` | `write` | [`user`] |
//! | `GET /api/v1/users/{id}/organizations` | `user:organizations:read` | `administrators-accounts`, `scope`, `user-own` | `read` | [`user`] |
//! | `GET /api/v1/organizations` | `organization:list` and `organization:read` | `organization-members`, `organization-owner`, `scope` | `read` | [`organization`] |
//! | `GET /api/v1/organizations/{id}` | `organization:read` | `organization-members`, `organization-owner`, `scope` | `read` | [`organization`] |
//! | `POST /api/v1/organizations` | `organization:create` | `organization-found`, `organization-owner`, `scope` | `write` | [`organization`] |
//! | `PATCH /api/v1/organizations/{id}` | `organization:update` | `organization-owner`, `scope` | `write` | [`organization`] |
//! | `DELETE /api/v1/organizations/{id}` | `organization:delete` | `organization-owner`, `scope` | `write` | [`organization`] |
//! | `GET /api/v1/organizations/{id}/members` | `organization:members:read` | `organization-members`, `organization-owner-members`, `scope` | `read` | [`organization`] |
//! | `PUT /api/v1/organizations/{id}/members/{user_id}` | `organization:members:add` | `organization-owner-members`, `scope` | `write` | [`organization`] |
//! | `DELETE /api/v1/organizations/{id}/members/{user_id}` | `organization:members:remove` | `organization-owner-members`, `scope` | `write` | [`organization`] |
//! | `GET /api/v1/projects` | `project:list` and `project:read` | `project-members-read`, `scope` | `read` | [`project`] |
//! | `GET /api/v1/projects/{id}` | `project:read` | `project-members-read`, `scope` | `read` | [`project`] |
//! | `POST /api/v1/projects` | `project:create` | `project-members-create`, `scope` | `write` | [`project`] |
//! | `PATCH /api/v1/projects/{id}` | `project:update` | `project-lead`, `scope` | `write` | [`project`] |
//! | `DELETE /api/v1/projects/{id}` | `project:delete` | `project-active-stays`, `project-lead`, `scope` | `write` | [`project`] |
//! | `POST /api/v1/projects/{id}/archive` | `project:archive` | `project-lead`, `scope` | `write` | [`project`] |
//! | `GET /api/v1/tasks` | `task:list` and `task:read` | `scope`, `task-members` | `read` | [`task`] |
//! | `GET /api/v1/tasks/{id}` | `task:read` | `scope`, `task-members` | `read` | [`task`] |
//! | `POST /api/v1/tasks` | `task:create` | `scope`, `task-archived`, `task-members` | `write` | [`task`] |
//! | `PATCH /api/v1/tasks/{id}` | `task:update` | `scope`, `task-archived`, `task-members` | `write` | [`task`] |
//! | `DELETE /api/v1/tasks/{id}` | `task:delete` | `scope`, `task-archived`, `task-members` | `write` | [`task`] |
//! | `POST /api/v1/tasks/{id}/finish` | `task:finish` | `scope`, `task-archived`, `task-members` | `write` | [`task`] |
//! | `GET /api/v1/tasks/{id}/labels` | `task:labels:read` | `scope`, `task-members-labels` | `read` | [`task`] |
//! | `PUT /api/v1/tasks/{id}/labels/{label_id}` | `task:labels:add` | `scope`, `task-members-labels` | `write` | [`task`] |
//! | `DELETE /api/v1/tasks/{id}/labels/{label_id}` | `task:labels:remove` | `scope`, `task-members-labels` | `write` | [`task`] |
//! | `GET /api/v1/labels` | `label:list` and `label:read` | `administrators-labels`, `label-read`, `scope` | `read` | [`label`] |
//! | `GET /api/v1/labels/{id}` | `label:read` | `administrators-labels`, `label-read`, `scope` | `read` | [`label`] |
//! | `POST /api/v1/labels` | `label:create` | `administrators-labels`, `scope` | `write` | [`label`] |
//! | `PATCH /api/v1/labels/{id}` | `label:update` | `administrators-labels`, `scope` | `write` | [`label`] |
//! | `DELETE /api/v1/labels/{id}` | `label:delete` | `administrators-labels`, `scope` | `write` | [`label`] |
//!
//! Fixed routes of the runtime, which no policy opens or closes: `POST /api/v1/auth/login`,
//! `…/refresh`, `…/logout`, `…/password/change`, `GET /api/v1/auth/sessions`,
//! `DELETE /api/v1/auth/sessions/{id}`, `GET /health/live`, `GET /health/ready`,
//! `GET /.well-known/jwks.json`, `GET /openapi.json`, `GET /docs`, `GET /problems/{code}`.
//!
//! Guarded fields have actions of their own: `user:read:role`, `user:write:role`, `user:read:phone`, `user:write:phone`, `project:read:budget`, `project:write:budget`.
//!
//! | rate limit | requests in any window | counted by |
//! | --- | --- | --- |
//! | `auth` | 5 in 900 s | address, account; successful logins are spared |
//! | `write` | 30 in 60 s | caller |
//! | `read` | 100 in 60 s; signed in 300 in 60 s | caller |
//!
//! `login` counts as `auth`, the other fixed routes of `auth/` as `write` and `read`.
//!
//! Limits: a body has at most 102400 bytes, a request takes at most 10000 ms.

pub mod label;
pub mod organization;
pub mod project;
pub mod settings;
pub mod task;
pub mod user;

use secapi_runtime::prelude::*;

/// The service that `secapi.yaml` describes.
pub fn service() -> Service {
    Service::new(Definition {
        name: "projects",
        title: "Projects API",
        version: env!("CARGO_PKG_VERSION"),
        namespace: "Projects",
        base_path: "/api/v1",
        schema: include_str!("../../policies/schema.cedarschema"),
        openapi: include_str!("../../openapi.json"),
        migrations: &[Migration {
            number: 1,
            name: "init",
            sql: include_str!("../../migrations/sqlite/0001_init.sql"),
        }],
        encrypted: &[],
        settings: settings::SETTINGS,
    })
    .identity(&user::ACCOUNTS)
    .routes(user::routes())
    .routes(organization::routes())
    .routes(project::routes())
    .routes(task::routes())
    .routes(label::routes())
}
