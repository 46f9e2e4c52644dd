//! What the Percorso tab shows: version, picture in two voices, goals. Pure.

use std::collections::BTreeSet;

use domain::id::{GoalId, OpId, ScopeId, VersionId};
use domain::order;
use domain::plan::{
    Consent, FamilyWords, Goal, GoalField, GoalKey, NextStep, Plan, Stage, Version,
};
use domain::score::{Score, t_score};
use domain::stall::{Stall, stall};
use domain::state::Case;
use domain::vocabulary::{
    ActionState, Agreement, Area, Barrier, GoalState, Interpreted, NeedLevel, Response,
    SignatureMode, Verdict, Voice, WhoActs,
};
use jiff::civil::{Date, DateTime};
use litemap::LiteMap;
use replica::replica::{Receipt, Replica};

use crate::screens::dispute::goal_name;
use crate::screens::family::clock::Clock;
use crate::screens::family::facts::latest;
use crate::screens::family::rest;
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
    /// Since when it rests, where nobody has to choose whether it does.
    pub rests_since: Option<Date>,
    /// How many versions were proposed.
    pub proposed: usize,
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
    /// Who interpreted, where that was said.
    pub interpreted: Option<Interpreted>,
}

/// The social worker's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewFacts {
    /// The decision.
    pub verdict: Verdict,
    /// What she wrote.
    pub comment: String,
    /// On which goal, by the family's words; on the whole plan where there is none.
    pub about: Option<String>,
    /// Her name, where this phone knows it.
    pub by: Option<String>,
    /// When.
    pub at: DateTime,
}

/// One domain in two voices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DomainRow {
    /// The domain.
    pub area: Area,
    /// Where the family says things are, and where it wants them.
    pub family: Option<(NeedLevel, Option<NeedLevel>)>,
    /// Where the tutor says things are, and what she sees as possible.
    pub tutor: Option<(NeedLevel, Option<NeedLevel>)>,
    /// Whether the two see today differently. Never averaged.
    pub differs: bool,
    /// Who wrote it down and on which day, the latest first; one entry where both voices were
    /// written down together.
    pub written: Vec<(Option<String>, Date)>,
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
    /// How much it matters to the family, 1..=3.
    pub weight: u8,
    /// Target date.
    pub due: Option<Date>,
    /// State, if anybody set one.
    pub state: Option<GoalState>,
    /// The family's answer on it in the last version it answered.
    pub agreement: Option<Agreement>,
    /// How it stands to what the family signed last, while the plan goes on.
    pub consent: Option<Consent>,
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
    /// Whether nothing moves, and what could be tried.
    pub stall: Option<Stall>,
    /// Whether an action under it is blocked.
    pub is_blocked: bool,
    /// Whether different values stand in it or in one of its actions.
    pub is_disputed: bool,
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
    let goes_on = !matches!(case.plan.stage(), Stage::Suspended | Stage::Closed(_));
    let consents = if goes_on {
        case.plan.consents()
    } else {
        LiteMap::new()
    };
    let mut cards: Vec<GoalCard> = case
        .plan
        .goals_in_order()
        .into_iter()
        .enumerate()
        .map(|(at, (id, goal))| {
            let card = goal_card(replica, case, clock, at + 1, id, goal);
            GoalCard {
                consent: consents.get(&id).copied(),
                // Nobody tries anything next while the plan rests.
                stall: card.stall.filter(|_| goes_on),
                ..card
            }
        })
        .collect();
    let ended = cards
        .extract_if(.., |card| {
            card.state.is_some_and(|state| !state.is_active())
        })
        .collect();
    for (at, card) in cards.iter_mut().enumerate() {
        card.place = at + 1;
    }
    let picture = picture(replica, &case.plan, clock);
    Some(PlanCard {
        version: version_card(replica, case, clock),
        unrated: Area::ALL.len() - picture.len(),
        picture,
        goals: cards,
        ended,
    })
}

/// How far a plan has come, as the GAS T-score has it, in the family's voice and in the tutor's:
/// two voices, never averaged. Of goals that go on or have come to a result; those that nobody
/// rated do not count.
pub fn t_scores(card: &PlanCard) -> [Option<f64>; 2] {
    let has_result = |goal: &&GoalCard| {
        matches!(
            goal.state,
            Some(GoalState::Achieved | GoalState::PartlyAchieved | GoalState::NotAchieved)
        )
    };
    let ended = card.ended.iter().filter(has_result);
    let goals: Vec<&GoalCard> = card.goals.iter().chain(ended).collect();
    [
        |goal: &GoalCard| goal.family.as_ref().map(|rated| rated.score),
        |goal: &GoalCard| goal.tutor.as_ref().map(|rated| rated.score),
    ]
    .map(|voice: fn(&GoalCard) -> Option<Score>| {
        let rated = goals.iter();
        let rated = rated.filter_map(|goal| Some((goal.weight, voice(goal)?)));
        t_score(&rated.collect::<Vec<_>>())
    })
}

/// The number that the next version gets.
pub fn next_number(plan: &Plan) -> u32 {
    let latest = plan.latest_version();
    latest.map_or(0, |version| version.number).saturating_add(1)
}

/// Version and state of agreement of one plan.
pub fn version_card(replica: &Replica, case: &Case, clock: Clock<'_>) -> VersionCard {
    let plan = &case.plan;
    let latest = plan.latest_proposal();
    let draft = plan.has_draft().then(|| {
        let before = latest
            .map(|(_, version)| version.content.clone())
            .unwrap_or_default();
        (
            next_number(plan),
            between(&before, &plan.content(), case).len(),
        )
    });
    let answer = latest.and_then(|(_, version)| answer_facts(case, version, clock));
    let review = latest.and_then(|(_, version)| review_facts(replica, case, version, clock));
    let rests_since = rest(case).and_then(|_| plan.moves.shown());
    VersionCard {
        stage: plan.stage(),
        rests_since: rests_since.map(|(_, write)| clock.day(write.at)),
        proposed: plan.versions.len(),
        latest: latest.map(|(op, version)| VersionFacts {
            id: version.id,
            number: version.number,
            at: clock.local(version.at),
            receipt: replica.receipt(op),
        }),
        answer,
        review,
        draft,
    }
}

/// The family's answer on a version.
pub fn answer_facts(case: &Case, version: &Version, clock: Clock<'_>) -> Option<AnswerFacts> {
    let said = case.plan.answer(version.id)?;
    let goals = said.what.goals.iter();
    Some(AnswerFacts {
        mode: said.what.mode,
        member: said.what.member.and_then(|id| member_name(case, id)),
        at: clock.local(case.plan.answered_at(version.id).unwrap_or(said.at)),
        not_agreed: goals
            .filter(|goal| goal.agreement == Agreement::NotAgreed)
            .count(),
        is_signed: case.plan.is_agreed(version),
        interpreted: said.what.interpreted,
    })
}

/// The social worker's last word on a version.
pub fn review_facts(
    replica: &Replica,
    case: &Case,
    version: &Version,
    clock: Clock<'_>,
) -> Option<ReviewFacts> {
    let said = case.plan.review(version.id)?;
    Some(ReviewFacts {
        verdict: said.what.verdict,
        comment: said.what.comment.clone(),
        about: said
            .what
            .goal
            .map(|goal| goal_name(case, Some(goal)))
            .filter(|name| !name.is_empty()),
        by: replica
            .state()
            .colleague(said.author)
            .map(|known| known.name.clone()),
        at: clock.local(said.at),
    })
}

/// A member's name in Latin letters.
pub fn member_name(case: &Case, id: domain::id::MemberId) -> Option<String> {
    Some(case.household.member(id)?.name()?.latin.clone())
}

/// The domains that somebody rated, in the order of the list.
pub fn picture(replica: &Replica, plan: &Plan, clock: Clock<'_>) -> Vec<DomainRow> {
    let voice = |area, voice| {
        plan.need(area, voice)
            .map(|said| (said.value.now, said.value.hope))
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
                written: written(replica, plan, *area, clock),
            })
        })
        .collect()
}

fn written(
    replica: &Replica,
    plan: &Plan,
    area: Area,
    clock: Clock<'_>,
) -> Vec<(Option<String>, Date)> {
    let mut written: Vec<(Option<String>, Date)> = [Voice::Family, Voice::Tutor]
        .into_iter()
        .filter_map(|voice| plan.need(area, voice))
        .map(|said| {
            let by = replica.state().colleague(said.author);
            (by.map(|by| by.name.clone()), clock.day(said.at))
        })
        .collect();
    order::sort_by(&mut written, |a, b| b.1.cmp(&a.1));
    written.dedup();
    written
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
        weight: goal.weight(),
        due: goal.due().copied(),
        state: goal.state().copied(),
        agreement: agreement(&case.plan, id),
        consent: None,
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
        stall: stall(ratings.iter().map(|(_, entry)| &entry.record.rating)),
        is_blocked: count(ActionState::Blocked) > 0,
        is_disputed: goal.fields.disputed().next().is_some()
            || case
                .plan
                .actions_of(id)
                .any(|(_, action)| action.fields.disputed().next().is_some()),
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

/// The family's answer on a goal: in the last version that it answered, and where that does not
/// name the goal, what it said when the goal was made with it.
fn agreement(plan: &Plan, goal: GoalId) -> Option<Agreement> {
    let said_then = || plan.goals.get(&goal)?.agreement().copied();
    of_version(plan, goal).or_else(said_then)
}

fn of_version(plan: &Plan, goal: GoalId) -> Option<Agreement> {
    let mut answered: Vec<_> = plan.versions.values().collect();
    order::sort_by_key(&mut answered, |version| version.number);
    let said = answered
        .iter()
        .rev()
        .find_map(|version| plan.answer(version.id))?;
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
    order::sort_by_key(&mut points, |point| point.day);
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
mod tests;
