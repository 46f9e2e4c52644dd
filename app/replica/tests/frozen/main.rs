//! What the first release says on the wire and keeps on the phone's disk, byte for byte. A file
//! here is written once and never made anew: a difference means that phones in the field would no
//! longer be understood, or would no longer understand what lies on their own disk. What a later
//! release adds gets a line, or a file, of its own.

use replica::message::{SyncReply, SyncRequest};
use replica::sealed::{Delivered, Delivery, DeliveryReply, KeyRequest};
use replica::stored::{Outgoing, Owner, Segment, Standing};
use replica::{attachment, quarantine};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Each line is read, and written again as it is.
#[track_caller]
fn same<T: DeserializeOwned + Serialize>(lines: &str) {
    assert!(!lines.is_empty(), "there is something to read");
    for line in lines.lines() {
        let read: T = serde_json::from_str(line).expect("a frozen line is read");
        let written = serde_json::to_string(&read).expect("it is JSON");
        assert_eq!(written, line);
    }
}

#[test]
fn messages_of_the_first_release_are_still_read_and_still_written_the_same() {
    same::<SyncRequest>(include_str!("sync_request-1.jsonl"));
    same::<SyncReply>(include_str!("sync_reply-1.jsonl"));
    same::<quarantine::Request>(include_str!("quarantine_request-1.jsonl"));
    same::<quarantine::Reply>(include_str!("quarantine_reply-1.jsonl"));
    same::<attachment::Offer>(include_str!("attachment_offer-1.jsonl"));
    same::<attachment::Standing>(include_str!("attachment_standing-1.jsonl"));
    same::<KeyRequest>(include_str!("sealed_key_request-1.jsonl"));
    same::<Delivery>(include_str!("sealed_delivery-1.jsonl"));
    same::<DeliveryReply>(include_str!("sealed_delivery_reply-1.jsonl"));
}

#[test]
fn what_the_first_release_stored_is_still_read_and_still_written_the_same() {
    same::<Owner>(include_str!("stored_owner-1.jsonl"));
    same::<Standing>(include_str!("stored_standing-1.jsonl"));
    same::<Outgoing>(include_str!("stored_outgoing-1.jsonl"));
    same::<Segment>(include_str!("stored_segment-1.jsonl"));
    same::<Delivered>(include_str!("stored_delivered-1.jsonl"));
}
