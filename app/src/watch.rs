//! Effects and handlers behind one type each.
//!
//! Each closure that is handed to `Effect::new` or to an `on:` attribute compiles the machinery
//! around it once more. Boxed, all of them share one copy: it costs an allocation each and saves
//! a tenth of the wasm.

use leptos::prelude::Effect;

/// Runs `react` now, and again whenever a signal that it read has changed.
pub fn watch(react: impl FnMut() + 'static) {
    let mut react: Box<dyn FnMut()> = Box::new(react);
    Effect::new(move |_| react());
}

/// Tells `react` the value before and now, each time that it has become another one.
pub fn watch_changes<T: PartialEq + 'static>(
    mut now: impl FnMut() -> T + 'static,
    mut react: impl FnMut(&T, &T) + 'static,
) {
    let mut was = None;
    watch(move || {
        let now = now();
        if let Some(was) = was.as_ref().filter(|was| **was != now) {
            react(was, &now);
        }
        was = Some(now);
    });
}

/// A handler of an event.
pub fn hear<E>(handle: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(handle)
}
