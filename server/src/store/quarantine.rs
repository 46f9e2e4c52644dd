//! Ops in quarantine, and what people decide about them. Nothing is ever deleted from it.

use async_trait::async_trait;
use domain::id::{Millis, OpId, ScopeId, UserId};
use domain::vocabulary::Role;
use replica::message::Refusal;
use replica::quarantine::{Held, Settled, Waiting};
use serde_json::value::RawValue;

use super::{Sender, StoreError};

/// An op that waits for somebody's decision.
#[derive(Clone, Debug)]
pub struct HeldOp {
    /// The scope that it names.
    pub scope: ScopeId,
    /// What its reader is told.
    pub held: Held,
}

/// How far an op in quarantine has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Nobody has decided about it.
    Waiting,
    /// Its author handed it over to whoever follows the family.
    HandedOver,
    /// Somebody let it into the log.
    Adopted,
    /// Somebody left it outside the log for good.
    Declined,
    /// There is nothing to decide: it only told how far somebody had read, or who works here.
    Void,
}

/// An op that was not accepted.
#[derive(Clone, Debug)]
pub struct Quarantined {
    /// The op's id.
    pub op: OpId,
    /// The scope that it names.
    pub scope: ScopeId,
    /// Who wrote it, by its own word.
    pub author: UserId,
    /// Who sent it.
    pub sender: UserId,
    /// Why it was not accepted.
    pub refusal: Refusal,
    /// When it came.
    pub received_at: Millis,
    /// How far it has come since.
    pub fate: Fate,
    /// The kind of change, by its own word; `unknown` where it has none.
    pub kind: String,
    /// Its author's bytes.
    pub body: Box<RawValue>,
}

/// Ops in quarantine, and what people decide about them.
#[async_trait]
pub trait Quarantine: Send + Sync {
    /// The latest ops in quarantine, without those that their author sent after all. Who passes
    /// their bytes on notes in the trail that they were read.
    async fn quarantined(&self, limit: u32) -> Result<Vec<Quarantined>, StoreError>;
    /// How much waits for a person's decision, where anything does.
    async fn waiting(
        &self,
        user: UserId,
        role: Role,
        now: Millis,
    ) -> Result<Vec<Waiting>, StoreError>;
    /// What waits for a person's decision, what came first first; notes in the trail that it was
    /// read.
    async fn held(&self, reader: &Sender, now: Millis) -> Result<Vec<HeldOp>, StoreError>;
    /// Lets an op into the log as it is, under its author's name, and answers its number or why
    /// not. `NotFound` for who does not decide about it, `Conflict` once it is settled.
    async fn adopt(
        &self,
        by: &Sender,
        op: OpId,
        now: Millis,
    ) -> Result<Result<u64, Refusal>, StoreError>;
    /// Leaves an op outside the log for good, and remembers why for its author. `NotFound` for who
    /// does not decide about it, `Conflict` once it is settled.
    async fn decline(
        &self,
        by: &Sender,
        op: OpId,
        reason: &str,
        now: Millis,
    ) -> Result<(), StoreError>;
    /// Gives one's own refused op to whoever follows the family. `NotFound` for anybody else's.
    async fn hand_over(&self, by: &Sender, op: OpId, now: Millis) -> Result<(), StoreError>;
    /// What became of a person's own ops, of those of which there is something to tell.
    async fn settled(&self, author: UserId, ops: &[OpId]) -> Result<Vec<Settled>, StoreError>;
    /// Judges anew what was refused because an earlier version of this program did not know its
    /// kind, or because its author was shut out, where that is over and nobody has decided
    /// meanwhile: what may enter enters the log, once, under its author's name; the rest waits
    /// under the reason that holds now. Answers how many entered.
    async fn judge_anew(&self, now: Millis) -> Result<u64, StoreError>;
}
