//! Percorso in the browser: one content-free page, into which everything is mounted.

// Views are types within types: deep screens meet the compiler's usual limit.
#![recursion_limit = "256"]

#[cfg(feature = "ssr")]
pub mod pages;
pub mod parts;
pub mod preferences;
#[cfg(feature = "ssr")]
pub mod shell;
pub mod words;

// What only a phone has: a server is built without it, and sooner. Tests have both.
#[cfg(any(feature = "hydrate", test))]
pub mod app;
#[cfg(any(feature = "hydrate", test))]
pub mod courier;
#[cfg(any(feature = "hydrate", test))]
pub mod device;
#[cfg(any(feature = "hydrate", test))]
pub mod driver;
#[cfg(any(feature = "hydrate", test))]
pub mod frame;
#[cfg(any(feature = "hydrate", test))]
pub mod gate;
#[cfg(any(feature = "hydrate", test))]
pub mod rooms;
#[cfg(any(feature = "hydrate", test))]
pub mod screens;
#[cfg(any(feature = "hydrate", test))]
pub mod session;
#[cfg(any(feature = "hydrate", test))]
pub mod watch;

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
