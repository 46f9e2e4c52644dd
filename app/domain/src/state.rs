//! What the operations add up to. A function of their set: order and repetition do not matter.

use litemap::LiteMap;

use crate::family::Household;
use crate::id::{GoalId, OpId, ScopeId, UserId, VersionId, VisitId};
use crate::op::{Change, Known, Op, WORDS_CHARS_MAX};
use crate::plan::{FamilyWords, GoalField, Plan, Statement, Version};
use crate::register::Write;
use crate::visit::{Entry, Progress, Visit, VisitField};
use crate::vocabulary::{Role, Verdict};

/// One family's file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Case {
    /// Who they are.
    pub household: Household,
    /// Their plan.
    pub plan: Plan,
    /// Visits, planned and made.
    pub visits: LiteMap<VisitId, Visit>,
    /// Ratings of goals, oldest first.
    pub progress: LiteMap<OpId, Entry<Progress>>,
    /// Notes, oldest first.
    pub notes: LiteMap<OpId, Entry<String>>,
    /// How far each person has looked: the greatest number seen.
    pub seen: LiteMap<UserId, u64>,
    /// Changes that this build cannot read, kept by id so that they can be counted.
    pub unread: LiteMap<OpId, u16>,
}

impl Case {
    /// The ratings of one goal, oldest first, without those that were corrected.
    pub fn ratings(
        &self,
        goal: GoalId,
    ) -> impl DoubleEndedIterator<Item = (OpId, &Entry<Progress>)> {
        self.progress
            .iter()
            .filter(move |(id, entry)| entry.record.goal == goal && !self.is_corrected(**id))
            .map(|(id, entry)| (*id, entry))
    }

    /// Whether a later entry corrects this one.
    pub fn is_corrected(&self, id: OpId) -> bool {
        self.progress
            .values()
            .any(|entry| entry.corrects == Some(id))
            || self.notes.values().any(|entry| entry.corrects == Some(id))
            || self
                .visits
                .values()
                .flat_map(|visit| visit.records.values())
                .any(|entry| entry.corrects == Some(id))
    }

    /// The day of the last visit that was made.
    pub fn last_visit(&self) -> Option<jiff::civil::Date> {
        self.visits
            .values()
            .filter_map(|visit| visit.record())
            .map(|(_, e)| e.record.date)
            .max()
    }
}

/// A person who works here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    /// Display name.
    pub name: String,
    /// Role.
    pub role: Role,
}

/// Everything that the operations of some scopes add up to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Families by scope.
    pub cases: LiteMap<ScopeId, Case>,
    colleagues: LiteMap<UserId, LiteMap<OpId, Colleague>>,
}

/// Why a change was refused before it was written. Nothing was lost: the words stay on screen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckError {
    /// A text that must say something is empty.
    #[error("the text is empty")]
    Empty,
    /// A text is longer than fits.
    #[error("the text has {chars} characters, at most {max} fit", max = WORDS_CHARS_MAX)]
    TooLong {
        /// How long it is.
        chars: usize,
    },
    /// The goal is not in the plan.
    #[error("goal {goal} is not in the plan")]
    NoGoal {
        /// Which goal.
        goal: GoalId,
    },
    /// The version was never proposed.
    #[error("version {version} was never proposed")]
    NoVersion {
        /// Which version.
        version: VersionId,
    },
    /// What was answered or reviewed is not what the version says.
    #[error("the fingerprint is not the version's")]
    OtherContent,
    /// A return without a word of why.
    #[error("a returned version needs a comment")]
    NoComment,
    /// A weight outside 1..=3.
    #[error("weight {weight} is outside 1..=3")]
    WeightOutOfRange {
        /// The weight that was given.
        weight: u8,
    },
    /// A visit of no minutes or of more than a day.
    #[error("{minutes} minutes is not the length of a visit")]
    NotALength {
        /// The length that was given.
        minutes: u16,
    },
}

impl State {
    /// Whether `op` makes sense on top of this state. Used before writing, never when reading.
    ///
    /// # Errors
    /// [`CheckError`] says why not.
    pub fn check(&self, op: &Op) -> Result<(), CheckError> {
        let Change::Known(known) = &op.change else {
            return Ok(());
        };
        validate(known)?;
        let case = self.cases.get(&op.scope);
        let version = |id: VersionId| {
            case.and_then(|case| case.plan.versions.values().find(|version| version.id == id))
                .ok_or(CheckError::NoVersion { version: id })
        };
        match &**known {
            Known::ProgressRated { goal, .. } => {
                let is_known = case.is_some_and(|case| case.plan.goals.contains_key(goal));
                if is_known {
                    Ok(())
                } else {
                    Err(CheckError::NoGoal { goal: *goal })
                }
            }
            Known::VersionAnswered {
                version: id,
                answer,
            } => {
                let is_same = version(*id)?.content.fingerprint() == answer.fingerprint;
                if is_same {
                    Ok(())
                } else {
                    Err(CheckError::OtherContent)
                }
            }
            Known::VersionReviewed {
                version: id,
                review,
            } => {
                let is_same = version(*id)?.content.fingerprint() == review.fingerprint;
                if is_same {
                    Ok(())
                } else {
                    Err(CheckError::OtherContent)
                }
            }
            Known::FamilyWritten(_)
            | Known::MemberWritten { .. }
            | Known::NeedRated { .. }
            | Known::GoalWritten { .. }
            | Known::ActionWritten { .. }
            | Known::VersionProposed { .. }
            | Known::PlanMoved(_)
            | Known::VisitPlanned { .. }
            | Known::VisitRecorded { .. }
            | Known::NoteAdded { .. }
            | Known::Seen { .. }
            | Known::ColleagueNamed { .. } => Ok(()),
        }
    }

    /// Adds an op. Cannot fail, and adding the same op again changes nothing.
    pub fn apply(&mut self, op: &Op) {
        let known = match &op.change {
            Change::Known(known) => known,
            Change::Unknown(_) => {
                self.cases
                    .entry(op.scope)
                    .or_default()
                    .unread
                    .insert(op.id, op.schema);
                return;
            }
        };
        if let Known::ColleagueNamed { user, name, role } = &**known {
            let colleague = Colleague {
                name: name.clone(),
                role: *role,
            };
            self.colleagues
                .entry(*user)
                .or_default()
                .insert(op.id, colleague);
            return;
        }
        self.cases.entry(op.scope).or_default().apply(op, known);
    }

    /// Forgets a scope: access was taken back.
    pub fn purge(&mut self, scope: ScopeId) {
        self.cases.remove(&scope);
    }

    /// A colleague by id.
    pub fn colleague(&self, user: UserId) -> Option<&Colleague> {
        self.colleagues.get(&user)?.values().next_back()
    }

    /// Everybody who works here.
    pub fn colleagues(&self) -> impl Iterator<Item = (UserId, &Colleague)> {
        self.colleagues
            .iter()
            .filter_map(|(user, named)| Some((*user, named.values().next_back()?)))
    }
}

impl Case {
    fn apply(&mut self, op: &Op, known: &Known) {
        let id = op.id;
        match known {
            Known::FamilyWritten(field) => self.household.fields.write(op, field.clone()),
            Known::MemberWritten { member, field } => {
                self.household
                    .members
                    .entry(*member)
                    .or_default()
                    .fields
                    .write(op, field.clone());
            }
            Known::NeedRated {
                area,
                voice,
                rating,
            } => {
                let ratings = self.plan.needs.entry((*area, *voice)).or_default();
                ratings.entry(id).or_insert_with(|| Write {
                    value: rating.clone(),
                    author: op.author,
                    at: op.at,
                });
            }
            Known::GoalWritten { goal, field } => {
                self.plan
                    .goals
                    .entry(*goal)
                    .or_default()
                    .fields
                    .write(op, field.clone());
            }
            Known::ActionWritten { action, field } => {
                self.plan
                    .actions
                    .entry(*action)
                    .or_default()
                    .fields
                    .write(op, field.clone());
            }
            Known::VersionProposed {
                version,
                number,
                content,
            } => {
                self.plan.versions.entry(id).or_insert_with(|| Version {
                    id: *version,
                    number: *number,
                    content: content.clone(),
                    author: op.author,
                    at: op.at,
                });
            }
            Known::VersionAnswered { version, answer } => {
                let statement = statement(op, *version, answer.clone());
                self.plan.answers.entry(id).or_insert(statement);
            }
            Known::VersionReviewed { version, review } => {
                let statement = statement(op, *version, review.clone());
                self.plan.reviews.entry(id).or_insert(statement);
            }
            Known::PlanMoved(to) => {
                let write = Write {
                    value: to.clone(),
                    author: op.author,
                    at: op.at,
                };
                self.plan.moves.write(id, write, &op.replaces);
            }
            Known::VisitPlanned { visit, field } => {
                self.visits
                    .entry(*visit)
                    .or_default()
                    .planned
                    .write(op, field.clone());
            }
            Known::VisitRecorded {
                visit,
                record,
                corrects,
            } => {
                let entry = entry(op, record.clone(), *corrects);
                self.visits
                    .entry(*visit)
                    .or_default()
                    .records
                    .entry(id)
                    .or_insert(entry);
            }
            Known::ProgressRated {
                goal,
                visit,
                rating,
                corrects,
            } => {
                let progress = Progress {
                    goal: *goal,
                    visit: *visit,
                    rating: rating.clone(),
                };
                self.progress
                    .entry(id)
                    .or_insert_with(|| entry(op, progress, *corrects));
            }
            Known::NoteAdded { words, corrects } => {
                self.notes
                    .entry(id)
                    .or_insert_with(|| entry(op, words.clone(), *corrects));
            }
            Known::Seen { up_to } => {
                let seen = self.seen.entry(op.author).or_default();
                *seen = (*seen).max(*up_to);
            }
            Known::ColleagueNamed { .. } => {
                // Belongs in the reference scope and is folded there, before a case is reached.
            }
        }
    }
}

fn entry<T>(op: &Op, record: T, corrects: Option<OpId>) -> Entry<T> {
    // An entry cannot correct itself: its words would disappear.
    let corrects = corrects.filter(|corrected| *corrected != op.id);
    Entry {
        record,
        author: op.author,
        at: op.at,
        corrects,
    }
}

fn statement<T>(op: &Op, version: VersionId, what: T) -> Statement<T> {
    Statement {
        version,
        what,
        author: op.author,
        at: op.at,
    }
}

/// Whether a change is well formed by itself, whatever the state. The server asks this too.
///
/// # Errors
/// [`CheckError`] says what is wrong with it.
pub fn validate(known: &Known) -> Result<(), CheckError> {
    match known {
        Known::GoalWritten { field, .. } => match field {
            GoalField::Words(words) => said(words),
            GoalField::Expected(text)
            | GoalField::MuchLess(text)
            | GoalField::Less(text)
            | GoalField::More(text)
            | GoalField::MuchMore(text)
            | GoalField::Order(text) => fits(text),
            GoalField::NextStep(step) => says_something(&step.what),
            GoalField::Weight(weight) if !(1..=3).contains(weight) => {
                Err(CheckError::WeightOutOfRange { weight: *weight })
            }
            GoalField::Area(_)
            | GoalField::Due(_)
            | GoalField::State(_)
            | GoalField::Weight(_)
            | GoalField::WhoActs(_)
            | GoalField::Agreement(_) => Ok(()),
        },
        Known::VersionReviewed { review, .. } => {
            fits(&review.comment)?;
            let needs_words = review.verdict != Verdict::Approved;
            if needs_words && review.comment.trim().is_empty() {
                return Err(CheckError::NoComment);
            }
            Ok(())
        }
        Known::VisitRecorded { record, .. } => {
            if record.minutes == 0 || record.minutes > 24 * 60 {
                return Err(CheckError::NotALength {
                    minutes: record.minutes,
                });
            }
            fits(&record.summary)
        }
        Known::ProgressRated { rating, .. } => {
            if let Some(words) = &rating.words {
                said(words)?;
            }
            rating
                .next_step
                .as_ref()
                .map_or(Ok(()), |step| says_something(&step.what))
        }
        Known::NeedRated { rating, .. } => rating.words.as_ref().map_or(Ok(()), said),
        Known::NoteAdded { words, .. } => says_something(words),
        Known::ColleagueNamed { name, .. } => says_something(name),
        Known::VisitPlanned {
            field: VisitField::Appointment(appointment),
            ..
        } => fits(&appointment.about),
        Known::FamilyWritten(_)
        | Known::MemberWritten { .. }
        | Known::ActionWritten { .. }
        | Known::VersionProposed { .. }
        | Known::VersionAnswered { .. }
        | Known::PlanMoved(_)
        | Known::VisitPlanned {
            field: VisitField::Cancelled(_),
            ..
        }
        | Known::Seen { .. } => Ok(()),
    }
}

fn fits(text: &str) -> Result<(), CheckError> {
    let chars = text.chars().count();
    if chars > WORDS_CHARS_MAX {
        Err(CheckError::TooLong { chars })
    } else {
        Ok(())
    }
}

fn says_something(text: &str) -> Result<(), CheckError> {
    if text.trim().is_empty() {
        Err(CheckError::Empty)
    } else {
        fits(text)
    }
}

fn said(words: &FamilyWords) -> Result<(), CheckError> {
    let original = words
        .original
        .as_ref()
        .map_or("", |spoken| spoken.text.as_str());
    if words.italian.trim().is_empty() && original.trim().is_empty() {
        return Err(CheckError::Empty);
    }
    fits(&words.italian)?;
    fits(original)
}
