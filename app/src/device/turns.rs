//! Turns: what is asked of the disk is done one after the other, in the order it was asked.

use std::cell::RefCell;

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// One after the other: a commit reads what the one before has written.
pub struct Turns(RefCell<Promise>);

/// A turn; the next one begins when it is dropped.
pub struct Turn(Option<Function>);

impl Turns {
    /// No turn is taken.
    pub fn new() -> Self {
        Self(RefCell::new(Promise::resolve(&JsValue::UNDEFINED)))
    }

    /// Waits for the turns before, then takes one.
    pub async fn take(&self) -> Turn {
        // An empty `Function` would be `new Function()`, which the page's policy forbids.
        let mut end = None;
        let mine = Promise::new(&mut |resolve, _| end = Some(resolve));
        let before = self.0.replace(mine);
        let turn = Turn(end);
        // The promise before is only ever resolved, so there is no failure to pass on.
        drop(JsFuture::from(before).await);
        turn
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(end) = &self.0 {
            drop(end.call0(&JsValue::UNDEFINED));
        }
    }
}
