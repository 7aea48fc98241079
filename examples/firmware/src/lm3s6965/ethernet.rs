//! The Ethernet controller of the LM3S6965.

use super::chip;
use crate::register::Register;

/// A register of the controller.
const fn register(offset: usize) -> Register {
    assert!(offset < 0x1000);
    // SAFETY: the controller has no access to memory: frames go through a register.
    unsafe { Register::at(0x4004_8000 + offset) }
}

/// Raw interrupt status when read, acknowledge when written.
const RIS_IACK: Register = register(0x00);
/// Which interrupts there are.
const IM: Register = register(0x04);
/// Receive control.
const RCTL: Register = register(0x08);
/// Transmit control.
const TCTL: Register = register(0x0c);
/// Receive FIFO when read, transmit FIFO when written.
const DATA: Register = register(0x10);
/// The first four octets of the controller's address, then the other two.
const IA0: Register = register(0x14);
const IA1: Register = register(0x18);
/// How much of a frame has to be in the FIFO before it is sent.
const THR: Register = register(0x1c);
/// How many frames are in the receive FIFO.
const NP: Register = register(0x34);
/// Transmission request.
const TR: Register = register(0x38);

const RCTL_RECEIVE: u32 = 1 << 0;
const RCTL_REFUSE_BAD_CHECKSUMS: u32 = 1 << 3;
const RCTL_EMPTY_FIFO: u32 = 1 << 4;
const TCTL_TRANSMIT: u32 = 1 << 0;
const TCTL_PAD: u32 = 1 << 1;
const TCTL_ADD_CHECKSUM: u32 = 1 << 2;
const TCTL_DUPLEX: u32 = 1 << 4;
const THR_WHOLE_FRAME: u32 = 0x3f;
const TR_NEW: u32 = 1;

/// What stands before a frame in either FIFO, what comes behind it, and the longest frame itself.
const LENGTH: usize = 2;
const CHECKSUM: usize = 4;
const HEADER: usize = 14;
pub(crate) const MAX_FRAME: usize = HEADER + 1500;

/// A frame with its length, as it lies in a FIFO.
type Buffer = [u8; (LENGTH + MAX_FRAME + CHECKSUM).next_multiple_of(4)];

/// Room for a frame in each direction.
pub(crate) struct Memory {
    received: Buffer,
    sending: Buffer,
}

impl Memory {
    pub(crate) const fn new() -> Self {
        Self {
            received: [0; _],
            sending: [0; _],
        }
    }
}

/// The controller.
pub(crate) struct Ethernet(&'static mut Memory);

impl Ethernet {
    /// Starts the controller, with the address of the board.
    pub(crate) fn start(memory: &'static mut Memory) -> Self {
        IM.write(0);
        RIS_IACK.write(RIS_IACK.read());
        for (register, octets) in [IA0, IA1].into_iter().zip(chip::mac_address().chunks(4)) {
            let mut word = [0; 4];
            word[..octets.len()].copy_from_slice(octets);
            register.write(u32::from_le_bytes(word));
        }
        THR.write(THR_WHOLE_FRAME);
        TCTL.write(TCTL_TRANSMIT | TCTL_PAD | TCTL_ADD_CHECKSUM | TCTL_DUPLEX);
        RCTL.write(RCTL_EMPTY_FIFO);
        RCTL.write(RCTL_RECEIVE | RCTL_REFUSE_BAD_CHECKSUMS);
        Self(memory)
    }

    #[allow(clippy::unused_self, reason = "another board asks its controller")]
    pub(crate) fn mac_address(&self) -> [u8; 6] {
        chip::mac_address()
    }

    /// A frame that has come, and what sends an answer to it.
    pub(crate) fn receive(&mut self) -> Option<(&mut [u8], Sender<'_>)> {
        if NP.read() == 0 || TR.read() & TR_NEW != 0 {
            return None;
        }
        let frame = receive(&mut self.0.received);
        Some((frame, Sender(&mut self.0.sending)))
    }

    /// What sends a frame, unless one is on its way.
    pub(crate) fn sender(&mut self) -> Option<Sender<'_>> {
        (TR.read() & TR_NEW == 0).then_some(Sender(&mut self.0.sending))
    }
}

/// Takes a frame out of the FIFO; an empty one in place of one that is too long.
fn receive(buffer: &mut Buffer) -> &mut [u8] {
    let mut words = buffer.chunks_exact_mut(4);
    let mut read = || {
        let word = DATA.read().to_le_bytes();
        if let Some(space) = words.next() {
            space.copy_from_slice(&word);
        }
        word
    };
    let [low, high, ..] = read();
    let length = usize::from(u16::from_le_bytes([low, high]));
    for _ in 1..length.div_ceil(4) {
        read();
    }
    buffer
        .get_mut(LENGTH..length.saturating_sub(CHECKSUM))
        .unwrap_or_default()
}

/// Sends a frame.
pub(crate) struct Sender<'a>(&'a mut Buffer);

impl Sender<'_> {
    pub(crate) fn send<R>(self, length: usize, fill: impl FnOnce(&mut [u8]) -> R) -> R {
        let (prefix, frame) = self.0.split_at_mut(LENGTH);
        let result = fill(&mut frame[..length]);
        // The controller counts what comes behind the header.
        let count = u16::try_from(length.saturating_sub(HEADER)).unwrap_or_default();
        prefix.copy_from_slice(&count.to_le_bytes());
        for word in self.0[..(LENGTH + length).next_multiple_of(4)].chunks_exact(4) {
            DATA.write(word.try_into().map_or(0, u32::from_le_bytes));
        }
        TR.write(TR_NEW);
        result
    }
}
