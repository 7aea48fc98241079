//! The evaluation board of the LM3S6965, a Cortex-M3.

pub(crate) mod chip;
pub(crate) mod ethernet;
mod reset;
