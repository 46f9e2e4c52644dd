//! From a secret to a key: Argon2id, in a worker so that the page does not freeze.

use argon2::{Algorithm, Argon2, Params, Version};
use js_sys::{Array, Function, JsString, Object, Promise, Reflect, Uint8Array};
use replica::stored::DiskError;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};
use zeroize::Zeroizing;

use super::seal::random;
use super::senses;

/// Memory of one derivation.
const MEMORY_KIB: u32 = 32 * 1024;
/// Passes at least.
const PASSES_MIN: u32 = 2;
/// Passes at most, should a clock be coarse.
const PASSES_MAX: u32 = 60;
/// How long one derivation is to take on this device.
const TARGET_MS: f64 = 1_100.0;
const SALT_BYTES: usize = 16;
const KEY_BYTES: usize = 32;
/// How long a worker may take to say that it is there: some browsers lose its script while a
/// service worker takes charge, and tell nobody.
const START_MS_MAX: i64 = 3_000;
/// How long one derivation in a worker may take.
const DERIVE_MS_MAX: i64 = 30_000;
const WORKER_URL: &str = "/kdf-worker.js";

/// How a key is derived. Kept beside the wrap, in clear.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Recipe {
    salt: [u8; SALT_BYTES],
    memory_kib: u32,
    passes: u32,
}

/// A derived key, wiped when dropped.
pub type Derived = Zeroizing<Vec<u8>>;

#[wasm_bindgen]
extern "C" {
    type ImportMeta;
    #[wasm_bindgen(method, getter)]
    fn url(this: &ImportMeta) -> JsString;
    #[wasm_bindgen(thread_local_v2, js_namespace = import, js_name = meta)]
    static META: ImportMeta;
}

/// Derives a key of 32 bytes. Called by the worker; empty when the numbers make no sense.
#[wasm_bindgen]
pub fn derive_key(secret: &[u8], salt: &[u8], memory_kib: u32, passes: u32) -> Vec<u8> {
    let mut key = vec![0; KEY_BYTES];
    let derived = Params::new(memory_kib, passes, 1, Some(KEY_BYTES)).and_then(|params| {
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(secret, salt, &mut key)
    });
    match derived {
        Ok(()) => key,
        Err(_) => Vec::new(),
    }
}

/// The same secret however it was typed: without blanks around it, composed one way.
fn canonical(secret: &str) -> Zeroizing<Vec<u8>> {
    let composed: String = JsString::from(secret.trim()).normalize("NFKC").into();
    Zeroizing::new(composed.into_bytes())
}

/// Chooses a recipe that takes this device about a second, and derives with it.
pub async fn calibrate(secret: &str) -> Result<(Recipe, Derived), DiskError> {
    let mut recipe = Recipe {
        salt: [0; SALT_BYTES],
        memory_kib: MEMORY_KIB,
        passes: PASSES_MIN,
    };
    random(&mut recipe.salt)?;
    let place = Place::find().await;
    // The first run also warms the compiler up, so the faster of two says what a pass takes.
    let (_, first_ms) = place.run(secret, &recipe).await?;
    let (_, second_ms) = place.run(secret, &recipe).await?;
    recipe.passes = passes_for(first_ms.min(second_ms));
    let (key, _) = place.run(secret, &recipe).await?;
    Ok((recipe, key))
}

/// Derives with a known recipe.
pub async fn derive(secret: &str, recipe: &Recipe) -> Result<Derived, DiskError> {
    Ok(Place::find().await.run(secret, recipe).await?.0)
}

fn passes_for(took_ms: f64) -> u32 {
    let mut passes = PASSES_MIN;
    let one_ms = (took_ms / f64::from(PASSES_MIN)).max(1.0);
    while passes < PASSES_MAX && f64::from(passes.saturating_add(1)) * one_ms <= TARGET_MS {
        passes = passes.saturating_add(1);
    }
    passes
}

/// Where keys are derived: in a worker, or on this page where none starts.
struct Place(Option<Worker>);

impl Place {
    /// Starts a worker and waits until it says that it is there.
    async fn find() -> Self {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let Ok(worker) = Worker::new_with_options(WORKER_URL, &options) else {
            return Self(None);
        };
        if heard(&worker, START_MS_MAX).await.is_some() {
            return Self(Some(worker));
        }
        worker.terminate();
        web_sys::console::warn_1(&"kdf.without_worker".into());
        Self(None)
    }

    async fn run(&self, secret: &str, recipe: &Recipe) -> Result<(Derived, f64), DiskError> {
        let secret = canonical(secret);
        let derived = match &self.0 {
            Some(worker) => in_worker(worker, &secret, recipe).await,
            None => None,
        };
        let (key, took_ms) = derived.unwrap_or_else(|| {
            let start = js_sys::Date::now();
            let key = derive_key(&secret, &recipe.salt, recipe.memory_kib, recipe.passes);
            (Zeroizing::new(key), js_sys::Date::now() - start)
        });
        if key.len() != KEY_BYTES {
            return Err(DiskError::Failed);
        }
        Ok((key, took_ms))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(worker) = &self.0 {
            worker.terminate();
        }
    }
}

async fn in_worker(worker: &Worker, secret: &[u8], recipe: &Recipe) -> Option<(Derived, f64)> {
    worker.post_message(&request(secret, recipe)?).ok()?;
    let reply = heard(worker, DERIVE_MS_MAX).await?;
    let key: Uint8Array = Reflect::get(&reply, &"key".into()).ok()?.dyn_into().ok()?;
    let took_ms = Reflect::get(&reply, &"tookMs".into()).ok()?.as_f64()?;
    let derived = Zeroizing::new(key.to_vec());
    key.fill(0, 0, key.length());
    Some((derived, took_ms))
}

/// The worker's next message; none when it fails or says nothing for so long.
async fn heard(worker: &Worker, ms_max: i64) -> Option<JsValue> {
    let mut give_up = None;
    let answer = Promise::new(&mut |resolve, reject| {
        give_up = Some(reject.clone());
        let on_message = Closure::once_into_js(move |event: MessageEvent| {
            drop(resolve.call1(&JsValue::UNDEFINED, &event.data()));
        });
        let on_error = Closure::once_into_js(move |_: JsValue| {
            drop(reject.call0(&JsValue::UNDEFINED));
        });
        worker.set_onmessage(Some(on_message.unchecked_ref::<Function>()));
        worker.set_onerror(Some(on_error.unchecked_ref::<Function>()));
    });
    let timer = senses::after(ms_max, move || {
        drop(give_up.map(|give_up| give_up.call0(&JsValue::UNDEFINED)));
    });
    let heard = JsFuture::from(answer).await.ok();
    // What else it says has nobody to hear it: each of these functions can be called once.
    worker.set_onmessage(None);
    worker.set_onerror(None);
    drop(timer);
    heard
}

/// What the worker needs: this very program, compiled already, and what to derive.
fn request(secret: &[u8], recipe: &Recipe) -> Option<JsValue> {
    let fields: Array = [
        pair("js", &META.with(|meta| meta.url()).into()),
        pair("module", &wasm_bindgen::module()),
        pair("secret", &Uint8Array::from(secret).into()),
        pair("salt", &Uint8Array::from(recipe.salt.as_slice()).into()),
        pair("memoryKib", &recipe.memory_kib.into()),
        pair("passes", &recipe.passes.into()),
    ]
    .into_iter()
    .collect();
    Object::from_entries(&fields).ok().map(JsValue::from)
}

fn pair(name: &str, value: &JsValue) -> JsValue {
    Array::of2(&name.into(), value).into()
}
