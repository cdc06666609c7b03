// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! Start here: what this service answers, and where each answer is made.
//!
//! | method and path | Cedar action | policies | rate limit | made in |
//! | --- | --- | --- | --- | --- |
//! | `GET /api/v1/users/me` | `user:read` | `administrators`, `scope`, `user-practitioners-by-one-another`, `user-practitioners-by-reception`, `user-read-self`, `user-visitors` | `read` | [`user`] |
//! | `GET /api/v1/users` | `user:list` and `user:read` | `administrators`, `scope`, `user-list-self`, `user-practitioners-by-one-another`, `user-practitioners-by-reception`, `user-read-self`, `user-visitors` | `read` | [`user`] |
//! | `GET /api/v1/users/{id}` | `user:read` | `administrators`, `scope`, `user-practitioners-by-one-another`, `user-practitioners-by-reception`, `user-read-self`, `user-visitors` | `read` | [`user`] |
//! | `POST /api/v1/users` | `user:create` | `administrators`, `scope` | `write` | [`user`] |
//! | `PATCH /api/v1/users/{id}` | `user:update` | `administrators`, `scope`, `user-update-self` | `write` | [`user`] |
//! | `DELETE /api/v1/users/{id}` | `user:delete` | `administrators`, `scope` | `write` | [`user`] |
//! | `POST /api/v1/users/{id}/disable` | `user:disable` | `administrators`, `scope` | `write` | [`user`] |
//! | `POST /api/v1/users/{id}/enable` | `user:enable` | `administrators`, `scope` | `write` | [`user`] |
//! | `GET /api/v1/users/{id}/sessions` | `user:sessions:read` | `administrators`, `scope` | `read` | [`user`] |
//! | `DELETE /api/v1/users/{id}/sessions` | `user:sessions:revoke` | `administrators`, `scope` | `write` | [`user`] |
//! | `GET /api/v1/patients` | `patient:list` and `patient:read` | `administrators`, `patient-own`, `patient-practitioners`, `patient-reception`, `scope` | `read` | [`patient`] |
//! | `GET /api/v1/patients/{id}` | `patient:read` | `administrators`, `patient-own`, `patient-practitioners`, `patient-reception`, `scope` | `read` | [`patient`] |
//! | `POST /api/v1/patients` | `patient:create` | `administrators`, `patient-practitioners`, `patient-reception`, `scope` | `write` | [`patient`] |
//! | `PATCH /api/v1/patients/{id}` | `patient:update` | `administrators`, `patient-practitioners`, `patient-reception`, `scope` | `write` | [`patient`] |
//! | `DELETE /api/v1/patients/{id}` | `patient:delete` | `administrators`, `scope` | `write` | [`patient`] |
//! | `POST /api/v1/patients/{id}/restore` | `patient:restore` | `administrators`, `scope` | `write` | [`patient`] |
//! | `GET /api/v1/appointments` | `appointment:list` and `appointment:read` | `administrators`, `appointment-own`, `appointment-practitioners`, `appointment-reception`, `scope` | `read` | [`appointment`] |
//! | `GET /api/v1/appointments/{id}` | `appointment:read` | `administrators`, `appointment-own`, `appointment-practitioners`, `appointment-reception`, `scope` | `read` | [`appointment`] |
//! | `POST /api/v1/appointments` | `appointment:create` | `administrators`, `appointment-practitioners`, `appointment-reception`, `scope` | `write` | [`appointment`] |
//! | `PATCH /api/v1/appointments/{id}` | `appointment:update` | `administrators`, `appointment-practitioners`, `appointment-reception`, `scope` | `write` | [`appointment`] |
//! | `DELETE /api/v1/appointments/{id}` | `appointment:delete` | `administrators`, `appointment-practitioners`, `appointment-reception`, `scope` | `write` | [`appointment`] |
//! | `POST /api/v1/appointments/{id}/restore` | `appointment:restore` | `administrators`, `appointment-practitioners`, `appointment-reception`, `scope` | `write` | [`appointment`] |
//! | `GET /api/v1/notes` | `note:list` and `note:read` | `administrators`, `administrators-no-notes`, `note-practitioners`, `scope` | `read` | [`note`] |
//! | `GET /api/v1/notes/{id}` | `note:read` | `administrators`, `administrators-no-notes`, `note-practitioners`, `scope` | `read` | [`note`] |
//! | `POST /api/v1/notes` | `note:create` | `administrators`, `administrators-no-notes`, `note-practitioners`, `scope` | `write` | [`note`] |
//! | `DELETE /api/v1/notes/{id}` | `note:delete` | `administrators`, `note-author`, `note-author-alone`, `scope` | `write` | [`note`] |
//! | `POST /api/v1/notes/{id}/restore` | `note:restore` | `administrators`, `note-author`, `note-author-alone`, `scope` | `write` | [`note`] |
//!
//! Fixed routes of the runtime, which no policy opens or closes: `POST /api/v1/auth/login`,
//! `…/refresh`, `…/logout`, `…/password/change`, `GET /api/v1/auth/sessions`,
//! `DELETE /api/v1/auth/sessions/{id}`, `GET /health/live`, `GET /health/ready`,
//! `GET /.well-known/jwks.json`, `GET /openapi.json`, `GET /docs`, `GET /problems/{code}`.
//!
//! Guarded fields have actions of their own: `user:read:role`, `user:write:role`, `user:read:phone`, `user:write:phone`, `patient:read:insurance_number`, `patient:write:insurance_number`, `patient:read:allergies`, `patient:write:allergies`, `patient:read:history`, `patient:write:history`.
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

pub mod appointment;
pub mod note;
pub mod patient;
pub mod settings;
pub mod user;

use secapi_runtime::prelude::*;

/// The service that `secapi.yaml` describes.
pub fn service() -> Service {
    Service::new(Definition {
        name: "clinic",
        title: "Clinic API",
        version: env!("CARGO_PKG_VERSION"),
        namespace: "Clinic",
        base_path: "/api/v1",
        schema: include_str!("../../policies/schema.cedarschema"),
        openapi: include_str!("../../openapi.json"),
        migrations: &[Migration {
            number: 1,
            name: "init",
            sql: include_str!("../../migrations/sqlite/0001_init.sql"),
        }],
        encrypted: &[
            user::ENCRYPTED,
            patient::ENCRYPTED,
            appointment::ENCRYPTED,
            note::ENCRYPTED,
        ],
        settings: settings::SETTINGS,
    })
    .identity(&user::ACCOUNTS)
    .routes(user::routes())
    .routes(patient::routes())
    .routes(appointment::routes())
    .routes(note::routes())
    .purge(patient::PURGE)
    .purge(appointment::PURGE)
    .purge(note::PURGE)
}
