//! The methods by their names: the parameters as a command line has them, and the result as JSON in the node's own shape.

#![allow(dead_code, reason = "each example uses a part of it")]

use std::num::NonZeroU16;
use std::str::FromStr;
use std::time::Duration;

use defichain_net_rpc::json::{ToJson, Writer, to_slice};
use defichain_net_rpc::network::{
    AddNode, BanTime, ClearBanned, DisconnectNode, GetAddedNodeInfo, GetConnectionCount, GetNetTotals, GetNetworkInfo,
    GetNodeAddresses, GetNodeStatusInfo, GetPeerInfo, GetVersionInfo, ListBanned, Ping, SetBan, SetNetworkActive,
};
use defichain_net_rpc::rpc::{Envelope, Items, Sequence};
use defichain_net_rpc::{Connection, Error, Item, Method, Reply, Response, Subnet, UnixTime};

use crate::terminal;

/// The methods.
static METHODS: [Entry; 15] = [
    Entry {
        forms: &["NODE add|remove|onetry"],
        ..value::<AddNode<'_>>("addnode", |p| Ok(call(add_node(p)?)))
    },
    value::<ClearBanned>("clearbanned", |_| Ok(call(ClearBanned))),
    Entry {
        forms: &["ADDRESS", "\"\" ID"],
        ..value::<DisconnectNode<'_>>("disconnectnode", |p| Ok(call(disconnect_node(p)?)))
    },
    Entry {
        forms: &["[NODE]"],
        ..list::<GetAddedNodeInfo<'_>>("getaddednodeinfo", |p| {
            let node = p.text(0).map(Into::into);
            Ok(call(GetAddedNodeInfo { node }))
        })
    },
    value::<GetConnectionCount>("getconnectioncount", |_| Ok(call(GetConnectionCount))),
    value::<GetNetTotals>("getnettotals", |_| Ok(call(GetNetTotals))),
    value::<GetNetworkInfo>("getnetworkinfo", |_| Ok(call(GetNetworkInfo))),
    Entry {
        forms: &["[COUNT]"],
        ..list::<GetNodeAddresses>("getnodeaddresses", |p| {
            let count = p.parse(0, "a whole number from 1 to 65535")?;
            let count = count.unwrap_or(NonZeroU16::MIN);
            Ok(call(GetNodeAddresses { count }))
        })
    },
    value::<GetNodeStatusInfo>("getnodestatusinfo", |_| Ok(call(GetNodeStatusInfo))),
    list::<GetPeerInfo>("getpeerinfo", |_| Ok(call(GetPeerInfo))),
    value::<GetVersionInfo>("getversioninfo", |_| Ok(call(GetVersionInfo))),
    list::<ListBanned>("listbanned", |_| Ok(call(ListBanned))),
    value::<Ping>("ping", |_| Ok(call(Ping))),
    Entry {
        forms: &["SUBNET add [BANTIME] [ABSOLUTE]", "SUBNET remove"],
        ..value::<SetBan>("setban", |p| Ok(call(set_ban(p)?)))
    },
    Entry {
        forms: &["true|false"],
        ..value::<SetNetworkActive>("setnetworkactive", |p| {
            let state = p.parse(0, "true or false")?.unwrap_or_default();
            Ok(call(SetNetworkActive { state }))
        })
    },
];

/// A method.
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    /// The forms of its parameters, as a usage text has them.
    forms: &'static [&'static str],
    call: for<'p> fn(&Params<'p>) -> Result<Call<'p>, String>,
    /// Reads the result, and writes it as JSON.
    pub(crate) json: fn(Envelope<'_>) -> Result<Answer, Error>,
    /// Of a method whose result is a list.
    pub(crate) element: Option<ReadElement>,
}

/// Reads the element that the connection has found, and writes it as JSON.
pub(crate) type ReadElement = fn(&mut Connection, &[u8]) -> Result<String, Error>;

/// A method without parameters whose result is one value.
const fn value<M: Method>(name: &'static str, call: for<'p> fn(&Params<'p>) -> Result<Call<'p>, String>) -> Entry
where
    for<'a> Response<'a, M>: ToJson,
{
    Entry {
        name,
        forms: &[""],
        call,
        json: |envelope| Ok(Answer::of(to_json(&envelope.result::<Response<'_, M>>()?))),
        element: None,
    }
}

/// A method without parameters whose result is a list.
const fn list<M: Method>(name: &'static str, call: for<'p> fn(&Params<'p>) -> Result<Call<'p>, String>) -> Entry
where
    for<'a> Response<'a, M>: Sequence<'a, Item: ToJson>,
{
    Entry {
        name,
        forms: &[""],
        call,
        json: |envelope| {
            let mut unread = Unread::default();
            let items: Items<'_, Item<'_, M>> = envelope.result()?;
            let items: Vec<String> = unread.leave_out(items).map(|item| to_json(&item)).collect();
            Ok(list_of(&items, &unread))
        },
        element: Some(|connection, buf| Ok(to_json(&connection.element::<Item<'_, M>>(buf)?))),
    }
}

/// What a method has answered, as text.
pub(crate) struct Answer {
    pub(crate) text: String,
    /// One line, if there is more that cannot be shown.
    pub(crate) wrong: Option<String>,
}

impl Answer {
    pub(crate) fn of(text: String) -> Self {
        Self { text, wrong: None }
    }
}

/// A list of elements that are JSON.
pub(crate) fn list_of(elements: &[String], unread: &Unread) -> Answer {
    Answer {
        text: format!("[{}]", elements.join(",")),
        wrong: unread.line(),
    }
}

/// The elements of a list that cannot be read.
#[derive(Default)]
pub(crate) struct Unread {
    count: usize,
    of: usize,
    first: Option<Error>,
}

impl Unread {
    /// The element, unless it cannot be read.
    pub(crate) fn note<V>(&mut self, element: Result<V, Error>) -> Option<V> {
        self.of += 1;
        element
            .map_err(|error| {
                self.count += 1;
                self.first.get_or_insert(error);
            })
            .ok()
    }

    /// The elements that can be read.
    pub(crate) fn leave_out<V>(&mut self, elements: impl Iterator<Item = Result<V, Error>>) -> impl Iterator<Item = V> {
        elements.filter_map(|element| self.note(element))
    }

    /// One line, if there are any.
    pub(crate) fn line(&self) -> Option<String> {
        let Self { count, of, first } = self;
        first.map(|error| format!("{count} of {of} elements cannot be read and are not shown; the first: {error}"))
    }
}

/// Reads a reply that has this id, or any.
pub(crate) fn read<T>(
    reply: Reply<'_>,
    id: Option<u64>,
    read: impl FnOnce(Envelope<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let envelope = reply.envelope()?;
    let checked = id.map_or(Ok(()), |id| envelope.check_id(id));
    checked
        .and_then(|()| read(envelope))
        .map_err(|error| error.with_status(reply.status()))
}

/// The methods with the forms of their parameters, a line for each.
pub(crate) fn usage() -> String {
    let lines = METHODS.iter().flat_map(|Entry { name, forms, .. }| {
        let line = move |form: &&str| format!("{name} {form}").trim_end().to_owned() + "\n";
        forms.iter().map(line)
    });
    lines.collect()
}

/// The method of this name.
pub(crate) fn find(name: &str) -> Result<&'static Entry, String> {
    METHODS.iter().find(|entry| entry.name == name).ok_or_else(|| {
        let names = METHODS.each_ref().map(|entry| entry.name).join(", ");
        format!("there is no method {name}; there are {names}")
    })
}

impl Entry {
    /// A call of the method with these parameters.
    pub(crate) fn call<'p>(&'static self, texts: &'p [String]) -> Result<Call<'p>, String> {
        let fits = |form: &&str| {
            let most = form.split_whitespace().count();
            let least = form.split_whitespace().filter(|param| !param.starts_with('[')).count();
            (least..=most).contains(&texts.len())
        };
        let params = Params {
            name: self.name,
            forms: self.forms,
            texts,
        };
        if self.forms.iter().any(fits) {
            (self.call)(&params)
        } else {
            Err(format!("the number of parameters is wrong; {}", params.call_as()))
        }
    }
}

/// A method with its parameters, whichever it is.
pub(crate) struct Call<'p> {
    name: String,
    params: Box<dyn Fn(&mut Writer<'_>) + 'p>,
    is_repeatable: bool,
}

fn call<'p>(method: impl Method + 'p) -> Call<'p> {
    Call {
        name: method.name().into(),
        is_repeatable: method.is_repeatable(),
        params: Box::new(move |writer| method.params(writer)),
    }
}

impl Method for Call<'_> {
    /// The entry of the method reads what it answers.
    type Response<'a> = ();

    fn name(&self) -> &str {
        &self.name
    }

    fn params(&self, writer: &mut Writer<'_>) {
        (self.params)(writer);
    }

    fn is_repeatable(&self) -> bool {
        self.is_repeatable
    }
}

/// A value as JSON on one line that is fit for a terminal.
pub(crate) fn to_json(value: &impl ToJson) -> String {
    let mut buf = Vec::new();
    loop {
        match to_slice(value, &mut buf) {
            // Between values stands white space, which would be obeyed. What else would be stands in strings only, and means
            // the same there when escaped.
            Ok(json) => return terminal::escape(&String::from_utf8_lossy(json).replace(['\n', '\r', '\t'], " ")),
            Err(error) => buf.resize(error.needed, 0),
        }
    }
}

/// The parameters of a call, of which there are as many as one of the forms has.
struct Params<'p> {
    name: &'p str,
    forms: &'p [&'p str],
    texts: &'p [String],
}

impl<'p> Params<'p> {
    fn text(&self, index: usize) -> Option<&'p str> {
        self.texts.get(index).map(String::as_str)
    }

    fn parse<T: FromStr>(&self, index: usize, what: &str) -> Result<Option<T>, String> {
        let parse = |text: &str| text.parse().map_err(|_| self.wrong(text, what));
        self.text(index).map(parse).transpose()
    }

    /// That a parameter is not what it should be.
    fn wrong(&self, text: &str, what: &str) -> String {
        format!("the parameter {text:?} is not {what}; {}", self.call_as())
    }

    fn call_as(&self) -> String {
        let name = self.name;
        match self.forms {
            [""] => format!("{name} takes none"),
            forms => {
                let forms: Vec<String> = forms.iter().map(|form| format!("{name} {form}")).collect();
                format!("call it as {}", forms.join(" or "))
            }
        }
    }
}

fn add_node<'p>(params: &Params<'p>) -> Result<AddNode<'p>, String> {
    let node = params.text(0).unwrap_or_default().into();
    match params.text(1) {
        None | Some("add") => Ok(AddNode::Add(node)),
        Some("remove") => Ok(AddNode::Remove(node)),
        Some("onetry") => Ok(AddNode::OneTry(node)),
        Some(other) => Err(params.wrong(other, "add, remove or onetry")),
    }
}

fn disconnect_node<'p>(params: &Params<'p>) -> Result<DisconnectNode<'p>, String> {
    match (params.text(0), params.text(1)) {
        (Some("") | None, Some(_)) => {
            let id = params.parse(1, "the id of a peer, a whole number")?;
            Ok(DisconnectNode::Id(id.unwrap_or_default()))
        }
        (Some("") | None, None) => Err(params.wrong("", "the address of a peer")),
        (Some(address), None) => Ok(DisconnectNode::Address(address.into())),
        (Some(address), Some(_)) => Err(params.wrong(address, "\"\", as before an ID")),
    }
}

fn set_ban<'p>(params: &Params<'p>) -> Result<impl Method + use<'p>, String> {
    let text = params.text(0).unwrap_or_default();
    let subnet =
        Subnet::parse(text).ok_or_else(|| params.wrong(text, "an IP address, or a subnet such as 198.51.100.0/24"))?;
    match (params.text(1), params.text(2)) {
        (None | Some("add"), _) => {
            let seconds = params.parse(2, "a whole number of seconds")?.unwrap_or_default();
            let absolute = params.parse(3, "true or false")?.unwrap_or_default();
            let time = match (seconds, absolute) {
                (0, _) => BanTime::Default,
                (seconds, false) => BanTime::For(Duration::from_secs(seconds)),
                (seconds, true) => BanTime::Until(UnixTime::from_secs(seconds)),
            };
            Ok(SetBan::Add(subnet, time))
        }
        (Some("remove"), None) => Ok(SetBan::Remove(subnet)),
        (Some("remove"), Some(time)) => Err(params.wrong(time, "for remove")),
        (Some(other), _) => Err(params.wrong(other, "add or remove")),
    }
}
