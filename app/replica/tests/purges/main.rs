//! What a phone tells the server of the families that it erased: each once, a few at a time.

use domain::authorize::{Relation, ScopeKind};
use domain::id::{DeviceId, Millis, ScopeId, UserId};
use domain::vocabulary::Role;
use replica::message::{Grant, PURGED_MAX, SyncReply, SyncRequest};
use replica::replica::{Effect, Event, Replica};
use replica::stored::{Batch, Contents, Owner, Standing};

const NOW: Millis = Millis(1_790_000_000_000);

fn scope(number: usize) -> ScopeId {
    let [high, low] = u16::try_from(number).expect("it is small").to_be_bytes();
    ScopeId::new(NOW, [high, low, 0, 0, 0, 0, 0, 0, 0, 0])
}

fn granted(scopes: &[ScopeId]) -> Vec<Grant> {
    let grant = |scope: &ScopeId| Grant {
        scope: *scope,
        kind: ScopeKind::Family,
        relation: Relation::Tutor,
        head: 0,
    };
    scopes.iter().map(grant).collect()
}

fn standing(grants: &[ScopeId], purged: &[ScopeId]) -> Standing {
    Standing {
        grants: granted(grants),
        grant_epoch: 1,
        restore_epoch: 1,
        purged: purged.to_vec(),
        ..Standing::default()
    }
}

fn contents(standing: Standing) -> Contents {
    Contents {
        standing,
        ..Contents::default()
    }
}

fn phone(standing: Standing) -> Replica {
    let owner = Owner {
        user: UserId::new(NOW, [1; 10]),
        role: Role::Mediator,
        name: "Samira".to_owned(),
        device: DeviceId::new(NOW, [2; 10]),
    };
    Replica::open(owner, contents(standing))
}

fn reply(grants: Option<&[ScopeId]>) -> Event {
    Event::Synced(Box::new(SyncReply {
        now: NOW,
        restore_epoch: 1,
        grant_epoch: 1,
        grants: grants.map(granted),
        receipts: Vec::new(),
        pages: Vec::new(),
        settled: Vec::new(),
        waiting: Vec::new(),
        has_more: false,
        needs_cursors: false,
    }))
}

fn asked(effects: Vec<Effect>) -> Option<SyncRequest> {
    effects.into_iter().find_map(|effect| match effect {
        Effect::Sync(request) => Some(request),
        _ => None,
    })
}

/// Answers the open question, and puts on disk what follows from that.
fn answer(phone: &mut Replica, grants: Option<&[ScopeId]>) -> (Batch, Option<SyncRequest>) {
    let mut effects = phone.step(NOW, reply(grants)).into_iter();
    let commit = effects.find_map(|effect| match effect {
        Effect::Commit(ticket, batch) => Some((ticket, batch)),
        _ => None,
    });
    let (ticket, batch) = commit.expect("an answer is kept");
    let next = phone.step(NOW, Event::Committed(ticket));
    (batch, asked(next))
}

#[test]
fn purged_scopes_are_named_once_each_and_no_request_names_too_many() {
    let scopes: Vec<ScopeId> = (0..2 * PURGED_MAX + 1).map(scope).collect();
    let mut phone = phone(standing(&scopes, &[]));
    let first = asked(phone.step(NOW, Event::Nudged)).expect("it asks");
    assert!(first.purged.is_empty());
    let (batch, mut next) = answer(&mut phone, Some(&[]));
    assert_eq!(batch.purge, scopes);
    let mut named = Vec::new();
    while let Some(request) = next {
        assert!(
            request.purged.len() <= PURGED_MAX,
            "{}",
            request.purged.len()
        );
        assert!(named.len() <= scopes.len(), "it asks without an end");
        named.extend(request.purged);
        (_, next) = answer(&mut phone, None);
    }
    assert_eq!(named, scopes);
}

#[test]
fn a_family_that_came_back_is_not_said_to_be_purged() {
    let scopes: Vec<ScopeId> = (0..=PURGED_MAX).map(scope).collect();
    let mut phone = phone(standing(&[], &scopes));
    let first = asked(phone.step(NOW, Event::Nudged)).expect("it asks");
    assert_eq!(first.purged, scopes[..PURGED_MAX]);
    let (batch, next) = answer(&mut phone, Some(&scopes[PURGED_MAX..]));
    let kept = batch.standing.map(|standing| standing.purged);
    assert_eq!(kept, Some(Vec::new()));
    assert!(next.is_none(), "nothing is left to be said");
}

#[test]
fn what_another_tab_purged_is_not_forgotten_with_an_earlier_answer() {
    let mut phone = phone(standing(&[scope(1)], &[]));
    let first = asked(phone.step(NOW, Event::Nudged)).expect("it asks");
    assert!(first.purged.is_empty());
    let mut reads = phone.step(NOW, Event::WrittenElsewhere).into_iter();
    let ticket = reads.find_map(|effect| match effect {
        Effect::Read(ticket) => Some(ticket),
        _ => None,
    });
    let ticket = ticket.expect("it reads");
    let left = contents(standing(&[], &[scope(1)]));
    phone.step(NOW, Event::Read(ticket, left));
    let (_, next) = answer(&mut phone, None);
    let named = next.map(|request| request.purged);
    assert_eq!(named, Some(vec![scope(1)]));
}
