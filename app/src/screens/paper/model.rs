//! What the plan on paper says. Pure.

use domain::family::Name;
use domain::field::Field;
use domain::forward::Forward;
use domain::id::{GoalId, ScopeId, VersionId};
use domain::order;
use domain::plan::{
    ActionContent, ActionField, FamilyWords, GoalContent, GoalField, GoalKey, NextStep,
};
use domain::state::Case;
use domain::vocabulary::{Agreement, Area, Interpreted, SignatureMode, WhoActs};
use jiff::civil::Date;
use replica::replica::Replica;

use crate::screens::family::clock::Clock;
use crate::words::catalogue::{ITALIAN_TAG, TAGS, tag_for};
use crate::words::lands::own_name;

/// The version of the plan that a family has, as it is handed over.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// The family's name.
    pub name: Option<Name>,
    /// The language that it speaks.
    pub language: Option<String>,
    /// The version.
    pub version: VersionId,
    /// Its number.
    pub number: u32,
    /// Where it stands, and since when.
    pub stand: Stand,
    /// Whether the plan says something else by now.
    pub has_draft: bool,
    /// Its goals.
    pub goals: Vec<Row>,
    /// How it was answered.
    pub answer: Option<Signed>,
    /// The first digits of its fingerprint.
    pub code: String,
    /// The day of what is not part of it.
    pub today: Date,
}

impl Sheet {
    /// The language that the family speaks, as it is written.
    pub fn spoken(&self) -> Option<&'static str> {
        tag_for(self.language.as_deref()?)
    }
}

/// Where a version stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// The family has not answered it yet.
    Proposed(Date),
    /// The family has signed exactly this.
    Agreed(Date),
    /// The family did not sign.
    Refused(Date),
}

/// One goal.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Which goal.
    pub goal: GoalId,
    /// Its domain.
    pub area: Option<Area>,
    /// The family's words.
    pub words: Option<FamilyWords>,
    /// The expected result.
    pub expected: Option<String>,
    /// The words of its other levels, from −2 to +2, where somebody worded them.
    pub levels: [Option<String>; 4],
    /// Its day.
    pub due: Option<Date>,
    /// How much it matters to the family, 1..=3.
    pub weight: u8,
    /// What is to be done for it.
    pub deeds: Vec<Deed>,
    /// Who acts now.
    pub who_acts: Option<WhoActs>,
    /// What comes next.
    pub next_step: Option<NextStep>,
    /// How much further the family says that it is.
    pub forward: Option<Forward>,
    /// What the family answered on it, once it has answered the version.
    pub agreement: Option<Agreement>,
}

/// An action as the version froze it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deed {
    /// What is done.
    pub what: String,
    /// Who does it.
    pub who_acts: Option<WhoActs>,
    /// Which member.
    pub member: Option<Name>,
    /// With which service.
    pub service: String,
    /// By when.
    pub due: Option<Date>,
}

/// The family's answer on the version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Who answered.
    pub member: Option<Name>,
    /// How.
    pub mode: SignatureMode,
    /// Who heard it.
    pub witness: Option<String>,
    /// The language in which it was read, by its tag.
    pub language: String,
    /// Who interpreted.
    pub interpreted: Option<Interpreted>,
    /// On which day.
    pub on: Date,
}

/// The last version that was put before a family; none before the first.
pub fn model(replica: &Replica, scope: ScopeId, clock: Clock<'_>) -> Option<Sheet> {
    let case = replica.state().cases.get(&scope)?;
    let plan = &case.plan;
    let version = plan.latest_version()?;
    let said = plan.answer(version.id);
    let answer = said.map(|said| Signed {
        member: said
            .what
            .member
            .and_then(|id| case.household.member(id)?.name().cloned()),
        mode: said.what.mode,
        witness: said.what.witness.clone(),
        language: said.what.language.0.clone(),
        interpreted: said.what.interpreted,
        on: clock.day(plan.answered_at(version.id).unwrap_or(said.at)),
    });
    let stand = match &answer {
        Some(answer) if answer.mode == SignatureMode::Refused => Stand::Refused(answer.on),
        Some(answer) if plan.is_agreed(version) => Stand::Agreed(answer.on),
        _ => Stand::Proposed(clock.day(version.at)),
    };
    let goals = version.content.goals.iter().map(|goal| {
        let agreement = said.map(|said| {
            let goals = &mut said.what.goals.iter();
            let found = goals.find(|answer| answer.goal == goal.goal);
            found.map_or(Agreement::NotAsked, |answer| answer.agreement)
        });
        row(case, goal, agreement)
    });
    Some(Sheet {
        name: case.household.name().cloned(),
        language: case.household.language().map(|tag| tag.0.clone()),
        version: version.id,
        number: version.number,
        stand,
        has_draft: plan.has_draft(),
        goals: goals.collect(),
        answer,
        code: version.content.fingerprint().short(),
        today: clock.today,
    })
}

/// A goal as the version froze it; who acts, the next step and the step forward are its life since
/// then, which the family does not sign, and end with it.
fn row(case: &Case, content: &GoalContent, agreement: Option<Agreement>) -> Row {
    let find = |key| content.fields.iter().find(|field| field.key() == key);
    let goal = case.plan.goals.get(&content.goal);
    let goal = goal.filter(|goal| goal.is_active());
    let worded = |key| {
        let text = find(key).and_then(GoalField::level_words);
        text.filter(|text| !text.trim().is_empty())
            .map(ToOwned::to_owned)
    };
    Row {
        goal: content.goal,
        area: match find(GoalKey::Area) {
            Some(GoalField::Area(area)) => Some(*area),
            _ => None,
        },
        words: match find(GoalKey::Words) {
            Some(GoalField::Words(words)) => Some(words.clone()),
            _ => None,
        },
        expected: worded(GoalKey::Expected),
        levels: [
            worded(GoalKey::MuchLess),
            worded(GoalKey::Less),
            worded(GoalKey::More),
            worded(GoalKey::MuchMore),
        ],
        due: match find(GoalKey::Due) {
            Some(GoalField::Due(due)) => Some(*due),
            _ => None,
        },
        weight: match find(GoalKey::Weight) {
            Some(GoalField::Weight(weight)) => *weight,
            _ => 1,
        },
        deeds: content.actions.iter().map(|one| deed(case, one)).collect(),
        who_acts: goal.and_then(|goal| goal.who_acts().copied()),
        next_step: goal.and_then(|goal| goal.next_step().cloned()),
        forward: goal.and_then(|_| case.forward(content.goal)),
        agreement,
    }
}

fn deed(case: &Case, content: &ActionContent) -> Deed {
    let mut deed = Deed::default();
    for field in &content.fields {
        match field {
            ActionField::What(what) => deed.what.clone_from(what),
            ActionField::WhoActs(who) => deed.who_acts = Some(*who),
            ActionField::Member(member) => {
                let member = case.household.member(*member);
                deed.member = member.and_then(|member| member.name().cloned());
            }
            ActionField::Service(service) => deed.service.clone_from(service),
            ActionField::Due(due) => deed.due = Some(*due),
            ActionField::Goal(_)
            | ActionField::Kind(_)
            | ActionField::State(_)
            | ActionField::Barrier(_) => {}
        }
    }
    deed
}

/// The languages that can stand on the sheet: what the members read, what the family speaks, then
/// all others by their own names.
pub fn languages(replica: &Replica, scope: ScopeId) -> Vec<&'static str> {
    let mut tags: Vec<&'static str> = Vec::new();
    if let Some(case) = replica.state().cases.get(&scope) {
        let household = &case.household;
        let read = household.members.values().flat_map(|one| one.reads());
        for language in read.chain(household.language()) {
            tags.extend(tag_for(&language.0).filter(|tag| !tags.contains(tag)));
        }
    }
    if tags.is_empty() {
        // Nobody knows what the family reads: no guess stands beside the Italian.
        tags.push(ITALIAN_TAG);
    }
    let mut others: Vec<&'static str> = TAGS.to_vec();
    others.retain(|tag| !tags.contains(tag));
    order::sort_by_key(&mut others, |tag| own_name(tag));
    tags.extend(others);
    tags
}

#[cfg(test)]
mod tests {
    use domain::family::{Language, MemberField};
    use domain::op::Known;
    use domain::plan::Answer;
    use domain::vocabulary::{GoalState, Role};
    use jiff::civil::date;

    use super::*;
    use crate::screens::fixture::{Family, amina, clock, goal, scope, tutor, version};

    fn sheet(family: &Family) -> Option<Sheet> {
        model(&family.held_by(tutor(), Role::Mediator), scope(), clock())
    }

    fn writes(field: GoalField) -> Known {
        Known::GoalWritten {
            goal: goal(1),
            field,
        }
    }

    #[test]
    fn the_sheet_is_the_version_and_not_what_was_written_since() {
        let mut family = Family::hassan();
        assert_eq!(sheet(&family), None, "nothing was proposed");
        family.proposed(1).answered(1, Agreement::Agreed);
        let agreed = sheet(&family).expect("a version");
        assert!(!agreed.has_draft);
        assert_eq!(agreed.stand, Stand::Agreed(date(2026, 8, 15)));
        family.write(tutor(), writes(GoalField::Expected("Altro".into())));
        let later = sheet(&family).expect("a version");
        assert!(later.has_draft);
        assert_eq!(later.goals, agreed.goals);
        assert_eq!((later.number, later.code), (1, agreed.code));
    }

    #[test]
    fn who_acts_and_the_next_step_are_todays_and_end_with_the_goal() {
        let mut family = Family::hassan();
        family.proposed(1).answered(1, Agreement::Agreed);
        let step = NextStep {
            what: "Amina telefona".into(),
            due: None,
        };
        family
            .write(tutor(), writes(GoalField::NextStep(step.clone())))
            .write(tutor(), writes(GoalField::WhoActs(WhoActs::FamilyAlone)));
        let now = sheet(&family).expect("a version");
        assert!(!now.has_draft);
        let [row] = now.goals.as_slice() else {
            panic!("one goal");
        };
        assert_eq!(row.next_step, Some(step));
        assert_eq!(row.who_acts, Some(WhoActs::FamilyAlone));
        family.write(tutor(), writes(GoalField::State(GoalState::Achieved)));
        let [row] = sheet(&family)
            .expect("a version")
            .goals
            .try_into()
            .expect("one goal");
        assert_eq!((row.who_acts, row.next_step), (None, None));
        assert_eq!(row.area, Some(Area::Language));
    }

    #[test]
    fn an_answer_says_who_how_in_which_language_who_interpreted_and_what_nobody_asked() {
        let mut family = Family::hassan();
        family.proposed(1);
        let waits = sheet(&family).expect("a version");
        assert_eq!(waits.stand, Stand::Proposed(date(2026, 8, 15)));
        assert_eq!(waits.answer, None);
        assert_eq!(waits.goals.first().map(|row| row.agreement), Some(None));
        let answer = |mode| Known::VersionAnswered {
            version: version(1),
            answer: Answer {
                fingerprint: family.case().plan.content().fingerprint(),
                mode,
                member: Some(amina()),
                witness: None,
                language: Language("ar".into()),
                interpreted: Some(Interpreted::Adult),
                goals: Vec::new(),
            },
        };
        let refused = answer(SignatureMode::Refused);
        family.write(tutor(), refused);
        let refused = sheet(&family).expect("a version");
        assert_eq!(refused.stand, Stand::Refused(date(2026, 8, 15)));
        let asked = refused.goals.first().map(|row| row.agreement);
        assert_eq!(asked, Some(Some(Agreement::NotAsked)));
        let answer = refused.answer.expect("an answer");
        assert_eq!(
            answer.member.map(|name| name.latin).as_deref(),
            Some("Amina")
        );
        assert_eq!(answer.language, "ar");
        assert_eq!(answer.interpreted, Some(Interpreted::Adult));
    }

    #[test]
    fn what_the_members_read_comes_first() {
        let mut family = Family::hassan();
        let tags = |family: &Family| languages(&family.held_by(tutor(), Role::Mediator), scope());
        assert_eq!(tags(&family).first(), Some(&"ar"), "the family speaks it");
        let reads = ["wo", "fr", "arz"].map(|tag| Language(tag.into())).to_vec();
        family.write(
            tutor(),
            Known::MemberWritten {
                member: amina(),
                field: MemberField::Reads(reads),
            },
        );
        let all = tags(&family);
        assert_eq!(all.get(..3), Some(["fr", "ar", "en"].as_slice()));
        assert_eq!(all.len(), TAGS.len());
    }
}
