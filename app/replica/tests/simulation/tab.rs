//! A tab at work: events go in, effects are run on the device's disk and on the wire.

use domain::id::{OpId, VersionId};
use domain::op::{Change, Known, Op};
use replica::replica::{Effect, Event, Replica};
use replica::stored::{Batch, DiskError, Ticket};
use serde_json::value::RawValue;

use crate::checkers::{self, Name};
use crate::disk::Disk;
use crate::faults::Fault;
use crate::mistakes::{Mistake, outside};
use crate::people;
use crate::script::SECOND_TAB;
use crate::world::{Device, Happening, World};

impl World {
    pub fn device(&mut self, tab: usize) -> &mut Device {
        &mut self.devices[self.tabs[tab].device]
    }

    pub fn disk(&self, tab: usize) -> &Disk {
        &self.devices[self.tabs[tab].device].disk
    }

    /// A person writes `how_many` changes to one family, each word with `more` behind it.
    pub fn write(&mut self, tab: usize, how_many: u64, more: &str) {
        let (now, schema) = (self.clock(tab), self.schema(tab));
        let Some(replica) = &self.tabs[tab].replica else {
            return;
        };
        let granted: Vec<_> = replica.grants().iter().map(|grant| grant.scope).collect();
        if granted.is_empty() {
            return;
        }
        let scope = *self.dice.one_of(&granted);
        let mut ops = Vec::new();
        for _ in 0..how_many {
            self.count += 1;
            let words = format!("word {}.{more}", self.count);
            let (known, replaces) = if more.is_empty() && how_many < 10 {
                people::change(replica, scope, words, now, &mut self.dice)
            } else {
                let corrects = None;
                (Known::NoteAdded { words, corrects }, Vec::new())
            };
            ops.push(Op {
                id: OpId::new(now, self.dice.bytes10()),
                device: self.tabs[tab].owner.device,
                device_seq: 0,
                scope,
                author: self.tabs[tab].owner.user,
                at: now,
                schema,
                replaces,
                change: known.into(),
            });
        }
        if self.mistake == Mistake::VersionEditedInPlace {
            self.edit_in_place(tab, &mut ops);
        }
        let Some(replica) = &self.tabs[tab].replica else {
            return;
        };
        if let Some(why) = ops.iter().find_map(|op| replica.check(op).err()) {
            if self.mistake == Mistake::VersionEditedInPlace {
                return;
            }
            let why = format!("a change that makes sense was refused: {why}");
            self.note(const { Name::of("8 applying_cannot_fail") }, Some(why));
            return;
        }
        self.tell(format!("phone {tab} writes {} to {scope}", ops.len()));
        self.record(tab, ops);
    }

    pub fn record(&mut self, tab: usize, ops: Vec<Op>) {
        self.remember(tab, &ops);
        let event = Event::Recorded {
            ops,
            drafts: Vec::new(),
            settles: Vec::new(),
        };
        self.feed(tab, event);
    }

    /// Days without a network: more than one request may hold, in ops or in bytes.
    pub fn write_much(&mut self, tab: usize) {
        if self.dice.happens(50) {
            self.write(tab, 520, "");
        } else {
            self.write(tab, 80, &" and on".repeat(550));
        }
    }

    /// Remembers what a person had read aloud or had on screen, apart from what is sent.
    fn remember(&mut self, tab: usize, ops: &[Op]) {
        for op in ops {
            let Change::Known(known) = &op.change else {
                continue;
            };
            match &**known {
                Known::VersionProposed {
                    version, content, ..
                } => {
                    let text = serde_json::to_string(content).expect("content is JSON");
                    self.read_aloud.entry(*version).or_insert(text);
                }
                Known::VersionAnswered { version, .. } | Known::VersionReviewed { version, .. } => {
                    if let Some(text) = self.shown(tab, op, *version) {
                        self.on_screen.insert(op.id, text);
                    }
                }
                _ => {}
            }
        }
    }

    /// What is on screen while a version is answered: the version, but for the planted mistake.
    fn shown(&self, tab: usize, op: &Op, version: VersionId) -> Option<String> {
        let case = self.tabs[tab]
            .replica
            .as_ref()?
            .state()
            .cases
            .get(&op.scope)?;
        let mut versions = case.plan.versions.values();
        let shown = versions.rfind(|shown| shown.id == version)?;
        if self.mistake == Mistake::DraftReadAloud {
            return serde_json::to_string(&case.plan.content()).ok();
        }
        serde_json::to_string(&shown.content).ok()
    }

    /// The planted mistake: whoever writes also brings the version that was read up to date.
    fn edit_in_place(&self, tab: usize, ops: &mut Vec<Op>) {
        let replica = self.tabs[tab].replica.as_ref();
        let Some((first, replica)) = ops.first().cloned().zip(replica) else {
            return;
        };
        let case = replica.state().cases.get(&first.scope);
        let Some((case, version)) = case.and_then(|case| Some((case, case.plan.latest_version()?)))
        else {
            return;
        };
        let edited = Known::VersionProposed {
            version: version.id,
            number: version.number,
            content: case.plan.content(),
        };
        let again = Op {
            id: OpId::new(first.at, [7; 10]),
            change: edited.into(),
            replaces: Vec::new(),
            ..first
        };
        if replica.check(&again).is_ok() && case.plan.has_draft() {
            ops.push(again);
        }
    }

    pub fn feed(&mut self, tab: usize, event: Event) {
        let now = self.clock(tab);
        let Some(replica) = &mut self.tabs[tab].replica else {
            return;
        };
        for effect in replica.step(now, event) {
            self.run_effect(tab, effect);
        }
    }

    fn run_effect(&mut self, tab: usize, effect: Effect) {
        let life = self.tabs[tab].life;
        match effect {
            Effect::Commit(ticket, batch) => {
                let mut after_ms = self.dice.between(1, 40);
                if self.mistake == Mistake::LooksOutside {
                    after_ms += outside();
                }
                let is_early =
                    self.mistake == Mistake::SavedTooEarly && !batch.outbox_put.is_empty();
                let batch = Box::new(self.stored(tab, batch));
                let happening = Happening::Committed {
                    tab,
                    life,
                    ticket,
                    batch,
                };
                self.later(after_ms, happening);
                if is_early {
                    self.feed(tab, Event::Committed(ticket));
                }
            }
            Effect::Sync(request) => {
                let request = self.sent(tab, request);
                self.ask(tab, request);
            }
            Effect::WakeAt(at) => {
                let after_ms = (at.0 - self.clock(tab).0).max(0);
                let found = checkers::limits::of_wait(after_ms);
                self.note(const { Name::of("13 everything_has_a_limit") }, found);
                self.later(after_ms, Happening::Woke { tab, life });
            }
            Effect::Saved(ids) => {
                let found = checkers::local::saved_only_after_commit(self, tab, &ids);
                self.note(const { Name::of("1 saved_only_after_commit") }, found);
                self.call_saved(tab, &ids);
            }
            Effect::Settled(ids) => {
                let found = checkers::local::removed_only_after_commit(self, tab, &ids);
                self.note(const { Name::of("1 saved_only_after_commit") }, found);
            }
            Effect::Read(ticket) => {
                let after_ms = self.dice.between(1, 40);
                let contents = Box::new(self.read_disk(tab));
                let happening = Happening::Read {
                    tab,
                    life,
                    ticket,
                    contents,
                };
                self.later(after_ms, happening);
            }
            Effect::Show => self.show(tab),
            Effect::NotSaved(..) => {}
        }
    }

    fn call_saved(&mut self, tab: usize, ids: &[OpId]) {
        for id in ids {
            if let Some(outgoing) = self.disk(tab).outbox.get(id) {
                let text = outgoing.op.get().to_owned();
                self.saved.entry(*id).or_insert(text);
            }
        }
    }

    /// What is unsent is counted outside the store as well, as the app does when it draws.
    pub fn show(&mut self, tab: usize) {
        let Some(replica) = &self.tabs[tab].replica else {
            return;
        };
        let unsent = replica.status().unsent;
        if self.mistake != Mistake::NoSentinel {
            self.device(tab).sentinel = unsent;
        }
    }

    pub fn commit(&mut self, tab: usize, ticket: Ticket, batch: &Batch) {
        if self.dice.happens(self.faults.of(Fault::Disk)) {
            self.tell(format!("phone {tab}: the disk refuses"));
            self.feed(tab, Event::DiskFailed(ticket, DiskError::Full));
            return;
        }
        if !self.disk(tab).is_next(batch) && self.mistake != Mistake::TabsWriteOver {
            self.tell(format!("phone {tab}: another tab was quicker"));
            self.feed(tab, Event::Overtaken(ticket));
            return;
        }
        if self.mistake == Mistake::CursorSavedApart
            && let Some(standing) = &batch.standing
        {
            self.device(tab).disk.standing = standing.clone();
            if self.dice.happens(10) {
                self.crash(tab);
                return;
            }
        }
        let is_purging = self.mistake != Mistake::PurgeSkipped;
        // A phone that has not heard of the restore yet goes on by what it was told before.
        let is_behind = self.disk(tab).standing.restore_epoch != self.hub.restore_epoch;
        let mut leaving = batch.outbox_remove.clone();
        leaving.extend(self.disk(tab).ids_in(&batch.purge));
        self.device(tab).disk.write(batch, is_purging);
        if is_behind {
            self.note_unreachable(&leaving);
        } else {
            let found = checkers::local::only_a_receipt_clears(self, tab, batch);
            self.note(const { Name::of("4 only_a_receipt_clears") }, found);
        }
        self.tell_tabs(tab, batch);
        // A crash may come between the commit and its report.
        if self.dice.happens(self.faults.of(Fault::Crash)) {
            self.crash(tab);
        } else {
            self.feed(tab, Event::Committed(ticket));
        }
        if batch.standing.is_some() {
            let found = checkers::local::cursor_and_ops_agree(self, tab);
            self.note(const { Name::of("6 cursor_and_ops_agree") }, found);
            let found = checkers::local::receipts_never_lie(self, tab);
            self.note(const { Name::of("receipts_never_lie") }, found);
        }
    }

    pub fn crash(&mut self, tab: usize) {
        if self.tabs[tab].replica.take().is_none() {
            return;
        }
        self.tell(format!("phone {tab} crashes"));
        self.tabs[tab].life += 1;
        self.close_request(tab);
        let after_ms = self.dice.between(10, 30_000);
        self.later(after_ms, Happening::Reopened { tab });
    }

    pub fn reopen(&mut self, tab: usize) {
        if self.tabs[tab].replica.is_some() || !self.tabs[tab].is_open {
            return;
        }
        let mut contents = self.read_disk(tab);
        if self.mistake == Mistake::ReadBackHalf {
            contents.segments.pop();
        }
        let replica = Replica::open(self.tabs[tab].owner.clone(), contents);
        // What was on disk before its report came counts as saved from now on: it is shown so.
        let found: Vec<OpId> = replica.unsent().map(|op| op.id).collect();
        self.tabs[tab].replica = Some(replica);
        self.call_saved(tab, &found);
        self.tell(format!("phone {tab} opens"));
        self.take_delivered(tab);
        self.feed(tab, Event::Nudged);
    }

    /// The second tab is opened, or closed for good.
    pub fn toggle_tab(&mut self) {
        let tab = &mut self.tabs[SECOND_TAB];
        tab.is_open = !tab.is_open;
        if tab.is_open {
            self.reopen(SECOND_TAB);
        } else {
            self.crash(SECOND_TAB);
        }
    }

    /// The other tabs of a device hear of what one of them wrote.
    pub fn tell_tabs(&mut self, tab: usize, batch: &Batch) {
        let is_renewed = |batch: &Batch| {
            let standing = batch.standing.as_ref();
            standing.is_some_and(|at| !at.outdated.is_empty())
        };
        let is_news = !batch.outbox_put.is_empty()
            || !batch.outbox_remove.is_empty()
            || !batch.append.is_empty()
            || !batch.purge.is_empty()
            || is_renewed(batch);
        if is_news {
            for other in self.others(tab) {
                // Where nothing else keeps tabs from writing over each other, late news does it.
                let latest_ms = match self.mistake {
                    Mistake::TabsWriteOver => 60_000,
                    _ => 20,
                };
                let after_ms = self.dice.between(1, latest_ms);
                let life = self.tabs[other].life;
                self.later(after_ms, Happening::Told { tab: other, life });
            }
        }
    }

    /// The open tabs that share a disk with this one.
    pub fn others(&self, tab: usize) -> Vec<usize> {
        let device = self.tabs[tab].device;
        let open = self.tabs.iter().enumerate();
        open.filter(|(index, other)| {
            *index != tab && other.device == device && other.replica.is_some()
        })
        .map(|(index, _)| index)
        .collect()
    }

    /// The planted mistake: what comes from the server is checked as if it were new.
    pub fn assert_when_reading(&self, tab: usize, reply: &replica::message::SyncReply) {
        let Some(replica) = &self.tabs[tab].replica else {
            return;
        };
        for raw in reply
            .pages
            .iter()
            .flat_map(|page| page.ops.iter().flatten())
        {
            if let Err(why) = replica.state().check(&parsed(raw)) {
                // Without the report that a panic prints: this one is meant.
                std::panic::resume_unwind(Box::new(format!("a stored op was refused: {why}")));
            }
        }
    }
}

pub fn parsed(op: &RawValue) -> Op {
    serde_json::from_str(op.get()).expect("ops are kept")
}
