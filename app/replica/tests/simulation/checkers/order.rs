//! One history delivered once more, by other phones first: invariant 3.

use std::collections::BTreeMap;

use domain::authorize::{Actor, Relation, ScopeKind};
use domain::id::{DeviceId, Millis, OpId, ScopeId};
use domain::vocabulary::Role;
use replica::hub::{Facts, Header, Verdict};
use replica::message::{Grant, Page, Refusal, SyncReply};
use replica::replica::{Effect, Event, Replica};
use replica::stored::{Contents, Owner};
use serde_json::value::RawValue;

use super::Rest;
use crate::dice::Dice;
use crate::server::Hub;
use crate::world::World;

type Log = Vec<(OpId, Box<RawValue>)>;
type Logs = BTreeMap<ScopeId, Log>;

const PAGE_OPS_MAX: u64 = 60;

/// Invariant 3: had the phones come in another order, in other batches, and had a reader been sent
/// other pages, the same would show.
pub fn who_syncs_first_does_not_matter(rest: &Rest<'_>) -> Option<String> {
    let mut dice = Dice::new(rest.world.count);
    let logs = match delivered(rest.world, &mut dice) {
        Ok(logs) => logs,
        Err(why) => return Some(why),
    };
    let owner = &rest.world.tabs[3].owner;
    let reader = reader(owner, &logs, &mut dice);
    let is_same = *reader.state() == rest.whole;
    (!is_same).then(|| "phones that come in another order add up to something else".to_owned())
}

/// The same ops under other numbers, on a server that had none of them: device after device, the
/// devices in another order.
fn delivered(world: &World, dice: &mut Dice) -> Result<Logs, String> {
    let mut by_device: BTreeMap<DeviceId, Vec<(Header, &RawValue)>> = BTreeMap::new();
    for (_, op) in world.hub.log.values().flatten() {
        let header: Header = serde_json::from_str(op.get()).expect("ops have headers");
        by_device
            .entry(header.device)
            .or_default()
            .push((header, op));
    }
    let mut devices: Vec<_> = by_device.into_values().collect();
    dice.shuffle(&mut devices);
    let scopes = world.hub.log.keys();
    let mut hub = Hub {
        log: scopes.map(|scope| (*scope, Vec::new())).collect(),
        ..Hub::default()
    };
    while !devices.is_empty() {
        let turn = dice.index(devices.len());
        let many = 1 + dice.index(40);
        let ops = &mut devices[turn];
        for (header, op) in ops.drain(..many.min(ops.len())) {
            let verdict = world.judged(&hub, &header, op, &facts(world, &header));
            let is_kept = matches!(
                verdict,
                Verdict::Accept | Verdict::Quarantine(Refusal::UnknownKind)
            );
            if !is_kept {
                return Err(format!(
                    "{} is judged {verdict:?} in another order",
                    header.id
                ));
            }
            hub.append(header.scope, header.id, op);
        }
        devices.retain(|ops| !ops.is_empty());
    }
    Ok(hub.log)
}

/// Its author sends it, with the family granted.
fn facts<'a>(world: &World, header: &Header) -> Facts<'a> {
    let mut owners = world.tabs.iter().map(|tab| &tab.owner);
    let author = owners.find(|owner| owner.user == header.author);
    let role = author.map_or(Role::Mediator, |owner| owner.role);
    let relation = match role {
        Role::SocialWorker => Relation::Reviewer,
        _ => Relation::Tutor,
    };
    Facts {
        actor: Actor {
            user: header.author,
            role,
            relation: Some(relation),
        },
        barred: None,
        kind: Some(ScopeKind::Family),
        earlier: None,
        is_declined: false,
    }
}

/// A phone that reads all of it, in pages of any size.
fn reader(owner: &Owner, logs: &Logs, dice: &mut Dice) -> Replica {
    let now = Millis(0);
    let mut replica = Replica::open(owner.clone(), Contents::default());
    let is_read = |replica: &Replica| {
        let mut logs = logs.iter();
        logs.all(|(scope, log)| replica.cursor(*scope) == log.len() as u64)
    };
    for _ in 0..10_000 {
        if is_read(&replica) {
            break;
        }
        replica.step(now, Event::Nudged);
        let reply = pages(&replica, logs, dice);
        for effect in replica.step(now, Event::Synced(Box::new(reply))) {
            if let Effect::Commit(ticket, _) = effect {
                replica.step(now, Event::Committed(ticket));
            }
        }
    }
    replica
}

fn pages(replica: &Replica, logs: &Logs, dice: &mut Dice) -> SyncReply {
    let grant = |(scope, log): (&ScopeId, &Log)| Grant {
        scope: *scope,
        kind: ScopeKind::Family,
        relation: Relation::Reviewer,
        head: log.len() as u64,
    };
    let mut pages = Vec::new();
    for (scope, log) in logs {
        let from = replica.cursor(*scope);
        let many = dice.index(PAGE_OPS_MAX as usize);
        let ops = log.iter().skip(from as usize).take(many);
        let ops: Vec<_> = ops.map(|(_, op)| Some(op.clone())).collect();
        if !ops.is_empty() {
            pages.push(Page {
                scope: *scope,
                from,
                ops,
                head: log.len() as u64,
            });
        }
    }
    SyncReply {
        now: Millis(0),
        restore_epoch: 1,
        grant_epoch: 1,
        grants: Some(logs.iter().map(grant).collect()),
        receipts: Vec::new(),
        pages,
        settled: Vec::new(),
        waiting: Vec::new(),
        has_more: true,
        needs_cursors: false,
    }
}
