//! The values in requests and responses that have a meaning of their own: addresses, amounts, permissions, services, times.

mod address;
mod amount;
pub(crate) mod ip;
mod permission;
mod services;
mod time;

pub use address::{Address, PeerAddress, Subnet};
#[cfg(feature = "defmt-v1")]
pub(crate) use address::{Form, write_ip};
pub use amount::Amount;
pub use permission::Permission;
pub use services::Services;
pub use time::UnixTime;
