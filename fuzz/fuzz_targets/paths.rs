//! A result, read by the fast path of the reader and without it: the values and the errors are the same.
#![no_main]

#[path = "../../tests/support/both_paths.rs"]
mod both_paths;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    both_paths::every_response(text);
});
