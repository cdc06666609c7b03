-- Failed logins, of an account from one address and of an account from all addresses. The key is a keyed hash: the table
-- tells neither who is attacked nor whether there is such an account.
CREATE TABLE secapi_lockouts (
    key BLOB NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    locked_until INTEGER NOT NULL,
    forgotten_at INTEGER NOT NULL
) STRICT;
CREATE INDEX secapi_lockouts_forgotten_at ON secapi_lockouts (forgotten_at);
