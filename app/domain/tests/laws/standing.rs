//! No clock decides which of several statements counts.

use domain::family::Language;
use domain::id::{Millis, OpId, VersionId, VisitId};
use domain::op::{Known, Op};
use domain::plan::{Answer, NeedRating, PlanContent, Review};
use domain::state::{Case, State};
use domain::visit::VisitRecord;
use domain::vocabulary::{Area, NeedLevel, SignatureMode, Verdict, Voice};
use proptest::prelude::*;

use crate::common::{every_kind, id, op_of};

const VERSION: [u8; 10] = [9; 10];

fn version() -> VersionId {
    VersionId::new(Millis(2), VERSION)
}

fn reviewed(n: u64, verdict: Verdict, replaces: &[OpId]) -> Op {
    let review = Review {
        fingerprint: PlanContent::default().fingerprint(),
        verdict,
        comment: "manca la data".to_owned(),
        goal: None,
    };
    let version = version();
    op_of(n, Known::VersionReviewed { version, review }, replaces)
}

fn answered(n: u64, mode: SignatureMode, replaces: &[OpId]) -> Op {
    let answer = Answer {
        fingerprint: PlanContent::default().fingerprint(),
        mode,
        member: None,
        witness: None,
        language: Language("ar".to_owned()),
        interpreted: None,
        goals: Vec::new(),
    };
    let version = version();
    op_of(n, Known::VersionAnswered { version, answer }, replaces)
}

fn rated(n: u64, now: NeedLevel, replaces: &[OpId]) -> Op {
    let rating = NeedRating {
        now,
        hope: None,
        words: None,
    };
    let (area, voice) = (Area::Home, Voice::Family);
    op_of(
        n,
        Known::NeedRated {
            area,
            voice,
            rating,
        },
        replaces,
    )
}

fn recorded(n: u64, minutes: u16, corrects: Option<OpId>) -> Op {
    let record = every_kind(1)
        .into_iter()
        .find_map(|known| match known {
            Known::VisitRecorded { record, .. } => Some(record),
            _ => None,
        })
        .expect("every kind is there");
    let record = VisitRecord { minutes, ..record };
    let visit = VisitId::new(Millis(2), [1; 10]);
    op_of(
        n,
        Known::VisitRecorded {
            visit,
            record,
            corrects,
        },
        &[],
    )
}

fn case_of(ops: &[Op]) -> Case {
    let mut state = State::default();
    for op in ops {
        state.apply(op);
    }
    let (_, case) = state.cases.iter().next().expect("an op was applied");
    case.clone()
}

/// Each pair is a statement and a later one whose author saw the first; the later one has the
/// smaller id, because the clock of its phone is slow.
#[test]
fn a_slow_clock_does_not_bring_an_older_statement_back() {
    let first = id(9);
    let approved = reviewed(9, Verdict::Approved, &[]);
    let returned = reviewed(1, Verdict::Returned, &[first]);
    let signed = answered(9, SignatureMode::Oral, &[]);
    let refused = answered(1, SignatureMode::Refused, &[first]);
    let hard = rated(9, NeedLevel::Hard, &[]);
    let well = rated(1, NeedLevel::Well, &[first]);
    let an_hour = recorded(9, 60, None);
    let half_an_hour = recorded(1, 30, Some(first));
    for turned in [false, true] {
        let seen = |older: &Op, newer: &Op| {
            let mut ops = [older.clone(), newer.clone()];
            if turned {
                ops.reverse();
            }
            case_of(&ops)
        };
        let plan = seen(&approved, &returned).plan;
        let review = plan.review(version()).expect("it was reviewed");
        assert_eq!(review.what.verdict, Verdict::Returned);
        assert_eq!(plan.review_heads(version()), [id(1)]);
        let plan = seen(&signed, &refused).plan;
        let answer = plan.answer(version()).expect("it was answered");
        assert_eq!(answer.what.mode, SignatureMode::Refused);
        let plan = seen(&hard, &well).plan;
        let need = plan.need(Area::Home, Voice::Family).expect("it was rated");
        assert_eq!(need.value.now, NeedLevel::Well);
        let case = seen(&an_hour, &half_an_hour);
        let visit = case.visits.values().next().expect("it was recorded");
        let (_, entry) = visit.record().expect("it was recorded");
        assert_eq!(entry.record.minutes, 30);
    }
}

#[test]
fn a_version_with_a_greater_number_is_the_later_one_whatever_the_clocks_say() {
    let proposed = |n: u64, number: u32| {
        let version = VersionId::new(Millis(3), [u8::try_from(number).expect("it is small"); 10]);
        let content = PlanContent::default();
        op_of(
            n,
            Known::VersionProposed {
                version,
                number,
                content,
            },
            &[],
        )
    };
    let case = case_of(&[proposed(9, 1), proposed(1, 2)]);
    let latest = case.plan.latest_version().expect("two were proposed");
    assert_eq!(latest.number, 2);
}

proptest! {
    /// Whatever names whatever, itself and circles included, something counts as soon as something
    /// was said, and what a new statement names leaves that one alone standing.
    #[test]
    fn what_was_said_last_counts_whoever_names_whom(
        named in prop::collection::vec(prop::collection::vec(0_u64..8, 0..4), 1..8),
    ) {
        let ops: Vec<Op> = named
            .iter()
            .zip(0..)
            .map(|(named, n)| {
                let named: Vec<OpId> = named.iter().map(|n| id(*n)).collect();
                reviewed(n, Verdict::Approved, &named)
            })
            .collect();
        let case = case_of(&ops);
        prop_assert!(case.plan.review(version()).is_some());
        let heads = case.plan.review_heads(version());
        let mut all = ops;
        all.push(reviewed(100, Verdict::Returned, &heads));
        let plan = case_of(&all).plan;
        let review = plan.review(version()).expect("it was reviewed");
        prop_assert_eq!(review.what.verdict, Verdict::Returned);
    }
}
