//! Whether a change is well formed by itself, whatever the state: every text and every list has a
//! limit, and what must say something does.
//!
//! Asked before an op is written and again by the server. Never asked of what is stored: applying
//! cannot fail, so that a limit that is set later takes nothing away that was accepted before.

use crate::family::{FamilyField, Language, MemberField, Name};
use crate::op::{Known, WORDS_CHARS_MAX};
use crate::plan::{ActionField, Answer, FamilyWords, GoalField, NextStep, PlanContent, Review};
use crate::state::CheckError;
use crate::visit::{Rating, VisitField, VisitRecord};
use crate::vocabulary::{SignatureMode, Verdict};

/// The most entries of a list: languages of a person, goals of a plan, actions of a goal, members
/// at a visit. Nobody reaches it by hand.
pub const LIST_MAX: usize = 100;

/// The longest text in a version, in characters. A version freezes what stands, and what stands
/// may be what several people wrote at the same time, one below the other: so it may be longer
/// than what any of them may write.
pub const FROZEN_CHARS_MAX: usize = 4 * WORDS_CHARS_MAX;

/// Whether a change is well formed by itself.
///
/// # Errors
/// [`CheckError`] says what is wrong with it.
pub fn validate(known: &Known) -> Result<(), CheckError> {
    match known {
        Known::FamilyWritten(field) => of_family(field),
        Known::MemberWritten { field, .. } => of_member(field),
        Known::NeedRated { rating, .. } => rating.words.as_ref().map_or(Ok(()), said),
        Known::GoalWritten { field, .. } => of_goal(field),
        Known::ActionWritten { field, .. } => of_action(field),
        Known::VersionProposed { content, .. } => frozen(content),
        Known::VersionAnswered { answer, .. } => answered(answer),
        Known::VersionReviewed { review, .. } => reviewed(review),
        Known::VisitPlanned {
            field: VisitField::Appointment(appointment),
            ..
        } => fits(&appointment.about),
        Known::VisitRecorded { record, .. } => recorded(record),
        Known::ProgressRated { rating, .. } => rated(rating),
        Known::NoteAdded { words, .. } => says_something(words),
        Known::AttachmentAdded(attachment) if attachment.fits() => Ok(()),
        Known::AttachmentAdded(_) => Err(CheckError::NotAnAttachment),
        Known::ColleagueNamed { name, .. } => says_something(name),
        Known::MembersMerged { kept: one, other }
        | Known::MembersDistinct { one, other }
        | Known::MembersReopened { one, other }
            if one == other =>
        {
            Err(CheckError::SameEntry)
        }
        Known::Removed(_)
        | Known::Restored(_)
        | Known::MembersMerged { .. }
        | Known::MembersDistinct { .. }
        | Known::MembersReopened { .. }
        | Known::PlanMoved(_)
        | Known::VisitPlanned {
            field: VisitField::Cancelled(_),
            ..
        }
        | Known::Seen { .. } => Ok(()),
    }
}

/// What is known of a household may be taken back, which leaves an empty text; its name may not.
fn of_family(field: &FamilyField) -> Result<(), CheckError> {
    match field {
        FamilyField::Name(name) => named(name),
        FamilyField::Comune(comune) => {
            says_something(&comune.name)?;
            fits(&comune.istat)
        }
        FamilyField::Phone(phone) => {
            fits(&phone.number)?;
            phone.holder.as_deref().map_or(Ok(()), fits)
        }
        FamilyField::Address(text)
        | FamilyField::SafeContact(text)
        | FamilyField::Language(Language(text))
        | FamilyField::ExternalId(text) => fits(text),
        FamilyField::InterpreterNeeded(_) => Ok(()),
    }
}

fn of_member(field: &MemberField) -> Result<(), CheckError> {
    match field {
        MemberField::Name(name) => named(name),
        MemberField::Citizenship(code) => fits(code),
        MemberField::Speaks(languages) | MemberField::Reads(languages) => {
            bounded(languages)?;
            languages.iter().try_for_each(|language| fits(&language.0))
        }
        MemberField::Role(_) | MemberField::Birth(_) => Ok(()),
    }
}

fn of_goal(field: &GoalField) -> Result<(), CheckError> {
    match field {
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
    }
}

fn of_action(field: &ActionField) -> Result<(), CheckError> {
    match field {
        ActionField::What(text) => says_something(text),
        ActionField::Service(text) => fits(text),
        ActionField::Goal(_)
        | ActionField::Kind(_)
        | ActionField::WhoActs(_)
        | ActionField::Member(_)
        | ActionField::Due(_)
        | ActionField::State(_)
        | ActionField::Barrier(_) => Ok(()),
    }
}

/// A version says what stands, also where that was accepted before there was a rule: so nothing is
/// asked of it but that it keeps the limits.
fn frozen(content: &PlanContent) -> Result<(), CheckError> {
    bounded(&content.goals)?;
    for goal in &content.goals {
        bounded(&goal.fields)?;
        bounded(&goal.actions)?;
        goal.fields.iter().try_for_each(goal_stands)?;
        for action in &goal.actions {
            bounded(&action.fields)?;
            action.fields.iter().try_for_each(action_stands)?;
        }
    }
    Ok(())
}

fn goal_stands(field: &GoalField) -> Result<(), CheckError> {
    match field {
        GoalField::Words(words) => {
            stands(&words.italian)?;
            let spoken = words.original.as_ref();
            spoken.map_or(Ok(()), |spoken| {
                fits(&spoken.language.0)?;
                stands(&spoken.text)
            })
        }
        GoalField::Expected(text)
        | GoalField::MuchLess(text)
        | GoalField::Less(text)
        | GoalField::More(text)
        | GoalField::MuchMore(text)
        | GoalField::Order(text)
        | GoalField::NextStep(NextStep { what: text, .. }) => stands(text),
        GoalField::Area(_)
        | GoalField::Due(_)
        | GoalField::State(_)
        | GoalField::Weight(_)
        | GoalField::WhoActs(_)
        | GoalField::Agreement(_) => Ok(()),
    }
}

fn action_stands(field: &ActionField) -> Result<(), CheckError> {
    match field {
        ActionField::What(text) | ActionField::Service(text) => stands(text),
        ActionField::Goal(_)
        | ActionField::Kind(_)
        | ActionField::WhoActs(_)
        | ActionField::Member(_)
        | ActionField::Due(_)
        | ActionField::State(_)
        | ActionField::Barrier(_) => Ok(()),
    }
}

fn answered(answer: &Answer) -> Result<(), CheckError> {
    bounded(&answer.goals)?;
    fits(&answer.fingerprint.to_string())?;
    fits(&answer.language.0)?;
    let witness = answer.witness.as_deref().unwrap_or_default();
    fits(witness)?;
    let needs_witness = answer.mode == SignatureMode::Oral;
    if needs_witness && witness.trim().is_empty() {
        return Err(CheckError::NoWitness);
    }
    Ok(())
}

fn reviewed(review: &Review) -> Result<(), CheckError> {
    fits(&review.fingerprint.to_string())?;
    fits(&review.comment)?;
    let needs_words = review.verdict != Verdict::Approved;
    if needs_words && review.comment.trim().is_empty() {
        return Err(CheckError::NoComment);
    }
    Ok(())
}

fn recorded(record: &VisitRecord) -> Result<(), CheckError> {
    if record.minutes == 0 || record.minutes > 24 * 60 {
        return Err(CheckError::NotALength {
            minutes: record.minutes,
        });
    }
    at_most(record.present.len(), LIST_MAX)?;
    let language = record.language.as_ref();
    language.map_or(Ok(()), |language| fits(&language.0))?;
    fits(&record.summary)
}

fn rated(rating: &Rating) -> Result<(), CheckError> {
    if let Some(words) = &rating.words {
        said(words)?;
    }
    let step = rating.next_step.as_ref();
    step.map_or(Ok(()), |step| says_something(&step.what))
}

fn named(name: &Name) -> Result<(), CheckError> {
    says_something(&name.latin)?;
    name.original.as_deref().map_or(Ok(()), fits)
}

fn said(words: &FamilyWords) -> Result<(), CheckError> {
    let (language, original) = words.original.as_ref().map_or(("", ""), |spoken| {
        (spoken.language.0.as_str(), spoken.text.as_str())
    });
    if words.italian.trim().is_empty() && original.trim().is_empty() {
        return Err(CheckError::Empty);
    }
    fits(&words.italian)?;
    fits(language)?;
    fits(original)
}

fn says_something(text: &str) -> Result<(), CheckError> {
    if text.trim().is_empty() {
        Err(CheckError::Empty)
    } else {
        fits(text)
    }
}

fn fits(text: &str) -> Result<(), CheckError> {
    within(text, WORDS_CHARS_MAX)
}

fn stands(text: &str) -> Result<(), CheckError> {
    within(text, FROZEN_CHARS_MAX)
}

fn within(text: &str, max: usize) -> Result<(), CheckError> {
    let chars = text.chars().count();
    if chars > max {
        Err(CheckError::TooLong { chars, max })
    } else {
        Ok(())
    }
}

fn bounded<T>(list: &[T]) -> Result<(), CheckError> {
    at_most(list.len(), LIST_MAX)
}

fn at_most(count: usize, max: usize) -> Result<(), CheckError> {
    if count > max {
        Err(CheckError::TooMany { count, max })
    } else {
        Ok(())
    }
}
