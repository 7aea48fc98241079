//! A piece of work, and cases: what several sides do, each in its way.

use std::hint::black_box;

use crate::sink::{Digest, Sink, Transcript};

/// The name of this crate's side, and the beginning of that of its others.
pub(crate) const THIS_CRATE: &str = "this-crate";

/// One side's way to do the work of a case, from the same bytes to the same values.
pub(crate) trait Work {
    fn work(&mut self, sink: &mut impl Sink);
}

/// Like the one before, without the type.
pub(crate) trait AnyWork {
    /// Everything that the work came to.
    fn transcript(&mut self) -> String;
    /// Does the work this many times.
    fn repeat(&mut self, times: u64);
}

impl<W: Work> AnyWork for W {
    fn transcript(&mut self) -> String {
        let mut transcript = Transcript::default();
        self.work(&mut transcript);
        transcript.into_lines()
    }

    #[inline(never)]
    fn repeat(&mut self, times: u64) {
        for _ in 0..times {
            let mut digest = Digest::default();
            black_box(&mut *self).work(&mut digest);
            black_box(digest.value());
        }
    }
}

pub(crate) struct Side {
    pub(crate) name: &'static str,
    pub(crate) work: Box<dyn AnyWork>,
}

pub(crate) struct Case {
    pub(crate) name: String,
    /// What is read or written, in bytes.
    pub(crate) bytes: usize,
    /// This crate's is the first.
    pub(crate) sides: Vec<Side>,
}

impl Case {
    pub(crate) fn side_names(&self) -> impl Iterator<Item = &'static str> {
        self.sides.iter().map(|side| side.name)
    }
}

pub(crate) fn side(name: &'static str, work: impl AnyWork + 'static) -> Side {
    Side {
        name,
        work: Box::new(work),
    }
}

/// Does some work. Instructions are counted in here, by this name, and apart for each call.
#[inline(never)]
pub(crate) fn measured(work: &mut dyn FnMut()) {
    work();
}
