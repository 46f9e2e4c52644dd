//! Receipts that sealed delivery left on this copy's disk: brought while it was locked, in another
//! tab, or by the courier of a screen.

use std::rc::Rc;

use leptos::task::spawn_local;
use replica::replica::Event;

use super::Driver;

impl Driver {
    /// Somebody has brought what lies sealed on this device: what became of it is on disk.
    pub fn hear_courier(self: &Rc<Self>) {
        let driver = Rc::clone(self);
        spawn_local(async move { driver.take_delivered().await });
    }

    /// Takes what lies there. It stays on the disk until the copy has it.
    pub(super) async fn take_delivered(self: &Rc<Self>) {
        // What cannot be read now is read when the app is opened the next time.
        let told = self.disk.delivered().await.unwrap_or_default();
        if !told.is_empty() {
            self.feed(Event::Delivered(told));
        }
    }
}
