//! The methods of the node's network category, one file each.
//!
//! | method | request | response | since release |
//! | --- | --- | --- | --- |
//! | `addnode` | [`AddNode`] | `()` | 1.0.0 |
//! | `clearbanned` | [`ClearBanned`] | `()` | 1.0.0 |
//! | `disconnectnode` | [`DisconnectNode`] | `()` | 1.0.0 |
//! | `getaddednodeinfo` | [`GetAddedNodeInfo`] | [`AddedNodeInfo`]; an iterator of them | 1.0.0 |
//! | `getconnectioncount` | [`GetConnectionCount`] | `u64` | 1.0.0 |
//! | `getnettotals` | [`GetNetTotals`] | [`NetTotals`] | 1.0.0 |
//! | `getnetworkinfo` | [`GetNetworkInfo`] | [`NetworkInfo`] | 1.0.0 |
//! | `getnodeaddresses` | [`GetNodeAddresses`] | [`NodeAddress`]; an iterator of them | 1.0.0 |
//! | `getnodestatusinfo` | [`GetNodeStatusInfo`] | [`NodeStatusInfo`] | 4.0.7 |
//! | `getpeerinfo` | [`GetPeerInfo`] | [`PeerInfo`]; an iterator of them | 1.0.0 |
//! | `getversioninfo` | [`GetVersionInfo`] | [`VersionInfo`] | 2.6.0 |
//! | `listbanned` | [`ListBanned`] | [`Ban`]; an iterator of them | 1.0.0 |
//! | `ping` | [`Ping`] | `()` | 1.0.0 |
//! | `setban` | [`SetBan`] | `()` | 1.0.0 |
//! | `setnetworkactive` | [`SetNetworkActive`] | `bool` | 1.0.0 |

mod add_node;
mod clear_banned;
mod disconnect_node;
mod get_added_node_info;
mod get_connection_count;
mod get_net_totals;
mod get_network_info;
mod get_node_addresses;
mod get_node_status_info;
mod get_peer_info;
mod get_version_info;
mod list_banned;
mod ping;
mod set_ban;
mod set_network_active;

pub use add_node::AddNode;
pub use clear_banned::ClearBanned;
pub use disconnect_node::DisconnectNode;
pub use get_added_node_info::{AddedNodeAddress, AddedNodeInfo, Direction, GetAddedNodeInfo};
pub use get_connection_count::GetConnectionCount;
pub use get_net_totals::{GetNetTotals, NetTotals, UploadTarget};
pub use get_network_info::{GetNetworkInfo, LocalAddress, Network, NetworkInfo, Warnings, WarningsIter};
pub use get_node_addresses::{GetNodeAddresses, NodeAddress, NumericServices};
pub use get_node_status_info::{GetNodeStatusInfo, NodeStatusInfo};
pub use get_peer_info::{GetPeerInfo, PeerInfo};
pub use get_version_info::{GetVersionInfo, SpvVersion, SpvVersions, VersionInfo};
pub use list_banned::{Ban, ListBanned};
pub use ping::Ping;
pub use set_ban::{BanTime, SetBan};
pub use set_network_active::SetNetworkActive;

/// Defines a response of this crate: [`json_object!`](crate::json_object), and the traits that the features of this crate add.
macro_rules! response_object {
    (
        $(#[$attribute:meta])*
        pub struct $name:ident $(<$($storage:ident $(= $default:ident)?),+>)? {
            $(
                $(#[$field_attribute:meta])*
                pub $field:ident: $type:ty $(= $key:literal)?
            ),* $(,)?
        }
    ) => {
        $crate::json_object! {
            $(#[$attribute])*
            pub struct $name $(<$($storage $(= $default)?),+>)? {
                $(
                    $(#[$field_attribute])*
                    $(#[doc(alias = $key)])?
                    pub $field: $type $(= $key)?
                ),*
            }
        }
        #[cfg(feature = "alloc")]
        $crate::json::owned_response!($name [$($($storage)+)?] $($field)*);
        #[cfg(feature = "serde")]
        $crate::serde::serde_response!($name [$($($storage)+)?] $($field: $type $(= $key)?,)*);
        #[cfg(feature = "defmt-v1")]
        $crate::defmt::format_response!($name [$($($storage)+)?] $($field)*);
    };
}

use response_object;
