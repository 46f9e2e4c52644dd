//! The fence around the family's half of Insieme.
//!
//! While it is closed there is no router and no navigation: whatever the address says, only the
//! talk or the version is drawn, and Back comes here again. A typed address loads the page anew,
//! and so locks it; other tabs are asked to do the same. It opens with the secret of the copy,
//! tried and counted as at unlocking. Locked meanwhile, the app opens outside the fence: whoever
//! opens it knows the secret.

use domain::id::{ScopeId, VersionId};
use leptos::prelude::*;

use crate::device::senses;
use crate::device::vault::UnlockError;
use crate::frame::Heading;
use crate::gate::use_keeper;
use crate::screens::draft::Place;
use crate::screens::plan::answer::AnswerDraft;
use crate::screens::together::talk::Talk;
use crate::screens::together::tongue::Tongue;
use crate::screens::unlock::enter::Secret;
use crate::watch::hear;
use crate::words::catalogue::Key;
use crate::words::use_words;

/// What is held inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The family.
    pub scope: ScopeId,
    /// Where what is said there is kept.
    pub place: Place,
    /// What is held.
    pub what: What,
}

/// What a family does inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It says what it wants: the talk as it stands.
    Talk(Talk),
    /// It reads a version and answers it: as far as it has.
    Plan(VersionId, AnswerDraft),
}

/// Whether the fence is closed, and around what. Provided around all screens.
#[derive(Clone, Copy)]
pub struct Fence(RwSignal<Option<Held>>);

impl Fence {
    /// An open fence.
    pub fn open() -> Self {
        Self(RwSignal::new(None))
    }

    /// What is held; `None` while everything can be reached.
    pub fn held(self) -> Option<Held> {
        self.0.get()
    }

    /// Closes it. Whatever else is open of this copy is asked to begin anew, and so locks itself; a
    /// tab that records does so once its recording has ended.
    pub fn close(self, held: Held) {
        senses::ask_tabs_to_leave();
        self.0.set(Some(held));
    }

    fn let_out(self) {
        self.0.set(None);
    }
}

/// The fence of the open app.
///
/// # Panics
/// Outside the screens, around which it is provided.
pub fn use_fence() -> Fence {
    expect_context::<Fence>()
}

/// The gate of the fence: the tutor's secret, or back to the talk. It must not be drawn again while
/// a secret is tried: what came of it would be told to nobody.
#[component]
pub fn WayOut(
    /// The language of the talk.
    tongue: Memo<Tongue>,
    /// Whether there still is a talk to go back to.
    has_talk: Memo<bool>,
    /// Back to the talk.
    on_back: Callback<()>,
) -> impl IntoView {
    let words = use_words();
    let keeper = use_keeper();
    let fence = use_fence();
    let is_working = RwSignal::new(false);
    let problem = RwSignal::new(None::<UnlockError>);
    let told = Callback::new(move |said: Result<(), UnlockError>| {
        is_working.set(false);
        match said {
            Ok(()) => fence.let_out(),
            Err(why) => problem.set(Some(why)),
        }
    });
    let on_try = Callback::new(move |secret| {
        problem.set(None);
        is_working.set(true);
        keeper.prove(secret, told);
    });
    let is_trying = Memo::new(move |_| is_working.get());
    let problem = Memo::new(move |_| problem.get());
    let back = move || {
        let tongue = tongue.read();
        let (lang, dir) = (tongue.lang(), tongue.dir());
        let on_click = move |_| on_back.run(());
        has_talk.get().then(|| {
            view! {
                <div lang=lang dir=dir>
                    <button type="button" class="btn btn--block" on:click=hear(on_click)>
                        {tongue.both(Key::Back, &[])}
                    </button>
                </div>
            }
        })
    };
    view! {
        <main class="unlock">
            <Heading title=words.together_leave() />
            <p class="small soft">{words.together_leave_hint()}</p>
            // No password manager opens the fence with one tap.
            <Secret on_try=on_try is_working=is_trying problem=problem
                autocomplete="one-time-code" />
            {back}
        </main>
    }
    .into_any()
}
