//! IP addresses as text: what `core::net` reads and writes too, but with no way to panic and in less flash.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::bytes::digits::{decimal, hex, hex_digit};
use crate::bytes::split::Split;
use crate::bytes::writer::Writer;
use crate::bytes::{after, certain, has};

/// Reads an address and port: `192.0.2.1:8555` or `[2001:db8::1]:8555`, without a zone.
pub(crate) fn parse_socket_addr(text: &[u8]) -> Option<SocketAddr> {
    let colon = text.iter().rposition(|byte| *byte == b':')?;
    let (address, port) = text.split_at_checked(colon)?;
    let port = port.strip_prefix(b":").filter(|port| port.len() <= 5)?;
    let port = u16::try_from(decimal(port)?).ok()?;
    let address = match address.strip_prefix(b"[") {
        Some(address) => IpAddr::V6(parse_v6(address.strip_suffix(b"]")?)?),
        None => IpAddr::V4(parse_v4(address)?),
    };
    Some(SocketAddr::new(address, port))
}

/// Reads an address: `192.0.2.1` or `2001:db8::1`, without a zone.
pub(crate) fn parse(text: &[u8]) -> Option<IpAddr> {
    parse_v4(text)
        .map(IpAddr::V4)
        .or_else(|| parse_v6(text).map(IpAddr::V6))
}

fn parse_v4(text: &[u8]) -> Option<Ipv4Addr> {
    let mut parts = Split::new(text, b'.');
    let mut octets = [0; 4];
    for octet in &mut octets {
        let part = parts.next()?;
        // What a leading zero means differs from system to system.
        if matches!(part, [b'0', _, ..]) {
            return None;
        }
        *octet = u8::try_from(decimal(part)?).ok()?;
    }
    parts.rest().is_none().then(|| Ipv4Addr::from(octets))
}

/// RFC 4291, section 2.2.
pub(crate) fn parse_v6(text: &[u8]) -> Option<Ipv6Addr> {
    let mut groups = Groups::default();
    match text.windows(2).position(|pair| pair == b"::") {
        None => {
            groups.read(text, true)?;
            groups.is_full().then(|| Ipv6Addr::from(groups.octets))
        }
        Some(index) => {
            let (head, tail) = text.split_at_checked(index)?;
            let mut end = Groups::default();
            groups.read(head, false)?;
            end.read(tail.get(2..)?, true)?;
            // The two colons stand for one group at least.
            let zeros = groups.octets.len().checked_sub(groups.count)?.checked_sub(end.count)?;
            let place = groups.octets.get_mut(groups.count.checked_add(zeros)?..)?;
            place.iter_mut().zip(&end.octets).for_each(|(to, from)| *to = *from);
            (zeros > 0).then(|| Ipv6Addr::from(groups.octets))
        }
    }
}

#[derive(Default)]
struct Groups {
    octets: [u8; 16],
    /// How many octets have been read.
    count: usize,
}

impl Groups {
    /// Reads groups of hex digits, the last two maybe as an IPv4 address; or nothing from an empty text.
    fn read(&mut self, text: &[u8], v4: bool) -> Option<()> {
        let mut parts = Split::new(text, b':');
        while let Some(part) = parts.next() {
            if text.is_empty() {
                break;
            }
            if v4 && parts.rest().is_none() && has(part, b'.') {
                return self.push(&parse_v4(part)?.octets());
            }
            if !matches!(part.len(), 1..=4) {
                return None;
            }
            let mut digits = part.iter();
            let group = digits.try_fold(0, |group, digit| Some(group << 4 | hex(*digit)?))?;
            let [_, _, group @ ..] = group.to_be_bytes();
            self.push(&group)?;
        }
        Some(())
    }

    fn push(&mut self, octets: &[u8]) -> Option<()> {
        for octet in octets {
            *self.octets.get_mut(self.count)? = *octet;
            self.count = self.count.checked_add(1)?;
        }
        Some(())
    }

    fn is_full(&self) -> bool {
        self.count == self.octets.len()
    }
}

/// Writes an address and port.
pub(crate) fn write_socket_addr(address: SocketAddr, writer: &mut Writer<'_>) {
    if address.is_ipv6() {
        writer.byte(b'[');
    }
    write(address.ip(), writer);
    if address.is_ipv6() {
        writer.byte(b']');
    }
    writer.byte(b':');
    writer.u64(address.port().into());
}

/// Writes an address.
pub(crate) fn write(address: IpAddr, writer: &mut Writer<'_>) {
    match address {
        IpAddr::V4(address) => write_v4(&address.octets(), writer),
        IpAddr::V6(address) => write_v6(&address.octets(), writer),
    }
}

fn write_v4(octets: &[u8], writer: &mut Writer<'_>) {
    let mut is_first = true;
    for octet in octets {
        if !is_first {
            writer.byte(b'.');
        }
        writer.u64((*octet).into());
        is_first = false;
    }
}

/// RFC 5952.
fn write_v6(octets: &[u8; 16], writer: &mut Writer<'_>) {
    if let Some(v4) = after(octets, &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]) {
        writer.raw(b"::ffff:");
        return write_v4(v4, writer);
    }
    let (groups, _) = octets.as_chunks();
    // The first of the longest runs of zeros, if it is of two groups or more, becomes two colons. Where it begins is told by
    // how many groups are left there.
    let (mut left, mut longest) = (0, 1);
    let mut rest = groups;
    while let [_, behind @ ..] = rest {
        let run = rest.iter().take_while(|group| **group == [0, 0]).count();
        if run > longest {
            (left, longest) = (rest.len(), run);
        }
        rest = behind;
    }
    rest = groups;
    let mut is_first = true;
    while let [group, behind @ ..] = rest {
        if rest.len() == left {
            writer.raw(b"::");
            is_first = true;
            rest = certain(rest.get(longest..));
            continue;
        }
        if !is_first {
            writer.byte(b':');
        }
        write_hex(u16::from_be_bytes(*group), writer);
        is_first = false;
        rest = behind;
    }
}

fn write_hex(group: u16, writer: &mut Writer<'_>) {
    for shift in [12, 8, 4, 0] {
        let digits = group >> shift;
        if digits != 0 || shift == 0 {
            writer.byte(hex_digit(digits.to_le_bytes()[0] & 0xf));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(write: impl FnOnce(&mut Writer<'_>)) -> String {
        let mut buf = [0; 64];
        let mut writer = Writer::new(&mut buf);
        write(&mut writer);
        String::from_utf8(writer.finish().unwrap().to_vec()).unwrap()
    }

    proptest! {
        #[test]
        fn addresses_are_written_as_core_writes_them(groups: [u16; 8], zeros: u8, v4: [u8; 4], port: u16) {
            let groups = core::array::from_fn(|index| if zeros >> index & 1 == 1 { 0 } else { groups[index] });
            for address in [
                IpAddr::V6(Ipv6Addr::from(groups)),
                IpAddr::V4(Ipv4Addr::from(v4)),
                IpAddr::V6(Ipv4Addr::from(v4).to_ipv6_mapped()),
            ] {
                prop_assert_eq!(written(|writer| write(address, writer)), address.to_string());
                prop_assert_eq!(parse(address.to_string().as_bytes()), Some(address));
                let address = SocketAddr::new(address, port);
                prop_assert_eq!(written(|writer| write_socket_addr(address, writer)), address.to_string());
                prop_assert_eq!(parse_socket_addr(address.to_string().as_bytes()), Some(address));
            }
        }

        #[test]
        fn texts_are_read_as_core_reads_them(text in "([0-9a-fA-F]{0,5}[:.]{1,2}){0,9}[0-9a-f]{0,5}") {
            prop_assert_eq!(parse(text.as_bytes()), text.parse().ok(), "{}", text);
            let text = format!("[{text}]:{}", text.len());
            prop_assert_eq!(parse_socket_addr(text.as_bytes()), text.parse().ok(), "{}", text);
        }

        #[test]
        fn dotted_texts_are_read_as_core_reads_them(text in "((::)?(ffff:)?)([0-9]{0,3}\\.){2,4}[0-9]{1,3}(:[0-9]{0,5})?") {
            prop_assert_eq!(parse(text.as_bytes()), text.parse().ok(), "{}", text);
            prop_assert_eq!(parse_socket_addr(text.as_bytes()), text.parse().ok(), "{}", text);
        }
    }

    #[test]
    fn unusual_texts_are_read_as_core_reads_them() {
        for text in [
            "",
            ":",
            "::",
            ":::",
            "1::",
            "::1",
            "1::2::3",
            "1:2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7::",
            "::2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7:8::",
            "1:2:3:4:5:6:7:8:9",
            "1:2:3:4:5:6:7:8:1.2.3.4",
            "1:2:3:4::5:6:7:8",
            "1:2:3:4:5:6:1.2.3.4",
            "1:2:3:4:5:6:7:1.2.3.4",
            "::1.2.3.4",
            "1.2.3.4::",
            "::1.2.3.4:5",
            "::1.2.3",
            "::12345",
            "::g",
            "01.2.3.4",
            "1.2.3.256",
            "1.2.3.4.",
            "+1.2.3.4",
        ] {
            assert_eq!(parse(text.as_bytes()), text.parse().ok(), "{text}");
        }
        for text in [
            "",
            ":",
            "1.2.3.4",
            "1.2.3.4:",
            "1.2.3.4:65536",
            "1.2.3.4:+1",
            "[::1]:1",
            "::1:1",
            "[::1:1",
            "[1.2.3.4]:1",
        ] {
            assert_eq!(parse_socket_addr(text.as_bytes()), text.parse().ok(), "{text}");
        }
    }
}
