//! A phone of a history: the real state machine, on a disk that never fails.
//!
//! It is out of the server's reach but for the moments at which the history lets them meet.

use std::collections::VecDeque;

use domain::id::{DeviceId, Millis, ScopeId, UserId};
use domain::op::Op;
use domain::state::State;
use domain::vocabulary::Role;
use replica::replica::{Effect, Event, Replica, SyncError};
use replica::stored::{Contents, Owner};

use crate::server::Server;

/// One person's copy.
pub struct Device {
    replica: Replica,
}

impl Device {
    /// The empty copy of a mediator-tutor.
    pub fn new(user: UserId, device: DeviceId) -> Self {
        let owner = Owner {
            user,
            role: Role::Mediator,
            name: "one of them".to_owned(),
            device,
        };
        Self {
            replica: Replica::open(owner, Contents::default()),
        }
    }

    /// Whose it is.
    pub const fn owner(&self) -> &Owner {
        self.replica.owner()
    }

    /// What its screens show.
    pub const fn state(&self) -> &State {
        self.replica.state()
    }

    /// Keeps what its owner wrote, which is sent at the next meeting.
    pub fn record(&mut self, now: Millis, op: Op) {
        self.replica
            .check(&op)
            .expect("a history makes sense on every screen");
        let recorded = Event::Recorded {
            ops: vec![op],
            drafts: Vec::new(),
            settles: Vec::new(),
        };
        self.feed(now, recorded, None);
    }

    /// Meets the server until neither has news for the other.
    pub fn meet(&mut self, now: Millis, server: &mut Server) {
        self.feed(now, Event::Nudged, Some(server));
    }

    /// How far it has read, and how many ops of its owner are not in the server's log.
    pub fn standing(&self, scope: ScopeId) -> (u64, usize) {
        let status = self.replica.status();
        (self.replica.cursor(scope), status.unsent + status.refused)
    }

    /// Takes an event in and does all that follows from it.
    fn feed(&mut self, now: Millis, event: Event, mut server: Option<&mut Server>) {
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            for effect in self.replica.step(now, event) {
                match effect {
                    Effect::Commit(ticket, _) => events.push_back(Event::Committed(ticket)),
                    Effect::Sync(request) => {
                        let request = serde_json::to_string(&request).expect("it is JSON");
                        let reply = (server.as_deref_mut())
                            .map(|server| server.answer(self.replica.owner(), &request));
                        events.push_back(reply.map_or(UNREACHABLE, |reply| {
                            let reply = serde_json::from_str(&reply);
                            Event::Synced(Box::new(reply.expect("the server wrote it")))
                        }));
                    }
                    // The next meeting comes when the history says so.
                    Effect::WakeAt(_) | Effect::Saved(_) | Effect::Settled(_) | Effect::Show => {}
                    Effect::NotSaved(..) | Effect::Read(_) => {
                        unreachable!("the disk never fails, and no other tab writes to it")
                    }
                }
            }
        }
    }
}

const UNREACHABLE: Event = Event::Failed {
    why: SyncError::Unreachable,
    dice: 0,
};
