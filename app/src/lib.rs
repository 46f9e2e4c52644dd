//! Percorso in the browser: one content-free page, into which everything is mounted.

// Views are types within types: deep screens meet the compiler's usual limit.
#![recursion_limit = "256"]

pub mod app;
pub mod courier;
pub mod device;
pub mod driver;
pub mod frame;
pub mod gate;
#[cfg(feature = "ssr")]
pub mod pages;
pub mod parts;
pub mod preferences;
pub mod rooms;
pub mod screens;
pub mod session;
#[cfg(feature = "ssr")]
pub mod shell;
pub mod watch;
pub mod words;

/// Starts the app in the page. Called once.
#[cfg(feature = "hydrate")]
pub fn start() {
    device::panic::install();
    leptos::mount::mount_to_body(app::App);
    leptos::task::spawn_local(async {
        // If they do not arrive, the gate tries again and says so.
        let _missing = rooms::arrive().await;
    });
}
