//! Mistakes in the Cedar policies.

use super::Code;

/// All of them.
pub static ALL: &[&Code] = &[
    &SYNTAX,
    &NESTING,
    &MISSING_ID,
    &BAD_ID,
    &DUPLICATE_ID,
    &TEMPLATE,
    &INVALID,
    &SUSPICIOUS,
    &SCHEMA,
    &SCOPE_MISSING,
    &OVER_BROAD,
    &ROLE_IN_CONDITION,
    &CLOSED_ACTION,
    &LIST_NOT_IN_SQL,
    &FIELD_NOT_IN_SQL,
    &ROW_MEMBERSHIP,
    &DROPPED,
    &LEFT_FILE,
    &FINDING,
];

/// The file is not Cedar.
pub static SYNTAX: Code = Code::new(
    "secapi::policy::syntax",
    r#"The file could not be read as Cedar policies. The place shown is where the reader gave up; the mistake is
there or shortly before. The usual causes: a missing `;` at the end of a policy, `=` for `==`, and text
in single quotes."#,
);

/// A policy is deeper than can be read.
pub static NESTING: Code = Code::new(
    "secapi::policy::nesting",
    r#"A policy has more than 100 expressions inside one another. Brackets, `if`, `!` and member access count one each, and so
does each operator of a chain: `a || b || c || d` is three deep. Whoever reads, checks and decides by such a policy
needs room for each of them, and a service that runs out of it would end. So a deeper one is put in force nowhere.

Split it: two permits say what `||` says, and two forbids do. A chain of `==` about one attribute is
`["a", "b", "c"].contains(resource.a)`, which may be as long as you like."#,
);

/// A policy has no `@id`.
pub static MISSING_ID: Code = Code::new(
    "secapi::policy::missing_id",
    r#"Every policy needs an annotation `@id("…")` of its own. The log names by it which policies decided a
request, tests name it, and reviewers talk about it. Without one, policies are numbered by their place in
the file, and a number means another policy after the next edit."#,
);

/// An `@id` is malformed.
pub static BAD_ID: Code = Code::new(
    "secapi::policy::bad_id",
    r#"The `@id` of a policy stands in logs, headers and file names of tests. So it is a short word: letters,
digits, `-`, `_` and `.`."#,
);

/// Two policies have the same `@id`.
pub static DUPLICATE_ID: Code = Code::new(
    "secapi::policy::duplicate_id",
    r#"Two policies share an `@id`. Logs and tests could not tell them apart. Ids must differ over all files of
the folder."#,
);

/// A policy is a template.
pub static TEMPLATE: Code = Code::new(
    "secapi::policy::template",
    r#"The policy has a slot (`?principal` or `?resource`). Templates only work when a program links them, and
a service decides by the files in its folder alone. Write the condition out."#,
);

/// A policy does not fit the schema.
pub static INVALID: Code = Code::new(
    "secapi::policy::invalid",
    r#"The policy names an entity type, an action, an attribute or a type that the schema does not have, or
compares values of different types. Such a policy would fail while deciding, and what fails never
permits and never forbids.

The schema is made from the spec: `policies/schema.cedarschema` shows what there is. An optional
attribute is tested first: `resource has phone && resource.phone == "…"`.

A policy may follow references from the row and from the caller, three of them one behind another:
`resource.project.organization.owner == principal` follows two. Behind a third one only memberships
can be asked for, `principal in …members`. An entity that the policy names is not looked up."#,
);

/// A policy is legal and looks wrong.
pub static SUSPICIOUS: Code = Code::new(
    "secapi::policy::suspicious",
    r#"The policy is legal, and Cedar's validator thinks that it is not what was meant: a condition that can never
hold, or names that mix alphabets and look alike."#,
);

/// The generated schema was refused.
pub static SCHEMA: Code = Code::new(
    "secapi::policy::schema",
    r#"The schema that was made from the spec was refused by Cedar. This is a mistake of the tool, not of your
files. Please report it with the spec."#,
);

/// No policy narrows requests to their scope.
pub static SCOPE_MISSING: Code = Code::new(
    "secapi::policy::scope_missing",
    r#"No policy forbids what is outside of a credential's scope. The line that every project ships is

    @id("scope") forbid(principal, action, resource) unless { context.in_scope };

Without it a credential that was made for one purpose opens everything that its owner may do."#,
);

/// A policy permits everything to everyone.
pub static OVER_BROAD: Code = Code::new(
    "secapi::policy::over_broad",
    r#"A policy permits every action on every row to every caller. It makes all other policies pointless, and
production does not start with it.

Name a principal (`principal in App::Role::"admin"`), an action (`action in App::Action::"reads"`) or a
resource (`resource is App::Note`) in its scope."#,
);

/// A policy tests a role in its condition.
pub static ROLE_IN_CONDITION: Code = Code::new(
    "secapi::policy::role_in_condition",
    r#"A policy tests a role in its `when` or `unless`. Policies are looked up by their scope, so this one is
evaluated for every caller, and a reader of the scope believes that it concerns everyone.

Write the role in the scope: `permit (principal in App::Role::"admin", …)`, one policy for each role."#,
);

/// No policy opens an action.
pub static CLOSED_ACTION: Code = Code::new(
    "secapi::policy::closed_action",
    r#"No policy permits the action, so its route refuses everyone. That is the safe beginning for a new
resource. Write a policy when you know who needs it."#,
);

/// A policy names what the spec has no more.
pub static DROPPED: Code = Code::new(
    "secapi::policy::dropped",
    r#"The policy was valid for the spec of the last run and is not for this one: it names a field, an action or a resource
that is gone. `secapi generate` writes nothing until the policies fit, since `.cedar` files are never changed by the tool.

It proposes a patch on standard output, so that `secapi generate | git apply` takes it over. Read it first. What has
`renamed_from` gets its new name: a resource with its entity type, its group and its actions, a field, a relation, an
action, a role. An action that is gone leaves the list that it stands in; a policy whose condition is gone is commented out
as a whole. For a `permit` that closes what it opened. For a `forbid` it opens what it closed, and the
sentence says so: write what shall hold instead.

A policy that compares with a value of an enum which has another name now, such as `resource.status == "draft"`, still fits:
to Cedar it is any string. It would never hold again, since rows get the new value, so it stops the run as well.

So does a policy that looks at what policies do not see any more, `resource has due && …`, or compares what is of two kinds
now, `resource.owner == principal` where `owner` names a team: it fits, and what it asks is false from now on. Where a policy is
about rows of several kinds and means the others, say which: `!(resource is Shop::Item) && resource has due && …`.

And so does a policy that looks behind a reference which names other rows now: of `resource.owner.name`, where `owner` named a
user and names an organization, the name is there and is another one's. Where the rows of now are meant, say so:
`resource.owner is Shop::Organization && resource.owner.name == "x"`.

The tests of the policies, `policies/tests/**/*.json`, are in the patch as far as names are concerned: types, actions,
attributes, roles and values with `renamed_from`. One that names what is gone is not: what it proves is for you to say.

Files, migrations and changes of the API and of access are foretold as they would be with the patches."#,
);

/// A file of policies of a resource that has another name, or is gone.
pub static LEFT_FILE: Code = Code::new(
    "secapi::policy::left_file",
    r#"A file in `policies/` was made for a resource that has another name now, or is gone. The file is yours, so the tool
neither moves nor deletes it. Where it holds policies, they decide under whatever name the file has; only readers look for
them elsewhere. Where it holds comments alone, it says nothing any more: a renamed resource has got a new one beside it,
with the names of now."#,
);

/// A finding without a code of its own.
pub static FINDING: Code = Code::new(
    "secapi::policy::finding",
    r#"The policy engine reported something for which this version has no explanation of its own. The sentence
and the place say what it is about."#,
);

/// A policy of a list asks what the database cannot be asked.
pub static LIST_NOT_IN_SQL: Code = Code::new(
    "secapi::policy::list_not_in_sql",
    r#"A list holds the rows on which `list` and `read` are allowed. The service asks the database for exactly
those, so every policy that decides over a list has to be one that SQL can say. This one asks for something
else, such as a range of addresses, of the row; asked of the caller or the context it is no problem. Nor is it beside a
policy that leaves it nothing to decide: a `permit` of the same callers on every row, where this one permits as well and
can fail on none, or a `forbid` of them on every row.

Say it in other words, such as a field that holds the answer. Or write `authorization: {lists: scan}` in the
spec: then the lists that it decides over are decided row by row, pages may be short, and `count` stops
early."#,
);

/// A policy of a guarded field asks what the database cannot be asked.
pub static FIELD_NOT_IN_SQL: Code = Code::new(
    "secapi::policy::field_not_in_sql",
    r#"A policy decides who reads a guarded field, and asks for something that SQL cannot say. Rows show the field to
whoever may read it. Lists cannot be filtered, searched or ordered by it, since that would need the database to know
on which rows it may be read: such a parameter is answered 400, as one that does not exist.

Say it in other words, such as a field that holds the answer, where clients need the filter."#,
);

/// A policy asks what a row is a member of.
pub static ROW_MEMBERSHIP: Code = Code::new(
    "secapi::policy::row_membership",
    r#"`principal in resource.members` asks whether the caller is a member, and the caller's memberships are loaded
with it in every request. The memberships of other rows are not: `resource in principal.friends` would be false
whatever is stored, and a `forbid` with it would never hold. Ask about the caller instead, or keep what the
policy asks for in a field of the row."#,
);
