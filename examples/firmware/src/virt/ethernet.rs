//! The board's first virtio device, which has to be a network card.

use core::ptr::{self, NonNull};
use core::sync::atomic::{AtomicUsize, Ordering};

use virtio_drivers::device::net::VirtIONetRaw;
use virtio_drivers::transport::mmio::{MmioTransport, VirtIOHeader};
use virtio_drivers::{BufferDirection, Hal, PAGE_SIZE, PhysAddr};

pub(crate) const MAX_FRAME: usize = 14 + 1500;

/// How many frames may wait to be received. It is a power of two.
const FRAMES: usize = 4;

/// The longest frame behind the longest header of virtio, as the driver wants it.
type Buffer = [u8; 1528];

/// Room for frames in each direction.
pub(crate) struct Memory {
    received: [Buffer; FRAMES],
    sending: Buffer,
}

impl Memory {
    pub(crate) const fn new() -> Self {
        Self {
            received: [[0; _]; _],
            sending: [0; _],
        }
    }
}

/// The network card.
pub(crate) struct Ethernet {
    card: Card,
    memory: &'static mut Memory,
    /// What the card calls the buffers for received frames.
    tokens: [u16; FRAMES],
    /// The buffer that the card has not got back yet, because its frame has been handed out.
    handed_out: Option<usize>,
    /// What the card calls the buffer of the frame that is on its way.
    sending: Option<u16>,
}

type Card = VirtIONetRaw<Pages, MmioTransport<'static>, FRAMES>;

impl Ethernet {
    /// Starts the card, and gives it all buffers for received frames.
    pub(crate) fn start(memory: &'static mut Memory) -> Self {
        const REGISTERS: NonNull<VirtIOHeader> = NonNull::new(ptr::with_exposed_provenance_mut(0x1000_1000)).unwrap();
        const LENGTH: usize = 0x200;
        // SAFETY: the board has the registers of a virtio device there, and nothing else uses them.
        let card = unsafe { MmioTransport::new(REGISTERS, LENGTH) }.ok();
        let Some(mut card) = card.and_then(|transport| Card::new(transport).ok()) else {
            panic!("there is no network card");
        };
        card.disable_interrupts();
        let tokens = memory.received.each_mut().map(|buffer| begin(&mut card, buffer));
        Self {
            card,
            memory,
            tokens,
            handed_out: None,
            sending: None,
        }
    }

    pub(crate) fn mac_address(&self) -> [u8; 6] {
        self.card.mac_address()
    }

    /// A frame that has come, and what sends an answer to it.
    pub(crate) fn receive(&mut self) -> Option<(&mut [u8], Sender<'_>)> {
        if let Some(index) = self.handed_out.take() {
            self.tokens[index] = begin(&mut self.card, &mut self.memory.received[index]);
        }
        if !self.can_send() {
            return None;
        }
        let token = self.card.poll_receive()?;
        let index = self.tokens.iter().position(|its| *its == token)?;
        let buffer = &mut self.memory.received[index];
        // SAFETY: it is the buffer that the card calls so, and it has not been used since.
        let received = unsafe { self.card.receive_complete(token, buffer) };
        self.handed_out = Some(index);
        let (header, length) = received.unwrap_or_default();
        let frame = buffer.get_mut(header..header + length).unwrap_or_default();
        let sender = Sender {
            card: &mut self.card,
            buffer: &mut self.memory.sending,
            sending: &mut self.sending,
        };
        Some((frame, sender))
    }

    /// What sends a frame, unless one is on its way.
    pub(crate) fn sender(&mut self) -> Option<Sender<'_>> {
        self.can_send().then_some(Sender {
            card: &mut self.card,
            buffer: &mut self.memory.sending,
            sending: &mut self.sending,
        })
    }

    fn can_send(&mut self) -> bool {
        if let Some(token) = self.sending
            && self.card.poll_transmit() == Some(token)
        {
            // SAFETY: it is the buffer that the card calls so.
            _ = unsafe { self.card.transmit_complete(token, &self.memory.sending) };
            self.sending = None;
        }
        self.sending.is_none()
    }
}

/// Gives the card a buffer for a frame.
fn begin(card: &mut Card, buffer: &mut Buffer) -> u16 {
    // SAFETY: the buffer is not used until the card has filled it, and lives as long as the program.
    let Ok(token) = (unsafe { card.receive_begin(buffer) }) else {
        panic!("the network card takes no buffer");
    };
    token
}

/// Sends a frame.
pub(crate) struct Sender<'a> {
    card: &'a mut Card,
    buffer: &'a mut Buffer,
    sending: &'a mut Option<u16>,
}

impl Sender<'_> {
    pub(crate) fn send<R>(self, length: usize, fill: impl FnOnce(&mut [u8]) -> R) -> R {
        let header = self.card.fill_buffer_header(self.buffer).unwrap_or_default();
        let end = header + length;
        let result = fill(&mut self.buffer[header..end]);
        // SAFETY: the buffer is not used until the card has sent it, and lives as long as the program.
        *self.sending = unsafe { self.card.transmit_begin(&self.buffer[..end]) }.ok();
        result
    }
}

/// The memory that the driver shares with the card.
struct Pages;

/// The driver has two queues, and asks for two pages or twice one for each.
const PAGES: usize = 4;

#[repr(align(4096))]
struct Shared([[u8; PAGE_SIZE]; PAGES]);

static mut SHARED: Shared = Shared([[0; _]; _]);

// SAFETY: addresses are the same for the card and the processor. Each page is given out once.
unsafe impl Hal for Pages {
    fn dma_alloc(pages: usize, _: BufferDirection) -> (PhysAddr, NonNull<u8>) {
        static USED: AtomicUsize = AtomicUsize::new(0);
        let first = USED.load(Ordering::Relaxed);
        USED.store(first + pages, Ordering::Relaxed);
        assert!(first + pages <= PAGES, "the network card wants more memory");
        // SAFETY: it is within the memory, as has just been seen.
        let page = unsafe { (&raw mut SHARED.0).cast::<u8>().add(first * PAGE_SIZE) };
        (
            page.expose_provenance() as PhysAddr,
            NonNull::new(page).unwrap_or(NonNull::dangling()),
        )
    }

    unsafe fn dma_dealloc(_: PhysAddr, _: NonNull<u8>, _: usize) -> i32 {
        0
    }

    unsafe fn mmio_phys_to_virt(_: PhysAddr, _: usize) -> NonNull<u8> {
        unreachable!("only PCI asks for it")
    }

    unsafe fn share(buffer: NonNull<[u8]>, _: BufferDirection) -> PhysAddr {
        buffer.as_ptr().expose_provenance() as PhysAddr
    }

    unsafe fn unshare(_: PhysAddr, _: NonNull<[u8]>, _: BufferDirection) {}
}
