//! The methods of this crate, as the files in `src/network` define them. A list in a test must not leave one out.

use std::fs;
use std::path::Path;

/// Fails with the methods that a list leaves out. `key` is what the list names: the method, the first of the pair, or the
/// type of its response, the second.
#[track_caller]
pub(crate) fn assert_all_listed<'a>(listed: impl IntoIterator<Item = &'a str>, key: fn(&(String, String)) -> &String) {
    let is_separator = |symbol: char| !symbol.is_alphanumeric() && !matches!(symbol, '(' | ')');
    let words: Vec<&str> = listed.into_iter().flat_map(|name| name.split(is_separator)).collect();
    let mut methods = all();
    methods.retain(|method| !words.contains(&key(method).as_str()));
    assert!(methods.is_empty(), "not in the list: {methods:?}");
}

/// The name of each method and the type of its response, without parameters; of an iterator the type of its items.
fn all() -> Vec<(String, String)> {
    // A package of the workspace may be in a folder below.
    let mut folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let folder = folders.find_map(|folder| fs::read_dir(folder.join("src/network")).ok());
    let files = folder.unwrap().map(|entry| entry.unwrap().path());
    files
        .filter(|path| !path.ends_with("mod.rs"))
        .map(|path| {
            let source = fs::read_to_string(&path).unwrap();
            let between = |start, end| {
                let found = source.split_once(start).and_then(|(_, rest)| rest.split_once(end));
                found
                    .unwrap_or_else(|| panic!("{}: no {start}", path.display()))
                    .0
                    .trim()
            };
            let name = between("fn name(&self) -> &'static str {", "}").trim_matches('"');
            let response = between("type Response<'a> =", ";");
            let response = response.strip_prefix("Items<'a, ").unwrap_or(response);
            (name.to_owned(), response.split('<').next().unwrap().to_owned())
        })
        .collect()
}
