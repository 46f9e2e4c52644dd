//! What the Percorso tab shows: version, picture in two voices, goals. Pure.

use std::collections::BTreeSet;

use domain::id::{GoalId, OpId, ScopeId, VersionId};
use domain::plan::{FamilyWords, Goal, GoalField, GoalKey, NextStep, Plan, Stage};
use domain::score::Score;
use domain::state::Case;
use domain::vocabulary::{
    ActionState, Agreement, Area, Barrier, GoalState, NeedLevel, Response, SignatureMode, Verdict,
    Voice, WhoActs,
};
use jiff::civil::{Date, DateTime};
use replica::replica::{Receipt, Replica};

use crate::screens::family::clock::Clock;
use crate::screens::family::facts::latest;
use crate::screens::plan::changes::between;

/// Everything on the Percorso tab.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanCard {
    /// Version and state of agreement.
    pub version: VersionCard,
    /// The domains that somebody rated, in two voices.
    pub picture: Vec<DomainRow>,
    /// How many domains nobody has rated.
    pub unrated: usize,
    /// Goals being worked on, in the family's order.
    pub goals: Vec<GoalCard>,
    /// Goals that ended or rest.
    pub ended: Vec<GoalCard>,
}

/// Version and state of agreement.
#[derive(Clone, Debug, PartialEq)]
pub struct VersionCard {
    /// Where the plan stands.
    pub stage: Stage,
    /// The last version proposed.
    pub latest: Option<VersionFacts>,
    /// The family's answer on it.
    pub answer: Option<AnswerFacts>,
    /// The social worker's last word on it.
    pub review: Option<ReviewFacts>,
    /// What was not proposed yet: the number that it would get, and how many changes.
    pub draft: Option<(u32, usize)>,
}

/// The last version proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionFacts {
    /// Which.
    pub id: VersionId,
    /// Its number.
    pub number: u32,
    /// When.
    pub at: DateTime,
    /// What its proposal's receipt says.
    pub receipt: Option<Receipt>,
}

/// The family's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerFacts {
    /// How.
    pub mode: SignatureMode,
    /// Who answered.
    pub member: Option<String>,
    /// When.
    pub at: DateTime,
    /// Goals on which the family does not agree.
    pub not_agreed: usize,
    /// Whether it answers exactly what the version says.
    pub is_signed: bool,
}

/// The social worker's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewFacts {
    /// The decision.
    pub verdict: Verdict,
    /// What she wrote.
    pub comment: String,
    /// Her name, where this phone knows it.
    pub by: Option<String>,
    /// When.
    pub at: DateTime,
}

/// One domain in two voices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DomainRow {
    /// The domain.
    pub area: Area,
    /// Where the family says things are, and where it wants them.
    pub family: Option<(NeedLevel, Option<NeedLevel>)>,
    /// Where the tutor says things are, and what she sees as possible.
    pub tutor: Option<(NeedLevel, Option<NeedLevel>)>,
    /// Whether the two see today differently. Never averaged.
    pub differs: bool,
}

/// One goal.
#[derive(Clone, Debug, PartialEq)]
pub struct GoalCard {
    /// Which.
    pub id: GoalId,
    /// Its place in the family's order, from 1.
    pub place: usize,
    /// The domain.
    pub area: Option<Area>,
    /// The family's own words.
    pub words: Option<FamilyWords>,
    /// Who said them.
    pub said_by: Option<String>,
    /// The expected result.
    pub expected: Option<String>,
    /// Target date.
    pub due: Option<Date>,
    /// State, if anybody set one.
    pub state: Option<GoalState>,
    /// The family's answer on it in the last version it answered.
    pub agreement: Option<Agreement>,
    /// The last rating of each voice.
    pub family: Option<Rated>,
    /// The tutor's last rating.
    pub tutor: Option<Rated>,
    /// Who acts.
    pub who_acts: Option<WhoActs>,
    /// Who acted before.
    pub acted_before: Option<WhoActs>,
    /// The last response, its day, and what stood in the way.
    pub response: Option<(Response, Date, BTreeSet<Barrier>)>,
    /// What comes next.
    pub next_step: Option<NextStep>,
    /// Both ratings over time, oldest first.
    pub trend: Vec<TrendPoint>,
    /// What is still open under it and what was done.
    pub actions: (usize, usize),
    /// Whether an action under it is blocked.
    pub is_blocked: bool,
    /// Fields in which two values stand.
    pub disputed: Vec<GoalKey>,
    /// What the receipt of its last op says.
    pub receipt: Option<Receipt>,
}

/// A rating on the scale, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rated {
    /// The level.
    pub score: Score,
    /// What the family said, or what the level was agreed to look like.
    pub words: Option<String>,
    /// Whether the words were spoken by the family.
    pub is_quote: bool,
}

/// Both ratings at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrendPoint {
    /// When.
    pub day: Date,
    /// The family's.
    pub family: Option<Score>,
    /// The tutor's.
    pub tutor: Option<Score>,
}

/// What a trend says in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drift {
    /// Too few ratings to tell.
    First,
    /// Better for one voice, and no worse for the other.
    Better,
    /// Worse for one voice, and no better for the other.
    Worse,
    /// As it was.
    Still,
    /// Better for the tutor, as it was for the family.
    StillForFamily,
    /// Better for one voice, worse for the other.
    Apart,
    /// The family cannot go on, and nothing improved.
    Stuck,
}

/// What the Percorso tab shows of one family.
pub fn model(replica: &Replica, scope: ScopeId, clock: Clock<'_>) -> Option<PlanCard> {
    let case = replica.state().cases.get(&scope)?;
    let mut cards: Vec<GoalCard> = case
        .plan
        .goals_in_order()
        .into_iter()
        .enumerate()
        .map(|(at, (id, goal))| goal_card(replica, case, clock, at + 1, id, goal))
        .collect();
    let ended = cards
        .extract_if(.., |card| !is_active(card.state))
        .collect();
    for (at, card) in cards.iter_mut().enumerate() {
        card.place = at + 1;
    }
    let picture = picture(&case.plan);
    Some(PlanCard {
        version: version_card(replica, case, clock),
        unrated: Area::ALL.len() - picture.len(),
        picture,
        goals: cards,
        ended,
    })
}

/// The number that the next version gets.
pub fn next_number(plan: &Plan) -> u32 {
    plan.versions
        .values()
        .map(|version| version.number)
        .max()
        .unwrap_or(0)
        .saturating_add(1)
}

fn is_active(state: Option<GoalState>) -> bool {
    match state {
        None | Some(GoalState::Proposed | GoalState::Agreed | GoalState::InProgress) => true,
        Some(
            GoalState::Achieved
            | GoalState::PartlyAchieved
            | GoalState::NotAchieved
            | GoalState::Suspended
            | GoalState::Abandoned,
        ) => false,
    }
}

/// Version and state of agreement of one plan.
pub fn version_card(replica: &Replica, case: &Case, clock: Clock<'_>) -> VersionCard {
    let plan = &case.plan;
    let latest = plan.versions.iter().next_back();
    let draft = plan.has_draft().then(|| {
        let before = latest
            .map(|(_, version)| version.content.clone())
            .unwrap_or_default();
        (
            next_number(plan),
            between(&before, &plan.content(), case).len(),
        )
    });
    let answer = latest.and_then(|(_, version)| {
        let said = plan.answer(version.id)?;
        let not_agreed = said
            .what
            .goals
            .iter()
            .filter(|goal| goal.agreement == Agreement::NotAgreed)
            .count();
        Some(AnswerFacts {
            mode: said.what.mode,
            member: said.what.member.and_then(|id| member_name(case, id)),
            at: clock.local(said.at),
            not_agreed,
            is_signed: plan.is_agreed(version),
        })
    });
    let review = latest.and_then(|(_, version)| {
        let said = plan.review(version.id)?;
        Some(ReviewFacts {
            verdict: said.what.verdict,
            comment: said.what.comment.clone(),
            by: replica
                .state()
                .colleague(said.author)
                .map(|known| known.name.clone()),
            at: clock.local(said.at),
        })
    });
    VersionCard {
        stage: plan.stage(),
        latest: latest.map(|(op, version)| VersionFacts {
            id: version.id,
            number: version.number,
            at: clock.local(version.at),
            receipt: replica.receipt(*op),
        }),
        answer,
        review,
        draft,
    }
}

/// A member's name in Latin letters.
pub fn member_name(case: &Case, id: domain::id::MemberId) -> Option<String> {
    Some(case.household.members.get(&id)?.name()?.latin.clone())
}

/// The domains that somebody rated, in the order of the list.
pub fn picture(plan: &Plan) -> Vec<DomainRow> {
    let voice = |area, voice| {
        plan.need(area, voice)
            .map(|rating| (rating.now, rating.hope))
    };
    Area::ALL
        .iter()
        .filter_map(|area| {
            let (family, tutor) = (voice(*area, Voice::Family), voice(*area, Voice::Tutor));
            if family.is_none() && tutor.is_none() {
                return None;
            }
            let differs = matches!((family, tutor), (Some((f, _)), Some((t, _))) if f != t);
            Some(DomainRow {
                area: *area,
                family,
                tutor,
                differs,
            })
        })
        .collect()
}

fn goal_card(
    replica: &Replica,
    case: &Case,
    clock: Clock<'_>,
    place: usize,
    id: GoalId,
    goal: &Goal,
) -> GoalCard {
    let trend = trend(case, clock, id);
    let ratings: Vec<_> = case.ratings(id).collect();
    let family = ratings.iter().rev().find_map(|(_, entry)| {
        let rating = &entry.record.rating;
        let said = rating.words.as_ref().map(|words| words.italian.clone());
        let said = said.filter(|words| !words.trim().is_empty());
        rating.family.map(|score| Rated {
            score,
            is_quote: said.is_some(),
            words: said.or_else(|| goal.level_words(score).map(ToOwned::to_owned)),
        })
    });
    let tutor = ratings.iter().rev().find_map(|(_, entry)| {
        entry.record.rating.tutor.map(|score| Rated {
            score,
            is_quote: false,
            words: goal.level_words(score).map(ToOwned::to_owned),
        })
    });
    let response = ratings.iter().rev().find_map(|(_, entry)| {
        let rating = &entry.record.rating;
        let day = day_of(case, clock, entry.record.visit, entry.at);
        rating
            .response
            .map(|response| (response, day, rating.barriers.clone()))
    });
    let actions: Vec<ActionState> = case
        .plan
        .actions_of(id)
        .map(|(_, action)| action.state())
        .collect();
    let count = |state| actions.iter().filter(|other| **other == state).count();
    GoalCard {
        id,
        place,
        area: goal.area().copied(),
        words: goal.words().cloned(),
        said_by: goal
            .words()
            .and_then(|words| member_name(case, words.member?)),
        expected: goal.expected().cloned(),
        due: goal.due().copied(),
        state: goal.state().copied(),
        agreement: agreement(&case.plan, id),
        family,
        tutor,
        who_acts: goal.who_acts().copied(),
        acted_before: acted_before(goal),
        response,
        next_step: goal.next_step().cloned(),
        trend,
        actions: (
            count(ActionState::Todo) + count(ActionState::Blocked),
            count(ActionState::Done),
        ),
        is_blocked: count(ActionState::Blocked) > 0,
        disputed: goal.fields.disputed().map(|(key, _)| key).collect(),
        receipt: latest(ops_of_goal(case, id, goal)).and_then(|op| replica.receipt(op)),
    }
}

fn ops_of_goal<'a>(
    case: &'a Case,
    id: GoalId,
    goal: &'a Goal,
) -> impl Iterator<Item = OpId> + use<'a> {
    let written = goal
        .fields
        .iter()
        .flat_map(|(_, register)| register.history());
    let actions = case
        .plan
        .actions_of(id)
        .flat_map(|(_, action)| action.fields.iter().flat_map(|(_, r)| r.history()));
    written
        .map(|(op, _)| op)
        .chain(actions.map(|(op, _)| op))
        .chain(case.ratings(id).map(|(op, _)| op))
}

/// The family's answer on a goal in the last version that it answered.
fn agreement(plan: &Plan, goal: GoalId) -> Option<Agreement> {
    let said = plan.answers.values().next_back()?;
    said.what
        .goals
        .iter()
        .find(|answer| answer.goal == goal)
        .map(|answer| answer.agreement)
}

/// Who acted before whoever acts now.
fn acted_before(goal: &Goal) -> Option<WhoActs> {
    let register = goal.fields.register(GoalKey::WhoActs)?;
    let (shown, now) = register.shown()?;
    register
        .history()
        .take_while(|(op, _)| *op < shown)
        .filter(|(_, write)| write.value != now.value)
        .last()
        .and_then(|(_, write)| match write.value {
            GoalField::WhoActs(who) => Some(who),
            _ => None,
        })
}

/// The day of an entry: that of its visit, or when it was written.
pub fn day_of(
    case: &Case,
    clock: Clock<'_>,
    visit: Option<domain::id::VisitId>,
    at: domain::id::Millis,
) -> Date {
    visit
        .and_then(|visit| case.visits.get(&visit)?.record())
        .map_or_else(|| clock.day(at), |(_, entry)| entry.record.date)
}

/// Both ratings over time, oldest first, as far as the eye can take them in.
pub fn trend(case: &Case, clock: Clock<'_>, goal: GoalId) -> Vec<TrendPoint> {
    const POINTS_MAX: usize = 8;
    let mut points: Vec<TrendPoint> = case
        .ratings(goal)
        .filter(|(_, entry)| {
            entry.record.rating.family.is_some() || entry.record.rating.tutor.is_some()
        })
        .map(|(_, entry)| TrendPoint {
            day: day_of(case, clock, entry.record.visit, entry.at),
            family: entry.record.rating.family,
            tutor: entry.record.rating.tutor,
        })
        .collect();
    // A rating may be written down days after its visit.
    points.sort_by_key(|point| point.day);
    points.split_off(points.len().saturating_sub(POINTS_MAX))
}

/// What a trend says in a word.
pub fn drift(points: &[TrendPoint], last: Option<Response>) -> Drift {
    if points.len() < 2 {
        return Drift::First;
    }
    let family = moved(points.iter().filter_map(|point| point.family));
    let tutor = moved(points.iter().filter_map(|point| point.tutor));
    match (family, tutor) {
        (0, 1..) => Drift::StillForFamily,
        (1.., 0..) => Drift::Better,
        (1.., _) | (_, 1..) => Drift::Apart,
        _ if last == Some(Response::Unable) => Drift::Stuck,
        (0, 0) => Drift::Still,
        _ => Drift::Worse,
    }
}

fn moved(mut scores: impl Iterator<Item = Score>) -> i8 {
    let Some(first) = scores.next() else { return 0 };
    scores.last().map_or(0, |last| last.get() - first.get())
}

#[cfg(test)]
mod tests {
    use domain::op::Known;
    use domain::plan::NeedRating;
    use domain::visit::Rating;
    use domain::vocabulary::Role;
    use jiff::civil::date;

    use super::*;
    use crate::screens::fixture::{Family, clock, goal, scope, score, tutor};

    fn card(family: &Family) -> PlanCard {
        let replica = family.held_by(tutor(), Role::Mediator);
        model(&replica, scope(), clock()).expect("the family is there")
    }

    fn rated(family: i8, tutor: i8) -> Rating {
        Rating {
            family: Some(score(family)),
            tutor: Some(score(tutor)),
            ..Rating::default()
        }
    }

    #[test]
    fn a_plan_goes_from_draft_to_active() {
        let mut family = Family::hassan();
        let version = card(&family).version;
        assert_eq!(version.stage, Stage::Draft);
        assert_eq!(version.draft, Some((1, 1)));

        let version = card(family.proposed(1)).version;
        assert_eq!((version.stage, version.draft), (Stage::Proposed, None));

        let version = card(family.answered(1, Agreement::Agreed)).version;
        assert_eq!(version.stage, Stage::Agreed);
        let answer = version.answer.expect("the family answered");
        assert_eq!(answer.member.as_deref(), Some("Amina"));
        assert!(answer.is_signed);

        let version = card(family.reviewed(1, Verdict::Approved, "")).version;
        assert_eq!(version.stage, Stage::Active);

        let expected = GoalField::Expected("Amina fa due colloqui.".into());
        family.write(
            tutor(),
            Known::GoalWritten {
                goal: goal(1),
                field: expected,
            },
        );
        let version = card(&family).version;
        // The version stays active; what was written since is the next draft.
        assert_eq!(
            (version.stage, version.draft),
            (Stage::Active, Some((2, 1)))
        );
    }

    #[test]
    fn a_returned_version_shows_the_comment() {
        let mut family = Family::hassan();
        family.proposed(1).answered(1, Agreement::Agreed);
        family.reviewed(1, Verdict::Returned, "Manca il termine.");
        let review = card(&family).version.review.expect("she answered");
        assert_eq!(review.comment, "Manca il termine.");
    }

    #[test]
    fn a_goal_card_keeps_both_voices_apart() {
        let mut family = Family::hassan();
        family.visited(1, date(2026, 9, 1), rated(-2, -2));
        family.visited(
            2,
            date(2026, 9, 30),
            Rating {
                response: Some(Response::OwnInitiative),
                barriers: [Barrier::WorkHours].into(),
                words: Some(FamilyWords {
                    italian: "Capisco gli avvisi.".into(),
                    ..Default::default()
                }),
                ..rated(1, 0)
            },
        );
        let who = GoalField::WhoActs(WhoActs::FamilyHelped);
        let heads = family.case().plan.goals[&goal(1)]
            .fields
            .heads(GoalKey::WhoActs);
        family.replace(
            tutor(),
            heads,
            Known::GoalWritten {
                goal: goal(1),
                field: who,
            },
        );

        let plan = card(&family);
        let goal = &plan.goals[0];
        assert_eq!(goal.place, 1);
        assert_eq!(
            goal.family.as_ref().map(|rated| rated.score),
            Some(score(1))
        );
        assert_eq!(goal.family.as_ref().map(|rated| rated.is_quote), Some(true));
        let tutor = goal.tutor.as_ref().expect("the tutor rated");
        assert_eq!(tutor.words.as_deref(), goal.expected.as_deref());
        assert_eq!(goal.who_acts, Some(WhoActs::FamilyHelped));
        assert_eq!(goal.acted_before, Some(WhoActs::Together));
        assert_eq!(goal.said_by.as_deref(), Some("Amina"));
        let (response, day, barriers) = goal.response.clone().expect("there was a response");
        assert_eq!(
            (response, day),
            (Response::OwnInitiative, date(2026, 9, 30))
        );
        assert_eq!(barriers, [Barrier::WorkHours].into());
        assert_eq!(goal.trend.len(), 2);
        assert_eq!(drift(&goal.trend, Some(response)), Drift::Better);
        assert!(matches!(goal.receipt, Some(Receipt::Accepted(_))));
    }

    #[test]
    fn ended_goals_are_kept_apart() {
        let mut family = Family::hassan();
        let state = GoalField::State(GoalState::Achieved);
        family.write(
            tutor(),
            Known::GoalWritten {
                goal: goal(1),
                field: state,
            },
        );
        let plan = card(&family);
        assert!(plan.goals.is_empty());
        assert_eq!(plan.ended.len(), 1);
    }

    #[test]
    fn voices_that_differ_about_today_are_named() {
        let mut family = Family::hassan();
        for (voice, now) in [
            (Voice::Family, NeedLevel::Well),
            (Voice::Tutor, NeedLevel::Hard),
        ] {
            let rating = NeedRating {
                now,
                hope: Some(NeedLevel::Well),
                words: None,
            };
            family.write(
                tutor(),
                Known::NeedRated {
                    area: Area::Home,
                    voice,
                    rating,
                },
            );
        }
        let plan = card(&family);
        assert_eq!(plan.picture.len(), 1);
        assert!(plan.picture[0].differs);
        assert_eq!(plan.unrated, Area::ALL.len() - 1);
    }

    #[test]
    fn a_trend_says_what_each_voice_saw() {
        let point = |family, tutor| TrendPoint {
            day: date(2026, 9, 1),
            family: Some(score(family)),
            tutor: Some(score(tutor)),
        };
        let check = |to: (i8, i8), last, expected| {
            assert_eq!(
                drift(&[point(-1, -1), point(to.0, to.1)], last),
                expected,
                "{to:?}"
            );
        };
        assert_eq!(drift(&[point(0, 0)], None), Drift::First);
        check((1, 1), None, Drift::Better);
        check((1, -1), None, Drift::Better);
        check((-1, 1), None, Drift::StillForFamily);
        check((1, -2), None, Drift::Apart);
        check((-2, 0), None, Drift::Apart);
        check((-1, -1), None, Drift::Still);
        check((-2, -1), None, Drift::Worse);
        check((-2, -1), Some(Response::Unable), Drift::Stuck);
    }
}
