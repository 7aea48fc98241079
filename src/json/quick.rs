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

/// Whether there is a fast path: where words have 64 bits, unless `--cfg general_path` leaves it out, for tests.
pub(crate) const WIDE: bool = cfg!(target_pointer_width = "64") && !cfg!(general_path);

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
    for (at, byte) in head.iter().enumerate().take(19).skip(8) {
        let next = byte.wrapping_sub(b'0');
        if next > 9 {
            return Some((ends_number(*byte).then_some(value)?, text.get(at..)?));
        }
        value = append(value, next);
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
