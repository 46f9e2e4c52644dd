//! Clock, chance, timers, and what the browser tells us about the world around.

use std::cell::Cell;

use domain::id::Millis;
use jiff::civil::{Date, DateTime};
use js_sys::Intl::DateTimeFormat;
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AddEventListenerOptions, Blob, BlobPropertyBag, Document, Element, EventTarget,
    HtmlAnchorElement, HtmlInputElement, Navigator, ScrollIntoViewOptions, ScrollLogicalPosition,
    Storage, StorageManager, Url, VisibilityState, Window,
};

pub use super::tabs::{SyncLock, Told, ask_tabs_to_leave, on_told, sync_lock, tell_tabs};
pub use super::update::{apply_update, on_taken_over, update_waiting};

/// Every setting of ours in localStorage begins so.
const SETTING: &str = "percorso.";
/// How often activity is reported at most.
const ACTIVITY_MS: i64 = 1_000;
/// How long is waited for a file of the app that is not kept here.
const SHIPPED_MS_MAX: u32 = 10_000;

pub(super) fn window() -> Window {
    web_sys::window().expect("the app runs in a page")
}

fn document() -> Document {
    window().document().expect("a page has a document")
}

pub(super) fn navigator() -> Navigator {
    window().navigator()
}

/// The device's clock.
pub fn now() -> Millis {
    Millis(whole(js_sys::Date::now()))
}

/// A number of JavaScript's as a whole one.
#[expect(
    clippy::as_conversions,
    reason = "there is no other way from f64, and `as` saturates"
)]
fn whole(number: f64) -> i64 {
    number as i64
}

/// Ten random bytes.
pub fn random10() -> [u8; 10] {
    let mut bytes = [0; 10];
    super::seal::random(&mut bytes).expect("a secure page has WebCrypto");
    bytes
}

/// A random number.
pub fn dice() -> u32 {
    let mut bytes = [0; 4];
    super::seal::random(&mut bytes).expect("a secure page has WebCrypto");
    u32::from_le_bytes(bytes)
}

/// An instant in the device's time zone. The browser knows the zone, so no table of zones is
/// shipped.
pub fn local(now: Millis) -> DateTime {
    #[expect(
        clippy::as_conversions,
        reason = "milliseconds since 1970 fit into 53 bits until the year 287396"
    )]
    let date = js_sys::Date::new(&JsValue::from_f64(now.0 as f64));
    let part = |number: u32| i8::try_from(number).unwrap_or(0);
    DateTime::new(
        i16::try_from(date.get_full_year()).unwrap_or(1970),
        part(date.get_month().saturating_add(1)),
        part(date.get_date()),
        part(date.get_hours()),
        part(date.get_minutes()),
        part(date.get_seconds()),
        i32::try_from(date.get_milliseconds())
            .unwrap_or(0)
            .saturating_mul(1_000_000),
    )
    .unwrap_or(DateTime::constant(1970, 1, 1, 0, 0, 0, 0))
}

/// Today in the device's time zone.
pub fn today() -> Date {
    local(now()).date()
}

/// A pending call. Dropped, it is cancelled.
pub struct Timer {
    id: i32,
    _call: Closure<dyn FnMut()>,
}

impl Drop for Timer {
    fn drop(&mut self) {
        window().clear_timeout_with_handle(self.id);
    }
}

/// Calls once after a time. Times beyond the browser's limit of 24 days end there.
pub fn after(ms: i64, call: impl FnOnce() + 'static) -> Timer {
    let ms = i32::try_from(ms.max(0)).unwrap_or(i32::MAX);
    let call = Closure::once(call);
    let id = window()
        .set_timeout_with_callback_and_timeout_and_arguments_0(call.as_ref().unchecked_ref(), ms)
        .unwrap_or_default();
    Timer { id, _call: call }
}

/// Listens for as long as the page lives.
fn listen(target: &EventTarget, event: &str, call: impl Fn() + 'static) {
    let options = AddEventListenerOptions::new();
    options.set_passive(true);
    options.set_capture(true);
    let call: Closure<dyn FnMut()> = Closure::new(call);
    // Only an unknown target could fail, and ours exist.
    drop(
        target.add_event_listener_with_callback_and_add_event_listener_options(
            event,
            call.as_ref().unchecked_ref(),
            &options,
        ),
    );
    call.forget();
}

/// Calls whenever the browser believes to be online again.
pub fn on_online(call: impl Fn() + 'static) {
    listen(&window(), "online", call);
}

/// Calls whenever the page becomes visible or hidden.
pub fn on_visible(call: impl Fn(bool) + 'static) {
    listen(&document(), "visibilitychange", move || call(is_visible()));
}

/// Calls when somebody touches or types, once a second at most.
pub fn on_activity(call: impl Fn() + Clone + 'static) {
    for event in ["pointerdown", "keydown", "wheel", "touchmove"] {
        let last = Cell::new(Millis(0));
        let call = call.clone();
        listen(&window(), event, move || {
            let now = now();
            if now.0.abs_diff(last.get().0) >= ACTIVITY_MS.unsigned_abs() {
                last.set(now);
                call();
            }
        });
    }
}

/// What the browser believes. A hint only.
pub fn is_online() -> bool {
    navigator().on_line()
}

/// Whether the page can be seen.
pub fn is_visible() -> bool {
    document().visibility_state() == VisibilityState::Visible
}

/// Marks an instant for the measurements.
pub fn mark(name: &str) {
    if let Some(performance) = window().performance() {
        drop(performance.mark(name));
    }
}

/// Measures from a mark until now.
pub fn measure(name: &str, from: &str) {
    if let Some(performance) = window().performance() {
        drop(performance.measure_with_start_mark(name, from));
    }
}

/// The storage manager; browsers leave it out on pages that were not served securely.
fn storage_manager() -> Option<StorageManager> {
    let storage = Reflect::get(&navigator(), &"storage".into()).ok()?;
    storage.is_object().then(|| storage.unchecked_into())
}

/// Asks the browser not to evict us, unless it promised already.
pub async fn persist() -> bool {
    let Some(manager) = storage_manager() else {
        return false;
    };
    for ask in [StorageManager::persisted, StorageManager::persist] {
        let Ok(promise) = ask(&manager) else {
            return false;
        };
        if JsFuture::from(promise)
            .await
            .is_ok_and(|answer| answer.is_truthy())
        {
            return true;
        }
    }
    false
}

/// Bytes used and bytes allowed.
pub async fn storage_estimate() -> Option<(u64, u64)> {
    let estimate = JsFuture::from(storage_manager()?.estimate().ok()?)
        .await
        .ok()?;
    let number = |name: &str| {
        let number = Reflect::get(&estimate, &name.into()).ok()?.as_f64()?;
        u64::try_from(whole(number)).ok()
    };
    Some((number("usage")?, number("quota")?))
}

/// The first language of the browser.
pub fn preferred_language() -> String {
    navigator().language().unwrap_or_default()
}

/// Opens the browser's own way to print this page.
pub fn print() {
    drop(window().print());
}

/// A day as people write it in a language, with Latin digits. `None` where the browser does not
/// know the language: it would take its own instead.
pub fn spelled_day(tag: &str, day: Date) -> Option<String> {
    // English as it is written on this side of the ocean.
    let tag = if tag == "en" { "en-GB" } else { tag };
    let tags = Array::of1(&format!("{tag}-u-ca-gregory-nu-latn").into());
    let options = Object::new();
    if DateTimeFormat::supported_locales_of(&tags, &options).length() == 0 {
        return None;
    }
    // The Italian article changes with the number after it (il 7, l’8): a weekday needs none.
    let style = if tag == "it" { "full" } else { "long" };
    Reflect::set(&options, &"dateStyle".into(), &style.into()).ok()?;
    let year = u32::try_from(day.year()).ok()?;
    let (month, day) = (i32::from(day.month()) - 1, i32::from(day.day()));
    let date = js_sys::Date::new_with_year_month_day(year, month, day);
    let format = DateTimeFormat::new(&tags, &options).format();
    format.call1(&JsValue::UNDEFINED, &date).ok()?.as_string()
}

/// The text of a file that came with the app.
pub async fn shipped(address: &str) -> Option<String> {
    let init = web_sys::RequestInit::new();
    let timeout = web_sys::AbortSignal::timeout_with_u32(SHIPPED_MS_MAX);
    init.set_signal(Some(&timeout));
    let asked = JsFuture::from(window().fetch_with_str_and_init(address, &init));
    let answer: web_sys::Response = asked.await.ok()?.dyn_into().ok()?;
    if !answer.ok() {
        return None;
    }
    JsFuture::from(answer.text().ok()?).await.ok()?.as_string()
}

/// Sets language and direction of the document.
pub fn set_document_language(tag: &str, dir: &str) {
    set_root("lang", tag);
    set_root("dir", dir);
}

/// The language of the document, if it has one.
pub(super) fn document_language() -> Option<String> {
    document()
        .document_element()?
        .get_attribute("lang")
        .filter(|tag| !tag.is_empty())
}

/// Sets light, dark, or what the device says (empty).
pub fn set_color_scheme(scheme: &str) {
    set_root("data-theme", scheme);
}

fn set_root(name: &str, value: &str) {
    let Some(root) = document().document_element() else {
        return;
    };
    // Only an invalid name could fail.
    drop(if value.is_empty() {
        root.remove_attribute(name)
    } else {
        root.set_attribute(name, value)
    });
}

/// Brings a part of a strip that scrolls sideways into its middle; the page stays where it is.
pub fn bring_into_sight(part: &Element) {
    let into_sight = ScrollIntoViewOptions::new();
    into_sight.set_inline(ScrollLogicalPosition::Center);
    into_sight.set_block(ScrollLogicalPosition::Nearest);
    part.scroll_into_view_with_scroll_into_view_options(&into_sight);
}

/// A page that is held at an address. Dropped, it is let go.
pub struct Hold(Closure<dyn FnMut()>);

impl Drop for Hold {
    fn drop(&mut self) {
        let call = self.0.as_ref().unchecked_ref();
        // Only an unknown target could fail, and ours exists.
        drop(window().remove_event_listener_with_callback("popstate", call));
    }
}

/// Holds the page at an address: whoever goes back or forward is there again at once.
pub fn hold_address(path: &str) -> Hold {
    let path = path.to_owned();
    let stay = move || {
        if let Ok(history) = window().history() {
            // Fails only for an address of another site.
            drop(history.push_state_with_url(&JsValue::NULL, "", Some(&path)));
        }
    };
    stay();
    let call: Closure<dyn FnMut()> = Closure::new(stay);
    drop(window().add_event_listener_with_callback("popstate", call.as_ref().unchecked_ref()));
    Hold(call)
}

/// Calls when the browser brings the page back as somebody left it, without loading it.
pub fn on_brought_back(call: impl Fn() + 'static) {
    let call: Closure<dyn FnMut(web_sys::Event)> = Closure::new(move |event: web_sys::Event| {
        if Reflect::get(&event, &"persisted".into()).is_ok_and(|is_kept| is_kept.is_truthy()) {
            call();
        }
    });
    drop(window().add_event_listener_with_callback("pageshow", call.as_ref().unchecked_ref()));
    call.forget();
}

/// Leaves the app for a page of the server.
pub fn go_to(url: &str) {
    drop(window().location().assign(url));
}

/// Loads the app anew.
pub fn reload() {
    drop(window().location().reload());
}

fn settings() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// Keeps a small setting without content. Lost without a word if the browser keeps none.
pub fn keep(key: &str, value: &str) {
    if let Some(settings) = settings() {
        drop(settings.set_item(&format!("{SETTING}{key}"), value));
    }
}

/// Forgets a setting.
pub fn forget(key: &str) {
    if let Some(settings) = settings() {
        drop(settings.remove_item(&format!("{SETTING}{key}")));
    }
}

/// A kept setting.
pub fn kept(key: &str) -> Option<String> {
    settings()?.get_item(&format!("{SETTING}{key}")).ok()?
}

/// Offers a text as a file to keep.
pub fn save_file(name: &str, text: &str) {
    let parts = Array::of1(&text.into());
    let options = BlobPropertyBag::new();
    options.set_type("application/json");
    if let Ok(blob) = Blob::new_with_str_sequence_and_options(&parts, &options) {
        save_blob(name, &blob);
    }
}

/// Offers a file of any kind.
pub(super) fn save_blob(name: &str, blob: &Blob) {
    let Ok(url) = Url::create_object_url_with_blob(blob) else {
        return;
    };
    if let Ok(anchor) = document().create_element("a") {
        let anchor: HtmlAnchorElement = anchor.unchecked_into();
        anchor.set_href(&url);
        anchor.set_download(name);
        anchor.click();
    }
    // The address is left to the page's end: some browsers read the file only after the click.
}

/// The text of the file that somebody chose, and room to choose the same once more.
pub async fn chosen_file(event: web_sys::Event) -> Option<String> {
    let field: HtmlInputElement = event.target()?.dyn_into().ok()?;
    let file = field.files()?.get(0)?;
    let text = JsFuture::from(file.text()).await.ok()?.as_string();
    field.set_value("");
    text
}
