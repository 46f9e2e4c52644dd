//! What stands in a family's lists: taking it out, keeping it, bringing it back.
//!
//! Nothing is asked beforehand: each tap says what it did and offers the way back.

pub mod model;

use domain::family::Household;
use domain::id::{OpId, ScopeId};
use domain::removal::Item;
use domain::state::Case;
use domain::twins::Answer;
use leptos::prelude::*;
use replica::stored::DiskError;

use crate::parts::mark::Icon;
use crate::screens::family::hands::{Hands, use_hands};
use crate::screens::lists::model::{
    Kept, Within, keeping, kept_of, name_of, restoring, taking, taking_later,
};
use crate::screens::who::who;
use crate::session::{Session, Writing};
use crate::watch::hear;
use crate::words::Words;

/// Where answers are written and said; what could not be written is said beside the button.
#[derive(Clone, Copy)]
pub struct Desk {
    hands: Hands,
    error: RwSignal<Option<String>>,
}

/// A desk of one family, for the screen that is being drawn.
pub fn use_desk(scope: ScopeId) -> Desk {
    Desk {
        hands: use_hands(scope),
        error: RwSignal::new(None),
    }
}

impl Desk {
    /// The texts in which it speaks.
    pub fn words(self) -> Words {
        self.hands.words
    }

    /// The copy on which it writes.
    pub fn session(self) -> Session {
        self.hands.session
    }

    /// What to write, by the family's file as it stands when somebody taps.
    pub fn case(self, look: impl FnOnce(&Case) -> Vec<Answer>) -> Vec<Answer> {
        self.hands.look(|case| Some(look(case))).unwrap_or_default()
    }

    /// As [`Desk::case`], by the household alone.
    pub fn household(self, look: impl FnOnce(&Household) -> Vec<Answer>) -> Vec<Answer> {
        self.case(|case| look(&case.household))
    }

    /// Writes answers; then says so, with the way back.
    pub fn write(self, answers: Vec<Answer>, said: String, then: Callback<()>) {
        self.write_over(answers, Vec::new(), said, then);
    }

    /// As [`Desk::write`], in the place of drafts.
    pub fn write_over(
        self,
        answers: Vec<Answer>,
        drafts: Vec<String>,
        said: String,
        then: Callback<()>,
    ) {
        let (writes, ways_back): (Vec<Writing>, Vec<_>) = answers
            .into_iter()
            .map(|answer| {
                let write = Writing::replacing(answer.replaces, answer.change);
                (write, answer.undo)
            })
            .unzip();
        let say = move |saved: Result<Vec<OpId>, DiskError>| match saved {
            Ok(ids) => {
                let back: Vec<Writing> = ids
                    .iter()
                    .zip(&ways_back)
                    .flat_map(|(id, undo)| {
                        undo.iter().map(|(known, also)| {
                            let replaces = also.iter().copied().chain([*id]).collect();
                            Writing::replacing(replaces, known.clone())
                        })
                    })
                    .collect();
                self.hands
                    .toasts
                    .say_with_undo(said.clone(), move || self.take_back(back.clone()));
                then.try_run(());
            }
            Err(why) => drop(
                self.error
                    .try_set(Some(self.words().disk_error(why).to_owned())),
            ),
        };
        // What was answered leaves the page before the disk has answered.
        let done = self.hands.toasts.outlive(|| Callback::new(say));
        let Hands { scope, session, .. } = self.hands;
        if let Err(why) = session.record(scope, writes, drafts, done) {
            self.error.set(Some(self.words().record_error(&why)));
        }
    }

    fn take_back(self, writes: Vec<Writing>) {
        let Hands {
            scope,
            session,
            toasts,
            words,
        } = self.hands;
        let say = move |saved: Result<Vec<OpId>, DiskError>| {
            toasts.say(saved.map_or_else(|why| words.disk_error(why), |_| words.as_before()));
        };
        let done = toasts.outlive(|| Callback::new(say));
        if let Err(why) = session.record(scope, writes, Vec::new(), done) {
            toasts.say(words.record_error(&why));
        }
    }

    /// Why the last answer was not written.
    pub fn error(self) -> impl IntoView {
        move || {
            let error = self.error.get();
            error.map(|error| view! { <p class="error" role="alert">{error}</p> })
        }
    }
}

/// The button that takes a thing out of its list as it was when this was drawn. Not there for
/// a goal that the family agreed to.
#[component]
pub fn TakeOut(
    scope: ScopeId,
    item: Item,
    /// What the button says.
    label: &'static str,
    /// Drafts of the thing: they go with it.
    #[prop(optional)]
    drafts: Vec<String>,
    /// What to do once it is out.
    on_done: Callback<()>,
) -> impl IntoView {
    let desk = use_desk(scope);
    let words = desk.words();
    let found = untrack(|| {
        desk.session().read(|replica| {
            let case = replica.state().cases.get(&scope)?;
            Some((taking(case, item)?, name_of(case, item, words)))
        })
    });
    found.map(|(answer, name)| {
        let on_take = move |_| {
            let said = words.taken_out(&name);
            let take = |replica: &_| taking_later(replica, scope, item, &answer);
            let answer = untrack(|| desk.session().read(take));
            desk.write_over(vec![answer], drafts.clone(), said, on_done);
        };
        view! {
            <button type="button" class="btn btn--bare" on:click=hear(on_take)>{label}</button>
            {desk.error()}
        }
    })
}

/// The button that brings back what was taken out.
#[component]
pub fn BringBack(scope: ScopeId, item: Item) -> impl IntoView {
    let desk = use_desk(scope);
    let words = desk.words();
    let on_back = move |_| {
        let found = desk
            .hands
            .look(|case| Some((restoring(case, item), name_of(case, item, words))));
        if let Some((answer, name)) = found {
            desk.write(vec![answer], words.stays(&name), Callback::new(|()| ()));
        }
    };
    view! {
        <button type="button" class="btn btn--bare btn--inline" on:click=hear(on_back)>
            {words.bring_back()}
        </button>
        {desk.error()}
    }
}

/// What stays although somebody took it out: one tap settles each.
#[component]
pub fn KeptList(
    scope: ScopeId,
    /// Where they are shown.
    #[prop(optional)]
    within: Within,
) -> impl IntoView {
    let desk = use_desk(scope);
    let words = desk.words();
    let kept = Memo::new(move |_| {
        desk.session()
            .read(|replica| kept_of(replica, scope, within, words))
    });
    // Among other things its heading is that of the family; elsewhere it needs one of its own.
    let head = (within != Within::All).then_some(words.to_settle());
    move || {
        let cards = kept.get();
        let head = head.filter(|_| !cards.is_empty());
        let cards = cards.into_iter();
        let cards = cards.map(|one| view! { <KeptCard desk=desk kept=one /> });
        let cards = cards.collect_view();
        view! { {head.map(|head| view! { <h2 class="sr">{head}</h2> })}{cards} }
    }
}

#[component]
fn KeptCard(desk: Desk, kept: Kept) -> impl IntoView {
    let (words, session) = (desk.words(), desk.session());
    let by = kept.removed_by.map(|(author, at)| {
        let name = who(author, session, words);
        let at = words.moment(session.local(at), session.today());
        view! { <p class="stand__by stand__by--row"><b dir="auto">{name}</b><span>{at}</span></p> }
    });
    let stored = StoredValue::new(kept.clone());
    let settle = move |keep: bool| {
        let Kept { item, name, .. } = stored.get_value();
        let found = desk.hands.look(|case| {
            if keep {
                Some(keeping(case, item))
            } else {
                taking(case, item)
            }
        });
        let Some(answer) = found else { return };
        let said = if keep {
            words.stays(&name)
        } else {
            words.taken_out(&name)
        };
        desk.write(vec![answer], said, Callback::new(|()| ()));
    };
    let label = |what: &str| format!("{what}: {}", kept.name);
    let (keep, take) = (label(words.keep_it()), label(words.take_out()));
    let may_take = kept.may_take;
    view! {
        <section class="versus">
            <h3 dir="auto">{kept.kind}": "{kept.name.clone()}</h3>
            <div class="stand">
                <p class="stand__text"><Icon name="split" class="icon--sm" />" "{words.taken_and_changed()}</p>
                {by}
                <div class="row">
                    <button class="btn btn--soft" type="button" aria-label=keep on:click=hear(move |_| settle(true))>
                        {words.keep_it()}
                    </button>
                    {may_take.then(|| view! {
                        <button class="btn btn--bare" type="button" aria-label=take on:click=hear(move |_| settle(false))>
                            {words.take_out()}
                        </button>
                    })}
                </div>
                {desk.error()}
            </div>
        </section>
    }
    .into_any()
}
