//! Results that are arrays, read when their elements are asked for.

use core::marker::PhantomData;

use super::Envelope;
use crate::error::Error;
use crate::json::{Array, FromJson, Place, Reader};

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
/// assert_eq!(error.to_string(), r#"a member is missing at byte 18: "addr""#);
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

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if !advance(&mut self.reader, &mut self.array) {
            return None;
        }
        self.item()
    }
}

impl<'a, V: FromJson<'a>> Items<'a, V> {
    /// Reads an element or goes past it; behind the last one, returns what is wrong there.
    // Not inlined, so that an element, which can be large, is read where it is given out.
    #[inline(never)]
    fn item(&mut self) -> Option<Result<V, Error>> {
        let reader = &mut self.reader;
        let place = reader.place();
        let mut item = Some(Ok(V::default()));
        _ = item
            .as_mut()
            .map(|item| item.as_mut().map(|value: &mut V| value.read(reader)));
        if let Err(error) = reader.finish() {
            item = Some(Err(error));
            go_past(reader, &mut self.array, &place);
        }
        item
    }
}

/// Goes to the next element, and tells whether there is an item. Behind the last element there is one more, if what follows
/// the array is wrong.
#[cfg_attr(target_pointer_width = "64", inline)]
fn advance(reader: &mut Reader<'_>, array: &mut Option<Array>) -> bool {
    let Some(elements) = array else {
        return false;
    };
    if elements.next(reader) {
        return true;
    }
    *array = None;
    end(reader);
    reader.has_failed()
}

/// Reads what follows the array: nothing, or the rest of the reply.
#[cold]
fn end(reader: &mut Reader<'_>) {
    if reader.peek().is_some() {
        Envelope::default().read_rest(reader);
        reader.end();
    }
}

/// Goes past an element that could not be read, if it was one.
fn go_past<'a>(reader: &mut Reader<'a>, array: &mut Option<Array>, place: &Place<'a>) {
    if array.is_some() {
        reader.go_back(place);
        reader.skip();
        if reader.has_failed() {
            *array = None;
        }
    }
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
