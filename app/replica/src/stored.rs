//! What a phone keeps on disk, and the batches in which it is written.
//!
//! A batch is one transaction: all of it or nothing. These types know nothing of IndexedDB or of
//! encryption; the adapter seals each part and writes it.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{DeviceId, Millis, OpId, ScopeId, UserId};
use domain::vocabulary::Role;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::message::{Grant, Refusal};
use crate::quarantine::{Waiting, Word};

/// Who uses this copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// The person.
    pub user: UserId,
    /// Their role.
    pub role: Role,
    /// Their display name.
    pub name: String,
    /// This installation.
    pub device: DeviceId,
}

/// Where this copy stands. Written in the same transaction as what it speaks of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The last number stored of each scope.
    pub cursors: BTreeMap<ScopeId, u64>,
    /// What was granted.
    pub grants: Vec<Grant>,
    /// The list of grants that this copy knows; 0 before the first contact.
    pub grant_epoch: u64,
    /// The server's restore epoch that this copy knows.
    pub restore_epoch: u64,
    /// The last `device_seq` given.
    pub device_seq: u64,
    /// Scopes purged since they were taken away, not yet acknowledged to the server.
    pub purged: Vec<ScopeId>,
    /// The last time the server answered, by its clock.
    pub last_contact: Option<Millis>,
    /// Scopes whose stored ops carry numbers from before the server was restored: they show until
    /// the first page comes, which takes their place.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub outdated: BTreeSet<ScopeId>,
    /// Where words of others wait for the owner's decision.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<Waiting>,
    /// How often it has changed, as the disk counts beside it.
    #[serde(skip)]
    pub revision: u64,
}

impl Standing {
    /// Counts as another one if what is written with it is news, or if it says more itself than
    /// that the server was met.
    pub(crate) fn follow(&mut self, before: &Self, is_news: bool) {
        let last_contact = self.last_contact;
        self.last_contact = before.last_contact;
        if is_news || *self != *before {
            self.revision = before.revision.saturating_add(1);
        }
        self.last_contact = last_contact;
    }

    /// Whether a scope was granted, as far as this copy knows.
    pub fn is_granted(&self, scope: ScopeId) -> bool {
        self.grants.iter().any(|grant| grant.scope == scope)
    }
}

/// An op in the outbox and what is known of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Outgoing {
    /// The op's id.
    pub id: OpId,
    /// Its bytes: the very ones that are sent, every time.
    pub op: Box<RawValue>,
    /// What became of it so far.
    pub fate: Fate,
    /// What somebody decided about it after it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<Word>,
}

/// What became of an op so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Not acknowledged yet.
    Waiting,
    /// Accepted with this number, but the page that holds it is not stored yet.
    Accepted(u64),
    /// Refused: it stays here, visible, until a person settles it.
    Refused(Refusal),
}

/// Ops of one scope to be appended to the copy, numbered from `from + 1` without a gap.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Segment {
    /// The scope.
    pub scope: ScopeId,
    /// The number before the first op.
    pub from: u64,
    /// The ops' bytes.
    pub ops: Vec<Box<RawValue>>,
}

/// One transaction.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// Ops that enter the outbox or change their fate there.
    pub outbox_put: Vec<Outgoing>,
    /// Ops that leave the outbox.
    pub outbox_remove: Vec<OpId>,
    /// Segments to append.
    pub append: Vec<Segment>,
    /// Scopes to erase with everything in them, before `append`.
    pub purge: Vec<ScopeId>,
    /// Where the copy stands after this batch.
    pub standing: Option<Standing>,
    /// The revision of the standing that this one goes on from. Where another tab has written
    /// meanwhile, the batch is not carried out.
    pub after: u64,
    /// Drafts of forms that the ops of this batch replace.
    pub drafts_remove: Vec<String>,
}

/// Everything that a phone reads back when it is unlocked.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    /// Where the copy stood.
    pub standing: Standing,
    /// Every segment, in any order.
    pub segments: Vec<Segment>,
    /// The outbox, in any order.
    pub outbox: Vec<Outgoing>,
}

/// Names one commit that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// Why a commit failed. Nothing of the batch was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DiskError {
    /// No space left.
    #[error("the disk is full")]
    Full,
    /// The store went away under us.
    #[error("the store was closed")]
    Lost,
    /// A newer build of the app has taken the store over.
    #[error("the store belongs to a newer build")]
    Outdated,
    /// Anything else.
    #[error("the store failed")]
    Failed,
}
