//! What stands before the screens: choosing a secret, unlocking, and what went wrong.
//!
//! No case data is here: nothing was decrypted yet.

mod choose;
pub mod enter;

use leptos::prelude::*;
use replica::stored::DiskError;

use crate::device::wire::Me;
use crate::gate::{Gate, Gone, use_keeper};
use crate::parts::choice::{Button, Weight};
use crate::parts::mark::{Logo, Strip, Tone};
use crate::parts::message::Notice;
use crate::preferences::Ground;
use crate::screens::sealed::Sealed;
use crate::words::use_words;
use choose::Choose;
use enter::Enter;

/// Which page stands before the screens. Locked and working are one page, so that what was typed
/// and the focus stay where they are.
#[derive(Clone, PartialEq)]
enum Page {
    Starting,
    SignIn,
    Network,
    Choose(Me),
    Enter,
    Erased,
    LeaseOver { is_shut_out: bool },
    Incomplete,
    Gone(Gone),
    Broken(DiskError),
}

fn page(gate: &Gate) -> Page {
    match gate {
        Gate::Starting | Gate::Open(_) => Page::Starting,
        Gate::SignInNeeded => Page::SignIn,
        Gate::NetworkNeeded => Page::Network,
        Gate::Choose(me) => Page::Choose(me.clone()),
        Gate::Locked(_) | Gate::Working => Page::Enter,
        Gate::Erased => Page::Erased,
        Gate::LeaseOver { is_shut_out } => Page::LeaseOver {
            is_shut_out: *is_shut_out,
        },
        Gate::Incomplete => Page::Incomplete,
        Gate::Gone(gone) => Page::Gone(*gone),
        Gate::Broken(why) => Page::Broken(*why),
    }
}

/// Whether something may lie sealed here that nobody can open now.
const fn may_hold(page: &Page) -> bool {
    match page {
        Page::Starting | Page::Choose(_) | Page::Broken(_) | Page::Incomplete => false,
        Page::SignIn
        | Page::Network
        | Page::Enter
        | Page::Erased
        | Page::LeaseOver { .. }
        | Page::Gone(_) => true,
    }
}

/// Everything that is shown while the app is not open.
#[component]
pub fn Unlock() -> impl IntoView {
    let keeper = use_keeper();
    let page = Memo::new(move |before: Option<&Page>| {
        let gate = keeper.gate.read();
        match (before, &*gate) {
            // The key of a new secret is derived: the page that asked for it stays.
            (Some(Page::Choose(me)), Gate::Working) => Page::Choose(me.clone()),
            _ => page(&gate),
        }
    });
    view! {
        <Ground>
            <Strip shown=keeper.is_demonstration />
            <main class="unlock">
                {move || draw(page.get())}
                {move || keeper.is_arriving.get().then(arriving)}
                {move || may_hold(&page.read()).then(|| view! { <Sealed /> })}
            </main>
        </Ground>
    }
}

/// The screens take long: nothing is wrong yet, and there is a way out.
fn arriving() -> impl IntoView {
    let words = use_words();
    view! {
        <p class="soft" role="status">
            {words.part_arriving()} " " <a href="">{words.reload()}</a>
        </p>
    }
}

fn draw(page: Page) -> AnyView {
    let words = use_words();
    let keeper = use_keeper();
    let sign_in = Callback::new(move |()| keeper.sign_in());
    let again = Callback::new(move |()| keeper.look());
    match page {
        Page::Starting => view! {
            <Top />
            <p class="soft" role="status">{words.starting()}</p>
        }
        .into_any(),
        Page::SignIn => view! {
            <Stop
                head=words.sign_in_first()
                hint=words.sign_in_why()
                label=words.sign_in()
                on_press=sign_in
            />
        }
        .into_any(),
        Page::Network => view! {
            <Stop
                head=words.network_needed()
                hint=words.network_needed_hint()
                label=words.try_again()
                on_press=again
            />
        }
        .into_any(),
        Page::Choose(me) => view! { <Top /><Choose me=me /> }.into_any(),
        Page::Enter => view! { <Top /><Enter /> }.into_any(),
        Page::Erased => view! {
            <Stop
                head=words.erased()
                hint=words.erased_hint()
                label=words.sign_in()
                on_press=sign_in
            />
        }
        .into_any(),
        Page::LeaseOver { is_shut_out } => {
            let (hint, label, on_press) = if is_shut_out {
                (words.shut_out(), words.try_again(), again)
            } else {
                (words.lease_over_hint(), words.sign_in(), sign_in)
            };
            view! { <Stop head=words.lease_over() hint=hint label=label on_press=on_press /> }
                .into_any()
        }
        Page::Incomplete => {
            let complete = Callback::new(move |()| keeper.complete());
            view! {
                <Stop
                    head=words.part_missing()
                    hint=words.part_missing_hint()
                    label=words.try_again()
                    on_press=complete
                />
                // An address of nothing loads the page anew, and with it the newest build.
                <a class="btn btn--soft btn--block" href="">{words.reload()}</a>
            }
            .into_any()
        }
        Page::Gone(gone) => {
            let begin_anew = Callback::new(move |()| keeper.begin_anew(gone));
            view! {
                <Stop
                    head=words.copy_gone()
                    hint=words.copy_gone_hint(gone.unsent)
                    label=words.sign_in()
                    on_press=begin_anew
                />
                <div role="alert">
                    {gone.is_unreachable.then(|| view! {
                        <Notice tone=Tone::Ochre icon="wifi-off">{words.copy_gone_offline()}</Notice>
                    })}
                </div>
            }
            .into_any()
        }
        Page::Broken(why) => {
            let hint = words.broken_because(why);
            let label = match why {
                DiskError::Outdated => words.reload(),
                DiskError::Full | DiskError::Lost | DiskError::Failed => words.try_again(),
            };
            view! { <Stop head=words.broken() hint=hint label=label on_press=again /> }.into_any()
        }
    }
}

#[component]
fn Top() -> impl IntoView {
    let words = use_words();
    view! { <div class="unlock__top"><Logo /><h1>{words.percorso()}</h1></div> }
}

/// A place where nothing goes on without one step: what happened, what to do, the button.
#[component]
fn Stop(
    head: &'static str,
    #[prop(into)] hint: String,
    label: &'static str,
    on_press: Callback<()>,
) -> impl IntoView {
    view! {
        <Top />
        <div class="stack" role="status">
            <h2>{head}</h2>
            <p class="soft">{hint}</p>
        </div>
        <Button
            label=label.to_owned()
            on_press=on_press
            weight=Weight::Main
            class="btn--big btn--block"
        />
    }
    .into_any()
}
