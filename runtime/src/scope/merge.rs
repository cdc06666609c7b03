//! Merge patches of rows that have fields of any JSON.

use serde_json::Value;

use super::Scope;
use crate::call::Body;
use crate::error::Error;
use crate::json::Object;
use crate::permit::{Granted, Update};
use crate::resource::Resource;
use crate::value::merged;

impl Scope {
    /// Reads a JSON Merge Patch (RFC 7396) of a row. Where it changes a field of any JSON by an object, that field holds
    /// the result: the object merged into what the caller sees there. So nothing is learnt of a field that the caller
    /// may not read, neither by what becomes of it nor by how large it gets: for such a caller it is empty.
    ///
    /// # Errors
    /// 400 if it is not JSON, 422 if it is not an object.
    pub async fn merge_patch<R: Resource>(
        &mut self,
        body: &Body,
        stored: &Granted<Update, R>,
    ) -> Result<Object, Error> {
        let mut patch = body.merge_patch()?;
        let names = R::MERGED.iter().copied();
        let merging: Vec<_> = names
            .filter(|name| patch.get(*name).is_some_and(Value::is_object))
            .collect();
        if merging.is_empty() {
            return Ok(patch);
        }
        let sight = self.sight(&stored.row).await?;
        let seen = stored.row.view(&sight);
        for name in merging {
            if let Some(change) = patch.get_mut(name) {
                *change = merged(seen.get(name), change);
            }
        }
        Ok(patch)
    }
}
