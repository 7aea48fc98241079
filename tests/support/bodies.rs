//! Bodies that are read before all of them has come.

use defichain_net_rpc::Error;
use defichain_net_rpc::json::ErrorKind;

/// Reads a body whole and cut off at every byte, and gives what is wrong with the whole.
///
/// Cut off it must be incomplete at its very end; or, once the byte has come that is wrong, wrong as the whole is.
#[track_caller]
pub(crate) fn invalid(body: &[u8], read: impl Fn(&[u8]) -> Result<(), Error>) -> Option<Error> {
    let invalid = |body: &[u8]| read(body).err().filter(|error| error.kind.json().is_some());
    let shown = body.escape_ascii();
    let whole = invalid(body);
    // The white space behind a body is of no account.
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
            // What is wrong stands behind a body that is right.
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

/// The beginnings of a body. Of a long one, not all: reading every beginning takes its length squared.
fn cuts(body: &[u8]) -> impl Iterator<Item = &[u8]> {
    const ALL: usize = 2048;
    (0..body.len())
        .filter(move |len| *len < ALL || *len + ALL / 4 > body.len() || len % 101 == 0)
        .map(|len| &body[..len])
}
