//! Points in time.

use core::time::Duration;

use crate::json::{Element, FromJson, Reader, ToJson, Writer, quick};

/// A point in time, in whole seconds since 1970-01-01T00:00:00Z; an integer in JSON and with serde.
///
/// ```
/// use std::time::UNIX_EPOCH;
/// use defichain_net_rpc::{UnixTime, json};
///
/// let time: UnixTime = json::from_slice(b"1795354431")?;
/// assert_eq!(time, UnixTime::from_secs(1_795_354_431));
/// assert!(UNIX_EPOCH + time.since_epoch() > UNIX_EPOCH);
/// # Ok::<(), defichain_net_rpc::Error>(())
/// ```
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixTime(u64);

impl UnixTime {
    /// Returns the point in time `secs` seconds after the epoch.
    #[must_use]
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs)
    }

    /// Returns the seconds since the epoch.
    #[must_use]
    pub const fn as_secs(self) -> u64 {
        self.0
    }

    /// Returns the time since the epoch.
    #[must_use]
    pub const fn since_epoch(self) -> Duration {
        Duration::from_secs(self.0)
    }
}

impl Element for UnixTime {
    type Item<'a> = Self;
}

#[cfg(feature = "alloc")]
crate::json::owned!(UnixTime);

impl<'a> FromJson<'a> for UnixTime {
    fn read(&mut self, reader: &mut Reader<'a>) {
        self.0.read(reader);
    }

    #[inline(always)]
    fn quick(&mut self, _: &Reader<'a>, text: &'a [u8]) -> Option<&'a [u8]> {
        let (seconds, rest) = quick::unsigned_long(text)?;
        self.0 = seconds;
        Some(rest)
    }
}

impl ToJson for UnixTime {
    fn to_json(&self, writer: &mut Writer<'_>) {
        writer.u64(self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{from_slice, to_slice};

    #[test]
    fn a_time_is_its_seconds() {
        let time: UnixTime = from_slice(b"1795354431").unwrap();
        assert_eq!(time, UnixTime::from_secs(1_795_354_431));
        assert_eq!(time.as_secs(), 1_795_354_431);
        assert_eq!(time.since_epoch(), Duration::from_secs(1_795_354_431));
        assert_eq!(to_slice(&time, &mut [0; 10]).unwrap(), b"1795354431");
    }
}
