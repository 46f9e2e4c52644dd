//! PostgreSQL saved and recovered step by step as the README says, with its own programs.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use age::x25519::Identity;
use serde_json::value::RawValue;
use server::store::{Action, ChainCheck};

use crate::backup::{done, percorso};
use crate::cluster::Cluster;
use crate::world::{Ask, World, numbers};

/// Ops of one family under their numbers.
type Log = BTreeMap<u64, Box<RawValue>>;

/// What was sent before the backup was begun, while it was made, and after it was there.
struct Sent {
    before: Log,
    meanwhile: Log,
    after: Log,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_base_backup_comes_back_and_phones_send_again_what_it_lacks() {
    let Some(cluster) = Cluster::start(false) else {
        return;
    };
    let identity = Identity::generate();
    let world = World::open(cluster.database("percorso")).await;
    let (world, sent, sealed) = save_while_sending(&cluster, world, &identity).await;
    let epoch = epoch(&world).await;
    let tar = age::decrypt(&identity, &sealed).expect("it opens");
    let recovered = cluster.put_back(&tar);
    // The disk is lost, and with it what was sent after the backup.
    drop(cluster);
    let world = world.moved_to(recovered.address("percorso")).await;
    let kept = log(&world).await;
    assert_is_what_was_sent(&kept, &sent);
    assert_phones_are_content(&world, &sent, epoch).await;
    announce(&world, epoch).await;
    assert_sent_again(&world, &sent, &kept).await;
}

/// The nightly line: a backup for whoever has the identity, made while others write.
async fn save_while_sending(
    cluster: &Cluster,
    world: World,
    identity: &Identity,
) -> (World, Sent, Vec<u8>) {
    cluster.add_backup_role();
    let world = Arc::new(world);
    let before = send(&world, 50).await;
    let is_over = Arc::new(AtomicBool::new(false));
    let sending = tokio::spawn({
        let (world, is_over) = (world.clone(), is_over.clone());
        async move {
            let mut sent = Log::new();
            while !is_over.load(Ordering::SeqCst) {
                sent.extend(send(&world, 20).await);
            }
            sent
        }
    });
    let sealed = tokio::task::block_in_place(|| {
        let tar = cluster.base_backup();
        age::encrypt(&identity.to_public(), &tar).expect("it is sealed")
    });
    is_over.store(true, Ordering::SeqCst);
    let meanwhile = sending.await.expect("it sends");
    assert!(meanwhile.len() > 20, "the test has to write meanwhile");
    let after = send(&world, 10).await;
    let sent = Sent {
        before,
        meanwhile,
        after,
    };
    let world = Arc::into_inner(world).expect("nobody sends any more");
    (world, sent, sealed)
}

/// All of what was there before, nothing of what came after, and each under its number.
fn assert_is_what_was_sent(kept: &Log, sent: &Sent) {
    for number in sent.before.keys() {
        assert!(kept.contains_key(number), "{number} was there before");
    }
    for number in sent.after.keys() {
        assert!(!kept.contains_key(number), "{number} came after");
    }
    for (number, op) in kept {
        let before = sent.before.get(number);
        let written = before.or_else(|| sent.meanwhile.get(number));
        let written = written.map(|op| op.get());
        assert_eq!(written, Some(op.get()), "{number}");
    }
}

/// The danger: as the database lies there, a phone that has read what was lost asks for what comes
/// after it, is told that there is nothing, and sends nothing again.
async fn assert_phones_are_content(world: &World, sent: &Sent, epoch: u64) {
    let last = sent.after.keys().last().expect("something came after");
    let ask = Ask::from(&[(world.family, *last)]);
    let reply = world.sync(&world.tutor, ask).await;
    assert_eq!(reply.restore_epoch, epoch);
    assert!(reply.pages.is_empty(), "{:?}", reply.pages);
}

/// The word that has to be said before phones reach the server.
async fn announce(world: &World, earlier: u64) {
    let output = percorso(&["restored", "--database", &world.url], None);
    let told = done(&output);
    assert!(told.contains("phones send again"), "{told}");
    let trail = world.store.trail(1).await.expect("it reads");
    assert_eq!(trail[0].entry.action, Action::Restored);
    assert!(epoch(world).await > earlier, "phones hear of it");
}

/// Phones offer again what they hold, also what is there: each op stands once, what was lost under
/// the next numbers.
async fn assert_sent_again(world: &World, sent: &Sent, kept: &Log) {
    let last = u64::try_from(kept.len()).expect("it is small");
    // Somebody was faster than the first phone that offers.
    let newest = send(world, 1).await;
    assert!(newest.contains_key(&(last + 1)));
    let offered = sent.before.values().chain(sent.after.values());
    let offered: Vec<Box<RawValue>> = offered.cloned().collect();
    let lost = u64::try_from(sent.after.len()).expect("it is small");
    let next = last + 2..last + 2 + lost;
    let expected: Vec<u64> = sent.before.keys().copied().chain(next).collect();
    for _ in 0..2 {
        let ask = Ask::from(&[]).with(offered.clone());
        let reply = world.sync(&world.tutor, ask).await;
        assert_eq!(numbers(&reply.receipts), expected);
    }
    let all = log(world).await;
    assert_eq!(u64::try_from(all.len()), Ok(last + 1 + lost), "each once");
    let check = world.store.verify_trail().await.expect("it reads");
    assert!(matches!(check, ChainCheck::Whole { .. }), "{check:?}");
}

/// Has the tutor send some notes.
async fn send(world: &World, count: usize) -> Log {
    let ops = world.notes(count);
    let receipts = world.ingest(&world.tutor, &ops).await;
    numbers(&receipts).into_iter().zip(ops).collect()
}

/// What the database has of the family.
async fn log(world: &World) -> Log {
    let stretch = world.store.read(world.family, 0, usize::MAX).await;
    let stretch = stretch.expect("it reads");
    let length = u64::try_from(stretch.ops.len());
    assert_eq!(length, Ok(stretch.head), "no gap");
    let numbered = stretch.ops.into_iter().map(|op| (op.seq, op.body));
    numbered.collect()
}

async fn epoch(world: &World) -> u64 {
    let reply = world.sync(&world.tutor, Ask::from(&[])).await;
    reply.restore_epoch
}
