//! What phone and server say to each other, and the limits of it.
//!
//! One round trip does both ways: `POST /api/v1/sync`. Ops travel as the bytes that their author
//! wrote ([`RawValue`]), so that nobody on the way can change or drop what they cannot read.

use std::collections::BTreeMap;

use domain::authorize::{Relation, ScopeKind};
use domain::codes;
use domain::id::{DeviceId, Millis, OpId, ScopeId, UserId};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::quarantine::{Settled, Waiting};

/// Version of the messages. Raised only when an old reader would misread. A server takes the ops of
/// a request of any version and refuses only the answer; so in a request the names and forms of
/// device, owner, position and ops stay as they are.
pub const PROTOCOL: u16 = 1;
/// Ops in one request at most. Days without a network fit into one round trip; what bounds a slow
/// line is [`PUSH_BYTES_MAX`], of which a request weighs a tenth once it is compressed.
pub const PUSH_OPS_MAX: usize = 500;
/// Bytes of ops in one request at most.
pub const PUSH_BYTES_MAX: usize = 256 * 1024;
/// Purged scopes that one request names at most; the others are named in the next one. An older
/// phone names all of them at once, and a server takes as many as a request holds.
pub const PURGED_MAX: usize = 100;
/// Bytes of one op at most.
pub const OP_BYTES_MAX: usize = 64 * 1024;
/// Bytes of a whole request at most, cursors and framing included.
pub const REQUEST_BYTES_MAX: usize = 512 * 1024;
/// Bytes of ops in one reply, after which the rest waits for the next request.
pub const REPLY_BYTES: usize = 2 * 1024 * 1024;
/// After how long a request without an answer is given up.
pub const REQUEST_MS_MAX: i64 = 30_000;
/// First delay after a failure.
pub const RETRY_DELAY_MS_MIN: i64 = 1_000;
/// Longest delay after failures.
pub const RETRY_DELAY_MS_MAX: i64 = 300_000;
/// How far back a phone offers again what it holds once the server was restored from a backup, by
/// the clock of whoever wrote it: the lease of fourteen days for which a phone may have been
/// without the server, a backup that is a week old, and some days for clocks that were wrong.
pub const REOFFER_MS: i64 = 30 * 24 * 60 * 60 * 1_000;
/// How far a device's clock may be off before its owner is told: dates would come out wrong.
pub const CLOCK_OFF_MS_MIN: i64 = 10 * 60_000;
/// How often a phone that is open asks when nothing happens.
pub const IDLE_DELAY_MS: i64 = 60_000;

/// What the phone asks: here is what I wrote, and this is how far I have read.
#[derive(Debug, Serialize, Deserialize)]
pub struct SyncRequest {
    /// [`PROTOCOL`] of the phone.
    pub protocol: u16,
    /// The phone.
    pub device: DeviceId,
    /// Whose copy asks. Somebody else may be signed in on the same phone: then the server must
    /// not answer, since a copy that believed another person's grants would purge its own.
    pub owner: UserId,
    /// The list of grants that the phone knows.
    pub grant_epoch: u64,
    /// How far the phone has read.
    pub position: Position,
    /// Unsent ops, in the order of their `device_seq`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ops: Vec<Box<RawValue>>,
    /// Scopes that the phone has purged since the server took them away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub purged: Vec<ScopeId>,
    /// Refused ops of which the phone does not know yet what became of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<OpId>,
}

/// How far a phone has read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// [`digest`] of all cursors: a hint of sixteen digits, enough to learn that nothing is new.
    Digest(Digest),
    /// Every cursor.
    Cursors(Vec<Cursor>),
}

/// The last number read of one scope. A scope that is not listed was never read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The scope.
    pub scope: ScopeId,
    /// The number of the last op that is stored on the phone.
    pub seq: u64,
}

/// A hash of cursors. Only ever compared; a mismatch costs one more round trip and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(pub u64);

/// The digest of all cursors, scopes at zero left out (FNV-1a, 64 bits).
pub fn digest(cursors: &BTreeMap<ScopeId, u64>) -> Digest {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for (scope, seq) in cursors.iter().filter(|(_, seq)| **seq > 0) {
        for byte in scope
            .as_uuid()
            .as_bytes()
            .iter()
            .copied()
            .chain(seq.to_be_bytes())
        {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    Digest(hash)
}

/// What the server answers, after its commit.
#[derive(Debug, Serialize, Deserialize)]
pub struct SyncReply {
    /// The server's time: bounds stamps, decides nothing.
    pub now: Millis,
    /// Changes when the server was restored from a backup.
    pub restore_epoch: u64,
    /// The list of grants that the server holds for this person.
    pub grant_epoch: u64,
    /// Every scope granted, next visit first. Sent when the phone's `grant_epoch` is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grants: Option<Vec<Grant>>,
    /// One for each op of the request.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "readable"
    )]
    pub receipts: Vec<Receipt>,
    /// New ops, scope by scope.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<Page>,
    /// What became of the refused ops that were asked after, where there is news. Only for who
    /// asks: a phone that does not ask is of an older build.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settled: Vec<Settled>,
    /// Where words of others wait for this person's decision.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<Waiting>,
    /// Whether more waits: ask again at once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_more: bool,
    /// Whether the digest was not recognized: ask again at once, with cursors.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub needs_cursors: bool,
}

/// One scope that a person may open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The scope.
    pub scope: ScopeId,
    /// What it holds.
    pub kind: ScopeKind,
    /// What the person is to it.
    pub relation: Relation,
    /// Its last number now.
    pub head: u64,
}

/// The server's word on one op. The same op always gets the same word, unless what it was refused
/// for is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The op that this names. Only this clears it from the outbox.
    pub op: OpId,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of an op. A receipt with an outcome of a later release is passed over: its op stays
/// where it is and is offered again, and the same word is understood once the app is updated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It has this number in its scope.
    Accepted(u64),
    /// It lies in quarantine, whole, and somebody has to decide.
    Refused(Refusal),
}

codes! {
    /// Why an op was not accepted. The code is stable; screens put it in plain words.
    Refusal {
        /// The file is not, or no longer, granted to this person.
        NotGranted: "not_granted",
        /// The person's role may not make this change.
        NotYourRole: "not_your_role",
        /// The change does not belong in this kind of scope.
        WrongScope: "wrong_scope",
        /// The server does not know this kind of change.
        UnknownKind: "unknown_kind",
        /// The change is not well formed.
        Malformed: "malformed",
        /// The op is larger than [`OP_BYTES_MAX`].
        TooLarge: "too_large",
        /// Another op already has this id.
        SameIdOtherBytes: "same_id_other_bytes",
        /// The op was written by somebody else.
        OtherAuthor: "other_author",
        /// Its author's account was closed when it came.
        AccountClosed: "account_closed",
        /// The device from which it came was revoked.
        DeviceRevoked: "device_revoked",
    }
}

/// Ops of one scope, numbered `from + 1`, `from + 2`, …, without a gap.
#[derive(Debug, Serialize, Deserialize)]
pub struct Page {
    /// The scope.
    pub scope: ScopeId,
    /// The cursor before this page.
    pub from: u64,
    /// The ops. `null` stands for an op of the very same request: its receipt has the number.
    pub ops: Vec<Option<Box<RawValue>>>,
    /// The scope's last number now.
    pub head: u64,
}

impl Page {
    /// The cursor after this page.
    pub fn to(&self) -> u64 {
        self.from
            .saturating_add(u64::try_from(self.ops.len()).unwrap_or(u64::MAX))
    }
}

/// The receipts that this build can read.
fn readable<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Receipt>, D::Error> {
    Ok(readable_or_none(from)?.into_iter().flatten().collect())
}

/// Receipts by their places, and nothing for one that this build cannot read.
pub(crate) fn readable_or_none<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Vec<Option<Receipt>>, D::Error> {
    let receipts = Vec::<Option<Box<RawValue>>>::deserialize(from)?.into_iter();
    let read = |raw: Option<Box<RawValue>>| serde_json::from_str(raw?.get()).ok();
    Ok(receipts.map(read).collect())
}
