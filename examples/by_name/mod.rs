//! A method by its name, with its parameters as a command line has them, and its result as JSON in the node's own shape.

use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroU16;
use std::str::FromStr;
use std::time::Duration;

use defichain_net_rpc::json::{self, FromJson, ToJson, to_slice};
use defichain_net_rpc::network::{
    AddNode, BanTime, ClearBanned, DisconnectNode, GetAddedNodeInfo, GetConnectionCount, GetNetTotals, GetNetworkInfo,
    GetNodeAddresses, GetNodeStatusInfo, GetPeerInfo, GetVersionInfo, ListBanned, Ping, SetBan, SetNetworkActive,
};
use defichain_net_rpc::rpc::Items;
use defichain_net_rpc::{Method, Subnet, UnixTime};

use crate::terminal;

/// Whatever does something with a method: calls a node, reads a recorded reply, writes a request.
pub(crate) trait Caller {
    /// What comes of it.
    type Answer;

    /// Does it. If there is a result, `json` writes it as JSON; what went wrong is one line for people.
    fn call<M: Method>(
        &mut self,
        method: &M,
        json: impl FnOnce(M::Response<'_>) -> Result<String, json::Error>,
    ) -> Result<Self::Answer, String>;
}

/// The methods: the name, the forms of the parameters as a usage text has them, and the call.
fn methods<C: Caller>() -> [Entry<C>; 15] {
    const NONE: &[&str] = &[""];
    [
        Entry("addnode", &["NODE add|remove|onetry"], |c, p| value(c, &add_node(&p)?)),
        Entry("clearbanned", NONE, |c, _| value(c, &ClearBanned)),
        Entry("disconnectnode", &["ADDRESS", "\"\" ID"], |c, p| {
            value(c, &disconnect_node(&p)?)
        }),
        Entry("getaddednodeinfo", &["[NODE]"], |c, p| {
            let node = p.text(0).map(Into::into);
            list_of(c, &GetAddedNodeInfo { node })
        }),
        Entry("getconnectioncount", NONE, |c, _| value(c, &GetConnectionCount)),
        Entry("getnettotals", NONE, |c, _| value(c, &GetNetTotals)),
        Entry("getnetworkinfo", NONE, |c, _| value(c, &GetNetworkInfo)),
        Entry("getnodeaddresses", &["[COUNT]"], |c, p| {
            let count = p.parse(0, "a whole number from 1 to 65535")?;
            let count = count.unwrap_or(NonZeroU16::MIN);
            list_of(c, &GetNodeAddresses { count })
        }),
        Entry("getnodestatusinfo", NONE, |c, _| value(c, &GetNodeStatusInfo)),
        Entry("getpeerinfo", NONE, |c, _| list_of(c, &GetPeerInfo)),
        Entry("getversioninfo", NONE, |c, _| value(c, &GetVersionInfo)),
        Entry("listbanned", NONE, |c, _| list_of(c, &ListBanned)),
        Entry("ping", NONE, |c, _| value(c, &Ping)),
        Entry(
            "setban",
            &["SUBNET add [BANTIME] [ABSOLUTE]", "SUBNET remove"],
            |c, p| value(c, &set_ban(&p)?),
        ),
        Entry("setnetworkactive", &["true|false"], |c, p| {
            let state = p.parse(0, "true or false")?.unwrap_or_default();
            value(c, &SetNetworkActive { state })
        }),
    ]
}

struct Entry<C: Caller>(
    &'static str,
    &'static [&'static str],
    fn(&mut C, Params<'_>) -> Result<C::Answer, String>,
);

/// The methods with the forms of their parameters, a line for each.
pub(crate) fn usage<C: Caller>() -> String {
    let lines = methods::<C>().map(|Entry(name, forms, _)| {
        let lines = forms
            .iter()
            .map(|form| format!("{name} {form}").trim_end().to_owned() + "\n");
        lines.collect::<String>()
    });
    lines.concat()
}

/// Calls a method. Without `params` there is no request, only a reply that they do not matter to.
pub(crate) fn call<C: Caller>(caller: &mut C, method: &str, params: Option<&[String]>) -> Result<C::Answer, String> {
    let Some(Entry(name, forms, call)) = methods().into_iter().find(|entry| entry.0 == method) else {
        let names = methods::<C>().map(|entry| entry.0).join(", ");
        return Err(format!("there is no method {method}; there are {names}"));
    };
    let texts = params.unwrap_or_default();
    let fits = |form: &&str| {
        let most = form.split_whitespace().count();
        let least = form.split_whitespace().filter(|param| !param.starts_with('[')).count();
        (least..=most).contains(&texts.len())
    };
    let params_given = params.is_some();
    let params = Params { name, forms, texts };
    if params_given && !forms.iter().any(fits) {
        return Err(format!("the number of parameters is wrong; {}", params.call_as()));
    }
    call(caller, params)
}

/// The parameters of a call; there are none if they do not matter.
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
        (Some("") | None, Some(_)) | (None, None) => {
            let id = params.parse(1, "the id of a peer, a whole number")?;
            Ok(DisconnectNode::Id(id.unwrap_or_default()))
        }
        (Some(""), None) => Err(params.wrong("", "the address of a peer")),
        (Some(address), None) => Ok(DisconnectNode::Address(address.into())),
        (Some(address), Some(_)) => Err(params.wrong(address, "\"\", as before an ID")),
    }
}

fn set_ban(params: &Params<'_>) -> Result<SetBan, String> {
    let subnet = match params.text(0) {
        None => IpAddr::from(Ipv4Addr::UNSPECIFIED).into(),
        Some(text) => Subnet::parse(text)
            .ok_or_else(|| params.wrong(text, "an IP address, or a subnet such as 198.51.100.0/24"))?,
    };
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

fn value<C: Caller, M: Method>(caller: &mut C, method: &M) -> Result<C::Answer, String>
where
    for<'a> M::Response<'a>: ToJson,
{
    caller.call(method, |result| Ok(to_string(&result)))
}

fn list_of<C: Caller, M: Method>(caller: &mut C, method: &M) -> Result<C::Answer, String>
where
    for<'a> M::Response<'a>: Elements,
{
    caller.call(method, |result| Ok(format!("[{}]", result.to_strings()?.join(","))))
}

/// A list, which has no JSON of its own because each of its elements can turn out to be wrong.
trait Elements {
    fn to_strings(self) -> Result<Vec<String>, json::Error>;
}

impl<'a, V: FromJson<'a> + ToJson> Elements for Items<'a, V> {
    fn to_strings(self) -> Result<Vec<String>, json::Error> {
        self.map(|element| Ok(to_string(&element?))).collect()
    }
}

/// A value as JSON that is fit for a terminal.
pub(crate) fn to_string(value: &impl ToJson) -> String {
    let mut buf = Vec::new();
    loop {
        match to_slice(value, &mut buf) {
            // What a terminal would obey stands in strings only, and means the same there when escaped.
            Ok(json) => return terminal::escape(&String::from_utf8_lossy(json)),
            Err(error) => buf.resize(error.needed, 0),
        }
    }
}
