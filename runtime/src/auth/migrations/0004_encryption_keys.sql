CREATE TABLE secapi_encryption_keys (
  kid TEXT PRIMARY KEY,
  proof BLOB NOT NULL
) STRICT, WITHOUT ROWID;
