//! The plainest HTTP client: one request, one connection, everything in sight.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A request to be sent.
pub struct Call<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub headers: Vec<(&'a str, String)>,
    pub body: Vec<u8>,
}

impl<'a> Call<'a> {
    /// Something for the API, as the app sends it.
    pub fn post(path: &'a str, body: Vec<u8>) -> Self {
        let headers = vec![("content-type", "application/json".to_owned())];
        Self {
            method: "POST",
            path,
            headers,
            body,
        }
    }

    pub fn header(mut self, name: &'a str, value: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    /// With the session of this secret.
    pub fn signed(self, secret: &str) -> Self {
        self.header("cookie", &format!("percorso={secret}"))
    }

    fn bytes(&self, addr: SocketAddr) -> Vec<u8> {
        let mut text = format!(
            "{} {} HTTP/1.1\r\nhost: {addr}\r\nconnection: close\r\n",
            self.method, self.path
        );
        for (name, value) in &self.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str(&format!("content-length: {}\r\n\r\n", self.body.len()));
        [text.as_bytes(), &self.body].concat()
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("the answer is JSON")
    }

    /// The stable code of a failure.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// Sends and waits; `None` where the connection broke.
pub async fn send(addr: SocketAddr, call: &Call<'_>) -> Option<Answer> {
    let mut stream = TcpStream::connect(addr).await.ok()?;
    // A server that refuses early closes before everything was written: its answer counts.
    let _ = stream.write_all(&call.bytes(addr)).await;
    let mut told = Vec::new();
    let _ = stream.read_to_end(&mut told).await;
    let end = told.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8(told[..end].to_vec()).ok()?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let body = told[end + 4..].to_vec();
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse().ok())?
    });
    // Half an answer is none.
    if length.is_some_and(|length: usize| body.len() < length) {
        return None;
    }
    Some(Answer { status, head, body })
}

/// Sends and goes away before the answer.
pub async fn send_and_leave(addr: SocketAddr, call: &Call<'_>) {
    let mut stream = TcpStream::connect(addr).await.expect("the server listens");
    stream
        .write_all(&call.bytes(addr))
        .await
        .expect("the server reads");
    stream.flush().await.expect("the server reads");
}
