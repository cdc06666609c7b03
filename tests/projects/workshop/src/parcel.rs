//! Parcels, each action of which shows one thing that a project's own code can do, or cannot.

use super::{
    Parcel, ParcelHandOverInput, ParcelSealInput, ParcelSealInputSeal, ParcelSendAllInput,
    ParcelSendAllOutput, ParcelState, ParcelTotalsOutput, ParcelTrackOutput,
    ParcelTrackOutputState, ParcelWeighOutput, Rules,
};
use secapi_runtime::prelude::*;

/// The rules of `parcel`.
#[derive(Debug)]
pub struct ParcelRules;

impl Rules for ParcelRules {
    async fn before_restore(_scope: &mut Scope, parcel: &Parcel) -> Result<(), Error> {
        if parcel.code == "gone" {
            return Err(Error::conflict("code", "is gone for good"));
        }
        Ok(())
    }

    /// Changes the row, and may refuse after it has written.
    async fn seal(
        scope: &mut Scope,
        parcel: &mut Parcel,
        input: ParcelSealInput,
    ) -> Result<(), Error> {
        if parcel.state == ParcelState::Sent {
            return Err(Error::conflict("state", "is on its way already"));
        }
        if input.reason == "ugly" {
            let sql = Sql::new("UPDATE parcels SET runs = 99 WHERE id = ?1");
            scope.execute(sql.bind(parcel.id)).await?;
            return Err(Error::invalid("reason", "ugly", "must be nicer"));
        }
        if input.seal == Some(ParcelSealInputSeal::Lead) {
            return Err(Error::conflict("seal", "there is no lead left"));
        }
        parcel.state = ParcelState::Sealed;
        parcel.reason = Some(input.reason);
        parcel.runs += input.times;
        // What the service sets, and what is set at creation only, stays as it is.
        parcel.id = Id::new();
        parcel.version = 77;
        parcel.maker = Id::new();
        parcel.deleted_at = Some(scope.now());
        Ok(())
    }

    /// May take the row away from who asks for it.
    async fn hand_over(
        _scope: &mut Scope,
        parcel: &mut Parcel,
        input: ParcelHandOverInput,
    ) -> Result<(), Error> {
        parcel.keeper = input.to;
        Ok(())
    }

    /// Changes nothing where there is nothing to change.
    async fn unseal(_scope: &mut Scope, parcel: &mut Parcel) -> Result<(), Error> {
        parcel.state = ParcelState::Open;
        Ok(())
    }

    /// Changes the row and answers something else; the spec refuses negative weights.
    async fn weigh(_scope: &mut Scope, parcel: &mut Parcel) -> Result<ParcelWeighOutput, Error> {
        parcel.runs += 1;
        Ok(ParcelWeighOutput {
            grams: if parcel.code == "helium" { -1 } else { 250 },
            price: Decimal::from_ten_thousandths(35_000),
            note: None,
        })
    }

    /// Only reads, whatever it tries.
    async fn track(scope: &mut Scope, parcel: &Parcel) -> Result<ParcelTrackOutput, Error> {
        if parcel.code == "writes" {
            let sql = Sql::new("UPDATE parcels SET runs = 99 WHERE id = ?1");
            scope.execute(sql.bind(parcel.id)).await?;
        }
        Ok(ParcelTrackOutput {
            state: match parcel.state {
                ParcelState::Open | ParcelState::Sealed => ParcelTrackOutputState::Near,
                ParcelState::Sent => ParcelTrackOutputState::Far,
            },
            runs: parcel.runs,
        })
    }

    async fn send_all(
        scope: &mut Scope,
        input: ParcelSendAllInput,
    ) -> Result<ParcelSendAllOutput, Error> {
        let sql = Sql::new(
            "UPDATE parcels SET state = 'sent', runs = runs + 1, version = version + 1, reason = ?1 WHERE deleted_at IS NULL",
        );
        let sent = scope.execute(sql.bind(&input.reason)).await?;
        if input.reason == "never" {
            return Err(Error::conflict("reason", "is no reason to send anything"));
        }
        Ok(ParcelSendAllOutput {
            sent: i64::try_from(sent).map_err(Error::internal)?,
        })
    }

    async fn totals(scope: &mut Scope) -> Result<ParcelTotalsOutput, Error> {
        let sql = Sql::new("SELECT count(*) FROM parcels WHERE deleted_at IS NULL");
        let counts = scope.query(sql, |row| row.get(0)).await?;
        let parcels = counts.first().copied().unwrap_or_default();
        Ok(ParcelTotalsOutput { parcels })
    }

    async fn sweep(scope: &mut Scope) -> Result<(), Error> {
        let sql = Sql::new("UPDATE parcels SET runs = runs + 1");
        scope.execute(sql).await?;
        Ok(())
    }
}
