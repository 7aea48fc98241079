//! Every public function, with bytes that it cannot foresee: if one of them could panic, this would not link.
//! Those that drive streams are in `streams.rs`.
//!
//! Functions are called by their full paths, so that `cargo xtask panics` sees which are there.
#![cfg_attr(bare, no_std, no_main)]

use core::fmt::{self, Display, Write};
use core::hash::{Hash, Hasher};
use core::hint::black_box;
use core::net::{IpAddr, SocketAddr};
use core::num::NonZeroU16;
use core::str::FromStr;
use core::time::Duration;

use defichain_net_rpc::http::{self, AsEndpoint, Endpoint, EndpointBuf};
use defichain_net_rpc::json::{
    self, Array, ArrayWriter, Discard, Element, FromJson, Keys, List, Map, Number, ObjectWriter, Raw, Reader, Text,
    ToJson, Truncated, Writer, from_slice, to_slice,
};
use defichain_net_rpc::network::{
    AddNode, AddedNodeInfo, Ban, BanTime, ClearBanned, DisconnectNode, GetAddedNodeInfo, GetConnectionCount,
    GetNetTotals, GetNetworkInfo, GetNodeAddresses, GetNodeStatusInfo, GetPeerInfo, GetVersionInfo, ListBanned,
    NetTotals, NetworkInfo, NodeAddress, NodeStatusInfo, PeerInfo, Ping, SetBan, SetNetworkActive, VersionInfo,
    Warnings,
};
use defichain_net_rpc::rpc::{
    BatchFault, BatchRequest, BatchResponse, Code, Envelope, Explanation, Id, Items, NodeError, Reply, Sequence,
    batch_request,
};
use defichain_net_rpc::{
    Address, Amount, BufferTooSmall, Connection, Error, ErrorKind, Item, Method, PeerAddress, Permission, Response,
    Services, Subnet, UnixTime, Want, request, response,
};
use probe::{received, taken};

probe::entry!(run);

fn run() {
    read_json();
    read_values();
    write_json();
    small_values();
    every_method();
    element_by_element();
    batches();
    endpoints();
    replies();
    #[cfg(feature = "panic")]
    taken(received()[number::<usize>()]);
}

fn number<N: Default>() -> N {
    black_box(N::default())
}

fn text() -> &'static str {
    str::from_utf8(received()).unwrap_or_default()
}

/// Shows a value with whatever width and precision. Not as `{:?}`: what core writes there has panics of its own.
fn shown<V: Display>(value: &V) {
    let (width, precision) = (number::<u16>().into(), number::<u16>().into());
    taken(write!(Anywhere, "{value}"));
    taken(write!(Anywhere, "{value:>width$.precision$}"));
}

/// Takes text and hashes, and may refuse.
struct Anywhere;

impl Write for Anywhere {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        taken(text);
        black_box(Ok(()))
    }
}

impl Hasher for Anywhere {
    fn write(&mut self, bytes: &[u8]) {
        taken(bytes);
    }

    fn finish(&self) -> u64 {
        number()
    }
}

/// Writes a value into a buffer of whatever size.
fn written<V: ToJson + ?Sized>(value: &V) {
    let mut buf = [0; 256];
    let room = buf.get_mut(number()..).unwrap_or_default();
    if let Err(error) = to_slice(value, room) {
        shown::<BufferTooSmall>(&error);
    }
}

const KEYS: &Keys = &Keys::new("\x03one\x03two", &[true, false]);

fn read_json() {
    let mut reader = Reader::new(black_box(received()));
    loop {
        match number::<u8>() {
            0 => taken(Reader::bool(&mut reader)),
            1 => Reader::null(&mut reader),
            2 => taken(Reader::string(&mut reader)),
            3 => Reader::skip(&mut reader),
            4 => Reader::end(&mut reader),
            5 => taken(Reader::peek(&mut reader)),
            6 => taken(Reader::raw(&mut reader)),
            7 => taken(Reader::u64(&mut reader)),
            8 => taken(Reader::i64(&mut reader)),
            9 => taken(Reader::fixed(&mut reader, number())),
            10 => taken(Reader::rounded(&mut reader, number())),
            11 => {
                let mut array = Reader::array(&mut reader);
                while Array::next(&mut array, &mut reader) {
                    taken(Reader::offset(&reader));
                }
            }
            12 => Reader::object(&mut reader, KEYS, &mut |reader, index| {
                let mut value = Text::<&str>::default();
                FromJson::read(&mut value, reader);
                taken((index, value));
            }),
            13 => Reader::fail(&mut reader, json::ErrorKind::Form),
            _ => return,
        }
        if let Err(fault) = Reader::finish(&reader) {
            error(&fault);
            if let Some(kind) = fault.kind.json() {
                shown::<json::ErrorKind>(&kind);
                if let json::ErrorKind::Expected(expected) = kind {
                    shown::<json::Type>(&expected);
                }
            }
        }
    }
}

fn read_values() {
    read::<()>();
    read::<bool>();
    read::<u16>();
    read::<u32>();
    read::<u64>();
    read::<i32>();
    read::<i64>();
    read::<Duration>();
    read::<Option<u64>>();
    read::<Amount>();
    read::<Services>();
    read::<UnixTime>();
    read::<Code>();
    read::<Id>();
    read::<Text<Discard>>();
    read::<Envelope<'_>>();

    elements::<bool>();
    elements::<u64>();
    elements::<Text<&str>>();
    elements::<Permission<'_>>();

    if let Ok(raw) = from_slice::<Raw<&str>>(received()) {
        taken(Raw::as_str(&raw));
        taken(Raw::into_inner(raw));
        shown::<Raw<_>>(&raw);
        written(&raw);
    }
    if let Ok(number) = from_slice::<Number<&str>>(received()) {
        taken(Number::as_str(&number));
        taken(Number::parse::<Spelt>(&number));
        shown::<Number<_>>(&number);
        written(&number);
    }
    if let Ok(text) = from_slice::<Text<Truncated<16>>>(received()) {
        taken(Text::is_cut(&text));
        taken(Truncated::is_cut(&Truncated::<16>::default()));
        shown::<Text<_>>(&text);
        written(&text);
    }
    if let Ok(warnings) = from_slice::<Warnings<&str>>(received()) {
        taken(Warnings::is_empty(&warnings));
        Warnings::iter(&warnings).for_each(|warning| written(&warning));
        shown::<Warnings<_>>(&warnings);
        written(&warnings);
    }
    if let Ok(ban) = from_slice::<Ban<&str>>(received())
        && let Some(subnet) = Ban::subnet(&ban)
    {
        written(&subnet);
    }
    if let Ok(text) = from_slice::<Text<&str>>(received()) {
        let mut buf = [0; 64];
        taken(Text::raw(&text));
        taken(Text::as_str(&text));
        Text::chars(&text).for_each(taken);
        taken(Text::decoded_len(&text));
        taken(Text::decode(&text, &mut buf));
        taken(Text::parse::<Spelt>(&text));
        taken(text == *received_text());
        taken(text == Text::<Discard>::default());
        text.hash(&mut Anywhere);
        shown::<Text<_>>(&text);
        written(&text);
    }
    if let Ok(address) = from_slice::<PeerAddress<&str>>(received()) {
        taken(PeerAddress::text(&address));
        taken(PeerAddress::socket_addr(&address));
        taken(address == *received_text());
        shown::<PeerAddress<_>>(&address);
        written(&address);
    }
}

/// What any text may spell.
struct Spelt;

impl FromStr for Spelt {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        black_box(text.len());
        black_box(Ok(Self))
    }
}

fn received_text() -> &'static str {
    text()
}

fn read<V: FromJson<'static>>() {
    taken(from_slice::<V>(received()));
    taken(response::<V>(number(), received()));
}

fn elements<E: Element>() {
    if let Ok(list) = from_slice::<List<&str, E>>(received()) {
        taken(List::is_empty(&list));
        taken(List::len(&list));
        List::iter(&list).for_each(|item| written(&item));
        taken(list == List::<Discard, E>::default());
        written(&list);
    }
    if let Ok(map) = from_slice::<Map<&str, E>>(received()) {
        taken(Map::is_empty(&map));
        taken(Map::len(&map));
        Map::iter(&map).for_each(|(name, item)| taken((name, item)));
        taken(Map::get(&map, text()));
        taken(map == Map::<Discard, E>::default());
        written(&map);
    }
}

struct Anything;

impl ToJson for Anything {
    fn to_json(&self, writer: &mut Writer<'_>) {
        Writer::raw(writer, received());
        Writer::string(writer, text());
        Writer::u64(writer, number());
        Writer::i64(writer, number());
        Writer::array(writer, |array| {
            ArrayWriter::item(array, text());
            ArrayWriter::item(array, &number::<u64>());
        });
        Writer::object(writer, |object| {
            ObjectWriter::member(object, text(), &number::<bool>());
            ObjectWriter::member(object, text(), &black_box(Some(Duration::ZERO)));
            ObjectWriter::member(object, text(), &());
        });
        taken(Writer::len(writer));
    }
}

fn write_json() {
    written(&Anything);
}

fn small_values() {
    let amount = Amount::from_units(number());
    taken(Amount::units(amount));
    shown::<Amount>(&amount);
    written(&amount);

    let services = Services::from_bits(number()) | Services::NETWORK;
    taken(Services::bits(services));
    taken(Services::contains(services, Services::from_bits(number())));
    shown::<Services>(&services);
    written(&services);

    let time = UnixTime::from_secs(number());
    taken(UnixTime::as_secs(time));
    taken(UnixTime::since_epoch(time));
    written(&time);

    let code = Code(number());
    taken(Code::name(code));
    shown::<Code>(&code);
    written(&code);

    shown::<Id>(&black_box(Id::Null));

    if let Ok(permission) = from_slice::<Permission<'_>>(received()) {
        shown::<Permission<'_>>(&permission);
        written(&permission);
    }

    if let Some(subnet) = Subnet::parse(text()) {
        taken(Subnet::prefix(&subnet));
        if let Some(address) = Subnet::address(&subnet) {
            taken(Subnet::new(address, number()));
            written(&Subnet::from(address));
        }
        written(&subnet);
        written(&Subnet::from(text()));
    }
}

fn every_method() {
    let address = Address::from(text());
    let socket = Address::from(SocketAddr::new(IpAddr::V6(number::<u128>().into()), number()));
    method(&AddNode::Add(address));
    method(&AddNode::Remove(address));
    method(&AddNode::OneTry(socket));
    method(&ClearBanned);
    method(&DisconnectNode::Address(address));
    method(&DisconnectNode::Id(number()));
    list::<_, AddedNodeInfo<_>, AddedNodeInfo<Kept, Discard>>(&GetAddedNodeInfo {
        node: black_box(Some(socket)),
    });
    object::<_, u64>(&GetConnectionCount);
    object::<_, NetTotals>(&GetNetTotals);
    object::<_, NetworkInfo<&str>>(&GetNetworkInfo);
    read::<NetworkInfo<Kept, Discard>>();
    let count = black_box(NonZeroU16::MIN);
    list::<_, NodeAddress<_>, NodeAddress<Kept>>(&GetNodeAddresses { count });
    object::<_, NodeStatusInfo>(&GetNodeStatusInfo);
    list::<_, PeerInfo<_>, PeerInfo<Kept, Discard>>(&GetPeerInfo);
    object::<_, VersionInfo<&str>>(&GetVersionInfo);
    read::<VersionInfo<Kept>>();
    list::<_, Ban<_>, Ban<Kept>>(&ListBanned);
    method(&Ping);
    if let Some(subnet) = Subnet::parse(text()) {
        method(&SetBan::Add(subnet, black_box(BanTime::Default)));
        method(&SetBan::Remove(subnet));
    }
    object::<_, bool>(&SetNetworkActive { state: number() });
}

/// Storage that outlives the reply.
#[cfg(feature = "heapless")]
type Kept = heapless::String<32>;

#[cfg(not(feature = "heapless"))]
#[derive(Clone, Debug, Default, PartialEq)]
struct Kept(Option<char>);

#[cfg(not(feature = "heapless"))]
impl AsRef<str> for Kept {
    fn as_ref(&self) -> &str {
        self.0.map_or("", |_| text())
    }
}

#[cfg(not(feature = "heapless"))]
impl Write for Kept {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 = text.chars().next();
        black_box(Ok(()))
    }
}

#[cfg(not(feature = "heapless"))]
impl json::Storage<'_> for Kept {
    fn store(text: &str) -> Option<Self> {
        text.chars().next().map(|c| Self(Some(c)))
    }
}

/// Sends the request for a method and reads the reply, over HTTP and without.
fn method<M: Method>(method: &M) -> Option<Response<'static, M>> {
    static mut RAM: [u8; 1024] = [0; 1024];
    let mut buf = [0; 256];
    taken(request(method, number(), &mut buf));
    let ram = &raw mut RAM;
    // SAFETY: each call is done with the buffer before the next begins.
    let ram = black_box(unsafe { &mut *ram });
    let endpoint = Endpoint::new(text(), number()).ok()?;
    taken(Endpoint::request_len(&endpoint, method));
    let mut connection = Connection::with_first_id(number());
    if let Err(error) = Connection::call(&mut connection, &endpoint, method, ram) {
        shown::<BufferTooSmall>(&error);
    }
    carry(&mut connection, ram);
    match Connection::reply(&connection, ram).and_then(Reply::response::<Response<'_, M>>) {
        Ok(result) => taken(result),
        Err(wrong) => error(&wrong),
    }
    match response(number(), received()) {
        Ok(result) => Some(result),
        Err(wrong) => {
            error(&wrong);
            None
        }
    }
}

/// A method whose result is one value.
fn object<M, V>(of: &M)
where
    M: Method<Response<'static> = V>,
    V: FromJson<'static> + ToJson + PartialEq,
{
    if let Some(value) = method(of) {
        written(&value);
        taken(value == V::default());
    }
}

/// A method whose result is an array, which is read as it lies and into other storage.
fn list<M, V, W>(of: &M)
where
    M: Method<Response<'static> = Items<'static, V>>,
    V: FromJson<'static> + ToJson + Clone + PartialEq,
    W: FromJson<'static> + ToJson,
{
    if let Some(items) = method(of) {
        for value in items.clone().flatten() {
            written(&value);
            taken(value == V::default());
        }
    }
    if let Ok(items) = response::<Items<'_, W>>(number(), received()) {
        for value in items.flatten() {
            written(&value);
        }
    }
}

fn element_by_element() {
    elements_of(&GetAddedNodeInfo::default());
    elements_of(&GetNodeAddresses { count: NonZeroU16::MIN });
    elements_of(&GetPeerInfo);
    elements_of(&ListBanned);
}

/// A method whose result is an array, one element after the other, over HTTP and without.
fn elements_of<M>(_: &M)
where
    M: for<'a> Method<Response<'a>: Sequence<'a>>,
{
    let mut buf = [0; 512];
    for mut connection in [
        Connection::new(),
        Connection::awaiting_reply(number()),
        Connection::awaiting_body(number()),
    ] {
        loop {
            let buf = buf.get_mut(number()..).unwrap_or_default();
            let happened = match Connection::poll_item::<Item<'_, M>>(&mut connection, buf) {
                Ok(Want::Ready(item)) => {
                    taken(item);
                    break;
                }
                Ok(want) => served(want),
                Err(_) => break,
            };
            tell(&mut connection, happened);
        }
        loop {
            let buf = buf.get_mut(number()..).unwrap_or_default();
            match Connection::poll_element(&mut connection, buf) {
                Ok(Want::Ready(true)) => {
                    taken(Connection::element::<Item<'_, M>>(&mut connection, buf));
                    taken(Connection::element::<u64>(&mut connection, buf));
                }
                Ok(Want::Ready(false)) => break,
                Ok(want) => {
                    let happened = served(want);
                    tell(&mut connection, happened);
                }
                Err(wrong) => {
                    error(&wrong);
                    break;
                }
            }
        }
    }
}

/// What a stream has done; it does whatever it likes.
enum Happened {
    Connected,
    Written(usize),
    Received(usize),
    Broken,
    Closed,
}

/// Puts whatever it likes into a space, and tells any count.
fn served<T>(want: Want<'_, T>) -> Happened {
    match want {
        Want::Write(bytes) => taken(bytes),
        Want::Read(space) => taken(black_box(space).first_mut()),
        Want::Connect | Want::Ready(_) => {}
    }
    match number::<u8>() {
        0 => Happened::Connected,
        1 => Happened::Written(number()),
        2 => Happened::Received(number()),
        3 => Happened::Broken,
        _ => Happened::Closed,
    }
}

fn tell(connection: &mut Connection, happened: Happened) {
    match happened {
        Happened::Connected => Connection::connected(connection),
        Happened::Written(count) => Connection::written(connection, count),
        Happened::Received(count) => Connection::received(connection, count),
        Happened::Broken => Connection::broken(connection),
        Happened::Closed => Connection::close(connection),
    }
    taken(Connection::id(connection));
    taken(Connection::is_open(connection));
    taken(Connection::reply_has_begun(connection));
}

fn error(error: &Error) {
    taken(Error::is_transient(error));
    taken(Error::code(error));
    taken(Error::status(error));
    taken(Error::with_status(*error, number()));
    taken(ErrorKind::json(error.kind));
    shown::<Error>(error);
    shown::<ErrorKind>(&error.kind);
    if let ErrorKind::Http(kind) = &error.kind {
        shown::<http::ErrorKind>(kind);
    }
}

fn node_error(error: &NodeError<&str>) {
    shown::<NodeError<_>>(error);
    written(error);
}

fn batches() {
    let mut buf = [0; 256];
    taken(batch_request(number(), &mut buf, |batch| {
        BatchRequest::push(batch, &Ping)
    }));

    let mut slots = [const { None }; 4];
    let slots = slots.get_mut(number()..).unwrap_or_default();
    match BatchResponse::read(number(), received(), slots) {
        Ok(batch) => batch_response(&batch),
        Err(wrong) => error(&wrong),
    }
}

fn batch_response(batch: &BatchResponse<'_, '_>) {
    taken(BatchResponse::response::<NetTotals>(batch, number()));
    if let Some(error) = BatchResponse::node_error(batch, number()) {
        node_error(error);
    }
    for fault in BatchResponse::faults(batch) {
        shown::<BatchFault<'_>>(&fault);
    }
}

fn endpoints() {
    let headers = [(text(), text())];
    let endpoint = Endpoint::from_url(text())
        .and_then(|endpoint| Endpoint::with_path(endpoint, text()))
        .and_then(|endpoint| Endpoint::with_credentials(endpoint, text(), text()))
        .and_then(|endpoint| Endpoint::with_headers(endpoint, &headers));
    match endpoint {
        Ok(endpoint) => {
            taken(Endpoint::host(&endpoint));
            taken(Endpoint::zone(&endpoint));
            taken(Endpoint::port(&endpoint));
            taken(Endpoint::path(&endpoint));
            taken(Endpoint::is_tls(&endpoint));
            taken(Endpoint::has_credentials(&endpoint));
            taken(Endpoint::with_cookie(endpoint, text()));
            match Endpoint::to_buf::<Kept>(&endpoint) {
                Ok(endpoint) => {
                    taken(AsEndpoint::as_endpoint(&EndpointBuf::as_endpoint(&endpoint)));
                    call(&EndpointBuf::as_endpoint(&endpoint));
                }
                Err(error) => shown::<BufferTooSmall>(&error),
            }
            call(&endpoint);
        }
        Err(error) => shown::<http::EndpointError>(&error),
    }
}

fn call(endpoint: &Endpoint<'_>) {
    let mut buf = [0; 512];
    let mut connection = Connection::default();
    let ids = Connection::batch(&mut connection, endpoint, &mut buf, |batch| {
        BatchRequest::push(batch, &GetNetTotals)
    });
    taken(ids);
    carry(&mut connection, &mut buf);
}

fn replies() {
    let mut buf = [0; 512];
    let buf = buf.get_mut(number()..).unwrap_or_default();
    let mut connection = Connection::awaiting_reply(number());
    carry(&mut connection, buf);
    if let Err(wrong) = response::<u64>(number(), received()) {
        shown::<Explanation<'_>>(&Connection::explain(&connection, wrong, buf));
    }
    if let Some(error) = Connection::node_error(&connection, buf) {
        node_error(&error);
    }
    let Ok(reply) = Connection::reply(&connection, buf) else {
        return;
    };
    taken((Reply::status(reply), Reply::body(reply), Reply::reason(reply)));
    taken((Reply::location(reply), Reply::line(reply)));
    if let Some(error) = Reply::node_error(reply) {
        node_error(&error);
    }
    let mut slots = [const { None }; 4];
    match Reply::batch(reply, &mut slots) {
        Ok(batch) => batch_response(&batch),
        Err(wrong) => error(&wrong),
    }
    match Reply::envelope(reply) {
        Ok(envelope) => {
            taken(Envelope::check_id(&envelope, number()));
            taken(Envelope::node_error(&envelope));
            taken(Envelope::result::<u64>(envelope));
        }
        Err(wrong) => error(&wrong),
    }
    taken(Envelope::read(received()));
}

/// A stream that takes in and hands out whatever it likes, and tells any count.
fn carry(connection: &mut Connection, buf: &mut [u8]) {
    loop {
        match Connection::poll(connection, buf) {
            Ok(Want::Ready(reply)) => return taken(reply),
            Ok(want) => {
                let happened = served(want);
                tell(connection, happened);
            }
            Err(wrong) => return error(&wrong),
        }
    }
}
