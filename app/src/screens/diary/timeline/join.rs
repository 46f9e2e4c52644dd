//! What one person wrote in one go is one entry: nobody reads twelve rows of one minute. Pure.

use super::{Item, What};

/// Writes of one kind by one person that lie this close together were made in one go.
const GO_SECONDS_MAX: i64 = 60;

/// What may be told together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Goals and their actions.
    Plan,
    /// How things are.
    Needs,
    /// The household and its members.
    People,
}

/// Entries, the newest first, with what was written in one go in the place of its last write.
pub(super) fn joined(items: Vec<Item>) -> Vec<Item> {
    let mut found: Vec<Item> = Vec::new();
    for item in items {
        let entry = found
            .iter_mut()
            .rev()
            .take_while(|later| is_near(later, &item))
            .find(|later| is_of_one_go(later, &item));
        match entry {
            Some(entry) => take_in(entry, item),
            None => found.push(item),
        }
    }
    found
}

fn is_near(later: &Item, item: &Item) -> bool {
    later.at.duration_since(item.at).as_secs() <= GO_SECONDS_MAX
}

fn is_of_one_go(later: &Item, item: &Item) -> bool {
    let kind = kind(&item.what);
    kind.is_some()
        && kind_of(later) == kind
        && later.author == item.author
        && later.at.date() == item.at.date()
}

fn kind_of(entry: &Item) -> Option<Kind> {
    match &entry.what {
        What::Together(parts) => parts.first().and_then(kind),
        what => kind(what),
    }
}

const fn kind(what: &What) -> Option<Kind> {
    match what {
        What::Goal { .. } | What::Action { .. } => Some(Kind::Plan),
        What::Need(..) => Some(Kind::Needs),
        What::People(..) => Some(Kind::People),
        What::Visit { .. }
        | What::Rating(..)
        | What::Note(..)
        | What::Attached(_)
        | What::Together(_)
        | What::Version { .. }
        | What::Answer { .. }
        | What::Review { .. }
        | What::Move(_)
        | What::Listed(_) => None,
    }
}

/// Puts an earlier write into an entry, which says how far the slowest of them has got.
fn take_in(entry: &mut Item, earlier: Item) {
    if let What::Together(parts) = &mut entry.what {
        parts.insert(0, earlier.what);
    } else {
        let last = entry.what.clone();
        entry.what = What::Together(vec![earlier.what, last]);
    }
    entry.receipt = match (entry.receipt, earlier.receipt) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    };
}

#[cfg(test)]
mod tests {
    use domain::id::{Millis, OpId, UserId};
    use domain::vocabulary::{Area, Verdict};
    use jiff::civil::{DateTime, datetime};
    use replica::replica::Receipt;

    use super::*;
    use crate::screens::diary::timeline::Author;
    use crate::screens::fixture::{reviewer, tutor};

    fn item(at: DateTime, user: UserId, what: What, receipt: Receipt) -> Item {
        Item {
            id: OpId::new(Millis(0), [1; 10]),
            at,
            author: Author {
                user,
                is_me: false,
                name: None,
            },
            what,
            receipt: Some(receipt),
            corrects: None,
            corrected_by: None,
            attached: Vec::new(),
        }
    }

    fn goal(area: Area) -> What {
        What::Goal {
            area: Some(area),
            is_new: false,
            values: Vec::new(),
        }
    }

    #[test]
    fn what_one_person_wrote_within_a_minute_is_one_entry_with_the_slowest_receipt() {
        let at = |second| datetime(2026, 10, 14, 16, 20, second, 0);
        let review = What::Review {
            number: Some(1),
            verdict: Verdict::Approved,
            comment: String::new(),
        };
        let told = joined(vec![
            item(at(40), tutor(), goal(Area::Work), Receipt::OnPhone),
            item(at(35), reviewer(), goal(Area::Home), Receipt::Seen(9)),
            item(at(30), tutor(), review.clone(), Receipt::Seen(8)),
            item(at(20), tutor(), goal(Area::Health), Receipt::Seen(7)),
            item(at(10), tutor(), goal(Area::Papers), Receipt::Seen(6)),
            item(
                at(5),
                tutor(),
                What::People(None, Vec::new()),
                Receipt::Seen(5),
            ),
            item(
                datetime(2026, 10, 14, 16, 19, 39, 0),
                tutor(),
                goal(Area::School),
                Receipt::Seen(4),
            ),
        ]);
        let whats: Vec<What> = told.iter().map(|item| item.what.clone()).collect();
        let together = [Area::Papers, Area::Health, Area::Work].map(goal).to_vec();
        assert_eq!(
            whats,
            [
                What::Together(together),
                goal(Area::Home),
                review,
                What::People(None, Vec::new()),
                goal(Area::School),
            ]
        );
        assert_eq!(told[0].receipt, Some(Receipt::OnPhone));
        assert_eq!(told[0].at, at(40));
    }
}
