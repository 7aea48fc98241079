//! The codes of the node's errors.

use core::fmt;

use crate::json::{FromJson, Reader, ToJson, Writer};

/// The code of an error of the node. Those that the node's source names are constants here; any other stays a number.
///
/// ```
/// use defichain_net_rpc::rpc::Code;
///
/// assert_eq!(Code(-28), Code::IN_WARMUP);
/// assert_eq!(Code::IN_WARMUP.name(), Some("RPC_IN_WARMUP"));
/// assert_eq!(Code(-99).name(), None);
/// ```
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub i32);

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal $node:literal;)*) => {
        impl Code {
            $(
                $(#[$doc])*
                #[doc = concat!("\n\n`", $node, "`, ", $code, ".")]
                #[doc(alias = $node)]
                pub const $name: Self = Self($code);
            )*

            /// The name that the node's source gives the code (`rpc/protocol.h`), if it has one.
            #[must_use]
            pub const fn name(self) -> Option<&'static str> {
                match self {
                    $(Self::$name => Some($node),)*
                    _ => None,
                }
            }
        }
    };
}

codes! {
    /// The request is no valid request object (JSON-RPC 2.0, section 5.1).
    INVALID_REQUEST = -32600 "RPC_INVALID_REQUEST";
    /// The node does not know the method: it is misspelt, or of a later release.
    METHOD_NOT_FOUND = -32601 "RPC_METHOD_NOT_FOUND";
    /// The parameters do not go together.
    INVALID_PARAMS = -32602 "RPC_INVALID_PARAMS";
    /// The node failed.
    INTERNAL_ERROR = -32603 "RPC_INTERNAL_ERROR";
    /// The request is not JSON.
    PARSE_ERROR = -32700 "RPC_PARSE_ERROR";
    /// Anything without a code of its own. With a wrong number of parameters the message is the whole usage text, up to
    /// 3.5 kB.
    MISC_ERROR = -1 "RPC_MISC_ERROR";
    /// Reserved; formerly the server in safe mode.
    FORBIDDEN_BY_SAFE_MODE = -2 "RPC_FORBIDDEN_BY_SAFE_MODE";
    /// A parameter of an unexpected type.
    TYPE_ERROR = -3 "RPC_TYPE_ERROR";
    /// A problem with the wallet.
    WALLET_ERROR = -4 "RPC_WALLET_ERROR";
    /// An invalid address or key.
    INVALID_ADDRESS_OR_KEY = -5 "RPC_INVALID_ADDRESS_OR_KEY";
    /// Not enough funds in the wallet or account.
    WALLET_INSUFFICIENT_FUNDS = -6 "RPC_WALLET_INSUFFICIENT_FUNDS";
    /// The node ran out of memory.
    OUT_OF_MEMORY = -7 "RPC_OUT_OF_MEMORY";
    /// An invalid, missing or unknown parameter.
    INVALID_PARAMETER = -8 "RPC_INVALID_PARAMETER";
    /// The node is not connected to any peer.
    CLIENT_NOT_CONNECTED = -9 "RPC_CLIENT_NOT_CONNECTED";
    /// The node is still downloading its first blocks.
    CLIENT_IN_INITIAL_DOWNLOAD = -10 "RPC_CLIENT_IN_INITIAL_DOWNLOAD";
    /// An invalid label.
    WALLET_INVALID_LABEL_NAME = -11 "RPC_WALLET_INVALID_LABEL_NAME";
    /// The keypool ran out.
    WALLET_KEYPOOL_RAN_OUT = -12 "RPC_WALLET_KEYPOOL_RAN_OUT";
    /// The wallet has to be unlocked first.
    WALLET_UNLOCK_NEEDED = -13 "RPC_WALLET_UNLOCK_NEEDED";
    /// A wrong passphrase.
    WALLET_PASSPHRASE_INCORRECT = -14 "RPC_WALLET_PASSPHRASE_INCORRECT";
    /// The wallet is encrypted and should not be, or the other way round.
    WALLET_WRONG_ENC_STATE = -15 "RPC_WALLET_WRONG_ENC_STATE";
    /// The wallet could not be encrypted.
    WALLET_ENCRYPTION_FAILED = -16 "RPC_WALLET_ENCRYPTION_FAILED";
    /// The wallet is unlocked already.
    WALLET_ALREADY_UNLOCKED = -17 "RPC_WALLET_ALREADY_UNLOCKED";
    /// No wallet of that name.
    WALLET_NOT_FOUND = -18 "RPC_WALLET_NOT_FOUND";
    /// There are several wallets, and none was named.
    WALLET_NOT_SPECIFIED = -19 "RPC_WALLET_NOT_SPECIFIED";
    /// A database failed; of the network methods: the list of bans is not loaded.
    DATABASE_ERROR = -20 "RPC_DATABASE_ERROR";
    /// Raw data that could not be decoded.
    DESERIALIZATION_ERROR = -22 "RPC_DESERIALIZATION_ERROR";
    /// The node was added before; from `setban`: the address or subnet is banned already.
    CLIENT_NODE_ALREADY_ADDED = -23 "RPC_CLIENT_NODE_ALREADY_ADDED";
    /// The node was not added before.
    CLIENT_NODE_NOT_ADDED = -24 "RPC_CLIENT_NODE_NOT_ADDED";
    /// A transaction or block failed to verify.
    VERIFY_ERROR = -25 "RPC_VERIFY_ERROR";
    /// A transaction or block was rejected by the rules of the network.
    VERIFY_REJECTED = -26 "RPC_VERIFY_REJECTED";
    /// The transaction is in the chain already.
    VERIFY_ALREADY_IN_CHAIN = -27 "RPC_VERIFY_ALREADY_IN_CHAIN";
    /// The node is still starting. The message says what it does.
    IN_WARMUP = -28 "RPC_IN_WARMUP";
    /// The node to disconnect is not connected.
    CLIENT_NODE_NOT_CONNECTED = -29 "RPC_CLIENT_NODE_NOT_CONNECTED";
    /// An invalid IP address or subnet; also one to unban that is not banned.
    CLIENT_INVALID_IP_OR_SUBNET = -30 "RPC_CLIENT_INVALID_IP_OR_SUBNET";
    /// The node runs without its peer-to-peer part.
    CLIENT_P2P_DISABLED = -31 "RPC_CLIENT_P2P_DISABLED";
    /// The method is deprecated and has to be switched on.
    METHOD_DEPRECATED = -32 "RPC_METHOD_DEPRECATED";
}

impl FromJson<'_> for Code {
    fn read(&mut self, reader: &mut Reader<'_>) {
        self.0.read(reader);
    }
}

impl ToJson for Code {
    fn to_json(&self, writer: &mut Writer<'_>) {
        self.0.to_json(writer);
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{from_slice, to_slice};

    #[test]
    fn a_code_is_its_number() {
        let code: Code = from_slice(b"-28").unwrap();
        assert_eq!((code, code.name()), (Code::IN_WARMUP, Some("RPC_IN_WARMUP")));
        assert_eq!(code.to_string(), "-28");
        assert_eq!(to_slice(&code, &mut [0; 3]).unwrap(), b"-28");
        assert_eq!(Code(0).name(), None);
    }
}
