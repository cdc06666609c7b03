//! What `secapi audit` finds.

use super::Code;

/// All of them.
pub static ALL: &[&Code] = &[&VENDORED, &KNOWN_BAD, &EDITED, &UNSAFE, &ADVISORY];

/// The runtime's source is not what the tool wrote.
pub static VENDORED: Code = Code::new(
    "secapi::audit::vendored",
    r#"`vendor/secapi-runtime/` is the runtime's source, and every security mechanism of the service is in it. The manifest
has the hash of each file. A file that is changed, missing or added there is a change of those mechanisms that no
review of your own code sees, and that `secapi upgrade` would not survive. Put back what secapi wrote."#,
);

/// Output of an earlier version that turned out to be bad.
pub static KNOWN_BAD: Code = Code::new(
    "secapi::audit::known_bad",
    r#"An earlier version of secapi wrote something that turned out to be unsafe or wrong, and the project still has it.
The sentence says what, and what to write instead. The file is yours, so nothing changes it by itself: `secapi upgrade`
offers the difference as a patch in `.secapi/patches/`."#,
);

/// Generated code is not as the last run left it.
pub static EDITED: Code = Code::new(
    "secapi::audit::edited",
    r#"A file that secapi writes was edited since the last run, a generated security test is gone, a conflict is
unresolved, or a base that merges stand on was changed. Nothing of it is forbidden; a reviewer wants to know of it.
`secapi generate` takes note of edits, and `secapi eject PATH` hands a file over for good."#,
);

/// A setting loosens something, or a secret is in git.
pub static UNSAFE: Code = Code::new(
    "secapi::audit::unsafe",
    r#"A setting of the spec opens more than most services should, or git keeps a file of secrets or data. The sentence
says what it opens. A secret that was ever committed is known to everybody who has the repository: replace it."#,
);

/// A dependency has a known hole.
pub static ADVISORY: Code = Code::new(
    "secapi::audit::advisory",
    r#"`cargo audit` knows an advisory for a package in `Cargo.lock`. `cargo update -p PACKAGE` brings a mended version where
there is one; where the package comes with the runtime, `secapi upgrade` does."#,
);
