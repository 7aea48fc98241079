//! What the crate is held against: readers that are slow and simple, or that many others use.

pub mod http;
pub mod json;
