//! All texts of a few symbols, read by this crate and by parsers of other make, which have to agree; where they do not and
//! this crate is right, that is listed with the reason.

#[path = "../support/both_paths.rs"]
#[allow(dead_code, reason = "one value at a time is read here")]
mod both_paths;
mod chunks;
mod heads;
mod numbers;
mod objects;
mod paths;
mod streams;
mod texts;

/// How many symbols a text has at most.
const MOST: usize = 7;

/// Visits every text of up to [`MOST`] symbols, each before those that it begins.
///
/// A visitor turns back at a text that is refused at a byte that has come, and none that begins with it is visited: no
/// reader looks beyond that byte, and the visitor makes sure of it with one more symbol.
fn each_text(symbols: &[&[u8]], visit: &mut dyn FnMut(&[u8]) -> Then) {
    let mut texts = vec![(Vec::new(), 0)];
    while let Some((text, count)) = texts.pop() {
        if visit(&text) == Then::On && count < MOST {
            let longer = |symbol: &&[u8]| ([text.as_slice(), symbol].concat(), count + 1);
            texts.extend(symbols.iter().map(longer));
        }
    }
}

/// Whether texts that begin with one are of any interest.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Then {
    On,
    Back,
}
