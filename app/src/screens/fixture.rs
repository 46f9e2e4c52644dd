//! One family with a small plan, for the tests of models: built from ops, as on a phone.

use domain::authorize::{Relation, ScopeKind};
use domain::family::{FamilyField, Language, MemberField, Name};
use domain::id::{DeviceId, GoalId, MemberId, Millis, OpId, ScopeId, UserId, VersionId, VisitId};
use domain::op::{Known, Op, SCHEMA};
use domain::plan::{Answer, FamilyWords, GoalAnswer, GoalField, NextStep, Review, Spoken};
use domain::score::Score;
use domain::state::Case;
use domain::visit::{Rating, VisitRecord};
use domain::vocabulary::{
    Agreement, Area, MemberRole, Place, Role, SignatureMode, Verdict, WhoActs,
};
use jiff::civil::{Date, DateTime, date};
use replica::message::Grant;
use replica::replica::Replica;
use replica::stored::{Contents, Owner, Segment, Standing};
use serde_json::value::RawValue;

use crate::screens::family::clock::Clock;
use crate::session::Writing;

/// One day.
pub const DAY_MS: i64 = 86_400_000;
/// 14 October 2026, 12:00 UTC.
pub const NOON: Millis = Millis(1_791_979_200_000);

/// Ops that were accepted one after the other.
pub struct Family {
    ops: Vec<Op>,
    at: Millis,
    /// What would take back what was written.
    pub later: Vec<(Vec<OpId>, Known)>,
}

pub fn scope() -> ScopeId {
    ScopeId::new(NOON, [1; 10])
}

pub fn tutor() -> UserId {
    UserId::new(NOON, [2; 10])
}

pub fn reviewer() -> UserId {
    UserId::new(NOON, [3; 10])
}

pub fn goal(number: u8) -> GoalId {
    GoalId::new(NOON, [number; 10])
}

pub fn amina() -> MemberId {
    MemberId::new(NOON, [4; 10])
}

pub fn visit(number: u8) -> VisitId {
    VisitId::new(NOON, [number; 10])
}

pub fn version(number: u8) -> VersionId {
    VersionId::new(NOON, [number; 10])
}

pub fn score(number: i8) -> Score {
    Score::try_from(number).expect("tests use the scale")
}

/// 14 October 2026, by UTC.
pub fn clock() -> Clock<'static> {
    Clock {
        today: date(2026, 10, 14),
        local: &utc,
    }
}

fn utc(at: Millis) -> DateTime {
    jiff::Timestamp::from_millisecond(at.0)
        .expect("tests stay within the calendar")
        .to_zoned(jiff::tz::TimeZone::UTC)
        .datetime()
}

impl Family {
    /// Nothing yet, `days` before 14 October 2026.
    pub fn days_ago(days: i64) -> Self {
        Self {
            ops: Vec::new(),
            later: Vec::new(),
            at: NOON.plus(-days * DAY_MS),
        }
    }

    /// The Hassan family with one goal, sixty days ago.
    pub fn hassan() -> Self {
        let mut family = Self::days_ago(60);
        family
            .write(
                tutor(),
                Known::FamilyWritten(FamilyField::Name(Name {
                    latin: "Hassan".into(),
                    original: Some("حسن".into()),
                })),
            )
            .write(
                tutor(),
                Known::FamilyWritten(FamilyField::Language(Language("ar".into()))),
            )
            .write(
                tutor(),
                Known::MemberWritten {
                    member: amina(),
                    field: MemberField::Name(Name {
                        latin: "Amina".into(),
                        original: None,
                    }),
                },
            )
            .write(
                tutor(),
                Known::MemberWritten {
                    member: amina(),
                    field: MemberField::Role(MemberRole::Reference),
                },
            );
        for field in [
            GoalField::Area(Area::Language),
            GoalField::Words(FamilyWords {
                original: Some(Spoken {
                    language: Language("ar".into()),
                    text: "أريد أن أتحدث مع المعلمة".into(),
                }),
                italian: "Voglio capire la maestra.".into(),
                member: Some(amina()),
            }),
            GoalField::Expected("Amina fa un colloquio a scuola senza interprete.".into()),
            GoalField::WhoActs(WhoActs::Together),
            GoalField::NextStep(NextStep {
                what: "Amina chiede il colloquio".into(),
                due: Some(date(2026, 9, 30)),
            }),
        ] {
            family.write(
                tutor(),
                Known::GoalWritten {
                    goal: goal(1),
                    field,
                },
            );
        }
        family
    }

    /// Lets time pass.
    pub fn wait(&mut self, days: i64) -> &mut Self {
        self.at = self.at.plus(days * DAY_MS);
        self
    }

    /// One op.
    pub fn write(&mut self, author: UserId, change: Known) -> &mut Self {
        self.replace(author, Vec::new(), change)
    }

    /// One op that replaces others.
    pub fn replace(&mut self, author: UserId, replaces: Vec<OpId>, change: Known) -> &mut Self {
        self.at = self.at.plus(1_000);
        let seq = u64::try_from(self.ops.len()).expect("few ops") + 1;
        let mut random = [0; 10];
        random[9] = u8::try_from(seq).expect("few ops");
        self.ops.push(Op {
            id: OpId::new(self.at, random),
            device: DeviceId::new(NOON, [9; 10]),
            device_seq: seq,
            scope: scope(),
            author,
            at: self.at,
            schema: SCHEMA,
            replaces,
            change: change.into(),
        });
        self
    }

    /// What a screen wrote, by one person.
    pub fn wrote(&mut self, author: UserId, writings: Vec<Writing>) -> &mut Self {
        for writing in writings {
            self.replace(author, writing.replaces, writing.change);
        }
        self
    }

    /// A visit with one rating of goal 1.
    pub fn visited(&mut self, number: u8, on: Date, rating: Rating) -> &mut Self {
        let record = VisitRecord {
            date: on,
            place: Place::AtHome,
            minutes: 50,
            present: [amina()].into(),
            language: Some(Language("ar".into())),
            summary: String::new(),
        };
        self.write(
            tutor(),
            Known::VisitRecorded {
                visit: visit(number),
                record,
                corrects: None,
            },
        )
        .write(
            tutor(),
            Known::ProgressRated {
                goal: goal(1),
                visit: Some(visit(number)),
                rating,
                corrects: None,
            },
        )
    }

    /// The plan as it stands becomes a version.
    pub fn proposed(&mut self, number: u8) -> &mut Self {
        let content = self.case().plan.content();
        self.write(
            tutor(),
            Known::VersionProposed {
                version: version(number),
                number: u32::from(number),
                content,
            },
        )
    }

    /// The family answers a version on goal 1.
    pub fn answered(&mut self, number: u8, agreement: Agreement) -> &mut Self {
        let answer = Answer {
            fingerprint: self.fingerprint(number),
            mode: SignatureMode::Oral,
            member: Some(amina()),
            witness: Some("Samira".into()),
            language: Language("ar".into()),
            interpreted: None,
            goals: vec![GoalAnswer {
                goal: goal(1),
                agreement,
            }],
        };
        self.write(
            tutor(),
            Known::VersionAnswered {
                version: version(number),
                answer,
            },
        )
    }

    /// The social worker decides about a version.
    pub fn reviewed(&mut self, number: u8, verdict: Verdict, comment: &str) -> &mut Self {
        let review = Review {
            fingerprint: self.fingerprint(number),
            verdict,
            comment: comment.into(),
            goal: None,
        };
        self.write(
            reviewer(),
            Known::VersionReviewed {
                version: version(number),
                review,
            },
        )
    }

    fn fingerprint(&self, number: u8) -> domain::plan::Fingerprint {
        let case = self.case();
        let versions = &case.plan.versions;
        let found = versions.values().find(|known| known.id == version(number));
        found
            .expect("the version was proposed")
            .content
            .fingerprint()
    }

    /// What the ops add up to.
    pub fn case(&self) -> Case {
        let replica = self.held_by(tutor(), Role::Mediator);
        replica
            .state()
            .cases
            .get(&scope())
            .cloned()
            .expect("the family has ops")
    }

    /// Takes back what was answered.
    pub fn undo(&mut self, author: UserId) -> &mut Self {
        for (replaces, known) in std::mem::take(&mut self.later) {
            self.replace(author, replaces, known);
        }
        self
    }

    /// What a screen answered, keeping the way back for [`Family::undo`].
    pub fn answer(&mut self, author: UserId, answers: Vec<domain::twins::Answer>) -> &mut Self {
        for answer in answers {
            self.replace(author, answer.replaces, answer.change);
            let made = self.last();
            let back = answer.undo.into_iter();
            let back = back.map(|(known, also)| (also.into_iter().chain([made]).collect(), known));
            self.later.extend(back);
        }
        self
    }

    /// What a screen answered with one tap: all of one instant.
    pub fn tapped(&mut self, author: UserId, answers: Vec<domain::twins::Answer>) -> &mut Self {
        for (place, answer) in answers.into_iter().enumerate() {
            if place > 0 {
                self.at = self.at.plus(-1_000);
            }
            self.replace(author, answer.replaces, answer.change);
        }
        self
    }

    /// The op that was written last.
    pub fn last(&self) -> OpId {
        self.ops.last().expect("there are ops").id
    }

    /// How many ops there are.
    pub fn len(&self) -> u64 {
        u64::try_from(self.ops.len()).expect("few ops")
    }

    /// The copy of one person who holds the family.
    pub fn held_by(&self, user: UserId, role: Role) -> Replica {
        self.held_beside(&[], user, role)
    }

    /// The copy of one person who holds the family and others, begun on other days, each with a
    /// file of its own.
    pub fn held_beside(&self, others: &[(ScopeId, &Self)], user: UserId, role: Role) -> Replica {
        let own = [(scope(), self)].into_iter();
        let families: Vec<(ScopeId, &Self)> = own.chain(others.iter().copied()).collect();
        let raw = |scope: ScopeId, op: &Op| -> Box<RawValue> {
            let op = Op {
                scope,
                ..op.clone()
            };
            serde_json::value::to_raw_value(&op).expect("ops are JSON")
        };
        let relation = match role {
            Role::SocialWorker => Relation::Reviewer,
            Role::Mediator | Role::Coordinator | Role::Administrator | Role::System => {
                Relation::Tutor
            }
        };
        let owner = Owner {
            user,
            role,
            name: "Samira".into(),
            device: DeviceId::new(NOON, [9; 10]),
        };
        Replica::open(
            owner,
            Contents {
                standing: Standing {
                    cursors: families.iter().map(|(of, it)| (*of, it.len())).collect(),
                    grants: families
                        .iter()
                        .map(|(of, it)| Grant {
                            scope: *of,
                            kind: ScopeKind::Family,
                            relation,
                            head: it.len(),
                        })
                        .collect(),
                    ..Standing::default()
                },
                segments: families
                    .iter()
                    .map(|(of, it)| Segment {
                        scope: *of,
                        from: 0,
                        ops: it.ops.iter().map(|op| raw(*of, op)).collect(),
                    })
                    .collect(),
                outbox: Vec::new(),
            },
        )
    }
}
