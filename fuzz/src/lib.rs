//! What the crate is held against: readers that are slow and simple, or that many others use.

pub mod http;
pub mod json;

#[cfg(test)]
mod tests {
    use defichain_net_rpc::network::{GetNetworkInfo, GetPeerInfo};
    use defichain_net_rpc::{Connection, Method, Response, Want};
    use std::fs;

    /// How many seeds of the target `adapter` are a reply to the first request, which calls this method.
    fn replies<M: for<'a> Method<Response<'a>: Sized>>(_: &M) -> usize {
        let seeds = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/adapter")).expect("there are seeds");
        let is_reply = |seed: &Vec<u8>| {
            let sent = &seed[1 + usize::from(seed[0])..];
            let mut buf = vec![0; sent.len() + 1];
            let mut connection = Connection::awaiting_reply(1);
            if let Ok(Want::Read(space)) = connection.poll(&mut buf) {
                space[..sent.len()].copy_from_slice(sent);
                connection.received(sent.len());
                connection.received(0);
            }
            match connection.poll(&mut buf) {
                Ok(Want::Ready(reply)) => reply.response::<Response<'_, M>>().is_ok(),
                _ => false,
            }
        };
        seeds
            .map(|seed| fs::read(seed.expect("a seed").path()).expect("a seed"))
            .filter(is_reply)
            .count()
    }

    #[test]
    fn seeds_of_the_adapter_are_replies_that_it_reads() {
        assert!(replies(&GetNetworkInfo) >= 3, "{}", replies(&GetNetworkInfo));
        assert!(replies(&GetPeerInfo) >= 3, "{}", replies(&GetPeerInfo));
    }
}
