//! The Ethernet controller of the LM3S6965, as a device of smoltcp.

use smoltcp::phy::{self, Device, DeviceCapabilities, Medium};
use smoltcp::time::Instant;
use smoltcp::wire::EthernetAddress;

use crate::chip::Register;

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
const MAX_FRAME: usize = HEADER + 1500;

/// A frame with its length, as it lies in a FIFO.
type Buffer = [u8; (LENGTH + MAX_FRAME + CHECKSUM).next_multiple_of(4)];

/// The controller, with room for a frame in each direction.
pub(crate) struct Ethernet {
    received: Buffer,
    sending: Buffer,
}

impl Ethernet {
    pub(crate) const fn new() -> Self {
        Self {
            received: [0; _],
            sending: [0; _],
        }
    }
}

/// Starts the controller, with an address of its own.
pub(crate) fn start(address: EthernetAddress) {
    IM.write(0);
    RIS_IACK.write(RIS_IACK.read());
    for (register, octets) in [IA0, IA1].into_iter().zip(address.0.chunks(4)) {
        let mut word = [0; 4];
        word[..octets.len()].copy_from_slice(octets);
        register.write(u32::from_le_bytes(word));
    }
    THR.write(THR_WHOLE_FRAME);
    TCTL.write(TCTL_TRANSMIT | TCTL_PAD | TCTL_ADD_CHECKSUM | TCTL_DUPLEX);
    RCTL.write(RCTL_EMPTY_FIFO);
    RCTL.write(RCTL_RECEIVE | RCTL_REFUSE_BAD_CHECKSUMS);
}

impl Device for Ethernet {
    type RxToken<'a> = RxToken<'a>;
    type TxToken<'a> = TxToken<'a>;

    fn capabilities(&self) -> DeviceCapabilities {
        let mut capabilities = DeviceCapabilities::default();
        capabilities.medium = Medium::Ethernet;
        capabilities.max_transmission_unit = MAX_FRAME;
        capabilities
    }

    fn receive(&mut self, _: Instant) -> Option<(RxToken<'_>, TxToken<'_>)> {
        // A frame may have to be answered at once.
        if NP.read() == 0 || TR.read() & TR_NEW != 0 {
            return None;
        }
        let frame = receive(&mut self.received);
        Some((RxToken(frame), TxToken(&mut self.sending)))
    }

    fn transmit(&mut self, _: Instant) -> Option<TxToken<'_>> {
        (TR.read() & TR_NEW == 0).then_some(TxToken(&mut self.sending))
    }
}

/// Takes a frame out of the FIFO; an empty one in place of one that is too long.
fn receive(buffer: &mut Buffer) -> &[u8] {
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
    buffer.get(LENGTH..length.saturating_sub(CHECKSUM)).unwrap_or_default()
}

/// A frame that was received.
pub(crate) struct RxToken<'a>(&'a [u8]);

impl phy::RxToken for RxToken<'_> {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, read: F) -> R {
        read(self.0)
    }
}

/// A frame to be sent.
pub(crate) struct TxToken<'a>(&'a mut Buffer);

impl phy::TxToken for TxToken<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, length: usize, fill: F) -> R {
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
