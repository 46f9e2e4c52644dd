//! How the ratings of a goal went: a small drawing, a word, and the whole table behind.

use domain::score::Score;
use domain::vocabulary::Voice;
use jiff::civil::Date;
use leptos::prelude::*;

use crate::screens::plan::model::{Drift, TrendPoint};
use crate::words::Words;

const WIDTH: f32 = 104.0;
const EDGE: f32 = 4.0;
const MIDDLE: f32 = 20.0;
const STEP: f32 = 8.0;

/// The drawing and its word.
#[component]
pub fn Trend(points: Vec<TrendPoint>, drift: Drift, words: Words) -> impl IntoView {
    let word = drift_words(drift, words);
    let count = points.len();
    let is_drawn = count > 1;
    view! {
        <span class="trend">
            {is_drawn.then(|| spark(&points))}
            <span><b>{word}</b>{words.in_visits(count)}</span>
        </span>
    }
    .into_any()
}

fn spark(points: &[TrendPoint]) -> impl IntoView + use<> {
    let tutor = line(points, |point| point.tutor);
    let family = line(points, |point| point.family);
    let tutor_end = tutor.last().copied().map(|(x, y)| {
        view! {
            <rect
                class="spark__tdot" x=x - 4.0 y=y - 4.0 width="8" height="8"
                transform=format!("rotate(45 {x} {y})")
            ></rect>
        }
    });
    let family_end = family
        .last()
        .copied()
        .map(|(x, y)| view! { <circle class="spark__fdot" cx=x cy=y r="4.5"></circle> });
    view! {
        <svg class="spark" viewBox="0 0 112 40" aria-hidden="true">
            <path class="spark__zero" d="M0 20h112"></path>
            <polyline class="spark__tutor" points=joined(&tutor)></polyline>
            <polyline class="spark__family" points=joined(&family)></polyline>
            {tutor_end}
            {family_end}
        </svg>
    }
}

/// Where one voice's ratings lie in the drawing.
fn line(points: &[TrendPoint], voice: impl Fn(&TrendPoint) -> Option<Score>) -> Vec<(f32, f32)> {
    let last = points.len().saturating_sub(1).max(1);
    let step = WIDTH / f32::from(u16::try_from(last).unwrap_or(u16::MAX));
    points
        .iter()
        .enumerate()
        .filter_map(|(at, point)| {
            let score = voice(point)?;
            let x = EDGE + step * f32::from(u16::try_from(at).unwrap_or(u16::MAX));
            Some((x, MIDDLE - STEP * f32::from(score.get())))
        })
        .collect()
}

fn joined(points: &[(f32, f32)]) -> String {
    let points: Vec<String> = points
        .iter()
        .map(|(x, y)| format!("{x:.1} {y:.1}"))
        .collect();
    points.join(" ")
}

/// The table behind the drawing: every rating in words.
#[component]
pub fn TrendTable(points: Vec<TrendPoint>, today: Date, words: Words) -> impl IntoView {
    let level = move |score: Option<Score>| {
        score.map_or_else(
            || words.not_said().to_owned(),
            |score| format!("{} {}", words.signed(score), words.level(score)),
        )
    };
    let rows = points
        .into_iter()
        .rev()
        .map(|point| {
            view! {
                <tr>
                    <th scope="row">{words.short_day(point.day, today)}</th>
                    <td>{level(point.family)}</td>
                    <td>{level(point.tutor)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <details class="behind">
            <summary>{words.trend_table()}</summary>
            <table class="ratings">
                <thead>
                    <tr>
                        <th scope="col">{words.trend_day()}</th>
                        <th scope="col">{words.voice(Voice::Family)}</th>
                        <th scope="col">{words.voice(Voice::Tutor)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </details>
    }
    .into_any()
}

const fn drift_words(drift: Drift, words: Words) -> &'static str {
    match drift {
        Drift::First => words.drift_first(),
        Drift::Better => words.drift_better(),
        Drift::Worse => words.drift_worse(),
        Drift::Still => words.drift_still(),
        Drift::StillForFamily => words.drift_still_family(),
        Drift::Apart => words.drift_apart(),
        Drift::Stuck => words.drift_stuck(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn better_is_higher_and_a_voice_that_was_silent_leaves_a_gap() {
        let point = |family: Option<i8>| TrendPoint {
            day: date(2026, 10, 1),
            family: family.and_then(|score| Score::try_from(score).ok()),
            tutor: None,
        };
        let points = [point(Some(-2)), point(None), point(Some(2))];
        assert_eq!(
            line(&points, |point| point.family),
            [(4.0, 36.0), (108.0, 4.0)]
        );
        assert!(line(&points, |point| point.tutor).is_empty());
    }
}
