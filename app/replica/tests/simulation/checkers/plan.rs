//! The plan's promises: invariants 9 and 10.

use std::collections::BTreeMap;

use domain::id::VersionId;
use domain::op::{Change, Known};
use domain::plan::{Plan, PlanContent, Version};
use domain::score::{Score, t_score};
use domain::state::Case;

use super::Rest;
use crate::world::World;

/// Invariant 9: wherever a version stands, in the log or on a phone, it says what was read aloud
/// when it was proposed.
pub fn a_version_is_immutable(rest: &Rest<'_>) -> Option<String> {
    let world = rest.world;
    let proposed = rest.log.values().flatten().filter_map(|op| {
        let Change::Known(known) = &op.change else {
            return None;
        };
        match &**known {
            Known::VersionProposed {
                version, content, ..
            } => Some((*version, content)),
            _ => None,
        }
    });
    let shown = world.tabs.iter().filter_map(|tab| tab.replica.as_ref());
    let shown = shown.flat_map(|replica| replica.state().cases.values());
    let shown = shown.flat_map(|case| case.plan.versions.values());
    let shown = shown.map(|version| (version.id, &version.content));
    { proposed.chain(shown) }.find_map(|(version, content)| {
        let is_other = said(world, version)? != text(content);
        is_other.then(|| format!("version {version} says something else than was read aloud"))
    })
}

fn said(world: &World, version: VersionId) -> Option<&str> {
    world.read_aloud.get(&version).map(String::as_str)
}

fn text(content: &PlanContent) -> String {
    serde_json::to_string(content).expect("content is JSON")
}

/// Invariant 9: two contents never have one hash, and a statement whose hash is the version's was
/// made by somebody who had exactly this content on screen.
pub fn a_hash_covers_what_was_read(rest: &Rest<'_>) -> Option<String> {
    let mut by_hash: BTreeMap<String, String> = BTreeMap::new();
    for case in rest.whole.cases.values() {
        for version in case.plan.versions.values() {
            let hash = version.content.fingerprint();
            let said = text(&version.content);
            let known = by_hash.entry(hash.to_string()).or_insert(said.clone());
            let mut shorter = version.content.clone();
            shorter.goals.pop();
            if *known != said || shorter.fingerprint() == hash {
                return Some(format!("{hash} is the hash of two contents"));
            }
            if let Some(why) = statements_are_about(rest.world, &case.plan, version, &said) {
                return Some(why);
            }
        }
    }
    None
}

fn statements_are_about(
    world: &World,
    plan: &Plan,
    version: &Version,
    said: &str,
) -> Option<String> {
    let hash = version.content.fingerprint();
    let answers = plan.answers.iter();
    let answers = answers.filter(|(_, it)| it.what.fingerprint == hash);
    let answers = answers.map(|(id, it)| (*id, it.version));
    let reviews = plan.reviews.iter();
    let reviews = reviews.filter(|(_, it)| it.what.fingerprint == hash);
    let reviews = reviews.map(|(id, it)| (*id, it.version));
    let mut signed = answers.chain(reviews).filter(|(_, of)| *of == version.id);
    let (id, _) = signed.find(|(id, _)| {
        let on_screen = world.on_screen.get(id);
        on_screen.is_some_and(|on_screen| on_screen != said)
    })?;
    Some(format!(
        "{id} counts for {}, of which it was not made",
        version.id
    ))
}

/// Invariant 10: nothing that is kept or sent holds a score or a stage that was computed, and every
/// copy computes the same.
pub fn scores_are_computed(rest: &Rest<'_>) -> Option<String> {
    const COMPUTED: [&str; 3] = ["\"t_score\"", "\"score\"", "\"stage\""];
    let world = rest.world;
    let log = world
        .hub
        .log
        .values()
        .flatten()
        .map(|(id, op)| (*id, &**op));
    let phones = world.devices.iter().flat_map(|device| device.disk.ops());
    let held = world
        .hub
        .quarantine
        .iter()
        .map(|(id, held)| (*id, &*held.op));
    let mut all = log.chain(phones).chain(held);
    let kept = all.find(|(_, op)| COMPUTED.iter().any(|name| op.get().contains(name)));
    if let Some((id, _)) = kept {
        return Some(format!("{id} holds what is to be computed"));
    }
    world.tabs.iter().enumerate().find_map(|(tab, at)| {
        let replica = at.replica.as_ref()?;
        let differs = replica.state().cases.iter().find(|(scope, case)| {
            let is_alone = replica.refused().any(|(op, _)| op.scope == **scope);
            let whole = rest.whole.cases.get(*scope);
            !is_alone && whole.is_some_and(|whole| score_of(whole) != score_of(case))
        })?;
        Some(format!(
            "phone {tab} computes another score of {}",
            differs.0
        ))
    })
}

fn score_of(case: &Case) -> Option<f64> {
    let goals = case.plan.goals.iter();
    let rated = goals.filter_map(|(id, goal)| {
        let (_, last) = case.ratings(*id).next_back()?;
        Some((goal.weight(), last.record.rating.family?))
    });
    let rated: Vec<(u8, Score)> = rated.collect();
    t_score(&rated)
}
