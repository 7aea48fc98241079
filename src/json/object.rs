//! Objects whose members are known: a table of names for each type, read with the hint that members come in its order.

use core::ops::Range;

use super::{ErrorKind, FromJson, Reader, Text, Type};

/// The names of an object's members, in the order in which the node sends them. [`Reader::object`] has an example.
#[derive(Debug)]
pub struct Keys {
    /// An object without its values: `{"first":,"second":}`.
    text: &'static str,
    /// Where in it each name ends: behind its colon.
    ends: &'static [u16],
    /// A bit for each name, the first one lowest.
    required: u64,
}

impl Keys {
    /// Returns a table of at most 64 names from an object without its values, [where the names end](Keys::ends) in it,
    /// and for each name whether an object without it is refused.
    ///
    /// # Panics
    ///
    /// If there are more names, or not as many ends as flags: in a constant, so the compiler says it.
    #[must_use]
    pub const fn new(text: &'static str, ends: &'static [u16], required: &[bool]) -> Self {
        assert!(ends.len() == required.len() && ends.len() <= 64);
        let mut bits = 0;
        let mut rest = required;
        while let [first @ .., last] = rest {
            bits = bits << 1 | *last as u64;
            rest = first;
        }
        Self {
            text,
            ends,
            required: bits,
        }
    }

    /// Returns where the `N` names in an object without its values end.
    ///
    /// # Panics
    ///
    /// If there is anything in the text but `N` names in quotes, each with a colon behind it.
    #[must_use]
    pub const fn ends<const N: usize>(text: &str) -> [u16; N] {
        assert!(text.len() <= u16::MAX as usize);
        let mut ends = [0; N];
        let mut left: &mut [u16] = &mut ends;
        let mut rest = text.as_bytes();
        let mut before = b'{';
        while let [end, others @ ..] = left {
            // What is not as it should be leaves nothing for the end.
            rest = match rest {
                [byte, b'"', name @ ..] if *byte == before => name,
                _ => &[],
            };
            while let [byte, after @ ..] = rest
                && *byte != b'"'
            {
                // A name is compared as it stands.
                assert!(*byte != b'\\' && *byte >= b' ');
                rest = after;
            }
            rest = match rest {
                [_, b':', after @ ..] => after,
                _ => &[],
            };
            let [low, high, ..] = text.len().wrapping_sub(rest.len()).to_le_bytes();
            *end = u16::from_le_bytes([low, high]);
            left = others;
            before = b',';
        }
        assert!(rest.len() == 1);
        ends
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

    /// The length of [`Keys::text`].
    #[doc(hidden)]
    #[must_use]
    pub const fn text_len(mut names: &[&str]) -> usize {
        let mut len = 1_usize;
        while let [name, others @ ..] = names {
            len = len.wrapping_add(name.len()).wrapping_add(4);
            names = others;
        }
        len
    }

    /// An object with these names and without its values.
    #[doc(hidden)]
    #[must_use]
    pub const fn text<const N: usize>(mut names: &[&str]) -> [u8; N] {
        const fn put<'b>(buf: &'b mut [u8], bytes: &[u8]) -> &'b mut [u8] {
            match buf.split_at_mut_checked(bytes.len()) {
                Some((space, rest)) => {
                    space.copy_from_slice(bytes);
                    rest
                }
                None => &mut [],
            }
        }
        let mut text = [b'}'; N];
        let mut left: &mut [u8] = &mut text;
        let mut before = b"{\"";
        while let [name, others @ ..] = names {
            left = put(left, before);
            left = put(left, name.as_bytes());
            left = put(left, b"\":");
            before = b",\"";
            names = others;
        }
        text
    }

    /// The text of bytes that are UTF-8.
    #[doc(hidden)]
    #[must_use]
    pub const fn str(bytes: &[u8]) -> &str {
        match core::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(_) => "",
        }
    }

    /// Where a name stands in the text: behind what comes before it, in quotes, with the colon behind.
    #[inline]
    fn range(&self, index: usize) -> Option<Range<usize>> {
        let start = match index.checked_sub(1) {
            Some(before) => usize::from(*self.ends.get(before)?),
            None => 0,
        };
        Some(start..usize::from(*self.ends.get(index)?))
    }

    /// The index of a name.
    fn index(&'static self, name: Text<&str>) -> Option<usize> {
        (0..self.ends.len()).find(|index| name == *self.member(*index).name())
    }

    /// The member with this index.
    pub(crate) const fn member(&'static self, index: usize) -> Member {
        Member { keys: self, index }
    }
}

/// A member of an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    keys: &'static Keys,
    index: usize,
}

impl Member {
    /// Its name.
    pub(super) fn name(self) -> &'static str {
        let Range { start, end } = self.keys.range(self.index).unwrap_or_default();
        let bare = start.wrapping_add(2)..end.wrapping_sub(2);
        self.keys.text.get(bare).unwrap_or_default()
    }
}

/// The members of an object that is being read; see [`Reader::object`].
#[derive(Debug)]
pub struct Members<'r, 'a> {
    reader: &'r mut Reader<'a>,
    /// Which of the names have come: a bit for each, the first one lowest.
    seen: u64,
    /// The index of the name whose value comes next, where that took more than a look.
    found: usize,
    /// What came of the last value.
    result: Result<(), ErrorKind>,
}

/// No name; larger than any index.
const NONE: usize = usize::MAX;

impl<'a> Members<'_, 'a> {
    /// Reads the value of the member with this index in the table, if that member is next. After a faulty value nothing
    /// more is read.
    #[inline]
    pub fn read<V: FromJson<'a>>(&mut self, keys: &'static Keys, index: usize, value: &mut V) {
        self.read_with(keys, index, |reader| value.read(reader));
    }

    /// The same with a function.
    #[inline]
    pub(crate) fn read_with(
        &mut self,
        keys: &'static Keys,
        index: usize,
        read: impl FnOnce(&mut Reader<'a>) -> Result<(), ErrorKind>,
    ) {
        if self.at(keys, index) {
            self.result = read(self.reader);
        }
    }

    /// Whether the member with this index in the table comes next. If so the reader is at its value.
    fn at(&mut self, keys: &'static Keys, index: usize) -> bool {
        let Some(name) = keys.range(index).and_then(|range| keys.text.as_bytes().get(range)) else {
            return false;
        };
        let bit = 1 << (index & 63);
        if self.result.is_err() {
            return false;
        } else if self.found == NONE {
            match self.reader.rest.strip_prefix(name) {
                Some(rest) if self.seen & bit == 0 => self.reader.rest = rest,
                _ => return false,
            }
        } else if self.found == index {
            self.found = NONE;
        } else {
            return false;
        }
        self.seen |= bit;
        self.reader.member = Some(keys.member(index));
        true
    }
}

impl<'a> Reader<'a> {
    /// Reads an object. The function goes through all known members in the order in which they usually come, and has the
    /// value read of each that comes next. It is called again for members that come in another order or are spelled in
    /// another way. Unknown members are skipped.
    ///
    /// ```
    /// use defichain_net_rpc::json::{Keys, Reader, Text};
    ///
    /// const TEXT: &str = r#"{"height":,"hash":}"#;
    /// const KEYS: &Keys = &Keys::new(TEXT, &Keys::ends::<2>(TEXT), &[true, false]);
    ///
    /// let (mut height, mut hash) = (0_u64, None::<Text<&str>>);
    /// let mut reader = Reader::new(br#"{"new": {}, "height": 7}"#);
    /// reader.object(KEYS, &mut |members| {
    ///     members.read(KEYS, 0, &mut height);
    ///     members.read(KEYS, 1, &mut hash);
    /// })?;
    /// assert_eq!((height, hash), (7, None));
    /// # Ok::<(), defichain_net_rpc::json::ErrorKind>(())
    /// ```
    ///
    /// [`json_object!`](crate::json_object) writes that for a struct.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Expected`] if it is something else; [`ErrorKind::Duplicate`] for a known name that comes again,
    /// [`ErrorKind::Missing`] at the closing brace if a required member has not come; what is malformed, also in members
    /// that are skipped.
    pub fn object(&mut self, keys: &'static Keys, read: &mut dyn FnMut(&mut Members<'_, 'a>)) -> Result<(), ErrorKind> {
        self.members(keys, 0, read)?;
        self.close();
        Ok(())
    }

    /// Reads an object up to its closing brace: from its beginning on, or from behind its first members, of which so many
    /// have been read; they are the first of the table.
    pub(crate) fn members(
        &mut self,
        keys: &'static Keys,
        count: usize,
        read: &mut dyn FnMut(&mut Members<'_, 'a>),
    ) -> Result<(), ErrorKind> {
        let outer = self.member;
        let mut before = b',';
        if count == 0 {
            if self.token() != b'{' {
                return Err(self.unexpected(Type::Object));
            }
            before = b'{';
            self.depth = self.depth.saturating_add(1);
        }
        let mut members = Members {
            reader: self,
            seen: !(u64::MAX << (count & 63)),
            found: NONE,
            result: Ok(()),
        };
        loop {
            read(&mut members);
            members.result?;
            if members.seen != 0 {
                before = b',';
            }
            members.reader.member = outer;
            if !members.find(keys, before)? {
                return Ok(());
            }
        }
    }
}

impl Members<'_, '_> {
    /// Goes to the value of the next known member, however its name is spelled, and skips the unknown ones; `false` at the
    /// closing brace.
    ///
    /// Not inlined, so that what it needs is not on the stack while the members are read.
    #[inline(never)]
    fn find(&mut self, keys: &'static Keys, mut before: u8) -> Result<bool, ErrorKind> {
        let reader = &mut *self.reader;
        loop {
            let byte = reader.token();
            if byte == before {
                reader.advance();
            }
            if byte == b'}' || byte == b'{' && reader.token() == b'}' {
                let missing = keys.required & !self.seen;
                if missing == 0 {
                    return Ok(false);
                }
                reader.member = Some(keys.member(missing.trailing_zeros() as usize));
                return Err(ErrorKind::Missing);
            }
            if byte != before {
                return Err(reader.syntax());
            }
            before = b',';
            reader.token();
            let place = reader.rest;
            let key = reader.key()?;
            if let Some(index) = keys.index(key) {
                if self.seen >> (index & 63) & 1 == 1 {
                    reader.member = Some(keys.member(index));
                    return Err(reader.back_to(place, ErrorKind::Duplicate));
                }
                self.found = index;
                return Ok(true);
            }
            reader.skip()?;
        }
    }
}

/// Defines a struct that is read from a JSON object and written as one.
///
/// Each member is a field. Its name in JSON is the field's own unless another is given behind the type; for a field such as
/// `r#type` it is `type`. A member whose type is an `Option` may be missing; a member that has no field is skipped. Fields
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

        impl<'a $($(, $storage: $crate::json::Storage<'a>)+)?> $crate::json::FromJson<'a> for $name $(<$($storage),+>)? {
            fn read(&mut self, reader: &mut $crate::json::Reader<'a>) -> Result<(), $crate::json::ErrorKind> {
                #[allow(non_camel_case_types, reason = "the names of the fields")]
                enum __Key {
                    $($field),*
                }
                const __NAMES: &[&str] = &[$($crate::json_object!(@key $field $($key)?)),*];
                const __LEN: usize = $crate::json::Keys::text_len(__NAMES);
                const __TEXT: &str = $crate::json::Keys::str(&$crate::json::Keys::text::<__LEN>(__NAMES));
                const __ENDS: &[u16] = &$crate::json::Keys::ends::<{ __NAMES.len() }>(__TEXT);
                reader.object(
                    const { &$crate::json::Keys::new(__TEXT, __ENDS, &[$(<$type as $crate::json::FromJson<'a>>::REQUIRED),*]) },
                    &mut move |members| {
                        // The same again, because what a closure captures is no constant.
                        let keys = const {
                            &$crate::json::Keys::new(__TEXT, __ENDS, &[$(<$type as $crate::json::FromJson<'a>>::REQUIRED),*])
                        };
                        $(members.read(keys, __Key::$field as usize, &mut self.$field);)*
                    },
                )
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
    use crate::json::{ErrorKind, Reader, from_slice, to_slice};

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
    fn a_table_is_an_object_without_its_values() {
        assert_eq!(Keys::ends(r#"{"a":,"b:c":}"#), [5, 12]);
        assert_eq!(Keys::ends(r#"{"a":,"b:c":,"#), [5, 12]);
        assert_eq!(Keys::ends("{"), [0; 0]);
        let texts = [
            "",
            r#"{"a\":}"#,
            "{\"\n\":}",
            r#"{"a":"#,
            r#"{"a"}"#,
            r#"{"a":1}"#,
            r#"{"a:"#,
            r"{a:}",
            r#","a":,"#,
            r#"{"a":,"b":}"#,
        ];
        for text in texts {
            assert!(std::panic::catch_unwind(|| Keys::ends::<1>(text)).is_err(), "{text}");
        }
        assert!(std::panic::catch_unwind(|| Keys::ends::<2>(r#"{"a":{"b":}"#)).is_err());
    }

    #[test]
    fn a_table_has_at_most_64_names_and_a_flag_for_each() {
        let refused = |ends: &'static [u16], required: &[bool]| {
            std::panic::catch_unwind(|| Keys::new("", ends, required)).is_err()
        };
        assert!(!refused(&[0; 64], &[true; 64]));
        assert!(refused(&[0; 65], &[true; 65]));
        assert!(refused(&[0], &[true, false]));
    }

    #[test]
    fn a_member_that_is_not_in_the_table_is_not_read() {
        const TEXT: &str = r#"{"a":}"#;
        const KEYS: &Keys = &Keys::new(TEXT, &Keys::ends::<1>(TEXT), &[false]);
        let mut reader = Reader::new(br#"{"a":1}"#);
        let (mut first, mut other) = (0_u64, 0_u64);
        let read = reader.object(KEYS, &mut |members| {
            members.read(KEYS, 1, &mut other);
            members.read(KEYS, 0, &mut first);
        });
        assert_eq!((read, first, other), (Ok(()), 1, 0));
        // One that is never read has no value.
        let mut reader = Reader::new(br#"{"a":1}"#);
        assert_eq!(reader.object(KEYS, &mut |_| {}), Err(ErrorKind::Syntax));
        assert_eq!(reader.offset(), 5);
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
