//! The rooms behind the gate, which the browser loads as a file of their own.
//!
//! A first visit waits only for what stands before the gate; the rest comes while the PIN is
//! being typed. The build cuts the wasm at `draw_screens` (`cargo leptos build --split`): code
//! that nothing but the screens calls lies in the second file. The service worker keeps both.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use crate::screens::Screens;

/// The screens' file did not arrive: there is no network, or the server has a newer build.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the file of the screens did not arrive")]
pub struct Missing;

#[wasm_split(screens, wasm_split_path = ::leptos::wasm_split, preload(fetch_screens), fallible)]
fn draw_screens() -> Result<AnyView, SplitLoaderError> {
    Ok(view! { <Screens /> }.into_any())
}

/// Waits for the screens. Whoever asks while they are on their way shares that way; after a
/// failure the next to ask tries again.
///
/// # Errors
/// [`Missing`] when they did not arrive.
pub async fn arrive() -> Result<(), Missing> {
    fetch_screens().await.map_err(|_logged| Missing)
}

/// Draws the screens. Nothing waits any more once they have arrived, so this needs no second
/// picture in between.
///
/// # Panics
/// Before [`arrive`] has said that they are here: the gate does not open earlier.
pub fn draw() -> AnyView {
    let mut context = Context::from_waker(Waker::noop());
    match Future::poll(pin!(draw_screens()), &mut context) {
        Poll::Ready(Ok(screens)) => screens,
        Poll::Ready(Err(_)) | Poll::Pending => unreachable!("the gate waits for the screens"),
    }
}
