//! How far each social worker has read: nearly everything, as people do who look in every few
//! days. What is left are a few families in which something happened since.

use super::calendar::{Moment, is_sunday};
use super::chance::Chance;
use super::story::{Event, Hand, Story, What};

/// In how many of her families a social worker finds something new.
const NEWS: usize = 5;
/// How many days back something may lie that she has not read.
const NEWS_DAYS: i32 = 7;

/// Tells what everybody's social worker has read. The story told by hand tells it itself.
pub fn tell(chance: &mut Chance, stories: &mut [Story]) {
    let Some((_, drawn)) = stories.split_first_mut() else {
        return;
    };
    let mut readers: Vec<String> = drawn
        .iter()
        .map(|story| story.social_worker.clone())
        .collect();
    readers.sort_unstable();
    readers.dedup();
    for reader in readers {
        let mut own: Vec<&mut Story> = drawn
            .iter_mut()
            .filter(|story| story.social_worker == reader)
            .collect();
        // The newest first; the order of the stories decides where that is the same.
        own.sort_by_key(|story| std::cmp::Reverse(last_news(story)));
        for (place, story) in own.into_iter().enumerate() {
            match last_news(story) {
                Some(at) if place < NEWS && at.days >= -NEWS_DAYS => {
                    read_until(chance, story, at.days);
                }
                _ => read_all(chance, story),
            }
        }
    }
}

/// The last thing in a story that a social worker would want to know.
fn last_news(story: &Story) -> Option<Moment> {
    let news = |event: &Event| match &event.what {
        What::Needs(_)
        | What::Goal(_)
        | What::GoalAgain(..)
        | What::Answered { .. }
        | What::Visited(_)
        | What::Acted(..)
        | What::GoalApart(..)
        | What::FamilyApart(..) => true,
        What::Noted(hand, ..) | What::Moved(hand, _) => *hand != Hand::Reviewer,
        What::Opened | What::Proposed | What::Reviewed(..) | What::Planned(..) | What::Seen(_) => {
            false
        }
    };
    let last = story.events.iter().rfind(|event| news(event))?;
    Some(last.at)
}

/// She read everything, a day or a few after it was written.
fn read_all(chance: &mut Chance, story: &mut Story) {
    let last = story.events.last().map_or(-1, |event| event.at.days);
    let days = last + chance.between(1, 3);
    let at = evening(chance, days.min(-1));
    story.tell(at, What::Seen(Hand::Reviewer));
}

/// She read everything that lay there the evening before a day.
fn read_until(chance: &mut Chance, story: &mut Story, days: i32) {
    let place = story.events.partition_point(|event| event.at.days < days);
    let mut at = evening(chance, days - 1);
    if is_sunday(story.today, at.days) {
        at.days -= 1;
    }
    let before = place.checked_sub(1).and_then(|at| story.events.get(at));
    if let Some(before) = before {
        at = at.max(before.at.later(4));
    }
    let what = What::Seen(Hand::Reviewer);
    story.events.insert(place, Event { at, what });
}

fn evening(chance: &mut Chance, days: i32) -> Moment {
    Moment {
        days,
        minute: chance.between(17 * 60, 18 * 60),
    }
}
