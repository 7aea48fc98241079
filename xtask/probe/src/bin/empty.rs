//! What a program costs before it does anything: the others are measured above this one.
#![no_std]
#![no_main]

use probe as _;

#[unsafe(no_mangle)]
extern "C" fn probe() {}
