//! Sorting behind one type.
//!
//! The sort of the standard library compiles some four kilobytes for every type and order that
//! it is used with. A phone loads this over a village's network: here only the comparison is
//! compiled again.

use std::cmp::Ordering;

/// Sorts in place, equals in the order in which they were.
pub fn sort_by<T>(items: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let mut places: Vec<usize> = (0..items.len()).collect();
    sort_places(&mut places, &|a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    let mut taken: Vec<Option<T>> = items.drain(..).map(Some).collect();
    for place in places {
        items.extend(taken.get_mut(place).and_then(Option::take));
    }
}

/// Sorts in place by what `key` makes of each, equals in the order in which they were.
pub fn sort_by_key<T, K: Ord>(items: &mut Vec<T>, key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

fn sort_places(places: &mut [usize], compare: &dyn Fn(usize, usize) -> Ordering) {
    places.sort_by(|a, b| compare(*a, *b));
}
