//! Laws of the domain: what must hold for every set of operations, and published vectors.

#![expect(
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a test that is wrong about an index fails, which is what tests are for"
)]

mod common;
mod consent;
mod elsewhere;
mod limits;
mod lists;
mod orders;
mod persons;
mod places;
mod releases;
mod search;
mod standing;
mod texts;

use common::{arbitrary_json, arbitrary_ops, id, op_of};
use domain::attachment::{
    About, Attachment, BYTES_MAX, Format, Hash, Kind, NoHash, VOICE_SECONDS_MAX,
};
use domain::authorize::{
    Actor, Relation, ScopeKind, may, may_adopt, may_attach, may_read, may_settle,
};
use domain::code::Code;
use domain::family::Language;
use domain::id::{AttachmentId, GoalId, Millis, OpId, UserId, VersionId};
use domain::op::{Change, Known, Op};
use domain::plan::{Answer, FamilyWords, GoalField, GoalKey, PlanMove, Review, Stage};
use domain::register::{Register, Write};
use domain::score::{Score, t_score};
use domain::state::{CheckError, State};
use domain::validate::validate;
use domain::vocabulary::{Closure, Role, SignatureMode, Verdict};
use limits::TOO_LONG;
use proptest::prelude::*;

proptest! {
    #[test]
    fn state_is_a_function_of_the_set_of_ops(
        (ops, shuffled) in arbitrary_ops()
            .prop_flat_map(|ops| (Just(ops.clone()), Just(ops).prop_shuffle())),
    ) {
        let (mut once, mut again) = (State::default(), State::default());
        ops.iter().for_each(|op| once.apply(op));
        shuffled.iter().chain(&ops).for_each(|op| again.apply(op));
        prop_assert_eq!(once, again);
    }

    #[test]
    fn a_register_keeps_every_word_that_nobody_replaced(
        writes in prop::collection::vec(
            (any::<u64>(), prop::collection::vec(0_usize..12, 0..3)),
            1..12,
        ),
    ) {
        let ids: Vec<OpId> = (0..writes.len()).map(|n| id(n as u64)).collect();
        let mut register = Register::default();
        for (n, (value, replaces)) in writes.iter().enumerate() {
            let replaces: Vec<OpId> =
                replaces.iter().filter_map(|n| ids.get(*n).copied()).collect();
            let write = Write { value: *value, author: id_user(), at: Millis(0) };
            register.write(ids[n], write, &replaces);
        }
        for (n, own) in ids.iter().enumerate() {
            let is_replaced = writes.iter().enumerate().any(|(by, (_, replaces))| {
                by != n && replaces.contains(&n)
            });
            prop_assert_eq!(register.standing().any(|(at, _)| at == *own), !is_replaced);
        }
        prop_assert!(register.shown().is_some(), "something always shows");
        prop_assert_eq!(register.history().count(), writes.len());
    }

    #[test]
    fn what_is_written_is_read_back(ops in arbitrary_ops()) {
        for op in ops {
            let text = serde_json::to_string(&op).expect("an op is JSON");
            let back: Op = serde_json::from_str(&text).expect("it was just written");
            prop_assert_eq!(back, op);
        }
    }

    #[test]
    fn rights_never_widen_when_a_grant_is_taken(ops in arbitrary_ops()) {
        for op in ops {
            let Change::Known(known) = &op.change else { continue };
            for role in Role::ALL.iter().copied().filter(|role| *role != Role::System) {
                let nobody = Actor { user: op.author, role, relation: None };
                prop_assert!(may(&nobody, ScopeKind::Family, known).is_err());
                prop_assert!(!may_read(role, None));
                prop_assert!(!may_attach(&nobody, ScopeKind::Family));
                let reader = Actor { relation: Some(Relation::Reader), ..nobody };
                if may(&reader, ScopeKind::Family, known).is_ok() {
                    let is_seen = matches!(**known, Known::Seen { .. });
                    prop_assert!(is_seen, "a reader writes nothing but that they have read");
                }
            }
        }
    }

    /// A newer app's word: any kind, any content. It is kept byte for byte and counted.
    #[test]
    fn any_json_is_an_op_that_is_kept_or_a_clear_error(
        ops in arbitrary_ops(),
        kind in "[a-z_]{1,12}",
        content in arbitrary_json(),
    ) {
        let mut state = State::default();
        for op in ops {
            let mut json = serde_json::to_value(&op).expect("an op is JSON");
            json["change"] = serde_json::json!({ &kind: content });
            let text = json.to_string();
            let op: Op = serde_json::from_str(&text).expect("its header is that of an op");
            let is_unread = matches!(op.change, Change::Unknown(_));
            let again = serde_json::to_value(&op).expect("an op is JSON");
            prop_assert!(!is_unread || again == json, "{text}");
            state.apply(&op);
            state.apply(&op);
            let unread = &state.cases[&op.scope].unread;
            prop_assert_eq!(is_unread, unread.contains_key(&op.id));
            json["id"] = content.clone();
            if serde_json::from_str::<Op>(&json.to_string()).is_ok() {
                prop_assert!(content.is_string());
            }
        }
    }
}

fn id_user() -> UserId {
    UserId::new(Millis(1), [7; 10])
}

#[test]
fn t_score_follows_the_published_vectors() {
    let score = |x: i8| Score::try_from(x).expect("a score on the scale");
    let rated = |all: &[(u8, i8)]| all.iter().map(|(w, x)| (*w, score(*x))).collect::<Vec<_>>();
    let vectors = [
        (rated(&[(1, 1)]), 60.00),
        (rated(&[(1, 1), (1, 0), (1, 0)]), 54.56),
        (rated(&[(2, -1), (1, 0), (3, 2)]), 58.81),
        (rated(&[(1, 0), (2, 0), (3, 0)]), 50.00),
    ];
    for (goals, expected) in vectors {
        let t = t_score(&goals).expect("rated goals have a score");
        assert!(
            (t - expected).abs() < 0.005,
            "{goals:?}: {t} is not {expected}"
        );
    }
    assert_eq!(t_score(&[]), None, "no rated goal has no score, not 50");
    assert_eq!(Score::try_from(3).map_err(|e| e.score), Err(3));
}

#[test]
fn two_writes_that_did_not_see_each_other_both_stand_until_somebody_chooses() {
    let goal = GoalId::new(Millis(1), [1; 10]);
    let due = |day: i8| Known::GoalWritten {
        goal,
        field: GoalField::Due(jiff::civil::date(2026, 12, day)),
    };
    let first = op_of(1, due(1), &[]);
    let here = op_of(2, due(10), &[first.id]);
    let there = op_of(3, due(20), &[first.id]);
    let mut state = State::default();
    for op in [&there, &first, &here] {
        state.apply(op);
    }
    let fields = &state.cases[&first.scope].plan.goals[&goal].fields;
    let register = fields
        .register(GoalKey::Due)
        .expect("the field was written");
    assert!(register.is_disputed());
    assert_eq!(
        register.shown().map(|(id, _)| id),
        Some(there.id),
        "the same shows everywhere"
    );
    assert_eq!(register.standing().count(), 2);
    let choice = op_of(4, due(10), &register.heads());
    state.apply(&choice);
    let fields = &state.cases[&first.scope].plan.goals[&goal].fields;
    let register = fields
        .register(GoalKey::Due)
        .expect("the field was written");
    assert!(!register.is_disputed());
    assert_eq!(
        register.history().count(),
        4,
        "nothing that was said is gone"
    );
}

#[test]
fn the_stage_follows_from_what_was_said_and_an_edit_opens_a_draft() {
    let goal = GoalId::new(Millis(1), [1; 10]);
    let version = VersionId::new(Millis(2), [2; 10]);
    let words = |text: &str| {
        GoalField::Words(FamilyWords {
            italian: text.to_owned(),
            ..FamilyWords::default()
        })
    };
    let mut state = State::default();
    let first = op_of(
        1,
        Known::GoalWritten {
            goal,
            field: words("parlare da sola"),
        },
        &[],
    );
    let scope = first.scope;
    state.apply(&first);
    assert_eq!(state.cases[&scope].plan.stage(), Stage::Draft);
    assert!(state.cases[&scope].plan.has_draft());

    let content = state.cases[&scope].plan.content();
    let fingerprint = content.fingerprint();
    state.apply(&op_of(
        2,
        Known::VersionProposed {
            version,
            number: 1,
            content,
        },
        &[],
    ));
    assert_eq!(state.cases[&scope].plan.stage(), Stage::Proposed);
    assert!(!state.cases[&scope].plan.has_draft());

    let answer = Answer {
        fingerprint: fingerprint.clone(),
        mode: SignatureMode::Oral,
        member: None,
        witness: Some("la vicina".to_owned()),
        language: Language("ar".to_owned()),
        interpreted: None,
        goals: Vec::new(),
    };
    state.apply(&op_of(3, Known::VersionAnswered { version, answer }, &[]));
    assert_eq!(state.cases[&scope].plan.stage(), Stage::Agreed);

    let review = Review {
        fingerprint: fingerprint.clone(),
        verdict: Verdict::Approved,
        comment: String::new(),
        goal: None,
    };
    state.apply(&op_of(
        4,
        Known::VersionReviewed {
            version,
            review: review.clone(),
        },
        &[],
    ));
    assert_eq!(state.cases[&scope].plan.stage(), Stage::Active);

    let edit = op_of(
        5,
        Known::GoalWritten {
            goal,
            field: words("parlare al telefono"),
        },
        &[first.id],
    );
    state.apply(&edit);
    let plan = &state.cases[&scope].plan;
    assert!(
        plan.has_draft(),
        "an edit after the signature is not yet agreed"
    );
    let signed = plan.latest_version().expect("a version was proposed");
    assert_eq!(
        signed.content.fingerprint(),
        fingerprint,
        "the signed version has not moved"
    );
    assert!(plan.is_approved(signed));

    let other = Review {
        fingerprint: plan.content().fingerprint(),
        ..review
    };
    let refused = op_of(
        6,
        Known::VersionReviewed {
            version,
            review: other,
        },
        &[],
    );
    assert_eq!(state.check(&refused), Err(CheckError::OtherContent));

    state.apply(&op_of(
        7,
        Known::PlanMoved(PlanMove::Closed(Closure::Moved)),
        &[],
    ));
    assert_eq!(
        state.cases[&scope].plan.stage(),
        Stage::Closed(Closure::Moved)
    );
}

#[test]
fn an_unknown_kind_is_kept_and_returned_unchanged() {
    let known = serde_json::to_string(&op_of(
        1,
        Known::NoteAdded {
            words: "x".into(),
            corrects: None,
        },
        &[],
    ))
    .expect("an op is JSON");
    let newer = known.replace(
        r#"{"note_added":{"words":"x"}}"#,
        r#"{"voice_kept":{"secs":1.50,"of":["a"]}}"#,
    );
    assert_ne!(newer, known);
    let op: Op = serde_json::from_str(&newer).expect("a newer op is still an op");
    assert!(matches!(op.change, Change::Unknown(_)));
    assert_eq!(
        serde_json::to_string(&op).expect("it was read"),
        newer,
        "byte for byte"
    );
    let mut state = State::default();
    state.apply(&op);
    assert_eq!(state.cases[&op.scope].unread.len(), 1);
}

#[test]
fn what_makes_no_sense_is_refused_before_it_is_written() {
    let goal = GoalId::new(Millis(1), [1; 10]);
    let state = State::default();
    let rate = Known::ProgressRated {
        goal,
        visit: None,
        rating: domain::visit::Rating::default(),
        corrects: None,
    };
    assert_eq!(
        state.check(&op_of(1, rate, &[])),
        Err(CheckError::NoGoal { goal })
    );
    let empty = Known::NoteAdded {
        words: "  \n".to_owned(),
        corrects: None,
    };
    assert_eq!(validate(&empty), Err(CheckError::Empty));
    let long = Known::NoteAdded {
        words: "è".repeat(4_001),
        corrects: None,
    };
    assert_eq!(validate(&long), Err(TOO_LONG));
    let weight = Known::GoalWritten {
        goal,
        field: GoalField::Weight(4),
    };
    assert_eq!(
        validate(&weight),
        Err(CheckError::WeightOutOfRange { weight: 4 })
    );
}

/// The bytes of each kind as the first release that had it writes them. Never regenerated: a
/// difference here means that phones in the field would no longer be understood.
#[test]
fn frozen_ops_are_still_read_and_still_written_the_same() {
    let frozen = [
        include_str!("../frozen/ops-1.jsonl"),
        include_str!("../frozen/ops-2.jsonl"),
        include_str!("../frozen/ops-3.jsonl"),
        include_str!("../frozen/ops-4.jsonl"),
    ];
    let mut kinds = std::collections::BTreeSet::new();
    for line in frozen.iter().flat_map(|schema| schema.lines()) {
        let op: Op = serde_json::from_str(line).expect("a frozen op is read");
        let Change::Known(known) = &op.change else {
            panic!("not known any more: {line}")
        };
        kinds.insert(known.kind());
        assert_eq!(serde_json::to_string(&op).expect("an op is JSON"), line);
    }
    assert_eq!(kinds.len(), common::KINDS, "every kind has frozen bytes");
}

#[test]
fn a_fingerprint_is_the_same_on_every_machine() {
    let frozen = include_str!("../frozen/ops-1.jsonl");
    let contents: Vec<String> = frozen
        .lines()
        .filter_map(|line| {
            let op: Op = serde_json::from_str(line).ok()?;
            let Change::Known(known) = op.change else {
                return None;
            };
            match *known {
                Known::VersionProposed { content, .. } => Some(content.fingerprint().to_string()),
                _ => None,
            }
        })
        .collect();
    assert_eq!(
        contents,
        [include_str!("../frozen/fingerprint-1.txt").trim()]
    );
}

#[test]
fn an_attachment_keeps_its_limits_and_its_form() {
    let good = Attachment {
        id: AttachmentId::new(Millis(1), [1; 10]),
        kind: Kind::Voice,
        format: Format::Webm,
        bytes: BYTES_MAX,
        hash: Hash::of(b"voice"),
        seconds: Some(VOICE_SECONDS_MAX),
        about: About::Diary,
    };
    let check = |change: fn(&mut Attachment)| {
        let mut attachment = good.clone();
        change(&mut attachment);
        validate(&Known::AttachmentAdded(attachment))
    };
    assert_eq!(check(|_| ()), Ok(()));
    let wrong: [fn(&mut Attachment); 6] = [
        |one| one.bytes = 0,
        |one| one.bytes = BYTES_MAX + 1,
        |one| one.seconds = None,
        |one| one.seconds = Some(VOICE_SECONDS_MAX + 1),
        |one| one.format = Format::Jpeg,
        |one| one.kind = Kind::Photo,
    ];
    for change in wrong {
        assert_eq!(check(change), Err(CheckError::NotAnAttachment));
    }
    let hash = good.hash.to_string();
    assert_eq!(Hash::try_from(hash.clone()), Ok(good.hash));
    for text in [
        hash.get(1..).expect("a hash has digits"),
        &hash.to_uppercase(),
        &format!("{hash}0"),
        "../../x",
    ] {
        assert_eq!(Hash::try_from(text.to_owned()), Err(NoHash), "{text}");
    }
}

#[test]
fn who_may_attach_may_send_the_bytes_and_nobody_else() {
    let attached = common::every_kind(1)
        .into_iter()
        .find(|known| matches!(known, Known::AttachmentAdded(_)))
        .expect("it is a kind");
    let relations = [Relation::Tutor, Relation::Reviewer, Relation::Reader];
    for role in Role::ALL {
        for relation in relations.map(Some).into_iter().chain([None]) {
            for kind in [ScopeKind::Family, ScopeKind::Reference] {
                let actor = Actor {
                    user: UserId::new(Millis(1), [1; 10]),
                    role: *role,
                    relation,
                };
                let may_write = may(&actor, kind, &attached).is_ok();
                assert_eq!(may_write, may_attach(&actor, kind), "{actor:?} {kind:?}");
            }
        }
    }
}

#[test]
fn a_relation_or_a_kind_of_scope_of_a_later_release_lets_nobody_do_anything() {
    let later = Code::new("later").expect("it is short");
    for role in Role::ALL {
        let actor = |relation| Actor {
            user: UserId::new(Millis(1), [1; 10]),
            role: *role,
            relation: Some(relation),
        };
        let guest = actor(Relation::Unknown(later));
        assert!(!may_read(*role, guest.relation), "{role:?}");
        assert!(!may_settle(*role, guest.relation), "{role:?}");
        for change in common::every_kind(1) {
            if *role != Role::System {
                for kind in [ScopeKind::Family, ScopeKind::Reference] {
                    assert!(may(&guest, kind, &change).is_err(), "{role:?} {change:?}");
                }
            }
            assert!(may_adopt(&guest, ScopeKind::Family, &change).is_err());
            for relation in [Relation::Tutor, Relation::Reviewer, Relation::Reader] {
                let kind = ScopeKind::Unknown(later);
                assert!(may(&actor(relation), kind, &change).is_err());
                assert!(!may_attach(&actor(relation), kind));
            }
        }
    }
}
