//! The fast path: takes a value that looks as the node mostly writes it, in registers, or gives up.
//!
//! It is one idea, and all that it consists of is here and behind the name `quick` in the types that have one:
//!
//! - A function gets the text from the first byte of a value on, and returns what follows the value. `None` means that the
//!   value is another one, or wrong, or cut off; it does not say which. Then the general path, [`Reader`](super::Reader),
//!   reads the same text from the same byte, and all errors are told by it.
//! - It takes less than the general path, never more, and never to another meaning: no white space, no escapes, no exponent,
//!   at most 18 digits. The tests run either path over the same texts and compare values and errors.
//! - An object is taken as far as its members come in the order of its table. The general path reads the member that is not
//!   so, and behind it the fast path is tried again; see [`Reader::read_object`](super::Reader::read_object).
//!
//! A small processor has neither the registers for it nor the room: on 32 bits there is only the general path.

use crate::bytes::certain;

/// Whether there is a fast path: where words have 64 bits, unless `--cfg general_path` leaves it out, for tests.
pub(crate) const WIDE: bool = cfg!(target_pointer_width = "64") && !cfg!(general_path);

/// A part of a text that is known to be UTF-8: it is checked once for all that is left, not for each string.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Known<'a> {
    text: &'a str,
    /// How much of the whole text is left where this part begins.
    left: usize,
}

impl<'a> Known<'a> {
    /// All of a text.
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, left: text.len() }
    }

    /// Has the part begin at a place at the latest.
    #[inline]
    pub(super) fn reach(&mut self, place: &'a [u8]) {
        if self.left < place.len() {
            self.check(place);
        }
    }

    #[cold]
    #[inline(never)]
    fn check(&mut self, place: &'a [u8]) {
        let valid = match core::str::from_utf8(place) {
            Ok(text) => return *self = Self::new(text),
            Err(error) => certain(place.get(..error.valid_up_to())),
        };
        self.text = certain(core::str::from_utf8(valid).ok());
        self.left = place.len();
    }

    /// So much text from a place on, if it is part of this.
    #[inline(always)]
    pub(super) fn text(&self, place: &[u8], length: usize) -> Option<&'a str> {
        let start = self.left.wrapping_sub(place.len());
        self.text.get(start..)?.get(..length)
    }
}

/// A byte in each byte of a word.
const EACH: u64 = u64::MAX / 0xff;
const HIGH_BITS: u64 = EACH << 7;

/// Whether no number goes on with this byte: a comma or a closing bracket, and no point, letter or digit. It is a hyphen too,
/// which nothing can follow.
#[inline(always)]
fn ends_number(byte: u8) -> bool {
    byte & 0x0e == 0x0c
}

/// Appends a digit to a number that has room for it.
#[inline(always)]
fn append(value: u64, digit: u8) -> u64 {
    value.wrapping_mul(10).wrapping_add(digit.into())
}

/// Takes an integer without a sign and with at most 18 digits.
#[inline(always)]
pub(crate) fn unsigned(text: &[u8]) -> Option<(u64, &[u8])> {
    // So long that no end has to be looked for within.
    let Some(head) = text.first_chunk::<20>() else {
        return unsigned_near_end(text);
    };
    let (value, end) = digits::<true, _>(head, 0)?;
    Some((value, text.get(end..)?))
}

/// The same where the text has less bytes than are looked at.
#[cold]
#[inline(never)]
fn unsigned_near_end(text: &[u8]) -> Option<(u64, &[u8])> {
    let (value, end) = digits::<true, 20>(&padded(text), 0)?;
    Some((value, text.get(end..)?))
}

/// The bytes at the end of a text, with zeros behind them, which are part of no value.
#[cold]
#[inline(never)]
pub(super) fn padded<const N: usize>(text: &[u8]) -> [u8; N] {
    let mut window = [0; N];
    for (to, from) in window.iter_mut().zip(text) {
        *to = *from;
    }
    window
}

/// Takes the digits that begin at a place, and tells where they end. The first three are taken one by one, as most numbers
/// are short. If the text has been read before, nothing has to be looked at but the digits.
#[inline(always)]
pub(super) fn digits<const NEW: bool, const N: usize>(head: &[u8; N], start: usize) -> Option<(u64, usize)> {
    let digit = |at: usize| head.get(at).map(|byte| byte.wrapping_sub(b'0'));
    let end = |value, at: usize| (!NEW || ends_number(*head.get(at)?)).then_some((value, at));
    let (first, second) = (digit(start)?, digit(start.wrapping_add(1))?);
    if first > 9 {
        return None;
    }
    let mut value = u64::from(first);
    if second > 9 {
        return end(value, start.wrapping_add(1));
    }
    if NEW && first == 0 {
        return None;
    }
    value = append(value, second);
    let third = digit(start.wrapping_add(2))?;
    if third > 9 {
        return end(value, start.wrapping_add(2));
    }
    value = append(value, third);
    let mut at = start.wrapping_add(3);
    loop {
        let next = digit(at)?;
        if next > 9 {
            return end(value, at);
        }
        if NEW && at.wrapping_sub(start) == 18 {
            return None;
        }
        value = append(value, next);
        at = at.wrapping_add(1);
    }
}

/// As [`unsigned`], for numbers that mostly have more than eight digits, such as times.
#[inline(always)]
pub(crate) fn unsigned_long(text: &[u8]) -> Option<(u64, &[u8])> {
    let Some(head) = text.first_chunk::<20>() else {
        return unsigned_near_end(text);
    };
    let (first, _) = head.split_first_chunk()?;
    let values = digit_values(*first);
    if not_digits(values) != 0 || values.trailing_zeros() >= 8 {
        return unsigned(text);
    }
    let mut value = eight_digits(values);
    let mut at = 8_usize;
    while at < 19 {
        let byte = *head.get(at)?;
        let next = byte.wrapping_sub(b'0');
        if next > 9 {
            return Some((ends_number(byte).then_some(value)?, text.get(at..)?));
        }
        value = append(value, next);
        at = at.wrapping_add(1);
    }
    None
}

/// As [`unsigned`], with a sign or without.
#[inline(always)]
pub(crate) fn signed(text: &[u8]) -> Option<(i64, &[u8])> {
    if let [b'-', digits @ ..] = text {
        let (value, rest) = unsigned(digits)?;
        return Some((value.cast_signed().wrapping_neg(), rest));
    }
    let (value, rest) = unsigned(text)?;
    Some((value.cast_signed(), rest))
}

/// Takes a decimal of one digit, a point and one to eight digits, in units of 10<sup>-8</sup>.
#[inline(always)]
pub(crate) fn decimal(text: &[u8]) -> Option<(u64, &[u8])> {
    let ([integer @ b'0'..=b'9', b'.'], decimals) = text.split_first_chunk()? else {
        return None;
    };
    let values = digit_values(*decimals.first_chunk()?);
    let count = not_digits(values).trailing_zeros() >> 3;
    let kept = match count {
        0 => return None,
        8 => values,
        _ => values & !(u64::MAX << (count.wrapping_mul(8) & 63)),
    };
    let rest = decimals.get(count as usize..)?;
    match rest {
        [byte, ..] if ends_number(*byte) => {}
        _ => return None,
    }
    let whole = u64::from(integer & 0xf).wrapping_mul(100_000_000);
    Some((whole.wrapping_add(eight_digits(kept)), rest))
}

/// What each of eight bytes is as a digit, the first lowest.
#[inline(always)]
fn digit_values(bytes: [u8; 8]) -> u64 {
    u64::from_le_bytes(bytes) ^ EACH.wrapping_mul(0x30)
}

/// The high bit of each that is none. A carry may set more of them, above one that is none.
#[inline(always)]
fn not_digits(values: u64) -> u64 {
    (values.wrapping_add(EACH.wrapping_mul(0x76)) | values) & HIGH_BITS
}

/// The number that eight digits make up: pairs first, then fours, then all.
#[inline(always)]
fn eight_digits(values: u64) -> u64 {
    const MASK: u64 = 0x0000_00ff_0000_00ff;
    let pairs = values.wrapping_mul(10).wrapping_add(values >> 8);
    (pairs & MASK)
        .wrapping_mul(0x000f_4240_0000_0064)
        .wrapping_add((pairs >> 16 & MASK).wrapping_mul(0x0000_2710_0000_0001))
        >> 32
}

/// The length of a string without escapes, from behind its quote on. Whether it is UTF-8 is left open.
#[inline(always)]
pub(crate) fn string(content: &[u8]) -> Option<usize> {
    let mut length = 0_usize;
    let mut rest = content;
    loop {
        let (word, after) = rest.split_first_chunk()?;
        let marks = marks(u64::from_le_bytes(*word));
        if marks == 0 {
            length = length.wrapping_add(8);
            rest = after;
            continue;
        }
        let plain = marks.trailing_zeros() as usize >> 3;
        length = length.wrapping_add(plain);
        match word.get(plain)? {
            b'"' => return Some(length),
            b' ' | b'!' => {}
            _ => return None,
        }
        length = length.wrapping_add(1);
        rest = rest.get(plain.wrapping_add(1)..)?;
    }
}

/// A member of a map as most are: the byte before it, its name and its value.
pub(super) type Window = [u8; 24];

/// Takes a name that has less than 16 characters and no escapes: how long it is, and where its value begins. The name begins
/// behind the byte before the member and a quote. Whether it is UTF-8 is left open.
#[inline(always)]
pub(super) fn name(head: &Window) -> Option<(usize, usize)> {
    let word = |at: usize| Some(u64::from_le_bytes(*head.get(at..)?.first_chunk()?));
    if head[1] != b'"' {
        return None;
    }
    let length = match marks(word(2)?) {
        0 => match marks(word(10)?) {
            0 => return None,
            marks => 8_usize.wrapping_add(marks.trailing_zeros() as usize >> 3),
        },
        marks => marks.trailing_zeros() as usize >> 3,
    };
    let is_name = *head.get(length.wrapping_add(2))? == b'"' && *head.get(length.wrapping_add(3))? == b':';
    is_name.then_some((length, length.wrapping_add(4)))
}

/// The high bit of each byte that is below `#`, so a quote, a control character, a space or `!`, or that is a backslash; a
/// borrow may set more of them, above such a byte. Bytes that are not ASCII are none.
#[inline(always)]
fn marks(word: u64) -> u64 {
    let below = word.wrapping_sub(EACH.wrapping_mul(0x23));
    let backslash = (word ^ EACH.wrapping_mul(0x5c)).wrapping_sub(EACH);
    (below | backslash) & !word & HIGH_BITS
}

/// The value of 16 hex digits in lower case.
#[inline(always)]
pub(crate) fn hex16(digits: &[u8; 16]) -> Option<u64> {
    let (high, low) = digits.split_first_chunk::<8>()?;
    Some(u64::from(hex8(*high)?) << 32 | u64::from(hex8(*low.first_chunk()?)?))
}

#[inline(always)]
fn hex8(digits: [u8; 8]) -> Option<u32> {
    let digits = u64::from_be_bytes(digits);
    // Letters have bit 6 set, and there 1 is `a`.
    let letters = digits >> 6 & EACH;
    let values = (digits & EACH.wrapping_mul(0x0f)).wrapping_add(letters.wrapping_mul(9));
    let other_rows =
        digits & EACH.wrapping_mul(0xf0) ^ EACH.wrapping_mul(0x30).wrapping_add(letters.wrapping_mul(0x30));
    // Above 9 is a letter and nothing else, and nothing is above 15.
    let wrong = (values.wrapping_add(EACH.wrapping_mul(6)) ^ letters << 4 | values) & EACH << 4;
    let pairs = (values | values >> 4) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs | pairs >> 8) & 0x0000_ffff_0000_ffff;
    let all = fours | fours >> 16;
    (wrong | other_rows == 0).then_some((all & 0xffff_ffff) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{FromJson, List, Map, Reader, Text, Truncated};
    use crate::network::{
        AddedNodeInfo, Ban, NetTotals, NetworkInfo, NodeAddress, NodeStatusInfo, PeerInfo, VersionInfo,
    };
    use crate::value::{Amount, PeerAddress, Permission, Services, UnixTime};
    use core::fmt::Debug;
    use core::time::Duration;

    /// What is taken of a text, and how much of it is left; the same wherever the text ends, if it is not too short.
    #[track_caller]
    fn takes<V: Debug + PartialEq>(
        take: impl Fn(&[u8]) -> Option<(V, &[u8])>,
        text: &str,
        expected: Option<(V, &str)>,
    ) {
        let filler = b",\"filler\":\"1234567890123456789012345\"";
        let long = [text.as_bytes(), filler].concat();
        let taken = take(&long).map(|(value, rest)| (value, rest.len().checked_sub(filler.len())));
        let expected = expected.map(|(value, rest)| (value, Some(rest.len())));
        assert_eq!(taken, expected, "{text}");
    }

    #[test]
    fn short_and_long_integers_are_taken() {
        for take in [unsigned, unsigned_long] {
            for digits in 1..=18 {
                let number = &"912345678012345678"[..digits];
                let value: u64 = number.parse().unwrap();
                for end in [",", "}", "]"] {
                    takes(take, &format!("{number}{end}"), Some((value, end)));
                    // At the end of a text.
                    let last = format!("{number}{end}");
                    assert_eq!(take(last.as_bytes()), Some((value, end.as_bytes())), "{last}");
                }
                for end in [".5,", "e1,", "E1,", " ,", ":", "\"", "/,"] {
                    takes(take, &format!("{number}{end}"), None);
                    assert_eq!(take(format!("{number}{end}").as_bytes()), None, "{number}{end}");
                }
                assert_eq!(take(number.as_bytes()), None, "{number}");
            }
            takes(take, "0,", Some((0, ",")));
            for text in [
                "00,",
                "01,",
                "012345678901,",
                "9123456780123456789,",
                "-1,",
                ",",
                "/1,",
                ":1,",
                "1234567:,",
                "1234567/,",
            ] {
                takes(take, text, None);
                assert_eq!(take(text.as_bytes()), None, "{text}");
            }
        }
    }

    #[test]
    fn integers_with_a_sign_are_taken() {
        takes(signed, "-12,", Some((-12, ",")));
        takes(signed, "12]", Some((12, "]")));
        takes(signed, "-0}", Some((0, "}")));
        for text in ["-,", "--1,", "-01,", "+1,", "-1.0,"] {
            takes(signed, text, None);
        }
    }

    #[test]
    fn decimals_are_taken_in_units() {
        for (text, units) in [
            ("0.00000001", 1),
            ("9.12345678", 912_345_678),
            ("0.5", 50_000_000),
            ("1.02", 102_000_000),
            ("3.0000005", 300_000_050),
        ] {
            for end in [",", "}", "]"] {
                takes(decimal, &format!("{text}{end}"), Some((units, end)));
            }
            for end in ["e1,", " ,", ".1,", ":", "/"] {
                takes(decimal, &format!("{text}{end}"), None);
            }
        }
        for text in [
            "0.123456789,",
            "0.,",
            "12.5,",
            ".5,",
            "/.5,",
            ":.5,",
            "0,",
            "0:5,",
            "-0.5,",
            "0.a,",
        ] {
            takes(decimal, text, None);
        }
        assert_eq!(decimal(b"0.5,"), None);
    }

    #[test]
    fn strings_are_taken_up_to_their_quote() {
        for length in 0..40 {
            let plain = "/DeFiChain:4.2.5(a! b)/~\u{7f}\u{e9}\u{20ac}#[]{}0123456789"[..]
                .chars()
                .take(length)
                .collect::<String>();
            let content = format!("{plain}\",12345678");
            assert_eq!(string(content.as_bytes()), Some(plain.len()), "{content:?}");
            for odd in ["\n", "\u{1f}", "\\n", "\0"] {
                let content = format!("{plain}{odd}\",12345678");
                assert_eq!(string(content.as_bytes()), None, "{content:?}");
            }
            assert_eq!(string(plain.as_bytes()), None, "{plain:?}");
        }
    }

    #[test]
    fn hex_digits_are_taken_in_lower_case() {
        assert_eq!(hex16(b"0123456789abcdef"), Some(0x0123_4567_89ab_cdef));
        assert_eq!(hex16(b"ffffffffffffffff"), Some(u64::MAX));
        for byte in 0..=255_u8 {
            for at in 0..16 {
                let mut digits = *b"0000000000000000";
                digits[at] = byte;
                let value = match byte {
                    b'0'..=b'9' => Some(byte & 0xf),
                    b'a'..=b'f' => Some(byte - b'a' + 10),
                    _ => None,
                };
                assert_eq!(
                    hex16(&digits),
                    value.map(|value| u64::from(value) << (60 - 4 * at)),
                    "{byte} at {at}"
                );
            }
        }
    }

    #[test]
    fn names_of_members_are_taken_within_a_window() {
        for length in 0..16 {
            let plain = &"abcdefghijklmno#"[..length];
            let window = padded::<24>(format!(",\"{plain}\":123").as_bytes());
            assert_eq!(name(&window), Some((length, length + 4)), "{plain}");
            for text in [
                format!(",'{plain}\":1"),
                format!(",\"{plain}\";1"),
                format!(",\"{plain} \":1"),
                format!(",\"{plain}\\n\":1"),
            ] {
                assert_eq!(name(&padded(text.as_bytes())), None, "{text}");
            }
        }
        assert_eq!(name(&padded(b",\"abcdefghijklmnop\":1")), None);
    }

    #[test]
    fn digits_end_within_a_window() {
        for start in 0..20 {
            let window = padded::<24>(format!("{}1234}}", ",".repeat(start)).as_bytes());
            let expected = (start + 5 <= 24).then_some((1234, start + 4));
            assert_eq!(digits::<true, 24>(&window, start), expected, "{start}");
            assert_eq!(digits::<false, 24>(&window, start), expected, "{start}");
        }
        assert_eq!(
            digits::<true, 24>(&padded(b"123456789012345678}"), 0),
            Some((123_456_789_012_345_678, 18))
        );
        assert_eq!(digits::<true, 24>(&padded(b"1234567890123456789}"), 0), None);
        assert_eq!(
            digits::<false, 24>(&padded(b"1234567890123456789}"), 0),
            Some((1_234_567_890_123_456_789, 19))
        );
        assert_eq!(digits::<false, 24>(&padded(b"01 "), 0), Some((1, 2)));
        for end in [".", " ", "e"] {
            for number in ["1", "12", "1234"] {
                assert_eq!(
                    digits::<true, 24>(&padded(format!("{number}{end}").as_bytes()), 0),
                    None
                );
            }
        }
    }

    /// Storage without a heap.
    type Kept = Truncated<512>;

    /// A value that is taken as a whole.
    #[track_caller]
    fn usual<V: for<'a> FromJson<'a> + Debug + PartialEq>(text: &str) {
        let text = format!("{text},\"filler\":\"123456789012345678\"");
        let mut reader = Reader::new(text.as_bytes());
        let mut value = V::default();
        let rest = value.quick(&Reader::of_str(&text), text.as_bytes());
        let behind = Some(&b",\"filler\":\"123456789012345678\""[..]);
        // Where there is no fast path nothing is known of a text, so that no string is taken.
        assert!(rest == behind || !WIDE && rest.is_none(), "{text}");
        let read = V::from_json(&mut reader);
        assert!(rest.is_none() || read == value, "{text}: {read:?} {value:?}");
    }

    #[test]
    fn whatever_the_node_mostly_writes_is_taken() {
        usual::<bool>("true");
        usual::<bool>("false");
        usual::<Option<bool>>("true");
        for number in ["0", "7", "100", "127"] {
            usual::<u8>(number);
            usual::<u16>(number);
            usual::<u32>(number);
            usual::<u64>(number);
            usual::<i8>(number);
            usual::<i16>(number);
            usual::<i32>(number);
            usual::<i64>(number);
            usual::<UnixTime>(number);
        }
        usual::<i32>("-7");
        usual::<UnixTime>("1795354416");
        usual::<Amount>("0.00001000");
        usual::<Duration>("0.021345");
        usual::<Services>("\"0000000000000409\"");
        usual::<Text<Kept>>("\"/DeFiChain:4.2.5(é)/\"");
        usual::<PeerAddress<Kept>>("\"[2001:db8::1]:8555\"");
        usual::<List<Kept, u64>>("[]");
        usual::<List<Kept, u64>>("[1,2]");
        usual::<List<Kept, Text<Kept>>>("[\"a\",\"b\"]");
        usual::<List<Kept, Permission<'_>>>("[\"noban\",\"later\"]");
        usual::<Map<Kept, u64>>("{}");
        usual::<Map<Kept, u64>>("{\"ping\":32,\"*other*\":7}");
        usual::<NodeStatusInfo>(r#"{"health_status":true,"sync_to_tip":true,"active_peer_nodes":false}"#);
        usual::<NetTotals>(
            r#"{"totalbytesrecv":57,"totalbytessent":19,"timemillis":1795354416124,"uploadtarget":{"timeframe":86400,"target":0,"target_reached":false,"serve_historical_blocks":true,"bytes_left_in_cycle":0,"time_left_in_cycle":0}}"#,
        );
        usual::<NetworkInfo<Kept>>(
            r#"{"version":3020800,"subversion":"/DeFiChain:3.2.8/","protocolversion":70036,"localservices":"0000000000000409","localrelay":true,"timeoffset":0,"networkactive":true,"connections":0,"networks":[{"name":"ipv4","limited":false,"reachable":true,"proxy":"","proxy_randomize_credentials":false}],"relayfee":0.00001000,"incrementalfee":0.00001000,"localaddresses":[],"warnings":""}"#,
        );
        usual::<PeerInfo<Kept>>(
            r#"{"id":3,"addr":"198.51.100.7:8555","services":"0000000000000409","relaytxes":true,"lastsend":1700000100,"lastrecv":1700000101,"bytessent":1200,"bytesrecv":3400,"conntime":1700000000,"timeoffset":-1,"pingtime":0.021345,"version":70036,"subver":"/DeFiChain:3.2.8/","inbound":false,"permissions":["noban"],"minfeefilter":0.00001000,"bytessent_per_msg":{"version":127},"bytesrecv_per_msg":{"version":102}}"#,
        );
        usual::<List<Kept, AddedNodeInfo<&str>>>(
            r#"[{"addednode":"node.example","connected":true,"addresses":[{"address":"198.51.100.7:8555","connected":"outbound"},{"address":"198.51.100.8:8555","connected":"inbound"}]}]"#,
        );
        usual::<NodeAddress<Kept>>(r#"{"time":1795354416,"services":1033,"address":"198.51.100.7","port":8555}"#);
        usual::<Ban<Kept>>(
            r#"{"address":"198.51.100.0/24","banned_until":1795440830,"ban_created":1795354430,"ban_reason":"manually added"}"#,
        );
        usual::<VersionInfo<Kept>>(
            r#"{"name":"DeFiChain","version":"3.2.8","numericVersion":3020800,"fullVersion":"DeFiChain:3.2.8","userAgent":"/DeFiChain:3.2.8/","protoVersion":70036,"protoVersionMin":70023,"rpcVersion":"1","rpcVersionMin":"1","spv":{"btc":{"version":70013,"min":70002,"userAgent":"/bread:2.1/"}}}"#,
        );
    }

    #[test]
    fn the_fast_path_is_there_where_words_are_wide() {
        assert_eq!(WIDE, cfg!(all(target_pointer_width = "64", not(general_path))));
        assert_eq!(Reader::new(b"").is_quick(), WIDE);
        assert!(!Reader::general(b"").is_quick());
    }

    #[test]
    fn an_object_that_is_not_as_usual_is_left_to_the_general_path() {
        for text in [
            "{}",
            "{\"later\":1}",
            "{\"health_status\":true}",
            "{\"health_status\":true,\"sync_to_tip\":true,\"active_peer_nodes\":1}",
            "[]",
            "{",
        ] {
            assert_eq!(
                NodeStatusInfo::default().quick(&Reader::of_str(text), text.as_bytes()),
                None,
                "{text}"
            );
        }
    }
}
