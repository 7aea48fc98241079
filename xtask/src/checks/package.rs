//! Builds what would be published, by itself.

use crate::run::{self, Result, cargo};

pub(crate) fn run(_: &[&str]) -> Result {
    run::run(&mut cargo("package --locked --allow-dirty --package defichain-net-rpc"))?;
    println!("package: it builds by itself");
    Ok(())
}
