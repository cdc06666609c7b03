//! Mistakes around the files: arguments, environment, disk.

use super::Code;

/// All of them.
pub static ALL: &[&Code] = &[&ARGUMENTS, &IO, &UNKNOWN_CODE, &MISSING];

/// The command line is wrong.
pub static ARGUMENTS: Code = Code::new(
    "secapi::tool::arguments",
    r#"The command, one of its arguments or one of its options is wrong. `secapi help` lists the commands,
`secapi help COMMAND` the arguments of one."#,
);

/// A file could not be read or written.
pub static IO: Code = Code::new(
    "secapi::tool::io",
    r#"The operating system refused to read or write a file. The sentence names the file and the reason. It is
usually about permissions or a full disk."#,
);

/// There is no such diagnostic code.
pub static UNKNOWN_CODE: Code = Code::new(
    "secapi::tool::unknown_code",
    r#"`secapi explain` takes the code that stands in brackets after `error` or `warning`, such as
`secapi::spec::unknown_key`. Its last word is enough; where several codes end in it, all of them are explained."#,
);

/// Something that the tool needs is not on this machine.
pub static MISSING: Code = Code::new(
    "secapi::tool::missing",
    r#"The toolchain, a compiler or a port that a generated project needs is not there. `secapi doctor` lists
what is needed, what was found, and how to get the rest."#,
);
