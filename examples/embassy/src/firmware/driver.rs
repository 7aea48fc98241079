//! The board's Ethernet as a driver of embassy-net, which wakes it when a frame has come or gone.

use core::task::Context;

use embassy_net_driver::{self as driver, Capabilities, HardwareAddress, LinkState};
use embassy_sync::waitqueue::AtomicWaker;

use crate::board::ethernet::{Ethernet, MAX_FRAME, Memory, Sender};
use crate::register::Register;

/// Raw interrupt status when read, acknowledge when written.
// SAFETY: the controller has no access to memory.
const RIS_IACK: Register = unsafe { Register::at(0x4004_8000) };
/// Which interrupts there are.
// SAFETY: as above.
const IM: Register = unsafe { Register::at(0x4004_8004) };
const IM_RECEIVED: u32 = 1 << 0;
const IM_SENT: u32 = 1 << 2;

/// The number of the controller's interrupt.
const INTERRUPT: usize = 42;
/// Enables the interrupts from 32 on.
// SAFETY: an interrupt changes no memory but what its handler owns.
const ISER1: Register = unsafe { Register::at(0xe000_e104) };

static WAKER: AtomicWaker = AtomicWaker::new();

type Vector = extern "C" fn();

/// What the processor calls behind the exceptions. No other is enabled.
#[used]
#[unsafe(link_section = ".interrupts")]
static INTERRUPTS: [Vector; INTERRUPT + 1] = [interrupt; _];

extern "C" fn interrupt() {
    RIS_IACK.write(RIS_IACK.read());
    WAKER.wake();
}

pub(crate) struct Driver(Ethernet);

impl Driver {
    pub(crate) fn start(memory: &'static mut Memory) -> Self {
        let ethernet = Ethernet::start(memory);
        IM.write(IM_RECEIVED | IM_SENT);
        ISER1.write(1 << (INTERRUPT - 32));
        Self(ethernet)
    }
}

impl driver::Driver for Driver {
    type RxToken<'a> = RxToken<'a>;
    type TxToken<'a> = TxToken<'a>;

    fn receive(&mut self, context: &mut Context<'_>) -> Option<(RxToken<'_>, TxToken<'_>)> {
        // Before the look: a frame that comes in between wakes.
        WAKER.register(context.waker());
        let (frame, sender) = self.0.receive()?;
        Some((RxToken(frame), TxToken(sender)))
    }

    fn transmit(&mut self, context: &mut Context<'_>) -> Option<TxToken<'_>> {
        WAKER.register(context.waker());
        self.0.sender().map(TxToken)
    }

    fn link_state(&mut self, _: &mut Context<'_>) -> LinkState {
        LinkState::Up
    }

    fn capabilities(&self) -> Capabilities {
        let mut capabilities = Capabilities::default();
        capabilities.max_transmission_unit = MAX_FRAME;
        capabilities
    }

    fn hardware_address(&self) -> HardwareAddress {
        HardwareAddress::Ethernet(self.0.mac_address())
    }
}

/// A frame that was received.
pub(crate) struct RxToken<'a>(&'a mut [u8]);

impl driver::RxToken for RxToken<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, read: F) -> R {
        read(self.0)
    }
}

/// A frame to be sent.
pub(crate) struct TxToken<'a>(Sender<'a>);

impl driver::TxToken for TxToken<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, length: usize, fill: F) -> R {
        self.0.send(length, fill)
    }
}
