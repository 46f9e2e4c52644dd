//! Any bytes are a message or a clear error: what was read can be written and read again, and a
//! phone that is answered with it neither dies nor forgets what it has not sent.
#![no_main]

use std::collections::VecDeque;

use domain::id::Millis;
use domain::op::Op;
use libfuzzer_sys::fuzz_target;
use replica::attachment;
use replica::message::{SyncReply, SyncRequest};
use replica::quarantine;
use replica::replica::{Effect, Event, Replica};
use replica::sealed::{Delivery, DeliveryReply, KeyRequest};
use replica::stored::{Contents, Fate, Outgoing, Owner};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// A person with a device, and something that she wrote.
const OWNER: &str = r#"{
    "user":"01900000-0000-7000-8000-000000000001","role":"mediator","name":"Samira",
    "device":"01900000-0000-7000-8000-000000000002"
}"#;
const WRITTEN: &str = r#"{
    "id":"01900000-0000-7000-8000-00000000000a",
    "device":"01900000-0000-7000-8000-000000000002","device_seq":1,
    "scope":"01900000-0000-7000-8000-000000000003",
    "author":"01900000-0000-7000-8000-000000000001","at":1790000000000,
    "schema":1,"change":{"note_added":{"words":"una nota"}}
}"#;
/// More than any answer makes a phone do.
const STEPS_MAX: usize = 64;
const NOW: Millis = Millis(1_790_000_000_000);

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, bytes)) = bytes.split_first() else {
        return;
    };
    // A seed begins with the digit of its kind.
    match kind.wrapping_sub(b'0') % 9 {
        0 => drop(read_twice::<SyncRequest>(bytes)),
        1 => {
            if let Some(reply) = read_twice::<SyncReply>(bytes) {
                answer(reply);
            }
        }
        2 => drop(read_twice::<Delivery>(bytes)),
        3 => drop(read_twice::<DeliveryReply>(bytes)),
        4 => drop(read_twice::<KeyRequest>(bytes)),
        5 => drop(read_twice::<quarantine::Request>(bytes)),
        6 => drop(read_twice::<quarantine::Reply>(bytes)),
        7 => drop(read_twice::<attachment::Offer>(bytes)),
        _ => drop(read_twice::<attachment::Standing>(bytes)),
    }
});

fn read_twice<T: DeserializeOwned + Serialize>(bytes: &[u8]) -> Option<T> {
    let read: T = serde_json::from_slice(bytes).ok()?;
    let written = serde_json::to_string(&read).expect("a message that was read can be written");
    let again: T = serde_json::from_str(&written).expect("and read once more");
    let rewritten = serde_json::to_string(&again).expect("and written once more");
    assert_eq!(written, rewritten);
    Some(read)
}

/// A phone with something unsent asks, and gets this answer.
fn answer(reply: SyncReply) {
    let owner: Owner = serde_json::from_str(OWNER).expect("the owner is well formed");
    let op: Op = serde_json::from_str(WRITTEN).expect("the op is well formed");
    let contents = Contents {
        outbox: vec![Outgoing {
            id: op.id,
            op: RawValue::from_string(WRITTEN.to_owned()).expect("the op is JSON"),
            fate: Fate::Waiting,
            word: None,
        }],
        ..Contents::default()
    };
    let is_named = reply.receipts.iter().any(|receipt| receipt.op == op.id);
    let mut phone = Replica::open(owner, contents);
    let mut events = VecDeque::from([Event::Nudged, Event::Synced(Box::new(reply))]);
    for _ in 0..STEPS_MAX {
        let Some(event) = events.pop_front() else {
            break;
        };
        for effect in phone.step(NOW, event) {
            if let Effect::Commit(ticket, _) = effect {
                events.push_back(Event::Committed(ticket));
            }
        }
    }
    let is_kept = phone.unsent().any(|unsent| unsent.id == op.id);
    assert!(
        is_kept || is_named,
        "an answer that does not name an op took it away"
    );
}
