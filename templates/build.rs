//! Tells cargo to embed the tree again when a file is added to it.

fn main() {
    println!("cargo:rerun-if-changed=project");
}
