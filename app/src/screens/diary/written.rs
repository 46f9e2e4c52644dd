//! What was written field by field, in words: goals, actions, needs, people; one thing, or several
//! that one person wrote in one go. Pure.

use domain::field::Field;
use domain::plan::{ActionField, FamilyWords, GoalField, GoalKey};
use domain::vocabulary::Area;
use jiff::civil::Date;

use crate::screens::diary::tell::need_line;
use crate::screens::diary::timeline::{Datum, What};
use crate::screens::dispute::value::{action_part, goal_part};
use crate::words::Words;
use crate::words::lands::capitalized;

/// So many names fit into a title.
const NAMES_MAX: usize = 3;

/// A line of an entry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// What the line is about, where the title does not say it.
    pub about: Option<String>,
    /// What was written.
    pub text: String,
    /// The family's words.
    pub said: Option<FamilyWords>,
    /// Whether it tells one goal: two goals of one domain are never told as one.
    pub is_goal: bool,
}

/// The title of an entry.
pub fn title(parts: &[What], words: Words) -> String {
    let (areas, new_areas) = (areas_of(parts, false), areas_of(parts, true));
    match parts.first() {
        Some(What::People(..)) => match names(parts).as_slice() {
            [] => words.entry_people().to_owned(),
            _ if is_of_household(parts) => words.entry_people().to_owned(),
            names => words.entry_member(&names.join(", ")),
        },
        Some(What::Need(..)) => words.entry_need(&listed(&needs(parts, words), words)),
        _ => {
            let goals = areas.len() + new_areas.len();
            if goals == 0 {
                return words.entry_action(&listed(&actions(parts, words), words));
            }
            let is_new = areas.is_empty();
            let all = [areas, new_areas].concat();
            let all: Vec<&str> = all.into_iter().map(|area| area_name(area, words)).collect();
            let named = listed(&all, words);
            match (goals, is_new) {
                (1, true) => words.entry_goal_new(&named),
                (1, false) => words.entry_goal(&named),
                (_, true) => words.entry_goals_new(&named),
                (_, false) => words.entry_goals(&named),
            }
        }
    }
}

/// What an entry says, line by line. What is said of several things in the same words is one line.
pub fn lines(parts: &[What], today: Date, words: Words) -> Vec<Line> {
    let is_one = parts.len() == 1;
    let is_of_household = is_of_household(parts);
    let mut lines: Vec<Line> = Vec::new();
    for what in parts {
        let line = match what {
            What::Goal {
                area,
                is_new,
                values,
            } => Line {
                about: (!is_one).then(|| area_name(*area, words).to_owned()),
                text: if *is_new {
                    // Of a new goal its words stand below; a «no» must not be missing beside them.
                    let answer = values
                        .iter()
                        .filter(|field| matches!(field, GoalField::Agreement(_)));
                    let answer: Vec<GoalField> = answer.cloned().collect();
                    sentences(goal_says(&answer, today, words))
                } else {
                    sentences(goal_says(values, today, words))
                },
                said: values.iter().find_map(|field| match field {
                    GoalField::Words(said) => Some(said.clone()),
                    _ => None,
                }),
                is_goal: true,
            },
            What::Action {
                what,
                area,
                is_new,
                values,
            } => Line {
                about: (!is_one).then(|| words.entry_action(area_name(*area, words))),
                text: if *is_new {
                    what.clone()
                } else {
                    let what = Some(what.clone()).filter(|what| !what.is_empty());
                    let says = action_says(values, today, words);
                    sentences(what.into_iter().chain(says).collect())
                },
                ..Line::default()
            },
            What::Need(area, voice, now, hope) => Line {
                about: (!is_one).then(|| words.area(*area).to_owned()),
                text: need_line(*voice, *now, *hope, words),
                ..Line::default()
            },
            What::People(name, data) => Line {
                about: name.clone().filter(|_| is_of_household || !is_one),
                text: data_said(data, words),
                ..Line::default()
            },
            _ => continue,
        };
        join(&mut lines, line);
    }
    lines.retain(|line| !line.text.is_empty() || line.said.is_some());
    lines
}

/// Adds a line, to the one before it where both are about the same or say the same.
fn join(lines: &mut Vec<Line>, line: Line) {
    if let Some(last) = lines.last_mut()
        && last.said.is_none()
        && line.said.is_none()
    {
        let is_another = last.is_goal && line.is_goal;
        if last.about == line.about && !is_another {
            let between = match last.text.chars().last() {
                None => "",
                Some('.') => " ",
                Some(_) => ", ",
            };
            last.text = format!("{}{between}{}", last.text, line.text);
            return;
        }
        if last.text == line.text
            && last.about != line.about
            && let (Some(before), Some(about)) = (&mut last.about, &line.about)
        {
            *before = format!("{before}, {about}");
            return;
        }
    }
    lines.push(line);
}

fn goal_says(values: &[GoalField], today: Date, words: Words) -> Vec<String> {
    let values = values.iter().filter(|it| it.key() != GoalKey::Words);
    let says = values.map(|field| match field {
        // The place of a goal is a key that says nothing to a person.
        GoalField::Order(_) => words.entry_order().to_owned(),
        _ => goal_part(field, today, words),
    });
    says.collect()
}

fn action_says(values: &[ActionField], today: Date, words: Words) -> Vec<String> {
    let says = values.iter().filter_map(|field| match field {
        // What it is stands before; whose it is, a member or a goal, only the family tells.
        ActionField::Goal(_) | ActionField::What(_) | ActionField::Member(_) => None,
        ActionField::Kind(_)
        | ActionField::WhoActs(_)
        | ActionField::Service(_)
        | ActionField::Due(_)
        | ActionField::State(_)
        | ActionField::Barrier(_) => Some(action_part(field, today, words)),
    });
    says.collect()
}

/// Whether data of the household itself were written.
fn is_of_household(parts: &[What]) -> bool {
    parts
        .iter()
        .any(|what| matches!(what, What::People(None, _)))
}

/// What the data are called that were written: `Indirizzo, telefono`.
fn data_said(data: &[Datum], words: Words) -> String {
    let named = data.iter().map(|datum| match datum {
        Datum::Family(key) => words.family_field(*key).to_lowercase(),
        Datum::Member(key) => words.member_field(*key).to_lowercase(),
    });
    let named: Vec<String> = named.collect();
    let named: Vec<&str> = named.iter().map(String::as_str).collect();
    capitalized(&listed(&named, words))
}

/// Parts as sentences, each with one full stop.
fn sentences(parts: Vec<String>) -> String {
    let ended = parts.into_iter().map(|part| {
        if part.ends_with(['.', '!', '?', '…']) {
            part
        } else {
            format!("{part}.")
        }
    });
    ended.collect::<Vec<_>>().join(" ")
}

fn area_name(area: Option<Area>, words: Words) -> &'static str {
    area.map_or(words.goal_nameless(), |area| words.area(area))
}

/// The domains of the goals that were written: new ones, or those that were there.
fn areas_of(parts: &[What], new: bool) -> Vec<Option<Area>> {
    let areas = parts.iter().filter_map(|what| match what {
        What::Goal { area, is_new, .. } if *is_new == new => Some(*area),
        _ => None,
    });
    areas.collect()
}

fn needs(parts: &[What], words: Words) -> Vec<&'static str> {
    let areas = parts.iter().filter_map(|what| match what {
        What::Need(area, ..) => Some(words.area(*area)),
        _ => None,
    });
    areas.collect()
}

fn actions(parts: &[What], words: Words) -> Vec<&'static str> {
    let areas = parts.iter().filter_map(|what| match what {
        What::Action { area, .. } => Some(area_name(*area, words)),
        _ => None,
    });
    areas.collect()
}

fn names(parts: &[What]) -> Vec<&str> {
    let names = parts.iter().filter_map(|what| match what {
        What::People(name, _) => name.as_deref(),
        _ => None,
    });
    distinct(names)
}

/// Names in a title, each once; of many only the first.
fn listed(names: &[&str], words: Words) -> String {
    let names = distinct(names.iter().copied());
    let rest = names.len().saturating_sub(NAMES_MAX);
    let shown: Vec<&str> = names.iter().copied().take(NAMES_MAX).collect();
    let shown = shown.join(", ");
    if rest == 0 {
        shown
    } else {
        format!("{shown} {}", words.and_more(rest))
    }
}

fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    for name in names {
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use domain::family::{FamilyKey, MemberKey};
    use domain::vocabulary::{ActionState, Agreement, GoalState, NeedLevel, Voice};
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 10, 14);

    fn goal(area: Area, is_new: bool, values: &[GoalField]) -> What {
        What::Goal {
            area: Some(area),
            is_new,
            values: values.to_vec(),
        }
    }

    fn told(parts: &[What]) -> (String, Vec<String>) {
        let words = Words::default();
        let lines = lines(parts, TODAY, words).into_iter();
        let lines = lines.map(|line| match line.about {
            Some(about) => format!("{about}: {}", line.text),
            None => line.text,
        });
        (title(parts, words), lines.collect())
    }

    #[test]
    fn a_value_is_told_and_not_only_its_field() {
        let values = [
            GoalField::Due(date(2026, 12, 23)),
            GoalField::State(GoalState::InProgress),
            GoalField::Expected("Parla con la maestra.".into()),
            GoalField::Order("a0".into()),
        ];
        let (title, lines) = told(&[goal(Area::School, false, &values)]);
        assert_eq!(title, "Obiettivo: Scuola e figli");
        assert_eq!(
            lines,
            [
                "Entro quando: mercoledì 23 dicembre. Stato: In corso. Risultato atteso: Parla \
                 con la maestra. Ordine cambiato."
            ]
        );
        let action = What::Action {
            what: "Iscriversi al corso".into(),
            area: Some(Area::Language),
            is_new: false,
            values: vec![ActionField::State(ActionState::Done)],
        };
        let (title, lines) = told(&[action]);
        assert_eq!(title, "Azione per Lingua italiana");
        assert_eq!(lines, ["Iscriversi al corso. Stato: Fatto."]);
    }

    #[test]
    fn a_no_to_a_new_goal_is_told_beside_it() {
        let values = [
            GoalField::State(GoalState::Proposed),
            GoalField::Agreement(Agreement::NotAgreed),
        ];
        let (_, lines) = told(&[goal(Area::School, true, &values)]);
        assert_eq!(lines, ["Accordo della famiglia: Non d’accordo."]);
        let (_, lines) = told(&[goal(Area::School, true, &values[..1])]);
        assert!(lines.is_empty());
    }

    #[test]
    fn what_is_said_of_several_goals_in_the_same_words_is_one_line() {
        let agreed = [
            GoalField::State(GoalState::Agreed),
            GoalField::Agreement(Agreement::Agreed),
        ];
        let apart = [GoalField::Agreement(Agreement::NotAgreed)];
        let (title, lines) = told(&[
            goal(Area::Language, false, &agreed),
            goal(Area::Work, false, &agreed),
            goal(Area::School, false, &apart),
            goal(Area::Health, false, &apart),
        ]);
        assert_eq!(
            title,
            "Obiettivi: Lingua italiana, Lavoro, Scuola e figli e un altro"
        );
        assert_eq!(
            lines,
            [
                "Lingua italiana, Lavoro: Stato: Concordato. Accordo della famiglia: D’accordo.",
                "Scuola e figli, Salute: Accordo della famiglia: Non d’accordo."
            ]
        );
    }

    #[test]
    fn two_voices_on_one_domain_are_one_line_and_people_are_named() {
        let need = |area, voice| What::Need(area, voice, NeedLevel::Hard, None);
        let (title, lines) = told(&[
            need(Area::Home, Voice::Family),
            need(Area::Home, Voice::Tutor),
            need(Area::Work, Voice::Family),
        ]);
        assert_eq!(title, "Come va: Casa, Lavoro");
        let of_home = "Casa: Famiglia: difficile. Tutor: difficile.";
        assert_eq!(lines, [of_home, "Lavoro: Famiglia: difficile."]);
        let birth = || vec![Datum::Member(MemberKey::Birth)];
        let reached = [FamilyKey::Address, FamilyKey::Phone].map(Datum::Family);
        let people = [
            What::People(Some("Amina".into()), birth()),
            What::People(Some("Mohamed".into()), birth()),
            What::People(None, reached.to_vec()),
        ];
        let (title, lines) = told(&people);
        assert_eq!(title, "Dati della famiglia");
        let of_people = "Amina, Mohamed: Data di nascita";
        assert_eq!(lines, [of_people, "Indirizzo, telefono"]);
        assert_eq!(told(&people[..2]).0, "Dati di Amina, Mohamed");
        let alone = (
            "Dati di Amina".to_owned(),
            vec!["Data di nascita".to_owned()],
        );
        assert_eq!(told(&people[..1]), alone);
    }
}
