//! The world: devices with disks and clocks, tabs, people, a server, and what happens among them.

use std::collections::{BTreeMap, BTreeSet};

use domain::authorize::Relation;
use domain::id::{DeviceId, Millis, OpId, ScopeId, UserId, VersionId};
use domain::vocabulary::Role;
use replica::message::SyncReply;
use replica::replica::{Event, Replica, SyncError};
use replica::stored::{Batch, Contents, Owner, Ticket};
use serde_json::value::RawValue;

use crate::checkers::{self, Name};
use crate::dice::Dice;
use crate::disk::Disk;
use crate::faults::{Fault, Faults};
use crate::mistakes::Mistake;
use crate::older;
use crate::script::{Deed, SECOND_TAB, Step, TABS};
use crate::server::Hub;

/// What a checker found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    pub checker: Name,
    pub why: String,
}

/// A phone: what its tabs share.
#[derive(Debug, Default)]
pub struct Device {
    pub disk: Disk,
    /// How many unsent changes there were, kept outside the store.
    pub sentinel: usize,
    pub backup: Option<(Disk, usize)>,
    pub skew_ms: i64,
    pub is_cut_off: bool,
    /// The schema of its build, if that is not today's.
    pub older: Option<u16>,
    /// When the last message arrives, up and down.
    pub line: [i64; 2],
    /// Ops that a receipt of the server named to this phone.
    pub named: BTreeSet<OpId>,
}

/// One page in which the app runs. Only one device has two.
pub struct Tab {
    pub owner: Owner,
    pub device: usize,
    pub replica: Option<Replica>,
    pub is_open: bool,
    /// Whether it holds the lock that lets one tab at a time ask.
    pub is_asking: bool,
    pub life: u64,
    pub asked: u64,
}

pub enum Happening {
    Committed {
        tab: usize,
        life: u64,
        ticket: Ticket,
        batch: Box<Batch>,
    },
    Asked {
        tab: usize,
        asked: u64,
        text: String,
    },
    Answered {
        tab: usize,
        asked: u64,
        text: String,
    },
    GivenUp {
        tab: usize,
        asked: u64,
    },
    Busy {
        tab: usize,
        life: u64,
    },
    Read {
        tab: usize,
        life: u64,
        ticket: Ticket,
        contents: Box<Contents>,
    },
    Woke {
        tab: usize,
        life: u64,
    },
    Reopened {
        tab: usize,
    },
    /// Another tab wrote.
    Told {
        tab: usize,
        life: u64,
    },
    Shown {
        scope: ScopeId,
        index: usize,
    },
    /// Sealed ops reach the server, from the device that sealed them.
    Brought {
        tab: usize,
        device: DeviceId,
        sealed: Vec<Box<RawValue>>,
    },
    /// The receipts of sealed ops reach a phone.
    Receipted {
        tab: usize,
        text: String,
    },
}

pub struct World {
    pub tabs: Vec<Tab>,
    pub devices: Vec<Device>,
    pub hub: Hub,
    pub server_is_newer: bool,
    /// Every op that a phone called saved, as it was written.
    pub saved: BTreeMap<OpId, String>,
    /// Every refused op that a person wanted to be done with.
    pub settled: BTreeSet<OpId>,
    /// Every op that was lost with the last disk that held it: no protocol brings it back.
    pub unreachable: BTreeSet<OpId>,
    /// What each version said when it was read aloud, and what was on screen of whoever answered.
    pub read_aloud: BTreeMap<VersionId, String>,
    pub on_screen: BTreeMap<OpId, String>,
    pub backup: Option<Hub>,
    pub scopes: Vec<ScopeId>,
    pub happenings: BTreeMap<(i64, u64), Happening>,
    pub now_ms: i64,
    pub count: u64,
    pub dice: Dice,
    pub faults: Faults,
    pub mistake: Mistake,
    pub history: Vec<String>,
    pub violation: Option<Violation>,
    /// Whether the history has the messages as well.
    pub is_told: bool,
    seed: u64,
}

const START_MS: i64 = 1_800_000_000_000;
/// How long it is calm before everything must have arrived: some retries of five minutes.
const CALM_MS: i64 = 1_500_000;

impl World {
    pub fn new(seed: u64, faults: Faults, mistake: Mistake) -> Self {
        let mut dice = Dice::new(seed);
        let start = Millis(START_MS);
        let users: Vec<(UserId, Role)> = [Role::Mediator, Role::Mediator, Role::SocialWorker]
            .into_iter()
            .map(|role| (UserId::new(start, dice.bytes10()), role))
            .collect();
        let scopes: Vec<ScopeId> = (0..4)
            .map(|_| ScopeId::new(start, dice.bytes10()))
            .collect();
        let ids: Vec<DeviceId> = (0..4)
            .map(|_| DeviceId::new(start, dice.bytes10()))
            .collect();
        let mut world = Self {
            tabs: tabs(&users, &ids),
            devices: (ids.iter()).map(|_| device(&mut dice, faults)).collect(),
            hub: hub(&users, &scopes),
            server_is_newer: false,
            saved: BTreeMap::new(),
            settled: BTreeSet::new(),
            unreachable: BTreeSet::new(),
            read_aloud: BTreeMap::new(),
            on_screen: BTreeMap::new(),
            backup: None,
            scopes,
            happenings: BTreeMap::new(),
            now_ms: START_MS,
            count: 0,
            dice,
            faults,
            mistake,
            history: Vec::new(),
            violation: None,
            is_told: false,
            seed,
        };
        let mut older_dice = Dice::new(seed ^ 0x01d);
        for device in &mut world.devices {
            device.older = older::drawn(faults, &mut older_dice);
        }
        for tab in 0..TABS {
            world.reopen(tab);
        }
        world
    }

    /// Chaos while the script lasts, then calm in which everything must arrive.
    pub fn play(&mut self, script: &[Step]) {
        for step in script {
            if self.violation.is_some() {
                return;
            }
            self.dice = Dice::of_step(self.seed, step.number);
            self.perform(step.tab, step.deed);
            self.pass(self.now_ms + step.pause_ms);
        }
        self.dice = Dice::of_step(self.seed, u64::MAX);
        self.heal();
        self.pass(self.now_ms + CALM_MS);
    }

    fn perform(&mut self, tab: usize, deed: Deed) {
        match deed {
            Deed::Write => {
                let how_many = 1 + self.dice.below(3);
                self.write(tab, how_many, "");
            }
            Deed::WriteMuch => self.write_much(tab),
            Deed::Settle => self.settle(tab),
            Deed::Nudge => self.feed(tab, Event::Nudged),
            Deed::Crash => self.crash(tab),
            Deed::ServerCrash => self.crash_server(),
            Deed::CutOff => {
                let device = &mut self.devices[self.tabs[tab].device];
                device.is_cut_off = !device.is_cut_off;
                let is_cut_off = device.is_cut_off;
                self.tell(format!("phone {tab} cut off: {is_cut_off}"));
            }
            Deed::JumpClock => {
                let most = self.faults.skew_max_ms();
                let skew_ms = self.dice.between(-most, most);
                self.devices[self.tabs[tab].device].skew_ms = skew_ms;
                self.tell(format!("the clock of phone {tab} is {skew_ms} ms off"));
            }
            Deed::Regrant => self.regrant(),
            Deed::Suspend => self.suspend(tab),
            Deed::TakeOver => self.take_over(),
            Deed::BackUp => self.back_up(),
            Deed::Restore => self.restore(),
            Deed::BackUpPhone => self.back_up_phone(tab),
            Deed::RestorePhone => self.restore_phone(tab),
            Deed::Evict => self.evict(tab),
            Deed::WriteNewer => self.write_newer(tab),
            Deed::UpdateServer => self.update_server(),
            Deed::Tab => self.toggle_tab(),
            Deed::WriteForm => self.write_form(tab),
            Deed::UpdatePhone => self.update_phone(tab),
            Deed::CloseAccount => self.close_account(tab),
            Deed::RevokePhone => self.revoke_phone(tab),
            Deed::Bring => self.bring(tab),
            Deed::Deliver => self.deliver(tab),
        }
    }

    fn heal(&mut self) {
        self.tell("calm".to_owned());
        self.let_everybody_in();
        self.faults = self.faults.calm();
        for device in &mut self.devices {
            device.is_cut_off = false;
        }
        for tab in 0..TABS {
            self.update_phone(tab);
            self.reopen(tab);
            self.feed(tab, Event::Nudged);
        }
    }

    fn pass(&mut self, until_ms: i64) {
        while let Some((key, _)) = self.happenings.first_key_value() {
            let key = *key;
            if key.0 > until_ms || self.violation.is_some() {
                break;
            }
            self.now_ms = self.now_ms.max(key.0);
            let happening = self.happenings.remove(&key).expect("it was just there");
            self.happen(happening);
        }
        self.now_ms = self.now_ms.max(until_ms);
    }

    fn happen(&mut self, happening: Happening) {
        let is_alive = |world: &Self, tab: usize, life: u64| world.tabs[tab].life == life;
        match happening {
            Happening::Committed {
                tab,
                life,
                ticket,
                batch,
            } if is_alive(self, tab, life) => self.commit(tab, ticket, &batch),
            Happening::Asked { tab, asked, text } => self.answer(tab, asked, &text),
            Happening::Answered { tab, asked, text } if self.tabs[tab].asked == asked => {
                self.close_request(tab);
                let reply = serde_json::from_str(&text).expect("the server wrote it");
                self.take_in(tab, reply);
            }
            Happening::GivenUp { tab, asked } if self.tabs[tab].asked == asked => {
                self.close_request(tab);
                self.fail(tab, SyncError::Unreachable);
            }
            Happening::Busy { tab, life } if is_alive(self, tab, life) => {
                self.fail(tab, SyncError::Busy);
            }
            Happening::Read {
                tab,
                life,
                ticket,
                contents,
            } if is_alive(self, tab, life) => {
                self.feed(tab, Event::Read(ticket, *contents));
                self.take_delivered(tab);
            }
            Happening::Woke { tab, life } if is_alive(self, tab, life) => {
                self.feed(tab, Event::Woke);
            }
            Happening::Reopened { tab } => self.reopen(tab),
            Happening::Told { tab, life } if is_alive(self, tab, life) => {
                self.feed(tab, Event::WrittenElsewhere);
            }
            Happening::Shown { scope, index } => {
                self.hub.hidden.entry(scope).or_default().remove(&index);
            }
            Happening::Brought {
                tab,
                device,
                sealed,
            } => self.open_sealed(tab, device, &sealed),
            Happening::Receipted { tab, text } => self.keep_delivered(tab, &text),
            // It was meant for a tab, or for a request, that is no more.
            Happening::Committed { .. }
            | Happening::Answered { .. }
            | Happening::GivenUp { .. }
            | Happening::Busy { .. }
            | Happening::Read { .. }
            | Happening::Woke { .. }
            | Happening::Told { .. } => {}
        }
    }

    fn fail(&mut self, tab: usize, why: SyncError) {
        let dice = u32::try_from(self.dice.below(1 << 32)).expect("it fits");
        self.feed(tab, Event::Failed { why, dice });
    }

    fn take_in(&mut self, tab: usize, reply: SyncReply) {
        if self.mistake == Mistake::AssertsWhenReading {
            self.assert_when_reading(tab, &reply);
        }
        let reply = self.widened(tab, reply);
        let reply = self.read_reply(tab, reply);
        self.feed(tab, Event::Synced(Box::new(reply)));
    }

    pub fn clock(&self, tab: usize) -> Millis {
        Millis(self.now_ms + self.devices[self.tabs[tab].device].skew_ms)
    }

    pub fn has(&self, fault: Fault) -> bool {
        self.faults.has(fault)
    }

    pub fn later(&mut self, after_ms: i64, happening: Happening) {
        self.count += 1;
        self.happenings
            .insert((self.now_ms + after_ms, self.count), happening);
    }

    pub fn tell(&mut self, what: String) {
        self.history
            .push(format!("{:>9} ms  {what}", self.now_ms - START_MS));
    }

    /// Notes what a checker found, unless something was found before.
    pub fn note(&mut self, checker: Name, why: Option<String>) {
        if self.violation.is_none()
            && let Some(why) = why
        {
            self.violation = Some(Violation { checker, why });
        }
    }

    /// Looks at what only a world at rest shows.
    pub fn inspect(&mut self) {
        if self.violation.is_none() {
            self.violation = checkers::at_rest(self);
        }
    }
}

fn device(dice: &mut Dice, faults: Faults) -> Device {
    let skew_max_ms = faults.skew_max_ms();
    Device {
        skew_ms: dice.between(-skew_max_ms, skew_max_ms),
        ..Device::default()
    }
}

/// The first mediator has two phones, so that one person can disagree with themselves.
fn tabs(users: &[(UserId, Role)], devices: &[DeviceId]) -> Vec<Tab> {
    let of = [(0, 0), (0, 1), (1, 2), (2, 3), (0, 0)];
    let tab = |(tab, (user, device)): (usize, (usize, usize))| Tab {
        owner: Owner {
            user: users[user].0,
            role: users[user].1,
            name: format!("person {user}"),
            device: devices[device],
        },
        device,
        replica: None,
        is_open: tab != SECOND_TAB,
        is_asking: false,
        life: 0,
        asked: 0,
    };
    of.into_iter().enumerate().map(tab).collect()
}

fn hub(users: &[(UserId, Role)], scopes: &[ScopeId]) -> Hub {
    let mut hub = Hub {
        restore_epoch: 1,
        ..Hub::default()
    };
    for (index, scope) in scopes.iter().enumerate() {
        hub.log.insert(*scope, Vec::new());
        hub.grants
            .insert((users[index % 2].0, *scope), Relation::Tutor);
        hub.grants.insert((users[2].0, *scope), Relation::Reviewer);
    }
    for (user, _) in users {
        hub.epochs.insert(*user, 1);
    }
    hub
}
