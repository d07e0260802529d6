//! The types of request and response fields, independent of the transport.

mod given;
pub(crate) mod id;
pub(crate) mod json;
mod multipart;
pub(crate) mod open_enum;
mod patch;
mod personal;
mod secret;
mod time;
pub(crate) mod union;

pub(crate) use std::collections::BTreeMap;

pub(crate) use given::{IdType, ListItem, SEAL, Sealed, TextEnum};
pub use given::{IntoId, IntoList, IntoValue};
pub use id::InvalidId;
pub(crate) use id::{encode_segment, id_types};
pub use json::Misfit;
pub use multipart::MultipartForm;
pub use open_enum::UnknownValue;
pub(crate) use open_enum::open_enum;
pub use patch::Patch;
pub use personal::Personal;
pub use secret::Secret;
pub(crate) use serde_json::{Map, Value};
pub use time::{CalendarDate, InvalidTime, Timestamp};
pub(crate) use union::open_union;
pub use union::{NoCommon, UnknownVariant};
