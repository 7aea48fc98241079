//! The list of all public items, from rustdoc. It is committed, so that a diff shows each change of the interface.
//!
//!     cargo xtask public-api            fails if the list has changed
//!     cargo xtask public-api --update   writes the list

use std::collections::BTreeSet;
use std::fs;

use public_api::Builder;

use crate::run::{Result, folder, nightly, read};

const COMMITTED: &str = "xtask/public-api.txt";

pub(crate) fn run(options: &[&str]) -> Result {
    let now = items("--all-features")?;
    if options == ["--update"] {
        fs::write(COMMITTED, now.join("\n") + "\n")?;
    }
    let committed = fs::read_to_string(COMMITTED)?;
    let before: BTreeSet<&str> = committed.lines().collect();
    let after: BTreeSet<&str> = now.iter().map(String::as_str).collect();
    before.difference(&after).for_each(|item| println!("- {item}"));
    after.difference(&before).for_each(|item| println!("+ {item}"));
    if before != after {
        return Err(format!("the public items are not those in {COMMITTED}; --update writes them").into());
    }
    println!("public-api: {} items, as in {COMMITTED}", now.len());
    Ok(())
}

/// All public items of the crate with these features, one below the other, but for those that are derived.
pub(crate) fn items(features: &str) -> Result<Vec<String>> {
    // Only nightly writes JSON.
    let target = folder("public-api")?;
    let mut rustdoc = nightly(&format!(
        "rustdoc --quiet --locked --lib --package defichain-net-rpc {features}"
    ));
    rustdoc.arg("--target-dir").arg(&target);
    read(rustdoc.args(["--", "-Zunstable-options", "--output-format", "json"]))?;
    let api = Builder::from_rustdoc_json(target.join("doc/defichain_net_rpc.json"))
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true)
        .build()?;
    Ok(api.items().map(ToString::to_string).collect())
}
