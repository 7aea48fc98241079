//! What the crate is held against: readers that are slow and simple, or that many others use.

pub mod http;
pub mod json;

#[cfg(test)]
mod tests {
    #[test]
    fn what_the_readme_shows_is_the_adapter_target() {
        let target = include_str!("../fuzz_targets/adapter.rs");
        let section = include_str!("../../README.md").split("\n## Fuzzing\n").nth(1);
        let code = section.and_then(|section| section.split("```rust,ignore\n").nth(1));
        let code = code.and_then(|code| code.split("\n```").next()).expect("there is code");
        for part in code.split("\n\n// …\n\n") {
            assert!(target.contains(part), "{part}");
        }
    }
}
