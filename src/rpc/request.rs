//! Requests.

use crate::bytes::writer::{BufferTooSmall, Writer};
use crate::method::{Method, Params};

/// Writes the request for a method into a buffer, and gives the part of it that was written.
///
/// The text is that of jellyfish: `{"jsonrpc":"1.0","id":1,"method":"getpeerinfo","params":[]}`. The node gives the `id`
/// back with the reply; any number will do, a new one for each request is best.
///
/// ```
/// use defichain_net_rpc::network::SetNetworkActive;
/// use defichain_net_rpc::request;
///
/// let mut buf = [0; 128];
/// let body = request(&SetNetworkActive { state: false }, 46, &mut buf)?;
/// assert_eq!(body, br#"{"jsonrpc":"1.0","id":46,"method":"setnetworkactive","params":[false]}"#);
/// # Ok::<(), defichain_net_rpc::BufferTooSmall>(())
/// ```
///
/// # Errors
///
/// [`BufferTooSmall`], with the size that the request takes. Requests of the network methods without parameters take 85
/// bytes at most.
pub fn request<'b, M: Method>(method: &M, id: u64, buf: &'b mut [u8]) -> Result<&'b [u8], BufferTooSmall> {
    let mut writer = Writer::new(buf);
    write_request(method.name(), id, method, &mut writer);
    writer.finish()
}

/// The same code for all methods.
pub(crate) fn write_request(name: &str, id: u64, params: &dyn Params, writer: &mut Writer<'_>) {
    writer.raw(br#"{"jsonrpc":"1.0","id":"#);
    writer.u64(id);
    writer.raw(br#","method":"#);
    writer.string(name);
    writer.raw(br#","params":"#);
    params.write_params(writer);
    writer.byte(b'}');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::GetConnectionCount;

    #[test]
    fn the_size_that_the_docs_name_is_enough() {
        assert_eq!(request(&GetConnectionCount, u64::MAX, &mut [0; 85]).unwrap().len(), 85);
    }
}
