-- What a POST with an Idempotency-Key has made: enough to answer it once more, and nothing of what it sent or got.
-- `mark` is the HMAC of caller, route and key, `request` that of the body.
CREATE TABLE secapi_idempotency (
    mark BLOB NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    request BLOB NOT NULL,
    status INTEGER NOT NULL,
    location TEXT NOT NULL,
    row_id TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX secapi_idempotency_account ON secapi_idempotency (account);
CREATE INDEX secapi_idempotency_expires_at ON secapi_idempotency (expires_at);
