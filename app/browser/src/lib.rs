//! What the browser loads: the app, and the one function that `boot.js` calls.

#[cfg(target_family = "wasm")]
mod entry {
    use wasm_bindgen::prelude::wasm_bindgen;

    /// Starts the app in the page. Called once.
    #[wasm_bindgen]
    pub fn start_app() {
        app::start();
    }
}
