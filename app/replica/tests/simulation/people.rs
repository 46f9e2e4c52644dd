//! What people write: changes that make sense on what is on their screen.

use domain::family::{FamilyField, FamilyKey, Language};
use domain::id::{GoalId, Millis, OpId, ScopeId, VersionId};
use domain::op::Known;
use domain::plan::{
    Answer, FamilyWords, GoalAnswer, GoalField, GoalKey, NeedRating, NextStep, Review,
};
use domain::score::Score;
use domain::state::Case;
use domain::visit::Rating;
use domain::vocabulary::{
    Agreement, Area, NeedLevel, Role, SignatureMode, Verdict, Voice, WhoActs,
};
use replica::replica::Replica;

use crate::dice::Dice;

/// One change that the owner of `replica` might make now, with what it replaces.
pub fn change(
    replica: &Replica,
    scope: ScopeId,
    words: String,
    now: Millis,
    dice: &mut Dice,
) -> (Known, Vec<OpId>) {
    let empty = Case::default();
    let case = replica.state().cases.get(&scope).unwrap_or(&empty);
    if replica.owner().role == Role::SocialWorker {
        return (reviewed(replica, scope, case, words, dice), Vec::new());
    }
    let goals: Vec<GoalId> = case.plan.goals.keys().copied().collect();
    let goal = if goals.is_empty() || dice.happens(15) {
        GoalId::new(now, dice.bytes10())
    } else {
        *dice.one_of(&goals)
    };
    let append = |known| (known, Vec::new());
    match dice.below(10) {
        0..=3 => goal_written(case, goal, words, dice),
        4 if case.plan.goals.contains_key(&goal) => append(rated(goal, words, dice)),
        5 if !goals.is_empty() => append(Known::VersionProposed {
            version: VersionId::new(now, dice.bytes10()),
            number: u32::try_from(case.plan.versions.len()).unwrap_or(0) + 1,
            content: case.plan.content(),
        }),
        6 => {
            let heads = case.household.fields.heads(FamilyKey::Address);
            (Known::FamilyWritten(FamilyField::Address(words)), heads)
        }
        7 => match answered(case, dice) {
            Some(answer) => append(answer),
            None => append(note(case, words, dice)),
        },
        8 => append(Known::NeedRated {
            area: *dice.one_of(Area::ALL),
            voice: *dice.one_of(Voice::ALL),
            rating: NeedRating {
                now: *dice.one_of(NeedLevel::ALL),
                hope: None,
                words: Some(italian(words)),
            },
        }),
        _ => append(note(case, words, dice)),
    }
}

fn goal_written(case: &Case, goal: GoalId, words: String, dice: &mut Dice) -> (Known, Vec<OpId>) {
    let (field, key) = match dice.below(4) {
        0 | 1 => (GoalField::Words(italian(words)), GoalKey::Words),
        2 => {
            let step = NextStep {
                what: words,
                due: None,
            };
            (GoalField::NextStep(step), GoalKey::NextStep)
        }
        _ => {
            let who = *dice.one_of(WhoActs::ALL);
            (GoalField::WhoActs(who), GoalKey::WhoActs)
        }
    };
    let written = case.plan.goals.get(&goal);
    let heads = written.map(|goal| goal.fields.heads(key));
    (
        Known::GoalWritten { goal, field },
        heads.unwrap_or_default(),
    )
}

fn rated(goal: GoalId, words: String, dice: &mut Dice) -> Known {
    let rating = Rating {
        family: Some(*dice.one_of(&Score::ALL)),
        words: Some(italian(words)),
        ..Rating::default()
    };
    Known::ProgressRated {
        goal,
        visit: None,
        rating,
        corrects: None,
    }
}

/// The family answers the version that was read to it, if there is one.
fn answered(case: &Case, dice: &mut Dice) -> Option<Known> {
    let version = case.plan.latest_version()?;
    let answer = Answer {
        fingerprint: version.content.fingerprint(),
        mode: *dice.one_of(SignatureMode::ALL),
        member: None,
        witness: Some("la vicina".to_owned()),
        language: Language("ar".to_owned()),
        interpreted: None,
        goals: (version.content.goals.iter())
            .map(|content| GoalAnswer {
                goal: content.goal,
                agreement: *dice.one_of(Agreement::ALL),
            })
            .collect(),
    };
    Some(Known::VersionAnswered {
        version: version.id,
        answer,
    })
}

/// A note, now and then one that corrects another.
fn note(case: &Case, words: String, dice: &mut Dice) -> Known {
    let notes: Vec<OpId> = case.notes.keys().copied().collect();
    let is_correction = dice.happens(20) && !notes.is_empty();
    let corrects = is_correction.then(|| *dice.one_of(&notes));
    Known::NoteAdded { words, corrects }
}

fn reviewed(
    replica: &Replica,
    scope: ScopeId,
    case: &Case,
    words: String,
    dice: &mut Dice,
) -> Known {
    match (dice.below(3), case.plan.latest_version()) {
        (0, Some(version)) => Known::VersionReviewed {
            version: version.id,
            review: Review {
                fingerprint: version.content.fingerprint(),
                verdict: *dice.one_of(Verdict::ALL),
                comment: words,
                goal: None,
            },
        },
        (1, _) => Known::Seen {
            up_to: replica.cursor(scope),
        },
        _ => note(case, words, dice),
    }
}

fn italian(words: String) -> FamilyWords {
    FamilyWords {
        italian: words,
        ..FamilyWords::default()
    }
}

/// What a newer app might write: its change as JSON, and what else its op holds. This build cannot
/// read the first three; of the others it reads a part and must keep the rest.
pub fn newer_change(case: &Case, words: &str, now: Millis, dice: &mut Dice) -> (String, String) {
    let goals: Vec<GoalId> = case.plan.goals.keys().copied().collect();
    let goal = match goals.is_empty() {
        true => GoalId::new(now, dice.bytes10()),
        false => *dice.one_of(&goals),
    };
    let change = match dice.below(5) {
        0 => format!(r#"{{"meeting_held":{{"with":"school","words":"{words}"}}}}"#),
        1 => format!(r#"{{"goal_written":{{"goal":"{goal}","field":{{"state":"handed_on"}}}}}}"#),
        2 => format!(r#"{{"family_written":{{"pet":"{words}"}}}}"#),
        3 => format!(r#"{{"note_added":{{"mood":"calm", "words":"{words}"}}}}"#),
        _ => {
            return (
                format!(r#"{{"note_added":{{"words":"{words}"}}}}"#),
                r#","room":"kitchen""#.to_owned(),
            );
        }
    };
    (change, String::new())
}
