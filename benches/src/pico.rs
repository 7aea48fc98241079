//! The side of picojson, which reports one token after the other: every value is passed on at once, and none is kept.

use picojson::{Event, ParseError, PullParser, SliceParser};

use crate::replies::{Body, ID};
use crate::sink::Sink;
use crate::work::Work;

/// Reads any of the replies: a name means the same in all of them.
pub(crate) struct PicoJson(pub(crate) Body);

impl Work for PicoJson {
    fn work(&mut self, sink: &mut impl Sink) {
        let mut scratch = [0; 512];
        let mut parser = SliceParser::with_buffer_from_slice(self.0, &mut scratch);
        reply(&mut parser, sink).expect("a reply");
    }
}

fn reply(parser: &mut impl PullParser, sink: &mut impl Sink) -> Result<(), ParseError> {
    expect(&parser.next_event()?, &Event::StartObject);
    loop {
        match parser.next_event()? {
            Event::EndObject => break,
            Event::Key(name) => match &*name {
                "result" => result(parser, sink)?,
                "error" => expect(&parser.next_event()?, &Event::Null),
                "id" => assert!(matches!(parser.next_event()?, Event::Number(id) if id.parse() == Ok(ID))),
                name => panic!("{name} is not in the recordings"),
            },
            event => panic!("{event:?} in a reply"),
        }
    }
    expect(&parser.next_event()?, &Event::EndDocument);
    Ok(())
}

fn expect(event: &Event<'_, '_>, wanted: &Event<'_, '_>) {
    assert_eq!(event, wanted);
}

/// What the value of a member is, or what the values in it are.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Number,
    Text,
    Bool,
    Seconds,
    Amount,
    Services,
    /// An object whose names are values as well.
    Counters,
    Object,
}

impl Kind {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "id"
            | "lastsend"
            | "lastrecv"
            | "bytessent"
            | "bytesrecv"
            | "conntime"
            | "timeoffset"
            | "version"
            | "startingheight"
            | "banscore"
            | "synced_headers"
            | "synced_blocks"
            | "inflight"
            | "addr_processed"
            | "addr_rate_limited"
            | "protocolversion"
            | "connections"
            | "port"
            | "score"
            | "totalbytesrecv"
            | "totalbytessent"
            | "timemillis"
            | "timeframe"
            | "target"
            | "bytes_left_in_cycle"
            | "time_left_in_cycle" => Self::Number,
            "addr" | "addrlocal" | "addrbind" | "subver" | "permissions" | "subversion" | "name" | "proxy"
            | "address" | "warnings" => Self::Text,
            "relaytxes"
            | "inbound"
            | "addnode"
            | "whitelisted"
            | "localrelay"
            | "networkactive"
            | "limited"
            | "reachable"
            | "proxy_randomize_credentials"
            | "target_reached"
            | "serve_historical_blocks" => Self::Bool,
            "pingtime" | "minping" | "pingwait" => Self::Seconds,
            "minfeefilter" | "relayfee" | "incrementalfee" => Self::Amount,
            "services" | "localservices" => Self::Services,
            "bytessent_per_msg" | "bytesrecv_per_msg" => Self::Counters,
            "networks" | "localaddresses" | "uploadtarget" => Self::Object,
            _ => return None,
        })
    }
}

fn result(parser: &mut impl PullParser, sink: &mut impl Sink) -> Result<(), ParseError> {
    let mut depth = 0;
    let mut kind = Kind::Object;
    loop {
        match (parser.next_event()?, kind) {
            (Event::StartObject | Event::StartArray, _) => depth += 1,
            (Event::EndObject | Event::EndArray, _) => {
                depth -= 1;
                kind = Kind::Object;
            }
            (Event::Key(name), Kind::Counters) => sink.text(&name),
            (Event::Key(name), _) => kind = Kind::of(&name).expect("a member that is known"),
            (Event::String(value), Kind::Text) => sink.text(&value),
            (Event::String(value), Kind::Services) => sink.services(&value),
            (Event::Number(value), Kind::Number | Kind::Counters) => sink.signed(value.as_int().expect("an integer")),
            (Event::Number(value), Kind::Seconds) => sink.seconds(value.as_f64().expect("a number")),
            (Event::Number(value), Kind::Amount) => sink.amount(value.as_f64().expect("a number")),
            (Event::Bool(value), Kind::Bool) => sink.number(value.into()),
            (event, kind) => panic!("{event:?} is not {kind:?}"),
        }
        if depth == 0 {
            return Ok(());
        }
    }
}
