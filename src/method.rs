//! What a method is: a name, parameters, and the type of its result.

use crate::json::{FromJson, Writer};

/// A method of the node, with its parameters.
///
/// The methods of the network category are in [`network`](crate::network). One of another category takes a few lines:
///
/// ```
/// use defichain_net_rpc::{Method, response};
///
/// /// How many blocks the best chain has.
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
/// assert_eq!(response(&GetBlockCount, 1, br#"{"result":400,"error":null,"id":1}"#)?, 400);
/// # Ok::<(), defichain_net_rpc::ResponseError>(())
/// ```
///
/// With parameters, and a result that borrows from the reply:
///
/// ```
/// use defichain_net_rpc::json::{Text, Writer};
/// use defichain_net_rpc::{Method, request, response};
///
/// /// The hash of the block at a height of the best chain.
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
/// let hash = response(&method, 1, br#"{"result":"00a1","error":null,"id":1}"#)?;
/// assert_eq!(hash, "00a1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A result that is an object is defined with [`json_object!`](crate::json_object).
pub trait Method {
    /// The result of the method, as it borrows from the reply.
    type Response<'a>: FromJson<'a>;

    /// The name of the method.
    fn name(&self) -> &str;

    /// Writes the parameters: an array of them in their order, or an object of them by name. Unless this is implemented
    /// there are none.
    fn params(&self, writer: &mut Writer<'_>) {
        writer.array(|_| ());
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
}

#[cfg(test)]
mod tests {
    use crate::network::SetNetworkActive;
    use crate::request;

    #[test]
    fn a_reference_to_a_method_is_the_method() {
        let method = SetNetworkActive { state: true };
        assert_eq!(
            request(&&method, 1, &mut [0; 128]).unwrap(),
            request(&method, 1, &mut [0; 128]).unwrap()
        );
    }
}
