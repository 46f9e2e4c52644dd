//! The seal: AES-256-GCM through WebCrypto, with a key that lives in memory only.
//!
//! A row is `schema (1 byte) | rev (8) | nonce (12) | ciphertext and tag`. Rows are sealed and
//! opened many at once, since each call is a trip to another thread.

use js_sys::{Array, ArrayBuffer, Object, Promise, Reflect, Uint8Array};
use replica::stored::DiskError;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AesGcmParams, CryptoKey, SubtleCrypto};

use super::rules;

const NONCE_BYTES: usize = 12;
const HEADER_BYTES: usize = 1 + 8 + NONCE_BYTES;
/// `getRandomValues` gives no more than this at once.
const RANDOM_BYTES_MAX: usize = 65_536;

/// A key that seals and opens, and cannot be read back out of WebCrypto.
#[derive(Clone)]
pub struct Key(CryptoKey);

/// A row's place, to which its seal is bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The object store.
    pub store: &'static str,
    /// The scope, or nothing.
    pub scope: String,
    /// The row's id within it.
    pub id: String,
}

/// A row before it is sealed.
pub struct Plain {
    /// Where it will lie.
    pub place: Place,
    /// The commit that writes it.
    pub rev: u64,
    /// What it says.
    pub content: Vec<u8>,
}

/// What WebCrypto offers; absent only on a page that was not served securely.
fn subtle() -> Result<SubtleCrypto, DiskError> {
    Ok(crypto()?.subtle())
}

fn crypto() -> Result<web_sys::Crypto, DiskError> {
    web_sys::window()
        .and_then(|window| window.crypto().ok())
        .ok_or(DiskError::Failed)
}

/// Fills `bytes` with random ones.
pub fn random(bytes: &mut [u8]) -> Result<(), DiskError> {
    let crypto = crypto()?;
    bytes.chunks_mut(RANDOM_BYTES_MAX).try_for_each(|chunk| {
        crypto
            .get_random_values_with_u8_array(chunk)
            .map(drop)
            .map_err(|_| DiskError::Failed)
    })
}

/// Whether a row was written by a build that knows more than this one: it is whole, and to be
/// read by that build.
pub fn is_newer(row: &Uint8Array) -> bool {
    row.length() > 0 && row.get_index(0) > rules::SCHEMA
}

/// The revision of a row, which anybody can read.
pub fn rev_of(row: &Uint8Array) -> u64 {
    let mut rev = [0; 8];
    if row.length() > 9 {
        row.subarray(1, 9).copy_to(&mut rev);
    }
    u64::from_be_bytes(rev)
}

impl Key {
    /// Takes 32 bytes as a key. The caller wipes them afterwards.
    pub async fn import(raw: &[u8]) -> Result<Self, DiskError> {
        let copy = Uint8Array::from(raw);
        let usages = Array::of2(&"encrypt".into(), &"decrypt".into());
        let import = subtle()?
            .import_key_with_str("raw", copy.as_ref(), "AES-GCM", false, &usages)
            .map_err(|_| DiskError::Failed)?;
        let key = JsFuture::from(import).await;
        copy.fill(0, 0, copy.length());
        Ok(Self(key.map_err(|_| DiskError::Failed)?.unchecked_into()))
    }

    /// Seals many rows.
    pub async fn seal(&self, rows: Vec<Plain>) -> Result<Vec<Uint8Array>, DiskError> {
        let subtle = subtle()?;
        let mut nonces = vec![0; rows.len() * NONCE_BYTES];
        random(&mut nonces)?;
        let mut headers = Vec::with_capacity(rows.len());
        let pending = Array::new();
        for (row, nonce) in rows.iter().zip(nonces.chunks_exact(NONCE_BYTES)) {
            let padded = rules::pad(&row.content);
            let params = params(&row.place, row.rev, nonce);
            let sealed = subtle
                .encrypt_with_object_and_u8_array(&params, &self.0, &padded)
                .map_err(|_| DiskError::Failed)?;
            pending.push(&sealed);
            let mut header = Vec::with_capacity(HEADER_BYTES);
            header.push(rules::SCHEMA);
            header.extend_from_slice(&row.rev.to_be_bytes());
            header.extend_from_slice(nonce);
            headers.push(header);
        }
        drop(rows);
        let sealed: Array = JsFuture::from(Promise::all(&pending))
            .await
            .map_err(|_| DiskError::Failed)?
            .unchecked_into();
        Ok(headers
            .iter()
            .zip(sealed.iter())
            .map(|(header, text)| join(header, &text.unchecked_into()))
            .collect())
    }

    /// Seals for somebody else, with a nonce that this key is used with once.
    pub async fn seal_once(
        &self,
        nonce: &[u8; NONCE_BYTES],
        bound_to: &[u8],
        content: &[u8],
    ) -> Result<Vec<u8>, DiskError> {
        let params = AesGcmParams::new("AES-GCM", Uint8Array::from(nonce.as_slice()).as_ref());
        params.set_additional_data(Uint8Array::from(bound_to).as_ref());
        let sealed = subtle()?
            .encrypt_with_object_and_u8_array(&params.unchecked_into(), &self.0, content)
            .map_err(|_| DiskError::Failed)?;
        let sealed = JsFuture::from(sealed).await;
        Ok(Uint8Array::new(&sealed.map_err(|_| DiskError::Failed)?).to_vec())
    }

    /// Opens many rows. A row that was damaged, moved or sealed by another key gives nothing.
    pub async fn open(
        &self,
        rows: &[(Place, Uint8Array)],
    ) -> Result<Vec<Option<Opened>>, DiskError> {
        let subtle = subtle()?;
        let pending = Array::new();
        let mut revs = Vec::with_capacity(rows.len());
        for (place, row) in rows {
            let (promise, rev) = match self.begin_open(&subtle, place, row) {
                Some((promise, rev)) => (promise, Some(rev)),
                None => (Promise::resolve(&JsValue::NULL), None),
            };
            pending.push(&promise);
            revs.push(rev);
        }
        let texts = settle(&pending).await?;
        Ok(revs
            .into_iter()
            .zip(texts.iter())
            .map(|(rev, text)| {
                let padded = text.dyn_into::<ArrayBuffer>().ok()?;
                let padded = Uint8Array::new(&padded).to_vec();
                rules::unpad(&padded)?;
                Some(Opened { rev: rev?, padded })
            })
            .collect())
    }

    /// Starts to open one row, if it has the shape of one.
    fn begin_open(
        &self,
        subtle: &SubtleCrypto,
        place: &Place,
        row: &Uint8Array,
    ) -> Option<(Promise, u64)> {
        let header_bytes = u32::try_from(HEADER_BYTES).ok()?;
        if row.length() <= header_bytes {
            return None;
        }
        let mut header = [0; HEADER_BYTES];
        row.subarray(0, header_bytes).copy_to(&mut header);
        let (schema, rest) = header.split_first()?;
        let (rev, nonce) = rest.split_first_chunk::<8>()?;
        if *schema != rules::SCHEMA {
            return None;
        }
        let rev = u64::from_be_bytes(*rev);
        let text = row.subarray(header_bytes, row.length());
        let promise = subtle
            .decrypt_with_object_and_buffer_source(
                &params(place, rev, nonce),
                &self.0,
                text.as_ref(),
            )
            .ok()?;
        Some((promise, rev))
    }
}

/// A row that was opened.
pub struct Opened {
    /// The commit that wrote it.
    pub rev: u64,
    padded: Vec<u8>,
}

impl Opened {
    /// What it says.
    pub fn content(&self) -> &[u8] {
        rules::unpad(&self.padded).unwrap_or_default()
    }
}

fn params(place: &Place, rev: u64, nonce: &[u8]) -> Object {
    let iv = Uint8Array::from(nonce);
    let params = AesGcmParams::new("AES-GCM", iv.as_ref());
    let aad = rules::aad(place.store, &place.scope, &place.id, rev);
    params.set_additional_data(Uint8Array::from(aad.as_slice()).as_ref());
    params.unchecked_into()
}

fn join(header: &[u8], text: &ArrayBuffer) -> Uint8Array {
    let text = Uint8Array::new(text);
    let offset = u32::try_from(header.len()).expect("a header is a few bytes");
    let row = Uint8Array::new_with_length(text.length().saturating_add(offset));
    row.subarray(0, offset).copy_from(header);
    row.set(&text, offset);
    row
}

/// Waits for all; what was rejected becomes null. Rejections are rare, and `allSettled` is slower,
/// so it is asked only after `all` has failed.
async fn settle(pending: &Array) -> Result<Array, DiskError> {
    if let Ok(all) = JsFuture::from(Promise::all(pending)).await {
        return Ok(all.unchecked_into());
    }
    let settled: Array = JsFuture::from(Promise::all_settled(pending))
        .await
        .map_err(|_| DiskError::Failed)?
        .unchecked_into();
    let value = JsValue::from_str("value");
    Ok(settled
        .iter()
        .map(|one| Reflect::get(&one, &value).unwrap_or(JsValue::NULL))
        .collect())
}
