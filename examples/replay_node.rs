//! A server that answers with recorded replies, to try out a program without a node.
//!
//! ```text
//! cargo run --example replay_node                          starts one, asks it how many peers it has, and stops it
//! cargo run --example replay_node -- 127.0.0.1:8554        serves http://foo:bar@127.0.0.1:8554 until it is stopped
//! cargo run --example replay_node -- 127.0.0.1:8554 133    the same with 133 peers, each as long as a peer can be
//! ```

use std::env;
use std::error::Error;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;
use std::thread;

use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::network::GetConnectionCount;
use defichain_net_rpc::{Connection, Response, Want};

mod recorded_node;
mod terminal;

const USAGE: &str = "usage: replay_node [ADDRESS:PORT [PEERS]], such as replay_node 127.0.0.1:8554";

const STAY: &str = "to start one that stays: cargo run --example replay_node -- 127.0.0.1:8554";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments[..] {
        [] => ask(),
        [address] => serve(address, None),
        [address, peers] => serve(address, Some(peers)),
        _ => Err(USAGE.into()),
    };
    terminal::exit(result.map_err(|error| error.to_string()))
}

/// Serves until the program is stopped.
fn serve(address: &str, peers: Option<&str>) -> Result<String, Box<dyn Error>> {
    let address: SocketAddr = address.parse().map_err(|_| USAGE)?;
    let recorded = recorded_node::PEERS;
    let reply = match peers {
        None => recorded.into(),
        Some(peers) => recorded_node::large_reply(recorded, peers.parse().map_err(|_| USAGE)?),
    };
    let server = recorded_node::Server::start_at(address, reply, |stream| stream)
        .map_err(|error| format!("cannot listen on {address}: {error}"))?;
    terminal::print(&(server.url("http") + "\n"))?;
    loop {
        thread::park();
    }
}

/// Starts the node at a free port and asks it something. It stops with the program, so nobody else can use it.
fn ask() -> Result<String, Box<dyn Error>> {
    let server = recorded_node::Server::start(|stream| stream)?;
    let url = server.url("http");
    let endpoint = Endpoint::from_url(&url)?;
    let mut stream = TcpStream::connect((endpoint.host(), endpoint.port()))?;
    let mut buf = [0; 4096];
    let mut connection = Connection::new();
    connection.call(&endpoint, &GetConnectionCount, &mut buf)?;
    loop {
        match connection.poll(&mut buf)? {
            // It is open already, and is used only once.
            Want::Connect => connection.connected(),
            Want::Write(bytes) => connection.written(stream.write(bytes)?),
            Want::Read(space) => connection.received(stream.read(space)?),
            Want::Ready(reply) => {
                let count: Response<'_, GetConnectionCount> = reply.response()?;
                return Ok(format!(
                    "the node with recorded replies has {count} peers, and stops now\n{STAY}\n"
                ));
            }
        }
    }
}
