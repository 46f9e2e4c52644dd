//! The plug is pulled from the real program, again and again, while phones are sending.

use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::live::{build_site, request, sign_in, sync_call};
use crate::wire::send;
use crate::world::{World, note};
use domain::id::{OpId, ScopeId};
use domain::op::Op;
use replica::message::{Outcome, REPLY_BYTES, SyncReply};
use serde_json::json;
use server::store::{ChainCheck, Sender};

const ROUNDS: u64 = 6;
const PHONES: usize = 4;
const OPS: usize = 10;

/// A phone: what it was told, and what it has sent without an answer.
struct Phone {
    tutor: Sender,
    family: ScopeId,
    secret: String,
    told: BTreeMap<OpId, (u64, Op)>,
    pending: Vec<Op>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_the_server_is_killed() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let url = format!("sqlite:{}", folder.path().join("percorso.db").display());
    let site = folder.path().join("site");
    build_site(&site);
    let world = Arc::new(World::open(url.clone()).await);
    let mut phones = Vec::new();
    for number in 0..PHONES {
        phones.push(phone(&world, &format!("tutor{number}")).await);
    }
    for round in 0..ROUNDS {
        let addr = free_port();
        let mut program = start(addr, &url, &site);
        wait_for(addr).await;
        let is_over = Arc::new(AtomicBool::new(false));
        let sending: Vec<_> = phones
            .drain(..)
            .map(|phone| tokio::spawn(push(world.clone(), addr, phone, is_over.clone())))
            .collect();
        tokio::time::sleep(Duration::from_millis(300 + 70 * round)).await;
        program.kill().expect("it runs");
        program.wait().expect("it ends");
        is_over.store(true, Ordering::SeqCst);
        for sending in sending {
            phones.push(sending.await.expect("a phone does not fail"));
        }
    }
    let mut acknowledged = 0;
    for phone in &phones {
        acknowledged += phone.told.len();
        assert_kept(&world, phone).await;
    }
    // The program had everybody named at its start.
    let named = world.store.introduce(rand::random, world.now()).await;
    assert_eq!(named.expect("it reads"), 0);
    let check = world.store.verify_trail().await.expect("it reads");
    assert!(matches!(check, ChainCheck::Whole { .. }), "{check:?}");
    eprintln!("{acknowledged} ops acknowledged around {ROUNDS} kills, none lost");
    assert!(
        acknowledged > PHONES * OPS,
        "the test has to send something"
    );
}

async fn phone(world: &World, login: &str) -> Phone {
    let (tutor, family) = world.another_tutor(login).await;
    let until = server::auth::now().plus(3_600_000);
    Phone {
        tutor,
        family,
        secret: sign_in(world.store.as_ref(), tutor.user, until).await,
        told: BTreeMap::new(),
        pending: Vec::new(),
    }
}

/// Every op that was acknowledged stands once, where its receipt says, with its author's bytes.
async fn assert_kept(world: &World, phone: &Phone) {
    let mut kept = BTreeMap::new();
    let mut from = 0;
    loop {
        let stretch = world
            .store
            .read(phone.family, from, REPLY_BYTES)
            .await
            .expect("it reads");
        let Some(last) = stretch.ops.last() else {
            break;
        };
        from = last.seq;
        for op in stretch.ops {
            assert!(
                kept.insert(op.id, (op.seq, op.body)).is_none(),
                "{} is there twice",
                op.id
            );
        }
    }
    for (id, (seq, op)) in &phone.told {
        let (kept_seq, body) = kept.get(id).expect("what was acknowledged is there");
        let sent = json!(op).to_string();
        assert_eq!((kept_seq, body.get()), (seq, sent.as_str()));
    }
    // What was written without an answer is at most the last request.
    assert!(kept.len() <= phone.told.len() + OPS);
}

/// Sends until the server is gone. What got no answer is sent again, as it was.
async fn push(
    world: Arc<World>,
    addr: SocketAddr,
    mut phone: Phone,
    is_over: Arc<AtomicBool>,
) -> Phone {
    while !is_over.load(Ordering::SeqCst) {
        if phone.pending.is_empty() {
            phone.pending = (0..OPS)
                .map(|_| world.op(&phone.tutor, phone.family, note("una visita")))
                .collect();
        }
        let sent = phone.pending.iter();
        let sent = sent.map(|op| json!(op)).collect();
        let mut request = request(&phone.tutor, sent);
        // No cursor is asked about here: only receipts count.
        request["position"] = json!({ "digest": 0 });
        let call = sync_call(&phone.secret, &request);
        let Some(answer) = send(addr, &call).await else {
            tokio::task::yield_now().await;
            continue;
        };
        assert_eq!(answer.status, 200, "{}", answer.head);
        let reply: SyncReply = serde_json::from_slice(&answer.body).expect("a whole reply");
        for (op, receipt) in phone.pending.drain(..).zip(reply.receipts) {
            let Outcome::Accepted(seq) = receipt.outcome else {
                panic!("{:?}", receipt.outcome);
            };
            assert_eq!(receipt.op, op.id);
            phone.told.insert(op.id, (seq, op));
        }
    }
    phone
}

fn start(addr: SocketAddr, url: &str, site: &std::path::Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_percorso"))
        .args([
            "serve",
            "--addr",
            &addr.to_string(),
            "--database",
            url,
            "--site",
        ])
        .arg(site)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts")
}

pub fn free_port() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("it is bound")
}

pub async fn wait_for(addr: SocketAddr) {
    let begun = Instant::now();
    while tokio::net::TcpStream::connect(addr).await.is_err() {
        assert!(
            begun.elapsed() < Duration::from_secs(10),
            "the program does not listen"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
