//! Tests of the engine as a whole.

mod behind;
mod decisions;
mod depth;
mod findings;
mod fixture;
mod inspections;
mod memberships;
mod random;
mod schemas;
