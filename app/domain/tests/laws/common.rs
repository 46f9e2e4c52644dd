//! Operations for tests: every kind, from strategies that shrink.

use domain::attachment::{About, Attachment, Format, Hash, Kind};
use domain::family::{FamilyField, Language, MemberField, Name};
use domain::id::{
    ActionId, AttachmentId, DeviceId, GoalId, MemberId, Millis, OpId, ScopeId, UserId, VersionId,
    VisitId,
};
use domain::op::{Known, Op, SCHEMA};
use domain::plan::{
    ActionField, Answer, FamilyWords, GoalAnswer, GoalContent, GoalField, NeedRating, NextStep,
    PlanContent, PlanMove, Review, Spoken,
};
use domain::removal::Item;
use domain::score::Score;
use domain::visit::{Appointment, Rating, VisitField, VisitRecord};
use domain::vocabulary::{
    ActionState, Agreement, Area, Barrier, NeedLevel, Place, Response, Role, SignatureMode,
    TutorMove, Verdict, Voice, WhoActs,
};
use jiff::civil::{date, time};
use proptest::prelude::*;

/// How many kinds of change there are.
pub const KINDS: usize = 21;

pub fn id(n: u64) -> OpId {
    let mut random = [0; 10];
    random[..8].copy_from_slice(&n.to_be_bytes());
    OpId::new(Millis(1_000), random)
}

pub fn op_of(n: u64, known: Known, replaces: &[OpId]) -> Op {
    Op {
        id: id(n),
        device: DeviceId::new(Millis(1), [3; 10]),
        device_seq: n,
        scope: ScopeId::new(Millis(1), [4; 10]),
        author: UserId::new(Millis(1), [u8::try_from(n % 3).expect("it is small"); 10]),
        at: Millis(1_000_000 + i64::try_from(n).expect("it is small")),
        schema: SCHEMA,
        replaces: replaces.to_vec(),
        change: known.into(),
    }
}

fn words(text: &str) -> FamilyWords {
    FamilyWords {
        original: Some(Spoken {
            language: Language("ar".into()),
            text: "أريد".into(),
        }),
        italian: text.to_owned(),
        member: None,
    }
}

/// One change of every kind, its free text and numbers from `n`.
pub fn every_kind(n: u8) -> Vec<Known> {
    let random = [n % 3; 10];
    let goal = GoalId::new(Millis(2), random);
    let action = ActionId::new(Millis(2), random);
    let version = VersionId::new(Millis(2), random);
    let visit = VisitId::new(Millis(2), random);
    let member = MemberId::new(Millis(2), random);
    let other = MemberId::new(Millis(2), [(n + 1) % 3; 10]);
    let item = match n % 4 {
        0 => Item::Action(action),
        1 => Item::Goal(goal),
        _ => Item::Member(member),
    };
    let text = format!("parole {n}");
    let step = NextStep {
        what: text.clone(),
        due: Some(date(2026, 10, 23)),
    };
    let fields = vec![
        GoalField::Words(words(&text)),
        GoalField::Expected(text.clone()),
    ];
    let content = PlanContent {
        goals: vec![GoalContent {
            goal,
            fields,
            actions: Vec::new(),
        }],
    };
    let fingerprint = content.fingerprint();
    vec![
        Known::FamilyWritten(FamilyField::Address(text.clone())),
        Known::MemberWritten {
            member,
            field: MemberField::Name(Name {
                latin: text.clone(),
                original: Some("أمينة".into()),
            }),
        },
        Known::NeedRated {
            area: Area::School,
            voice: Voice::Family,
            rating: NeedRating {
                now: NeedLevel::SoSo,
                hope: Some(NeedLevel::Well),
                words: None,
            },
        },
        Known::GoalWritten {
            goal,
            field: GoalField::NextStep(step.clone()),
        },
        Known::ActionWritten {
            action,
            field: ActionField::State(ActionState::Blocked),
        },
        Known::VersionProposed {
            version,
            number: u32::from(n),
            content,
        },
        Known::VersionAnswered {
            version,
            answer: Answer {
                fingerprint: fingerprint.clone(),
                mode: SignatureMode::Glass,
                member: Some(member),
                witness: None,
                language: Language("pa".into()),
                interpreted: None,
                goals: vec![GoalAnswer {
                    goal,
                    agreement: Agreement::NotAsked,
                }],
            },
        },
        Known::VersionReviewed {
            version,
            review: Review {
                fingerprint,
                verdict: Verdict::Returned,
                comment: text.clone(),
                goal: Some(goal),
            },
        },
        Known::PlanMoved(PlanMove::Suspended),
        Known::VisitPlanned {
            visit,
            field: VisitField::Appointment(Appointment {
                date: date(2026, 10, 22),
                time: Some(time(10, 30, 0, 0)),
                place: Place::AtHome,
                about: text.clone(),
            }),
        },
        Known::VisitRecorded {
            visit,
            record: VisitRecord {
                date: date(2026, 10, 22),
                place: Place::AtHome,
                minutes: 45,
                present: [member].into(),
                language: Some(Language("ar".into())),
                summary: text.clone(),
            },
            corrects: None,
        },
        Known::ProgressRated {
            goal,
            visit: Some(visit),
            rating: Rating {
                family: Some(Score::ALL[usize::from(n % 5)]),
                tutor: Some(Score::ALL[2]),
                response: Some(Response::TakesPart),
                barriers: [Barrier::WorkHours, Barrier::Cost].into(),
                tutor_move: Some(TutorMove::Reinforces),
                who_acts: Some(WhoActs::FamilyHelped),
                next_step: Some(step),
                words: Some(words(&text)),
            },
            corrects: None,
        },
        Known::NoteAdded {
            words: text.clone(),
            corrects: None,
        },
        Known::AttachmentAdded(Attachment {
            id: AttachmentId::new(Millis(2), random),
            kind: Kind::Voice,
            format: Format::Webm,
            bytes: 1 + u32::from(n),
            hash: Hash::of(text.as_bytes()),
            seconds: Some(u16::from(n)),
            about: About::Visit(visit),
        }),
        Known::Seen {
            up_to: u64::from(n),
        },
        Known::ColleagueNamed {
            user: UserId::new(Millis(1), random),
            name: text,
            role: Role::Mediator,
        },
        Known::Removed(item),
        Known::Restored(item),
        Known::MembersMerged {
            kept: member,
            other,
        },
        Known::MembersDistinct {
            one: other,
            other: member,
        },
        Known::MembersReopened { one: member, other },
    ]
}

/// Values as another program might write them.
pub fn arbitrary_json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::String),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::btree_map("[a-z_]{1,8}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Ops of every kind in one scope, some of which replace each other.
pub fn arbitrary_ops() -> impl Strategy<Value = Vec<Op>> {
    let one = (
        0_u8..12,
        0_usize..KINDS,
        prop::collection::vec(0_u64..20, 0..3),
    );
    prop::collection::vec(one, 1..20).prop_map(|drawn| {
        drawn
            .into_iter()
            .enumerate()
            .map(|(n, (seed, kind, replaces))| {
                let replaces: Vec<OpId> = replaces.into_iter().map(id).collect();
                op_of(n as u64, every_kind(seed)[kind].clone(), &replaces)
            })
            .collect()
    })
}
