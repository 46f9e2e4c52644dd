//! Cases of sealed delivery: who sealed what, and what becomes of it.

use domain::id::OpId;
use domain::op::Op;
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable as _, OpModeS, Serializable as _, single_shot_seal};
use replica::message::{Outcome, Receipt, Refusal};
use replica::quarantine::{Settled, Word};
use replica::sealed::{Content, Delivery, ENVELOPES_MAX, Envelope, INFO, Key, KeyRequest};
use server::sealed::{deliver, register};
use server::store::{Action, Sender};
use server::sync::SyncError;
use sha2::{Digest as _, Sha256};

use crate::world::{Ask, World, bytes, note, numbers};

const SECRET: Key = Key([42; 32]);

/// A phone that asks for the key, as it does after its first sync.
async fn server_key(world: &World, phone: &Sender) -> Key {
    let request = KeyRequest {
        device: phone.device,
        owner: phone.user,
        proof: Key(Sha256::digest(SECRET.0).into()),
    };
    let reply = register(world.store.as_ref(), phone.user, &request, world.now()).await;
    reply.expect("a phone gets the key")
}

fn seal(server: &Key, phone: &Sender, secret: Key, op: &Op) -> Envelope {
    let content = Content {
        device: phone.device,
        secret,
        op: bytes(op),
    };
    let public = <X25519HkdfSha256 as hpke::Kem>::PublicKey::from_bytes(&server.0).expect("a key");
    let (encapsulated, text) = single_shot_seal::<AesGcm256, HkdfSha256, X25519HkdfSha256, _>(
        &OpModeS::Base,
        &public,
        INFO,
        &content.to_bytes(),
        &server.head(),
        &mut rand::rng(),
    )
    .expect("it seals");
    Envelope::new(server, encapsulated.to_bytes().into(), &text)
}

async fn bring(world: &World, envelopes: Vec<Envelope>) -> Vec<Option<Receipt>> {
    let by = Some(world.stranger.user);
    let delivery = Delivery { envelopes };
    let reply = deliver(world.store.as_ref(), by, &delivery, world.now()).await;
    reply.expect("it is opened").receipts
}

fn outcomes(told: &[Option<Receipt>]) -> Vec<Option<Outcome>> {
    told.iter().map(|one| Some(one.as_ref()?.outcome)).collect()
}

pub async fn a_sealed_op_gets_the_receipt_of_a_sync(world: World) {
    let phone = world.tutor;
    let key = server_key(&world, &phone).await;
    assert_eq!(key, server_key(&world, &phone).await, "one key is enough");
    let (first, second) = (world.note(&phone, "prima"), world.note(&phone, "seconda"));
    let envelopes = vec![
        seal(&key, &phone, SECRET, &first),
        seal(&key, &phone, SECRET, &second),
    ];
    let told = bring(&world, envelopes.clone()).await;
    let expected = [Some(Outcome::Accepted(1)), Some(Outcome::Accepted(2))];
    assert_eq!(outcomes(&told), expected);
    assert_eq!(told[1].map(|receipt| receipt.op), Some(second.id));
    // Brought again, and sent by the phone itself after all: the same words.
    assert_eq!(bring(&world, envelopes).await, told);
    let ops = vec![bytes(&first), bytes(&second)];
    let reply = world.sync(&phone, Ask::from(&[]).with(ops)).await;
    assert_eq!(numbers(&reply.receipts), [1, 2]);
    let delivery = Delivery {
        envelopes: Vec::new(),
    };
    let dated = deliver(world.store.as_ref(), None, &delivery, world.now()).await;
    let dated = dated.expect("nothing is opened as well").restore_epoch;
    assert_eq!(dated, Some(reply.restore_epoch), "numbers of one server");
    let trail = world.store.trail(100).await.expect("it reads");
    let wrote = trail.iter().find(|told| told.entry.action == Action::Wrote);
    let wrote = wrote.expect("it is noted").entry;
    assert_eq!((wrote.by, wrote.device), (phone.user, Some(phone.device)));
    let mut brought = trail
        .iter()
        .filter(|told| told.entry.action == Action::Delivered);
    let first = brought.next().expect("it is noted").entry;
    assert!(
        brought.next().is_none(),
        "what was brought again is no news"
    );
    let brought = first;
    assert_eq!(
        (brought.by, brought.subject),
        (world.stranger.user, Some(phone.user))
    );
}

pub async fn an_envelope_that_nobody_vouches_for_is_unreadable(world: World) {
    let phone = world.tutor;
    let key = server_key(&world, &phone).await;
    let op = |words: &str| world.note(&phone, words);
    let mut damaged = seal(&key, &phone, SECRET, &op("rotta"));
    *damaged.0.last_mut().expect("it has bytes") ^= 1;
    // A colleague's device may not speak in the author's name.
    let other = Sender {
        device: world.stranger.device,
        ..phone
    };
    let told = bring(
        &world,
        vec![
            seal(&key, &phone, Key([1; 32]), &op("un altro segreto")),
            seal(&key, &other, SECRET, &op("un altro telefono")),
            seal(&Key([9; 32]), &phone, SECRET, &op("un altro server")),
            damaged,
            Envelope(vec![1; 60]),
            Envelope(Vec::new()),
            seal(&key, &phone, SECRET, &op("buona")),
        ],
    )
    .await;
    let (last, before) = told.split_last().expect("one word each");
    assert!(before.iter().all(Option::is_none));
    assert_eq!(outcomes(&[*last]), [Some(Outcome::Accepted(1))]);
}

pub async fn one_person_s_phone_never_speaks_for_another(world: World) {
    let phone = world.stranger;
    let key = server_key(&world, &phone).await;
    let told = bring(
        &world,
        vec![
            seal(&key, &phone, SECRET, &world.note(&world.tutor, "di Anna")),
            seal(&key, &phone, SECRET, &world.note(&phone, "non mia")),
        ],
    )
    .await;
    let refused = |why| Some(Outcome::Refused(why));
    assert_eq!(
        outcomes(&told),
        [refused(Refusal::OtherAuthor), refused(Refusal::NotGranted)]
    );
    let mut request = KeyRequest {
        device: phone.device,
        owner: world.tutor.user,
        proof: SECRET,
    };
    let store = world.store.as_ref();
    let answer = register(store, phone.user, &request, world.now()).await;
    assert!(matches!(answer, Err(SyncError::OtherOwner)), "{answer:?}");
    request.owner = phone.user;
    let answer = register(store, phone.user, &request, world.now()).await;
    assert!(answer.is_ok(), "{answer:?}");
}

pub async fn who_takes_another_s_device_id_does_not_take_their_name(world: World) {
    let phone = world.tutor;
    let key = server_key(&world, &phone).await;
    // A colleague read the device's id in an op and registers it as their own.
    let thief = Sender {
        device: phone.device,
        ..world.stranger
    };
    let secret = Key([66; 32]);
    let request = KeyRequest {
        device: thief.device,
        owner: thief.user,
        proof: Key(Sha256::digest(secret.0).into()),
    };
    let answer = register(world.store.as_ref(), thief.user, &request, world.now()).await;
    answer.expect("an id is no secret");
    let genuine = |words: &str| seal(&key, &phone, SECRET, &world.note(&phone, words));
    let forged = |words: &str| seal(&key, &thief, secret, &world.note(&phone, words));
    let told = bring(&world, vec![genuine("mia"), forged("falsa")]).await;
    let refused = Some(Outcome::Refused(Refusal::OtherAuthor));
    assert_eq!(outcomes(&told), [Some(Outcome::Accepted(1)), refused]);
    let told = bring(
        &world,
        vec![forged("falsa di nuovo"), genuine("ancora mia")],
    )
    .await;
    assert_eq!(outcomes(&told), [refused, Some(Outcome::Accepted(2))]);
}

pub async fn words_sealed_before_somebody_was_shut_out_are_kept(world: World) {
    let phone = world.tutor;
    let key = server_key(&world, &phone).await;
    let [lost, gone] = ["telefono perso", "fuori servizio"].map(|words| {
        let op = world.note(&phone, words);
        (op.id, seal(&key, &phone, SECRET, &op))
    });
    // It is there only once it has synced.
    world.sync(&phone, Ask::from(&[])).await;
    let (revoked, closed) = (Refusal::DeviceRevoked, Refusal::AccountClosed);
    set_active(&world, &phone, false).await;
    let told = bring(&world, vec![gone.1]).await;
    assert_eq!(outcomes(&told), [Some(Outcome::Refused(closed))]);
    // A thief may have it: that is said first.
    revoke_phone(&world, &phone).await;
    let told = bring(&world, vec![lost.1]).await;
    assert_eq!(outcomes(&told), [Some(Outcome::Refused(revoked))]);
    assert_eq!(reasons(&world).await, [(lost.0, revoked), (gone.0, closed)]);
    // Whoever follows the family reads why, and need not wait.
    let held = world.store.held(&world.reviewer, world.now()).await;
    let held = held.expect("it reads");
    let whys: Vec<Refusal> = held.iter().map(|one| one.held.refusal).collect();
    assert_eq!(whys, [closed, revoked]);
    assert_eq!(waiting(&world, &world.reviewer).await, 2);
    for (id, number) in [(lost.0, 1), (gone.0, 2)] {
        assert_eq!(adopt(&world, &world.reviewer, id).await, Ok(number));
    }
}

async fn revoke_phone(world: &World, phone: &Sender) {
    let by = world.store.system();
    let (user, device) = (phone.user, phone.device);
    let revoked = world.store.revoke_device(by, user, device, world.now());
    revoked.await.expect("the device is revoked");
}

async fn set_active(world: &World, who: &Sender, is_active: bool) {
    let by = world.store.system();
    let set = world.store.set_active(by, who.user, is_active, world.now());
    set.await.expect("the person is known");
}

/// What lies in quarantine and why, what was written first first.
async fn reasons(world: &World) -> Vec<(OpId, Refusal)> {
    let kept = world.store.quarantined(10).await.expect("it reads");
    let mut reasons: Vec<_> = kept.iter().map(|one| (one.op, one.refusal)).collect();
    reasons.sort();
    reasons
}

async fn waiting(world: &World, who: &Sender) -> u32 {
    let waiting = world.store.waiting(who.user, who.role, world.now()).await;
    let waiting = waiting.expect("it counts");
    waiting.iter().map(|one| one.count).sum()
}

async fn adopt(world: &World, by: &Sender, op: OpId) -> Result<u64, Refusal> {
    let adopted = world.store.adopt(by, op, world.now()).await;
    adopted.expect("it is looked at")
}

async fn judge_anew(world: &World) -> u64 {
    let entered = world.store.judge_anew(world.now()).await;
    entered.expect("it judges")
}

pub async fn an_account_that_is_open_again_takes_in_what_waited_for_it(world: World) {
    let phone = world.tutor;
    let key = server_key(&world, &phone).await;
    let ops = ["una", "doppia", "tre"].map(|words| world.note(&phone, words));
    let envelopes = ops.iter().map(|op| seal(&key, &phone, SECRET, op));
    let envelopes: Vec<Envelope> = envelopes.collect();
    set_active(&world, &phone, false).await;
    let closed = Some(Outcome::Refused(Refusal::AccountClosed));
    let told = bring(&world, envelopes.clone()).await;
    assert_eq!(outcomes(&told), [closed; 3]);
    assert_eq!(bring(&world, envelopes.clone()).await, told, "once more");
    assert_eq!(judge_anew(&world).await, 0, "it is closed");
    let no = world
        .store
        .decline(&world.reviewer, ops[1].id, "già scritta", world.now());
    no.await.expect("it is declined");
    assert_eq!(adopt(&world, &world.reviewer, ops[2].id).await, Ok(1));

    set_active(&world, &phone, true).await;
    assert_eq!(judge_anew(&world).await, 1, "nobody had decided about it");
    assert_eq!(judge_anew(&world).await, 0, "and no second time");
    let told = bring(&world, envelopes).await;
    let [first, third] = [2, 1].map(|number| Some(Outcome::Accepted(number)));
    assert_eq!(
        outcomes(&told),
        [first, closed, third],
        "a person's no stays"
    );
    let author = phone.user;
    let settled = world.store.settled(author, &[ops[0].id]).await;
    let word = Word::Adopted {
        number: 2,
        by: author,
    };
    let op = ops[0].id;
    assert_eq!(settled.expect("it reads"), [Settled { op, word }]);
}

pub async fn what_is_left_in_the_way_is_told_once_an_account_is_open_again(world: World) {
    let (phone, by) = (world.tutor, world.store.system());
    let key = server_key(&world, &phone).await;
    let elsewhere = world.another_family().await;
    world.sync(&phone, Ask::from(&[])).await;
    let here = world.note(&phone, "qui");
    let there = world.op(&phone, elsewhere, note("altrove"));
    let late = world.note(&phone, "dal telefono perso");
    let sealed = [&here, &there, &late].map(|op| seal(&key, &phone, SECRET, op));
    let [here_sealed, there_sealed, late_sealed] = sealed;
    set_active(&world, &phone, false).await;
    bring(&world, vec![here_sealed, there_sealed]).await;
    let revoked = world
        .store
        .revoke(by, elsewhere, phone.user, world.now())
        .await;
    assert!(revoked.expect("it is revoked"));
    set_active(&world, &phone, true).await;
    // Her phone asks again before anybody has looked.
    let ask = Ask::from(&[]).with(vec![bytes(&here)]);
    assert_eq!(numbers(&world.sync(&phone, ask).await.receipts), [1]);
    assert_eq!(judge_anew(&world).await, 0);
    let not_granted = (there.id, Refusal::NotGranted);
    assert_eq!(reasons(&world).await, [not_granted]);

    set_active(&world, &phone, false).await;
    bring(&world, vec![late_sealed]).await;
    revoke_phone(&world, &phone).await;
    let closed = (late.id, Refusal::AccountClosed);
    assert_eq!(reasons(&world).await, [not_granted, closed]);
    assert_eq!(judge_anew(&world).await, 0);
    let lost = (late.id, Refusal::DeviceRevoked);
    assert_eq!(reasons(&world).await, [not_granted, lost]);
    set_active(&world, &phone, true).await;
    assert_eq!(judge_anew(&world).await, 0);
    assert_eq!(reasons(&world).await, [not_granted, lost]);
    // She follows the family still, and takes her own words in from another phone.
    let another = Sender {
        device: world.stranger.device,
        ..phone
    };
    assert_eq!(adopt(&world, &another, late.id).await, Ok(2));
}

pub async fn what_a_colleague_offered_waits_for_the_reason_that_is_its_author_s(world: World) {
    let phone = world.tutor;
    let key = server_key(&world, &phone).await;
    let op = world.note(&phone, "dopo la copia");
    world.ingest(&world.reviewer, &[bytes(&op)]).await;
    assert_eq!(waiting(&world, &world.reviewer).await, 0);
    set_active(&world, &phone, false).await;
    let told = bring(&world, vec![seal(&key, &phone, SECRET, &op)]).await;
    let closed = Refusal::AccountClosed;
    assert_eq!(outcomes(&told), [Some(Outcome::Refused(closed))]);
    let kept = world.store.quarantined(10).await.expect("it reads");
    let kept: Vec<_> = kept.iter().map(|one| (one.sender, one.refusal)).collect();
    assert_eq!(kept, [(phone.user, closed)]);
    assert_eq!(
        waiting(&world, &world.reviewer).await,
        1,
        "nobody waits for its author"
    );
    set_active(&world, &phone, true).await;
    assert_eq!(judge_anew(&world).await, 1);
}

pub async fn a_suspended_person_loses_nothing(world: World) {
    let phone = world.tutor;
    let (user, by) = (phone.user, world.store.system());
    let key = server_key(&world, &phone).await;
    numbers(&world.ingest(&phone, &world.notes(1)).await);
    world.sync(&phone, Ask::from(&[])).await;
    let sealed = world.note(&phone, "sigillata");
    let later = world.note(&phone, "per dopo");
    for device in [None, Some(phone.device)] {
        let until = Some(world.now().plus(60_000));
        let store = &world.store;
        let out = store.suspend(by, user, device, until, world.now());
        out.await.expect("they are suspended");
        let delivery = Delivery {
            envelopes: vec![seal(&key, &phone, SECRET, &sealed)],
        };
        let told = deliver(store.as_ref(), None, &delivery, world.now()).await;
        assert!(matches!(told, Err(SyncError::Suspended)), "{told:?}");
        if device.is_some() {
            let refused = world.ask(&phone, Ask::from(&[])).await;
            assert!(matches!(refused, Err(SyncError::Suspended)), "{refused:?}");
        }
        let back = store.suspend(by, user, device, None, world.now());
        back.await.expect("they are let in again");
    }
    let held = world.store.quarantined(10).await.expect("it reads");
    assert!(held.is_empty(), "nothing is refused for ever: {held:?}");
    // Let in again: what waited goes, sealed or not, in whatever order.
    let told = bring(&world, vec![seal(&key, &phone, SECRET, &sealed)]).await;
    assert_eq!(outcomes(&told), [Some(Outcome::Accepted(2))]);
    let ask = Ask::from(&[]).with(vec![bytes(&sealed), bytes(&later)]);
    let reply = world.sync(&phone, ask).await;
    assert_eq!(numbers(&reply.receipts), [2, 3]);
    assert!(reply.waiting.is_empty());
    let unknown = domain::id::DeviceId::new(world.now(), [9; 10]);
    let nobody = world
        .store
        .suspend(by, user, Some(unknown), None, world.now());
    assert!(matches!(
        nobody.await,
        Err(server::store::StoreError::NotFound)
    ));
}

pub async fn a_suspension_ends_by_itself(world: World) {
    let phone = world.tutor;
    world.sync(&phone, Ask::from(&[])).await;
    let (by, user) = (world.store.system(), phone.user);
    let until = world.now().plus(3);
    let out = world
        .store
        .suspend(by, user, Some(phone.device), Some(until), world.now());
    out.await.expect("it is suspended");
    let refused = world.ask(&phone, Ask::from(&[])).await;
    assert!(matches!(refused, Err(SyncError::Suspended)), "{refused:?}");
    while world.now() < until {}
    assert!(world.ask(&phone, Ask::from(&[])).await.is_ok());
}

pub async fn a_delivery_has_a_limit(world: World) {
    let delivery = Delivery {
        envelopes: vec![Envelope(vec![1; 60]); ENVELOPES_MAX + 1],
    };
    let answer = deliver(world.store.as_ref(), None, &delivery, world.now()).await;
    assert!(matches!(answer, Err(SyncError::TooMany)), "{answer:?}");
}
