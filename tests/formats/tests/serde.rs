//! serde with any format: both directions, inside of what people put around a response, borrowed or owned.

#[path = "../../support/methods.rs"]
mod methods;

use std::any::type_name;
use std::fmt::Debug;

use defichain_net_rpc::json::{Discard, List, Map, Number, Raw, Text, Truncated};
use defichain_net_rpc::network::{
    AddedNodeInfo, Ban, NetTotals, NetworkInfo, NodeAddress, NodeStatusInfo, PeerInfo, VersionInfo,
};
use defichain_net_rpc::rpc::Code;
use defichain_net_rpc::{Amount, PeerAddress, Permission, Services, UnixTime, json, json_object};
use serde::de::value::{BorrowedStrDeserializer, BytesDeserializer, Error as Wrong, F64Deserializer, MapDeserializer};
use serde::de::{DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::{Deserialize, Serialize, forward_to_deserialize_any};

const PEER: &str = r#"{"id":3,"addr":"198.51.100.7:8555","addrlocal":"192.0.2.5:50112","addrbind":"192.0.2.5:50112","services":"0000000000000409","relaytxes":true,"lastsend":1700000100,"lastrecv":1700000101,"bytessent":1200,"bytesrecv":3400,"conntime":1700000000,"timeoffset":-1,"pingtime":0.021345,"minping":2.0,"version":70036,"subver":"/DeFiChain:3.2.8/","inbound":false,"addnode":false,"startingheight":800000,"banscore":0,"synced_headers":800001,"synced_blocks":800001,"inflight":[1,2],"addr_processed":5,"addr_rate_limited":0,"whitelisted":false,"permissions":["noban","later"],"minfeefilter":0.00001,"bytessent_per_msg":{"version":127},"bytesrecv_per_msg":{"version":102}}"#;
const NETWORK: &str = r#"{"version":3020800,"subversion":"/DeFiChain:3.2.8/","protocolversion":70036,"localservices":"0000000000000409","localrelay":true,"timeoffset":0,"networkactive":true,"connections":0,"networks":[{"name":"ipv4","limited":false,"reachable":true,"proxy":"","proxy_randomize_credentials":false}],"relayfee":0.00001,"incrementalfee":1.0,"localaddresses":[{"address":"192.0.2.5","port":8555,"score":1}],"warnings":["a \"b\""]}"#;
const VERSION: &str = r#"{"name":"DeFiChain","version":"3.2.8","numericVersion":3020800,"fullVersion":"DeFiChain:3.2.8","userAgent":"/DeFiChain:3.2.8/","protoVersion":70036,"protoVersionMin":70023,"rpcVersion":"1","rpcVersionMin":"1","spv":{"btc":{"version":70013,"min":70002,"userAgent":"/bread:2.1/"}}}"#;
const TOTALS: &str = r#"{"totalbytesrecv":57,"totalbytessent":19,"timemillis":1795354416124,"uploadtarget":{"timeframe":86400,"target":0,"target_reached":false,"serve_historical_blocks":true,"bytes_left_in_cycle":0,"time_left_in_cycle":0}}"#;
const ADDED: &str = r#"{"addednode":"127.0.0.1:20000","connected":true,"addresses":[{"address":"127.0.0.1:20000","connected":"outbound"}]}"#;
const ADDRESS: &str = r#"{"time":1795284768,"services":1033,"address":"5.45.38.134","port":1}"#;
const STATUS: &str = r#"{"health_status":true,"sync_to_tip":true,"active_peer_nodes":true}"#;
const BAN: &str = r#"{"address":"198.51.100.0/24","banned_until":1795440830,"ban_created":1795354430}"#;

/// What people put around a response.
#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Around<V> {
    node: String,
    #[serde(flatten)]
    value: V,
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
#[serde(tag = "kind")]
enum Tagged<V> {
    Value(V),
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
#[serde(tag = "kind", content = "value")]
enum Adjacent<V> {
    Value(V),
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
#[serde(untagged)]
enum Untagged<V> {
    Value(V),
    Other(u64),
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Within<V> {
    value: V,
}

/// Tests a type by a value; returns the name of the type.
#[track_caller]
fn survives<V>(json: &str) -> &'static str
where
    V: for<'a> json::FromJson<'a> + Serialize + DeserializeOwned + PartialEq + Debug,
{
    let value: V = json::from_slice(json.as_bytes()).unwrap();
    through_json(&value);
    through_json(&Around {
        node: "a".to_owned(),
        value: json::from_slice::<V>(json.as_bytes()).unwrap(),
    });
    through_json(&Tagged::Value(json::from_slice::<V>(json.as_bytes()).unwrap()));
    through_json(&Adjacent::Value(json::from_slice::<V>(json.as_bytes()).unwrap()));
    through_json(&Untagged::Value(json::from_slice::<V>(json.as_bytes()).unwrap()));
    through_json(&vec![Some(json::from_slice::<V>(json.as_bytes()).unwrap()), None]);
    assert_eq!(serde_json::to_string(&value).unwrap(), json);
    let text = toml::to_string(&value).unwrap();
    assert_eq!(toml::from_str::<V>(&text).unwrap(), value, "{text}");
    let text = toml::to_string_pretty(&Within {
        value: json::from_slice::<V>(json.as_bytes()).unwrap(),
    })
    .unwrap();
    assert_eq!(toml::from_str::<Within<V>>(&text).unwrap().value, value, "{text}");
    through_cbor(&value);
    through_cbor(&Around {
        node: "a".to_owned(),
        value: json::from_slice::<V>(json.as_bytes()).unwrap(),
    });
    assert!(!postcard::to_allocvec(&value).unwrap().is_empty());
    type_name::<V>()
}

#[track_caller]
fn through_json<V: Serialize + DeserializeOwned + PartialEq + Debug>(value: &V) {
    let compact = serde_json::to_string(value).unwrap();
    assert_eq!(serde_json::from_str::<V>(&compact).unwrap(), *value, "{compact}");
    assert_eq!(
        serde_json::from_reader::<_, V>(compact.as_bytes()).unwrap(),
        *value,
        "{compact}"
    );
    let pretty = serde_json::to_string_pretty(value).unwrap();
    assert_eq!(serde_json::from_str::<V>(&pretty).unwrap(), *value, "{pretty}");
    let tree = serde_json::to_value(value).unwrap();
    assert_eq!(serde_json::from_value::<V>(tree.clone()).unwrap(), *value, "{tree}");
}

#[track_caller]
fn through_cbor<V: Serialize + DeserializeOwned + PartialEq + Debug>(value: &V) {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    assert_eq!(ciborium::from_reader::<V, _>(bytes.as_slice()).unwrap(), *value);
}

#[test]
fn every_response_survives_every_format() {
    let tested = [
        survives::<PeerInfo<String>>(PEER),
        survives::<NetworkInfo<String>>(NETWORK),
        survives::<VersionInfo<String>>(VERSION),
        survives::<NetTotals>(TOTALS),
        survives::<AddedNodeInfo<String>>(ADDED),
        survives::<NodeAddress<String>>(ADDRESS),
        survives::<NodeStatusInfo>(STATUS),
        survives::<Ban<String>>(BAN),
    ];
    // Numbers, booleans and `()` are serde's own affair.
    let others = ["u64", "bool", "()"];
    methods::assert_all_listed(tested.into_iter().chain(others), |(_, response)| response);
}

#[test]
fn every_storage_that_can_be_appended_to_will_do() {
    survives::<PeerInfo<heapless::String<64>>>(PEER);
    survives::<NetworkInfo<heapless::String<128>>>(NETWORK);
    survives::<PeerInfo<Truncated<64>>>(PEER);
    survives::<VersionInfo<Truncated<32>>>(VERSION);
    let peer: PeerInfo<Truncated<20>, Discard> = serde_json::from_str(PEER).unwrap();
    assert!(peer.permissions.is_empty() && peer.bytes_sent_per_msg.is_empty());
    let peer: PeerInfo<Truncated<4>, Discard> = serde_json::from_str(PEER).unwrap();
    assert_eq!(
        (peer.subver.to_string(), peer.subver.is_cut()),
        ("/DeF".to_owned(), true)
    );
    assert_eq!(
        (peer.addr.socket_addr(), peer.addr.to_string()),
        (None, "198.".to_owned())
    );
    let error = serde_json::from_str::<PeerInfo<heapless::String<4>, Discard>>(PEER).unwrap_err();
    assert!(error.to_string().contains("too long"), "{error}");
}

#[test]
fn a_borrowed_response_is_serialised_as_an_owned_one() {
    let borrowed: PeerInfo<&str> = json::from_slice(PEER.as_bytes()).unwrap();
    assert_eq!(serde_json::to_string(&borrowed).unwrap(), PEER);
    assert_eq!(
        serde_json::from_str::<PeerInfo<String>>(PEER).unwrap(),
        borrowed.into_owned()
    );
}

#[test]
fn unknown_members_are_skipped_and_order_does_not_matter() {
    let json = r#"{"new":{"a":[1]},"active_peer_nodes":true,"sync_to_tip":true,"health_status":false}"#;
    assert!(!serde_json::from_str::<NodeStatusInfo>(json).unwrap().health_status);
    let error = serde_json::from_str::<NodeStatusInfo>(r#"{"sync_to_tip":true}"#).unwrap_err();
    assert!(error.to_string().contains("missing field `health_status`"), "{error}");
}

#[test]
fn values_survive_formats_that_do_not_describe_themselves() {
    let values = (
        Amount::from_units(123_456_789),
        UnixTime::from_secs(7),
        Services::from_bits(0x409),
        json::from_slice::<Text<String>>(br#""a\"b""#).unwrap(),
        json::from_slice::<PeerAddress<String>>(br#""[::1]:1""#).unwrap(),
    );
    let bytes = postcard::to_allocvec(&values).unwrap();
    assert_eq!(
        postcard::from_bytes::<(Amount, UnixTime, Services, Text<String>, PeerAddress<String>)>(&bytes).unwrap(),
        values
    );
    let totals: NetTotals = json::from_slice(TOTALS.as_bytes()).unwrap();
    let bytes = postcard::to_allocvec(&totals).unwrap();
    assert_eq!(postcard::from_bytes::<NetTotals>(&bytes).unwrap(), totals);
}

json_object! {
    /// A user's own struct.
    #[derive(Deserialize, Serialize)]
    #[serde(bound(serialize = "", deserialize = "T: json::Build"))]
    pub struct Block<T> {
        /// Its hash.
        pub hash: Text<T>,
        /// Its size.
        #[serde(rename = "nTx")]
        pub transactions: u32 = "nTx",
        /// What it pays.
        pub reward: Amount,
        /// How hard it was.
        pub difficulty: Number<T>,
        /// Who was paid.
        pub outputs: List<T, Output<T>>,
        /// What, by kind.
        pub kinds: Map<T, u64>,
        /// Anything else.
        pub extra: Raw<T>,
        /// The next one.
        #[serde(rename = "nextblockhash", skip_serializing_if = "Option::is_none")]
        pub next: Option<Text<T>> = "nextblockhash",
    }
}

json_object! {
    /// A part of it.
    #[derive(Deserialize, Serialize)]
    #[serde(bound(serialize = "", deserialize = "T: json::Build"))]
    pub struct Output<T> {
        /// The kind.
        pub r#type: Text<T>,
        /// The amount.
        pub value: Amount,
    }
}

#[test]
fn a_struct_of_a_users_own_survives_every_format() {
    let json = r#"{"hash":"00a1","nTx":1,"reward":0.5,"difficulty":2.5,"outputs":[{"type":"key\n","value":0.00001}],"kinds":{"a":1},"extra":[1,{"b":"c"}]}"#;
    survives::<Block<String>>(json);
    survives::<Block<heapless::String<64>>>(json);
    survives::<Block<Truncated<64>>>(json);
}

#[test]
fn a_permission_is_its_name() {
    let permission: Permission<'_> = serde_json::from_str("\"noban\"").unwrap();
    assert_eq!(permission, Permission::NoBan);
    let permission: Permission<'_> = serde_json::from_str("\"later\"").unwrap();
    assert_eq!(serde_json::to_string(&permission).unwrap(), "\"later\"");
}

/// Why a value is not read from this JSON.
#[track_caller]
fn wrong<'de, V: Deserialize<'de> + Debug>(json: &'de str) -> String {
    serde_json::from_str::<V>(json).unwrap_err().to_string()
}

/// Why a value is not read from what a format may have and JSON has not.
#[track_caller]
fn foreign<'de, V: Deserialize<'de> + Debug>(deserializer: impl Deserializer<'de, Error = Wrong>) -> String {
    V::deserialize(deserializer).unwrap_err().to_string()
}

#[test]
fn what_is_of_another_type_is_refused_in_words() {
    for (error, expected) in [
        (wrong::<Text<String>>("1"), "expected a string"),
        (wrong::<Services>("1"), "expected 16 hex digits in lower case"),
        (wrong::<Permission<'_>>("1"), "expected a permission"),
        (wrong::<NetworkInfo<String>>("1"), "expected the object NetworkInfo"),
        (wrong::<Permission<'_>>(r#""l\u0061ter""#), "expected a permission"),
    ] {
        assert!(error.contains(expected), "{error}");
    }
    let permission: Permission<'_> = serde_json::from_str(r#""n\u006fban""#).unwrap();
    assert_eq!(permission, Permission::NoBan);
}

#[test]
fn what_json_cannot_have_is_refused_in_words() {
    let numbers = [(1_u64, 2_u64)];
    let private = [("$serde_json::private::Number", 5_u64)];
    let bytes = BytesDeserializer::<Wrong>::new(b"a");
    for (error, expected) in [
        (foreign::<Raw<String>>(bytes), "expected a value that JSON has"),
        (
            foreign::<Raw<String>>(F64Deserializer::new(f64::NAN)),
            "expected a value that JSON has",
        ),
        (
            foreign::<Raw<String>>(MapDeserializer::new(numbers.into_iter())),
            "expected a name",
        ),
        (
            foreign::<Raw<String>>(MapDeserializer::new(private.into_iter())),
            "expected a number",
        ),
        (
            foreign::<NodeStatusInfo>(MapDeserializer::new(numbers.into_iter())),
            "expected the name of a member",
        ),
        (
            foreign::<Text<&str>>(BorrowedStrDeserializer::new("a\"b")),
            "cannot be borrowed",
        ),
    ] {
        assert!(error.contains(expected), "{error}");
    }
    let large: Number<&str> = json::from_slice(b"1e999").unwrap();
    assert!(serde_json::to_string(&large).is_err());
}

/// A format in which a value is optional, or has a name.
enum Wrapped {
    Some,
    Newtype,
}

impl<'de> Deserializer<'de> for Wrapped {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let number = 7_u64.into_deserializer();
        match self {
            Self::Some => visitor.visit_some::<serde::de::value::U64Deserializer<Wrong>>(number),
            Self::Newtype => visitor.visit_newtype_struct::<serde::de::value::U64Deserializer<Wrong>>(number),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}

#[test]
fn what_a_format_wraps_is_unwrapped() {
    for wrapped in [Wrapped::Some, Wrapped::Newtype] {
        assert_eq!(
            <Raw<String> as Deserialize>::deserialize(wrapped).unwrap().as_str(),
            "7"
        );
    }
    // The null of CBOR.
    let null: Raw<String> = ciborium::from_reader([0xf6].as_slice()).unwrap();
    assert_eq!(null.as_str(), "null");
}

#[test]
fn a_code_is_its_number() {
    assert_eq!(serde_json::from_str::<Code>("-28").unwrap(), Code::IN_WARMUP);
    assert_eq!(serde_json::to_string(&Code::IN_WARMUP).unwrap(), "-28");
}
