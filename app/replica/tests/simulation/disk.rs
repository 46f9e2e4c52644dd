//! A phone's disk: what survives a crash, and what a batch does to it.

use std::collections::BTreeMap;

use domain::id::{OpId, ScopeId};
use replica::sealed::Delivered;
use replica::stored::{Batch, Contents, Fate, Outgoing, Segment, Standing};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Clone, Debug, Default)]
pub struct Disk {
    pub standing: Standing,
    pub segments: BTreeMap<(ScopeId, u64), Kept>,
    pub outbox: BTreeMap<OpId, Outgoing>,
    /// Receipts of what was delivered sealed, each until a batch says more of its op.
    pub delivered: BTreeMap<OpId, Delivered>,
}

/// The ops of one segment, with their ids at hand.
#[derive(Clone, Debug)]
pub struct Kept {
    pub ids: Vec<OpId>,
    pub ops: Vec<Box<RawValue>>,
}

impl Disk {
    /// Whether nobody has written where this batch goes on.
    pub fn is_next(&self, batch: &Batch) -> bool {
        batch.standing.is_none() || batch.after == self.standing.revision
    }

    pub fn write(&mut self, batch: &Batch, is_purging: bool) {
        if is_purging {
            for scope in &batch.purge {
                self.segments.retain(|(of, _), _| of != scope);
            }
        }
        for outgoing in &batch.outbox_put {
            if outgoing.fate != Fate::Waiting {
                self.delivered.remove(&outgoing.id);
            }
            self.outbox.insert(outgoing.id, outgoing.clone());
        }
        for id in &batch.outbox_remove {
            self.delivered.remove(id);
            self.outbox.remove(id);
        }
        for segment in &batch.append {
            let kept = Kept {
                ids: segment.ops.iter().map(|op| id_of(op)).collect(),
                ops: segment.ops.clone(),
            };
            self.segments.insert((segment.scope, segment.from), kept);
        }
        if let Some(standing) = &batch.standing {
            self.standing = standing.clone();
        }
    }

    /// Whether an op is here, sent or not.
    pub fn has(&self, id: &OpId) -> bool {
        let mut segments = self.segments.values();
        self.outbox.contains_key(id) || segments.any(|kept| kept.ids.contains(id))
    }

    /// The ops stored of these scopes.
    pub fn ids_in(&self, scopes: &[ScopeId]) -> Vec<OpId> {
        let segments = self.segments.iter();
        segments
            .filter(|((scope, _), _)| scopes.contains(scope))
            .flat_map(|(_, kept)| &kept.ids)
            .copied()
            .collect()
    }

    /// Everything that is here.
    pub fn ids(&self) -> Vec<OpId> {
        let stored = self.segments.values().flat_map(|kept| &kept.ids);
        stored.chain(self.outbox.keys()).copied().collect()
    }

    /// Every op that is here with its bytes.
    pub fn ops(&self) -> impl Iterator<Item = (OpId, &RawValue)> {
        let stored = self.segments.values();
        let stored = stored.flat_map(|kept| kept.ids.iter().copied().zip(&kept.ops));
        let unsent = self.outbox.values().map(|out| (out.id, &out.op));
        stored.chain(unsent).map(|(id, op)| (id, &**op))
    }

    pub fn read(&self) -> Contents {
        let segments = self.segments.iter().map(|((scope, from), kept)| Segment {
            scope: *scope,
            from: *from,
            ops: kept.ops.clone(),
        });
        Contents {
            standing: self.standing.clone(),
            segments: segments.collect(),
            outbox: self.outbox.values().cloned().collect(),
        }
    }
}

/// The id of an op, without reading all of it where its author wrote the id first.
pub fn id_of(op: &RawValue) -> OpId {
    #[derive(Deserialize)]
    struct Named {
        id: OpId,
    }
    let text = op.get();
    let first = text
        .strip_prefix(r#"{"id":""#)
        .and_then(|rest| rest.get(..36));
    first.and_then(|id| id.parse().ok()).unwrap_or_else(|| {
        let named: Named = serde_json::from_str(text).expect("every op has an id");
        named.id
    })
}
