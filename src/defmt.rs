//! defmt for the values of this crate that are not derived: texts and collections as they stand in the JSON.

use ::defmt::{Format, Formatter, write};

use crate::PeerAddress;
use crate::json::{List, Map, Text};

/// Implements `Format` for a response of this crate, given as to [`json_object!`](crate::json_object). Structs of other
/// crates are left alone: their fields need not know defmt.
macro_rules! format_response {
    (
        $(#[$attribute:meta])*
        pub struct $name:ident $(<$($storage:ident $(= $default:ident)?),+>)? {
            $(
                $(#[$field_attribute:meta])*
                pub $field:ident: $type:ty $(= $key:literal)?
            ),* $(,)?
        }
    ) => {
        impl $(<$($storage: AsRef<str>),+>)? ::defmt::Format for $name $(<$($storage),+>)? {
            fn format(&self, f: ::defmt::Formatter<'_>) {
                $crate::defmt::object(f, stringify!($name), &[
                    $((stringify!($field), &self.$field as &dyn $crate::defmt::Field)),*
                ]);
            }
        }
    };
}

pub(crate) use format_response;

/// A field of a struct, whatever its type.
pub(crate) trait Field {
    fn write(&self, f: Formatter<'_>);
}

impl<V: Format> Field for V {
    fn write(&self, f: Formatter<'_>) {
        // Not `format`, which defmt leaves unimplemented where it is derived.
        write!(f, "{}", self);
    }
}

pub(crate) fn object(f: Formatter<'_>, name: &str, fields: &[(&str, &dyn Field)]) {
    write!(f, "{=str} {{ ", name);
    for (name, field) in fields {
        write!(f, "{=str}: ", *name);
        field.write(f);
        write!(f, ", ");
    }
    write!(f, "}}");
}

impl<T: AsRef<str>> Format for Text<T> {
    fn format(&self, f: Formatter<'_>) {
        write!(f, "\"{=str}\"", self.raw());
    }
}

impl<T: AsRef<str>> Format for PeerAddress<T> {
    fn format(&self, f: Formatter<'_>) {
        write!(f, "{}", self.text());
    }
}

impl<T: AsRef<str>, E> Format for List<T, E> {
    fn format(&self, f: Formatter<'_>) {
        write!(f, "{=str}", self.raw.as_ref());
    }
}

impl<T: AsRef<str>, E> Format for Map<T, E> {
    fn format(&self, f: Formatter<'_>) {
        write!(f, "{=str}", self.raw.as_ref());
    }
}
