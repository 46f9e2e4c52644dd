//! What people write: changes that make sense on what is on their screen.

use domain::family::FamilyField;
use domain::id::{GoalId, Millis, ScopeId, VersionId};
use domain::op::Known;
use domain::plan::{FamilyWords, GoalField, GoalKey, NextStep, Review};
use domain::score::Score;
use domain::state::Case;
use domain::visit::Rating;
use domain::vocabulary::{Role, Verdict, WhoActs};
use replica::replica::Replica;

use crate::dice::Dice;

/// One change that the owner of `replica` might make now, with what it replaces.
pub fn change(
    replica: &Replica,
    scope: ScopeId,
    words: String,
    now: Millis,
    dice: &mut Dice,
) -> (Known, Vec<domain::id::OpId>) {
    let empty = Case::default();
    let case = replica.state().cases.get(&scope).unwrap_or(&empty);
    if replica.owner().role == Role::SocialWorker {
        return (
            reviewer_change(replica, scope, case, words, dice),
            Vec::new(),
        );
    }
    let goals: Vec<GoalId> = case.plan.goals.keys().copied().collect();
    let goal = if goals.is_empty() || dice.happens(15) {
        GoalId::new(now, dice.bytes10())
    } else {
        *dice.one_of(&goals)
    };
    match dice.below(8) {
        0 | 1 => {
            let field = GoalField::Words(FamilyWords {
                italian: words,
                ..FamilyWords::default()
            });
            (
                Known::GoalWritten { goal, field },
                heads(case, goal, GoalKey::Words),
            )
        }
        2 => {
            let field = GoalField::NextStep(NextStep {
                what: words,
                due: None,
            });
            (
                Known::GoalWritten { goal, field },
                heads(case, goal, GoalKey::NextStep),
            )
        }
        3 => {
            let field = GoalField::WhoActs(*dice.one_of(WhoActs::ALL));
            (
                Known::GoalWritten { goal, field },
                heads(case, goal, GoalKey::WhoActs),
            )
        }
        4 if case.plan.goals.contains_key(&goal) => {
            let rating = Rating {
                family: Some(*dice.one_of(&Score::ALL)),
                words: Some(FamilyWords {
                    italian: words,
                    ..FamilyWords::default()
                }),
                ..Rating::default()
            };
            (
                Known::ProgressRated {
                    goal,
                    visit: None,
                    rating,
                    corrects: None,
                },
                Vec::new(),
            )
        }
        5 if !goals.is_empty() => {
            let version = VersionId::new(now, dice.bytes10());
            let number = u32::try_from(case.plan.versions.len()).unwrap_or(0) + 1;
            let content = case.plan.content();
            (
                Known::VersionProposed {
                    version,
                    number,
                    content,
                },
                Vec::new(),
            )
        }
        6 => {
            let heads = case
                .household
                .fields
                .heads(domain::family::FamilyKey::Address);
            (Known::FamilyWritten(FamilyField::Address(words)), heads)
        }
        _ => (
            Known::NoteAdded {
                words,
                corrects: None,
            },
            Vec::new(),
        ),
    }
}

fn reviewer_change(
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
        _ => Known::NoteAdded {
            words,
            corrects: None,
        },
    }
}

fn heads(case: &Case, goal: GoalId, key: GoalKey) -> Vec<domain::id::OpId> {
    case.plan
        .goals
        .get(&goal)
        .map(|goal| goal.fields.heads(key))
        .unwrap_or_default()
}
