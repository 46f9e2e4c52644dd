//! What an entry of the diary is made of.

use domain::attachment::{Attachment, Kind};
use domain::family::{FamilyKey, Language, MemberKey};
use domain::id::{OpId, UserId, VisitId};
use domain::plan::{ActionField, GoalField, PlanMove};
use domain::visit::Rating;
use domain::vocabulary::{Area, Interpreted, NeedLevel, Place, SignatureMode, Verdict, Voice};
use jiff::civil::DateTime;
use replica::replica::Receipt;

use crate::screens::diary::lists::Listed;

/// What a diary entry is about: the chips above the diary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Visits and ratings.
    Visits,
    /// Notes.
    Notes,
    /// The plan and the household.
    Plan,
    /// Versions, answers, reviews.
    Versions,
}

/// One entry of the diary.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The op that made it: also its place on the page.
    pub id: OpId,
    /// When it happened.
    pub at: DateTime,
    /// Who wrote it.
    pub author: Author,
    /// What happened.
    pub what: What,
    /// What its receipt says.
    pub receipt: Option<Receipt>,
    /// The entry that this one corrects.
    pub corrects: Option<OpId>,
    /// The entry that corrects this one.
    pub corrected_by: Option<OpId>,
    /// What was recorded, photographed or drawn with it.
    pub attached: Vec<Attachment>,
}

/// Who wrote an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// Who.
    pub user: UserId,
    /// Whether it is the person who reads.
    pub is_me: bool,
    /// Their name, where this phone knows it.
    pub name: Option<String>,
}

/// One datum of the household or of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Datum {
    /// Of the household.
    Family(FamilyKey),
    /// Of a member.
    Member(MemberKey),
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A visit.
    Visit {
        /// Which visit.
        visit: VisitId,
        /// Where.
        place: Place,
        /// How long.
        minutes: u16,
        /// Who was there.
        present: Vec<String>,
        /// Language spoken.
        language: Option<Language>,
        /// In a few words.
        summary: String,
        /// What happened to each goal.
        ratings: Vec<(Option<Area>, Rating)>,
    },
    /// A rating between visits.
    Rating(Option<Area>, Rating),
    /// A note; with the words it takes the place of.
    Note(String, Option<String>),
    /// Something was recorded, photographed or drawn: alone, or for a visit that goes on.
    Attached(Kind),
    /// Fields of a goal were written: new, or changed.
    Goal {
        /// Its domain.
        area: Option<Area>,
        /// Whether it begins here.
        is_new: bool,
        /// What was written, each field once.
        values: Vec<GoalField>,
    },
    /// An action was written.
    Action {
        /// What is to be done.
        what: String,
        /// The goal's domain.
        area: Option<Area>,
        /// Whether it begins here.
        is_new: bool,
        /// What was written, each field once.
        values: Vec<ActionField>,
    },
    /// A voice said how things are, and perhaps where they should get.
    Need(Area, Voice, NeedLevel, Option<NeedLevel>),
    /// The household was written, or a member by this name: which of their data.
    People(Option<String>, Vec<Datum>),
    /// Several things of one kind that one person wrote in one go, the oldest first.
    Together(Vec<Self>),
    /// A version was proposed.
    Version {
        /// Its number.
        number: u32,
        /// Goals in it.
        goals: usize,
    },
    /// The family answered a version.
    Answer {
        /// The version's number.
        number: Option<u32>,
        /// How.
        mode: SignatureMode,
        /// Who.
        member: Option<String>,
        /// In which language.
        language: Language,
        /// Who interpreted.
        interpreted: Option<Interpreted>,
    },
    /// The social worker decided.
    Review {
        /// The version's number.
        number: Option<u32>,
        /// What.
        verdict: Verdict,
        /// Her words.
        comment: String,
    },
    /// The whole plan moved.
    Move(PlanMove),
    /// Something was taken out of a list or kept in it, two entries compared.
    Listed(Listed),
}

impl What {
    /// The chip under which it is found.
    pub const fn theme(&self) -> Theme {
        match self {
            Self::Visit { .. } | Self::Rating(..) => Theme::Visits,
            Self::Note(..) | Self::Attached(_) => Theme::Notes,
            Self::Goal { .. }
            | Self::Action { .. }
            | Self::Need(..)
            | Self::People(..)
            | Self::Together(_)
            | Self::Move(_)
            | Self::Listed(_) => Theme::Plan,
            Self::Version { .. } | Self::Answer { .. } | Self::Review { .. } => Theme::Versions,
        }
    }
}
