//! Requests.

use crate::Method;
use crate::json::{BufferTooSmall, Writer};

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
/// # Ok::<(), defichain_net_rpc::json::BufferTooSmall>(())
/// ```
///
/// # Errors
///
/// [`BufferTooSmall`], with the size that the request takes. Requests of the network methods without parameters take 85
/// bytes at most.
pub fn request<'b, M: Method>(method: &M, id: u64, buf: &'b mut [u8]) -> Result<&'b [u8], BufferTooSmall> {
    let mut writer = Writer::new(buf);
    write_request(method, id, &mut writer);
    writer.finish()
}

pub(crate) fn write_request<M: Method>(method: &M, id: u64, writer: &mut Writer<'_>) {
    // All but the parameters is the same code for all methods.
    write(method.name(), id, &|writer| method.params(writer), writer);
}

fn write(name: &str, id: u64, params: &dyn Fn(&mut Writer<'_>), writer: &mut Writer<'_>) {
    writer.raw(br#"{"jsonrpc":"1.0","id":"#);
    writer.u64(id);
    writer.raw(br#","method":"#);
    writer.string(name);
    writer.raw(br#","params":"#);
    params(writer);
    writer.byte(b'}');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Exchange;
    use crate::http::Endpoint;
    use crate::network::GetConnectionCount;

    #[test]
    fn the_sizes_that_the_docs_name_are_enough() {
        assert_eq!(request(&GetConnectionCount, u64::MAX, &mut [0; 85]).unwrap().len(), 85);
        let endpoint = Endpoint::new("h", u16::MAX)
            .unwrap()
            .with_credentials("u", "p")
            .unwrap();
        let mut buf = [0; 200 + "h".len() + 4];
        assert!(Exchange::new(&endpoint, &GetConnectionCount, u64::MAX, &mut buf).is_ok());
    }
}
