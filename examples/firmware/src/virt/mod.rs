//! QEMU's board `virt`, with a RISC-V of 32 bits.

pub(crate) mod chip;
pub(crate) mod ethernet;
mod reset;
