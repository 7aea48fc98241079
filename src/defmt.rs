//! defmt for the values of this crate that are not derived: texts and collections as they stand in the JSON.

use ::defmt::{Format, Formatter, write};

use crate::json::{Element, Iter, List, Map, MapIter, Number, Raw, Reader, Text, Truncated, Writer};
use crate::network::{Warnings, WarningsIter};
use crate::value::{Address, Form, PeerAddress, Subnet, ip, write_ip};

/// Implements `Format` for a response of this crate. Structs of other crates are left alone: their fields need not know
/// defmt.
macro_rules! format_response {
    ($name:ident [$($storage:ident)*] $($field:ident)*) => {
        impl<$($storage: AsRef<str>),*> ::defmt::Format for $name<$($storage),*> {
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

impl<T: AsRef<str>> Format for Number<T> {
    fn format(&self, f: Formatter<'_>) {
        write!(f, "{=str}", self.as_str());
    }
}

impl<T: AsRef<str>> Format for Raw<T> {
    fn format(&self, f: Formatter<'_>) {
        write!(f, "{=str}", self.as_str());
    }
}

impl<const N: usize> Format for Truncated<N> {
    fn format(&self, f: Formatter<'_>) {
        write!(f, "{=str}", self.as_ref());
    }
}

impl<T: AsRef<str>> Format for Warnings<T> {
    fn format(&self, f: Formatter<'_>) {
        write!(f, "[");
        for warning in self {
            write!(f, "{}, ", warning);
        }
        write!(f, "]");
    }
}

impl Format for Reader<'_> {
    fn format(&self, f: Formatter<'_>) {
        write!(f, "Reader {{ offset: {=usize} }}", self.offset());
    }
}

impl<E: Element> Format for Iter<'_, E> {
    fn format(&self, f: Formatter<'_>) {
        write!(f, "Iter {{ left: {=usize} }}", self.clone().count());
    }
}

impl<E: Element> Format for MapIter<'_, E> {
    fn format(&self, f: Formatter<'_>) {
        write!(f, "MapIter {{ left: {=usize} }}", self.clone().count());
    }
}

impl Format for WarningsIter<'_> {
    fn format(&self, f: Formatter<'_>) {
        write!(f, "WarningsIter {{ left: {=usize} }}", self.clone().count());
    }
}

impl Format for Address<'_> {
    fn format(&self, f: Formatter<'_>) {
        match self {
            Self::Text(text) => write!(f, "{=str}", *text),
            Self::Socket(address) => written(f, |writer| ip::write_socket_addr(*address, writer)),
        }
    }
}

impl Format for Subnet<'_> {
    fn format(&self, f: Formatter<'_>) {
        match self.0 {
            Form::Text(text) => write!(f, "{=str}", text),
            Form::Ip { address, prefix } => written(f, |writer| write_ip(address, prefix, writer)),
        }
    }
}

/// Formats a text of at most 64 bytes.
fn written(f: Formatter<'_>, write: impl FnOnce(&mut Writer<'_>)) {
    let mut buf = [0; 64];
    let mut writer = Writer::new(&mut buf);
    write(&mut writer);
    let text = writer.finish().unwrap_or_default();
    write!(f, "{=str}", core::str::from_utf8(text).unwrap_or_default());
}
