//! Words that a language keeps for itself. They are allowed as names, and written so that they survive.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Keywords of Rust 2024, reserved ones included.
pub(super) fn is_rust_keyword(word: &str) -> bool {
    static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| RUST.split_whitespace().collect());
    WORDS.contains(word)
}

/// Keywords of SQLite, and the reserved words of PostgreSQL.
pub(super) fn is_sql_keyword(word: &str) -> bool {
    static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| SQL.split_whitespace().collect());
    WORDS.contains(word)
}

/// Types that a generated file uses by their plain name: Rust's, Cedar's, the runtime's, and the schemas of
/// bodies that every document of OpenAPI has.
pub(super) fn is_taken_type(name: &str) -> bool {
    static NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| TYPES.split_whitespace().collect());
    NAMES.contains(name)
}

const RUST: &str = "
    abstract as async await become box break const continue crate do dyn else enum extern false
    final fn for gen if impl in let loop macro match mod move mut override priv pub ref return
    self static struct super trait true try type typeof unsafe unsized use virtual where while
    yield
";

const SQL: &str = "
    abort action add after all alter always analyse analyze and any array as asc asymmetric
    attach authorization autoincrement before begin between binary both by cascade case cast
    check collate collation column commit concurrently conflict constraint create cross current
    current_catalog current_date current_role current_schema current_time current_timestamp
    current_user database default deferrable deferred delete desc detach distinct do drop each
    else end escape except exclude exclusive exists explain fail false fetch filter first
    following for foreign freeze from full generated glob grant group groups having if ignore
    ilike immediate in index indexed initially inner insert instead intersect into is isnull
    join key last lateral leading left like limit localtime localtimestamp match materialized
    natural no not nothing notnull null nulls of offset on only or order others outer over
    overlaps partition placing plan pragma preceding primary query raise range recursive
    references regexp reindex release rename replace restrict returning right rollback row rows
    savepoint select session_user set similar some symmetric system_user table tablesample temp
    temporary then ties to trailing transaction trigger true unbounded union unique update user
    using vacuum values variadic verbose view virtual when where window with within without
";

const TYPES: &str = "
    Access Account Accounts Action An Anonymous App Arc Attribute Bool Boolean Box Broken Bytes
    BytesRule Call Caller Change Choice Choices Clone Code Column Context Copy Cow Create
    Credential Date DateRule Datetime DatetimeRule Db Debug Decimal DecimalRule Decision Default
    Definition Delay Delete Disable Docs Drop Duration DurationRule Earlier Enable EncryptedField Engine Entity Enumeration Eq Err Error
    Errors Etag Everything Extension Facts Field Fields Flag Fn Format From Future Gate Granted
    Hash HashMap Health Https Id Include Input Instant Into Invalid Ip IpAddr IpRule Iterator Json JsonRule Kind
    Known LimitKey List ListPermit Lists ListQuery ListRule Listing Lockout Login Long Migration Named None Number Object Ok
    Operation Option Ord Page Password PasswordChange PasswordProfile Passwords Path Permit PersonName Phone
    Position Problem Profile Provision Query Quota RateLimits Read ReadSessions Reads Record Refresh Related RelatedField RelatedRow Refusal Register
    Registration Reply Request RequestContext Resource Response Result RevokeSessions Role Route Router Row Rule
    Rules Scalar Scope Secret Self Send Service Session SessionList Set Settings Shown Sized Some
    Span Sql SqlValue State Stored String Subject Sync Text The TierLimit Time TimeOfDay TimeRule Timestamp
    ToString Tokens Transaction Unseen Update Url Uuid Value Vec View Violation Visible What
    Whole WideInteger WideWhole Written WrittenRule
    CustomAction Output Purge Restore
";

#[cfg(test)]
mod tests {
    use secapi_runtime::authz::RESERVED_KINDS;

    use super::*;

    #[test]
    fn keywords_are_known() {
        for word in ["abstract", "yield", "gen", "self", "if", "in", "type"] {
            assert!(is_rust_keyword(word), "{word}");
        }
        for word in [
            "abort", "action", "group", "key", "order", "user", "without", "view",
        ] {
            assert!(is_sql_keyword(word), "{word}");
        }
        assert!(!is_sql_keyword("email") && !is_rust_keyword("email"));
    }

    #[test]
    fn what_the_schema_needs_is_taken() {
        for kind in RESERVED_KINDS {
            assert!(is_taken_type(kind), "{kind}");
        }
    }
}
