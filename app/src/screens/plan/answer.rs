//! Writing down what the family answered to a version: who, how, in which language, goal by goal.

use domain::attachment::{About, Format, Kind};
use domain::family::{Household, Language};
use domain::id::{GoalId, MemberId, ScopeId, VersionId};
use domain::op::Known;
use domain::order;
use domain::plan::{Answer, GoalAnswer, GoalField, Version};
use domain::state::Case;
use domain::vocabulary::{Agreement, Area, Interpreted, MemberRole, SignatureMode};
use jiff::civil::Date;
use leptos::prelude::*;
use leptos::task::spawn_local;
use litemap::LiteMap;
use serde::{Deserialize, Serialize};

use crate::device::drafts::Form;
use crate::device::media;
use crate::frame::use_toasts;
use crate::parts::form::stay;
use crate::parts::form::{Field, FieldError};
use crate::parts::ink::{Drawn, Ink};
use crate::parts::pick::{Layout, OneOf, Select};
use crate::screens::draft::{Draft, Place, drafted, json};
use crate::screens::family::{Tab, age};
use crate::screens::plan::interpreted::InterpretedPick;
use crate::session::{Made, NotKept, Writing, use_session};
use crate::watch::hear;
use crate::words::catalogue::ITALIAN_TAG;
use crate::words::{Words, use_words};

/// Of age.
const ADULT_YEARS: u32 = 18;
/// From this age on somebody can answer beside the adults.
const ASKED_YEARS: u32 = 14;

/// How a family can answer here.
const MODES: [SignatureMode; 4] = [
    SignatureMode::Glass,
    SignatureMode::Oral,
    SignatureMode::Paper,
    SignatureMode::Refused,
];

/// What is asked about a version.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Questions {
    /// Who can answer, the adults first.
    pub members: Vec<Answering>,
    /// The family's language.
    pub language: String,
    /// The version's goals: domain and the family's words.
    pub goals: Vec<(GoalId, Option<Area>, String)>,
}

impl Questions {
    /// An answer as it was left, or as it begins.
    pub fn begin(&self, left: Option<AnswerDraft>) -> AnswerDraft {
        let mut said = left.unwrap_or_else(|| AnswerDraft {
            member: self.members.first().map(|one| one.id),
            language: self.language.clone(),
            ..AnswerDraft::default()
        });
        // Who was chosen may not be there any more, or not be asked: nobody else answers for them.
        let is_asked = |id: &MemberId| self.members.iter().any(|one| one.id == *id);
        said.member = said.member.filter(is_asked);
        said
    }
}

/// Somebody who can answer for the family.
#[derive(Clone, Debug, PartialEq)]
pub struct Answering {
    /// Who.
    pub id: MemberId,
    /// Their name.
    pub name: String,
    /// The age of somebody who is not of age.
    pub minor: Option<u32>,
}

/// Who of a household can answer: the adults, by their place in it, then those from fourteen on.
/// A smaller child is not asked, and one of unknown age comes last.
fn answering(household: &Household, today: Date) -> Vec<Answering> {
    let mut found: Vec<(bool, Option<MemberRole>, Answering)> = Vec::new();
    for (id, member) in &household.members {
        let years = member.birth().map(|birth| age(birth, today));
        let is_adult = match years {
            Some(years) => years >= ADULT_YEARS,
            None => member.role() != Some(MemberRole::Child),
        };
        let Some(name) = member
            .name()
            .filter(|_| years.is_none_or(|it| it >= ASKED_YEARS))
        else {
            continue;
        };
        let one = Answering {
            id: *id,
            name: name.latin.clone(),
            minor: years.filter(|_| !is_adult),
        };
        found.push((!is_adult, member.role(), one));
    }
    order::sort_by_key(&mut found, |(is_minor, role, one)| {
        (
            *is_minor,
            one.minor.is_none(),
            role.is_none(),
            *role,
            one.id,
        )
    });
    found.into_iter().map(|(_, _, one)| one).collect()
}

/// What is asked about a version of this family.
pub fn questions(case: &Case, version: VersionId, today: Date) -> Option<Questions> {
    let version = find(case, version)?;
    Some(Questions {
        members: answering(&case.household, today),
        language: case
            .household
            .language()
            .map_or("it".to_owned(), |tag| tag.0.clone()),
        goals: goals_of(version),
    })
}

/// The goals of a version, each by its domain and the family's words in Italian.
pub fn goals_of(version: &Version) -> Vec<(GoalId, Option<Area>, String)> {
    let goals = version.content.goals.iter();
    let named = goals.map(|goal| {
        let area = goal.fields.iter().find_map(|field| match field {
            GoalField::Area(area) => Some(*area),
            _ => None,
        });
        let words = goal.fields.iter().find_map(|field| match field {
            GoalField::Words(words) => Some(words.italian.clone()),
            _ => None,
        });
        (goal.goal, area, words.unwrap_or_default())
    });
    named.collect()
}

/// What such a goal is called.
pub fn goal_called(area: Option<Area>, said: &str, words: Words) -> String {
    let area = area.map_or(words.goal_nameless(), |area| words.area(area));
    match said.is_empty() {
        true => area.to_owned(),
        false => format!("{area}: {}", words.quoted(said)),
    }
}

/// The family's answer, bound to exactly what the version says. A goal nobody spoke about was not
/// asked: that is kept apart from a no.
pub fn answer(case: &Case, version: VersionId, said: &AnswerDraft) -> Option<Writing> {
    let found = find(case, version)?;
    let mode = said.mode.unwrap_or(SignatureMode::Refused);
    let witness = Some(said.witness.trim().to_owned()).filter(|name| !name.is_empty());
    let answer = Answer {
        fingerprint: found.content.fingerprint(),
        mode,
        member: said.member,
        witness: witness.filter(|_| mode == SignatureMode::Oral),
        language: Language(said.language.clone()),
        interpreted: said.interpreted,
        goals: found
            .content
            .goals
            .iter()
            .map(|content| GoalAnswer {
                goal: content.goal,
                agreement: said
                    .goals
                    .get(&content.goal)
                    .copied()
                    .unwrap_or(Agreement::NotAsked),
            })
            .collect(),
    };
    let replaces = case.plan.answer_heads(version);
    let answered = Known::VersionAnswered { version, answer };
    Some(Writing::replacing(replaces, answered))
}

fn find(case: &Case, version: VersionId) -> Option<&Version> {
    case.plan
        .versions
        .values()
        .find(|known| known.id == version)
}

/// What the form holds, but for what is drawn on the glass: nobody signs half.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AnswerDraft {
    /// Who answers.
    pub member: Option<MemberId>,
    /// In which language, by its tag.
    pub language: String,
    /// How.
    pub mode: Option<SignatureMode>,
    /// Who heard it.
    pub witness: String,
    /// Who interpreted.
    pub interpreted: Option<Interpreted>,
    /// Goal by goal.
    pub goals: LiteMap<GoalId, Agreement>,
}

/// What an answer lacks before it can be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lacking {
    /// Who answers.
    Who,
    /// How.
    How,
    /// Who heard it.
    Witness,
    /// What is drawn on the glass.
    Signature,
}

impl Lacking {
    /// What to do about it.
    pub const fn told(self, words: Words) -> &'static str {
        match self {
            Self::Who => words.answer_who_missing(),
            Self::How => words.answer_how_missing(),
            Self::Witness => words.answer_witness_missing(),
            Self::Signature => words.sign_missing(),
        }
    }
}

impl AnswerDraft {
    /// Whether somebody interpreted: the plan is written in Italian.
    pub fn is_interpreted(&self) -> bool {
        self.language != ITALIAN_TAG
    }

    /// What is still missing. Where nobody of the family is known, nobody can be named.
    pub fn lacking(&self, has_members: bool, drawn: &Drawn) -> Option<Lacking> {
        if has_members && self.member.is_none() {
            return Some(Lacking::Who);
        }
        match self.mode {
            None => Some(Lacking::How),
            Some(SignatureMode::Oral) => {
                let has_witness = !self.witness.trim().is_empty();
                (!has_witness).then_some(Lacking::Witness)
            }
            Some(SignatureMode::Glass) => (!drawn.is_signature()).then_some(Lacking::Signature),
            Some(SignatureMode::Paper | SignatureMode::Refused) => None,
        }
    }
}

/// Keeps an answer that lacks nothing, in place of its draft. With a signature it is one commit:
/// neither is ever there without the other.
pub fn keep(
    draft: Draft,
    at: (ScopeId, VersionId),
    said: &AnswerDraft,
    drawn: Drawn,
    error: RwSignal<Option<String>>,
    kept: Callback<()>,
) {
    let (scope, version) = at;
    let (session, words) = (draft.session(), draft.words());
    let made = untrack(|| {
        session.read(|replica| {
            let case = replica.state().cases.get(&scope)?;
            answer(case, version, said)
        })
    });
    let Some(made) = made else {
        return error.set(Some(words.check_no_version().to_owned()));
    };
    if said.mode != Some(SignatureMode::Glass) {
        return draft.save(scope, vec![made], error, kept);
    }
    let saving = draft.saving();
    if !saving.begin() {
        return;
    }
    let (keys, keep_anew) = (draft.keys(), draft.kept());
    let then = Callback::new(move |done: Result<(), NotKept>| match done {
        Ok(()) => kept.run(()),
        Err(why) => {
            saving.give_up();
            error.set(Some(words.not_kept(&why)));
            keep_anew.run(());
        }
    });
    spawn_local(async move {
        let (wide, high) = drawn.size;
        match media::drawing(&drawn.strokes, wide, high).await {
            Ok(bytes) => {
                let signature = Made {
                    kind: Kind::Signature,
                    format: Format::Png,
                    bytes,
                    seconds: None,
                };
                let about = About::Answer(version);
                session.attach(scope, signature, about, vec![made], keys, then);
            }
            Err(why) => {
                saving.give_up();
                error.try_set(Some(words.no_media(why).to_owned()));
            }
        }
    });
}

/// The form, as it was left.
#[component]
pub fn AnswerForm(scope: ScopeId, version: VersionId, open: RwSignal<bool>) -> impl IntoView {
    let session = use_session();
    let asked = untrack(|| {
        session.read(|replica| {
            let case = replica.state().cases.get(&scope)?;
            questions(case, version, session.today())
        })
    })
    .unwrap_or_default();
    let key = Form::Answer.key_of(scope, &version.to_string());
    drafted(key, move |place, left| {
        let asked = asked.clone();
        let said = asked.begin(left);
        view! { <AnswerFields at=(scope, version) asked=asked said=said place=place open=open /> }
            .into_any()
    })
}

#[component]
fn AnswerFields(
    at: (ScopeId, VersionId),
    asked: Questions,
    said: AnswerDraft,
    place: Place,
    open: RwSignal<bool>,
) -> impl IntoView {
    let (scope, version) = at;
    let words = use_words();
    let toasts = use_toasts();
    let member = RwSignal::new(said.member);
    let language = RwSignal::new(said.language);
    let mode = RwSignal::new(said.mode);
    let witness = RwSignal::new(said.witness);
    let interpreted = RwSignal::new(said.interpreted);
    let drawn = RwSignal::new(Drawn::default());
    let [who_error, how_error, witness_error, ink_error] =
        [0; 4].map(|_| RwSignal::new(None::<String>));
    let has_members = !asked.members.is_empty();
    let answers: Vec<(GoalId, RwSignal<Option<Agreement>>)> = asked
        .goals
        .iter()
        .map(|(id, _, _)| (*id, RwSignal::new(said.goals.get(id).copied())))
        .collect();
    let kept = StoredValue::new(answers.clone());
    let now = move || AnswerDraft {
        member: member.get(),
        language: language.get(),
        mode: mode.get(),
        witness: witness.get(),
        interpreted: interpreted
            .get()
            .filter(|_| *language.read() != ITALIAN_TAG),
        goals: kept.with_value(|kept| {
            let said = kept.iter();
            said.filter_map(|(id, said)| Some((*id, said.get()?)))
                .collect()
        }),
    };
    let draft = Draft::keep(place, Signal::derive(move || json(&now())));
    let on_save = move |_| {
        for error in [who_error, how_error, witness_error, ink_error] {
            error.set(None);
        }
        let (said, drawn) = (untrack(now), drawn.get_untracked());
        if let Some(lacking) = said.lacking(has_members, &drawn) {
            let error = match lacking {
                Lacking::Who => who_error,
                Lacking::How => how_error,
                Lacking::Witness => witness_error,
                Lacking::Signature => ink_error,
            };
            return error.set(Some(lacking.told(words).to_owned()));
        }
        let error = match said.mode {
            Some(SignatureMode::Glass) => ink_error,
            Some(SignatureMode::Oral | SignatureMode::Paper | SignatureMode::Refused) | None => {
                how_error
            }
        };
        let kept = Callback::new(move |()| {
            open.set(false);
            toasts.say(words.answer_toast());
        });
        keep(draft, (scope, version), &said, drawn, error, kept);
    };
    let on_cancel = move |_| {
        // It may hold what the family answered inside the fence.
        let again = toasts.outlive(|| draft.kept());
        draft.forget();
        toasts.say_with_undo(words.together_discarded(), again);
        open.set(false);
    };
    let members = asked
        .members
        .iter()
        .map(|one| {
            let label = match one.minor {
                Some(age) => format!("{}, {}", one.name, words.years_old(age)),
                None => one.name.clone(),
            };
            (one.id, label, None)
        })
        .collect();
    let languages = words
        .languages()
        .into_iter()
        .map(|(tag, name)| (tag.to_owned(), name))
        .collect();
    let modes = MODES
        .iter()
        .map(|mode| (*mode, words.signature_mode(*mode).to_owned(), None))
        .collect();
    let goals = asked
        .goals
        .into_iter()
        .zip(answers)
        .map(|((id, area, said), (_, value))| {
            let legend = goal_called(area, &said, words);
            let options = Agreement::ALL
                .iter()
                .map(|choice| (*choice, words.agreement(*choice).to_owned(), None))
                .collect();
            let name = format!("answer-{id}");
            view! {
                <OneOf legend=legend name=name options=options value=value layout=Layout::Three />
            }
        })
        .collect_view();
    view! {
        <form class="card stack answer" aria-labelledby="answer" on:submit=hear(stay)>
            <h2 id="answer">{words.answer_head()}</h2>
            {draft.found()}
            <OneOf legend=words.answer_who() name="answer-who" options=members value=member
                layout=Layout::Two />
            <FieldError id="answer-who" error=who_error />
            <a class="btn btn--bare btn--inline" href=Tab::People.href(scope)>{words.answer_who_else()}</a>
            <Select id="answer-language" label=words.answer_language() options=languages value=language />
            <div class="stack" hidden=move || *language.read() == ITALIAN_TAG>
                <InterpretedPick value=interpreted />
            </div>
            <OneOf legend=words.answer_how() name="answer-how" options=modes value=mode layout=Layout::Two />
            <FieldError id="answer-how" error=how_error />
            <div class="stack" hidden=move || mode.get() != Some(SignatureMode::Oral)>
                <Field id="answer-witness" label=words.answer_witness() hint=words.answer_witness_hint()
                    value=witness error=witness_error />
            </div>
            <h3>{words.answer_goals()}</h3>
            <div class="answer__goals">{goals}</div>
            {move || (mode.get() == Some(SignatureMode::Glass)).then(|| view! { <Ink drawn=drawn error=ink_error /> })}
            <div class="row">
                <button type="button" class="btn btn--main" on:click=hear(on_save)>{words.answer_save()}</button>
                <button type="button" class="btn btn--bare" on:click=hear(on_cancel)>{words.cancel()}</button>
            </div>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use domain::family::{MemberField, Name};
    use domain::id::Millis;
    use jiff::civil::date;

    use super::*;
    use crate::screens::fixture::{Family, amina, goal, tutor, version};

    const TODAY: Date = date(2026, 10, 14);

    #[test]
    fn adults_are_asked_first_then_from_fourteen_on_and_no_smaller_child() {
        let mut family = Family::hassan();
        for (number, name, role, birth) in [
            (21, "Mariam", MemberRole::Child, Some(date(2020, 3, 1))),
            (22, "Nour", MemberRole::Child, None),
            (23, "Omar", MemberRole::Child, Some(date(2011, 3, 1))),
            (24, "Zahra", MemberRole::Other, None),
            (25, "Mohamed", MemberRole::Partner, Some(date(1985, 1, 1))),
        ] {
            let member = MemberId::new(Millis(number), [7; 10]);
            let latin = name.to_owned();
            let original = None;
            let fields = [
                Some(MemberField::Name(Name { latin, original })),
                Some(MemberField::Role(role)),
                birth.map(MemberField::Birth),
            ];
            for field in fields.into_iter().flatten() {
                family.write(tutor(), Known::MemberWritten { member, field });
            }
        }
        let case = family.proposed(1).case();
        let asked = questions(&case, version(1), TODAY).expect("it was proposed");
        let asked: Vec<(&str, Option<u32>)> = asked
            .members
            .iter()
            .map(|one| (one.name.as_str(), one.minor))
            .collect();
        assert_eq!(
            asked,
            [
                ("Amina", None),
                ("Mohamed", None),
                ("Zahra", None),
                ("Omar", Some(15)),
                ("Nour", None),
            ]
        );
    }

    #[test]
    fn an_answer_is_bound_to_what_was_read() {
        let mut family = Family::hassan();
        family.proposed(1);
        let case = family.case();
        let asked = questions(&case, version(1), TODAY).expect("it was proposed");
        assert_eq!(
            asked.goals,
            [(
                goal(1),
                Some(Area::Language),
                "Voglio capire la maestra.".into()
            )]
        );
        let said = AnswerDraft {
            member: Some(amina()),
            mode: Some(SignatureMode::Oral),
            witness: " Samira ".into(),
            language: "ar".into(),
            interpreted: Some(Interpreted::Minor),
            ..AnswerDraft::default()
        };
        let made = answer(&case, version(1), &said);
        family.wrote(tutor(), made.into_iter().collect());
        let plan = family.case().plan;
        assert!(plan.is_agreed(plan.latest_version().expect("it was proposed")));
        let stored = plan.answers.values().next().expect("it was answered");
        assert_eq!(stored.what.witness.as_deref(), Some("Samira"));
        assert_eq!(stored.what.interpreted, Some(Interpreted::Minor));
        assert_eq!(stored.what.goals[0].agreement, Agreement::NotAsked);
    }

    #[test]
    fn an_answer_says_who_and_how_and_has_its_witness_or_its_signature() {
        let drawn = |points| Drawn {
            strokes: vec![vec![(1.0, 1.0); points]],
            size: (600.0, 200.0),
        };
        let mut said = AnswerDraft::default();
        assert_eq!(said.lacking(true, &drawn(9)), Some(Lacking::Who));
        assert_eq!(said.lacking(false, &drawn(9)), Some(Lacking::How));
        said.member = Some(amina());
        for (mode, witness, points, lacking) in [
            (SignatureMode::Oral, " ", 9, Some(Lacking::Witness)),
            (SignatureMode::Oral, "Samira", 0, None),
            (SignatureMode::Glass, "Samira", 4, Some(Lacking::Signature)),
            (SignatureMode::Glass, "", 9, None),
            (SignatureMode::Paper, "", 0, None),
            (SignatureMode::Refused, "", 0, None),
        ] {
            said.mode = Some(mode);
            witness.clone_into(&mut said.witness);
            assert_eq!(said.lacking(true, &drawn(points)), lacking, "{mode:?}");
        }
    }

    #[test]
    fn only_a_spoken_answer_has_a_witness_and_who_interpreted_stays_whatever_was_read() {
        let mut family = Family::hassan();
        let case = family.proposed(1).case();
        let said = AnswerDraft {
            mode: Some(SignatureMode::Paper),
            witness: "Samira".into(),
            // The language that was wanted could not be had: somebody put the Italian into words.
            language: "it".into(),
            interpreted: Some(Interpreted::Adult),
            ..AnswerDraft::default()
        };
        let made = answer(&case, version(1), &said);
        let Known::VersionAnswered { answer, .. } = made.expect("it was proposed").change else {
            panic!("an answer")
        };
        assert_eq!(answer.witness, None);
        assert_eq!(answer.interpreted, Some(Interpreted::Adult));
        assert!(questions(&case, version(2), TODAY).is_none());
    }
}
