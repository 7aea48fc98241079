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

    fn name(&self, index: usize) -> Option<&'static str> {
        let name = self.names.get(index)?;
        name.get(1..name.len().wrapping_sub(2))
    }
}

impl Reader<'_> {
    /// Reads the opening brace of an object.
    ///
    /// ```
    /// use defichain_net_rpc::json::{Keys, Reader};
    ///
    /// const KEYS: &Keys = &Keys::new(&["\"height\":", "\"hash\":"], &[true, false]);
    ///
    /// let mut reader = Reader::new(br#"{"new": {}, "height": 7}"#);
    /// let mut members = reader.members(KEYS)?;
    /// assert_eq!(members.next(&mut reader)?, Some(0));
    /// assert_eq!(reader.u64()?, 7);
    /// assert_eq!(members.next(&mut reader)?, None);
    /// # Ok::<(), defichain_net_rpc::json::ErrorKind>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Expected`] if it is something else.
    #[inline]
    pub fn members(&mut self, keys: &'static Keys) -> Result<Members, ErrorKind> {
        match self.peek()? {
            b'{' => {
                self.depth = self.depth.saturating_add(1);
                Ok(Members {
                    keys,
                    outer: self.member,
                    seen: 0,
                    before: b'{',
                    found: None,
                })
            }
            _ => Err(self.unexpected(Type::Object)),
        }
    }
}

/// The place inside an object that is being read; see [`Reader::members`].
#[derive(Clone, Debug)]
pub struct Members {
    keys: &'static Keys,
    /// The member that the object is the value of.
    outer: Option<&'static str>,
    /// A bit for each name that has come.
    seen: u64,
    /// What stands before the next name: the brace, or a comma.
    before: u8,
    /// The index of a name that has been read, and its value has not.
    found: Option<usize>,
}

impl Members {
    /// The place behind the value of the first member, which is the first of the table.
    pub(crate) fn behind_first(keys: &'static Keys) -> Self {
        Self {
            keys,
            outer: None,
            seen: 1,
            before: b',',
            found: None,
        }
    }

    /// Whether the member with this index in the table is next, and then goes to its value.
    ///
    /// It only knows names that stand as they do in the table, without white space, or that [`Members::find`] has found;
    /// that makes it fast. Called for each name in turn, it takes the members of an object that has them in this order.
    #[inline]
    pub fn at(&mut self, reader: &mut Reader<'_>, keys: &Keys, index: usize) -> bool {
        if let Some(found) = self.found {
            let at = found == index;
            if at {
                self.found = None;
            }
            return at;
        }
        let (Some(name), [before, rest @ ..]) = (keys.names.get(index), reader.rest) else {
            return false;
        };
        let bit = 1 << (index & 63);
        match rest.strip_prefix(name.as_bytes()) {
            Some(rest) if *before == self.before && self.seen & bit == 0 => {
                self.seen |= bit;
                self.before = b',';
                reader.rest = rest;
                reader.member = name.get(1..name.len().wrapping_sub(2));
                true
            }
            _ => false,
        }
    }

    /// Goes to the value of the next known member, for [`Members::at`] to take, and skips the unknown ones; whether there
    /// is one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Duplicate`] for a known name that comes again, [`ErrorKind::Missing`] at the closing brace if a
    /// required member has not come; what is malformed, also in members that are skipped.
    pub fn find(&mut self, reader: &mut Reader<'_>) -> Result<bool, ErrorKind> {
        self.found = self.next(reader)?;
        Ok(self.found.is_some())
    }

    /// Goes to the value of the next known member and gives the index of its name; skips the unknown ones.
    ///
    /// # Errors
    ///
    /// As for [`Members::find`].
    pub fn next(&mut self, reader: &mut Reader<'_>) -> Result<Option<usize>, ErrorKind> {
        loop {
            reader.member = self.outer;
            let byte = reader.peek()?;
            if byte == self.before {
                reader.advance();
            }
            if byte == b'}' || byte == b'{' && reader.peek()? == b'}' {
                return self.end(reader);
            }
            if byte != self.before || reader.peek()? != b'"' {
                return Err(ErrorKind::Syntax);
            }
            self.before = b',';
            let place = reader.rest;
            let key = reader.string_at_quote()?;
            reader.colon()?;
            let mut indices = 0..self.keys.names.len();
            let Some(index) = indices.find(|index| self.keys.name(*index).is_some_and(|name| key == *name)) else {
                reader.skip()?;
                continue;
            };
            reader.member = self.keys.name(index);
            let bit = 1 << (index & 63);
            if self.seen & bit != 0 {
                return Err(reader.back_to(place, ErrorKind::Duplicate));
            }
            self.seen |= bit;
            return Ok(Some(index));
        }
    }

    /// Reads the closing brace.
    fn end(&self, reader: &mut Reader<'_>) -> Result<Option<usize>, ErrorKind> {
        let missing = self.keys.required & !self.seen;
        if missing == 0 {
            reader.close();
            return Ok(None);
        }
        reader.member = self.keys.name(missing.trailing_zeros() as usize);
        Err(ErrorKind::Missing)
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
                let mut members = reader.members(keys)?;
                loop {
                    $(
                        if members.at(reader, keys, Key::$field as usize) {
                            $crate::json::FromJson::read(&mut self.$field, reader)?;
                        }
                    )*
                    if !members.find(reader)? {
                        return Ok(());
                    }
                }
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
