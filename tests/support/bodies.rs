//! Bodies that are read before they are complete.

use defichain_net_rpc::Error;
use defichain_net_rpc::json::ErrorKind;

/// Reads a body whole and cut off at every byte, and returns what is wrong with the whole.
///
/// Cut off before the byte that is wrong, it must be incomplete at its very end; after that byte, it must be wrong like the whole.
#[track_caller]
pub(crate) fn invalid(body: &[u8], read: impl Fn(&[u8]) -> Result<(), Error>) -> Option<Error> {
    let invalid = |body: &[u8]| read(body).err().filter(|error| error.kind.json().is_some());
    let shown = body.escape_ascii();
    let whole = invalid(body);
    // White space after a body does not matter.
    let complete = body.trim_ascii_end();
    let mut clear = false;
    for cut in cuts(complete) {
        let error = invalid(cut);
        match error {
            Some(error) if error.kind.json() == Some(ErrorKind::Incomplete) => {
                assert!(
                    !clear,
                    "cut off at byte {}: {whole:?} is no longer seen: {shown}",
                    cut.len()
                );
                assert_eq!(error.offset, cut.len(), "cut off at byte {}: {shown}", cut.len());
            }
            // A body that is right is followed by something wrong.
            None => assert!(
                whole.is_some_and(|whole| whole.offset >= cut.len()),
                "{whole:?} cut off at byte {}: {shown}",
                cut.len()
            ),
            _ => {
                clear = true;
                assert!(
                    error.is_some() && error == whole,
                    "cut off at byte {}: {error:?}, not {whole:?}: {shown}",
                    cut.len()
                );
            }
        }
    }
    whole
}

/// The prefixes of a body. Of a long body not all of them, because reading every prefix takes its length squared.
fn cuts(body: &[u8]) -> impl Iterator<Item = &[u8]> {
    const ALL: usize = 2048;
    (0..body.len())
        .filter(move |len| *len < ALL || *len + ALL / 4 > body.len() || len % 101 == 0)
        .map(|len| &body[..len])
}
