//! Sealed delivery: what waits on a phone is brought past its copy, open or shut, and what the
//! server said of it comes back beside the answers. Loss, delay and doubles are those of the line.

use std::collections::BTreeSet;

use domain::id::{DeviceId, OpId};
use replica::message::{Outcome, Receipt};
use replica::replica::Event;
use replica::sealed::{Delivered, DeliveryReply, ENVELOPES_MAX};
use replica::stored::Fate;
use serde_json::value::RawValue;

use crate::checkers::{self, Name};
use crate::disk::id_of;
use crate::faults::Fault;
use crate::mistakes::Mistake;
use crate::tab::parsed;
use crate::wire::{DOWN, UP};
use crate::world::{Happening, World};

impl World {
    /// A phone delivers what lies sealed on it, whether or not its app is open.
    pub fn deliver(&mut self, tab: usize) {
        let device = self.tabs[tab].owner.device;
        let sealed = self.sealed_on(tab, device);
        self.tell(format!("phone {tab} delivers {} sealed ops", sealed.len()));
        let copies = 1 + u64::from(self.dice.happens(self.faults.of(Fault::Duplicate)));
        for part in sealed.chunks(ENVELOPES_MAX) {
            for _ in 0..copies {
                if let Some(after_ms) = self.arrival(tab, UP) {
                    let sealed = part.to_vec();
                    let happening = Happening::Brought {
                        tab,
                        device,
                        sealed,
                    };
                    self.later(after_ms, happening);
                }
            }
        }
    }

    /// The envelopes that lie beside an outbox: one for each op of the device that waits and whose
    /// receipt does not lie there instead.
    fn sealed_on(&self, tab: usize, device: DeviceId) -> Vec<Box<RawValue>> {
        let disk = self.disk(tab);
        let waiting = disk.outbox.values();
        let waiting = waiting.filter(|out| out.fate == Fate::Waiting);
        let own = waiting.filter(|out| parsed(&out.op).device == device);
        let lying = own.filter(|out| !disk.delivered.contains_key(&out.id));
        lying.map(|out| out.op.clone()).collect()
    }

    /// The server opens what was delivered. Of somebody who is only suspended it takes nothing.
    pub fn open_sealed(&mut self, tab: usize, device: DeviceId, sealed: &[Box<RawValue>]) {
        let user = self.tabs[tab].owner.user;
        let is_barred = self.hub.barred(user, device).is_some();
        if !is_barred && self.hub.suspended.contains(&user) {
            return;
        }
        if self.dice.happens(self.faults.of(Fault::ServerCrash)) {
            self.crash_in_mid_request(tab, device, sealed);
            return;
        }
        self.take_sealed(tab, device, sealed);
    }

    /// What was sealed on a device is taken in, and the receipts go back to it.
    pub fn take_sealed(&mut self, tab: usize, device: DeviceId, sealed: &[Box<RawValue>]) {
        let owner = self.tabs[tab].owner.clone();
        let mut receipts = Vec::new();
        for op in sealed {
            let outcome = self.ingest(&owner, op, device);
            receipts.push(Receipt {
                op: id_of(op),
                outcome,
            });
        }
        let found = checkers::server::the_reply_follows_the_commit(self, &receipts);
        self.note(const { Name::of("5 the_reply_follows_the_commit") }, found);
        let named = receipts.iter().map(|receipt| receipt.op);
        self.device(tab).named.extend(named);
        let reply = DeliveryReply {
            receipts: receipts.into_iter().map(Some).collect(),
            restore_epoch: Some(self.hub.restore_epoch),
        };
        let text = serde_json::to_string(&reply).expect("a reply is JSON");
        if let Some(after_ms) = self.arrival(tab, DOWN) {
            self.later(after_ms, Happening::Receipted { tab, text });
        }
    }

    /// From now on the receipts lie on the phone; its open tabs take them.
    pub fn keep_delivered(&mut self, tab: usize, text: &str) {
        let reply: DeliveryReply = serde_json::from_str(text).expect("the server wrote it");
        let delivered = reply.delivered().into_iter().flatten();
        let kept = &mut self.device(tab).disk.delivered;
        kept.extend(delivered.map(|one| (one.receipt.op, one)));
        self.take_delivered(tab);
        for other in self.others(tab) {
            let after_ms = self.dice.between(1, 20);
            let life = self.tabs[other].life;
            self.later(after_ms, Happening::Told { tab: other, life });
        }
    }

    /// A tab takes the receipts that lie on its disk. They lie there until a batch has them.
    pub fn take_delivered(&mut self, tab: usize) {
        let kept = self.disk(tab).delivered.values();
        let mut told: Vec<Delivered> = kept.copied().collect();
        if self.mistake == Mistake::SealedClearsAll {
            told = self.spread(tab, told);
        }
        if !told.is_empty() {
            self.feed(tab, Event::Delivered(told));
        }
    }

    /// What the planted mistake makes of receipts: everything else that waits has arrived as well,
    /// and is read already.
    fn spread(&self, tab: usize, mut told: Vec<Delivered>) -> Vec<Delivered> {
        let (Some(replica), Some(first)) = (&self.tabs[tab].replica, told.first().copied()) else {
            return told;
        };
        let named: BTreeSet<OpId> = told.iter().map(|one| one.receipt.op).collect();
        for op in replica.unsent().filter(|op| !named.contains(&op.id)) {
            let read = replica.cursor(op.scope);
            let outcome = Outcome::Accepted(read);
            let receipt = Receipt { op: op.id, outcome };
            // Of a scope of which nothing was read nothing is cleared.
            told.extend((read > 0).then_some(Delivered { receipt, ..first }));
        }
        told
    }
}
