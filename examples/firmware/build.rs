//! Links the image for the memory of its board.

fn main() {
    let directory = env!("CARGO_MANIFEST_DIR");
    let board = match std::env::var("CARGO_CFG_TARGET_ARCH").as_deref() {
        Ok("riscv32") => "virt",
        _ => "lm3s6965",
    };
    println!("cargo::rustc-link-arg=-T{directory}/src/{board}/link.x");
    println!("cargo::rerun-if-changed=src/{board}/link.x");
}
