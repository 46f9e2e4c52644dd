//! What happened to one family, as a story: who they are, and one event after the other.
//!
//! A story knows nothing of operations; [`super::scribe`] writes it down.

use domain::family::{Comune, FamilyField, Language, Name, Phone};
use domain::plan::{FamilyWords, GoalField, NeedRating, PlanMove};
use domain::visit::{Appointment, Rating};
use domain::vocabulary::{
    ActionKind, ActionState, Area, Barrier, GoalState, MemberRole, Place, SignatureMode, Verdict,
    Voice, WhoActs,
};
use jiff::civil::Date;

use super::calendar::{Moment, is_sunday};

/// A member of the household.
pub struct Person {
    /// Name.
    pub name: Name,
    /// Place in the household.
    pub role: MemberRole,
    /// Date of birth.
    pub birth: Date,
    /// Age today.
    pub age: i32,
    /// Chooses the words that agree with her.
    pub is_female: bool,
    /// Citizenship.
    pub citizenship: String,
    /// Languages spoken.
    pub speaks: Vec<Language>,
    /// Languages read.
    pub reads: Vec<Language>,
}

impl Person {
    /// The name and gender, for a text.
    pub fn called(&self) -> (&Name, bool) {
        (&self.name, self.is_female)
    }

    /// Whether this person answers for the household.
    pub fn is_adult(&self) -> bool {
        matches!(self.role, MemberRole::Reference | MemberRole::Partner)
    }
}

/// A household.
pub struct Household {
    /// The family's name.
    pub name: Name,
    /// Where it lives.
    pub comune: Comune,
    /// Street and number.
    pub address: String,
    /// Telephone.
    pub phone: Phone,
    /// How and when it is safe to call.
    pub safe: Option<String>,
    /// The language spoken with the mediator.
    pub language: Language,
    /// Whether an interpreter is needed.
    pub is_interpreter_needed: bool,
    /// Its members.
    pub people: Vec<Person>,
}

/// A goal as it is first written.
pub struct GoalStory {
    /// Domain of need.
    pub area: Area,
    /// The family's words.
    pub words: FamilyWords,
    /// Who said them: a place in [`Household::people`].
    pub speaker: usize,
    /// Expected result.
    pub expected: Option<String>,
    /// The words of −2, −1, +1, +2; empty where the generic ones serve.
    pub levels: Vec<String>,
    /// Target date.
    pub due: Date,
    /// Who acts.
    pub who: WhoActs,
    /// Importance, 1..=3.
    pub weight: u8,
    /// Actions.
    pub actions: Vec<ActionStory>,
}

/// An action of a goal.
pub struct ActionStory {
    /// Commitment or support.
    pub kind: ActionKind,
    /// What.
    pub what: String,
    /// The service, empty for a commitment.
    pub service: String,
    /// By when.
    pub due: Date,
}

/// Who writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    /// The mediator-tutor.
    Tutor,
    /// The mediator-tutor, from another device.
    TutorElsewhere,
    /// The colleague who stands in for the mediator-tutor.
    StandIn,
    /// The social worker.
    Reviewer,
}

/// What happened.
pub enum What {
    /// The social worker opened the file.
    Opened,
    /// Both voices said how things are.
    Needs(Vec<(Area, Voice, NeedRating)>),
    /// A goal was written.
    Goal(Box<GoalStory>),
    /// A field of a goal was written again.
    GoalAgain(usize, GoalField),
    /// What the plan says was put before the family.
    Proposed,
    /// The family answered the last version; it does not agree on one goal, or on none.
    Answered {
        /// How it signed.
        mode: SignatureMode,
        /// The goal that it does not agree on.
        refused: Option<usize>,
    },
    /// The social worker decided about the last version.
    Reviewed(Verdict, String),
    /// The plan was moved.
    Moved(Hand, PlanMove),
    /// A visit was made.
    Visited(Box<VisitStory>),
    /// An action changed: goal, place in it, state, what blocks it.
    Acted(usize, usize, ActionState, Option<Barrier>),
    /// A visit was planned; `true` where it was called off.
    Planned(Appointment, bool),
    /// A note; it may correct an earlier one of this story.
    Noted(Hand, String, Option<usize>),
    /// Two people wrote a goal's field out of each other's reach.
    GoalApart(usize, (Hand, GoalField), (Hand, GoalField)),
    /// Two people wrote a field of the household out of each other's reach.
    FamilyApart((Hand, FamilyField), (Hand, FamilyField)),
    /// Somebody looked at everything.
    Seen(Hand),
}

/// A visit that was made.
pub struct VisitStory {
    /// Where.
    pub place: Place,
    /// How long.
    pub minutes: u16,
    /// Who was there.
    pub present: Vec<usize>,
    /// The tutor's words.
    pub summary: String,
    /// Goals touched; the state that a goal took, if it changed.
    pub ratings: Vec<(usize, Rating, Option<GoalState>)>,
}

/// An event.
pub struct Event {
    /// When.
    pub at: Moment,
    /// What.
    pub what: What,
}

/// A family's story.
pub struct Story {
    /// Who they are.
    pub household: Household,
    /// The mediator's sign-in name.
    pub mediator: String,
    /// The social worker's sign-in name.
    pub social_worker: String,
    /// The sign-in name of a second mediator, where one stands in.
    pub stand_in: Option<String>,
    /// Whether visits go on.
    pub is_open: bool,
    /// What happened, in the order of time.
    pub events: Vec<Event>,
    /// Today.
    pub today: Date,
}

impl Story {
    /// Adds an event at a moment, or right after the last one where that is later. Nothing
    /// happens on a Sunday, and nothing of a story lies in the future.
    pub fn tell(&mut self, mut at: Moment, what: What) {
        if is_sunday(self.today, at.days) {
            at.days -= 1;
        }
        if let Some(last) = self.events.last() {
            at = at.max(last.at.later(4));
        }
        self.events.push(Event { at, what });
    }

    /// A later event than the last one, on the same day.
    pub fn then(&mut self, minutes: i32, what: What) {
        let at = self.events.last().map_or(
            Moment {
                days: -1,
                minute: 600,
            },
            |last| last.at.later(minutes),
        );
        self.tell(at, what);
    }
}
