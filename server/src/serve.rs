//! Connections: whoever is connected sends the head of a request within a time, and on the way out
//! every answer that was begun is given, to whoever still takes it.
//!
//! `axum::serve` sets no time: whoever sends half a head holds a connection for ever. And it speaks
//! HTTP/2, too, where some crate asks for that, and then waits for ever for a first byte.

use std::io;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1::Builder;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::pin;

/// How long a connection may take until the head of a request is whole, the pause before it
/// included. Longer than the minute after which an open phone asks again
/// ([`IDLE_DELAY_MS`](replica::message::IDLE_DELAY_MS)): it need not connect anew for that.
pub const HEAD_MAX: Duration = Duration::from_secs(75);

/// How long the way out may take: whoever vanished while an answer was on its way keeps the
/// connection open until the network gives up.
const STOP_MAX: Duration = Duration::from_secs(30);

/// How long nobody is let in after the machine has no more connections to give.
const FULL_PAUSE: Duration = Duration::from_secs(1);

/// Serves until `stop`, and then until every answer that was begun is given, for half a minute at
/// most.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    head_max: Duration,
    stop: impl Future<Output = ()>,
) {
    let mut http = Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(head_max);
    let open = GracefulShutdown::new();
    pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, _)) => {
                let service = TowerToHyperService::new(router.clone());
                let connection = http.serve_connection(TokioIo::new(stream), service);
                let connection = open.watch(connection);
                // How it ends is the other side's doing: it went away, or took too long.
                tokio::spawn(async move { drop(connection.await) });
            }
            Err(error) if is_of_one(&error) => {}
            Err(error) => {
                tracing::error!(error.cause = %error, "nobody can be let in for a second");
                tokio::time::sleep(FULL_PAUSE).await;
            }
        }
    }
    // Who comes now is told at once that nobody listens.
    drop(listener);
    if tokio::time::timeout(STOP_MAX, open.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some connections were cut: nobody took the end of their answers");
    }
}

/// Whether a failure is of one connection, and the next may be well.
fn is_of_one(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    )
}
