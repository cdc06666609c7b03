-- What an account signs in with. The row itself is the identity resource's; `account` is its id.
CREATE TABLE secapi_credentials (
    account TEXT NOT NULL PRIMARY KEY,
    password_hash TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    disabled_at INTEGER
) STRICT;

-- One sign-in on one device. `expires_at` is the absolute end, however often it is refreshed.
CREATE TABLE secapi_sessions (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    authenticated_at INTEGER NOT NULL,
    ip TEXT NOT NULL,
    user_agent TEXT,
    revoked_at INTEGER
) STRICT;
CREATE INDEX secapi_sessions_account ON secapi_sessions (account, expires_at);
CREATE INDEX secapi_sessions_expires_at ON secapi_sessions (expires_at);

-- The family of a session's refresh tokens, by their SHA-256. Used ones stay until they expire, to be recognised.
CREATE TABLE secapi_refresh_tokens (
    hash BLOB NOT NULL PRIMARY KEY,
    session TEXT NOT NULL REFERENCES secapi_sessions (id) ON DELETE CASCADE,
    issued_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
CREATE INDEX secapi_refresh_tokens_session ON secapi_refresh_tokens (session, expires_at);
