//! The service worker's new build: it waits until a person takes it.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::Reflect;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{ServiceWorkerContainer, ServiceWorkerRegistration, ServiceWorkerState};

use super::senses::{navigator, reload};

/// What the waiting service worker is told when its time has come.
const TAKE_OVER: &str = "skip-waiting";

/// The container; browsers leave it out in private windows and on insecure pages.
fn container() -> Option<ServiceWorkerContainer> {
    let container = Reflect::get(&navigator(), &"serviceWorker".into()).ok()?;
    container.is_object().then(|| container.unchecked_into())
}

async fn registration() -> Option<ServiceWorkerRegistration> {
    let ready = JsFuture::from(container()?.ready().ok()?).await.ok()?;
    ready.dyn_into().ok()
}

/// Calls when a new build is ready, at once if one has been waiting.
pub fn update_waiting(call: impl Fn() + 'static) {
    let call: Rc<dyn Fn()> = Rc::new(call);
    spawn_local(async move {
        let Some(registration) = registration().await else {
            return;
        };
        if registration.waiting().is_some() {
            call();
        }
        let known = registration.clone();
        let on_found: Closure<dyn FnMut()> = Closure::new(move || watch(&known, &call));
        registration.set_onupdatefound(Some(on_found.as_ref().unchecked_ref()));
        on_found.forget();
    });
}

/// Calls when the build that is being fetched has been fetched whole.
fn watch(registration: &ServiceWorkerRegistration, call: &Rc<dyn Fn()>) {
    let Some(worker) = registration.installing() else {
        return;
    };
    let call = Rc::clone(call);
    let installing = worker.clone();
    let on_change: Closure<dyn FnMut()> = Closure::new(move || {
        let is_first = container().is_none_or(|container| container.controller().is_none());
        if installing.state() == ServiceWorkerState::Installed && !is_first {
            call();
        }
    });
    worker.set_onstatechange(Some(on_change.as_ref().unchecked_ref()));
    on_change.forget();
}

/// Takes the new build: [`on_taken_over`] tells when it is in charge. Without one it only reloads.
pub fn apply_update() {
    spawn_local(async {
        let waiting = registration()
            .await
            .and_then(|registration| registration.waiting());
        let Some(waiting) = waiting else {
            return reload();
        };
        drop(waiting.post_message(&JsValue::from_str(TAKE_OVER)));
    });
}

/// Calls when another build has taken charge of this page, whichever tab asked for it: the files
/// of the build that this page runs are gone, and those it has not loaded yet would be missing.
pub fn on_taken_over(call: impl Fn() + 'static) {
    let Some(container) = container() else {
        return;
    };
    // The first build takes charge of a page that came without any; nothing changes then.
    let was_in_charge = Cell::new(container.controller().is_some());
    let on_change: Closure<dyn FnMut()> = Closure::new(move || {
        if was_in_charge.replace(true) {
            call();
        }
    });
    container.set_oncontrollerchange(Some(on_change.as_ref().unchecked_ref()));
    on_change.forget();
}
