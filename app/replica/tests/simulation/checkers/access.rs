//! Who may see and write what: invariant 11.

use std::collections::BTreeSet;

use domain::authorize::Relation;
use domain::id::{DeviceId, OpId, ScopeId};
use domain::op::{Change, Known};
use domain::vocabulary::Role;
use replica::message::{Refusal, SyncReply, SyncRequest};
use replica::quarantine::Word;
use replica::stored::{Fate, Owner};
use serde_json::value::RawValue;

use super::Rest;
use crate::tab::parsed;
use crate::world::World;

/// Invariant 11: at the moment of its number an op's sender was its author, held the family and
/// had the role for it. The rule is written here once more, and more coarsely.
pub fn every_op_was_authorized(
    world: &World,
    sender: &Owner,
    op: &RawValue,
    device: DeviceId,
) -> Option<String> {
    let op = parsed(op);
    let is_out = world.hub.closed.contains(&sender.user) || world.hub.revoked.contains(&device);
    let relation = world.hub.grants.get(&(sender.user, op.scope));
    let is_for_the_reviewer = match &op.change {
        Change::Known(known) => match &**known {
            Known::VersionReviewed { .. } => Some(true),
            Known::NoteAdded { .. } | Known::FamilyWritten(_) | Known::Seen { .. } => None,
            _ => Some(false),
        },
        Change::Unknown(_) => None,
    };
    let is_right = match (sender.role, relation) {
        (Role::Mediator, Some(Relation::Tutor)) => is_for_the_reviewer != Some(true),
        (Role::SocialWorker, Some(Relation::Reviewer)) => is_for_the_reviewer != Some(false),
        _ => false,
    };
    let is_right = is_right && op.author == sender.user && !is_out;
    (!is_right).then(|| format!("{} was accepted from {}", op.id, sender.name))
}

/// At each refusal: who is told that they were shut out was, and who is told that a family is not
/// theirs was not, and does not hold it.
pub fn the_reason_told_is_true(
    world: &World,
    sender: &Owner,
    op: &RawValue,
    device: DeviceId,
    refusal: Refusal,
) -> Option<String> {
    let op = parsed(op);
    let is_closed = world.hub.closed.contains(&sender.user);
    let is_revoked = world.hub.revoked.contains(&device);
    let is_granted = world.hub.grants.contains_key(&(sender.user, op.scope));
    let is_true = match refusal {
        Refusal::AccountClosed => is_closed && !is_revoked,
        Refusal::DeviceRevoked => is_revoked,
        Refusal::NotGranted => !is_granted && !is_closed && !is_revoked,
        Refusal::OtherAuthor => op.author != sender.user,
        Refusal::NotYourRole
        | Refusal::WrongScope
        | Refusal::UnknownKind
        | Refusal::Malformed
        | Refusal::TooLarge
        | Refusal::SameIdOtherBytes
        | Refusal::Unknown(_) => true,
    };
    (!is_true).then(|| format!("{} is refused as {refusal} from {}", op.id, sender.name))
}

/// Whenever somebody is let in or a phone is revoked: nothing that nobody decided about lies there
/// for a reason that is over, unless its author is kept out for a time.
pub fn nothing_waits_for_what_is_over(world: &World) -> Option<String> {
    let hub = &world.hub;
    let is_open = |id: &OpId| {
        let is_decided = hub.words.get(id).is_some_and(Word::is_last);
        !is_decided && hub.find(id).is_none()
    };
    let mut held = hub.quarantine.iter();
    let (id, held) = held.find(|&(id, held)| {
        let is_for_a_time = match held.refusal {
            Refusal::AccountClosed | Refusal::DeviceRevoked => true,
            Refusal::NotGranted
            | Refusal::NotYourRole
            | Refusal::WrongScope
            | Refusal::UnknownKind
            | Refusal::Malformed
            | Refusal::TooLarge
            | Refusal::SameIdOtherBytes
            | Refusal::OtherAuthor
            | Refusal::Unknown(_) => false,
        };
        let now = hub.barred(held.author, held.device);
        let still_holds = now.is_some_and(|barred| barred.refusal() == held.refusal);
        let is_kept_out = now.is_none() && hub.suspended.contains(&held.author);
        is_for_a_time && !still_holds && !is_kept_out && is_open(id)
    })?;
    Some(format!("{id} waits as {}, which is over", held.refusal))
}

/// Invariant 11: a reply holds pages of granted families only.
pub fn every_page_is_granted(world: &World, tab: usize, reply: &SyncReply) -> Option<String> {
    let user = world.tabs[tab].owner.user;
    let is_granted = |scope| world.hub.grants.contains_key(&(user, scope));
    let page = reply.pages.iter().find(|page| !is_granted(page.scope))?;
    Some(format!("phone {tab} is sent a page of {}", page.scope))
}

/// Invariant 11: a phone that tells the server that it purged a family has nothing of it, on disk
/// or in memory, but for what its owner wrote and the server has yet to answer or refused.
pub fn a_purge_is_true(world: &World, tab: usize, request: &SyncRequest) -> Option<String> {
    let standing = &world.disk(tab).standing;
    let purged = request.purged.iter();
    purged
        .filter(|scope| !standing.is_granted(**scope))
        .find_map(|scope| {
            let left = left_of(world, tab, *scope)?;
            Some(format!("phone {tab} says that {scope} is purged: {left}"))
        })
}

fn left_of(world: &World, tab: usize, scope: ScopeId) -> Option<String> {
    let disk = world.disk(tab);
    if disk.segments.keys().any(|(of, _)| *of == scope) {
        return Some("its ops are on disk".to_owned());
    }
    let owner = world.tabs[tab].owner.user;
    let foreign = disk.outbox.values().find(|out| {
        let op = parsed(&out.op);
        let is_over = matches!(out.fate, Fate::Refused(_) | Fate::Accepted(_));
        op.scope == scope && op.author != owner && is_over
    });
    if let Some(foreign) = foreign {
        return Some(format!("{} of somebody else is in the outbox", foreign.id));
    }
    let replica = world.tabs[tab].replica.as_ref()?;
    let is_shown = replica.state().cases.contains_key(&scope);
    is_shown.then(|| "it is in memory".to_owned())
}

/// Invariant 11: at rest a phone keeps nothing of a family that is not granted, on disk, in the
/// outbox or in memory; but refused words stay with their author until they have dealt with them.
pub fn nothing_outside_the_grants(rest: &Rest<'_>) -> Option<String> {
    let world = rest.world;
    world.tabs.iter().enumerate().find_map(|(tab, at)| {
        let granted: BTreeSet<ScopeId> = world
            .granted(at.owner.user)
            .into_iter()
            .map(|grant| grant.scope)
            .collect();
        let disk = world.disk(tab);
        let stored = disk.segments.keys().map(|(scope, _)| *scope);
        let cursors = disk.standing.cursors.keys().copied();
        let foreign = disk.outbox.values().map(|out| parsed(&out.op));
        let foreign = foreign.filter(|op| op.author != at.owner.user);
        let shown = at.replica.iter().flat_map(|it| it.state().cases.keys());
        let all = stored
            .chain(cursors)
            .chain(foreign.map(|op| op.scope))
            .chain(shown.copied());
        let stray = { all }.find(|scope| !granted.contains(scope))?;
        Some(format!("phone {tab} still keeps something of {stray}"))
    })
}
