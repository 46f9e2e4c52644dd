//! The server's API, over fetch.

use domain::attachment::Hash;
use domain::id::ScopeId;
use js_sys::{Array, ArrayBuffer, Uint8Array};
use replica::attachment::{File, Offer, Standing};
use replica::message::{REQUEST_MS_MAX, SyncReply, SyncRequest};
use replica::quarantine;
use replica::sealed::{Delivery, DeliveryReply, Key, KeyRequest};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Blob, Headers, Request, RequestCache, RequestCredentials, RequestInit,
    RequestRedirect, Response,
};

pub use super::kinds::{Me, WireError};

use super::{rules, senses};

/// Smaller bodies do not gain from compression.
const GZIP_BYTES_MIN: usize = 1_024;
const SYNC: &str = "/api/v1/sync";
const ME: &str = "/api/v1/me";
const QUARANTINE: &str = "/api/v1/quarantine";
const SEALED: &str = "/api/v1/sealed";
const SEALING_KEY: &str = "/api/v1/sealed/key";
const ATTACHMENTS: &str = "/api/v1/attachments";
const SESSION: &str = "/api/v1/session";

#[wasm_bindgen]
extern "C" {
    /// web-sys calls it unstable; it has been in every browser that we support since 2023.
    type CompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<CompressionStream, JsValue>;
}

/// The body of an answer that is not a success.
#[derive(Default, Deserialize)]
struct Failure {
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
}

/// What came back.
struct Answer {
    status: u16,
    body: Vec<u8>,
}

/// One round trip.
pub async fn sync(request: &SyncRequest) -> Result<SyncReply, WireError> {
    let body = serde_json::to_vec(request).map_err(|_| WireError::Malformed)?;
    parse(&ask("POST", SYNC, Some(body)).await?)
}

/// What waits in quarantine for this person, after what they have just decided.
pub async fn quarantine(request: &quarantine::Request) -> Result<quarantine::Reply, WireError> {
    let body = serde_json::to_vec(request).map_err(|_| WireError::Malformed)?;
    parse(&ask("POST", QUARANTINE, Some(body)).await?)
}

/// Asks for the key to seal to.
pub async fn sealing_key(request: &KeyRequest) -> Result<Key, WireError> {
    let body = serde_json::to_vec(request).map_err(|_| WireError::Malformed)?;
    parse(&ask("POST", SEALING_KEY, Some(body)).await?)
}

/// Delivers sealed things.
pub async fn deliver(delivery: &Delivery) -> Result<DeliveryReply, WireError> {
    let body = serde_json::to_vec(delivery).map_err(|_| WireError::Malformed)?;
    parse(&ask("POST", SEALED, Some(body)).await?)
}

/// Announces an attachment, or asks how much of it the server has.
pub async fn offer(offer: &Offer) -> Result<Standing, WireError> {
    let body = serde_json::to_vec(offer).map_err(|_| WireError::Malformed)?;
    parse(&ask("POST", ATTACHMENTS, Some(body)).await?)
}

/// Sends one chunk of an attachment.
pub async fn send_chunk(file: &File, from: u32, bytes: Vec<u8>) -> Result<Standing, WireError> {
    let url = format!("{}/{from}", address(file.scope, file.hash));
    parse(&ask("PUT", &url, Some(bytes)).await?)
}

/// The bytes of an attachment.
pub async fn attachment(scope: ScopeId, hash: Hash) -> Result<Vec<u8>, WireError> {
    Ok(ask("GET", &address(scope, hash), None).await?.body)
}

fn address(scope: ScopeId, hash: Hash) -> String {
    format!("{ATTACHMENTS}/{scope}/{hash}")
}

/// Who is signed in.
pub async fn me() -> Result<Me, WireError> {
    parse(&ask("GET", ME, None).await?)
}

/// Signs out. A session that has ended already is what was wanted.
pub async fn end_session() -> Result<(), WireError> {
    match ask("DELETE", SESSION, None).await {
        Ok(_) | Err(WireError::SessionEnded) => Ok(()),
        Err(error) => Err(error),
    }
}

fn parse<T: DeserializeOwned>(answer: &Answer) -> Result<T, WireError> {
    rules::json(&answer.body).ok_or(WireError::Malformed)
}

/// Asks, and sorts what is no success by what the caller can do.
async fn ask(method: &str, url: &str, body: Option<Vec<u8>>) -> Result<Answer, WireError> {
    let answer = round_trip(method, url, body).await?;
    if (200..300).contains(&answer.status) {
        return Ok(answer);
    }
    let failure: Failure = rules::json(&answer.body).unwrap_or_default();
    Err(match answer.status {
        401 => WireError::SessionEnded,
        408 => WireError::TimedOut,
        426 => WireError::UpdateNeeded,
        429 | 500..600 => WireError::ServerFailed { code: failure.code },
        400..500 if !failure.code.is_empty() => WireError::Refused {
            code: failure.code,
            message: failure.message,
        },
        // A redirect or a page without a code: a hotel's sign-in, a proxy.
        _ => WireError::Malformed,
    })
}

async fn round_trip(method: &str, url: &str, body: Option<Vec<u8>>) -> Result<Answer, WireError> {
    let controller = AbortController::new().map_err(|_| WireError::Unreachable)?;
    let signal = controller.signal();
    let init = RequestInit::new();
    init.set_method(method);
    if body.is_none() {
        // What is posted never comes from a cache; to ask for that too costs two headers a sync.
        init.set_cache(RequestCache::NoStore);
    }
    init.set_credentials(RequestCredentials::SameOrigin);
    init.set_redirect(RequestRedirect::Error);
    init.set_signal(Some(&signal));
    let headers = Headers::new().map_err(|_| WireError::Unreachable)?;
    if let Some(language) = senses::document_language() {
        // The server's sentences come in the language of the screen, not of the browser.
        set(&headers, "accept-language", &language)?;
    }
    if let Some(body) = body {
        // What is put is an attachment, which is packed already.
        let is_json = method == "POST";
        let kind = if is_json {
            "application/json"
        } else {
            "application/octet-stream"
        };
        set(&headers, "content-type", kind)?;
        let (body, is_gzip) = squeeze(&body, is_json).await;
        if is_gzip {
            set(&headers, "content-encoding", "gzip")?;
        }
        init.set_body_opt_u8_array(Some(&body));
    }
    init.set_headers(&headers);
    let request = Request::new_with_str_and_init(url, &init).map_err(|_| WireError::Unreachable)?;
    let timer = senses::after(REQUEST_MS_MAX, move || controller.abort());
    let answer = fetch(&request).await;
    drop(timer);
    answer.map_err(|_| {
        if signal.aborted() {
            WireError::TimedOut
        } else {
            WireError::Unreachable
        }
    })
}

/// The answer with its body; a body that stalls is cut by the same timer.
async fn fetch(request: &Request) -> Result<Answer, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let response = JsFuture::from(window.fetch_with_request(request)).await?;
    let response: Response = response.dyn_into()?;
    let body: ArrayBuffer = JsFuture::from(response.array_buffer()?).await?.dyn_into()?;
    Ok(Answer {
        status: response.status(),
        body: Uint8Array::new(&body).to_vec(),
    })
}

fn set(headers: &Headers, name: &str, value: &str) -> Result<(), WireError> {
    headers.set(name, value).map_err(|_| WireError::Unreachable)
}

/// The body, compressed if that is worth it and the browser can.
async fn squeeze(body: &[u8], is_worth_it: bool) -> (Uint8Array, bool) {
    if is_worth_it
        && body.len() > GZIP_BYTES_MIN
        && let Ok(small) = gzip(body).await
    {
        return (small, true);
    }
    (Uint8Array::from(body), false)
}

async fn gzip(body: &[u8]) -> Result<Uint8Array, JsValue> {
    let parts = Array::of1(&Uint8Array::from(body));
    let blob = Blob::new_with_u8_array_sequence(&parts)?;
    let stream = CompressionStream::new("gzip")?;
    let small = blob.stream().pipe_through(stream.unchecked_ref());
    let response = Response::new_with_opt_readable_stream(Some(&small))?;
    let buffer = JsFuture::from(response.array_buffer()?).await?;
    Ok(Uint8Array::new(&buffer))
}
