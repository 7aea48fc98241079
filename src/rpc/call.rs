//! Any method by its name, with whatever serde can write and read.

use alloc::string::String;

use serde::Serialize;
use serde::ser::Error as _;

use crate::json::{Raw, Writer};
use crate::method::Method;

/// A call of any method of the node by its name.
///
/// The result comes as [`Raw`] JSON, from which serde reads what is wanted of it.
///
/// ```
/// use defichain_net_rpc::rpc::Call;
/// use defichain_net_rpc::{Response, request, response};
///
/// let method = Call::new("getblockhash", &[7])?;
/// let mut buf = [0; 128];
/// let body = request(&method, 1, &mut buf)?;
/// assert_eq!(body, br#"{"jsonrpc":"1.0","id":1,"method":"getblockhash","params":[7]}"#);
///
/// let reply = br#"{"result":"00a1","error":null,"id":1}"#;
/// let hash: String = response::<Response<Call>>(1, reply)?.deserialize()?;
/// assert_eq!(hash, "00a1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Call<'n> {
    name: &'n str,
    /// JSON: an array or an object.
    params: String,
    repeatable: bool,
}

impl<'n> Call<'n> {
    /// A call with parameters in their order, from what serde writes as an array (such as a tuple), or by name, from what
    /// it writes as an object (such as a map); `&()` for none.
    ///
    /// # Errors
    ///
    /// The parameters cannot be written as JSON, or are neither of these.
    pub fn new<P: Serialize + ?Sized>(name: &'n str, params: &P) -> Result<Self, serde_json::Error> {
        let mut params = serde_json::to_string(params)?;
        match params.as_bytes() {
            [b'[' | b'{', ..] => {}
            b"null" => params = String::from("[]"),
            _ => return Err(serde_json::Error::custom("parameters must be an array or an object")),
        }
        Ok(Self {
            name,
            params,
            repeatable: false,
        })
    }

    /// Says that the method only reads, so that the request [may be sent again](Method::is_repeatable) where nobody knows
    /// whether the node has carried it out.
    ///
    /// ```
    /// use defichain_net_rpc::Method;
    /// use defichain_net_rpc::rpc::Call;
    ///
    /// let call = Call::new("getblockcount", &())?;
    /// assert!(!call.is_repeatable());
    /// assert!(call.repeatable().is_repeatable());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn repeatable(self) -> Self {
        Self {
            repeatable: true,
            ..self
        }
    }
}

impl Method for Call<'_> {
    type Response<'a> = Raw<&'a str>;

    fn name(&self) -> &str {
        self.name
    }

    fn params(&self, writer: &mut Writer<'_>) {
        writer.raw(self.params.as_bytes());
    }

    fn is_repeatable(&self) -> bool {
        self.repeatable
    }
}

#[cfg(feature = "defmt-v1")]
impl defmt::Format for Call<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(
            f,
            "Call {{ name: {=str}, params: {=str} }}",
            self.name,
            self.params.as_str()
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpc::request;
    use alloc::collections::BTreeMap;

    #[test]
    fn parameters_are_an_array_or_an_object() {
        let body = |call: Call<'_>| {
            let mut buf = [0; 128];
            let body = request(&call, 1, &mut buf).unwrap();
            serde_json::from_slice::<serde_json::Value>(body).unwrap()["params"].to_string()
        };
        assert_eq!(body(Call::new("a", &()).unwrap()), "[]");
        assert_eq!(
            body(Call::new("a", &("b\n", 1, None::<u8>)).unwrap()),
            r#"["b\n",1,null]"#
        );
        assert_eq!(body(Call::new("a", &BTreeMap::from([("b", 1)])).unwrap()), r#"{"b":1}"#);
        assert!(Call::new("a", "b").is_err());
        assert!(Call::new("a", &BTreeMap::from([((1, 2), 3)])).is_err());
    }
}
