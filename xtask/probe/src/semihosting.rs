//! What a probe tells the script that runs it in QEMU. On the host nothing is told: the program is there for lints to see.

use defichain_net_rpc::json::{ToJson, to_slice};

#[cfg(any(target_arch = "arm", target_arch = "riscv32"))]
#[path = "../../../examples/firmware/src/semihosting_call.rs"]
mod semihosting_call;

/// Prints a line, which ends with a line feed and a zero.
pub fn print(line: &impl ToJson) {
    let mut text = [0; 64];
    match to_slice(line, &mut text) {
        Ok(line) => call(0x04, line.as_ptr() as usize),
        Err(_) => fail(),
    }
}

/// Ends the program.
pub fn exit() {
    call(0x18, 0x20026);
}

/// Ends the program in a way that the script takes for a failure.
pub fn fail() -> ! {
    call(0x18, 0x20023);
    loop {
        core::hint::spin_loop();
    }
}

#[cfg(any(target_arch = "arm", target_arch = "riscv32"))]
fn call(operation: usize, parameter: usize) {
    // SAFETY: the operations are those that print a text that ends with a zero, and exit.
    unsafe { semihosting_call::call(operation, parameter) }
}

#[cfg(not(any(target_arch = "arm", target_arch = "riscv32")))]
fn call(_: usize, _: usize) {}
