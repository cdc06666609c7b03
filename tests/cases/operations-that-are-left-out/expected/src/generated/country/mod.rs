// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! `country`: a country.
//!
//! `endpoints` puts the steps in order, `store` speaks SQL, `entity` tells Cedar, `view` answers.

mod endpoints;
mod entity;
mod store;
mod view;

use secapi_runtime::prelude::*;

pub use entity::Country;

/// The routes of `country`. Before an endpoint runs, its action is asked whether any policy could allow it at all.
pub fn routes() -> Vec<Route> {
    vec![
        Route::list::<Country, _>("/countries", endpoints::list),
        Route::get::<Read, Country, _>("/countries/{id}", endpoints::read),
    ]
}
