//! Goal Attainment Scaling: computed when shown, never stored, never used to rank anybody.

use serde::{Deserialize, Serialize};

/// A rating on the five-step scale: −2 much less than expected, 0 as expected, +2 much more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i8", into = "i8")]
pub struct Score(i8);

/// The number is outside −2..=2. Nothing was rated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("score {score} is outside -2..=2")]
pub struct ScoreOutOfScale {
    /// The number that was given.
    pub score: i8,
}

impl Score {
    /// The five steps, lowest first.
    pub const ALL: [Self; 5] = [Self(-2), Self(-1), Self(0), Self(1), Self(2)];

    /// The number, −2..=2.
    pub const fn get(self) -> i8 {
        self.0
    }
}

impl TryFrom<i8> for Score {
    type Error = ScoreOutOfScale;

    fn try_from(score: i8) -> Result<Self, Self::Error> {
        if (-2..=2).contains(&score) {
            Ok(Self(score))
        } else {
            Err(ScoreOutOfScale { score })
        }
    }
}

impl From<Score> for i8 {
    fn from(score: Score) -> i8 {
        score.0
    }
}

/// Expected correlation between goals in the T-score formula.
const RHO: f64 = 0.30;

/// The GAS T-score of the rated goals, given as (weight, score).
///
/// `T = 50 + 10·Σ(w·x) / √[(1−ρ)·Σw² + ρ·(Σw)²]`, ρ = 0.30 (Kiresuk & Sherman 1968). Unrated
/// goals are left out by the caller. No rated goal, or only weights of zero, has no score.
pub fn t_score(rated: &[(u8, Score)]) -> Option<f64> {
    let sum: f64 = rated
        .iter()
        .map(|(w, x)| f64::from(*w) * f64::from(x.0))
        .sum();
    let weights: f64 = rated.iter().map(|(w, _)| f64::from(*w)).sum();
    let squares: f64 = rated.iter().map(|(w, _)| f64::from(*w).powi(2)).sum();
    let spread = ((1.0 - RHO) * squares + RHO * weights.powi(2)).sqrt();
    (spread > 0.0).then(|| 50.0 + 10.0 * sum / spread)
}
