//! Chapters of documentation. These modules contain no code.

#[doc = include_str!("refused.md")]
pub mod refused {}

#[doc = include_str!("buffers.md")]
pub mod buffers {}

#[doc = include_str!("streaming.md")]
pub mod streaming {}

#[doc = include_str!("connections.md")]
pub mod connections {}

#[doc = include_str!("errors.md")]
pub mod errors {}

#[doc = include_str!("storage.md")]
pub mod storage {}

#[doc = include_str!("other_methods.md")]
pub mod other_methods {}

#[doc = include_str!("fuzzing.md")]
pub mod fuzzing {}

#[doc = include_str!("bare_metal.md")]
pub mod bare_metal {}

#[doc = include_str!("stacks.md")]
pub mod stacks {}

#[doc = include_str!("jellyfish.md")]
pub mod jellyfish {}
