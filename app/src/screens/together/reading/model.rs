//! Which version waits for its family, what is read of it, and what a page says aloud. Pure.

use domain::id::VersionId;
use domain::plan::{Plan, Stage};
use domain::vocabulary::Agreement;

use crate::device::voices::Spoken;
use crate::screens::paper::model::Row;
use crate::screens::together::tongue::Tongue;
use crate::words::catalogue::{ITALIAN_TAG, Key};

/// Where somebody is on the way through a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// A goal, by its place.
    Goal(usize),
    /// Who signs, and how.
    Sign,
    /// The phone goes back.
    End,
}

/// The stops of a version with so many goals. Where there is nothing to read, nothing is signed.
pub fn stops(goals: usize) -> Vec<Stop> {
    let mut stops: Vec<Stop> = (0..goals).map(Stop::Goal).collect();
    if goals > 0 {
        stops.push(Stop::Sign);
    }
    stops.push(Stop::End);
    stops
}

/// The version that waits for its family's answer: the last one, as long as the plan says nothing
/// else and is not closed.
pub fn waiting(plan: &Plan) -> Option<VersionId> {
    let is_closed = matches!(plan.stage(), Stage::Closed(_));
    let latest = plan.latest_version()?;
    let waits = !is_closed && !plan.has_draft() && plan.answer(latest.id).is_none();
    waits.then_some(latest.id)
}

/// The levels of a goal with the generic word for each, the best first; only the expected result
/// where nobody worded the others.
pub fn levels(row: &Row) -> Vec<(Key, &str)> {
    let [much_less, less, more, much_more] = &row.levels;
    let all = [
        (Key::MuchMore, much_more),
        (Key::More, more),
        (Key::AsHoped, &row.expected),
        (Key::Less, less),
        (Key::MuchLess, much_less),
    ];
    all.into_iter()
        .filter_map(|(key, text)| Some((key, text.as_deref()?)))
        .collect()
}

/// What the page of a goal says aloud.
pub fn aloud(row: &Row, place: usize, all: usize, tongue: &Tongue) -> Vec<Spoken> {
    let mut said = Vec::new();
    let mut say = |language: &str, words: &str| {
        if !words.trim().is_empty() {
            said.push(Spoken {
                language: language.to_owned(),
                words: words.trim().to_owned(),
            });
        }
    };
    let own = tongue.lang();
    let blanks = [("n", (place + 1).to_string()), ("all", all.to_string())];
    say(
        &own,
        &tongue.plain(row.area.map_or(Key::Goal, Key::area), &[]),
    );
    say(&own, &tongue.plain(Key::GoalOf, &blanks));
    if let Some(words) = &row.words {
        match &words.original {
            Some(spoken) => say(&spoken.language.0, &spoken.text),
            None => say(ITALIAN_TAG, &words.italian),
        }
    }
    if let Some(step) = row.forward {
        say(&own, &tongue.forward_aloud(step));
    }
    let levels = levels(row);
    let is_ladder = levels.len() > 1;
    for (key, text) in levels {
        let name = if is_ladder { key } else { Key::Expected };
        say(&own, &tongue.plain(name, &[]));
        match tongue.known(row.area, text) {
            Some(known) => say(&own, known),
            None => say(ITALIAN_TAG, text),
        }
    }
    let matters = [("n", row.weight.to_string())];
    say(&own, &tongue.plain(Key::Matters, &matters));
    if let Some(due) = row.due {
        say(&own, &tongue.by_day(due));
    }
    if !row.deeds.is_empty() {
        say(&own, &tongue.plain(Key::Actions, &[]));
    }
    for deed in &row.deeds {
        say(ITALIAN_TAG, &deed.what);
        if let Some(member) = &deed.member {
            say(ITALIAN_TAG, &member.latin);
        }
        if let Some(who) = deed.who_acts {
            say(&own, &tongue.plain(Key::who(who), &[]));
        }
        say(ITALIAN_TAG, &deed.service);
        if let Some(due) = deed.due {
            say(&own, &tongue.by_day(due));
        }
    }
    say(&own, &tongue.plain(Key::Agreement, &[]));
    for answer in [Agreement::Agreed, Agreement::NotAgreed] {
        say(&own, &tongue.plain(Key::answer(answer), &[]));
    }
    say(&own, &tongue.plain(Key::NotNow, &[]));
    said
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use domain::op::Known;
    use domain::plan::{GoalField, GoalKey, PlanMove};
    use domain::vocabulary::{Closure, Role};

    use super::*;
    use crate::screens::examples::Shelf;
    use crate::screens::fixture::{Family, clock, goal, scope, tutor, version};
    use crate::screens::paper::Beside;
    use crate::screens::paper::model::model;
    use crate::words::catalogue::Catalogue;
    use crate::words::library::{Examples, Library};

    fn writes(field: GoalField) -> Known {
        let goal = goal(1);
        Known::GoalWritten { goal, field }
    }

    #[test]
    fn a_version_waits_until_it_is_answered_and_not_while_the_plan_says_something_else() {
        let mut family = Family::hassan();
        let waits = |family: &Family| waiting(&family.case().plan);
        assert_eq!(waits(&family), None, "nothing was proposed");
        family.proposed(1);
        assert_eq!(waits(&family), Some(version(1)));
        let mut changed = Family::hassan();
        changed
            .proposed(1)
            .write(tutor(), writes(GoalField::Expected("Altro".into())));
        assert_eq!(waits(&changed), None);
        let mut closed = Family::hassan();
        let move_ = Known::PlanMoved(PlanMove::Closed(Closure::Withdrew));
        closed.proposed(1).write(tutor(), move_);
        assert_eq!(waits(&closed), None);
        family.answered(1, Agreement::Agreed);
        assert_eq!(waits(&family), None);
    }

    #[test]
    fn a_version_without_goals_is_not_signed() {
        assert_eq!(stops(0), [Stop::End]);
        let all = [Stop::Goal(0), Stop::Goal(1), Stop::Sign, Stop::End];
        assert_eq!(stops(2), all);
    }

    #[test]
    fn a_goal_is_read_aloud_in_the_familys_language_as_far_as_it_is_known() {
        let read = |json: &str| Library::read(json).expect("a library");
        let italian = read(include_str!("../../../../../public/obiettivi/it.json"));
        let french = read(include_str!("../../../../../public/obiettivi/fr.json"));
        let file = include_str!("../../../../../public/lingue/fr.json");
        let catalogue = Catalogue::read(file).expect("a whole catalogue");
        let examples = Examples::new(italian, Some(french));
        let tongue = Tongue::of(&Beside::Here(Arc::new(catalogue)));
        let tongue = tongue.with(&Shelf::Here(examples));
        let mut family = Family::hassan();
        let known = "Frequentiamo il corso da tre mesi.";
        for (key, field) in [
            (GoalKey::Expected, GoalField::Expected(known.into())),
            (
                GoalKey::Less,
                GoalField::Less("Qualche parola in più".into()),
            ),
        ] {
            let heads = family.case().plan.goals[&goal(1)].fields.heads(key);
            family.replace(tutor(), heads, writes(field));
        }
        family.proposed(1);
        let replica = family.held_by(tutor(), Role::Mediator);
        let sheet = model(&replica, scope(), clock()).expect("a version");
        let said = aloud(&sheet.goals[0], 0, 1, &tongue);
        let own = tongue
            .known(sheet.goals[0].area, known)
            .expect("nobody changed it");
        let at = |words: &str| said.iter().position(|one| one.words == words);
        let result = at(own).expect("it is said");
        assert_eq!(said[result].language, "fr");
        // Each level behind its own name.
        assert_eq!(said[result - 1].words, tongue.plain(Key::AsHoped, &[]));
        assert_eq!(said[result + 1].words, tongue.plain(Key::Less, &[]));
        let free = said.iter().find(|one| one.words.starts_with("Qualche"));
        assert_eq!(free.map(|one| one.language.as_str()), Some("it"));
        assert!(
            said.iter()
                .any(|one| one.words == tongue.plain(Key::NotAgreed, &[]))
        );
        let matters = tongue.plain(Key::Matters, &[("n", "1".to_owned())]);
        assert!(at(&matters).is_some());
        let levels: Vec<_> = levels(&sheet.goals[0]);
        assert_eq!(levels[0], (Key::AsHoped, known));
        assert_eq!(levels[1], (Key::Less, "Qualche parola in più"));
    }
}
