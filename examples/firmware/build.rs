//! Links the image for the memory of the LM3S6965.

fn main() {
    let directory = env!("CARGO_MANIFEST_DIR");
    println!("cargo::rustc-link-arg=-T{directory}/link.x");
    println!("cargo::rerun-if-changed=link.x");
}
