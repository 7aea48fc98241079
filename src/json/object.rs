//! Objects whose members are known: a table of names for each type, read with the hint that members come in its order.

use super::{ErrorKind, FromJson, Reader, Type};
use crate::bytes::{self, after, certain};

/// The names of an object's members, in the order in which the node sends them. [`Reader::object`] has an example.
#[derive(Debug)]
pub struct Keys {
    /// Each name with its length before it, so that one can be gone past without a look at it.
    names: &'static [u8],
    /// A bit for each name, the first one lowest.
    required: u64,
}

impl Keys {
    /// Returns a table of at most 64 names, each with its length before it as a byte, and for each name whether an object
    /// without it is refused. The names are printable ASCII without quotes and backslashes.
    ///
    /// # Panics
    ///
    /// If there are more names, or not as many as flags, or a length or a name is not as it should be: in a constant, so the compiler
    /// says it.
    #[must_use]
    pub const fn new(names: &'static str, required: &[bool]) -> Self {
        let names = names.as_bytes();
        let (mut count, mut rest) = (0_usize, names);
        while let [length, behind @ ..] = rest {
            let length = *length as usize;
            assert!(length <= behind.len(), "the last name is shorter than its length says");
            let (mut name, others) = behind.split_at(length);
            while let [byte, after @ ..] = name {
                // A name is compared as it stands, byte by byte.
                assert!(matches!(*byte, b' '..=b'~') && *byte != b'"' && *byte != b'\\');
                name = after;
            }
            (rest, count) = (others, count.wrapping_add(1));
        }
        assert!(count == required.len() && count <= 64);
        let mut bits = 0;
        let mut rest = required;
        while let [first @ .., last] = rest {
            bits = bits << 1 | *last as u64;
            rest = first;
        }
        Self { names, required: bits }
    }

    /// The name of a field's member in JSON: without the `r#` of a raw identifier.
    #[doc(hidden)]
    #[must_use]
    pub const fn name(field: &'static str) -> &'static str {
        match field.as_bytes() {
            [b'r', b'#', ..] => field.split_at(2).1,
            _ => field,
        }
    }

    /// The length of [`Keys::table`].
    #[doc(hidden)]
    #[must_use]
    pub const fn table_len(mut names: &[&str]) -> usize {
        let mut len = 0_usize;
        while let [name, others @ ..] = names {
            len = len.wrapping_add(1).wrapping_add(name.len());
            names = others;
        }
        len
    }

    /// The names, each with its length before it.
    #[doc(hidden)]
    #[must_use]
    pub const fn table<const N: usize>(mut names: &[&str]) -> [u8; N] {
        let mut table = [0; N];
        let mut left: &mut [u8] = &mut table;
        while let [name, others @ ..] = names {
            assert!(name.len() < 128, "the name of a member has at most 127 bytes");
            left = put(put(left, &[name.len().to_le_bytes()[0]]), name.as_bytes());
            names = others;
        }
        table
    }

    /// A name between what stands before and behind it.
    #[doc(hidden)]
    #[must_use]
    pub const fn between<const N: usize>(before: &str, name: &str, behind: &str) -> [u8; N] {
        let mut text = [0; N];
        put(
            put(put(&mut text, before.as_bytes()), name.as_bytes()),
            behind.as_bytes(),
        );
        text
    }

    /// The text of bytes that are UTF-8.
    #[doc(hidden)]
    #[must_use]
    pub const fn str(bytes: &[u8]) -> &str {
        bytes::text(bytes)
    }

    /// The first name.
    fn first(&self) -> Name {
        Name {
            names: self.names,
            bit: 1,
            index: 0,
        }
    }

    /// The name of the lowest of these bits, if there is one.
    fn lowest(&self, mut bits: u64) -> Option<&'static str> {
        let mut names = self.names;
        while bits != 0 {
            let (name, behind) = first_name(names)?;
            if bits & 1 == 1 {
                return Some(Self::str(name));
            }
            (names, bits) = (behind, bits >> 1);
        }
        None
    }
}

/// Puts bytes at the beginning of a buffer, and returns what is behind them: nothing, if they do not fit.
const fn put<'b>(buf: &'b mut [u8], bytes: &[u8]) -> &'b mut [u8] {
    match buf.split_at_mut_checked(bytes.len()) {
        Some((space, rest)) => {
            space.copy_from_slice(bytes);
            rest
        }
        None => &mut [],
    }
}

/// The first name of a table, and those behind it.
fn first_name(names: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = names.split_first()?;
    rest.split_at_checked(usize::from(*length))
}

/// How far the members of an object have been read.
#[derive(Debug)]
struct Members {
    keys: &'static Keys,
    /// Which of the names have come: a bit for each.
    seen: u64,
    /// The name that is likely to come next.
    turn: Name,
    /// The byte before the next member: the opening brace or a comma.
    before: u8,
}

/// A name of a table.
#[derive(Clone, Copy, Debug)]
struct Name {
    /// The table from this name on.
    names: &'static [u8],
    bit: u64,
    /// Its place in the table.
    index: usize,
}

impl Name {
    /// The name behind this one, with which `names` begins.
    fn next(self, names: &'static [u8]) -> Self {
        Self {
            names,
            // Rotated, so that it can be rotated back to the 64th bit.
            bit: self.bit.rotate_left(1),
            index: self.index.wrapping_add(1),
        }
    }
}

/// What comes next in an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// The value of the member with the name at this place in the table.
    Member(usize),
    /// The value of one that is not in the table.
    Unknown,
    /// The closing brace, or a fault.
    End,
}

impl Members {
    /// The members of an object: all, or those behind the first, if that has come.
    fn new(keys: &'static Keys, seen: u64) -> Self {
        Self {
            keys,
            seen,
            turn: keys.first(),
            before: if seen == 0 { b'{' } else { b',' },
        }
    }

    /// Goes to the next value.
    fn next(&mut self, reader: &mut Reader<'_>) -> Next {
        // As the node writes it: the name whose turn it is, and no white space.
        let turn = self.turn;
        if let Some((name, behind)) = first_name(turn.names)
            && let [before, b'"', rest @ ..] = reader.rest
            && *before == self.before
            && let Some([b'"', b':', value @ ..]) = after(rest, name)
            && self.seen & turn.bit == 0
        {
            reader.rest = value;
            self.before = b',';
            return self.found(turn, behind);
        }
        self.find(reader)
    }

    /// Notes that a member has come, whose name is followed by others.
    fn found(&mut self, name: Name, others: &'static [u8]) -> Next {
        self.seen |= name.bit;
        self.turn = name.next(others);
        Next::Member(name.index)
    }

    /// Reads the next name, however it is spelled, and looks it up, or finds that there is none.
    ///
    /// Not inlined, so that what it needs is not on the stack while the members are read.
    #[inline(never)]
    fn find(&mut self, reader: &mut Reader<'_>) -> Next {
        let byte = reader.token();
        if reader.has_failed() {
            return Next::End;
        }
        if byte == self.before {
            reader.advance();
        }
        if byte == b'}' || byte == b'{' && reader.token() == b'}' {
            if let Some(name) = self.keys.lowest(self.keys.required & !self.seen) {
                reader.fail(ErrorKind::Missing);
                reader.fault_is_in(name);
            }
            return Next::End;
        }
        if byte != self.before {
            reader.syntax();
        }
        self.before = b',';
        reader.token();
        let place = reader.rest;
        let key = reader.key().text();
        if reader.has_failed() {
            return Next::End;
        }
        let mut turn = self.turn;
        let mut from_begin = turn.index == 0;
        loop {
            let Some((name, others)) = first_name(turn.names) else {
                if from_begin {
                    return Next::Unknown;
                }
                from_begin = true;
                turn = self.keys.first();
                continue;
            };
            if key.is(name) {
                if self.seen & turn.bit == 0 {
                    return self.found(turn, others);
                }
                reader.fail_at(place, ErrorKind::Duplicate);
                reader.fault_is_in(Keys::str(name));
                return Next::End;
            }
            turn = turn.next(others);
        }
    }
}

/// What [`json_object!`](crate::json_object) writes for a struct beside [`FromJson`].
#[doc(hidden)]
pub trait Object<'a>: FromJson<'a> + ReadMember<'a> {
    const KEYS: &'static Keys;

    /// Takes members by the fast path, as far as they come in the order of the table: from the brace on, or from the comma
    /// behind a member, if that is the first byte.
    fn quick_members(&mut self, reader: &Reader<'a>, text: &'a [u8], first: u8) -> Taken<'a>;
}

/// What the members of an object are read into.
#[doc(hidden)]
pub trait ReadMember<'a> {
    /// Reads the value of the member whose name is at this place in the table.
    fn read_member(&mut self, reader: &mut Reader<'a>, index: usize);
}

/// A function that reads them.
struct Function<'f, 'a>(&'f mut dyn FnMut(&mut Reader<'a>, usize));

impl<'a> ReadMember<'a> for Function<'_, 'a> {
    fn read_member(&mut self, reader: &mut Reader<'a>, index: usize) {
        (self.0)(reader, index);
    }
}

impl<'a> Reader<'a> {
    /// Reads an object. The function is told the place of a name in the table, and reads the value of that member: it has to, even
    /// if nobody needs the value. Unknown members are skipped.
    ///
    /// ```
    /// use defichain_net_rpc::json::{FromJson, Keys, Reader, Text};
    ///
    /// const KEYS: &Keys = &Keys::new("\x06height\x04hash", &[true, false]);
    ///
    /// let (mut height, mut hash) = (0_u64, None::<Text<&str>>);
    /// let mut reader = Reader::new(br#"{"new": {}, "height": 7}"#);
    /// reader.object(KEYS, &mut |reader, index| match index {
    ///     0 => height.read(reader),
    ///     _ => hash.read(reader),
    /// });
    /// assert_eq!(reader.finish(), Ok(()));
    /// assert_eq!((height, hash), (7, None));
    /// ```
    ///
    /// [`json_object!`](crate::json_object) writes that for a struct.
    ///
    /// Something else is [`ErrorKind::Expected`], a known name that comes again [`ErrorKind::Duplicate`], and a required
    /// member that has not come [`ErrorKind::Missing`] at the closing brace.
    pub fn object(&mut self, keys: &'static Keys, read: &mut dyn FnMut(&mut Self, usize)) {
        self.object_into(keys, &mut Function(read));
    }

    /// The same into a value.
    #[inline(never)]
    pub(crate) fn object_into(&mut self, keys: &'static Keys, value: &mut dyn ReadMember<'a>) {
        self.members(keys, 0, value);
        self.close();
    }

    /// Checks that an object begins here, and enters it; the brace is still to be read.
    fn begin_object(&mut self) {
        if self.token() != b'{' {
            self.unexpected(Type::Object);
        }
        self.enter();
    }

    /// Reads the members of an object: all, or those behind the first, if that has come.
    #[inline(never)]
    pub(crate) fn members(&mut self, keys: &'static Keys, seen: u64, value: &mut dyn ReadMember<'a>) {
        if seen == 0 {
            self.begin_object();
        }
        let mut members = Members::new(keys, seen);
        while self.member(&mut members, value) {}
    }

    /// Reads the next member, and tells whether more may follow.
    fn member(&mut self, members: &mut Members, value: &mut dyn ReadMember<'a>) -> bool {
        match members.next(self) {
            Next::Member(index) => {
                let left = self.rest.len();
                value.read_member(self, index);
                if self.rest.len() == left {
                    // Nobody has read it.
                    self.syntax();
                }
                // `turn` is already the name behind the one that was read.
                if self.has_failed() {
                    self.fault_is_in(certain(members.keys.lowest(members.turn.bit.rotate_right(1))));
                }
            }
            Next::Unknown => self.skip(),
            Next::End => return false,
        }
        true
    }

    /// Reads a struct of [`json_object!`](crate::json_object): by the fast path as far as that goes, then one member in the
    /// general way, and so on.
    #[doc(hidden)]
    pub fn read_object<V: Object<'a>>(&mut self, value: &mut V) {
        if !self.is_quick() {
            return self.object_into(V::KEYS, value);
        }
        let begin = self.look_ahead();
        match self.quick_object(value, begin) {
            Ok(rest) => self.rest = rest,
            Err(taken) => self.read_object_on(value, begin, taken),
        }
    }

    /// Reads the rest of a struct of which some members have been taken.
    #[inline(never)]
    fn read_object_on<V: Object<'a>>(&mut self, value: &mut V, begin: &'a [u8], taken: Taken<'a>) {
        let depth = self.depth;
        let mut members = Members::new(V::KEYS, 0);
        let Taken { mut seen, mut rest } = taken;
        loop {
            if seen & members.seen != 0 {
                // A member that comes twice is told by the general path.
                (self.rest, self.depth) = (begin, depth);
                return self.object_into(V::KEYS, value);
            }
            self.rest = rest;
            if seen != 0 {
                if members.before == b'{' {
                    self.enter();
                }
                members.before = b',';
                members.seen |= seen;
                if let [b'}', ..] = rest
                    && V::KEYS.required & !members.seen == 0
                {
                    break;
                }
            }
            if self.is_cut_off() {
                self.fail(ErrorKind::Incomplete);
                break;
            }
            if members.before == b'{' {
                self.begin_object();
            }
            // With white space between members it is not worth trying again.
            if rest.first() != Some(&members.before) {
                while self.member(&mut members, value) {}
                break;
            }
            if !self.member(&mut members, value) {
                break;
            }
            let text = self.look_ahead();
            Taken { seen, rest } = value.quick_members(self, text, members.before);
        }
        self.close();
    }

    /// Takes a struct of [`json_object!`](crate::json_object) by the fast path alone.
    #[doc(hidden)]
    #[inline(always)]
    pub fn quick_object<V: Object<'a>>(&self, value: &mut V, text: &'a [u8]) -> Result<&'a [u8], Taken<'a>> {
        let taken = value.quick_members(self, text, b'{');
        match taken.rest {
            // An object without members is read in the general way: here it would not be known to have begun.
            [b'}', rest @ ..] if taken.seen != 0 && V::KEYS.required & !taken.seen == 0 => Ok(rest),
            _ => Err(taken),
        }
    }
}

/// What the fast path has taken of an object.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Taken<'a> {
    /// The members: a bit for each.
    pub seen: u64,
    /// What follows them.
    pub rest: &'a [u8],
}

/// Defines a struct that is read from a JSON object and written as one.
///
/// Each member is a field. Its name in JSON is the field's own unless another is given behind the type; for a field such as
/// `r#type` it is `type`. Names are printable ASCII without quotes and backslashes. A member whose type is an `Option` may be missing; a member that has no field is skipped. Fields
/// in the order in which the node sends their members are read fastest.
///
/// The struct is `Clone`, `Debug`, `Default`, `PartialEq` and `#[non_exhaustive]`, so the types of its fields must have the
/// first four, beside [`FromJson`](crate::json::FromJson) and [`ToJson`](crate::json::ToJson). It implements these two, and
/// [`Element`](crate::json::Element), so that a [`List`](crate::json::List) can hold it.
///
/// A struct with text in it has a type parameter for where the text [is stored](crate::json::Storage), and may have
/// more, so that lists are stored elsewhere than names.
///
/// ```
/// use defichain_net_rpc::json::{self, List, Text};
///
/// defichain_net_rpc::json_object! {
///     /// A block, as `getblock` describes it.
///     pub struct Block<T> {
///         /// Its hash, 64 hex digits.
///         pub hash: Text<T>,
///         /// How many transactions it holds.
///         pub transactions: u32 = "nTx",
///         /// Its transactions.
///         pub tx: List<T, Transaction<T>>,
///         /// The hash of the next block; the last one has none.
///         pub next: Option<Text<T>> = "nextblockhash",
///     }
/// }
///
/// defichain_net_rpc::json_object! {
///     /// A transaction of a block.
///     pub struct Transaction<T> {
///         /// Its kind.
///         pub r#type: Text<T>,
///     }
/// }
///
/// let block: Block<&str> = json::from_slice(br#"{"hash":"00a1","confirmations":3,"nTx":1,"tx":[{"type":"coinbase"}]}"#)?;
/// assert_eq!(block.hash, "00a1");
/// assert_eq!(block.transactions, 1);
/// assert_eq!(block.tx.iter().next().unwrap().r#type, "coinbase");
/// let mut buf = [0; 64];
/// assert_eq!(json::to_slice(&block, &mut buf).unwrap(), br#"{"hash":"00a1","nTx":1,"tx":[{"type":"coinbase"}]}"#);
/// # Ok::<(), defichain_net_rpc::Error>(())
/// ```
///
/// # serde
///
/// With the feature `serde` the types of this crate implement `Serialize` and `Deserialize`, and a struct does if it is
/// told to: by a derive of its own, whose names have to be given again. `Deserialize` reads into storage that text can be
/// [appended to](crate::json::Build), so the derive's bounds have to be given.
///
/// ```ignore
/// use defichain_net_rpc::json::{self, List, Map, Text};
/// use defichain_net_rpc::{Amount, json_object};
/// use serde::{Deserialize, Serialize};
///
/// json_object! {
///     /// A wallet.
///     #[derive(Serialize, Deserialize)]
///     #[serde(bound(serialize = "", deserialize = "T: json::Build"))]
///     pub struct Wallet<T> {
///         /// Its name.
///         #[serde(rename = "walletname")]
///         pub name: Text<T> = "walletname",
///         /// What is in it.
///         pub balance: Amount,
///         /// The amounts by token.
///         pub tokens: Map<T, Amount>,
///         /// Its addresses; a wallet of an older node has none.
///         #[serde(skip_serializing_if = "Option::is_none")]
///         pub addresses: Option<List<T, Text<T>>>,
///     }
/// }
///
/// let reply = br#"{"walletname":"main","balance":2.50000000,"tokens":{"DFI":2.50000000}}"#;
/// let wallet: Wallet<&str> = json::from_slice(reply)?;
/// let text = serde_json::to_string_pretty(&wallet)?;
/// let read: Wallet<String> = serde_json::from_str(&text)?;
/// assert_eq!(read.name, "main");
/// assert_eq!(read.tokens.get("DFI"), Some(Amount::from_units(250_000_000)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[macro_export]
macro_rules! json_object {
    (
        $(#[$attribute:meta])*
        $visibility:vis struct $name:ident $(<$($storage:ident $(= $default:ident)?),+>)? {
            $(
                $(#[$field_attribute:meta])*
                $field_visibility:vis $field:ident: $type:ty $(= $key:literal)?
            ),* $(,)?
        }
    ) => {
        #[derive(Clone, Debug, Default, PartialEq)]
        $(#[$attribute])*
        #[non_exhaustive]
        $visibility struct $name $(<$($storage: AsRef<str> $(= $default)?),+>)? {
            $(
                $(#[$field_attribute])*
                $(#[doc = concat!("\n\nThe node's name for it is `", $key, "`.")])?
                $field_visibility $field: $type,
            )*
        }

        impl $(<$($storage: AsRef<str>),+>)? $crate::json::Element for $name $(<$($storage),+>)? {
            type Item<'a> = $name $(<$($crate::json_object!(@borrowed 'a $storage)),+>)?;
        }

        impl<'a $($(, $storage: $crate::json::Storage<'a>)+)?> $crate::json::Object<'a> for $name $(<$($storage),+>)? {
            const KEYS: &'static $crate::json::Keys = {
                const __NAMES: &[&str] = &[$($crate::json_object!(@key $field $($key)?)),*];
                const __LEN: usize = $crate::json::Keys::table_len(__NAMES);
                const __TABLE: &str = $crate::json::Keys::str(&$crate::json::Keys::table::<__LEN>(__NAMES));
                &$crate::json::Keys::new(__TABLE, &[$(<$type as $crate::json::FromJson<'a>>::REQUIRED),*])
            };

            #[allow(clippy::inline_always, reason = "the fast path is one function")]
            #[inline(always)]
            fn quick_members(
                &mut self,
                reader: &$crate::json::Reader<'a>,
                text: &'a [u8],
                first: u8,
            ) -> $crate::json::Taken<'a> {
                #[allow(non_camel_case_types, reason = "the names of the fields")]
                enum __Key {
                    $($field),*
                }
                let (mut seen, mut rest) = (0, text);
                if text.first() != Some(&first) {
                    return $crate::json::Taken { seen, rest };
                }
                $(
                    // Only the first member can stand behind a brace, and that has been looked at.
                    let value = {
                        const __NAME: &str = $crate::json_object!(@key $field $($key)?);
                        const __LEN: usize = __NAME.len() + 3;
                        if __Key::$field as usize == 0 {
                            rest.get(1..).and_then(|rest| {
                                rest.strip_prefix(const { &$crate::json::Keys::between::<__LEN>("\"", __NAME, "\":") })
                            })
                        } else {
                            rest.strip_prefix(const { &$crate::json::Keys::between::<{ __LEN + 1 }>(",\"", __NAME, "\":") })
                        }
                    };
                    if let Some(value) = value
                        && let Some(after) = $crate::json::FromJson::quick(&mut self.$field, reader, value)
                    {
                        rest = after;
                        seen |= 1 << __Key::$field as usize;
                    }
                )*
                $crate::json::Taken { seen, rest }
            }
        }

        impl<'a $($(, $storage: $crate::json::Storage<'a>)+)?> $crate::json::ReadMember<'a> for $name $(<$($storage),+>)? {
            fn read_member(&mut self, reader: &mut $crate::json::Reader<'a>, index: usize) {
                #[allow(non_camel_case_types, dead_code, reason = "the names of the fields, the last of which needs no look")]
                enum __Key {
                    $($field),*
                }
                _ = (&reader, index);
                $crate::json_object!(@read self reader index __Key $($field)*);
            }
        }

        impl<'a $($(, $storage: $crate::json::Storage<'a>)+)?> $crate::json::FromJson<'a> for $name $(<$($storage),+>)? {
            fn read(&mut self, reader: &mut $crate::json::Reader<'a>) {
                reader.read_object(self);
            }

            #[allow(clippy::inline_always, reason = "the fast path is one function")]
            #[inline(always)]
            fn quick(&mut self, reader: &$crate::json::Reader<'a>, text: &'a [u8]) -> Option<&'a [u8]> {
                reader.quick_object(self, text).ok()
            }
        }

        impl $(<$($storage: AsRef<str>),+>)? $crate::json::ToJson for $name $(<$($storage),+>)? {
            fn to_json(&self, writer: &mut $crate::json::Writer<'_>) {
                writer.object(|object| {
                    $(object.member(const { $crate::json_object!(@key $field $($key)?) }, &self.$field);)*
                });
            }
        }
    };
    // The field with this place, of which it is known that there is one.
    (@read $self:ident $reader:ident $index:ident $key:ident) => {};
    (@read $self:ident $reader:ident $index:ident $key:ident $field:ident) => {
        $crate::json::FromJson::read(&mut $self.$field, $reader)
    };
    (@read $self:ident $reader:ident $index:ident $key:ident $field:ident $($others:ident)+) => {
        if $index == $key::$field as usize {
            $crate::json::FromJson::read(&mut $self.$field, $reader)
        } else {
            $crate::json_object!(@read $self $reader $index $key $($others)+)
        }
    };
    (@key $field:ident) => {
        $crate::json::Keys::name(stringify!($field))
    };
    (@key $field:ident $key:literal) => {
        $key
    };
    (@borrowed $lifetime:lifetime $storage:ident) => {
        &$lifetime str
    };
}

#[cfg(test)]
mod tests {
    use super::Keys;
    use crate::json::{ErrorKind, FromJson as _, Reader, from_slice, to_slice};

    crate::json_object! {
        struct Pair {
            first: u64,
            second: Option<u64> = "2nd",
        }
    }

    crate::json_object! {
        #[derive(Copy, Eq)]
        struct Named {
            r#type: u8,
            r#match: Option<u8> = "match",
            same: bool = "same",
            raw: i8 = "r#raw",
        }
    }

    #[test]
    fn a_name_whose_turn_it_is_not_is_looked_up() {
        const KEYS: &Keys = &Keys::new("\x01a\x01b", &[false, false]);
        for (json, expected) in [
            (r#"{"a":1,"b":2,"":3}"#, Ok((1, 2))),
            (r#"{"b":1,"a":2,"":3}"#, Ok((2, 1))),
            (r#"{"":3,"a":2}"#, Ok((2, 0))),
            (r#"{"b":1,"a":2,"a":3}"#, Err((ErrorKind::Duplicate, 13))),
            (r#"{"b":1,"a":2,"b":3}"#, Err((ErrorKind::Duplicate, 13))),
            (r#"{"a":1,"a":2}"#, Err((ErrorKind::Duplicate, 7))),
            (r#"{"a":1,"b":2,"b":3}"#, Err((ErrorKind::Duplicate, 13))),
            (r#"{"a" :1,"b":2}"#, Ok((1, 2))),
            (r#"{ "a":1,"ab":3,"b":2}"#, Ok((1, 2))),
        ] {
            let mut reader = Reader::general(json.as_bytes());
            let (mut a, mut b) = (0_u64, 0_u64);
            reader.object(KEYS, &mut |reader, index| [&mut a, &mut b][index].read(reader));
            let read = reader.finish().map(|()| (a, b));
            let read = read.map_err(|error| (error.kind.json().unwrap(), error.offset));
            assert_eq!(read, expected, "{json}");
        }
    }

    #[test]
    fn a_raw_identifier_has_its_bare_name_and_a_key_may_be_the_name_of_its_field() {
        let json = br#"{"type":1,"match":2,"same":true,"r#raw":-3}"#;
        let named: Named = from_slice(json).unwrap();
        assert_eq!(
            (named.r#type, named.r#match, named.same, named.raw),
            (1, Some(2), true, -3)
        );
        assert_eq!(to_slice(&named, &mut [0; 64]).unwrap(), json);
        let error = from_slice::<Named>(br#"{"type":256}"#).unwrap_err();
        assert_eq!(error.member, Some("type"));
    }

    #[test]
    fn a_list_of_a_struct_needs_nothing_more() {
        use crate::json::{List, Map};
        let list: List<&str, Pair> = from_slice(br#"[{"first":1},{"first":2}]"#).unwrap();
        assert_eq!(list.iter().map(|pair| pair.first).collect::<Vec<_>>(), [1, 2]);
        let map: Map<&str, Pair> = from_slice(br#"{"a":{"first":1}}"#).unwrap();
        assert_eq!(map.get("a").unwrap().first, 1);
    }

    fn read(json: &str) -> Result<Pair, (ErrorKind, usize, Option<&'static str>)> {
        from_slice(json.as_bytes()).map_err(|error| (error.kind.json().unwrap(), error.offset, error.member))
    }

    #[test]
    fn a_table_has_at_most_64_names_each_with_its_length_before_it_and_a_flag() {
        let refused = |names: &str, required: &[bool]| {
            let names: &'static str = names.to_owned().leak();
            std::panic::catch_unwind(|| Keys::new(names, required)).is_err()
        };
        assert!(!refused("", &[]));
        assert!(!refused("\x01a\x03b:c", &[true, false]));
        assert!(!refused(&"\x01a".repeat(64), &[true; 64]));
        assert!(refused(&"\x01a".repeat(65), &[true; 65]));
        assert!(refused("\x01a", &[true, false]));
        assert!(refused("\x01a\x01", &[true, false]));
        for name in ["a\\", "a\"", "\na", "é", "a\x7f"] {
            assert!(refused(&format!("\x02{name}"), &[true]), "{name:?}");
        }
    }

    #[test]
    fn a_value_that_nobody_reads_is_refused() {
        const KEYS: &Keys = &Keys::new("\x01a", &[false]);
        let mut reader = Reader::new(br#"{"a":1}"#);
        reader.object(KEYS, &mut |_, _| {});
        let error = reader.finish().unwrap_err();
        assert_eq!((error.kind.json(), error.offset), (Some(ErrorKind::Syntax), 5));
        // Nor is what is no value at all taken for one that nobody needs.
        let mut reader = Reader::new(br#"{"a":}"#);
        reader.object(KEYS, &mut |_, _| {});
        assert_eq!(reader.finish().unwrap_err().offset, 5);
    }

    #[test]
    fn each_of_64_names_is_told_by_its_place_and_named_in_an_error() {
        const NAMES: &str = {
            const TABLE: [u8; 128] = {
                let mut table = [1; 128];
                let mut index = 0;
                while index < 64 {
                    table[2 * index + 1] = b"!#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`ab"[index];
                    index += 1;
                }
                table
            };
            Keys::str(&TABLE)
        };
        const KEYS: &Keys = &Keys::new(NAMES, &[false; 64]);
        let names: Vec<&str> = (0..64).map(|index| &NAMES[2 * index + 1..2 * index + 2]).collect();
        for (place, name) in names.iter().enumerate() {
            // With those before it, which are read first, or alone.
            for first in [0, place] {
                let before: String = names[first..place]
                    .iter()
                    .map(|name| ["\"", name, "\":0,"].concat())
                    .collect();
                let json = format!("{{{before}\"{name}\":x}}");
                let mut reader = Reader::general(json.as_bytes());
                let mut places = Vec::new();
                reader.object(KEYS, &mut |reader, index| {
                    places.push(index);
                    _ = reader.u64();
                });
                assert_eq!(places, (first..=place).collect::<Vec<_>>(), "{json}");
                let error = reader.finish().unwrap_err();
                assert_eq!((error.offset, error.member), (json.len() - 2, Some(*name)), "{json}");
            }
        }
    }

    #[test]
    fn members_come_in_any_order_and_in_any_spelling() {
        for json in [
            r#"{"first":1,"2nd":2}"#,
            r#" { "2nd" : 2 , "first" : 1 } "#,
            r#"{"0":[{"first":0}],"first":1,"":{"2nd":null},"2nd":2,"fir":"st"}"#,
            r#"{"\u0066irs\u0074":1,"2n\u0064":2}"#,
        ] {
            assert_eq!(
                read(json),
                Ok(Pair {
                    first: 1,
                    second: Some(2)
                }),
                "{json}"
            );
        }
    }

    #[test]
    fn optional_members_may_be_missing_or_null() {
        for json in [r#"{"first":1}"#, r#"{"first":1,"2nd":null}"#] {
            let pair = read(json).unwrap();
            assert_eq!(pair, Pair { first: 1, second: None });
            assert_eq!(to_slice(&pair, &mut [0; 16]).unwrap(), br#"{"first":1}"#);
        }
    }

    #[test]
    fn a_fault_beside_the_members_of_an_object_is_in_the_member_that_it_is_the_value_of() {
        crate::json_object! {
            struct Outer {
                pair: Pair,
            }
        }
        for (json, offset, member) in [
            (r#"{"pair":{"x":01}}"#, 14, "pair"),
            (r#"{"pair":{"first":01}}"#, 18, "first"),
            (r#"{"pair":{"first":1;}}"#, 18, "pair"),
        ] {
            let error = from_slice::<Outer>(json.as_bytes()).unwrap_err();
            assert_eq!((error.offset, error.member), (offset, Some(member)), "{json}");
        }
        let error = from_slice::<Outer>(br#"{"pair":{"first":1};}"#).unwrap_err();
        assert_eq!((error.offset, error.member), (19, None));
    }

    #[test]
    fn what_is_wrong_with_an_object_is_named() {
        use crate::json::Type::{Integer, Object};
        for (json, kind, offset, member) in [
            (r#"{"2nd":2}"#, ErrorKind::Missing, 8, Some("first")),
            ("{ }", ErrorKind::Missing, 2, Some("first")),
            (r#"{"first":null}"#, ErrorKind::Expected(Integer), 9, Some("first")),
            (r#"{"first":1,"first":1}"#, ErrorKind::Duplicate, 11, Some("first")),
            (r#"{"first":1,"\u0066irst":1}"#, ErrorKind::Duplicate, 11, Some("first")),
            (r#"{"first":1,}"#, ErrorKind::Syntax, 11, None),
            (r#"{"first":1;}"#, ErrorKind::Syntax, 10, None),
            (r#"{"first":1;"2nd":2}"#, ErrorKind::Syntax, 10, None),
            (r#"{,"first":1}"#, ErrorKind::Syntax, 1, None),
            (r#"{"first" 1}"#, ErrorKind::Syntax, 9, None),
            (r"{first:1}", ErrorKind::Syntax, 1, None),
            (r#"{"first":1]"#, ErrorKind::Syntax, 10, None),
            (r#"{"first":1,"x":01}"#, ErrorKind::Number, 16, None),
            (r#"{"first":"#, ErrorKind::Incomplete, 9, Some("first")),
            (r#"{"firs"#, ErrorKind::Incomplete, 6, None),
            ("[]", ErrorKind::Expected(Object), 0, None),
        ] {
            assert_eq!(read(json), Err((kind, offset, member)), "{json}");
        }
    }
}
