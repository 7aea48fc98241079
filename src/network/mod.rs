//! The methods of the node's network category, one file each.
//!
//! | method | request | response | since release |
//! | --- | --- | --- | --- |
//! | `getconnectioncount` | [`GetConnectionCount`] | `u64` | 1.0.0 |
//! | `getnettotals` | [`GetNetTotals`] | [`NetTotals`] | 1.0.0 |
//! | `getnetworkinfo` | [`GetNetworkInfo`] | [`NetworkInfo`] | 1.0.0 |
//! | `getpeerinfo` | [`GetPeerInfo`] | [`PeerInfo`], one after the other | 1.0.0 |
//! | `setnetworkactive` | [`SetNetworkActive`] | `bool` | 1.0.0 |

mod get_connection_count;
mod get_net_totals;
mod get_network_info;
mod get_peer_info;
mod set_network_active;

pub use get_connection_count::GetConnectionCount;
pub use get_net_totals::{GetNetTotals, NetTotals, UploadTarget};
pub use get_network_info::{GetNetworkInfo, LocalAddress, Network, NetworkInfo};
pub use get_peer_info::{GetPeerInfo, PeerInfo};
pub use set_network_active::SetNetworkActive;
