//! Connections on which nothing more comes: they are closed, and hold up nobody.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use server::serve::serve;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// How long a head may take here.
const HEAD_MAX: Duration = Duration::from_millis(100);
/// After how long a test gives up.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server that takes `head_max` for a head, and what stops it.
async fn start(
    router: Router,
    head_max: Duration,
) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("a port is free");
    let addr = listener.local_addr().expect("it is bound");
    let (stop, stopped) = oneshot::channel();
    let stopped = async move { drop(stopped.await) };
    let serving = tokio::spawn(serve(listener, router, head_max, stopped));
    (addr, stop, serving)
}

async fn connect(addr: SocketAddr, sent: &str) -> TcpStream {
    let mut stream = TcpStream::connect(addr).await.expect("it listens");
    stream.write_all(sent.as_bytes()).await.expect("it reads");
    stream
}

/// Everything that is told until the other side closes, which it has to do.
async fn told(mut stream: TcpStream) -> String {
    let mut told = Vec::new();
    let read = timeout(PATIENCE, stream.read_to_end(&mut told)).await;
    // One that is reset is closed as well.
    let _closed = read.expect("the connection is closed");
    String::from_utf8_lossy(&told).into_owned()
}

#[tokio::test]
async fn a_head_that_never_ends_is_closed() {
    let router = Router::new().route("/", get(|| async { "answered" }));
    let (addr, _stop, serving) = start(router, HEAD_MAX).await;
    for begun in [
        // Nothing at all, half a line, half a head, half of how HTTP/2 begins.
        "",
        "GET / HT",
        "GET / HTTP/1.1\r\nhost: x\r\ncookie: per",
        "PRI * HTTP/2.0\r\n",
        // A second one on a connection that was answered once.
        "GET / HTTP/1.1\r\nhost: x\r\n\r\nGET / HTTP/1.1\r\nhost:",
    ] {
        let told = told(connect(addr, begun).await).await;
        let is_whole = begun.contains("\r\n\r\n");
        assert_eq!(told.contains("answered"), is_whole, "{begun:?}: {told}");
    }
    let quick = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";
    let told = told(connect(addr, quick).await).await;
    assert!(told.starts_with("HTTP/1.1 200"), "{told}");
    serving.abort();
}

#[tokio::test]
async fn an_answer_that_was_begun_is_given_after_the_stop() {
    let (begun, mut is_begun) = mpsc::channel(1);
    let (go_on, may_go_on) = oneshot::channel::<()>();
    let may_go_on = std::sync::Arc::new(tokio::sync::Mutex::new(Some(may_go_on)));
    let slow = get(async move || {
        begun.send(()).await.expect("somebody waits for it");
        let may_go_on = may_go_on.lock().await.take();
        drop(may_go_on.expect("it is asked once").await);
        "given"
    });
    let (addr, stop, serving) = start(Router::new().route("/", slow), PATIENCE * 2).await;
    // Waits for its next question, which never comes: it holds up nobody.
    let idle = connect(addr, "").await;
    let asking = connect(addr, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    is_begun.recv().await.expect("it was asked");
    stop.send(()).expect("it serves");
    assert_eq!(told(idle).await, "");
    assert!(!serving.is_finished(), "an answer is not given yet");
    let late = TcpStream::connect(addr).await;
    assert!(late.is_err(), "nobody is let in any more");
    go_on.send(()).expect("it is asked");
    let told = told(asking).await;
    assert!(told.ends_with("given"), "{told}");
    let ended = timeout(PATIENCE, serving).await;
    ended.expect("it ends").expect("it does not fail");
}
