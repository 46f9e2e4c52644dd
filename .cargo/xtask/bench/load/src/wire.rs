//! HTTP as a phone's browser speaks it, on a connection that is kept, with every byte counted.
//!
//! What is counted is what the socket carried: request lines, headers and bodies as packed.

use std::io::{self, Read as _, Write as _};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{
    ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONTENT_ENCODING, CONTENT_TYPE, COOKIE, HOST, ORIGIN,
    SET_COOKIE, USER_AGENT,
};
use hyper::{HeaderMap, Request};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// As the app does it: smaller bodies travel as they are (`app/src/device/wire.rs`).
const GZIP_BYTES_MIN: usize = 1_024;
/// After so long a phone gives an answer up (`REQUEST_MS_MAX` of the protocol).
const ANSWER_MAX: Duration = Duration::from_secs(30);

/// What Chromium on a phone adds to each request of a page's own.
const BROWSER: [(&str, &str); 6] = [
    (
        "sec-ch-ua",
        "\"Chromium\";v=\"140\", \"Not=A?Brand\";v=\"24\"",
    ),
    ("sec-ch-ua-mobile", "?1"),
    ("sec-ch-ua-platform", "\"Android\""),
    ("sec-fetch-site", "same-origin"),
    ("sec-fetch-mode", "cors"),
    ("sec-fetch-dest", "empty"),
];
const AGENT: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) \
                     Chrome/140.0.0.0 Mobile Safari/537.36";

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// Nobody listens, or the connection broke. Where it says that too many files are open,
    /// `ulimit -n 4096` allows more.
    #[error("the server is not reached: {0}")]
    Io(#[from] io::Error),
    /// The connection broke within an answer.
    #[error("the connection broke: {0}")]
    Broken(#[from] hyper::Error),
    /// A header of ours is not one.
    #[error("not a request: {0}")]
    Request(#[from] hyper::http::Error),
    /// It took longer than a phone waits.
    #[error("no answer within {ANSWER_MAX:?}")]
    TimedOut,
    /// The answer is packed in a way that was not asked for.
    #[error("an answer packed as {0}")]
    Packing(String),
}

/// What is asked.
#[derive(Debug, Default)]
pub struct Ask<'a> {
    /// The path, which begins with a slash.
    pub path: &'a str,
    /// The cookies, as one header; none where empty.
    pub cookie: &'a str,
    /// What is sent; without it the request is a `GET`.
    pub body: Option<Packed>,
}

/// A body as it travels.
#[derive(Clone, Debug)]
pub struct Packed {
    bytes: Bytes,
    kind: &'static str,
    is_gzip: bool,
}

impl Packed {
    /// JSON, packed as the app packs it: with gzip, where it is worth it.
    ///
    /// # Errors
    /// Never for memory.
    pub fn json(plain: Vec<u8>) -> io::Result<Self> {
        if plain.len() <= GZIP_BYTES_MIN {
            return Ok(Self::plain_json(plain));
        }
        let mut packer = GzEncoder::new(Vec::new(), Compression::default());
        packer.write_all(&plain)?;
        Ok(Self {
            bytes: packer.finish()?.into(),
            kind: "application/json",
            is_gzip: true,
        })
    }

    /// JSON as it is.
    pub fn plain_json(plain: Vec<u8>) -> Self {
        Self {
            bytes: plain.into(),
            kind: "application/json",
            is_gzip: false,
        }
    }

    /// A form of a page. The values are given as they travel.
    pub fn form(fields: &[(&str, &str)]) -> Self {
        let fields: Vec<String> = fields.iter().map(|(k, v)| format!("{k}={v}")).collect();
        Self {
            bytes: fields.join("&").into(),
            kind: "application/x-www-form-urlencoded",
            is_gzip: false,
        }
    }
}

/// What is answered.
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The cookies that it sets, as the next request carries them.
    pub cookies: String,
    /// The body, unpacked.
    pub body: Vec<u8>,
}

/// Bytes that went over a connection, those of earlier ones to the same server included.
#[derive(Debug, Default)]
struct Traffic {
    up: AtomicU64,
    down: AtomicU64,
}

/// One connection to one server, made anew when it was closed.
#[derive(Debug)]
pub struct Connection {
    addr: SocketAddr,
    open: Option<SendRequest<Full<Bytes>>>,
    traffic: Arc<Traffic>,
    requests: u64,
    packings: &'static str,
}

impl Connection {
    /// A connection to this address, made with the first request.
    pub fn to(addr: SocketAddr) -> Self {
        Self {
            addr,
            open: None,
            traffic: Arc::default(),
            requests: 0,
            packings: "gzip, deflate, br, zstd",
        }
    }

    /// The same, with other packings of answers than a browser takes.
    pub fn taking(self, packings: &'static str) -> Self {
        Self { packings, ..self }
    }

    /// Bytes up and down, and requests, since it was made.
    pub fn carried(&self) -> (u64, u64, u64) {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        (
            read(&self.traffic.up),
            read(&self.traffic.down),
            self.requests,
        )
    }

    /// Asks and waits for the whole answer.
    ///
    /// # Errors
    /// [`WireError`]; the server may have done what was asked all the same.
    pub async fn ask(&mut self, ask: Ask<'_>) -> Result<Answer, WireError> {
        let answered = tokio::time::timeout(ANSWER_MAX, self.round_trip(ask)).await;
        let answer = answered.unwrap_or(Err(WireError::TimedOut));
        if answer.is_err() {
            self.open = None;
        }
        answer
    }

    async fn round_trip(&mut self, ask: Ask<'_>) -> Result<Answer, WireError> {
        let request = self.request(ask)?;
        let mut open = match self.open.take().filter(|open| !open.is_closed()) {
            Some(open) => open,
            None => self.connect().await?,
        };
        open.ready().await?;
        self.requests = self.requests.saturating_add(1);
        let (head, body) = open.send_request(request).await?.into_parts();
        let body = body.collect().await?.to_bytes();
        self.open = Some(open);
        Ok(Answer {
            status: head.status.as_u16(),
            cookies: cookies(&head.headers),
            body: unpacked(&head.headers, &body)?,
        })
    }

    async fn connect(&self) -> Result<SendRequest<Full<Bytes>>, WireError> {
        let stream = TcpStream::connect(self.addr).await?;
        stream.set_nodelay(true)?;
        let counted = Counted {
            stream,
            traffic: self.traffic.clone(),
        };
        let (open, connection) = http1::handshake(TokioIo::new(counted)).await?;
        // Why it ends is told to whoever waits for an answer.
        tokio::spawn(async move { connection.await.ok() });
        Ok(open)
    }

    fn request(&self, ask: Ask<'_>) -> Result<Request<Full<Bytes>>, WireError> {
        let host = self.addr.to_string();
        let method = if ask.body.is_some() { "POST" } else { "GET" };
        let mut request = Request::builder().method(method).uri(ask.path);
        request = request.header(HOST, &host);
        for (name, value) in BROWSER {
            request = request.header(name, value);
        }
        request = request
            .header(USER_AGENT, AGENT)
            .header(ACCEPT, "*/*")
            .header(ACCEPT_ENCODING, self.packings)
            .header(ACCEPT_LANGUAGE, "it");
        if !ask.cookie.is_empty() {
            request = request.header(COOKIE, ask.cookie);
        }
        let Some(body) = ask.body else {
            return Ok(request.body(Full::default())?);
        };
        request = request
            .header(ORIGIN, format!("http://{host}"))
            .header(CONTENT_TYPE, body.kind);
        if body.is_gzip {
            request = request.header(CONTENT_ENCODING, "gzip");
        }
        Ok(request.body(Full::new(body.bytes))?)
    }
}

fn cookies(headers: &HeaderMap) -> String {
    let set = headers.get_all(SET_COOKIE).iter();
    let pairs = set
        .filter_map(|cookie| cookie.to_str().ok()?.split(';').next())
        // A cookie without a value is one that is taken away.
        .filter(|pair| !pair.ends_with('='));
    pairs.collect::<Vec<_>>().join("; ")
}

fn unpacked(headers: &HeaderMap, body: &[u8]) -> Result<Vec<u8>, WireError> {
    let packing = headers.get(CONTENT_ENCODING);
    let packing = packing.and_then(|value| value.to_str().ok());
    match packing {
        None => Ok(body.to_vec()),
        Some("zstd") => Ok(zstd::decode_all(body)?),
        Some("gzip") => {
            let mut plain = Vec::new();
            GzDecoder::new(body).read_to_end(&mut plain)?;
            Ok(plain)
        }
        Some(other) => Err(WireError::Packing(other.to_owned())),
    }
}

/// A stream that counts.
struct Counted {
    stream: TcpStream,
    traffic: Arc<Traffic>,
}

impl Counted {
    fn sent(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(bytes)) = &written {
            let bytes = u64::try_from(*bytes).unwrap_or(0);
            self.traffic.up.fetch_add(bytes, Ordering::Relaxed);
        }
        written
    }
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        let bytes = buffer.filled().len().saturating_sub(before);
        let bytes = u64::try_from(bytes).unwrap_or(0);
        self.traffic.down.fetch_add(bytes, Ordering::Relaxed);
        read
    }
}

impl AsyncWrite for Counted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.sent(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.sent(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
