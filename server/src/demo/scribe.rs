//! Writes a story down as operations, each by the person who made it, in the order of time.
//!
//! The scribe folds what it wrote, as a phone does: so each write names what its author had on
//! screen, and a version holds exactly what the plan said.

use std::collections::BTreeMap;

use domain::authorize::Relation;
use domain::family::{FamilyField, MemberField};
use domain::field::{Field, Fields};
use domain::id::{
    ActionId, DeviceId, GoalId, MemberId, Millis, OpId, ScopeId, UserId, VersionId, VisitId,
};
use domain::op::{Known, Op, SCHEMA};
use domain::plan::{ActionField, Answer, FamilyWords, GoalAnswer, GoalField, Review, Version};
use domain::state::{Case, State};
use domain::visit::{VisitField, VisitRecord};
use domain::vocabulary::{Agreement, GoalState, Interpreted, SignatureMode, Verdict};

use jiff::civil::Date;

use super::calendar::{Moment, day, instant};
use super::chance::Chance;
use super::story::{Event, GoalStory, Hand, Story, VisitStory, What};

/// One family's file, written.
#[derive(Debug)]
pub struct File {
    /// The scope.
    pub scope: ScopeId,
    /// Who may open it.
    pub grants: Vec<(UserId, Relation)>,
    /// The ops, in the order in which they are to be accepted.
    pub ops: Vec<Op>,
}

/// A person who writes, with two devices.
#[derive(Clone, Copy, Debug)]
pub struct Author {
    /// Who.
    pub user: UserId,
    /// The device in daily use.
    pub device: DeviceId,
    /// Another one.
    pub elsewhere: DeviceId,
}

/// Who holds which pen.
pub struct Hands {
    /// The mediator-tutor.
    pub tutor: Author,
    /// The social worker.
    pub reviewer: Author,
    /// A mediator who stands in.
    pub stand_in: Option<Author>,
    /// Who may only read.
    pub readers: Vec<UserId>,
}

/// Counts the ops of each device over all files.
pub type Counts = BTreeMap<DeviceId, u64>;

/// Writes one story.
pub fn write(story: &Story, hands: &Hands, chance: &mut Chance, counts: &mut Counts) -> File {
    let began = story.events.first().map_or(
        Moment {
            days: -1,
            minute: 540,
        },
        |event| event.at,
    );
    let began = instant(story.today, began);
    let mut scribe = Scribe {
        story,
        hands,
        scope: chance.id(began, ScopeId::new),
        members: story
            .household
            .people
            .iter()
            .map(|_| chance.id(began, MemberId::new))
            .collect(),
        chance,
        counts,
        now: began,
        state: State::default(),
        ops: Vec::new(),
        goals: Vec::new(),
        notes: Vec::new(),
    };
    scribe.state.cases.insert(scribe.scope, Case::default());
    for event in &story.events {
        scribe.event(event);
    }
    let mut grants = vec![
        (hands.tutor.user, Relation::Tutor),
        (hands.reviewer.user, Relation::Reviewer),
    ];
    grants.extend(hands.stand_in.map(|author| (author.user, Relation::Tutor)));
    grants.extend(hands.readers.iter().map(|user| (*user, Relation::Reader)));
    File {
        scope: scribe.scope,
        grants,
        ops: scribe.ops,
    }
}

struct Scribe<'a> {
    story: &'a Story,
    hands: &'a Hands,
    chance: &'a mut Chance,
    counts: &'a mut Counts,
    scope: ScopeId,
    members: Vec<MemberId>,
    now: Millis,
    state: State,
    ops: Vec<Op>,
    goals: Vec<(GoalId, Vec<ActionId>)>,
    notes: Vec<OpId>,
}

impl Scribe<'_> {
    fn event(&mut self, event: &Event) {
        let at = instant(self.story.today, event.at);
        self.now = Millis(at.0.max(self.now.0 + 1));
        match &event.what {
            What::Opened => self.open(),
            What::Needs(needs) => {
                for (area, voice, rating) in needs {
                    let known = Known::NeedRated {
                        area: *area,
                        voice: *voice,
                        rating: rating.clone(),
                    };
                    self.add(Hand::Tutor, known, Vec::new());
                }
            }
            What::Goal(goal) => self.goal(goal),
            What::GoalAgain(goal, field) => self.goal_field(Hand::Tutor, *goal, field.clone()),
            What::Proposed => self.propose(),
            What::Answered { mode, refused } => self.answer(*mode, *refused),
            What::Reviewed(verdict, comment) => self.review(*verdict, comment),
            What::Moved(hand, to) => {
                let heads = self.case().plan.moves.heads();
                self.add(*hand, Known::PlanMoved(to.clone()), heads);
            }
            What::Visited(visit) => self.visit(visit, day(self.story.today, event.at.days)),
            What::Acted(goal, place, state, barrier) => {
                let action = self.action(*goal, *place);
                self.action_field(action, ActionField::State(*state));
                if let Some(barrier) = barrier {
                    self.action_field(action, ActionField::Barrier(*barrier));
                }
            }
            What::Planned(appointment, is_cancelled) => {
                let visit = self.chance.id(self.now, VisitId::new);
                let field = VisitField::Appointment(appointment.clone());
                self.add(
                    Hand::Tutor,
                    Known::VisitPlanned { visit, field },
                    Vec::new(),
                );
                if *is_cancelled {
                    let field = VisitField::Cancelled(true);
                    self.now = self.now.plus(3_600_000);
                    self.add(
                        Hand::Tutor,
                        Known::VisitPlanned { visit, field },
                        Vec::new(),
                    );
                }
            }
            What::Noted(hand, words, corrects) => {
                let corrects = corrects.and_then(|note| self.notes.get(note).copied());
                let words = words.clone();
                let id = self.add(*hand, Known::NoteAdded { words, corrects }, Vec::new());
                self.notes.push(id);
            }
            What::GoalApart(goal, first, second) => self.goal_apart(*goal, first, second),
            What::FamilyApart(first, second) => {
                let heads = self.case().household.fields.heads(first.1.key());
                for (hand, field) in [first, second] {
                    let known = Known::FamilyWritten(field.clone());
                    self.add(*hand, known, heads.clone());
                    self.now = self.now.plus(540_000);
                }
            }
            What::Seen(hand) => {
                let up_to = u64::try_from(self.ops.len()).unwrap_or(0);
                self.add(*hand, Known::Seen { up_to }, Vec::new());
            }
        }
    }

    /// The file so far.
    fn case(&self) -> &Case {
        let case = self.state.cases.get(&self.scope);
        case.expect("the file was begun with the story")
    }

    fn add(&mut self, hand: Hand, known: Known, replaces: Vec<OpId>) -> OpId {
        let author = match hand {
            Hand::Tutor | Hand::TutorElsewhere => self.hands.tutor,
            Hand::StandIn => self.hands.stand_in.unwrap_or(self.hands.tutor),
            Hand::Reviewer => self.hands.reviewer,
        };
        let is_elsewhere = hand == Hand::TutorElsewhere;
        let device = if is_elsewhere {
            author.elsewhere
        } else {
            author.device
        };
        // Things said one after the other were tapped a few seconds apart.
        self.now = self
            .now
            .plus(1_000 + i64::from(self.chance.between(0, 4_000)));
        let count = self.counts.entry(device).or_default();
        *count += 1;
        let op = Op {
            id: self.chance.id(self.now, OpId::new),
            device,
            device_seq: *count,
            scope: self.scope,
            author: author.user,
            at: self.now,
            schema: SCHEMA,
            replaces,
            change: known.into(),
        };
        self.state
            .check(&op)
            .expect("a story tells only what makes sense: a test writes them all");
        self.state.apply(&op);
        let id = op.id;
        self.ops.push(op);
        id
    }

    fn open(&mut self) {
        let household = &self.story.household;
        let mut fields = vec![
            FamilyField::Name(household.name.clone()),
            FamilyField::Comune(household.comune.clone()),
            FamilyField::Address(household.address.clone()),
            FamilyField::Phone(household.phone.clone()),
            FamilyField::Language(household.language.clone()),
            FamilyField::InterpreterNeeded(household.is_interpreter_needed),
        ];
        fields.extend(household.safe.clone().map(FamilyField::SafeContact));
        for field in fields {
            self.add(Hand::Reviewer, Known::FamilyWritten(field), Vec::new());
        }
        for (person, member) in household.people.iter().zip(self.members.clone()) {
            let mut fields = vec![
                MemberField::Name(person.name.clone()),
                MemberField::Role(person.role),
                MemberField::Birth(person.birth),
                MemberField::Citizenship(person.citizenship.clone()),
            ];
            if !person.speaks.is_empty() {
                fields.push(MemberField::Speaks(person.speaks.clone()));
            }
            if !person.reads.is_empty() {
                fields.push(MemberField::Reads(person.reads.clone()));
            }
            for field in fields {
                self.add(
                    Hand::Reviewer,
                    Known::MemberWritten { member, field },
                    Vec::new(),
                );
            }
        }
    }

    fn goal(&mut self, story: &GoalStory) {
        let goal = self.chance.id(self.now, GoalId::new);
        let place = self.goals.len();
        self.goals.push((goal, Vec::new()));
        let mut fields = vec![
            GoalField::Area(story.area),
            GoalField::Words(self.said_by(&story.words, story.speaker)),
            GoalField::WhoActs(story.who),
            GoalField::Due(story.due),
            GoalField::Weight(story.weight),
            // Room is left between the keys, so that a goal can be put between two others.
            GoalField::Order(order(place)),
        ];
        fields.extend(story.expected.clone().map(GoalField::Expected));
        let makers = [
            GoalField::MuchLess,
            GoalField::Less,
            GoalField::More,
            GoalField::MuchMore,
        ];
        fields.extend(
            makers
                .iter()
                .zip(&story.levels)
                .map(|(make, words)| make(words.clone())),
        );
        for field in fields {
            self.goal_field(Hand::Tutor, place, field);
        }
        for action in &story.actions {
            let id = self.chance.id(self.now, ActionId::new);
            if let Some((_, actions)) = self.goals.get_mut(place) {
                actions.push(id);
            }
            let mut fields = vec![
                ActionField::Goal(goal),
                ActionField::Kind(action.kind),
                ActionField::What(action.what.clone()),
                ActionField::Due(action.due),
            ];
            if action.service.is_empty() {
                fields.extend(
                    self.members
                        .get(story.speaker)
                        .copied()
                        .map(ActionField::Member),
                );
            } else {
                fields.push(ActionField::Service(action.service.clone()));
            }
            for field in fields {
                self.action_field(id, field);
            }
        }
    }

    fn said_by(&self, words: &FamilyWords, speaker: usize) -> FamilyWords {
        FamilyWords {
            member: self.members.get(speaker).copied(),
            ..words.clone()
        }
    }

    fn goal_id(&self, place: usize) -> GoalId {
        self.goals
            .get(place)
            .expect("a story speaks of goals that it has told")
            .0
    }

    fn action(&self, goal: usize, place: usize) -> ActionId {
        let actions = self.goals.get(goal).map(|(_, actions)| actions);
        *actions
            .and_then(|actions| actions.get(place))
            .expect("a story speaks of actions that it has told")
    }

    fn goal_field(&mut self, hand: Hand, place: usize, field: GoalField) {
        let goal = self.goal_id(place);
        let case = self.case();
        let fields = case.plan.goals.get(&goal).map(|goal| &goal.fields);
        let Some(replaces) = heads_unless_same(fields, &field) else {
            return;
        };
        self.add(hand, Known::GoalWritten { goal, field }, replaces);
    }

    fn goal_apart(&mut self, place: usize, first: &(Hand, GoalField), second: &(Hand, GoalField)) {
        let goal = self.goal_id(place);
        let heads = self
            .case()
            .plan
            .goals
            .get(&goal)
            .map(|goal| goal.fields.heads(first.1.key()))
            .unwrap_or_default();
        for (hand, field) in [first, second] {
            let field = field.clone();
            self.add(*hand, Known::GoalWritten { goal, field }, heads.clone());
            self.now = self.now.plus(6_300_000);
        }
    }

    fn action_field(&mut self, action: ActionId, field: ActionField) {
        let case = self.case();
        let fields = case.plan.actions.get(&action).map(|action| &action.fields);
        let Some(replaces) = heads_unless_same(fields, &field) else {
            return;
        };
        self.add(
            Hand::Tutor,
            Known::ActionWritten { action, field },
            replaces,
        );
    }

    fn propose(&mut self) {
        let plan = &self.case().plan;
        let content = plan.content();
        let number = plan
            .latest_version()
            .map_or(1, |version| version.number + 1);
        let version = self.chance.id(self.now, VersionId::new);
        let known = Known::VersionProposed {
            version,
            number,
            content,
        };
        self.add(Hand::Tutor, known, Vec::new());
    }

    fn last_version(&self) -> Version {
        self.case()
            .plan
            .latest_version()
            .expect("a story answers what it has proposed")
            .clone()
    }

    fn answer(&mut self, mode: SignatureMode, refused: Option<usize>) {
        let version = self.last_version();
        let refused = refused.map(|place| self.goal_id(place));
        let goals: Vec<GoalAnswer> = version
            .content
            .goals
            .iter()
            .map(|content| GoalAnswer {
                goal: content.goal,
                agreement: if refused == Some(content.goal) {
                    Agreement::NotAgreed
                } else {
                    Agreement::Agreed
                },
            })
            .collect();
        let answer = Answer {
            fingerprint: version.content.fingerprint(),
            mode,
            member: self.members.first().copied(),
            witness: (mode == SignatureMode::Oral).then(|| "Mediatrice dello sportello".to_owned()),
            language: self.story.household.language.clone(),
            interpreted: Some(Interpreted::Tutor),
            goals: goals.clone(),
        };
        let known = Known::VersionAnswered {
            version: version.id,
            answer,
        };
        self.add(Hand::Tutor, known, Vec::new());
        for goal in goals {
            let place = self.goals.iter().position(|(id, _)| *id == goal.goal);
            let Some(place) = place else { continue };
            self.goal_field(Hand::Tutor, place, GoalField::Agreement(goal.agreement));
            let is_new = self
                .case()
                .plan
                .goals
                .get(&goal.goal)
                .is_some_and(|goal| goal.state().is_none());
            if goal.agreement == Agreement::Agreed && is_new {
                self.goal_field(Hand::Tutor, place, GoalField::State(GoalState::Agreed));
            }
        }
    }

    fn review(&mut self, verdict: Verdict, comment: &str) {
        let version = self.last_version();
        let review = Review {
            fingerprint: version.content.fingerprint(),
            verdict,
            comment: comment.to_owned(),
            goal: None,
        };
        let known = Known::VersionReviewed {
            version: version.id,
            review,
        };
        self.add(Hand::Reviewer, known, Vec::new());
    }

    fn visit(&mut self, story: &VisitStory, date: Date) {
        let visit = self.chance.id(self.now, VisitId::new);
        let record = VisitRecord {
            date,
            place: story.place,
            minutes: story.minutes,
            present: story
                .present
                .iter()
                .filter_map(|place| self.members.get(*place).copied())
                .collect(),
            language: Some(self.story.household.language.clone()),
            summary: story.summary.clone(),
        };
        let known = Known::VisitRecorded {
            visit,
            record,
            corrects: None,
        };
        for (place, rating, state) in &story.ratings {
            let goal = self.goal_id(*place);
            let mut rating = rating.clone();
            if let Some(words) = rating.words.take() {
                rating.words = Some(FamilyWords {
                    member: words.member.or_else(|| {
                        story
                            .present
                            .first()
                            .and_then(|at| self.members.get(*at).copied())
                    }),
                    ..words
                });
            }
            let who = rating.who_acts;
            let step = rating.next_step.clone();
            let known = Known::ProgressRated {
                goal,
                visit: Some(visit),
                rating,
                corrects: None,
            };
            self.add(Hand::Tutor, known, Vec::new());
            if let Some(who) = who {
                self.goal_field(Hand::Tutor, *place, GoalField::WhoActs(who));
            }
            if let Some(step) = step {
                self.goal_field(Hand::Tutor, *place, GoalField::NextStep(step));
            }
            if let Some(state) = state {
                self.goal_field(Hand::Tutor, *place, GoalField::State(*state));
            }
        }
        self.add(Hand::Tutor, known, Vec::new());
    }
}

/// The fractional key of the goal told at this place: `b`, `e`, `h`…
fn order(place: usize) -> String {
    let step = u8::try_from(place * 3 % 24).unwrap_or(0);
    char::from(b'b' + step).to_string()
}

/// What a write of `field` replaces; `None` where the field says this already.
fn heads_unless_same<F: Field>(fields: Option<&Fields<F>>, field: &F) -> Option<Vec<OpId>> {
    let Some(fields) = fields else {
        return Some(Vec::new());
    };
    if fields.value(field.key()) == Some(field) {
        return None;
    }
    Some(fields.heads(field.key()))
}
