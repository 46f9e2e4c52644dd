//! What is written down once and corrected by another entry: visits, ratings, notes, attachments.

use domain::attachment::About;
use domain::id::{GoalId, Millis, OpId};
use domain::visit::Entry;
use domain::vocabulary::Area;
use jiff::civil::{Date, DateTime};
use litemap::LiteMap;

use super::{Teller, What};
use crate::screens::plan::model::member_name;

impl Teller<'_> {
    pub(super) fn visits(&mut self) {
        let case = self.case;
        for (visit_id, visit) in &case.visits {
            let last = visit.record().map(|(id, _)| id);
            for (id, entry) in &visit.records {
                let record = &entry.record;
                // Of a visit that was written down twice only the later entry carries ratings.
                let ratings = if last == Some(*id) {
                    case.progress
                        .iter()
                        .filter(|(op, told)| {
                            told.record.visit == Some(*visit_id) && !case.is_corrected(**op)
                        })
                        .map(|(_, told)| (self.area(told.record.goal), told.record.rating.clone()))
                        .collect()
                } else {
                    Vec::new()
                };
                let what = What::Visit {
                    visit: *visit_id,
                    place: record.place,
                    minutes: record.minutes,
                    present: record
                        .present
                        .iter()
                        .filter_map(|member| member_name(case, *member))
                        .collect(),
                    language: record.language.clone(),
                    summary: record.summary.clone(),
                    ratings,
                };
                let at = self.at_day(record.date, entry.at);
                let later = correction_of(*id, &visit.records);
                self.tell_entry(*id, entry, at, what, later);
                if last == Some(*id) {
                    self.with_attached(About::Visit(*visit_id));
                }
            }
        }
        for (id, entry) in &case.progress {
            let is_told = entry
                .record
                .visit
                .and_then(|visit| case.visits.get(&visit))
                .is_some_and(|visit| !visit.records.is_empty());
            if !is_told {
                let what = What::Rating(self.area(entry.record.goal), entry.record.rating.clone());
                let at = self.clock.local(entry.at);
                let later = correction_of(*id, &case.progress);
                self.tell_entry(*id, entry, at, what, later);
            }
        }
    }

    /// The visit's day with the hour at which it was written down, if that was the same day.
    fn at_day(&self, day: Date, written: Millis) -> DateTime {
        let written = self.clock.local(written);
        if written.date() == day {
            written
        } else {
            day.at(12, 0, 0, 0)
        }
    }

    pub(super) fn area(&self, goal: GoalId) -> Option<Area> {
        self.case.goal(goal)?.area().copied()
    }

    pub(super) fn notes(&mut self) {
        let case = self.case;
        for (id, entry) in &case.notes {
            let before = entry
                .corrects
                .and_then(|old| case.notes.get(&old))
                .map(|old| old.record.clone());
            let later = correction_of(*id, &case.notes);
            let at = self.clock.local(entry.at);
            self.tell_entry(
                *id,
                entry,
                at,
                What::Note(entry.record.clone(), before),
                later,
            );
        }
    }

    pub(super) fn attachments(&mut self) {
        let case = self.case;
        for (id, entry) in &case.attachments {
            let attachment = &entry.record;
            let is_told = match attachment.about {
                About::Diary | About::Goal(_) => false,
                About::Visit(visit) => case
                    .visits
                    .get(&visit)
                    .is_some_and(|visit| visit.record().is_some()),
                About::Answer(version) => case
                    .plan
                    .answers
                    .values()
                    .any(|said| said.version == version),
            };
            if !is_told {
                let at = self.clock.local(entry.at);
                self.tell_entry(*id, entry, at, What::Attached(attachment.kind), None);
                if let Some(item) = self.items.last_mut() {
                    item.attached = vec![attachment.clone()];
                }
            }
        }
    }
}

/// The entry that corrects this one.
fn correction_of<T>(id: OpId, entries: &LiteMap<OpId, Entry<T>>) -> Option<OpId> {
    let mut later = entries.iter();
    later
        .find(|(_, other)| other.corrects == Some(id))
        .map(|(other, _)| *other)
}
