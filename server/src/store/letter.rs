//! An op as it arrives: what can be read of it, and its bytes. Pure.

use std::collections::BTreeMap;

use domain::id::{DeviceId, OpId, ScopeId, UserId};
use replica::hub::Header;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use uuid::Uuid;

/// The kind that is noted where none can be read.
const NO_KIND: &str = "unknown";

/// An op as it arrived.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    /// What it names.
    pub(super) header: Header,
    /// Whether the header could be read whole. If not, only its id counts.
    pub(super) is_addressed: bool,
    /// Its author's bytes.
    pub(super) body: Box<RawValue>,
}

#[derive(Deserialize)]
struct IdOnly {
    id: OpId,
}

#[derive(Deserialize)]
struct KindOnly {
    change: BTreeMap<String, IgnoredAny>,
}

impl Letter {
    /// Reads what can be read; `None` where there is not even an id, hence nothing to answer to.
    pub(super) fn open(body: Box<RawValue>) -> Option<Self> {
        if let Ok(header) = serde_json::from_str::<Header>(body.get()) {
            return Some(Self {
                header,
                is_addressed: true,
                body,
            });
        }
        let IdOnly { id } = serde_json::from_str(body.get()).ok()?;
        let header = Header {
            id,
            device: DeviceId::from_uuid(Uuid::nil()),
            device_seq: 0,
            scope: ScopeId::from_uuid(Uuid::nil()),
            author: UserId::from_uuid(Uuid::nil()),
        };
        Some(Self {
            header,
            is_addressed: false,
            body,
        })
    }

    /// The kind of change, for whoever looks at the table.
    pub(super) fn kind(&self) -> String {
        serde_json::from_str::<KindOnly>(self.body.get())
            .ok()
            .and_then(|op| op.change.into_keys().next())
            .unwrap_or_else(|| NO_KIND.to_owned())
    }
}
