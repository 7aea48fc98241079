//! wip
macro_rules! serde_response { ($($t:tt)*) => {}; }
pub(crate) use serde_response;
