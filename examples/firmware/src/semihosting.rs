//! The debugger's console, or QEMU's: lines of text go out, and the run can be ended.

use core::fmt::{self, Write as _};

use crate::semihosting_call;

/// Prints a line.
macro_rules! println {
    ($($arguments:tt)*) => {
        $crate::semihosting::print(format_args!($($arguments)*))
    };
}
pub(crate) use println;

pub(crate) fn print(line: fmt::Arguments<'_>) {
    let mut console = Console {
        text: [0; _],
        length: 0,
    };
    // It does not fail, so the text is all printed.
    _ = console.write_fmt(line);
    console.push(b'\n');
    console.flush();
}

/// Ends the run.
pub(crate) fn exit(success: bool) -> ! {
    const SYS_EXIT: usize = 0x18;
    const APPLICATION_EXIT: usize = 0x2_0026;
    const RUN_TIME_ERROR: usize = 0x2_0023;
    loop {
        call(SYS_EXIT, if success { APPLICATION_EXIT } else { RUN_TIME_ERROR });
    }
}

/// Collects text, because each call stops the processor.
struct Console {
    /// Always followed by a zero.
    text: [u8; 128],
    length: usize,
}

impl Console {
    fn push(&mut self, byte: u8) {
        if self.length == self.text.len() - 1 {
            self.flush();
        }
        self.text[self.length] = byte;
        self.length += 1;
    }

    fn flush(&mut self) {
        const SYS_WRITE0: usize = 0x04;
        self.text[self.length] = 0;
        self.length = 0;
        call(SYS_WRITE0, self.text.as_ptr().expose_provenance());
    }
}

/// A node may send anything: what a terminal would obey is not printed.
impl fmt::Write for Console {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            self.push(if matches!(byte, b' '..=b'~') { byte } else { b'?' });
        }
        Ok(())
    }
}

/// Makes a call.
fn call(operation: usize, parameter: usize) {
    // SAFETY: the two operations above read a text that ends with a zero, or nothing.
    unsafe { semihosting_call::call(operation, parameter) }
}
