//! How deep the stack has been, and what happens when something goes wrong.

use core::panic::PanicInfo;

use crate::semihosting::{self, println};

unsafe extern "C" {
    static stack_bottom: u32;
    static stack_top: u32;
}

/// What the stack is painted with before [`main`](crate::main).
pub(crate) const PAINT: u32 = 0xdead_57ac;

/// How many bytes of the stack have been in use at the deepest.
pub(crate) fn stack_used() -> usize {
    let (bottom, top) = (&raw const stack_bottom, &raw const stack_top);
    let untouched = (bottom.addr()..top.addr())
        .step_by(size_of::<u32>())
        // SAFETY: the stack is memory that can be read, all of it written when it was painted.
        .take_while(|address| unsafe { core::ptr::with_exposed_provenance::<u32>(*address).read_volatile() } == PAINT)
        .count();
    top.addr() - bottom.addr() - untouched * size_of::<u32>()
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    match info.location() {
        Some(place) => println!("panic at {place}: {}", info.message()),
        None => println!("panic: {}", info.message()),
    }
    semihosting::exit(false)
}
