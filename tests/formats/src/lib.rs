//! Nothing but tests: of the crate with formats and libraries that its own tests do without.
