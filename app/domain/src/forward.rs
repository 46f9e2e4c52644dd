//! A step forward: how much further a family says that it is with a goal than when it first said.
//! For the family, which is told what it has done: never a judgement, and nothing is added up.
//!
//! The rule is this project's own. Only the family's voice counts here: what its tutor thinks is
//! shown beside it elsewhere.

use crate::score::Score;
use crate::visit::Rating;

/// Where a family was with a goal, and where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forward {
    /// What it said first.
    pub from: Score,
    /// What it said last, which is better.
    pub to: Score,
}

/// The step forward that a family has made with a goal, if it has made one. `told` is what was
/// written of it, the oldest first.
pub fn forward<'a>(told: impl Iterator<Item = &'a Rating>) -> Option<Forward> {
    let mut said = told.filter_map(|rating| rating.family);
    let from = said.next()?;
    let to = said.last()?;
    (to > from).then_some(Forward { from, to })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_family_said_last_against_what_it_said_first_is_a_step_forward() {
        let score = |value| Score::try_from(value).ok();
        let rated = |family, tutor| Rating {
            family: score(family),
            tutor: score(tutor),
            ..Rating::default()
        };
        // Beyond the scale: that voice said nothing.
        const NOTHING: i8 = 9;
        for (told, expected) in [
            (vec![], None),
            (vec![(0, 0)], None),
            (vec![(-2, 0), (-1, -2)], Some((-2, -1))),
            (vec![(-2, 0), (1, 0), (-2, 2)], None),
            (vec![(-1, 0), (-2, 0), (1, 0)], Some((-1, 1))),
            (vec![(NOTHING, -2), (-1, 0), (NOTHING, 2)], None),
        ] {
            let ratings: Vec<Rating> = told.iter().map(|(us, them)| rated(*us, *them)).collect();
            let found = forward(ratings.iter()).map(|step| (step.from.get(), step.to.get()));
            assert_eq!(found, expected, "{told:?}");
        }
    }
}
