//! The database goes away under a server, and comes back.

use serde_json::json;

use crate::cluster::Cluster;
use crate::live::{Live, request, sync_call};
use crate::world::numbers;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_database_is_gone_a_push_waits_and_then_it_is_there_once() {
    let Some(cluster) = Cluster::start(true) else {
        return;
    };
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let live = Live::on(cluster.database("gone"), folder).await;
    let tutor = live.world.tutor;
    let secret = live.sign_in(tutor.user).await;
    let push = request(&tutor, vec![json!(live.world.note(&tutor, "nel buio"))]);
    live.sync(&secret, &request(&tutor, Vec::new())).await;
    cluster.halt();
    let sentences = [
        ("it", "L’archivio non risponde"),
        ("en", "The database does not answer"),
    ];
    for (language, sentence) in sentences {
        let call = sync_call(&secret, &push).header("accept-language", language);
        let refused = live.send(&call).await;
        let told = refused.json();
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (503, "unavailable"),
            "{told}"
        );
        let said = told["message"].as_str().unwrap_or_default();
        assert!(said.starts_with(sentence), "{said}");
        assert!(told.get("receipts").is_none(), "only a receipt counts");
    }
    cluster.resume();
    for _ in 0..2 {
        let reply = live.sync(&secret, &push).await;
        assert_eq!(numbers(&reply.receipts), [1]);
    }
    let stretch = live.world.store.read(live.world.family, 0, 10_000).await;
    let stretch = stretch.expect("it reads");
    assert_eq!(
        (stretch.head, stretch.ops.len()),
        (1, 1),
        "it is there once"
    );
}
