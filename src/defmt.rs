//! defmt for the values of this crate that are not derived: texts and collections as they stand in the JSON.

use ::defmt::{Format, Formatter, write};

use crate::PeerAddress;
use crate::json::{List, Map, Text};

/// Implements `Format` for a struct of [`json_object!`](crate::json_object).
#[doc(hidden)]
#[macro_export]
macro_rules! __defmt {
    ($name:ident $(<$($storage:ident),+>)? { $($field:ident)* }) => {
        impl $(<$($storage: AsRef<str>),+>)? $crate::__defmt_private::Format for $name $(<$($storage),+>)? {
            fn format(&self, f: $crate::__defmt_private::Formatter<'_>) {
                $crate::__defmt_private::object(f, stringify!($name), &[
                    $((stringify!($field), &self.$field as &dyn $crate::__defmt_private::Field)),*
                ]);
            }
        }
    };
}

/// A field of a struct, whatever its type.
#[doc(hidden)]
pub trait Field {
    fn write(&self, f: Formatter<'_>);
}

impl<V: Format> Field for V {
    fn write(&self, f: Formatter<'_>) {
        // Not `format`, which defmt leaves unimplemented where it is derived.
        write!(f, "{}", self);
    }
}

#[doc(hidden)]
pub fn object(f: Formatter<'_>, name: &str, fields: &[(&str, &dyn Field)]) {
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
