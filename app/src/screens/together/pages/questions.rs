//! What stands below each question.

use domain::attachment::About;
use domain::forward::Forward;
use domain::id::ScopeId;
use domain::plan::FamilyWords;
use domain::vocabulary::{Agreement, Area, NeedLevel, WhoActs};
use leptos::prelude::*;

use crate::parts::attach::{Attach, Label};
use crate::parts::mark::{Icon, area_icon};
use crate::parts::pick::part_of;
use crate::screens::goal::voices::Voices;
use crate::screens::together::pages::QUESTION;
use crate::screens::together::pages::drawings::{land, people};
use crate::screens::together::pages::result;
use crate::screens::together::talk::{At, Said, Talk};
use crate::screens::together::tongue::Tongue;
use crate::session::use_session;
use crate::watch::hear;
use crate::words::catalogue::{ITALIAN_TAG, Key};

/// The levels, the best first.
pub(in crate::screens::together) const LEVELS: [NeedLevel; 3] =
    [NeedLevel::Well, NeedLevel::SoSo, NeedLevel::Hard];
/// The ladder from its top.
pub(in crate::screens::together) const LADDER: [WhoActs; 4] = [
    WhoActs::FamilyAlone,
    WhoActs::FamilyHelped,
    WhoActs::Together,
    WhoActs::Tutor,
];

/// A part of what is said of an area.
macro_rules! part {
    ($talk:ident, $area:ident, $field:ident) => {
        part_of(
            $talk,
            move |talk| {
                talk.of($area)
                    .map(|said| said.$field.clone())
                    .unwrap_or_default()
            },
            move |talk, value| talk.change($area, |said| said.$field = value),
        )
    };
}

/// Draws what stands below a question.
pub(super) fn draw(scope: ScopeId, talk: RwSignal<Talk>, at: At, tongue: &Tongue) -> AnyView {
    match at {
        At::Choose => choose(talk, tongue),
        At::Now(area) => levels(talk, part!(talk, area, now), tongue),
        At::Hope(area) => levels(talk, part!(talk, area, hope), tongue),
        At::Words(area) => view! {
            {written(talk, part!(talk, area, words))}
            {aloud(scope, talk, area, tongue)}
        }
        .into_any(),
        At::Result(area) => view! {
            {quote(talk, area)}
            {result::draw(talk, area, own_result(talk, area), tongue)}
        }
        .into_any(),
        At::Step(area) => view! {
            {quote(talk, area)}
            {written(talk, part!(talk, area, step))}
        }
        .into_any(),
        At::Who(area) => view! {
            {step(talk, area)}
            {ladder(part!(talk, area, who), tongue)}
        }
        .into_any(),
        At::Read => read(scope, talk, tongue),
        At::End => forward(scope, tongue),
    }
}

/// Before the phone goes back: what the family has come forward with, goal by goal.
fn forward(scope: ScopeId, tongue: &Tongue) -> AnyView {
    let steps = untrack(|| {
        use_session().read(|replica| {
            let case = replica.state().cases.get(&scope)?;
            let goals = case.plan.goals_in_order().into_iter();
            let steps = goals.filter_map(|(id, goal)| {
                let words = goal.words().cloned().unwrap_or_default();
                Some((words, case.forward(id)?))
            });
            Some(steps.collect::<Vec<_>>())
        })
    });
    let one = |(words, step): (FamilyWords, Forward)| {
        let (lang, text) = match words.original {
            Some(spoken) => (spoken.language.0, spoken.text),
            None => (ITALIAN_TAG.to_owned(), words.italian),
        };
        let quote = (!text.is_empty()).then(|| view! {
            <blockquote class="voice"><p class="voice__orig" lang=lang dir="auto">{text}</p></blockquote>
        });
        view! {
            <section class="agree">
                {quote}
                {tongue.forward(step)}
            </section>
        }
    };
    let steps = steps.unwrap_or_default().into_iter();
    view! { {steps.map(one).collect_view()} }.into_any()
}

/// The same in its own voice: for who would rather speak than write.
fn aloud(scope: ScopeId, talk: RwSignal<Talk>, area: Area, tongue: &Tongue) -> Option<AnyView> {
    let goal = talk.with_untracked(|talk| Some(talk.of(area)?.goal))?;
    let said = tongue.clone();
    let label = Callback::new(move |label: Label| said.both(key_of(label), &[]));
    let heard = tongue.plain(Key::Listen, &[]);
    Some(
        view! {
            <Attach scope=scope about=About::Goal(goal) is_voice_alone=true label=label />
            <Voices scope=scope goal=goal label=heard />
        }
        .into_any(),
    )
}

/// What a label of the recorder is in a catalogue.
const fn key_of(label: Label) -> Key {
    match label {
        Label::Record => Key::Record,
        Label::Recording => Key::Recording,
        Label::Stop => Key::RecordStop,
        Label::Discard => Key::RecordDiscard,
        Label::Keeping => Key::RecordKeeping,
    }
}

/// How the family will see it, in its own words: they take the place of an example.
fn own_result(talk: RwSignal<Talk>, area: Area) -> RwSignal<String> {
    part_of(
        talk,
        move |talk| {
            talk.of(area)
                .map(|said| said.result.clone())
                .unwrap_or_default()
        },
        move |talk, value| {
            talk.change(area, |said| {
                said.unpick();
                said.result = value;
            });
        },
    )
}

fn choose(talk: RwSignal<Talk>, tongue: &Tongue) -> AnyView {
    let session = use_session();
    let tile = |area: &Area| {
        let area = *area;
        let rank = Signal::derive(move || {
            let place = talk.read().chosen.iter().position(|one| *one == area)?;
            Some((place + 1).to_string())
        });
        let on_change = move |_| {
            talk.update(|talk| talk.choose(area, session.fresh(), session.fresh()));
        };
        let label = tongue.both(Key::area(area), &[]);
        view! {
            <label class="tile">
                <input
                    type="checkbox" autocomplete="off"
                    prop:checked=move || rank.read().is_some()
                    disabled=move || !talk.read().may_choose(area)
                    on:change=hear(on_change)
                />
                <span class="tile__pic"><Icon name=area_icon(area) class="icon--lg" /></span>
                {label}
                <span class="tile__rank" aria-hidden="true">{rank}</span>
                <span class="sr">" "{rank}</span>
            </label>
        }
    };
    let tiles = Area::ALL.iter().map(tile).collect_view();
    view! {
        <fieldset aria-labelledby=QUESTION><div class="tiles">{tiles}</div></fieldset>
    }
    .into_any()
}

fn levels(talk: RwSignal<Talk>, value: RwSignal<Option<NeedLevel>>, tongue: &Tongue) -> AnyView {
    let choices = LEVELS.map(|level| {
        let class = match level {
            NeedLevel::Well => "level level--well",
            NeedLevel::SoSo => "level level--so-so",
            NeedLevel::Hard => "level level--hard",
        };
        let on = move || value.get() == Some(level);
        let label = tongue.both(Key::level(level), &[]);
        view! {
            <label class=class>
                <input type="radio" name="level" autocomplete="off" prop:checked=on
                    on:change=hear(move |_| value.set(Some(level))) />
                {label}
                {land(level)}
                <span class="tick"><Icon name="check" /></span>
            </label>
        }
    });
    let on_skip = move |_| talk.update(Talk::skip);
    let skip = tongue.both(Key::RatherNot, &[]);
    view! {
        <fieldset aria-labelledby=QUESTION>
            <div class="levels">{choices.into_iter().collect_view()}</div>
        </fieldset>
        <button type="button" class="btn btn--bare" on:click=hear(on_skip)>{skip}</button>
    }
    .into_any()
}

/// In which language the family writes, also where the questions could not be had in it.
pub(super) fn spoken(talk: RwSignal<Talk>) -> String {
    talk.with_untracked(|talk| talk.language.clone())
}

/// A text in the family's own words.
pub(super) fn written(talk: RwSignal<Talk>, value: RwSignal<String>) -> AnyView {
    view! {
        <textarea
            class="field together__words" rows="4" autocomplete="off"
            lang=spoken(talk) dir="auto" aria-labelledby=QUESTION
            prop:value=value
            on:input=hear(move |event| value.set(event_target_value(&event)))
        ></textarea>
    }
    .into_any()
}

/// What the family wants to change, above what it asks next.
fn quote(talk: RwSignal<Talk>, area: Area) -> Option<AnyView> {
    let words = talk.with_untracked(|talk| Some(talk.of(area)?.words.trim().to_owned()))?;
    (!words.is_empty()).then(|| {
        let lang = spoken(talk);
        view! {
            <blockquote class="voice">
                <p class="voice__orig" lang=lang dir="auto">{words}</p>
            </blockquote>
        }
        .into_any()
    })
}

/// The step that somebody takes; the words where no step was said.
fn step(talk: RwSignal<Talk>, area: Area) -> Option<AnyView> {
    let step = talk.with_untracked(|talk| Some(talk.of(area)?.step.trim().to_owned()))?;
    if step.is_empty() {
        return quote(talk, area);
    }
    Some(flagged(talk, step))
}

fn flagged(talk: RwSignal<Talk>, step: String) -> AnyView {
    let lang = spoken(talk);
    view! {
        <p class="together__step"><Icon name="flag" /><b lang=lang dir="auto">{step}</b></p>
    }
    .into_any()
}

fn ladder(value: RwSignal<Option<WhoActs>>, tongue: &Tongue) -> AnyView {
    let rungs = LADDER.map(|who| {
        let on = move || value.get() == Some(who);
        let label = tongue.both(Key::who(who), &[]);
        view! {
            <label class="rung">
                <input type="radio" name="who" autocomplete="off" prop:checked=on
                    on:change=hear(move |_| value.set(Some(who))) />
                {people(who)}
                {label}
                <span class="tick"><Icon name="check" /></span>
            </label>
        }
    });
    view! {
        <fieldset aria-labelledby=QUESTION>
            <div class="ladder">{rungs.into_iter().collect_view()}</div>
        </fieldset>
    }
    .into_any()
}

/// Everything is read over, and answered goal by goal.
fn read(scope: ScopeId, talk: RwSignal<Talk>, tongue: &Tongue) -> AnyView {
    let said: Vec<Said> = talk.with_untracked(|talk| talk.chosen().cloned().collect());
    if said.is_empty() {
        return view! { <p>{tongue.both(Key::NothingSaid, &[])}</p> }.into_any();
    }
    let all = said.iter().map(|said| one_read(scope, talk, said, tongue));
    view! { {all.collect_view()}{tongue.rights()} }.into_any()
}

fn one_read(scope: ScopeId, talk: RwSignal<Talk>, said: &Said, tongue: &Tongue) -> AnyView {
    let area = said.area;
    let id = format!("read-{}", said.goal);
    let labelled_by = id.clone();
    let name = tongue.both(Key::area(area), &[]);
    let levels = [(Key::AskNow, said.now), (Key::AskHope, said.hope)].map(|(key, level)| {
        level.map(|level| {
            let (asked, answer) = (tongue.plain(key, &[]), tongue.plain(Key::level(level), &[]));
            view! { <p class="small">{asked}" "<b>{answer}</b></p> }
        })
    });
    let step = said.who.filter(|_| said.is_goal()).map(|who| {
        view! { <p class="small"><Icon name="footprints" />{tongue.both(Key::who(who), &[])}</p> }
    });
    let steps = (!said.step.trim().is_empty()).then(|| flagged(talk, said.step.trim().to_owned()));
    let pair = said.is_goal().then(|| {
        let answer = part_of(
            talk,
            move |talk| talk.of(area).and_then(Said::agreement),
            move |talk, answer| talk.change(area, |said| said.answer(answer)),
        );
        answers(answer, &id, tongue)
    });
    view! {
        <section class="agree" aria-labelledby=labelled_by>
            <h2 id=id class="agree__area"><Icon name=area_icon(area) />{name}</h2>
            {levels.into_iter().collect_view()}
            {quote(talk, area)}
            <Voices scope=scope goal=said.goal label=tongue.plain(Key::Listen, &[]) />
            {said.is_goal().then(|| result::hoped(talk, said, tongue))}
            {steps}
            {step}
            {pair}
        </section>
    }
    .into_any()
}

/// Yes and no have the same size; nobody has to answer, and until somebody does that is what is
/// marked.
pub(in crate::screens::together) fn answers(
    value: RwSignal<Option<Agreement>>,
    id: &str,
    tongue: &Tongue,
) -> AnyView {
    let choices = [
        (Agreement::Agreed, "yesno", "ok"),
        (Agreement::NotAgreed, "yesno yesno--no", "hand"),
        (Agreement::NotAsked, "yesno yesno--open", "ellipsis"),
    ]
    .map(|(answer, class, icon)| {
        let name = format!("{id}-agree");
        let on = move || value.get().unwrap_or(Agreement::NotAsked) == answer;
        let key = match answer {
            Agreement::NotAsked => Key::NotNow,
            Agreement::Agreed | Agreement::NotAgreed => Key::answer(answer),
        };
        let label = tongue.both(key, &[]);
        view! {
            <label class=class>
                <input type="radio" name=name autocomplete="off" prop:checked=on
                    on:change=hear(move |_| value.set(Some(answer))) />
                <Icon name=icon class="icon--lg" />
                {label}
            </label>
        }
    });
    let asked = format!("{id}-asked");
    let named_by = format!("{id} {asked}");
    view! {
        <fieldset aria-labelledby=named_by>
            <p class="small" id=asked>{tongue.both(Key::Agreement, &[])}</p>
            <div class="agree__pair">{choices.into_iter().collect_view()}</div>
        </fieldset>
    }
    .into_any()
}
