//! A goal on which nothing moves, and what the tutor could try next: a hint, never a judgement, and
//! never about the family.
//!
//! The rule is this project's own; the six moves are what the tutor's task is made of (to
//! encourage, to reinforce, to monitor the family's response).

use crate::score::Score;
use crate::visit::Rating;
use crate::vocabulary::{Barrier, Response, TutorMove};

/// After so many visits in a row without a better rating a goal stands still.
pub const VISITS: usize = 3;

/// A goal that stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stall {
    /// For how many visits.
    pub visits: usize,
    /// What could be tried: what the last obstacle or response asks for, and was not tried since.
    pub hint: TutorMove,
}

/// Whether a goal stands still. `told` is what was written of it, the oldest first. One that has
/// reached what was expected, in either voice, does not.
pub fn stall<'a>(told: impl Iterator<Item = &'a Rating>) -> Option<Stall> {
    let mut voices: [Option<Score>; 2] = [None, None];
    let mut since = Vec::new();
    for rating in told {
        let now = [rating.family, rating.tutor];
        let is_better = voices
            .iter()
            .zip(now)
            .any(|(before, now)| before.is_some_and(|before| now.is_some_and(|now| now > before)));
        let is_first = voices.iter().all(Option::is_none);
        for (before, now) in voices.iter_mut().zip(now) {
            *before = now.or(*before);
        }
        if is_better || is_first {
            since.clear();
        } else {
            since.push(rating);
        }
    }
    let reached = |score: &Score| score.get() >= 0;
    let is_rated = voices.iter().any(Option::is_some);
    if !is_rated || since.len() < VISITS || voices.iter().flatten().any(reached) {
        return None;
    }
    Some(Stall {
        visits: since.len(),
        hint: hint(&since),
    })
}

/// What the last obstacles and the last response ask for; the first of it that was not tried yet.
fn hint(since: &[&Rating]) -> TutorMove {
    let barriers = since.iter().rev().map(|rating| &rating.barriers);
    let barriers = barriers.filter(|barriers| !barriers.is_empty()).take(1);
    let against = barriers.flatten().map(|barrier| against(*barrier));
    let response = since.iter().rev().find_map(|rating| rating.response);
    let wanted: Vec<TutorMove> = against
        .chain(response.map(after))
        .chain(TutorMove::ALL.iter().copied())
        .collect();
    let is_tried = |wanted: &TutorMove| {
        let mut moves = since.iter().filter_map(|rating| rating.tutor_move);
        moves.any(|tried| tried == *wanted)
    };
    let untried = wanted.iter().find(|wanted| !is_tried(wanted));
    *untried.or(wanted.first()).unwrap_or(&TutorMove::Informs)
}

/// What takes an obstacle away: somebody between two sides, somebody beside the family, or another
/// service.
const fn against(barrier: Barrier) -> TutorMove {
    match barrier {
        Barrier::Language | Barrier::Discrimination => TutorMove::Mediates,
        Barrier::Papers | Barrier::Fear => TutorMove::Accompanies,
        Barrier::WorkHours
        | Barrier::ChildCare
        | Barrier::Health
        | Barrier::Transport
        | Barrier::Cost
        | Barrier::NoService => TutorMove::Coordinates,
    }
}

/// What answers a response.
const fn after(response: Response) -> TutorMove {
    match response {
        Response::OwnInitiative | Response::TakesPart => TutorMove::Reinforces,
        Response::Listens => TutorMove::Encourages,
        Response::Ambivalent => TutorMove::Informs,
        Response::Refuses => TutorMove::Mediates,
        Response::Unable => TutorMove::Coordinates,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rated(family: i8, tutor: i8) -> Rating {
        let score = |value| Score::try_from(value).ok();
        Rating {
            family: score(family),
            tutor: score(tutor),
            ..Rating::default()
        }
    }

    #[test]
    fn three_visits_without_a_better_rating_are_a_stall() {
        let mut told = vec![rated(-2, -1), rated(-2, -1), rated(-2, -2)];
        assert_eq!(stall(told.iter()), None, "two visits after the first");
        told.push(rated(-2, -1));
        assert_eq!(stall(told.iter()), None, "better than at the visit before");
        told.extend([rated(-2, -1), rated(-2, -1)]);
        assert_eq!(stall(told.iter()), None);
        told.push(Rating::default());
        let still = stall(told.iter()).expect("nothing moved");
        assert_eq!((still.visits, still.hint), (3, TutorMove::Informs));
    }

    #[test]
    fn a_goal_that_is_reached_or_was_never_rated_does_not_stand_still() {
        let mut told = vec![rated(-1, 0); 5];
        assert_eq!(stall(told.iter()), None);
        told.fill(rated(-1, -1));
        assert_eq!(stall(told.iter()).map(|still| still.visits), Some(4));
        told.fill(Rating::default());
        assert_eq!(stall(told.iter()), None);
    }

    #[test]
    fn the_hint_follows_the_obstacle_then_the_response_then_what_was_not_tried() {
        let mut told = vec![rated(-2, -2); 4];
        told[2].barriers = [Barrier::Transport].into();
        told[3].response = Some(Response::Listens);
        let hint = |told: &[Rating]| stall(told.iter()).map(|still| still.hint);
        assert_eq!(hint(&told), Some(TutorMove::Coordinates));
        told[1].tutor_move = Some(TutorMove::Coordinates);
        assert_eq!(hint(&told), Some(TutorMove::Encourages));
        told[2].tutor_move = Some(TutorMove::Encourages);
        assert_eq!(hint(&told), Some(TutorMove::Informs));
        told[0].tutor_move = Some(TutorMove::Informs);
        assert_eq!(hint(&told), Some(TutorMove::Informs), "that was before");
    }

    #[test]
    fn where_everything_was_tried_the_first_answer_is_given_again() {
        let mut told = vec![rated(-2, -2)];
        told.extend(TutorMove::ALL.iter().map(|tried| Rating {
            tutor_move: Some(*tried),
            response: Some(Response::Refuses),
            ..rated(-2, -2)
        }));
        let still = stall(told.iter()).expect("nothing moved");
        assert_eq!((still.visits, still.hint), (6, TutorMove::Mediates));
    }
}
