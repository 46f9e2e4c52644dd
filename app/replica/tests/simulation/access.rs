//! Who may what changes, and people deal with what was refused because of it.

use domain::authorize::{Actor, Relation, ScopeKind, may_settle};
use domain::id::{OpId, ScopeId};
use domain::op::Op;
use replica::hub;
use replica::message::Refusal;
use replica::quarantine::{Settled, Waiting, Word};
use replica::replica::Event;
use replica::stored::Owner;
use serde_json::value::RawValue;

use crate::checkers::{self, Name};
use crate::mistakes::Mistake;
use crate::script::TABS;
use crate::tab::parsed;
use crate::world::World;

impl World {
    pub fn regrant(&mut self) {
        let scope = *self.dice.one_of(&self.scopes);
        let (first, second) = (self.tabs[0].owner.user, self.tabs[2].owner.user);
        let from_first = self.hub.grants.remove(&(first, scope)).is_some();
        let from_second = self.hub.grants.remove(&(second, scope)).is_some();
        // From one mediator to the other, or to nobody for a while.
        if self.dice.happens(80) {
            let heir = if from_first { second } else { first };
            self.hub.grants.insert((heir, scope), Relation::Tutor);
        }
        for user in [first, second] {
            *self
                .hub
                .epochs
                .get_mut(&user)
                .expect("every user has an epoch") += 1;
        }
        self.tell(format!(
            "family {scope} reassigned ({from_first}, {from_second})"
        ));
    }

    /// The person deals with something refused: says it anew, if they still may, or lets it go.
    pub fn settle(&mut self, index: usize) {
        let now = self.clock(index);
        let Some(replica) = &self.tabs[index].replica else {
            return;
        };
        let Some(refused) = replica.refused().map(|(op, _)| op.clone()).next() else {
            return;
        };
        let anew = Op {
            id: OpId::new(now, self.dice.bytes10()),
            device_seq: 0,
            at: now,
            ..refused.clone()
        };
        if self.dice.happens(40) {
            self.hand_over(&refused);
            return;
        }
        let says_anew = self.dice.happens(50) && replica.check(&anew).is_ok();
        self.tell(format!("phone {index} settles {}", refused.id));
        self.settled.insert(refused.id);
        let event = if says_anew {
            Event::Recorded {
                ops: vec![anew],
                drafts: Vec::new(),
                settles: vec![refused.id],
            }
        } else {
            Event::Settled(refused.id)
        };
        self.feed(index, event);
    }

    /// An author gives what was refused to whoever follows the family now.
    fn hand_over(&mut self, refused: &Op) {
        if self.hub.quarantine.contains_key(&refused.id) {
            self.tell(format!("{} is handed over", refused.id));
            let words = &mut self.hub.words;
            words.entry(refused.id).or_insert(Word::HandedOver);
        }
    }

    /// Somebody adopts or declines an op that waits in quarantine, if it is for them to decide.
    pub fn take_over(&mut self) {
        let is_open = |id: &OpId| {
            let is_told = self.hub.words.get(id).is_some_and(Word::is_last);
            self.mistake == Mistake::AdoptTwice || (!is_told && self.hub.find(id).is_none())
        };
        let held = self.hub.quarantine.keys().copied();
        let open: Vec<OpId> = held.filter(is_open).collect();
        if open.is_empty() {
            return;
        }
        let id = *self.dice.one_of(&open);
        let op = self.hub.quarantine[&id].op.clone();
        let scope = self.hub.quarantine[&id].scope;
        let index = self.dice.index(TABS);
        let by = self.tabs[index].owner.clone();
        let actor = Actor {
            user: by.user,
            role: by.role,
            relation: self.hub.grants.get(&(by.user, scope)).copied(),
        };
        if self.hub.keeps_out(by.user, by.device) || !may_settle(actor.role, actor.relation) {
            return;
        }
        if self.dice.happens(30) {
            self.tell(format!("{id} is declined"));
            let reason = "another word".to_owned();
            let word = Word::Declined {
                by: by.user,
                reason,
            };
            self.hub.words.insert(id, word);
        } else if self.may_be_adopted(&op, &actor) {
            self.tell(format!("{id} is adopted"));
            let found = checkers::set::has_no_number_yet(self, id);
            self.note(const { Name::of("nothing_happens_twice") }, found);
            let number = self.hub.append(scope, id, &op);
            let word = Word::Adopted {
                number,
                by: by.user,
            };
            self.hub.words.insert(id, word);
        }
    }

    /// A newer server also knows the kinds that newer apps write.
    fn may_be_adopted(&self, op: &RawValue, actor: &Actor) -> bool {
        match hub::adopt(op, actor, Some(ScopeKind::Family)) {
            Ok(()) => true,
            Err(Refusal::UnknownKind) => self.server_is_newer,
            Err(_) => false,
        }
    }

    /// What became of refused ops after which their author's phone asks.
    pub fn settled(&self, owner: &Owner, asked: &[OpId]) -> Vec<Settled> {
        let is_theirs = |id: &&OpId| {
            let held = self.hub.quarantine.get(id);
            held.is_some_and(|held| held.author == owner.user)
        };
        if self.mistake == Mistake::SilentAdoption {
            return Vec::new();
        }
        let told = asked.iter().filter(is_theirs);
        told.filter_map(|id| {
            Some(Settled {
                op: *id,
                word: self.word(*id)?,
            })
        })
        .collect()
    }

    /// What became of an op in quarantine, if anything.
    pub fn word(&self, id: OpId) -> Option<Word> {
        let word = self.hub.words.get(&id).cloned();
        let Some((index, op)) = self.hub.find(&id) else {
            return word;
        };
        let by = match word {
            Some(Word::Adopted { by, .. }) => by,
            Some(Word::HandedOver | Word::Declined { .. } | Word::Unknown(_)) | None => {
                parsed(op).author
            }
        };
        let number = u64::try_from(index).expect("it is small") + 1;
        Some(Word::Adopted { number, by })
    }

    /// Where something waits for somebody's decision.
    pub fn waiting(&self, owner: &Owner) -> Vec<Waiting> {
        let open = |scope: &ScopeId| {
            let held = self.hub.quarantine.iter();
            held.filter(|(id, held)| held.scope == *scope && self.word(**id).is_none())
                .count()
        };
        let granted = self.granted(owner.user).into_iter();
        let waiting = granted.map(|grant| Waiting {
            scope: grant.scope,
            count: u32::try_from(open(&grant.scope)).expect("it is small"),
        });
        waiting.filter(|waiting| waiting.count > 0).collect()
    }
}
