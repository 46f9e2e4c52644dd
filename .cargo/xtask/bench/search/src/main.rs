//! Measures the search natively: `search-bench PAIRS NAMES WORLD FIGURES`. Writes what was searched
//! to the file WORLD, for the other contestants, and its figures to FIGURES, both as JSON. With
//! `--misses` behind, tells who was not found and who was instead.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::time::Instant;

use search_bench::Engine;
use search_bench::people::{Case, World, world};

const LIMIT: u32 = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || {
        arguments
            .next()
            .ok_or("usage: search-bench PAIRS NAMES WORLD FIGURES")
    };
    let (pairs, names, searched, measured) = (next()?, next()?, next()?, next()?);
    let shows_misses = std::env::args().any(|argument| argument == "--misses");
    let world = world(&fs::read_to_string(pairs)?, &fs::read_to_string(names)?);
    fs::write(searched, serde_json::to_string(&world)?)?;
    let start = Instant::now();
    let mut engine = Engine::new(&world.people.join("\n"));
    let mut figures = BTreeMap::from([("index_ms", millis(start))]);
    for (key, cases) in [("arabic", &world.original), ("typo", &world.typing)] {
        let missed: Vec<&Case> = cases
            .iter()
            .filter(|case| !is_found(&mut engine, case))
            .collect();
        let recall = 1.0 - share(missed.len(), cases.len());
        figures.insert(
            if key == "arabic" {
                "arabic_recall_at_5"
            } else {
                "typo_recall_at_5"
            },
            recall,
        );
        for case in missed.iter().filter(|_| shows_misses) {
            tell(&mut engine, &world.people, case);
        }
    }
    // All are typed three times, the quickest counts: the machine has other work to do, the engine
    // has not. Not each three times at once, since it knows the words of the query before.
    let mut took = type_all(&mut engine, &world);
    for _ in 1..3 {
        let again = type_all(&mut engine, &world);
        for (took, again) in took.iter_mut().zip(again) {
            *took = took.min(again);
        }
    }
    took.sort_by(f64::total_cmp);
    let at = |part: usize| {
        took.get(took.len() * part / 100)
            .copied()
            .unwrap_or_default()
    };
    figures.insert("p50_ms", at(50));
    figures.insert("p95_ms", at(95));
    figures.insert("max_ms", took.last().copied().unwrap_or_default());
    fs::write(measured, serde_json::to_string(&figures)?)?;
    for (name, value) in figures {
        println!("  {name:<20} {value:.4}");
    }
    Ok(())
}

/// Milliseconds of each keystroke, as somebody types every query.
fn type_all(engine: &mut Engine, world: &World) -> Vec<f64> {
    let mut took = Vec::new();
    for case in world.original.iter().chain(&world.typing) {
        let ends = case
            .query
            .char_indices()
            .map(|(at, letter)| at + letter.len_utf8());
        for end in ends {
            let typed = case.query.get(..end).unwrap_or_default();
            let start = Instant::now();
            std::hint::black_box(engine.find(typed, LIMIT));
            took.push(millis(start));
        }
    }
    took
}

fn is_found(engine: &mut Engine, case: &Case) -> bool {
    engine
        .find(&case.query, LIMIT)
        .iter()
        .any(|found| case.answers.contains(found))
}

/// What was found instead.
fn tell(engine: &mut Engine, people: &[String], case: &Case) {
    let name = |number: &u32| {
        let place = usize::try_from(*number).ok();
        place
            .and_then(|place| people.get(place))
            .cloned()
            .unwrap_or_default()
    };
    let wanted: Vec<String> = case.answers.iter().map(name).collect();
    let instead: Vec<String> = engine.find(&case.query, LIMIT).iter().map(name).collect();
    let place = engine
        .find(&case.query, 5_000)
        .iter()
        .position(|found| case.answers.contains(found));
    eprintln!(
        "{} → {} ({place:?}): {}",
        case.query,
        wanted.join(", "),
        instead.join(", ")
    );
}

fn millis(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1000.0
}

fn share(part: usize, of: usize) -> f64 {
    let float = |count: usize| u32::try_from(count).map_or(0.0, f64::from);
    float(part) / float(of).max(1.0)
}
