//! Several tabs of one browser: one of them syncs, and each hears when another has written.

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{BroadcastChannel, MessageEvent};

use super::senses::navigator;

const SYNC_LOCK: &str = "percorso-sync";
const CHANNEL: &str = "percorso";
const LEAVE: &str = "leave";

thread_local! {
    static TABS: Option<BroadcastChannel> = BroadcastChannel::new(CHANNEL).ok();
}

/// What one tab tells the others. Content stays sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// The disk has changed.
    Written,
    /// The store is to be let go and everything begun anew, locked: a newer build needs another
    /// layout, or the phone goes into a family's hands.
    Leave,
}

/// Tells the other tabs that the disk has changed.
pub fn tell_tabs() {
    tell(&JsValue::NULL);
}

/// Asks the other tabs to let the store go and to begin anew, locked.
pub fn ask_tabs_to_leave() {
    tell(&JsValue::from_str(LEAVE));
}

fn tell(message: &JsValue) {
    TABS.with(|tabs| {
        if let Some(tabs) = tabs {
            drop(tabs.post_message(message));
        }
    });
}

/// Calls with what another tab tells.
pub fn on_told(call: impl Fn(Told) + 'static) {
    let call: Closure<dyn FnMut(MessageEvent)> = Closure::new(move |message: MessageEvent| {
        let is_leave = message.data().as_string().as_deref() == Some(LEAVE);
        call(if is_leave { Told::Leave } else { Told::Written });
    });
    TABS.with(|tabs| {
        if let Some(tabs) = tabs {
            tabs.set_onmessage(Some(call.as_ref().unchecked_ref()));
        }
    });
    call.forget();
}

/// A held lock; dropped, the next tab may have it.
struct Held(Function);

impl Drop for Held {
    fn drop(&mut self) {
        drop(self.0.call0(&JsValue::UNDEFINED));
    }
}

/// While a tab has this, no other of the same browser asks the server.
pub struct SyncLock {
    _held: Option<Held>,
}

/// Takes the lock if no other tab has it. Where the browser has no locks there is one tab only as
/// far as we can know, and the server's receipts make a second one harmless.
pub async fn sync_lock() -> Option<SyncLock> {
    let held = match locks() {
        None => None,
        Some(locks) => Some(acquire(&locks).await?),
    };
    Some(SyncLock { _held: held })
}

fn locks() -> Option<JsValue> {
    let locks = Reflect::get(&navigator(), &"locks".into()).ok()?;
    locks.is_object().then_some(locks)
}

/// Takes the lock if it is free. It is held for as long as the promise given to the browser is
/// open.
async fn acquire(locks: &JsValue) -> Option<Held> {
    let request: Function = Reflect::get(locks, &"request".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let options = Object::new();
    Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE).ok()?;
    let mut release = None;
    let hold = Promise::new(&mut |resolve, _| release = Some(resolve));
    let held = Held(release?);
    let granted = Promise::new(&mut |resolve, reject| {
        let hold = hold.clone();
        let on_answer = Closure::once_into_js(move |lock: JsValue| {
            let is_granted = JsValue::from_bool(!lock.is_null());
            drop(resolve.call1(&JsValue::UNDEFINED, &is_granted));
            if lock.is_null() {
                JsValue::UNDEFINED
            } else {
                hold.into()
            }
        });
        let asked = request.call3(locks, &SYNC_LOCK.into(), &options, &on_answer);
        match asked {
            // A refused request never calls back: without this the caller would wait for ever.
            Ok(asked) => {
                let on_refused: Closure<dyn FnMut(JsValue)> = Closure::once(move |_| {
                    drop(reject.call0(&JsValue::UNDEFINED));
                });
                let asked: Promise = asked.unchecked_into();
                drop(asked.catch(&on_refused));
                on_refused.forget();
            }
            Err(_) => drop(reject.call0(&JsValue::UNDEFINED)),
        }
    });
    let is_granted = JsFuture::from(granted).await.ok()?;
    is_granted.is_truthy().then_some(held)
}
