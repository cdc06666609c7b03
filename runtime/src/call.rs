//! One request on its way through an endpoint: who is calling, what for, and the body that nobody has read yet.

mod head;

pub use head::Head;

use crate::app::App;
use crate::auth::endpoints::AuthContext;
use crate::auth::{Caller, PasswordHash, SignedIn};
use crate::authz::{Behind, Condition, Engine, Gate, Subject};
use crate::behind::around_caller;
use crate::decision_log::DecisionLog;
use crate::error::{Code, Error, Violation};
use crate::http::body::{self, Media};
use crate::idempotency::{self, Attempt};
use crate::json::{self, Object};
use crate::list::{Include, Known, ListQuery, Listing};
use crate::permit::{ListPermit, Rows};
use crate::related::RelatedField;
use crate::resource::Resource;
use crate::scope::{Changes, Scope};
use crate::secret::Secret;
use crate::store::Transaction;
use crate::value::{Id, Timestamp};
use salvo::http::ReqBody;
use salvo::hyper::body::Bytes;
use std::cell::RefCell;
use std::marker::PhantomData;
use std::sync::Arc;
use tokio::sync::OwnedSemaphorePermit;

/// One request; endpoints take it whole. The route's gate has let it through already.
#[derive(Debug)]
pub struct Call {
    pub(crate) app: App,
    pub(crate) engine: Arc<Engine>,
    pub(crate) head: Arc<Head>,
    pub(crate) caller: Caller,
    pub(crate) subject: Subject,
    pub(crate) now: Timestamp,
    pub(crate) body: ReqBody,
    /// The snapshot in which a reading caller was authenticated.
    pub(crate) snapshot: Option<Transaction>,
    /// The turn of a list. Its snapshot takes it over: a statement that nobody waits for any more still has a reader.
    pub(crate) turn: Option<OwnedSemaphorePermit>,
    /// What is remembered of this request once it has made a row: it has an `Idempotency-Key`.
    pub(crate) attempt: Option<Attempt>,
}

/// The bytes of a body, under the limit and of a media type that the route reads; nobody has parsed them yet.
#[derive(Debug)]
pub struct Body {
    bytes: Vec<u8>,
}

impl Body {
    /// Parses the body as a JSON Merge Patch (RFC 7396) of an object.
    ///
    /// # Errors
    /// 400 if it is not JSON, 422 if it is not an object.
    pub fn merge_patch(&self) -> Result<Object, Error> {
        self.object()
    }

    /// Parses the body as a JSON object.
    ///
    /// # Errors
    /// 400 if it is not JSON, 422 if it is not an object.
    pub fn object(&self) -> Result<Object, Error> {
        json::parse_object(&self.bytes)
    }
}

impl Call {
    /// Who is calling.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The id of the signed-in caller.
    ///
    /// # Errors
    /// 401 for the anonymous.
    pub fn account_id(&self) -> Result<Id, Error> {
        let account = self.caller.account().ok_or_else(|| self.caller.refusal())?;
        Ok(account.id)
    }

    /// The signed-in caller with its session.
    pub(crate) fn signed_in(&self) -> Result<&SignedIn, Error> {
        self.caller.signed_in()
    }

    /// The one instant of this request.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// A fresh UUIDv7 for a new row.
    #[must_use]
    pub fn new_id(&self) -> Id {
        Id::new()
    }

    /// The `{id}` of the path.
    ///
    /// # Errors
    /// 400 if it is not a UUID.
    pub fn id(&self) -> Result<Id, Error> {
        read_id("id", self.head.id.as_deref())
    }

    /// The id of the related row, behind the `{id}` of the path.
    ///
    /// # Errors
    /// 400 if it is not a UUID.
    pub fn other_id(&self) -> Result<Id, Error> {
        match &self.head.other {
            Some((name, text)) => read_id(name, Some(text)),
            None => read_id("id", None),
        }
    }

    /// Reads a JSON object.
    ///
    /// # Errors
    /// 415, 413, 400 if it is not JSON, 422 if it is not an object.
    pub async fn json(&mut self) -> Result<Object, Error> {
        self.take_body(Media::Json).await?.object()
    }

    /// Reads a merge patch without parsing it, so that the stored row is authorized first.
    ///
    /// # Errors
    /// 415 or 413.
    pub async fn body(&mut self) -> Result<Body, Error> {
        self.take_body(Media::MergePatch).await
    }

    /// Reads the body of an action without parsing it, so that the stored row is authorized first.
    ///
    /// # Errors
    /// 415 or 413.
    pub async fn input(&mut self) -> Result<Body, Error> {
        self.take_body(Media::Json).await
    }

    /// What the fixed routes of authentication stand on.
    pub(crate) fn auth_context(&self) -> Result<AuthContext<'_>, Error> {
        self.app.auth_context(&self.head, self.now)
    }

    /// Does not count the request after all, where the limits of its route spare successful logins.
    pub(crate) fn spare_success(&self) {
        if let Some(meter) = &self.head.meter {
            meter.spare_success();
        }
    }

    /// Checks a new password against the profile and hashes it, before any transaction is open. A limit by account counts
    /// the request for this address first.
    ///
    /// # Errors
    /// 429 if the address has no room, 422 if the profile refuses the password, 503 if too many hashes are waiting.
    pub async fn hash_password(
        &self,
        password: Secret<String>,
        email: &str,
    ) -> Result<PasswordHash, Error> {
        if let Some(meter) = &self.head.meter {
            meter.charge_account(email)?;
        }
        self.app.hash_password(password, email).await
    }

    /// Decides whether a list may be asked for at all, and for which rows.
    ///
    /// # Errors
    /// 401 or 403.
    pub fn list_permit<R: Resource>(&self) -> Result<ListPermit<R>, Error> {
        let actions = ["list", "read"].map(|verb| format!("{}:{verb}", R::NAME));
        let gates = actions.map(|action| {
            let gate = self.engine.gate(&self.subject, &action, R::KIND);
            (action, gate)
        });
        if let Some((action, _)) = gates.iter().find(|(_, gate)| *gate == Gate::Never) {
            self.app.metrics().decided(false);
            let log = DecisionLog {
                engine: &self.engine,
                subject: &self.subject,
            };
            self.head.decided_by(&log.every_row(action, R::KIND));
            return Err(self.caller.refusal());
        }
        let open = gates.iter().filter(|(_, gate)| *gate == Gate::Depends);
        Ok(ListPermit {
            rows: open.fold(Rows::All, |rows, (action, _)| {
                self.narrowed::<R>(rows, action)
            }),
            resource: PhantomData,
        })
    }

    /// Those of the rows on which the policies allow this too, as far as the database can be asked for them.
    fn narrowed<R: Resource>(&self, rows: Rows, action: &str) -> Rows {
        match self.engine.condition(&self.subject, action, R::KIND) {
            Ok(condition) => rows.and(condition),
            Err(unsayable) => {
                let resource = R::NAME;
                tracing::warn!(%resource, %unsayable, "this list is decided row by row");
                rows.each(self.engine.wider_condition(&self.subject, action, R::KIND))
            }
        }
    }

    /// Reads the query of a list. A guarded field that the caller reads on no row counts as unknown; one that it reads on
    /// some rows is unset on the others, for filters, order and search.
    ///
    /// # Errors
    /// 400 with every parameter that is wrong.
    pub fn list_query<R: Resource>(&self, listing: &'static Listing) -> Result<ListQuery, Error> {
        let partly = RefCell::new(Vec::new());
        let readable = |field: &str| self.reads_field::<R>(listing, field, &partly);
        let binding = format!("{}\n{}", self.caller.name(), self.head.place());
        let key = self.app.cursor_key();
        let known = Known {
            listing,
            readable_guarded: &readable,
            related: &self.includable::<R>(),
        };
        let query = ListQuery::read(&known, &self.head.query, key, binding.as_bytes(), self.now)?;
        Ok(query.reading(partly.into_inner()))
    }

    /// Whether the caller may know of a guarded field. Where it may on some rows, that condition is added to `partly`;
    /// where the database cannot be asked for them, it may not.
    fn reads_field<R: Resource>(
        &self,
        listing: &'static Listing,
        field: &str,
        partly: &RefCell<Vec<(&'static str, Condition)>>,
    ) -> bool {
        let action = format!("{}:read:{field}", R::NAME);
        match self.engine.gate(&self.subject, &action, R::KIND) {
            Gate::Always => return true,
            Gate::Never => return false,
            Gate::Depends => {}
        }
        let mut partly = partly.borrow_mut();
        if partly.iter().any(|(known, _)| *known == field) {
            return true;
        }
        let column = listing.columns.iter().find(|column| column.name == field);
        let condition = self.engine.condition(&self.subject, &action, R::KIND);
        if let Err(unsayable) = &condition {
            let resource = R::NAME;
            tracing::warn!(%resource, %field, %unsayable, "this list is not filtered or ordered by the field");
        }
        let sayable = condition
            .ok()
            .filter(|it| !it.is_never() && listing.can_say(it));
        let Some((column, condition)) = column.zip(sayable) else {
            return false;
        };
        if !condition.is_always() {
            partly.push((column.name, condition));
        }
        true
    }

    /// Reads the `include` of a single read.
    ///
    /// # Errors
    /// 400 with everything that is wrong.
    pub fn include<R: Resource>(&self) -> Result<Include, Error> {
        Include::parse(&self.head.query, &self.includable::<R>())
    }

    /// The references that an answer may carry the rows of. A guarded one that the caller reads on no row counts as
    /// unknown.
    fn includable<R: Resource>(&self) -> Vec<&'static RelatedField> {
        let never = |field: &RelatedField| {
            let action = format!("{}:read:{}", R::NAME, field.name);
            field.guarded && self.engine.gate(&self.subject, &action, R::KIND) == Gate::Never
        };
        let fields = R::REFERENCES.iter().copied();
        fields
            .filter(|field| !field.write_only && !never(field))
            .collect()
    }

    /// A snapshot to read from.
    ///
    /// # Errors
    /// 503 if the database is out of reach.
    pub async fn read(mut self) -> Result<Scope, Error> {
        let mut transaction = match self.snapshot.take() {
            Some(snapshot) => snapshot,
            None => self.app.db().read().await?,
        };
        transaction.keep(self.turn.take());
        Ok(self.into_scope(transaction))
    }

    /// A transaction to write in. The caller is looked up once more inside it, so that no decision rests on a role or
    /// a session that has changed meanwhile.
    ///
    /// # Errors
    /// 401 if the caller's session has ended, 409 if another process has answered the same keyed request meanwhile, 503
    /// if the database is out of reach.
    pub async fn write(mut self) -> Result<Scope, Error> {
        self.snapshot = None;
        let mut transaction = self.app.db().write().await?;
        self.look_up_again(&mut transaction).await?;
        if let Some(attempt) = &self.attempt {
            idempotency::demand_unanswered(&mut transaction, attempt, self.now).await?;
        }
        Ok(self.into_scope(transaction))
    }

    /// Goes on in this snapshot, with the caller as it stands there.
    pub(crate) async fn read_in(&mut self, mut snapshot: Transaction) -> Result<(), Error> {
        self.look_up_again(&mut snapshot).await?;
        self.snapshot = Some(snapshot);
        Ok(())
    }

    async fn look_up_again(&mut self, transaction: &mut Transaction) -> Result<(), Error> {
        self.caller = self
            .app
            .authenticate_again(transaction, &self.caller, self.now)
            .await?;
        let context = self.head.context(&self.caller, self.now);
        let (engine, accounts) = (&self.engine, self.app.accounts());
        let around = around_caller(engine, transaction, &self.caller, accounts).await?;
        let subject = engine.subject(self.caller.entity(), &context)?;
        self.subject = subject.knowing(around);
        Ok(())
    }

    fn into_scope(self, transaction: Transaction) -> Scope {
        Scope {
            app: self.app,
            engine: self.engine,
            transaction,
            behind: Behind::default(),
            caller: self.caller,
            subject: self.subject,
            head: self.head,
            now: self.now,
            lost_administrator: None,
            removed_account: None,
            supervised: None,
            attempt: self.attempt,
            answered: None,
            changes: Changes::default(),
            events: Vec::new(),
        }
    }

    /// The bytes of the body, which stays there for whoever reads it next.
    pub(crate) async fn peek_body(&mut self, media: Media) -> Result<Bytes, Error> {
        let body = self.take_body(media).await?;
        let bytes = Bytes::from(body.bytes);
        self.body = ReqBody::Once(bytes.clone());
        Ok(bytes)
    }

    async fn take_body(&mut self, media: Media) -> Result<Body, Error> {
        let body = std::mem::take(&mut self.body);
        let bytes = body::read(&self.head.headers, body, media, self.app.body_allowance()).await?;
        Ok(Body { bytes })
    }
}

fn read_id(name: &str, text: Option<&str>) -> Result<Id, Error> {
    let malformed = || {
        let violation = Violation::parameter(name, "uuid", "must be a UUID");
        Error::new(Code::MalformedParameter).with(violation)
    };
    text.and_then(Id::parse).ok_or_else(malformed)
}
