//! A visit to come: planned, moved, called off. Offline like everything.

pub mod edit;

use domain::id::{ScopeId, VisitId};
use domain::visit::Appointment;
use domain::vocabulary::Place;
use jiff::civil::Date;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_params_map};

use crate::device::drafts::Form as Kind;
use crate::frame::InnerBar;
use crate::parts::form::{DateField, Field, FieldError, stay};
use crate::parts::mark::{Icon, TwoAnswers};
use crate::parts::pick::{Layout, OneOf};
use crate::parts::receipt::Receipt;
use crate::screens::Missing;
use crate::screens::appointment::edit::{
    AppointmentEdit, Lacking, calling_off, next_planned, receipt_of, two_stand,
};
use crate::screens::draft::{self, Draft, drafted, json};
use crate::screens::family::hands::{Hands, use_hands};
use crate::screens::family::{Tab, head, rest, use_scope};
use crate::screens::visit::who_panel::places;
use crate::session::use_session;
use crate::watch::hear;
use crate::words::use_words;

/// Where a visit of a family is planned, or moved.
pub fn appointment_href(scope: ScopeId, visit: Option<VisitId>) -> String {
    match visit {
        Some(visit) => format!("/famiglia/{scope}/appuntamento/{visit}"),
        None => format!("/famiglia/{scope}/appuntamento/nuovo"),
    }
}

/// The screen.
#[component]
pub fn AppointmentScreen() -> impl IntoView {
    let session = use_session();
    let scope = use_scope();
    let params = use_params_map();
    let place = Memo::new(move |_| {
        let scope = scope.get()?;
        let visit = params.read().get("visit")?;
        let visit: Option<VisitId> = if visit == "nuovo" {
            None
        } else {
            Some(visit.parse().ok()?)
        };
        let today = session.today();
        let may_write = session
            .read(|replica| head(replica, scope, today))
            .is_some_and(|head| head.may_write);
        may_write.then_some((scope, visit))
    });
    move || {
        let opened = place.get().and_then(|(scope, visit)| {
            let hands = use_hands(scope);
            let edit = hands.look(|case| match visit {
                Some(visit) => AppointmentEdit::of(case, visit),
                None => Some(AppointmentEdit::new(case, session.fresh(), session.today())),
            })?;
            Some((hands, edit))
        });
        match opened {
            None => view! { <Missing /> }.into_any(),
            Some((hands, edit)) => kept_form(hands, edit),
        }
    }
}

/// The form as it was left, otherwise as it opens.
fn kept_form(hands: Hands, opened: AppointmentEdit) -> AnyView {
    let thing = if opened.is_new() {
        "new".to_owned()
    } else {
        opened.visit.to_string()
    };
    let key = Kind::Appointment.key_of(hands.scope, &thing);
    drafted(key, move |place, left| {
        let edit = left.unwrap_or_else(|| opened.clone());
        view! { <Form hands=hands edit=edit place=place /> }.into_any()
    })
}

/// The form: what is in it, field by field, and what is wrong with it.
#[derive(Clone, Copy)]
struct Page {
    hands: Hands,
    base: StoredValue<AppointmentEdit>,
    date: RwSignal<Option<Date>>,
    time: RwSignal<String>,
    place: RwSignal<Option<Place>>,
    about: RwSignal<String>,
    day_error: RwSignal<Option<String>>,
    time_error: RwSignal<Option<String>>,
    error: RwSignal<Option<String>>,
}

impl Page {
    fn of(hands: Hands, opened: AppointmentEdit) -> Self {
        let [day_error, time_error, error] = [0; 3].map(|_| RwSignal::new(None::<String>));
        Self {
            hands,
            date: RwSignal::new(opened.date),
            time: RwSignal::new(opened.time.clone()),
            place: RwSignal::new(Some(opened.place)),
            about: RwSignal::new(opened.about.clone()),
            base: StoredValue::new(opened),
            day_error,
            time_error,
            error,
        }
    }

    fn edit(self) -> AppointmentEdit {
        let mut edit = self.base.get_value();
        edit.date = self.date.get();
        edit.time = self.time.get();
        edit.place = self.place.get().unwrap_or(edit.place);
        edit.about = self.about.get();
        edit
    }

    /// The appointment as it is written; what is wrong with it is said at its field.
    fn checked(self, edit: &AppointmentEdit) -> Option<Appointment> {
        for error in [self.day_error, self.time_error, self.error] {
            error.set(None);
        }
        let words = self.hands.words;
        let (field, why) = match edit.appointment(self.hands.session.today()) {
            Ok(appointment) => return Some(appointment),
            Err(Lacking::Day) => (self.day_error, words.planned_day_missing()),
            Err(Lacking::Time) => (self.time_error, words.planned_time_wrong()),
        };
        field.set(Some(why.to_owned()));
        None
    }

    fn save(self, draft: Draft, leave: Callback<()>) {
        let Hands {
            scope,
            toasts,
            words,
            ..
        } = self.hands;
        let edit = untrack(|| self.edit());
        let Some(appointment) = self.checked(&edit) else {
            return;
        };
        let day = words.long_day(appointment.date);
        let said = if edit.is_new() {
            words.planned_toast(&day)
        } else {
            words.moved_toast(&day)
        };
        let Some(writing) = edit.writing(appointment) else {
            draft.forget();
            toasts.say(words.nothing_changed());
            leave.run(());
            return;
        };
        let saved = Callback::new(move |()| {
            toasts.say(said.clone());
            leave.run(());
        });
        draft.save(scope, vec![writing], self.error, saved);
    }
}

#[component]
fn Form(hands: Hands, edit: AppointmentEdit, place: draft::Place) -> impl IntoView {
    let (scope, words) = (hands.scope, hands.words);
    let (visit, is_new) = (edit.visit, edit.is_new());
    let today = hands.session.today();
    let navigate = StoredValue::new_local(use_navigate());
    let leave = Callback::new(move |()| {
        navigate.with_value(|go| go(&Tab::Plan.href(scope), Default::default()));
    });
    let session = hands.session;
    let receipt = Signal::derive(move || session.read(|replica| receipt_of(replica, scope, visit)));
    let is_disputed = Memo::new(move |_| session.read(|replica| two_stand(replica, scope, visit)));
    let page = Page::of(hands, edit);
    let draft = Draft::keep(place, Signal::derive(move || json(&page.edit())));
    let on_call_off = move |_| {
        draft.forget();
        call_off(hands, visit, words.called_off());
        leave.run(());
    };
    view! {
        <Bar hands=hands is_new=is_new />
        <main class="main narrow">
            {(!is_new).then(|| view! { <p class="small"><Receipt step=receipt words=words /></p> })}
            {move || is_disputed.get().then(|| view! { <p><TwoAnswers words=words /></p> })}
            {draft.found()}
            <form class="stack stack--wide" on:submit=hear(stay)>
                <DateField id="planned-day" label=words.visit_day() value=page.date min=today error=page.day_error />
                <Field id="planned-time" kind="time" label=words.planned_time() value=page.time error=page.time_error />
                <OneOf legend=words.visit_place() name="planned-place" options=places(words)
                    value=page.place layout=Layout::Two />
                <Field id="planned-about" label=words.planned_about() value=page.about />
            </form>
            {(!is_new).then(|| view! {
                <button type="button" class="btn btn--bare" on:click=hear(on_call_off)>
                    <Icon name="circle-x" />{words.call_off()}
                </button>
            })}
        </main>
        <section class="actbar" aria-label=words.actions()>
            <button type="button" class="btn btn--main" on:click=hear(move |_| page.save(draft, leave))>
                {words.save_planned()}
            </button>
            <FieldError id="planned" error=page.error />
        </section>
    }
    .into_any()
}

/// The top of the screen: what is done, and for whom.
#[component]
fn Bar(hands: Hands, is_new: bool) -> impl IntoView {
    let words = use_words();
    let family = hands
        .look(|case| Some(words.family_named(&case.household.name()?.latin)))
        .unwrap_or_else(|| words.nameless().to_owned());
    let title = if is_new {
        words.plan_visit()
    } else {
        words.planned_visit()
    };
    view! {
        <InnerBar title=title back=Tab::Plan.href(hands.scope)><span dir="auto">{family}</span></InnerBar>
    }
}

/// Calls a visit off and says `said`, with a way back.
pub fn call_off(hands: Hands, visit: VisitId, said: &'static str) {
    let Some(writing) = hands.look(|case| calling_off(case, visit, true)) else {
        return;
    };
    let undo = hands.later(move || {
        if let Some(writing) = hands.look(|case| calling_off(case, visit, false)) {
            hands.write(writing, hands.words.planned_again().to_owned(), None);
        }
    });
    hands.write(writing, said.to_owned(), Some(undo));
}

/// Says `said`, and offers to plan the next visit with one tap where none is planned.
pub fn say_and_offer_next(hands: Hands, said: &'static str) {
    let today = hands.session.today();
    let is_wanted = hands.look(|case| {
        let is_wanted = rest(case).is_none() && next_planned(case, today).is_none();
        is_wanted.then_some(())
    });
    match is_wanted {
        Some(()) => {
            let plan = hands.later(move || plan_next(hands));
            hands.toasts.say_with(said, hands.words.plan_next(), plan);
        }
        None => hands.toasts.say(said),
    }
}

/// Plans the next visit as the form would propose it.
fn plan_next(hands: Hands) {
    let (visit, today) = (hands.session.fresh(), hands.session.today());
    let made = hands.look(|case| {
        let edit = AppointmentEdit::new(case, visit, today);
        let appointment: Appointment = edit.appointment(today).ok()?;
        Some((appointment.date, edit.writing(appointment)?))
    });
    if let Some((day, writing)) = made {
        let words = hands.words;
        let undo = hands.later(move || call_off(hands, visit, words.called_off()));
        hands.write(
            writing,
            words.planned_toast(&words.long_day(day)),
            Some(undo),
        );
    }
}
