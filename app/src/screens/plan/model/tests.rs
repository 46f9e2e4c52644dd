//! What the plan shows, told of one invented family.

use domain::op::Known;
use domain::plan::{NeedRating, PlanMove};
use domain::visit::Rating;
use domain::vocabulary::{Role, TutorMove};
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
fn a_goal_says_whether_the_family_signed_it_as_it_reads() {
    let consent = |family: &Family| card(family).goals.first().and_then(|goal| goal.consent);
    let mut family = Family::hassan();
    assert_eq!(consent(&family), Some(Consent::NothingSigned));
    family.proposed(1).answered(1, Agreement::Agreed);
    assert_eq!(consent(&family), Some(Consent::Signed));
    let field = GoalField::Due(date(2026, 12, 1));
    let goal = goal(1);
    family.write(tutor(), Known::GoalWritten { goal, field });
    assert_eq!(consent(&family), Some(Consent::ChangedSince));
    assert_eq!(
        consent(family.proposed(2)),
        Some(Consent::ChangedSince),
        "proposed is not signed"
    );
    family.write(tutor(), Known::PlanMoved(PlanMove::Suspended));
    assert_eq!(consent(&family), None, "nobody is asked while it rests");
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
    let written = &plan.picture[0].written;
    assert_eq!(
        written.len(),
        1,
        "both voices, one hand, one day: {written:?}"
    );
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

#[test]
fn a_goal_on_which_nothing_moves_says_so_and_the_figures_keep_two_voices() {
    let mut family = Family::hassan();
    assert_eq!(t_scores(&card(&family)), [None, None], "nobody rated it");
    for (number, month) in (1..).zip(5..=8) {
        let rating = Rating {
            response: Some(Response::Listens),
            ..rated(-2, -1)
        };
        family.visited(number, date(2026, month, 1), rating);
    }
    let goals = card(&family).goals;
    let still = goals[0].stall.expect("nothing moved");
    assert_eq!((still.visits, still.hint), (3, TutorMove::Encourages));
    let [by_family, by_tutor] = t_scores(&card(&family)).map(|score| score.map(f64::round));
    assert_eq!((by_family, by_tutor), (Some(30.0), Some(40.0)));
}
