//! What a program costs before it does anything: the others are measured above this one.
#![cfg_attr(bare, no_std, no_main)]

probe::entry!(|| ());
