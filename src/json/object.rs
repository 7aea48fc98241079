//! Objects whose members are known: a table of names for each type, read with the hint that members come in its order.

use super::{ErrorKind, Reader, Type};

/// The names of an object's members, in the order in which they usually come.
#[derive(Debug)]
pub struct Keys {
    /// As they stand in the text: in quotes, with the colon behind.
    names: &'static [&'static str],
    /// A bit for each name, the first one lowest.
    required: u64,
}

impl Keys {
    /// A table of at most 64 names, each in quotes and with a colon behind it, and for each whether an object without it
    /// is refused.
    ///
    /// # Panics
    ///
    /// If there are more names than that, or one without quotes and colon, or not as many flags: in a constant, so the
    /// compiler says it.
    #[must_use]
    pub const fn new(names: &'static [&'static str], required: &[bool]) -> Self {
        assert!(names.len() == required.len() && names.len() <= 64);
        let mut rest = names;
        while let [first, others @ ..] = rest {
            assert!(matches!(first.as_bytes(), [b'"', .., b'"', b':']));
            rest = others;
        }
        let mut bits = 0;
        let mut rest = required;
        while let [first @ .., last] = rest {
            bits = bits << 1 | *last as u64;
            rest = first;
        }
        Self { names, required: bits }
    }

    /// A name as it stands in the text.
    pub(crate) fn name(&self, index: usize) -> Option<&'static str> {
        self.names.get(index).copied()
    }
}

/// The first of the names that the text begins with, the names after it, and what is behind it in the text.
#[inline]
fn first_of<'a>(
    mut names: &'static [&'static str],
    text: &'a [u8],
) -> Option<(&'static str, &'static [&'static str], &'a [u8])> {
    while let [name, later @ ..] = names {
        if let Some(rest) = text.strip_prefix(name.as_bytes()) {
            return Some((name, later, rest));
        }
        names = later;
    }
    None
}

/// A name without what stands around it in the text.
pub(super) fn bare(name: &'static str) -> &'static str {
    name.get(1..name.len().wrapping_sub(2)).unwrap_or_default()
}

impl Reader<'_> {
    /// Reads an object: goes to the value of each known member, in the order in which they come, and has it read. The
    /// function gets the index of the member's name in the table. Unknown members are skipped.
    ///
    /// ```
    /// use defichain_net_rpc::json::{Keys, Reader};
    ///
    /// const KEYS: &Keys = &Keys::new(&["\"height\":", "\"hash\":"], &[true, false]);
    ///
    /// let (mut height, mut hash) = (0, None);
    /// let mut reader = Reader::new(br#"{"new": {}, "height": 7}"#);
    /// reader.object(KEYS, |index, reader| {
    ///     match index {
    ///         0 => height = reader.u64()?,
    ///         _ => hash = Some(reader.string()?),
    ///     }
    ///     Ok(())
    /// })?;
    /// assert_eq!((height, hash), (7, None));
    /// # Ok::<(), defichain_net_rpc::json::ErrorKind>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Expected`] if it is something else; [`ErrorKind::Duplicate`] for a known name that comes again,
    /// [`ErrorKind::Missing`] at the closing brace if a required member has not come; what is malformed, also in members
    /// that are skipped.
    pub fn object(
        &mut self,
        keys: &'static Keys,
        mut read: impl FnMut(usize, &mut Self) -> Result<(), ErrorKind>,
    ) -> Result<(), ErrorKind> {
        self.members(keys, 0, &mut read)?;
        self.close();
        Ok(())
    }

    /// Reads an object up to its closing brace: from its beginning on, or from behind its first members, of which so many
    /// have been read; they are the first of the table.
    pub(crate) fn members(
        &mut self,
        keys: &'static Keys,
        count: usize,
        read: &mut dyn FnMut(usize, &mut Self) -> Result<(), ErrorKind>,
    ) -> Result<(), ErrorKind> {
        if count == 0 {
            if self.peek()? != b'{' {
                return Err(self.unexpected(Type::Object));
            }
            self.depth = self.depth.saturating_add(1);
        }
        let outer = self.member;
        let mut seen = !(u64::MAX << (count & 63));
        let mut before = if count == 0 { b'{' } else { b',' };
        // Members mostly come in the order of the table, without any white space: those are taken from here.
        let mut names = keys.names.get(count..).unwrap_or_default();
        loop {
            let index = if let [first, text @ ..] = self.rest
                && *first == before
                && let Some((name, later, rest)) = first_of(names, text)
                && let index = keys.names.len().wrapping_sub(later.len()).wrapping_sub(1)
                && seen >> (index & 63) & 1 == 0
            {
                self.rest = rest;
                self.member = Some(name);
                names = later;
                index
            } else {
                self.member = outer;
                let Some(index) = self.find(keys, seen, before)? else {
                    return Ok(());
                };
                self.member = keys.name(index);
                names = keys.names.get(index.wrapping_add(1)..).unwrap_or_default();
                index
            };
            before = b',';
            seen |= 1 << (index & 63);
            read(index, self)?;
        }
    }

    /// Goes to the value of the next known member, however its name is spelled, and skips the unknown ones; `None` at the
    /// closing brace.
    #[cold]
    fn find(&mut self, keys: &Keys, seen: u64, mut before: u8) -> Result<Option<usize>, ErrorKind> {
        loop {
            let byte = self.peek()?;
            if byte == before {
                self.advance();
            }
            if byte == b'}' || byte == b'{' && self.peek()? == b'}' {
                let missing = keys.required & !seen;
                if missing == 0 {
                    return Ok(None);
                }
                self.member = keys.name(missing.trailing_zeros() as usize);
                return Err(ErrorKind::Missing);
            }
            if byte != before {
                return Err(ErrorKind::Syntax);
            }
            before = b',';
            _ = self.peek();
            let place = self.rest;
            let key = self.key()?;
            let mut names = keys.names.iter();
            if let Some(index) = names.position(|name| key == *bare(name)) {
                if seen >> (index & 63) & 1 == 1 {
                    self.member = keys.name(index);
                    return Err(self.back_to(place, ErrorKind::Duplicate));
                }
                return Ok(Some(index));
            }
            self.skip()?;
        }
    }
}

/// Defines a struct that is read from a JSON object and written as one.
///
/// Each member is a field. Its name in JSON is the field's own unless another is given behind the type. Members whose
/// type is an `Option` may be missing, those that have no field are skipped. Members should stand in the order in which
/// the node sends them: that makes reading fast.
///
/// The struct is `Clone`, `Debug`, `Default`, `PartialEq` and `#[non_exhaustive]`, so the types of its fields must have the
/// first four, beside [`FromJson`](crate::json::FromJson) and [`ToJson`](crate::json::ToJson). A field with a raw
/// identifier, such as `r#type`, needs its name in JSON written out.
///
/// A struct with text in it has a type parameter for where the text [is stored](crate::json::Storage), and may have
/// more, so that lists are stored elsewhere than names.
///
/// ```
/// use defichain_net_rpc::json::{self, Text};
///
/// defichain_net_rpc::json_object! {
///     /// A block, as `getblock` describes it.
///     pub struct Block<T> {
///         /// Its hash, 64 hex digits.
///         pub hash: Text<T>,
///         /// How many transactions it holds.
///         pub transactions: u32 = "nTx",
///         /// The hash of the next block; the last one has none.
///         pub next: Option<Text<T>> = "nextblockhash",
///     }
/// }
///
/// let block: Block<&str> = json::from_slice(br#"{"hash":"00a1","confirmations":3,"nTx":1}"#)?;
/// assert_eq!(block.hash, "00a1");
/// assert_eq!(block.transactions, 1);
/// assert_eq!(json::to_slice(&block, &mut [0; 64]).unwrap(), br#"{"hash":"00a1","nTx":1}"#);
/// # Ok::<(), json::Error>(())
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
        $(#[$attribute])*
        #[derive(Clone, Debug, Default, PartialEq)]
        #[non_exhaustive]
        $visibility struct $name $(<$($storage: AsRef<str> $(= $default)?),+>)? {
            $(
                $(#[$field_attribute])*
                $(#[doc = concat!("\n\nThe node's name for it is `", $key, "`.")] #[doc(alias = $key)])?
                $field_visibility $field: $type,
            )*
        }

        $crate::__serde!($name $(<$($storage),+>)?);

        impl<'a $($(, $storage: $crate::json::Storage<'a>)+)?> $crate::json::FromJson<'a> for $name $(<$($storage),+>)? {
            fn read(&mut self, reader: &mut $crate::json::Reader<'a>) -> Result<(), $crate::json::ErrorKind> {
                #[allow(non_camel_case_types, reason = "the names of the fields")]
                enum Key {
                    $($field),*
                }
                let keys = const {
                    &$crate::json::Keys::new(
                        &[$(concat!("\"", $crate::json_object!(@key $field $($key)?), "\":")),*],
                        &[$(<$type as $crate::json::FromJson<'a>>::REQUIRED),*],
                    )
                };
                reader.object(keys, move |index, reader| {
                    let mut read = Ok(());
                    $(if index == Key::$field as usize {
                        read = $crate::json::FromJson::read(&mut self.$field, reader);
                    })*
                    read
                })
            }
        }

        impl $(<$($storage: AsRef<str>),+>)? $crate::json::ToJson for $name $(<$($storage),+>)? {
            fn to_json(&self, writer: &mut $crate::json::Writer<'_>) {
                writer.object(|object| {
                    $(object.member($crate::json_object!(@key $field $($key)?), &self.$field);)*
                });
            }
        }
    };
    (@key $field:ident) => {
        stringify!($field)
    };
    (@key $field:ident $key:literal) => {
        $key
    };
}

#[cfg(test)]
mod tests {
    use super::Keys;
    use crate::json::{ErrorKind, from_slice, to_slice};

    crate::json_object! {
        struct Pair {
            first: u64,
            second: Option<u64> = "2nd",
        }
    }

    fn read(json: &str) -> Result<Pair, (ErrorKind, usize, Option<&'static str>)> {
        from_slice(json.as_bytes()).map_err(|error| (error.kind, error.offset, error.member))
    }

    #[test]
    fn a_table_has_at_most_64_names_in_quotes_and_a_flag_for_each() {
        let refused = |names, required: &[bool]| std::panic::catch_unwind(|| Keys::new(names, required)).is_err();
        assert!(!refused(&["\"a\":"; 64], &[true; 64]));
        assert!(refused(&["\"a\":"; 65], &[true; 65]));
        assert!(refused(&["\"a\":"], &[true, false]));
        for name in ["a", "a:", "\"a\"", "\":"] {
            assert!(refused(Vec::leak(vec![name]), &[true]), "{name}");
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
