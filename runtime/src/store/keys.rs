//! Which encryption keys the data was written with, so that a wrong ring is refused before anything is served.
//!
//! The table `secapi_encryption_keys` holds, for each key that ever sealed, a proof that only that key opens. A key that
//! left the ring is needed as long as some value begins with its name; that is looked for only then.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _, SqlSafeStr as _};

use super::failure::explain;
use super::{Db, Sql};
use crate::Error;
use crate::encryption::{EncryptedField, EncryptionKeys, header};

/// What speaks against these keys for the data in a file; a file that is not there has none. Changes nothing, so that it
/// can be asked before anything is opened for good.
///
/// # Errors
/// 503 where the file is no database or cannot be read.
pub(crate) async fn keys_against(
    path: &Path,
    fields: &[&[EncryptedField]],
    keys: Option<&EncryptionKeys>,
) -> Result<Vec<String>, Error> {
    if fields.is_empty() || !path.exists() {
        return Ok(Vec::new());
    }
    let options = SqliteConnectOptions::new().filename(path).read_only(true);
    let mut connection = options.connect().await.map_err(|error| explain(&error))?;
    let found = against(&mut connection, fields, keys).await;
    connection.close().await.map_err(|error| explain(&error))?;
    found.map_err(|error| explain(&error))
}

async fn against(
    connection: &mut SqliteConnection,
    fields: &[&[EncryptedField]],
    keys: Option<&EncryptionKeys>,
) -> Result<Vec<String>, sqlx::Error> {
    let table = "SELECT 1 FROM sqlite_schema WHERE name = 'secapi_encryption_keys'";
    if sqlx::query(table)
        .fetch_optional(&mut *connection)
        .await?
        .is_none()
    {
        return Ok(Vec::new());
    }
    let known = "SELECT kid, proof FROM secapi_encryption_keys ORDER BY kid";
    let mut sentences = Vec::new();
    for row in sqlx::query(known).fetch_all(&mut *connection).await? {
        let (kid, proof): (String, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?);
        let in_ring = keys.filter(|keys| keys.has(&kid));
        if in_ring.is_some_and(|keys| !keys.made(&kid, &proof)) {
            sentences.push(format!(
                "the key `{kid}` in SECAPI_ENCRYPTION_KEYS is not the one of this name that the data was encrypted with"
            ));
        }
        if in_ring.is_none()
            && let Some(field) = needing(&mut *connection, fields, &kid).await?
        {
            sentences.push(format!(
                "SECAPI_ENCRYPTION_KEYS has no key `{kid}`, which values of {}.{} are encrypted with",
                field.resource, field.name
            ));
        }
    }
    Ok(sentences)
}

/// A field with a value that the key of this name sealed.
async fn needing<'a>(
    connection: &mut SqliteConnection,
    fields: &[&'a [EncryptedField]],
    kid: &str,
) -> Result<Option<&'a EncryptedField>, sqlx::Error> {
    let header = header(kid);
    for field in fields.iter().copied().flatten() {
        let column = "SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2";
        let column = sqlx::query(column).bind(field.table).bind(field.name);
        if column.fetch_optional(&mut *connection).await?.is_none() {
            continue;
        }
        let (table, name) = (quoted(field.table), quoted(field.name));
        // Safe: the names are the program's own text, of the spec that it was made from.
        let sql = AssertSqlSafe(format!(
            "SELECT 1 FROM {table} WHERE substr({table}.{name}, 1, ?1) = ?2 LIMIT 1"
        ));
        let length = i64::try_from(header.len()).unwrap_or(i64::MAX);
        let query = sqlx::query(sql.into_sql_str()).bind(length).bind(&header);
        if query.fetch_optional(&mut *connection).await?.is_some() {
            return Ok(Some(field));
        }
    }
    Ok(None)
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl Db {
    /// The same database, whose transactions seal and open encrypted fields with these keys.
    #[must_use]
    pub(crate) fn with_keys(mut self, keys: Option<EncryptionKeys>) -> Self {
        self.keys = keys;
        self
    }

    /// Writes down the key that seals from now on, and forgets those that no value needs any longer.
    ///
    /// # Errors
    /// 503 where the database is out of reach.
    pub(crate) async fn remember_key(&self) -> Result<(), Error> {
        let Some(keys) = self.keys.clone() else {
            return Ok(());
        };
        let mut transaction = self.write().await?;
        let known = Sql::new("SELECT kid FROM secapi_encryption_keys");
        let mut is_known = false;
        for row in transaction.fetch_all(known).await? {
            let kid: String = row.get(0)?;
            is_known |= kid == keys.newest();
            // Those that some value needs are in the ring: `keys_against` has looked.
            if !keys.has(&kid) {
                let forget = Sql::new("DELETE FROM secapi_encryption_keys WHERE kid = ?1");
                transaction.execute(forget.bind(&kid)).await?;
            }
        }
        if !is_known {
            let sql = Sql::new("INSERT INTO secapi_encryption_keys (kid, proof) VALUES (?1, ?2)");
            let sql = sql.bind(keys.newest()).bind(keys.proof()?);
            transaction.execute(sql).await?;
        }
        transaction.commit().await
    }
}
