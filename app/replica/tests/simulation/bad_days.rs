//! The phone's bad days: an older disk comes back, the browser erases everything, and a newer app
//! writes what this build cannot read.

use domain::id::{DeviceId, OpId};
use domain::op::SCHEMA;
use domain::state::Case;
use domain::vocabulary::Role;
use replica::replica::Replica;
use replica::stored::{Fate, Outgoing};
use serde_json::value::RawValue;

use crate::checkers::Name;
use crate::disk::Disk;
use crate::mistakes::Mistake;
use crate::people;
use crate::tab::parsed;
use crate::world::World;

impl World {
    pub fn back_up_phone(&mut self, tab: usize) {
        self.tell(format!("phone {tab} is backed up"));
        let device = self.device(tab);
        device.backup = Some((device.disk.clone(), device.sentinel));
    }

    /// The phone comes back as it was at its last backup: it gives the same `device_seq` again.
    pub fn restore_phone(&mut self, tab: usize) {
        let Some((disk, sentinel)) = self.device(tab).backup.clone() else {
            return;
        };
        self.crash_all_tabs(tab);
        self.tell(format!("phone {tab} is restored from its backup"));
        self.device(tab).sentinel = sentinel;
        self.replace_disk(tab, disk);
    }

    /// The browser erases everything that a phone kept. Whoever opens it again signs in anew.
    pub fn evict(&mut self, tab: usize) {
        self.crash_all_tabs(tab);
        let reported = self.device(tab).sentinel;
        self.tell(format!("phone {tab} is erased, {reported} unsent"));
        let lost = self.unsent_on(tab);
        let why = (reported < lost)
            .then(|| format!("phone {tab} lost {lost} changes and was told of {reported}"));
        self.note(const { Name::of("7 what_is_lost_is_reported") }, why);
        self.replace_disk(tab, Disk::default());
        self.device(tab).sentinel = 0;
        // The app went as well: what comes from the server now is today's.
        self.device(tab).older = None;
        let device = DeviceId::new(self.clock(tab), self.dice.bytes10());
        for other in self.of_device(tab) {
            self.tabs[other].owner.device = device;
        }
    }

    /// Changes of the owner's own that were called saved and that no server has answered for.
    fn unsent_on(&self, tab: usize) -> usize {
        let owner = self.tabs[tab].owner.user;
        let outbox = self.disk(tab).outbox.values();
        let waiting = outbox.filter(|out| out.fate == Fate::Waiting);
        waiting
            .filter(|out| self.saved.contains_key(&out.id) && parsed(&out.op).author == owner)
            .count()
    }

    fn of_device(&self, tab: usize) -> Vec<usize> {
        let device = self.tabs[tab].device;
        let tabs = (0..self.tabs.len()).filter(|other| self.tabs[*other].device == device);
        tabs.collect()
    }

    pub fn crash_all_tabs(&mut self, tab: usize) {
        for other in self.of_device(tab) {
            self.crash(other);
        }
    }

    fn replace_disk(&mut self, tab: usize, disk: Disk) {
        let old = std::mem::replace(&mut self.device(tab).disk, disk);
        self.note_unreachable(&old.ids());
    }

    /// The server understands what newer apps write, from now on.
    pub fn update_server(&mut self) {
        self.tell("the server is updated".to_owned());
        self.server_is_newer = true;
    }

    /// A newer app on the same disk writes, and this build opens it: as after an update that was
    /// taken back, or beside a tab that has it already.
    pub fn write_newer(&mut self, tab: usize) {
        let now = self.clock(tab);
        let Some(replica) = self.tabs[tab].replica.as_ref().filter(|it| !it.is_busy()) else {
            return;
        };
        let granted: Vec<_> = replica.grants().iter().map(|grant| grant.scope).collect();
        if granted.is_empty() || self.tabs[tab].owner.role != Role::Mediator {
            return;
        }
        let scope = *self.dice.one_of(&granted);
        self.count += 1;
        let words = format!("word {}.", self.count);
        let empty = Case::default();
        let case = replica.state().cases.get(&scope).unwrap_or(&empty);
        let (change, mut more) = people::newer_change(case, &words, now, &mut self.dice);
        if self.mistake == Mistake::ScoreStored {
            more.push_str(r#","t_score":50.0"#);
        }
        if self.mistake == Mistake::WordsInNewField {
            self.count += 1;
            more.push_str(&format!(r#","aside":"word {}.""#, self.count));
        }
        let id = OpId::new(now, self.dice.bytes10());
        let owner = self.tabs[tab].owner.clone();
        let seq = self.next_device_seq(tab);
        let whose = format!(
            r#""id":"{id}","device":"{}","device_seq":{seq},"scope":"{scope}","author":"{}""#,
            owner.device, owner.user
        );
        let text = format!(
            r#"{{{whose},"at":{},"schema":{}{more},"change":{change}}}"#,
            now.0,
            SCHEMA + 1,
        );
        self.tell(format!(
            "phone {tab} writes to {scope} with a newer app: {change}"
        ));
        self.saved.insert(id, text.clone());
        let outgoing = Outgoing {
            id,
            op: RawValue::from_string(text).expect("it is JSON"),
            fate: Fate::Waiting,
            word: None,
        };
        let batch = replica::stored::Batch {
            outbox_put: vec![outgoing],
            ..replica::stored::Batch::default()
        };
        self.device(tab).disk.write(&batch, true);
        let contents = self.read_disk(tab);
        self.tabs[tab].replica = Some(Replica::open(owner, contents));
        self.show(tab);
        self.tell_tabs(tab, &batch);
    }

    fn next_device_seq(&self, tab: usize) -> u64 {
        let disk = self.disk(tab);
        let device = self.tabs[tab].owner.device;
        let unsent = disk.outbox.values().map(|out| parsed(&out.op));
        let own = unsent.filter(|op| op.device == device);
        let last = own.map(|op| op.device_seq).max().unwrap_or(0);
        last.max(disk.standing.device_seq) + 1
    }
}
