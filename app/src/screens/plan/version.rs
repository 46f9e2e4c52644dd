//! The panel on top of Percorso: which version, who agreed, what the social worker said, and what
//! has changed since.

use domain::id::{ScopeId, VersionId};
use domain::op::Known;
use domain::plan::Stage;
use domain::vocabulary::{SignatureMode, Verdict};
use jiff::civil::{Date, DateTime};
use leptos::prelude::*;

use crate::frame::use_toasts;
use crate::parts::mark::{Icon, Tone};
use crate::parts::message::Notice;
use crate::parts::receipt::Receipt;
use crate::screens::plan::answer::AnswerForm;
use crate::screens::plan::changes::{Change, between};
use crate::screens::plan::changes_view::Changes;
use crate::screens::plan::model::{AnswerFacts, PlanCard, ReviewFacts, VersionCard, next_number};
use crate::screens::plan::moves::PlanMoves;
use crate::screens::together::reading::ReadingLink;
use crate::session::{Session, Writing, use_session};
use crate::watch::hear;
use crate::words::{Words, use_words};

/// Version and state of agreement.
#[component]
pub fn VersionPanel(
    scope: ScopeId,
    card: Memo<Option<PlanCard>>,
    may_write: Memo<bool>,
) -> impl IntoView {
    let words = use_words();
    let version = Memo::new(move |_| card.read().as_ref().map(|card| card.version.clone()));
    let shows_changes = RwSignal::new(false);
    let is_answering = RwSignal::new(false);
    // A receipt that arrives draws no form anew, with a signature half drawn in it.
    let due = Memo::new(move |_| version.read().as_ref().and_then(due));
    view! {
        {move || version.get().map(|version| {
            let review = version.review.clone();
            view! {
                <section class="version" data-tone=tone(&version) aria-label=words.version_of_plan()>
                    <Icon name=icon(version.stage) class="icon--lg" />
                    {lines(&version, words)}
                    {draft_row(&version, shows_changes, words)}
                </section>
                {review.and_then(|review| comment(&review, words))}
                {paper_link(scope, &version, words)}
                {versions_link(scope, &version, words)}
            }
        })}
        {move || shows_changes.get().then(|| view! { <DraftChanges scope=scope /> })}
        {move || {
            let due = due.get()?;
            may_write.get().then(|| acts(scope, due, is_answering, words))
        }}
        <PlanMoves scope=scope />
    }
    .into_any()
}

const fn icon(stage: Stage) -> &'static str {
    match stage {
        Stage::Draft => "pencil",
        Stage::Proposed => "hand-helping",
        Stage::Agreed => "handshake",
        Stage::Active => "handshake",
        Stage::UnderReview => "rotate-cw",
        Stage::Suspended => "circle-pause",
        Stage::Closed(_) => "flag",
    }
}

/// Green once both have said yes; ochre where something came back.
fn tone(card: &VersionCard) -> &'static str {
    let came_back = card
        .review
        .as_ref()
        .is_some_and(|said| said.verdict != Verdict::Approved);
    match card.stage {
        _ if came_back => "ochre",
        Stage::Active => "good",
        Stage::Proposed | Stage::Agreed | Stage::UnderReview => "blue",
        Stage::Draft | Stage::Suspended | Stage::Closed(_) => "plain",
    }
}

/// What the panel says: a head, and a line below it.
pub fn version_lines(card: &VersionCard, today: Date, words: Words) -> (String, String) {
    let the_day = |at: DateTime| words.the_day(at.date(), today);
    let stage = stage_said(card, today, words);
    let at_rest = card
        .rests_since
        .map(|_| words.at_rest(card.stage).to_owned());
    let closed = match card.stage {
        Stage::Closed(why) => Some(format!("{}.", words.closure(why))),
        Stage::Draft
        | Stage::Proposed
        | Stage::Agreed
        | Stage::Active
        | Stage::UnderReview
        | Stage::Suspended => None,
    };
    let Some(latest) = &card.latest else {
        return match closed {
            Some(why) => (
                stage,
                [why]
                    .into_iter()
                    .chain(at_rest)
                    .collect::<Vec<_>>()
                    .join(" "),
            ),
            None => (
                words.no_version().to_owned(),
                words.no_version_hint().to_owned(),
            ),
        };
    };
    let number = latest.number;
    let head = match card.stage {
        Stage::Proposed => words.version_proposed(number),
        Stage::Agreed => words.version_agreed(number),
        Stage::Active => words.version_active(number),
        Stage::Draft | Stage::UnderReview | Stage::Suspended | Stage::Closed(_) => {
            words.version_in(&stage, number)
        }
    };
    let is_open = closed.is_none();
    let mut parts: Vec<String> = closed.into_iter().chain(at_rest).collect();
    match &card.answer {
        Some(answer) => parts.extend(answer_lines(answer, &the_day(answer.at), words)),
        None => {
            parts.push(words.proposed_on(&the_day(latest.at)));
            parts.extend(is_open.then(|| words.waits_for_family().to_owned()));
        }
    }
    match &card.review {
        Some(review) => parts.push(review_line(review, &the_day(review.at), words)),
        None if card.answer.as_ref().is_some_and(|answer| answer.is_signed) => {
            parts.extend(is_open.then(|| words.waits_for_review().to_owned()));
        }
        None => {}
    }
    (head, parts.join(" "))
}

/// Where the plan stands; since when, while it rests.
fn stage_said(card: &VersionCard, today: Date, words: Words) -> String {
    let since = card.rests_since.map(|day| words.the_day(day, today));
    match (card.stage, since) {
        (Stage::Closed(_), Some(day)) => words.closed_on(&day),
        (Stage::Suspended, Some(day)) => words.suspended_on(&day),
        (stage, _) => words.stage(stage).to_owned(),
    }
}

/// How the family answered, in sentences.
pub fn answer_lines(answer: &AnswerFacts, day: &str, words: Words) -> Vec<String> {
    if answer.mode == SignatureMode::Refused {
        return vec![words.family_refused().to_owned()];
    }
    let agreed = match &answer.member {
        Some(who) => words.agreed_by(day, who),
        None => words.agreed_on(day),
    };
    let apart = (answer.not_agreed > 0).then(|| words.not_agreed_goals(answer.not_agreed));
    let interpreted = answer.interpreted;
    let interpreted = interpreted.map(|who| words.interpreted_by(words.interpreted(who)));
    let more = apart.into_iter().chain(interpreted);
    [format!("{agreed}.")].into_iter().chain(more).collect()
}

/// What the social worker decided, as a sentence.
pub fn review_line(review: &ReviewFacts, day: &str, words: Words) -> String {
    let who = review.by.as_deref().unwrap_or(words.somebody());
    let said = match review.verdict {
        Verdict::Approved => words.approved_by(who, day),
        Verdict::Returned => words.returned_by(who, day),
        Verdict::MeetingAsked => words.meeting_by(who, day),
    };
    format!("{said}.")
}

fn lines(card: &VersionCard, words: Words) -> impl IntoView + use<> {
    let (head, line) = version_lines(card, use_session().today(), words);
    let receipt = card.latest.as_ref().and_then(|latest| latest.receipt);
    view! { <p><b>{head}</b><br />{line}" "<Receipt step=Signal::stored(receipt) words=words /></p> }
}

fn draft_row(
    card: &VersionCard,
    shows_changes: RwSignal<bool>,
    words: Words,
) -> impl IntoView + use<> {
    let (number, changes) = card.draft?;
    let label = move || {
        if shows_changes.get() {
            words.hide_changes()
        } else {
            words.see_changes()
        }
    };
    Some(view! {
        <p class="version__draft">
            <Icon name="pencil" />
            <span><b>{words.draft_number(number)}</b>" "{words.draft_changes(changes)}</span>
            <button
                type="button" class="btn btn--bare" aria-expanded=move || shows_changes.get().to_string()
                on:click=hear(move |_| shows_changes.update(|shown| *shown = !*shown))
            >{label}</button>
        </p>
    })
}

/// The way to the version on paper.
fn paper_link(scope: ScopeId, card: &VersionCard, words: Words) -> Option<impl IntoView + use<>> {
    card.latest.as_ref()?;
    let href = format!("/famiglia/{scope}/foglio");
    Some(
        view! { <a class="btn btn--bare btn--inline" href=href><Icon name="printer" />{words.paper()}</a> },
    )
}

/// The way to where versions are compared.
fn versions_link(
    scope: ScopeId,
    card: &VersionCard,
    words: Words,
) -> Option<impl IntoView + use<>> {
    let has_two = card.proposed > 1 || (card.proposed == 1 && card.draft.is_some());
    let href = format!("/famiglia/{scope}/versioni");
    has_two.then(|| {
        view! { <a class="btn btn--bare btn--inline" href=href><Icon name="layers" />{words.versions_link()}</a> }
    })
}

/// What the social worker wrote, in her words.
fn comment(review: &ReviewFacts, words: Words) -> Option<impl IntoView + use<>> {
    if review.comment.trim().is_empty() {
        return None;
    }
    let tone = match review.verdict {
        Verdict::Approved => Tone::Plain,
        Verdict::Returned | Verdict::MeetingAsked => Tone::Ochre,
    };
    // When, and with which decision, stands in the panel above.
    let who = review.by.as_deref().unwrap_or(words.somebody());
    let head = match &review.about {
        Some(goal) => words.wrote_about(who, goal),
        None => words.wrote(who),
    };
    let said = review.comment.clone();
    Some(
        view! { <Notice tone=tone icon="message-circle" head=head><span dir="auto">{said}</span></Notice> },
    )
}

/// What the plan says now that its latest version does not.
#[component]
fn DraftChanges(scope: ScopeId) -> impl IntoView {
    let session = use_session();
    let changes = Memo::new(move |_| session.read(|replica| draft_changes(replica, scope)));
    move || {
        let (is_first, changes) = changes.get();
        view! { <Changes changes=changes is_first=is_first /> }
    }
}

/// Whether nothing was proposed before, and what differs.
fn draft_changes(replica: &replica::replica::Replica, scope: ScopeId) -> (bool, Vec<Change>) {
    let Some(case) = replica.state().cases.get(&scope) else {
        return (true, Vec::new());
    };
    let before = case
        .plan
        .latest_version()
        .map(|version| version.content.clone());
    let is_first = before.is_none();
    let changes = between(&before.unwrap_or_default(), &case.plan.content(), case);
    (is_first, changes)
}

/// The one thing to do with the version now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    /// Propose what was written.
    Proposal,
    /// Write down the family's answer.
    Answer(VersionId),
}

/// What is to be done with the version now; nothing once the plan is closed.
fn due(card: &VersionCard) -> Option<Due> {
    if matches!(card.stage, Stage::Closed(_)) {
        None
    } else if card.draft.is_some() {
        Some(Due::Proposal)
    } else {
        let waiting = card.latest.as_ref().filter(|_| card.answer.is_none());
        waiting.map(|latest| Due::Answer(latest.id))
    }
}

fn acts(scope: ScopeId, due: Due, is_answering: RwSignal<bool>, words: Words) -> AnyView {
    match due {
        Due::Answer(version) => answer(scope, version, is_answering, words).into_any(),
        Due::Proposal => {
            let session = use_session();
            let toasts = use_toasts();
            let on_propose = move |_| propose(scope, session, words, toasts);
            view! {
                <button type="button" class="btn" on:click=hear(on_propose)>
                    <Icon name="hand-helping" />{words.propose()}
                </button>
            }
            .into_any()
        }
    }
}

fn answer(
    scope: ScopeId,
    version: VersionId,
    is_answering: RwSignal<bool>,
    words: Words,
) -> impl IntoView {
    move || {
        if is_answering.get() {
            return view! { <AnswerForm scope=scope version=version open=is_answering /> }
                .into_any();
        }
        view! {
            <ReadingLink scope=scope />
            <button type="button" class="btn btn--soft" on:click=hear(move |_| is_answering.set(true))>
                <Icon name="handshake" />{words.record_answer()}
            </button>
        }
        .into_any()
    }
}

/// Puts the plan as it stands before the family, as a version.
fn propose(scope: ScopeId, session: Session, words: Words, toasts: crate::frame::Toasts) {
    let made = session.read(|replica| {
        let plan = &replica.state().cases.get(&scope)?.plan;
        Some((next_number(plan), plan.content()))
    });
    let Some((number, content)) = made else {
        return;
    };
    let change = Known::VersionProposed {
        version: session.fresh(),
        number,
        content,
    };
    let then = Callback::new(
        move |done: Result<_, replica::stored::DiskError>| match done {
            Ok(_) => toasts.say(words.proposed_toast()),
            Err(why) => toasts.say(words.disk_error(why)),
        },
    );
    if let Err(why) = session.record(scope, vec![Writing::new(change)], Vec::new(), then) {
        toasts.say(words.record_error(&why));
    }
}

#[cfg(test)]
mod tests {
    use domain::plan::PlanMove;
    use domain::vocabulary::{Agreement, Closure, Role};
    use replica::replica::Receipt;

    use super::*;
    use crate::screens::fixture::{Family, clock, scope, tutor};
    use crate::screens::plan::model::model;
    use crate::words::Language;

    fn told(family: &Family, language: Language) -> String {
        let replica = family.held_by(tutor(), Role::Mediator);
        let card = model(&replica, scope(), clock())
            .expect("the family is there")
            .version;
        let (head, line) = version_lines(&card, clock().today, Words(language));
        format!("{head} | {line}")
    }

    #[test]
    fn a_closed_plan_says_why_with_and_without_a_version() {
        let closed = || Known::PlanMoved(PlanMove::Closed(Closure::Withdrew));
        let mut family = Family::hassan();
        family.write(tutor(), closed());
        let at_rest = "Rinuncia. Il piano è chiuso: per cambiarlo, riaprilo.";
        assert_eq!(
            told(&family, Language::Italian),
            format!("Piano chiuso il 15 agosto | {at_rest}")
        );
        let mut family = Family::hassan();
        family.proposed(1).write(tutor(), closed());
        assert_eq!(
            told(&family, Language::Italian),
            format!("Piano chiuso il 15 agosto, versione 1 | {at_rest} Proposta il 15 agosto.")
        );
    }

    #[test]
    fn what_is_due_hangs_on_the_plan_and_on_no_receipt() {
        let card = |family: &Family| {
            let replica = family.held_by(tutor(), Role::Mediator);
            let card = model(&replica, scope(), clock());
            card.expect("the family is there").version
        };
        let mut family = Family::hassan();
        assert_eq!(due(&card(&family)), Some(Due::Proposal));
        family.proposed(1);
        let mut proposed = card(&family);
        let latest = proposed.latest.as_mut().expect("proposed");
        let answer = Some(Due::Answer(latest.id));
        for receipt in [None, Some(Receipt::Accepted(7))] {
            proposed.latest.as_mut().expect("proposed").receipt = receipt;
            assert_eq!(due(&proposed), answer);
        }
        family.answered(1, Agreement::Agreed);
        assert_eq!(due(&card(&family)), None);
    }

    #[test]
    fn every_stage_is_told_in_plain_words() {
        let it = Language::Italian;
        let mut family = Family::hassan();
        assert!(told(&family, it).starts_with("Ancora nessun accordo | "));
        family.proposed(1);
        assert_eq!(
            told(&family, it),
            "Versione 1, proposta alla famiglia | Proposta il 15 agosto. La famiglia non ha \
             ancora risposto."
        );
        family.answered(1, Agreement::NotAgreed);
        assert_eq!(
            told(&family, it),
            "Piano concordato, versione 1 | D’accordo il 15 agosto: Amina. La famiglia non è \
             d’accordo su un obiettivo. Aspetta l’assistente sociale."
        );
        family.reviewed(1, Verdict::Approved, "");
        assert_eq!(
            told(&family, Language::English),
            "Plan active, version 1 | Agreed on 15 August: Amina. The family does not agree on \
             one goal. Approved by Someone at the service on 15 August."
        );
        family.reviewed(1, Verdict::Returned, "Manca il termine");
        assert!(told(&family, it).contains("Restituita da Una persona del servizio il 15 agosto."));
    }
}
