//! A method by its name, with its parameters as a command line has them, and its result as JSON in the node's own shape.

use std::str::FromStr;

use defichain_net_rpc::Method;
use defichain_net_rpc::json::{self, FromJson, Items, ToJson, to_slice};
use defichain_net_rpc::network::{GetConnectionCount, GetNetTotals, GetNetworkInfo, GetPeerInfo, SetNetworkActive};

use crate::terminal;

/// Whatever a method's result comes from: a node, or a recorded reply.
pub(crate) trait Caller {
    /// Gets the result, and has it written as JSON while it is there; what went wrong is one line for people.
    fn call<M: Method>(
        &mut self,
        method: &M,
        json: impl FnOnce(M::Response<'_>) -> Result<String, json::Error>,
    ) -> Result<String, String>;
}

/// The methods: the name, the parameters as a usage text has them, and the call.
fn methods<C: Caller>() -> [Entry<C>; 5] {
    [
        Entry("getconnectioncount", "", |c, _| value(c, &GetConnectionCount)),
        Entry("getnettotals", "", |c, _| value(c, &GetNetTotals)),
        Entry("getnetworkinfo", "", |c, _| value(c, &GetNetworkInfo)),
        Entry("getpeerinfo", "", |c, _| list_of(c, &GetPeerInfo)),
        Entry("setnetworkactive", "true|false", |c, p| {
            value(c, &SetNetworkActive { state: p.parse(0)? })
        }),
    ]
}

struct Entry<C>(
    &'static str,
    &'static str,
    fn(&mut C, Params<'_>) -> Result<String, String>,
);

/// The names of the methods with their parameters.
pub(crate) fn list<C: Caller>() -> String {
    methods::<C>()
        .map(|Entry(name, usage, _)| format!("{name} {usage}").trim_end().to_owned())
        .join(", ")
}

/// Calls a method. Without `params` there is no request, only a reply that they do not matter to.
pub(crate) fn call<C: Caller>(caller: &mut C, method: &str, params: Option<&[String]>) -> Result<String, String> {
    let Some(Entry(name, usage, call)) = methods().into_iter().find(|entry| entry.0 == method) else {
        return Err(format!("there is no method {method}; there are {}", list::<C>()));
    };
    let most = usage.split_whitespace().count();
    let least = usage.split_whitespace().filter(|param| !param.starts_with('[')).count();
    if params.is_some_and(|params| !(least..=most).contains(&params.len())) {
        return Err(format!("the number of parameters is wrong; {}", call_as(name, usage)));
    }
    let texts = params.unwrap_or_default();
    let json = call(caller, Params { name, usage, texts })?;
    Ok(json + "\n")
}

struct Params<'p> {
    name: &'p str,
    usage: &'p str,
    texts: &'p [String],
}

impl Params<'_> {
    /// A parameter; if there is none, any value will do.
    fn parse<T: FromStr + Default>(&self, index: usize) -> Result<T, String> {
        let Some(text) = self.texts.get(index) else {
            return Ok(T::default());
        };
        text.parse()
            .map_err(|_| format!("the parameter {text} is wrong; {}", call_as(self.name, self.usage)))
    }
}

fn call_as(name: &str, usage: &str) -> String {
    match usage {
        "" => format!("{name} takes none"),
        _ => format!("call it as {name} {usage}"),
    }
}

fn value<C: Caller, M: Method>(caller: &mut C, method: &M) -> Result<String, String>
where
    for<'a> M::Response<'a>: ToJson,
{
    caller.call(method, |result| Ok(to_string(&result)))
}

fn list_of<C: Caller, M: Method>(caller: &mut C, method: &M) -> Result<String, String>
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

fn to_string(value: &impl ToJson) -> String {
    let mut buf = Vec::new();
    loop {
        match to_slice(value, &mut buf) {
            // What a terminal would obey stands in strings only, and means the same there when escaped.
            Ok(json) => return terminal::escape(&String::from_utf8_lossy(json)),
            Err(error) => buf.resize(error.needed, 0),
        }
    }
}
