//! The family's half of reading a version: a page for each goal, then who signs and how.

use domain::id::{GoalId, MemberId, ScopeId, VersionId};
use domain::vocabulary::SignatureMode;
use leptos::prelude::*;

use crate::device::voices::Spoken;
use crate::parts::form::FieldError;
use crate::parts::ink::{Drawn, Ink};
use crate::parts::mark::{Icon, area_icon};
use crate::parts::pick::part_of;
use crate::screens::draft::{Draft, Place};
use crate::screens::family::with_clock;
use crate::screens::paper::model::{Deed, Row, model};
use crate::screens::plan::answer::{AnswerDraft, Answering, Lacking, keep, questions};
use crate::screens::together::pages::questions::answers;
use crate::screens::together::pages::{
    Inside, Listen, QUESTION, asked, back, choice, feet, leave, level, stages,
};
use crate::screens::together::reading::href;
use crate::screens::together::reading::model::{Stop, aloud, levels, stops};
use crate::screens::together::tongue::Tongue;
use crate::session::use_session;
use crate::watch::{hear, watch, watch_changes};
use crate::words::catalogue::{ITALIAN_TAG, Key};
use crate::words::lands::direction;

/// Everything that the pages share.
#[derive(Clone, Copy)]
struct Desk {
    at: RwSignal<usize>,
    stops: StoredValue<Vec<Stop>>,
    rows: StoredValue<Vec<Row>>,
    members: StoredValue<Vec<Answering>>,
    said: RwSignal<AnswerDraft>,
    drawn: RwSignal<Drawn>,
    error: RwSignal<Option<String>>,
    /// While an answer is on its way to the disk nothing of it changes.
    is_saving: RwSignal<bool>,
}

/// The pages of a version. What is read is what was proposed: it stays the same under the eyes of
/// who reads it, whatever arrives meanwhile.
#[component]
pub fn Reading(
    scope: ScopeId,
    place: Place,
    version: VersionId,
    said: AnswerDraft,
) -> impl IntoView {
    let session = use_session();
    let language = said.language.clone();
    let (rows, members) = untrack(|| {
        let sheet = with_clock(session, |clock| {
            session.read(|replica| model(replica, scope, clock))
        });
        let rows = sheet.filter(|sheet| sheet.version == version);
        let asked = session.read(|replica| {
            let case = replica.state().cases.get(&scope)?;
            questions(case, version, session.today())
        });
        let rows = rows.map(|sheet| sheet.goals).unwrap_or_default();
        (rows, asked.unwrap_or_default().members)
    });
    let said = RwSignal::new(said);
    let draft = Draft::of(place, said);
    let desk = Desk {
        at: RwSignal::new(0),
        stops: StoredValue::new(stops(rows.len())),
        rows: StoredValue::new(rows),
        members: StoredValue::new(members),
        said,
        drawn: RwSignal::new(Drawn::default()),
        error: RwSignal::new(None),
        is_saving: RwSignal::new(false),
    };
    watch(move || {
        if desk.error.read().is_some() {
            desk.is_saving.set(false);
        }
    });
    watch(move || {
        if desk.drawn.read().is_signature() {
            desk.error.set(None);
        }
    });
    let at = (scope, version);
    let page = move |tongue: Tongue, on_leave| desk.page(&tongue, on_leave, draft, at);
    view! { <Inside scope=scope address=href(scope) language=language page=page /> }.into_any()
}

impl Desk {
    fn go_on(self) {
        self.at.update(|at| *at += 1);
    }

    fn go_back(self) {
        if !self.is_saving.get_untracked() {
            self.at.update(|at| *at -= 1);
        }
    }

    /// Changes what is answered. What was drawn was drawn for what stood there then, by who was
    /// named then.
    fn change(self, change: impl FnOnce(&mut AnswerDraft)) {
        if !self.is_saving.get_untracked() {
            self.said.update(change);
            self.drawn.set(Drawn::default());
            self.error.set(None);
        }
    }

    /// Keeps the answer with its signature. Nobody has to sign now: then what was answered goal by
    /// goal stays for the tutor.
    fn finish(self, tongue: &Tongue, draft: Draft, at: (ScopeId, VersionId)) {
        if self.is_saving.get_untracked() {
            return;
        }
        self.error.set(None);
        let (mut said, drawn) = (self.said.get_untracked(), self.drawn.get_untracked());
        let end = self.stops.with_value(Vec::len).saturating_sub(1);
        let done = Callback::new(move |()| _ = self.at.try_set(end));
        if said.mode.is_none() {
            return done.run(());
        }
        let has_members = self.members.with_value(|members| !members.is_empty());
        let lacking = said.lacking(has_members, &drawn);
        if let Some(lacking) = lacking {
            let key = match lacking {
                Lacking::Who | Lacking::How | Lacking::Witness => Key::MissingName,
                Lacking::Signature => Key::MissingSignature,
            };
            return self.error.set(Some(tongue.line(key)));
        }
        // In which language it was read, also where the one that was wanted could not be had.
        said.language = tongue.lang();
        self.is_saving.set(true);
        keep(draft, at, &said, drawn, self.error, done);
    }

    fn page(
        self,
        tongue: &Tongue,
        on_leave: Callback<()>,
        draft: Draft,
        version: (ScopeId, VersionId),
    ) -> AnyView {
        let at = self.at.get();
        let (stop, all) = self
            .stops
            .with_value(|stops| (stops.get(at).copied().unwrap_or(Stop::End), stops.len()));
        let (lang, dir) = (tongue.lang(), tongue.dir());
        let (head, body, on, on_next) = match stop {
            Stop::Goal(place) => (
                self.goal_head(place, tongue),
                self.goal(place, tongue),
                (Key::Next, "arrow-right"),
                Callback::new(move |()| self.go_on()),
            ),
            Stop::Sign => (
                head(tongue, Key::AskSign, &SIGN),
                self.sign(tongue),
                (Key::Done, "check"),
                {
                    let tongue = tongue.clone();
                    Callback::new(move |()| self.finish(&tongue, draft, version))
                },
            ),
            Stop::End => (
                head(tongue, Key::GiveBack, &[]),
                ().into_any(),
                (Key::Leave, "lock"),
                on_leave,
            ),
        };
        // Once it is signed there is no way back into it.
        let can_go_back = at > 0 && stop != Stop::End;
        let back = can_go_back.then(|| back(tongue, move || self.go_back()));
        let mark = (at == 0 || stop == Stop::Sign).then(|| tongue.unreviewed());
        view! {
            <div class="together insieme" lang=lang dir=dir>
                <header>
                    <div class="together__bar">
                        {leave(tongue, on_leave)}{stages(at + 1, all, tongue)}
                    </div>
                    <div class="ask">{head}</div>
                </header>
                <main class="together__main">
                    {body}
                    {mark.flatten().map(|mark| view! { <p class="tiny soft">{mark}</p> })}
                </main>
                {feet(back, on, on_next, tongue)}
            </div>
        }
        .into_any()
    }

    fn row<T>(self, place: usize, read: impl FnOnce(&Row) -> T) -> Option<T> {
        self.rows.with_value(|rows| rows.get(place).map(read))
    }

    fn goal_head(self, place: usize, tongue: &Tongue) -> AnyView {
        let all = self.rows.with_value(Vec::len);
        let area = self.row(place, |row| row.area).flatten();
        let name = tongue.both(area.map_or(Key::Goal, Key::area), &[]);
        let icon = area.map(|area| view! { <Icon name=area_icon(area) /> });
        let blanks = [("n", (place + 1).to_string()), ("all", all.to_string())];
        let hint = (place == 0)
            .then(|| view! { <p class="ask__hint">{tongue.both(Key::WeRead, &[])}</p> });
        let texts = move |tongue: &Tongue| {
            self.row(place, |row| aloud(row, place, all, tongue))
                .unwrap_or_default()
        };
        view! {
            <div>
                <p class="ask__area">{icon}{name}</p>
                {asked(tongue, Key::GoalOf, &blanks)}
                {hint}
            </div>
            <Listen tongue=tongue.clone() texts=texts />
        }
        .into_any()
    }

    /// What a goal says, and the family's answer to it.
    fn goal(self, place: usize, tongue: &Tongue) -> AnyView {
        let Some(row) = self.row(place, Row::clone) else {
            return ().into_any();
        };
        let steps = levels(&row);
        // The expected result alone needs no ladder around it.
        let is_ladder = steps.len() > 1;
        let steps = steps.into_iter().map(|(key, text)| {
            let name = if is_ladder { key } else { Key::Expected };
            level(key, tongue.both(name, &[]), tongue.written(row.area, text))
        });
        let has_steps = steps.len() > 0;
        let steps = has_steps.then(|| view! { <ol class="hopes">{steps.collect_view()}</ol> });
        let matters = tongue.both(Key::Matters, &[("n", row.weight.to_string())]);
        let due = row.due.map(|due| view! { <p>{tongue.by_day(due)}</p> });
        view! {
            {quote(&row)}
            {row.forward.map(|step| tongue.forward(step))}
            {steps}
            <div class="together__facts"><p>{matters}</p>{due}</div>
            {deeds(&row.deeds, tongue)}
            <section class="agree">{answers(self.answer(row.goal), QUESTION, tongue)}</section>
        }
        .into_any()
    }

    /// The family's answer to a goal, in the draft.
    fn answer(self, goal: GoalId) -> RwSignal<Option<domain::vocabulary::Agreement>> {
        let answered = part_of(
            self.said,
            move |said| said.goals.get(&goal).copied(),
            move |said, answer| {
                match answer {
                    Some(answer) => said.goals.insert(goal, answer),
                    None => said.goals.remove(&goal),
                };
            },
        );
        // What was drawn was drawn for another answer.
        watch_changes(
            move || answered.get(),
            move |_, _| self.drawn.set(Drawn::default()),
        );
        answered
    }

    /// Who signs, and how.
    fn sign(self, tongue: &Tongue) -> AnyView {
        let mode = Memo::new(move |_| self.said.read().mode);
        let hows = [
            (Some(SignatureMode::Glass), Key::SignGlass),
            (Some(SignatureMode::Oral), Key::SignOral),
            (None, Key::SignNot),
        ]
        .map(|(how, key)| {
            let on = Signal::derive(move || mode.get() == how);
            let on_pick = move |()| self.change(|said| said.mode = how);
            choice("how", tongue.both(key, &[]), on, on_pick)
        });
        let glass = {
            let tongue = tongue.clone();
            move || {
                let said = (
                    tongue.both(Key::SignField, &[]),
                    tongue.both(Key::SignAnew, &[]),
                );
                let is_glass = mode.get() == Some(SignatureMode::Glass);
                is_glass.then(|| view! { <Ink drawn=self.drawn error=self.error said=said /> })
            }
        };
        let oral = {
            let tongue = tongue.clone();
            move || (mode.get() == Some(SignatureMode::Oral)).then(|| self.witness(&tongue))
        };
        // What the glass lacks is said beside the glass.
        let is_elsewhere = move || mode.get() != Some(SignatureMode::Glass);
        view! {
            {self.who(tongue)}
            <fieldset aria-labelledby=QUESTION>
                <div class="examples">{hows.into_iter().collect_view()}</div>
            </fieldset>
            {glass}
            {oral}
            {move || is_elsewhere().then(|| view! { <FieldError id="reading" error=self.error /> })}
        }
        .into_any()
    }

    fn who(self, tongue: &Tongue) -> Option<AnyView> {
        let members = self.members.get_value();
        if members.is_empty() {
            return None;
        }
        let choices = members.into_iter().map(|one| {
            let member: MemberId = one.id;
            let on = Signal::derive(move || self.said.read().member == Some(member));
            let on_pick = move |()| self.change(|said| said.member = Some(member));
            let age = one.minor.map(|age| format!(", {age}"));
            let label = view! { <bdi>{one.name}{age}</bdi> }.into_any();
            choice("who", label, on, on_pick)
        });
        let asked = tongue.both(Key::WhoSigns, &[]);
        Some(
            view! {
                <fieldset>
                    <legend class="label">{asked}</legend>
                    <div class="examples">{choices.collect_view()}</div>
                </fieldset>
            }
            .into_any(),
        )
    }

    fn witness(self, tongue: &Tongue) -> AnyView {
        let witness = part_of(
            self.said,
            |said| said.witness.clone(),
            |said, witness| said.witness = witness,
        );
        let label = tongue.both(Key::Witness, &[]);
        view! {
            <div class="stack stack--tight">
                <label class="label" for="witness">{label}</label>
                <input class="field" id="witness" autocomplete="off" dir="auto"
                    aria-invalid=move || self.error.read().is_some().then_some("true")
                    aria-describedby="reading-error"
                    prop:value=witness
                    on:input=hear(move |event| witness.set(event_target_value(&event))) />
            </div>
        }
        .into_any()
    }
}

/// What is read aloud where somebody signs.
const SIGN: [Key; 4] = [Key::WhoSigns, Key::SignGlass, Key::SignOral, Key::SignNot];

/// A question without an area, and what it says aloud behind it.
fn head(tongue: &Tongue, key: Key, more: &'static [Key]) -> AnyView {
    let texts = move |tongue: &Tongue| {
        let say = |key: &Key| Spoken {
            language: tongue.lang(),
            words: tongue.plain(*key, &[]),
        };
        [key].iter().chain(more).map(say).collect()
    };
    view! {
        <div>{asked(tongue, key, &[])}</div>
        <Listen tongue=tongue.clone() texts=texts />
    }
    .into_any()
}

/// What is to be done for a goal: it is signed with it.
fn deeds(deeds: &[Deed], tongue: &Tongue) -> Option<AnyView> {
    let each = deeds.iter().map(|deed| {
        let who = deed
            .who_acts
            .map(|who| view! { <p>{tongue.both(Key::who(who), &[])}</p> });
        let member = deed.member.as_ref().map(|member| member.latin.clone());
        let service = Some(deed.service.trim().to_owned()).filter(|name| !name.is_empty());
        let named = [member, service].into_iter().flatten();
        let named = named.map(|name| view! { <p><bdi>{name}</bdi></p> });
        let due = deed.due.map(|due| view! { <p>{tongue.by_day(due)}</p> });
        view! {
            <li>{tongue.written(None, &deed.what)}{named.collect_view()}{who}{due}</li>
        }
    });
    let head = tongue.both(Key::Actions, &[]);
    (!deeds.is_empty()).then(|| {
        view! {
            <section class="together__deeds">
                <h2>{head}</h2>
                <ul>{each.collect_view()}</ul>
            </section>
        }
        .into_any()
    })
}

/// What the family said, as it said it, and what that is in Italian.
fn quote(row: &Row) -> Option<AnyView> {
    let said = row.words.as_ref()?;
    let original = said.original.as_ref().map(|spoken| {
        let (lang, dir) = (spoken.language.0.clone(), direction(&spoken.language.0));
        view! { <p class="voice__orig" lang=lang dir=dir>{spoken.text.clone()}</p> }
    });
    let italian = said.italian.trim().to_owned();
    let italian = (!italian.is_empty())
        .then(|| view! { <p class="voice__it" lang=ITALIAN_TAG dir="auto">{italian}</p> });
    Some(view! { <blockquote class="voice">{original}{italian}</blockquote> }.into_any())
}
