//! Links the image for the memory of the LM3S6965.

fn main() {
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("none") {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../firmware/src/lm3s6965/link.x");
        println!("cargo::rustc-link-arg=-T{script}");
        println!("cargo::rerun-if-changed={script}");
    }
}
