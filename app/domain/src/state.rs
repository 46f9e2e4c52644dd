//! What the operations add up to. A function of their set: order and repetition do not matter.

mod lists;

use litemap::LiteMap;

use crate::attachment::Attachment;
use crate::family::Household;
use crate::forward::{Forward, forward};
use crate::id::{ActionId, GoalId, OpId, ScopeId, UserId, VersionId, VisitId};
use crate::merging::Found;
use crate::op::{Change, Known, Op};
use crate::plan::{Action, Goal, Plan, Statement, Version};
use crate::register::Write;
use crate::removal::{Removals, Says};
use crate::validate::validate;
use crate::visit::{Entry, Progress, Visit, VisitRecord};
use crate::vocabulary::Role;

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
    /// What was taken out of a list or brought back.
    pub removals: Removals,
    /// Goals that were taken out of the plan.
    pub gone_goals: LiteMap<GoalId, Goal>,
    /// Actions that were taken out of the plan.
    pub gone_actions: LiteMap<ActionId, Action>,
    /// Notes, oldest first.
    pub notes: LiteMap<OpId, Entry<String>>,
    /// What was recorded, photographed or drawn, oldest first.
    pub attachments: LiteMap<OpId, Entry<Attachment>>,
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

    /// The step forward that the family has made with a goal, if it has made one.
    pub fn forward(&self, goal: GoalId) -> Option<Forward> {
        forward(self.ratings(goal).map(|(_, entry)| &entry.record.rating))
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

    /// Days of visits that are planned and not yet made, in no order.
    pub fn planned_days(&self) -> impl Iterator<Item = jiff::civil::Date> {
        self.visits
            .values()
            .filter(|visit| visit.record().is_none())
            .filter_map(|visit| visit.appointment())
            .map(|appointment| appointment.date)
    }

    /// The last visit that was made.
    pub fn last_visit(&self) -> Option<&VisitRecord> {
        self.visits
            .values()
            .filter_map(|visit| visit.record())
            .map(|(_, entry)| &entry.record)
            .max_by_key(|record| record.date)
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
    #[error("the text has {chars} characters, at most {max} fit")]
    TooLong {
        /// How long it is.
        chars: usize,
        /// How long it may be.
        max: usize,
    },
    /// A list has more entries than fit.
    #[error("the list has {count} entries, at most {max} fit")]
    TooMany {
        /// How many there are.
        count: usize,
        /// How many there may be.
        max: usize,
    },
    /// A family that agrees by word of mouth does so before a witness.
    #[error("an answer by word of mouth needs a witness")]
    NoWitness,
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
    /// An attachment that is empty, larger or longer than fits, or not in a form of its kind.
    #[error("the attachment is not one that fits")]
    NotAnAttachment,
    /// What was to be taken out or brought back is in no list.
    #[error("it is in no list")]
    NotThere,
    /// The family agreed to the goal: it is ended, not taken out.
    #[error("the family agreed to the goal")]
    AlreadyAgreed,
    /// An entry was compared with itself.
    #[error("an entry is one person with itself")]
    SameEntry,
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
                let is_known = case.is_some_and(|case| case.goal(*goal).is_some());
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
            Known::Removed(item) => lists::check_removal(case, *item),
            Known::Restored(item) => lists::check_known(case, *item),
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
            | Known::AttachmentAdded(_)
            | Known::MembersMerged { .. }
            | Known::MembersDistinct { .. }
            | Known::MembersReopened { .. }
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
        let case = self.cases.entry(op.scope).or_default();
        case.apply(op, known);
        case.settle(known);
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
                self.entry_mut(*member).fields.write(op, field.clone());
            }
            Known::NeedRated {
                area,
                voice,
                rating,
            } => {
                self.plan.replace(id, &op.replaces);
                let ratings = self.plan.needs.entry((*area, *voice)).or_default();
                ratings.entry(id).or_insert_with(|| Write {
                    value: rating.clone(),
                    author: op.author,
                    at: op.at,
                });
            }
            Known::GoalWritten { goal, field } => {
                self.goal_mut(*goal).fields.write(op, field.clone());
            }
            Known::ActionWritten { action, field } => {
                self.action_mut(*action).fields.write(op, field.clone());
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
                self.plan.replace(id, &op.replaces);
                let statement = statement(op, *version, answer.clone());
                self.plan.answers.entry(id).or_insert(statement);
            }
            Known::VersionReviewed { version, review } => {
                self.plan.replace(id, &op.replaces);
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
            Known::AttachmentAdded(attachment) => {
                self.attachments
                    .entry(id)
                    .or_insert_with(|| entry(op, attachment.clone(), None));
            }
            Known::Seen { up_to } => {
                let seen = self.seen.entry(op.author).or_default();
                *seen = (*seen).max(*up_to);
            }
            Known::Removed(item) => self.say(op, *item, Says::Removed),
            Known::Restored(item) => self.say(op, *item, Says::Restored),
            Known::MembersMerged { kept, other } => self.find(op, (*kept, *other), Found::Same),
            Known::MembersDistinct { one, other } => self.find(op, (*one, *other), Found::Two),
            Known::MembersReopened { one, other } => self.find(op, (*one, *other), Found::Open),
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
