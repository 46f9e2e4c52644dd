//! The form of a goal: what it held when it was opened, what it holds now, and the writes that
//! lead from one to the other. Pure.
//!
//! The writes name what was on screen when the form was opened, not what stands when it is saved:
//! a value that arrived meanwhile was never seen, and so it must not be replaced in silence.

use domain::family::Language;
use domain::field::Field;
use domain::id::{GoalId, MemberId, OpId};
use domain::op::Known;
use domain::plan::{FamilyWords, Goal, GoalField, GoalKey, NextStep, Spoken};
use domain::vocabulary::{Area, GoalState, WhoActs};
use jiff::civil::Date;
use litemap::LiteMap;
use serde::{Deserialize, Serialize};

use crate::session::Writing;
use crate::words::library::Both;

/// What the form of a goal holds. Texts are as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GoalForm {
    /// The domain.
    pub area: Option<Area>,
    /// The family's words in its language.
    pub original: String,
    /// That language.
    pub language: String,
    /// The family's words in Italian.
    pub italian: String,
    /// Who said them.
    pub member: Option<MemberId>,
    /// The expected result.
    pub expected: String,
    /// Level −2.
    pub much_less: String,
    /// Level −1.
    pub less: String,
    /// Level +1.
    pub more: String,
    /// Level +2.
    pub much_more: String,
    /// Target date.
    #[serde(with = "domain::civil::option")]
    pub due: Option<Date>,
    /// Importance, 1..=3.
    pub weight: u8,
    /// Who acts.
    pub who_acts: Option<WhoActs>,
    /// State.
    pub state: Option<GoalState>,
    /// The next step.
    pub step: String,
    /// Its date.
    #[serde(with = "domain::civil::option")]
    pub step_due: Option<Date>,
}

/// A form and what it held when it was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoalEdit {
    /// Which goal.
    pub goal: GoalId,
    /// What the form holds.
    #[serde(default)]
    pub form: GoalForm,
    /// The fields as they stood when the form was opened.
    #[serde(default)]
    was: Vec<GoalField>,
    /// The writes that were on screen then, by field name.
    #[serde(default)]
    heads: LiteMap<String, Vec<OpId>>,
}

/// Why a goal cannot be saved yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The domain.
    Area,
    /// The family's words.
    Words,
    /// The expected result.
    Expected,
}

impl GoalForm {
    /// Fills in the expected result and the levels of an example, in Italian. Its words only where
    /// the family has said none of its own: none at all, or those of an example (`is_example`).
    pub fn take(&mut self, (italian, own): Both<'_>, is_example: impl Fn(&str) -> bool) {
        let is_open = |said: &str| said.trim().is_empty() || is_example(said.trim());
        if is_open(&self.italian) && is_open(&self.original) {
            self.italian.clone_from(&italian.words);
            self.original = own.map(|own| own.words.clone()).unwrap_or_default();
        }
        italian.expected().clone_into(&mut self.expected);
        let [much_less, less, more, much_more] = italian.others();
        self.much_less = much_less;
        self.less = less;
        self.more = more;
        self.much_more = much_more;
    }

    /// Puts back what stood before an example was taken, where it still says what was taken.
    pub fn put_back(&mut self, before: &Self, taken: &Self) {
        let fields: [fn(&mut Self) -> &mut String; 7] = [
            |form| &mut form.italian,
            |form| &mut form.original,
            |form| &mut form.expected,
            |form| &mut form.much_less,
            |form| &mut form.less,
            |form| &mut form.more,
            |form| &mut form.much_more,
        ];
        let (mut before, mut taken) = (before.clone(), taken.clone());
        for field in fields {
            if field(self) == field(&mut taken) {
                std::mem::swap(field(self), field(&mut before));
            }
        }
    }
}

impl GoalEdit {
    /// Opens the form of a goal that is in the plan.
    pub fn of(id: GoalId, goal: &Goal, language: &str) -> Self {
        let fields = &goal.fields;
        let was = fields
            .iter()
            .filter_map(|(_, register)| register.value().cloned())
            .collect::<Vec<_>>();
        let heads = fields
            .iter()
            .map(|(key, register)| (name(key), register.heads()))
            .collect();
        Self {
            goal: id,
            form: form_of(goal, language),
            was,
            heads,
        }
    }

    /// Opens the form of a new goal. `language` is the one that the family speaks.
    pub fn new(id: GoalId, language: &str) -> Self {
        let form = GoalForm {
            language: language.to_owned(),
            weight: 1,
            who_acts: Some(WhoActs::Together),
            ..GoalForm::default()
        };
        Self {
            goal: id,
            form,
            was: Vec::new(),
            heads: LiteMap::new(),
        }
    }

    /// Whether the goal is not in the plan yet.
    pub fn is_new(&self) -> bool {
        self.was.is_empty()
    }

    /// What has to be filled in first.
    pub fn missing(&self) -> Option<Missing> {
        let form = &self.form;
        if form.area.is_none() {
            Some(Missing::Area)
        } else if form.italian.trim().is_empty() && form.original.trim().is_empty() {
            Some(Missing::Words)
        } else if form.expected.trim().is_empty() {
            Some(Missing::Expected)
        } else {
            None
        }
    }

    /// The writes: one for each field that changed, none for the others. `place` is the key that a
    /// new goal gets in the family's order.
    pub fn writings(&self, place: Option<&str>) -> Vec<Writing> {
        let mut wanted = wanted(&self.form);
        if self.is_new() {
            wanted.extend(place.map(|key| GoalField::Order(key.to_owned())));
            if self.form.state.is_none() {
                wanted.push(GoalField::State(GoalState::Proposed));
            }
        }
        wanted
            .into_iter()
            .filter(|field| self.is_change(field))
            .map(|field| {
                let replaces = self
                    .heads
                    .get(&name(field.key()))
                    .cloned()
                    .unwrap_or_default();
                Writing::replacing(
                    replaces,
                    Known::GoalWritten {
                        goal: self.goal,
                        field,
                    },
                )
            })
            .collect()
    }

    fn is_change(&self, field: &GoalField) -> bool {
        match self.was.iter().find(|was| was.key() == field.key()) {
            Some(was) => was != field,
            // A field that nobody wrote is not written to say nothing.
            None => !is_nothing(field),
        }
    }
}

/// A stable name of a field, for drafts on disk.
fn name(key: GoalKey) -> String {
    format!("{key:?}")
}

fn is_nothing(field: &GoalField) -> bool {
    match field {
        GoalField::Words(words) => words.italian.is_empty() && words.original.is_none(),
        GoalField::Expected(text)
        | GoalField::MuchLess(text)
        | GoalField::Less(text)
        | GoalField::More(text)
        | GoalField::MuchMore(text)
        | GoalField::Order(text) => text.is_empty(),
        GoalField::Weight(weight) => *weight == 1,
        GoalField::Area(_)
        | GoalField::Due(_)
        | GoalField::State(_)
        | GoalField::WhoActs(_)
        | GoalField::NextStep(_)
        | GoalField::Agreement(_) => false,
    }
}

fn form_of(goal: &Goal, language: &str) -> GoalForm {
    let words = goal.words().cloned().unwrap_or_default();
    let level = |key: GoalKey| match goal.fields.value(key) {
        Some(
            GoalField::MuchLess(text)
            | GoalField::Less(text)
            | GoalField::More(text)
            | GoalField::MuchMore(text),
        ) => text.clone(),
        _ => String::new(),
    };
    let step = goal.next_step().cloned();
    GoalForm {
        area: goal.area().copied(),
        language: words
            .original
            .as_ref()
            .map_or_else(|| language.to_owned(), |spoken| spoken.language.0.clone()),
        original: words.original.map(|spoken| spoken.text).unwrap_or_default(),
        italian: words.italian,
        member: words.member,
        expected: goal.expected().cloned().unwrap_or_default(),
        much_less: level(GoalKey::MuchLess),
        less: level(GoalKey::Less),
        more: level(GoalKey::More),
        much_more: level(GoalKey::MuchMore),
        due: goal.due().copied(),
        weight: goal.weight(),
        who_acts: goal.who_acts().copied(),
        state: goal.state().copied(),
        step_due: step.as_ref().and_then(|step| step.due),
        step: step.map(|step| step.what).unwrap_or_default(),
    }
}

/// Every field as the form says it. A field that the form leaves empty and that cannot be empty is
/// not among them: nothing was said about it.
fn wanted(form: &GoalForm) -> Vec<GoalField> {
    let tidy = |text: &str| text.trim().to_owned();
    let original = tidy(&form.original);
    let words = FamilyWords {
        original: (!original.is_empty()).then(|| Spoken {
            language: Language(form.language.clone()),
            text: original,
        }),
        italian: tidy(&form.italian),
        member: form.member,
    };
    let mut fields = vec![
        GoalField::Words(words),
        GoalField::Expected(tidy(&form.expected)),
        GoalField::MuchLess(tidy(&form.much_less)),
        GoalField::Less(tidy(&form.less)),
        GoalField::More(tidy(&form.more)),
        GoalField::MuchMore(tidy(&form.much_more)),
        GoalField::Weight(form.weight),
    ];
    fields.extend(form.area.map(GoalField::Area));
    fields.extend(form.due.map(GoalField::Due));
    fields.extend(form.state.map(GoalField::State));
    fields.extend(form.who_acts.map(GoalField::WhoActs));
    let step = tidy(&form.step);
    if !step.is_empty() {
        fields.push(GoalField::NextStep(NextStep {
            what: step,
            due: form.step_due,
        }));
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screens::fixture::{Family, goal};

    #[test]
    fn nothing_is_written_for_what_did_not_change() {
        let case = Family::hassan().case();
        let edit = GoalEdit::of(goal(1), &case.plan.goals[&goal(1)], "ar");
        assert!(edit.writings(None).is_empty());
    }

    #[test]
    fn a_changed_field_replaces_what_was_on_screen() {
        let case = Family::hassan().case();
        let mut edit = GoalEdit::of(goal(1), &case.plan.goals[&goal(1)], "ar");
        edit.form.who_acts = Some(WhoActs::FamilyAlone);
        let writings = edit.writings(None);
        assert_eq!(writings.len(), 1);
        let heads = case.plan.goals[&goal(1)].fields.heads(GoalKey::WhoActs);
        assert_eq!(writings[0].replaces, heads);
        assert_eq!(
            writings[0].change,
            Known::GoalWritten {
                goal: goal(1),
                field: GoalField::WhoActs(WhoActs::FamilyAlone),
            }
        );
    }

    #[test]
    fn a_new_goal_says_only_what_was_filled_in() {
        let mut edit = GoalEdit::new(goal(7), "ar");
        assert_eq!(edit.missing(), Some(Missing::Area));
        edit.form.area = Some(Area::Work);
        assert_eq!(edit.missing(), Some(Missing::Words));
        edit.form.italian = "Voglio un lavoro.".into();
        assert_eq!(edit.missing(), Some(Missing::Expected));
        edit.form.expected = " Cinque candidature ".into();
        assert_eq!(edit.missing(), None);
        let fields: Vec<GoalField> = edit
            .writings(Some("h"))
            .into_iter()
            .map(|writing| match writing.change {
                Known::GoalWritten { field, .. } => field,
                other => panic!("{other:?}"),
            })
            .collect();
        assert!(fields.contains(&GoalField::Expected("Cinque candidature".into())));
        assert!(fields.contains(&GoalField::State(GoalState::Proposed)));
        assert!(fields.contains(&GoalField::Order("h".into())));
        assert!(
            !fields
                .iter()
                .any(|field| matches!(field, GoalField::Less(_)))
        );
        assert!(
            !fields
                .iter()
                .any(|field| matches!(field, GoalField::Weight(_)))
        );
    }

    #[test]
    fn an_example_fills_the_levels_and_leaves_the_familys_own_words() {
        let example = |words: &str| crate::words::library::Example {
            key: "job".into(),
            words: words.into(),
            levels: ["a", "b", "c", "d", "e"].map(|level| format!("{words}: {level}")),
        };
        let (italian, own) = (example("Lavoro"), example("عمل"));
        let mut form = GoalEdit::new(goal(7), "ar").form;
        let before = form.clone();
        form.take((&italian, Some(&own)), |_| false);
        assert_eq!((&*form.italian, &*form.original), ("Lavoro", "عمل"));
        let levels = [
            &form.much_less,
            &form.less,
            &form.expected,
            &form.more,
            &form.much_more,
        ];
        assert_eq!(
            levels.map(String::as_str),
            italian.levels.each_ref().map(String::as_str)
        );
        let mut said = GoalEdit::new(goal(7), "ar").form;
        said.italian = "Voglio un contratto.".into();
        said.take((&italian, Some(&own)), |_| false);
        assert_eq!(
            (&*said.italian, &*said.original),
            ("Voglio un contratto.", "")
        );
        assert_eq!(said.expected, "Lavoro: c");

        let taken = form.clone();
        let (other, beside) = (example("Casa"), example("بيت"));
        form.take((&other, Some(&beside)), |said| {
            said == "Lavoro" || said == "عمل"
        });
        assert_eq!(
            (&*form.italian, &*form.original),
            ("Casa", "بيت"),
            "nobody's words"
        );
        let mut form = taken.clone();
        form.less = "Scritto dopo".into();
        form.put_back(&before, &taken);
        assert_eq!((&*form.expected, &*form.less), ("", "Scritto dopo"));
    }

    #[test]
    fn a_form_survives_the_disk() {
        let case = Family::hassan().case();
        let mut edit = GoalEdit::of(goal(1), &case.plan.goals[&goal(1)], "ar");
        edit.form.less = "Capisce poco".into();
        let text = serde_json::to_string(&edit).expect("a form is JSON");
        assert_eq!(
            serde_json::from_str::<GoalEdit>(&text).expect("it reads back"),
            edit
        );
    }
}
