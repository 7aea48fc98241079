//! The trait of all methods: a name, parameters, and the type of the result.

use crate::bytes::writer::Writer;
use crate::json::FromJson;
use crate::rpc::Sequence;

/// A method of the node, with its parameters.
///
/// The methods of the network category are in [`network`](crate::network). Another method takes a few lines:
///
/// ```
/// use defichain_net_rpc::{Method, Response, response};
///
/// /// Asks for the number of blocks in the best chain.
/// struct GetBlockCount;
///
/// impl Method for GetBlockCount {
///     type Response<'a> = u64;
///
///     fn name(&self) -> &str {
///         "getblockcount"
///     }
/// }
///
/// let count: Response<GetBlockCount> = response(1, br#"{"result":400,"error":null,"id":1}"#)?;
/// assert_eq!(count, 400);
/// # Ok::<(), defichain_net_rpc::Error>(())
/// ```
///
/// With parameters, and a result that borrows from the reply:
///
/// ```
/// use defichain_net_rpc::json::{Text, Writer};
/// use defichain_net_rpc::{Method, Response, request, response};
///
/// /// Asks for the hash of the block at a height of the best chain.
/// struct GetBlockHash {
///     height: u32,
/// }
///
/// impl Method for GetBlockHash {
///     type Response<'a> = Text<&'a str>;
///
///     fn name(&self) -> &str {
///         "getblockhash"
///     }
///
///     fn params(&self, writer: &mut Writer<'_>) {
///         writer.array(|params| params.item(&self.height));
///     }
/// }
///
/// let method = GetBlockHash { height: 7 };
/// let mut buf = [0; 80];
/// assert_eq!(
///     request(&method, 1, &mut buf)?,
///     br#"{"jsonrpc":"1.0","id":1,"method":"getblockhash","params":[7]}"#
/// );
/// let hash: Response<GetBlockHash> = response(1, br#"{"result":"00a1","error":null,"id":1}"#)?;
/// assert_eq!(hash, "00a1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Define a result that is an object with [`json_object!`](crate::json_object).
pub trait Method {
    /// The result of the method, which may borrow from the reply.
    type Response<'a>: FromJson<'a>;

    /// Returns the name of the method.
    fn name(&self) -> &str;

    /// Writes the parameters: an array in their order, or an object by their names. Defaults to `[]`.
    fn params(&self, writer: &mut Writer<'_>) {
        writer.array(|_| ());
    }

    /// Whether the request may be sent again if it is unknown whether the node has carried it out (RFC 9110, section 9.2.2):
    /// `true` for a method that only reads. Defaults to `false`.
    fn is_repeatable(&self) -> bool {
        false
    }
}

/// The result of a method, which may borrow from the reply.
pub type Response<'a, M> = <M as Method>::Response<'a>;

/// One element of the result of a method, if that is a list.
pub type Item<'a, M> = <<M as Method>::Response<'a> as Sequence<'a>>::Item;

/// The parameters of a method, whatever its response.
pub(crate) trait Params {
    fn write_params(&self, writer: &mut Writer<'_>);
}

impl<M: Method> Params for M {
    fn write_params(&self, writer: &mut Writer<'_>) {
        self.params(writer);
    }
}

impl<M: Method> Method for &M {
    type Response<'a> = M::Response<'a>;

    fn name(&self) -> &str {
        (**self).name()
    }

    fn params(&self, writer: &mut Writer<'_>) {
        (**self).params(writer);
    }

    fn is_repeatable(&self) -> bool {
        (**self).is_repeatable()
    }
}

#[cfg(test)]
mod tests {
    use super::Method;
    use crate::network::{GetPeerInfo, SetNetworkActive};
    use crate::rpc::request;

    #[test]
    fn a_reference_to_a_method_is_the_method() {
        let method = SetNetworkActive { state: true };
        assert_eq!(
            request(&&method, 1, &mut [0; 128]).unwrap(),
            request(&method, 1, &mut [0; 128]).unwrap()
        );
        assert!(!Method::is_repeatable(&&method) && Method::is_repeatable(&&GetPeerInfo));
    }
}
