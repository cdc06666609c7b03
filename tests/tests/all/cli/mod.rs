//! What the command promises: `cli-contract`, sentence by sentence. What it says of specs stands in `diagnostics`.

mod actions;
mod add;
mod check;
mod doctor;
mod edits;
mod files;
mod first_run;
mod first_values;
mod generate;
mod killed;
mod mistakes;
mod new;
mod places;
mod plan;
mod process;
mod quality;
mod reference;
mod spec_folder;
mod staleness;
mod upgrade;

use crate::support::{Folder, run, runtime_option, secapi};

/// A small spec with accounts and one more resource.
const SPEC: &str = "\
secapi: 1
service: {name: shop}
auth: {identity: user, role: role, admin_role: admin}
resources:
  user:
    fields:
      email: {type: email, unique: true}
      role: {type: enum, values: [user, admin], default: user, guarded: true}
  item:
    fields:
      title: {type: string, max: 80}
";

/// A fresh project of [`SPEC`] in a folder of its own.
#[track_caller]
fn shop() -> Folder {
    project(SPEC)
}

#[track_caller]
fn project(spec: &str) -> Folder {
    let folder = Folder::new();
    let given = Folder::new();
    let spec = given.write("secapi.yaml", spec);
    let mut new = secapi();
    new.args(["new", "shop", "--no-git", "--runtime", &runtime_option()]);
    new.arg("--spec").arg(spec).arg("--dir").arg(folder.path());
    run(&mut new, "").expect(0);
    folder
}
