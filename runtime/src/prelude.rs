//! What generated code and the rules of a project are written with.

pub use crate::auth::{Account, Accounts, Caller, Delay, Lockout, PasswordProfile, Provision};
pub use crate::authz::{Entity, Lists};
pub use crate::call::Call;
pub use crate::encryption::EncryptedField;
pub use crate::error::{Code, Error, Violation};
pub use crate::idempotency::Earlier;
pub use crate::json::Object;
pub use crate::limit::{LimitKey, Quota, RateLimits, TierLimit};
pub use crate::list::{Column, Include, Kind, ListQuery, Listing};
pub use crate::permit::{
    Action, Create, CustomAction, Delete, Disable, Enable, Granted, List, ListPermit, Permit, Read,
    ReadSessions, Register, Restore, RevokeSessions, Unseen, Update,
};
pub use crate::related::{Related, RelatedField, RelatedRow};
pub use crate::reply::Reply;
pub use crate::resource::{Facts, Resource, View, Visible};
pub use crate::route::Route;
pub use crate::rule::*;
pub use crate::scope::{Page, Scope};
pub use crate::secret::Secret;
pub use crate::service::{Definition, Docs, Https, Purge, Service, Settings};
pub use crate::store::{Migration, Row, Sql};
pub use crate::value::*;
pub use serde_json::json;
pub use std::net::IpAddr;
