//! The caller after a change that may have been one of its own rights.

use super::Scope;
use crate::behind::around_caller;
use crate::error::{Code, Error};
use crate::resource::Resource;
use crate::value::Id;

/// What a transaction has changed so far, as far as it may touch the rights of its caller.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// How many statements have written. A change of a row is one; what a rule does beside it is anything.
    statements: usize,
    /// Whether none of them was the change of the row that the request is about.
    row_stays: bool,
    memberships: bool,
}

impl Changes {
    /// A statement has written.
    pub(super) fn count(&mut self) {
        self.statements += 1;
    }

    /// An action leaves its row as it is: whatever was written is beside it.
    pub(super) fn leave_the_row(&mut self) {
        self.row_stays = true;
    }
}

impl Scope {
    /// Notes that an account has become a member of something, or is one no more.
    pub(super) fn memberships_changed(&mut self, account: Id) {
        let caller = self.caller.account();
        self.changes.memberships |= caller.is_some_and(|caller| caller.id == account);
    }

    /// Decides whatever follows as for the caller's next request, where the change of this row, or what a rule has done
    /// beside it, may be one of the caller's own rights: its role, its memberships, a row that policies look at behind it.
    /// Where that cannot be, nothing is looked up. `false`, where the caller is nobody any more.
    ///
    /// The caller of the transaction stays who it was: it made the change, and events tell of it.
    pub(super) async fn see_as_now<R: Resource>(&mut self, row: &R) -> Result<bool, Error> {
        if self.caller.account().is_none() || !self.may_be_another(R::KIND, row.id()) {
            return Ok(true);
        }
        let (app, transaction) = (&self.app, &mut self.transaction);
        let again = app.authenticate_again(transaction, &self.caller, self.now);
        let caller = match again.await {
            Ok(caller) => caller,
            Err(error) if error.code() == Code::TokenInvalid => return Ok(false),
            Err(error) => return Err(error),
        };
        let context = self.head.context(&caller, self.now);
        let (engine, accounts) = (&self.engine, self.app.accounts());
        let around = around_caller(engine, &mut self.transaction, &caller, accounts).await?;
        let subject = self.engine.subject(caller.entity(), &context)?;
        self.subject = subject.knowing(around);
        Ok(true)
    }

    fn may_be_another(&self, kind: &str, id: Id) -> bool {
        let Changes {
            statements,
            row_stays,
            memberships,
        } = self.changes;
        let of_the_row = usize::from(!row_stays);
        let is_known = || self.subject.knows(kind, &id.to_string());
        statements > of_the_row || memberships || statements == 1 && is_known()
    }
}
