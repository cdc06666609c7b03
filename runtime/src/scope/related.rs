//! What rows refer to: whether a caller may refer to it, and what answers show of it.

use super::Scope;
use crate::authz::Entity;
use crate::decision_log::Tally;
use crate::error::{Error, Violation};
use crate::etag;
use crate::list::Include;
use crate::permit::{Granted, Read, Update};
use crate::related::{Related, RelatedField, RelatedRow};
use crate::reply::Reply;
use crate::resource::{Resource, Visible};
use crate::rule::Named;
use crate::store::{REFERENCE, Sql};
use crate::value::Id;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What `include` adds to one row, and what it adds to the row's entity tag.
pub(super) type Included = (Map<String, Value>, Vec<String>);

/// One related row as its caller may see it, with the part of an entity tag that changes with it.
type Shown = (Value, String);

/// A row that another one refers to, with its resource.
type Found = (&'static str, &'static Related, RelatedRow);

/// What the decision log is told of included rows, by action and kind of row.
type Told = BTreeMap<(String, &'static str), Tally>;

impl Scope {
    /// Holds every reference of a new row to what the caller may read.
    ///
    /// # Errors
    /// 422 as [`Scope::check_named_references`].
    pub async fn check_references<R: Resource>(&mut self, row: &R) -> Result<(), Error> {
        self.check(row, R::REFERENCES.to_vec()).await
    }

    /// Holds the references that the body of a creation names to what the caller may read.
    ///
    /// # Errors
    /// 422 with a pointer to each reference to a row that is not there, or that the caller may not read: the two look
    /// alike. 503 if the database is out of reach.
    pub async fn check_named_references<R: Resource>(
        &mut self,
        row: &R,
        named: Named,
    ) -> Result<Named, Error> {
        self.check(row, fields::<R>(&named)).await?;
        Ok(named.checked())
    }

    /// Holds the references that the body of an update names to what the caller may read. One that stays as it is was
    /// checked when it was set, and may be sent back; not so one that the caller perhaps cannot read, of which that would
    /// tell the value.
    ///
    /// # Errors
    /// 422 as [`Scope::check_named_references`].
    pub async fn check_changed_references<R: Resource>(
        &mut self,
        stored: &Granted<Update, R>,
        resulting: &R,
        named: Named,
    ) -> Result<Named, Error> {
        let changed = |field: &&RelatedField| {
            let is_shown = !field.guarded && !field.write_only;
            !is_shown || stored.reference(field.name) != resulting.reference(field.name)
        };
        let changed = fields::<R>(&named).into_iter().filter(changed).collect();
        self.check(resulting, changed).await?;
        Ok(named.checked())
    }

    /// Holds the references that an action has set to what the caller may read.
    pub(super) async fn check_new_references<R: Resource>(
        &mut self,
        stored: &R,
        resulting: &R,
    ) -> Result<(), Error> {
        let fields = R::REFERENCES.iter().copied();
        let is_new =
            |field: &&RelatedField| stored.reference(field.name) != resulting.reference(field.name);
        self.check(resulting, fields.filter(is_new).collect()).await
    }

    /// 200 with a row that the caller was allowed to read and what it asked to be included, or 304 if it has all of that
    /// already.
    ///
    /// # Errors
    /// As [`Scope::show`], and 503 if the database is out of reach.
    pub async fn show_including<R: Resource>(
        &mut self,
        granted: Granted<Read, R>,
        include: &Include,
    ) -> Result<Reply, Error> {
        let sight = self.sight(&granted.row).await?;
        let (rows, sights) = (
            std::slice::from_ref(&granted.row),
            std::slice::from_ref(&sight),
        );
        let included = self.included(rows, sights, include).await?;
        let Some((included, parts)) = included.into_iter().next() else {
            return self.show_as(&granted.row, &sight);
        };
        let tag = etag::including(self.app.etag_key(), &self.tag(&granted.row, &sight), &parts);
        if etag::not_modified(&self.head.headers, &tag)? {
            return Ok(Reply::empty(304).header("etag", tag));
        }
        let mut view = granted.row.view(&sight);
        view.insert("included".to_owned(), Value::Object(included));
        Ok(Reply::json(200, &view)?.header("etag", tag))
    }

    /// What is included with each of these rows, of which the caller sees that much, in their order; nothing at all where nobody asked for it. Each related
    /// resource is asked once for all rows together, and each related row is decided on once.
    pub(super) async fn included<R: Resource>(
        &mut self,
        rows: &[R],
        sights: &[Visible],
        include: &Include,
    ) -> Result<Vec<Included>, Error> {
        let Some(fields) = &include.fields else {
            return Ok(Vec::new());
        };
        let wanted: Vec<Vec<(&RelatedField, Id)>> = rows
            .iter()
            .zip(sights)
            .map(|(row, sight)| {
                let readable = |field: &&&RelatedField| !field.guarded || sight.shows(field.name);
                let fields = fields.iter().filter(readable);
                fields
                    .filter_map(|field| Some((*field, row.reference(field.name)?)))
                    .collect()
            })
            .collect();
        let found = self.related(wanted.iter().flatten().copied()).await?;
        self.look_behind_related(&found).await?;
        let mut shown: HashMap<(&str, Id), Option<Shown>> = HashMap::new();
        let mut told = Told::new();
        for (resource, related, row) in found {
            let as_seen = self.shown(related, &row, &mut told);
            shown.insert((resource, row.id), as_seen);
        }
        for ((action, kind), tally) in &told {
            self.decision_log().rows(action, kind, tally);
        }
        let of_row = |wanted: Vec<(&RelatedField, Id)>| {
            let mut included = (Map::new(), Vec::new());
            for (field, id) in wanted {
                let found = shown.get(&(field.related.resource, id));
                if let Some(Some((view, tag))) = found {
                    included.0.insert(field.name.to_owned(), view.clone());
                    included.1.push(format!("{}={tag}", field.name));
                }
            }
            included
        };
        Ok(wanted.into_iter().map(of_row).collect())
    }

    /// A related row as the caller may see it; none, where it may not.
    fn shown(&self, related: &Related, row: &RelatedRow, told: &mut Told) -> Option<Shown> {
        let mut may = |verb: &str| {
            let action = format!("{}:{verb}", related.resource);
            let decision = self.judged(&action, &row.entity);
            let allowed = decision.allowed;
            self.app.metrics().decided(allowed);
            told.entry((action, row.entity.kind))
                .or_default()
                .add(decision);
            allowed
        };
        if !may("read") {
            return None;
        }
        let guarded = related.guarded.iter().copied();
        let readable = guarded.filter(|field| may(&format!("read:{field}")));
        let sight = Visible::new(readable.collect());
        let tag = etag::strong(self.app.etag_key(), row.id, row.version, sight.fields());
        Some((Value::Object(row.view(&sight)), tag))
    }

    /// The same question as for a row of one's own; which policies answered it is told to the log and not to the client,
    /// since a row that is not there has none.
    pub(super) async fn may(
        &mut self,
        related: &Related,
        verb: &str,
        row: &RelatedRow,
    ) -> Result<bool, Error> {
        let action = format!("{}:{verb}", related.resource);
        let references = related.listing.references;
        let decision = self.decide(references, action, &row.entity).await?;
        Ok(decision.allowed)
    }

    /// Looks up what the policies ask behind rows that answers are to carry.
    async fn look_behind_related(&mut self, found: &[Found]) -> Result<(), Error> {
        let mut by_kind: BTreeMap<&str, (&Related, Vec<&Entity>)> = BTreeMap::new();
        for (resource, related, row) in found {
            let (_, rows) = by_kind
                .entry(resource)
                .or_insert_with(|| (related, Vec::new()));
            rows.push(&row.entity);
        }
        for (resource, (related, rows)) in by_kind {
            let guarded = related.guarded.iter();
            let fields = guarded.map(|field| format!("{resource}:read:{field}"));
            let actions: Vec<String> = std::iter::once(format!("{resource}:read"))
                .chain(fields)
                .collect();
            let references = related.listing.references;
            self.look_behind(references, &actions, &rows).await?;
        }
        Ok(())
    }

    async fn check<R: Resource>(
        &mut self,
        row: &R,
        fields: Vec<&'static RelatedField>,
    ) -> Result<(), Error> {
        let refers = fields.into_iter();
        let refers: Vec<(&RelatedField, Id)> = refers
            .filter_map(|field| Some((field, row.reference(field.name)?)))
            .collect();
        let found = self.related(refers.iter().copied()).await?;
        let mut readable: BTreeSet<(&str, Id)> = BTreeSet::new();
        for (resource, related, row) in &found {
            if self.may(related, "read", row).await? {
                readable.insert((*resource, row.id));
            }
        }
        if readable.len() < found.len() {
            self.event("malicious_direct_reference").warn();
        }
        let unknown =
            |(field, id): &&(&RelatedField, Id)| !readable.contains(&(field.related.resource, *id));
        let violations: Vec<Violation> = refers
            .iter()
            .filter(unknown)
            .map(|(field, _)| {
                let pointer = format!("/{}", field.name);
                Violation::body(
                    pointer,
                    REFERENCE,
                    "must be the id of a row that can be read",
                )
            })
            .collect();
        if violations.is_empty() {
            return Ok(());
        }
        Err(Error::validation(violations))
    }

    /// Stores a new row, as [`Scope::execute`]. Where it refers to what is not there, the refusal names the fields: what a body
    /// names was looked up before, so these are what a rule of the project has set, or left unset.
    ///
    /// # Errors
    /// 422 with a pointer for each reference that leads nowhere, else as [`Scope::execute`].
    pub async fn insert<R: Resource>(&mut self, row: &R, sql: Sql) -> Result<(), Error> {
        let Err(refused) = self.execute(sql).await else {
            return Ok(());
        };
        // A constraint undoes its statement alone, so there is still somebody to ask.
        let mut violations = refused.violations().iter();
        if !violations.any(|violation| violation.code == REFERENCE) {
            return Err(refused);
        }
        let fields = R::REFERENCES.iter().copied();
        let refers: Vec<(&RelatedField, Id)> = fields
            .filter_map(|field| Some((field, row.reference(field.name)?)))
            .collect();
        let found = self.related(refers.iter().copied()).await?;
        let is_there = |(field, id): &(&RelatedField, Id)| {
            let mut found = found.iter();
            *id == row.id() || found.any(|it| it.0 == field.related.resource && it.2.id == *id)
        };
        let lost = refers.iter().filter(|it| !is_there(it));
        let violations: Vec<Violation> = lost
            .map(|(field, _)| {
                let pointer = format!("/{}", field.name);
                Violation::body(
                    pointer,
                    REFERENCE,
                    "is set by the service, and leads to no row",
                )
            })
            .collect();
        match violations.is_empty() {
            true => Err(refused),
            false => Err(Error::validation(violations)
                .because(refused.cause().unwrap_or("a reference leads to no row"))),
        }
    }

    /// The rows that are referred to, each once, by one statement for each resource.
    async fn related<'a>(
        &mut self,
        refers: impl Iterator<Item = (&'a RelatedField, Id)>,
    ) -> Result<Vec<Found>, Error> {
        let mut wanted: HashMap<&'static str, (&'static Related, BTreeSet<Id>)> = HashMap::new();
        for (field, id) in refers {
            let related = field.related;
            let (_, ids) = wanted
                .entry(related.resource)
                .or_insert_with(|| (related, BTreeSet::new()));
            ids.insert(id);
        }
        let mut found = Vec::new();
        for (resource, (related, ids)) in wanted {
            let ids: Vec<Value> = ids.iter().map(|id| Value::from(id.to_string())).collect();
            let sql = Sql::new(related.by_ids).bind(Value::from(ids).to_string());
            for row in self.transaction.fetch_all(sql).await? {
                found.push((resource, related, (related.read)(&row)?));
            }
        }
        Ok(found)
    }
}

/// The references that a body names.
fn fields<R: Resource>(named: &Named) -> Vec<&'static RelatedField> {
    let is_named = |field: &&RelatedField| named.references().contains(&field.name);
    R::REFERENCES.iter().copied().filter(is_named).collect()
}
