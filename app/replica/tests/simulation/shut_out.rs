//! Who the office shuts out, and what they had written by then: an account is closed, a phone is
//! revoked, somebody is suspended for a time. What lies sealed on a phone can be brought all along.

use domain::id::{DeviceId, OpId, UserId};
use replica::message::Refusal;
use replica::quarantine::Word;
use replica::stored::{Fate, Owner};
use serde_json::value::RawValue;

use crate::checkers::{self, Name};
use crate::mistakes::Mistake;
use crate::script::TABS;
use crate::server::Held;
use crate::world::World;

impl World {
    /// The office suspends somebody, or lets them in again.
    pub fn suspend(&mut self, index: usize) {
        let user = self.tabs[index].owner.user;
        if self.hub.suspended.remove(&user) {
            self.tell(format!("the owner of phone {index} is let in again"));
            self.look_again();
            return;
        }
        self.hub.suspended.insert(user);
        self.tell(format!("the owner of phone {index} is suspended"));
        if self.dice.happens(50) {
            self.bring(index);
        }
    }

    /// The office closes somebody's account, or opens the one that is closed.
    pub fn close_account(&mut self, index: usize) {
        if self.hub.closed.pop_first().is_some() {
            self.tell("the closed account is opened again".to_owned());
            self.look_again();
            return;
        }
        self.hub.closed.insert(self.tabs[index].owner.user);
        self.tell(format!("the account of phone {index} is closed"));
        if self.dice.happens(50) {
            self.bring(index);
        }
    }

    /// The office revokes a phone; where one is revoked already, its owner begins anew.
    pub fn revoke_phone(&mut self, index: usize) {
        if let Some(revoked) = self.revoked_phone() {
            self.begin_anew(revoked);
            return;
        }
        self.hub.revoked.insert(self.tabs[index].owner.device);
        self.tell(format!("phone {index} is revoked"));
        self.look_again();
        if self.dice.happens(50) {
            self.bring(index);
        }
    }

    /// What lies sealed on a phone is brought, by itself or as a file. Of somebody who is only
    /// suspended the server takes nothing: it stays where it is, and goes later.
    pub fn bring(&mut self, index: usize) {
        let owner = self.tabs[index].owner.clone();
        let outbox = self.disk(index).outbox.values();
        let waiting = outbox.filter(|out| out.fate == Fate::Waiting);
        let sealed: Vec<Box<RawValue>> = waiting.map(|out| out.op.clone()).collect();
        self.tell(format!(
            "{} sealed ops of phone {index} are brought",
            sealed.len()
        ));
        let is_barred = self.hub.barred(owner.user, owner.device).is_some();
        if !is_barred && self.hub.suspended.contains(&owner.user) {
            return;
        }
        self.take_sealed(index, owner.device, &sealed);
    }

    /// The office lets everybody in again. Only a revoked phone stays what it is: its owner begins
    /// anew.
    pub fn let_everybody_in(&mut self) {
        self.hub.suspended.clear();
        self.hub.closed.clear();
        self.look_again();
        while let Some(revoked) = self.revoked_phone() {
            self.begin_anew(revoked);
        }
    }

    fn revoked_phone(&self) -> Option<usize> {
        let is_revoked = |tab: &usize| self.hub.revoked.contains(&self.tabs[*tab].owner.device);
        (0..TABS).find(is_revoked)
    }

    /// What lies sealed on a phone is brought, the copy on it is erased, and its owner signs in
    /// for a new one.
    fn begin_anew(&mut self, index: usize) {
        self.bring(index);
        self.evict(index);
    }

    /// What waits for a reason that may be over or another one by now is judged anew.
    fn look_again(&mut self) {
        let held = self.hub.quarantine.iter();
        let over: Vec<(UserId, DeviceId, Box<RawValue>)> = held
            .filter(|&(id, held)| self.waits_for_nothing(*id, held))
            .map(|(_, held)| (held.author, held.device, held.op.clone()))
            .collect();
        if self.mistake != Mistake::OpenedWithoutLooking {
            for (author, device, op) in over {
                let owner = self.owner_of(author);
                self.ingest(&owner, &op, device);
            }
        }
        let found = checkers::access::nothing_waits_for_what_is_over(self);
        self.note(const { Name::of("nothing_waits_for_what_is_over") }, found);
    }

    /// Whether an op was refused for something that is another by now, as the store selects it.
    fn waits_for_nothing(&self, id: OpId, held: &Held) -> bool {
        let is_for_a_time = matches!(
            held.refusal,
            Refusal::UnknownKind | Refusal::AccountClosed | Refusal::DeviceRevoked
        );
        let barred = self.hub.barred(held.author, held.device);
        let still_holds = barred.is_some_and(|barred| barred.refusal() == held.refusal);
        let is_kept_out = barred.is_none() && self.hub.suspended.contains(&held.author);
        let is_decided = self.word(id).as_ref().is_some_and(Word::is_last);
        is_for_a_time && !still_holds && !is_kept_out && !is_decided
    }

    fn owner_of(&self, user: UserId) -> Owner {
        let mut tabs = self.tabs.iter();
        let tab = tabs.find(|tab| tab.owner.user == user);
        tab.expect("everybody has a phone").owner.clone()
    }
}
