//! A sheet over the page: a real dialog, so that Esc, Back and a screen reader know it.

use leptos::html::Dialog;
use leptos::prelude::*;

use crate::watch::{hear, watch};

/// A sheet that opens over the page and keeps the keyboard inside while it is open.
#[component]
pub fn Sheet(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The id of the heading that names it.
    labelled_by: &'static str,
    /// How it looks; a drawer from below if nothing is said.
    #[prop(default = "drawer")]
    class: &'static str,
    /// What is in it.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<Dialog>::new();
    watch(move || {
        let is_open = open.get();
        let Some(dialog) = node.get() else {
            return;
        };
        if is_open && !dialog.open() {
            // A dialog that cannot open as modal still opens: the page stays usable.
            if dialog.show_modal().is_err() {
                dialog.set_open(true);
            }
        } else if !is_open && dialog.open() {
            dialog.close();
        }
    });
    view! {
        <dialog
            class=class
            node_ref=node
            aria-labelledby=labelled_by
            on:close=hear(move |_| open.set(false))
        >
            {move || open.get().then(|| children())}
        </dialog>
    }
}
