//! Da riprendere: words of others that arrived too late for them, adopted or declined one by one.
//!
//! They are asked for with a network each time and never kept on the phone.

use domain::id::{OpId, ScopeId};
use domain::op::Op;
use domain::upcast;
use leptos::prelude::*;
use replica::message::Refusal;
use replica::quarantine::{Decision, Held};
use replica::replica::Replica;

use crate::device::drafts::Form;
use crate::driver::{Looked, Undecided};
use crate::frame::{InnerBar, Toasts, use_toasts};
use crate::parts::choice::{Button, Weight};
use crate::parts::form::TextArea;
use crate::parts::mark::{Icon, Tone};
use crate::parts::message::{Empty, Notice, Skeleton};
use crate::screens::dispute::value;
use crate::screens::draft::{Draft, Place, drafted};
use crate::screens::who::by_name;
use crate::session::{Session, use_session};
use crate::words::{Words, use_words};

/// What the screen knows.
#[derive(Clone)]
enum Seen {
    /// Not asked yet.
    Nothing,
    /// What waits.
    List(Vec<Held>),
    /// Nobody could be asked.
    NotNow(&'static str),
}

/// What each card may do.
#[derive(Clone, Copy)]
struct Desk {
    words: Words,
    session: Session,
    toasts: Toasts,
    seen: RwSignal<Seen>,
    is_asking: RwSignal<bool>,
}

impl Desk {
    /// Asks; `decided` runs once the server has heard the decision.
    fn ask(self, decision: Option<Decision>, done: &'static str, decided: Option<Callback<()>>) {
        self.is_asking.set(true);
        let is_look = decision.is_none();
        let then: Looked = Callback::new(move |answer| {
            self.is_asking.set(false);
            match answer {
                Ok(held) => {
                    decided.into_iter().for_each(|decided| decided.run(()));
                    self.seen.set(Seen::List(held));
                    if !is_look {
                        self.toasts.say(done);
                    }
                }
                Err(Undecided::Gone) => {
                    self.toasts.say(self.words.already_decided());
                    self.ask(None, done, None);
                }
                Err(Undecided::NotNow(why)) if is_look => {
                    self.seen.set(Seen::NotNow(self.words.sync_error(why)));
                }
                // The words stay on screen: the person can try again.
                Err(Undecided::NotNow(why)) => self.toasts.say(self.words.sync_error(why)),
            }
        });
        self.session.decide(decision, then);
    }
}

/// The screen.
#[component]
pub fn TakeOver() -> impl IntoView {
    let desk = Desk {
        words: use_words(),
        session: use_session(),
        toasts: use_toasts(),
        seen: RwSignal::new(Seen::Nothing),
        is_asking: RwSignal::new(false),
    };
    let words = desk.words;
    desk.ask(None, "", None);
    view! {
        <InnerBar title=words.to_take_over() back="/" />
        <main class="main narrow">{move || shown(desk)}</main>
    }
    .into_any()
}

fn shown(desk: Desk) -> AnyView {
    let words = desk.words;
    match desk.seen.get() {
        Seen::Nothing => view! { <Skeleton label=words.take_over_arriving() /> }.into_any(),
        Seen::NotNow(why) => {
            let label = words.look_again().to_owned();
            let on_press = move |()| desk.ask(None, "", None);
            view! {
                <Notice tone=Tone::Ochre icon="wifi-off">
                    {why}" "{words.take_over_online()}
                    <Button label=label on_press=on_press icon="rotate-cw" />
                </Notice>
            }
            .into_any()
        }
        Seen::List(held) if held.is_empty() => {
            let hint = words.nothing_to_take_over_hint();
            view! { <Empty head=words.nothing_to_take_over() hint=hint drawn=true /> }.into_any()
        }
        Seen::List(held) => {
            let cards = held.into_iter().map(|one| card(desk, one)).collect_view();
            view! {
                <p class="small">{words.take_over_hint()}" "<b>{words.take_over_keeps()}</b></p>
                {cards}
            }
            .into_any()
        }
    }
}

fn card(desk: Desk, held: Held) -> AnyView {
    let Ok(op) = upcast::read(held.op.get()) else {
        return unread(desk, &held);
    };
    let (words, session) = (desk.words, desk.session);
    let name = |user| by_name(user, session, words);
    let (kind, family, text) = untrack(|| session.read(|replica| told(replica, &op, desk)));
    let author = name(op.author);
    let written = words.written_by(
        &author,
        &words.moment(session.local(op.at), session.today()),
    );
    let way = if held.is_handed_over {
        Some(words.handed_over_by(&author))
    } else {
        (held.sender != op.author).then(|| words.brought_by(&name(held.sender)))
    };
    let why = words.why_it_waits(held.refusal);
    // Of a phone that may be a thief's now one reads before one takes anything in.
    let (warning, why) = match held.refusal {
        Refusal::DeviceRevoked => (Some(why), None),
        Refusal::NotGranted
        | Refusal::NotYourRole
        | Refusal::WrongScope
        | Refusal::UnknownKind
        | Refusal::Malformed
        | Refusal::TooLarge
        | Refusal::SameIdOtherBytes
        | Refusal::OtherAuthor
        | Refusal::AccountClosed
        | Refusal::Unknown(_) => (None, Some(why)),
    };
    let warning = warning.map(|why| {
        view! { <Notice tone=Tone::Ochre icon="circle-alert">{why}</Notice> }
    });
    let id = op.id;
    let take_in = held.obstacle.is_none().then(|| {
        let on_press = move |()| desk.ask(Some(Decision::Adopt(id)), words.taken_in(), None);
        let label = words.take_in().to_owned();
        view! {
            <Button
                label=label
                on_press=on_press
                weight=Weight::Soft
                icon="check"
                disabled=desk.is_asking
            />
        }
    });
    let obstacle = held.obstacle.map(|_| {
        view! { <Notice tone=Tone::Ochre icon="circle-alert">{words.cannot_take_in()}</Notice> }
    });
    view! {
        <section class="card stack">
            <div>
                <h2 dir="auto">{family}</h2>
                <p class="small soft">{kind}</p>
            </div>
            <p class="stand__text" dir="auto">{text}</p>
            <p class="small soft">
                {written}{way.map(|way| view! { <br />{way} })}{why.map(|why| view! { <br />{why} })}
            </p>
            {warning}
            {obstacle}
            {take_in}
            <LeaveOut desk=desk scope=op.scope op=id />
        </section>
    }
    .into_any()
}

/// What this build cannot even tell apart: that it is there is said all the same. It is decided
/// about with a build that can.
fn unread(desk: Desk, held: &Held) -> AnyView {
    let (words, session) = (desk.words, desk.session);
    let sender = by_name(held.sender, session, words);
    let at = words.moment(session.local(held.received_at), session.today());
    view! {
        <section class="card stack">
            <h2>{words.unknown()}</h2>
            <p class="stand__text">{words.too_new_to_read()}</p>
            <p class="small soft">{words.brought_by(&sender)}<br />{at}</p>
        </section>
    }
    .into_any()
}

fn told(replica: &Replica, op: &Op, desk: Desk) -> (&'static str, String, String) {
    let words = desk.words;
    let case = replica.state().cases.get(&op.scope);
    let name = case.and_then(|case| case.household.name());
    let family = name.map_or_else(
        || words.nameless().to_owned(),
        |name| words.family_named(&name.latin),
    );
    let (kind, text) = value::told(&op.change, case, desk.session.today(), words);
    (kind, family, text)
}

/// Declines, once the person has said why.
#[component]
fn LeaveOut(desk: Desk, scope: ScopeId, op: OpId) -> impl IntoView {
    let words = desk.words;
    let is_open = RwSignal::new(false);
    move || {
        if is_open.get() {
            let key = Form::Decline.key_of(scope, &op.to_string());
            drafted(key, move |place, left: Option<String>| {
                let reason = left.unwrap_or_default();
                view! { <Reason desk=desk op=op reason=reason place=place is_open=is_open /> }
                    .into_any()
            })
        } else {
            let label = words.leave_out().to_owned();
            let on_press = move |()| is_open.set(true);
            view! { <Button label=label on_press=on_press weight=Weight::Bare /> }.into_any()
        }
    }
}

#[component]
fn Reason(
    desk: Desk,
    op: OpId,
    reason: String,
    place: Place,
    is_open: RwSignal<bool>,
) -> impl IntoView {
    let words = desk.words;
    let reason = RwSignal::new(reason);
    let draft = Draft::of(place, reason);
    let error = RwSignal::new(None::<String>);
    let on_sure = move |()| {
        let reason = reason.get_untracked().trim().to_owned();
        if reason.is_empty() {
            error.set(Some(words.leave_out_empty().to_owned()));
            return;
        }
        let decision = Decision::Decline { op, reason };
        desk.ask(Some(decision), words.left_out(), Some(draft.forgetting()));
    };
    let on_cancel = move |()| {
        draft.forget();
        is_open.set(false);
    };
    let (sure, cancel) = (words.leave_out_sure().to_owned(), words.cancel().to_owned());
    view! {
        {draft.found()}
        <TextArea
            id=format!("why-{op}")
            label=words.leave_out_why()
            hint=words.leave_out_hint()
            value=reason
            error=error
            rows=2
        />
        <Button label=sure on_press=on_sure disabled=desk.is_asking />
        <Button label=cancel on_press=on_cancel weight=Weight::Bare disabled=desk.is_asking />
    }
    .into_any()
}

/// How much waits for the owner's decision: in one family, or in all of them.
pub fn waiting(replica: &Replica, scope: Option<ScopeId>) -> usize {
    let waiting = replica.waiting_for_owner().iter();
    let here = waiting.filter(|one| scope.is_none_or(|scope| one.scope == scope));
    here.filter_map(|one| usize::try_from(one.count).ok()).sum()
}

/// Leads to the screen, where something waits.
#[component]
pub fn Waiting(
    /// Only of this family.
    #[prop(optional)]
    scope: Option<ScopeId>,
) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let count = Memo::new(move |_| session.read(|replica| waiting(replica, scope)));
    move || {
        let count = count.get();
        (count > 0).then(|| {
            let link = view! {
                <a class="rowlink fix" href="/da-riprendere">
                    <span class="rowlink__lead"><Icon name="inbox" /></span>
                    <span class="rowlink__body">
                        <span class="rowlink__title">{words.to_take_over()}</span>
                        <span class="rowlink__note">{words.words_wait(count)}</span>
                    </span>
                    <Icon name="chevron-right" />
                </a>
            };
            // A family's page has it beside its main part.
            if scope.is_some() {
                view! { <aside aria-label=words.to_take_over()>{link}</aside> }.into_any()
            } else {
                link.into_any()
            }
        })
    }
}
