//! The network between a tab and the server, and when a request is over.

use domain::id::DeviceId;
use replica::message::{SyncReply, SyncRequest};
use serde_json::value::RawValue;

use crate::checkers::{self, Name};
use crate::faults::Fault;
use crate::mistakes::Mistake;
use crate::world::{Happening, World};

const REQUEST_MS_MAX: i64 = 30_000;
const DAY_MS: i64 = 86_400_000;
pub const UP: usize = 0;
pub const DOWN: usize = 1;

impl World {
    pub fn ask(&mut self, tab: usize, mut request: SyncRequest) {
        // One tab at a time asks.
        let is_busy = |other: &usize| self.tabs[*other].is_asking;
        if self.others(tab).iter().any(is_busy) {
            let life = self.tabs[tab].life;
            self.later(1, Happening::Busy { tab, life });
            return;
        }
        if self.mistake == Mistake::SentWhole && !request.ops.is_empty() {
            let outbox = self.disk(tab).outbox.values();
            request.ops = outbox.map(|out| out.op.clone()).collect();
        }
        let found = checkers::access::a_purge_is_true(self, tab, &request);
        self.note(const { Name::of("11 a_purge_is_true") }, found);
        let text = serde_json::to_string(&request).expect("a request is JSON");
        let found = checkers::limits::of_request(&request, &text);
        self.note(const { Name::of("13 everything_has_a_limit") }, found);
        self.tabs[tab].is_asking = true;
        let asked = self.tabs[tab].asked;
        self.later(REQUEST_MS_MAX, Happening::GivenUp { tab, asked });
        let copies = 1 + u64::from(self.dice.happens(self.faults.of(Fault::Duplicate)));
        for _ in 0..copies {
            if let Some(after_ms) = self.arrival(tab, UP) {
                let text = text.clone();
                self.later(after_ms, Happening::Asked { tab, asked, text });
            }
        }
    }

    pub fn answer(&mut self, tab: usize, asked: u64, text: &str) {
        let request: SyncRequest = serde_json::from_str(text).expect("a phone wrote it");
        let is_off = self.devices[self.tabs[tab].device].skew_ms.abs() >= DAY_MS;
        let is_turned_away = self.mistake == Mistake::WrongClocksTurnedAway && is_off;
        let user = self.tabs[tab].owner.user;
        if self.hub.keeps_out(user, request.device) || is_turned_away {
            if let Some(after_ms) = self.arrival(tab, DOWN) {
                self.later(after_ms, Happening::GivenUp { tab, asked });
            }
            return;
        }
        if self.dice.happens(self.faults.of(Fault::ServerCrash)) {
            self.crash_in_mid_request(tab, request.device, &request.ops);
            return;
        }
        let reply = self.sync(tab, &request);
        let (receipts, pages) = (reply.receipts.len(), reply.pages.len());
        if self.is_told && receipts + pages > 0 {
            self.tell(format!(
                "phone {tab} is answered: {receipts} receipts, {pages} pages"
            ));
        }
        self.inspect_reply(tab, &request, &reply);
        let text = serde_json::to_string(&reply).expect("a reply is JSON");
        if let Some(after_ms) = self.arrival(tab, DOWN) {
            self.later(after_ms, Happening::Answered { tab, asked, text });
        }
    }

    /// Some ops are in by then, perhaps all of them; nobody is told.
    pub fn crash_in_mid_request(&mut self, tab: usize, device: DeviceId, ops: &[Box<RawValue>]) {
        let owner = self.tabs[tab].owner.clone();
        let taken_in = self.dice.index(ops.len() + 1);
        self.tell(format!(
            "the server has {taken_in} ops of phone {tab}, and then"
        ));
        for op in ops.iter().take(taken_in) {
            self.ingest(&owner, op, device);
        }
        self.crash_server();
    }

    fn inspect_reply(&mut self, tab: usize, request: &SyncRequest, reply: &SyncReply) {
        let found = checkers::server::the_reply_follows_the_commit(self, &reply.receipts);
        self.note(const { Name::of("5 the_reply_follows_the_commit") }, found);
        let found = checkers::server::a_page_has_no_gaps(self, reply);
        self.note(const { Name::of("6 a_page_has_no_gaps") }, found);
        let found = checkers::access::every_page_is_granted(self, tab, reply);
        self.note(const { Name::of("11 every_page_is_granted") }, found);
        let found = checkers::limits::of_reply(request, reply);
        self.note(const { Name::of("13 everything_has_a_limit") }, found);
        let named = reply.receipts.iter().map(|receipt| receipt.op);
        self.device(tab).named.extend(named);
    }

    /// The tab no longer waits for an answer.
    pub fn close_request(&mut self, tab: usize) {
        self.tabs[tab].asked += 1;
        self.tabs[tab].is_asking = false;
    }

    /// After how long a message arrives, if it does.
    pub fn arrival(&mut self, tab: usize, direction: usize) -> Option<i64> {
        let is_lost = self.dice.happens(self.faults.of(Fault::Drop));
        let overtakes = self.dice.happens(self.faults.of(Fault::Reorder));
        let after_ms = self.dice.between(1, self.faults.delay_max_ms());
        let now_ms = self.now_ms;
        let device = self.device(tab);
        if is_lost || device.is_cut_off {
            return None;
        }
        let mut at_ms = now_ms + after_ms;
        if !overtakes {
            at_ms = at_ms.max(device.line[direction]);
        }
        device.line[direction] = device.line[direction].max(at_ms);
        Some(at_ms - now_ms)
    }
}
