//! Results that are arrays, read when their elements are asked for.

use core::marker::PhantomData;

use super::Envelope;
use crate::error::Error;
use crate::json::{Array, FromJson, Reader};

/// The elements of an array that is a whole result, each read when its turn comes.
///
/// An element that is not as it should be is an error in its place; the others are still given.
///
/// ```
/// use defichain_net_rpc::network::PeerInfo;
/// use defichain_net_rpc::response;
/// use defichain_net_rpc::rpc::Items;
///
/// let reply = br#"{"result":[{"id":0}],"error":null,"id":1}"#;
/// let mut peers: Items<PeerInfo<&str>> = response(1, reply)?;
/// let error = peers.next().unwrap().unwrap_err();
/// assert_eq!(error.to_string(), r#"a member is missing at byte 18 in "addr""#);
/// # Ok::<(), defichain_net_rpc::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Items<'a, V> {
    reader: Reader<'a>,
    /// `None` behind the last element, or the place beyond which nothing can be read.
    array: Option<Array>,
    element: PhantomData<fn() -> V>,
}

/// No elements.
impl<V> Default for Items<'_, V> {
    fn default() -> Self {
        Self {
            reader: Reader::new(b""),
            array: None,
            element: PhantomData,
        }
    }
}

impl<'a, V: FromJson<'a>> Iterator for Items<'a, V> {
    type Item = Result<V, Error>;

    // Not inlined, so that an element, which can be large, is read where it is given out.
    #[inline(never)]
    fn next(&mut self) -> Option<Self::Item> {
        let mut item = None;
        let read = read_next(&mut self.reader, &mut self.array, &mut |reader| {
            let element = item.insert(Ok(V::default()));
            _ = element.as_mut().map(|value: &mut V| value.read(reader));
        });
        if let Err(error) = read {
            item = Some(Err(error));
        }
        item
    }
}

/// Has the next element read, if there is one, or goes past it. Shared by all types of elements.
#[inline(never)]
fn read_next<'a>(
    reader: &mut Reader<'a>,
    array: &mut Option<Array>,
    read: &mut dyn FnMut(&mut Reader<'a>),
) -> Result<(), Error> {
    let Some(elements) = array else { return Ok(()) };
    if !elements.next(reader) {
        *array = None;
        // What follows the array: nothing, or the rest of the reply.
        if reader.peek().is_some() {
            Envelope::default().read_rest(reader);
            reader.end();
        }
        return reader.finish();
    }
    let before = reader.place();
    read(reader);
    let result = reader.finish();
    if result.is_err() {
        reader.go_back(&before);
        reader.skip();
        if reader.has_failed() {
            *array = None;
        }
    }
    result
}

impl<'a, V: FromJson<'a>> core::iter::FusedIterator for Items<'a, V> {}

/// A result that can be read one element at a time: [`Items`].
pub trait Sequence<'a>: FromJson<'a> {
    /// An element.
    type Item: FromJson<'a>;
}

impl<'a, V: FromJson<'a>> Sequence<'a> for Items<'a, V> {
    type Item = V;
}

/// Takes all that is left of the text, which makes it fit for whole results alone.
impl<'a, V: FromJson<'a>> FromJson<'a> for Items<'a, V> {
    fn read(&mut self, reader: &mut Reader<'a>) {
        self.array = Some(reader.array());
        self.reader = reader.clone();
        reader.leave();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{ErrorKind, from_slice};

    #[test]
    fn an_element_that_is_wrong_does_not_hide_the_others() {
        let mut items: Items<'_, u64> = from_slice(br#"[1,{"a":[2]},"3",4]"#).unwrap();
        assert_eq!(items.next(), Some(Ok(1)));
        assert_eq!(items.next().unwrap().unwrap_err().offset, 3);
        assert_eq!(items.next().unwrap().unwrap_err().offset, 13);
        assert_eq!(items.next(), Some(Ok(4)));
        assert_eq!(items.next(), None);
    }

    #[test]
    fn nothing_is_given_after_a_place_that_cannot_be_read() {
        let mut items: Items<'_, u64> = from_slice(b"[1,nul,2]").unwrap();
        assert_eq!(items.next(), Some(Ok(1)));
        assert_eq!(items.next().unwrap().unwrap_err().offset, 3);
        assert_eq!(items.next(), None);
        let mut items: Items<'_, u64> = from_slice(b"[1] 2").unwrap();
        assert_eq!(items.next(), Some(Ok(1)));
        assert_eq!(items.next().unwrap().unwrap_err().kind.json(), Some(ErrorKind::Syntax));
        assert_eq!(items.next(), None);
    }
}
