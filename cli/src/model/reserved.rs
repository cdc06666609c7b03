//! Names that the service needs for itself, each with the reason that the diagnostic gives.

/// Why no resource may have this name, singular or plural.
pub(super) fn resource(name: &str) -> Option<&'static str> {
    Some(match name {
        "auth" | "health" | "doc" | "docs" | "openapi" | "problem" | "problems" | "metric"
        | "metrics" => "the service has routes of this name",
        "session" | "sessions" | "me" | "register" => {
            "the service has routes for signing in of this name"
        }
        "role" | "roles" | "anonymous" | "action" | "actions" | "principal" => {
            "policies have a type of this name"
        }
        "reads" | "writes" | "guarded_reads" | "guarded_writes" | "custom" => {
            "policies have a group of actions of this name"
        }
        "main" | "lib" | "generated" | "settings" | "router" | "routes" | "schema" | "bodies"
        | "support" | "policies" => "the project has a file of this name",
        "std" | "core" | "alloc" | "proc_macro" | "serde" | "serde_json" | "tokio" | "clap" => {
            "a package that the project stands on has this name"
        }
        "con" | "prn" | "aux" | "nul" => "some systems cannot hold a file of this name",
        _ if name.starts_with("secapi")
            || name.starts_with("sqlite_")
            || name.starts_with("pg_") =>
        {
            "the database keeps names with this beginning for itself"
        }
        _ => return None,
    })
}

/// Why no field may have this name.
pub(super) fn field(name: &str) -> Option<&'static str> {
    Some(match name {
        "id" | "created_at" | "updated_at" | "version" => "every resource has this field by itself",
        "limit" | "sort" | "cursor" | "count" | "q" | "include" => {
            "it is a parameter of lists, and fields are filters there"
        }
        "included" => "answers carry what was included under this name",
        "rowid" | "oid" | "ctid" | "xmin" | "xmax" | "cmin" | "cmax" | "tableoid" => {
            "the database has a column of this name by itself"
        }
        _ => return None,
    })
}

/// What a resource has beside its own actions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Has {
    /// It signs in.
    pub(super) accounts: bool,
    /// Its deletions can be undone.
    pub(super) restore: bool,
}

/// Why no action of a resource may have this name.
pub(super) fn action(name: &str, has: Has) -> Option<&'static str> {
    Some(match name {
        "list" | "read" | "create" | "update" | "delete" => "it is one of the five operations",
        "before_create" | "after_create" | "before_update" | "after_update" | "before_delete"
        | "after_delete" | "before_restore" | "after_restore" => "a rule has this name",
        "from" | "into" | "try_from" | "try_into" => {
            "every type of Rust has a function of this name"
        }
        "register" | "me" | "disable" | "enable" | "sessions" if has.accounts => {
            "accounts have an action or a route of this name by themselves"
        }
        "restore" if has.restore => "`soft_delete` has an action of this name by itself",
        _ => return None,
    })
}

/// Why no relation of a resource may have this name.
pub(super) fn relation(name: &str, has: Has) -> Option<&'static str> {
    Some(match name {
        "id" | "created_at" | "updated_at" | "version" => {
            "every resource has a field of this name by itself"
        }
        "included" => "answers carry what was included under this name",
        "deleted_at" if has.restore => "`soft_delete` keeps the time of deletion under this name",
        "me" | "disable" | "enable" | "sessions" if has.accounts => {
            "accounts have an action or a route of this name by themselves"
        }
        "restore" if has.restore => "`soft_delete` has an action of this name by itself",
        _ => return None,
    })
}

/// Why no field of an action's input may have this name.
pub(super) fn sent(name: &str) -> Option<&'static str> {
    matches!(name, "id" | "created_at" | "updated_at" | "version")
        .then_some("the service sets it, and refuses a body that names it")
}

/// Why no field of the identity may have this name.
pub(super) fn identity_field(name: &str) -> Option<&'static str> {
    matches!(name, "password" | "password_hash")
        .then_some("the service keeps passwords itself, hashed and apart from the row")
}

/// Why no package may have this name. The rule of cargo, and the packages of the project itself.
pub(super) fn package(name: &str) -> Option<&'static str> {
    Some(match name.replace('-', "_").as_str() {
        "test" | "core" | "std" | "alloc" | "proc_macro" => "Rust has a package of this name",
        "deps" | "build" | "examples" | "incremental" => {
            "cargo keeps its own files under this name"
        }
        "secapi" | "secapi_runtime" | "serde" | "serde_json" | "tokio" | "clap" | "salvo"
        | "sqlx" => "the project stands on a package of this name",
        "con" | "prn" | "aux" | "nul" => "some systems cannot hold a file of this name",
        other if super::keyword::is_rust_keyword(other) => "it is a keyword of Rust",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::model::name;
    use crate::render::fixture;
    use secapi_runtime::authz::RESERVED_RESOURCES;

    #[test]
    fn no_resource_gets_the_name_of_a_schema_of_the_documents_own() {
        let service = fixture::user_management();
        let document = crate::openapi::tree(&service);
        let schemas = document["components"]["schemas"].as_object().unwrap();
        let own = schemas.keys().filter(|schema| !schema.starts_with("User"));
        for schema in own {
            let name = name::snake(schema).unwrap();
            let other = name::type_name(&name) != *schema;
            assert!(other || super::resource(&name).is_some(), "{schema}");
        }
    }

    #[test]
    fn the_groups_of_the_schema_are_reserved() {
        for name in RESERVED_RESOURCES {
            assert!(super::resource(name).is_some(), "{name}");
        }
    }
}
