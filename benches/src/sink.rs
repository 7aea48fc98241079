//! Where values go, so that every side has to make them all.

use std::fmt::Write;
use std::hint::black_box;

/// Takes the values of a result, one after the other, in the node's order. Absent values are left out.
pub(crate) trait Sink {
    fn number(&mut self, value: u64);
    fn text(&mut self, value: &str);
    fn bytes(&mut self, value: &[u8]);

    fn signed(&mut self, value: i64) {
        self.number(value.cast_unsigned());
    }

    /// A time in seconds, as microseconds.
    fn seconds(&mut self, value: f64) {
        self.number(whole(value * 1e6));
    }

    /// An amount, as units of its eighth decimal.
    fn amount(&mut self, value: f64) {
        self.number(whole(value * 1e8));
    }

    /// Sixteen hex digits.
    fn services(&mut self, value: &str) {
        self.number(u64::from_str_radix(value, 16).expect("hex digits"));
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "no recorded value is negative or large"
)]
fn whole(value: f64) -> u64 {
    (value + 0.5) as u64
}

/// Does as little with a value as makes sure that it was there: what is measured.
#[derive(Default)]
pub(crate) struct Digest(u64);

impl Sink for Digest {
    fn number(&mut self, value: u64) {
        self.0 = self.0.rotate_left(5) ^ value;
    }

    fn text(&mut self, value: &str) {
        black_box(value);
    }

    fn bytes(&mut self, value: &[u8]) {
        black_box(value);
    }
}

impl Digest {
    pub(crate) fn value(&self) -> u64 {
        self.0
    }
}

/// Writes every value down: what is compared before anything is measured.
#[derive(Default)]
pub(crate) struct Transcript(String);

impl Sink for Transcript {
    fn number(&mut self, value: u64) {
        writeln!(self.0, "{}", value.cast_signed()).expect("a string takes everything");
    }

    fn text(&mut self, value: &str) {
        writeln!(self.0, "{value:?}").expect("a string takes everything");
    }

    fn bytes(&mut self, value: &[u8]) {
        self.text(str::from_utf8(value).expect("a text"));
    }
}

impl Transcript {
    pub(crate) fn into_lines(self) -> String {
        self.0
    }
}
