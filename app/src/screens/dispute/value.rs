//! Finding disputed fields, and saying a value in words.

mod whole;

use domain::family::{FamilyField, Language, MemberField, Name};
use domain::field::Field;
use domain::id::{GoalId, ScopeId};
use domain::op::{Change, Known};
use domain::plan::{ActionField, FamilyWords, GoalField, PlanMove};
use domain::removal::Item;
use domain::state::Case;
use domain::visit::{Appointment, VisitField};
use domain::vocabulary::Role;
use jiff::civil::Date;

use crate::screens::diary::tell::need_line;
use crate::screens::dispute::{About, Dispute, goal_name};
use crate::screens::lists::model::{kept_count, name_of};
use crate::words::Words;

/// How much of a family waits for a choice of this role: fields in which different values stand,
/// and things that stay although somebody took them out.
pub fn choices(scope: ScopeId, case: &Case, role: Role) -> usize {
    disputes_for(scope, case, role).len() + kept_count(case, role)
}

/// As [`disputes_of`], as far as it is for this role to choose.
pub fn disputes_for(scope: ScopeId, case: &Case, role: Role) -> Vec<Dispute> {
    let mut found = disputes_of(scope, case);
    found.retain(|dispute| dispute.about.is_for(role));
    found
}

/// Every field of a family in which different values stand.
pub fn disputes_of(scope: ScopeId, case: &Case) -> Vec<Dispute> {
    let household = &case.household;
    let family = |field: &FamilyField| Known::FamilyWritten(field.clone());
    let mut found = Dispute::all_of(scope, &household.fields, About::Family, family);
    for (id, member) in &household.members {
        let name = member.name().map(|name| name.latin.clone());
        let name = name.unwrap_or_default();
        let about = |key| About::Member(name.clone(), key);
        let change = |field: &MemberField| Known::MemberWritten {
            member: *id,
            field: field.clone(),
        };
        found.extend(Dispute::all_of(scope, &member.fields, about, change));
    }
    for (id, goal) in &case.plan.goals {
        let about = |key| About::Goal(goal_name(case, Some(*id)), key);
        let change = |field: &GoalField| Known::GoalWritten {
            goal: *id,
            field: field.clone(),
        };
        found.extend(Dispute::all_of(scope, &goal.fields, about, change));
    }
    for (id, action) in &case.plan.actions {
        let about = |key| About::Action(goal_name(case, action.goal()), key);
        let change = |field: &ActionField| Known::ActionWritten {
            action: *id,
            field: field.clone(),
        };
        found.extend(Dispute::all_of(scope, &action.fields, about, change));
    }
    for (id, visit) in &case.visits {
        let change = |field: &VisitField| Known::VisitPlanned {
            visit: *id,
            field: field.clone(),
        };
        found.extend(Dispute::all_of(scope, &visit.planned, About::Visit, change));
    }
    if case.plan.moves.is_disputed() {
        let change = |to: &PlanMove| Known::PlanMoved(to.clone());
        found.push(Dispute::of(scope, About::Plan, &case.plan.moves, change));
    }
    found.extend(disputed_statements(scope, case));
    found
}

/// Answers to a version, and decisions about it, of which nobody knew the other.
fn disputed_statements(scope: ScopeId, case: &Case) -> Vec<Dispute> {
    let mut found = Vec::new();
    for version in case.plan.versions.values() {
        let answers = case.plan.standing_answers(version.id);
        let about = About::Answer(version.number);
        found.extend(Dispute::between(
            scope,
            about,
            answers,
            |version, answer| Known::VersionAnswered { version, answer },
        ));
        let reviews = case.plan.standing_reviews(version.id);
        let about = About::Review(version.number);
        found.extend(Dispute::between(
            scope,
            about,
            reviews,
            |version, review| Known::VersionReviewed { version, review },
        ));
    }
    found
}

/// What kind of change it is, and what it says: for what the server refused or set aside.
pub fn told(
    change: &Change,
    case: Option<&Case>,
    today: Date,
    words: Words,
) -> (&'static str, String) {
    match change {
        Change::Known(known) => (words.kind(known), text(known, case, today, words)),
        Change::Unknown(_) => (words.unknown(), words.too_new_to_read().to_owned()),
    }
}

/// What a change says, as a person reads it.
pub fn text(change: &Known, case: Option<&Case>, today: Date, words: Words) -> String {
    let says = Says { case, today, words };
    match change {
        Known::FamilyWritten(field) => says.family(field),
        Known::MemberWritten { field, .. } => says.member(field),
        Known::GoalWritten { field, .. } => says.goal(field),
        Known::ActionWritten { field, .. } => says.action(field),
        Known::PlanMoved(to) => says.plan_move(to),
        Known::VisitPlanned { field, .. } => says.visit(field),
        Known::NoteAdded { words, .. } => words.clone(),
        Known::AttachmentAdded(one) => words.attachment_kind(one.kind).to_owned(),
        Known::VisitRecorded { record, .. } => says.record(record),
        Known::ProgressRated { goal, rating, .. } => says.rating(*goal, rating),
        Known::NeedRated {
            area,
            voice,
            rating,
        } => lines(vec![
            Some(words.area(*area).to_owned()),
            Some(need_line(*voice, rating.now, rating.hope, words)),
            rating.words.as_ref().map(said_text),
        ]),
        Known::VersionReviewed { review, .. } => {
            format!("{}. {}", words.verdict(review.verdict), review.comment)
        }
        Known::VersionAnswered { answer, .. } => says.answer(answer),
        Known::VersionProposed {
            number, content, ..
        } => says.version(*number, content),
        Known::Seen { up_to } => format!("{up_to}"),
        Known::ColleagueNamed { name, .. } => name.clone(),
        Known::Removed(item) | Known::Restored(item) => {
            case.map_or_else(String::new, |case| name_of(case, *item, words))
        }
        Known::MembersMerged { kept: one, other }
        | Known::MembersDistinct { one, other }
        | Known::MembersReopened { one, other } => {
            let name = |id| case.map(|case| name_of(case, Item::Member(id), words));
            let names: Vec<String> = [*one, *other].into_iter().filter_map(name).collect();
            names.join(", ")
        }
    }
}

/// A field of a goal, by what it is called and what it says: `Stato: In corso`.
pub fn goal_part(field: &GoalField, today: Date, words: Words) -> String {
    let says = Says::alone(today, words);
    part(words.goal_field(field.key()), &says.goal(field))
}

/// A field of an action that is of no other thing, in the same way.
pub fn action_part(field: &ActionField, today: Date, words: Words) -> String {
    let says = Says::alone(today, words);
    part(words.action_field(field.key()), &says.action(field))
}

struct Says<'a> {
    case: Option<&'a Case>,
    today: Date,
    words: Words,
}

impl Says<'_> {
    /// Says what needs no family to be understood.
    const fn alone(today: Date, words: Words) -> Self {
        let case = None;
        Self { case, today, words }
    }

    fn day(&self, day: Date) -> String {
        if day.year() == self.today.year() {
            self.words.long_day(day)
        } else {
            self.words.full_day(day)
        }
    }

    fn yes_no(&self, yes: bool) -> String {
        let words = self.words;
        if yes { words.yes() } else { words.no() }.to_owned()
    }

    fn languages(&self, all: &[Language]) -> String {
        let names: Vec<String> = all.iter().map(|one| self.words.language(&one.0)).collect();
        names.join(", ")
    }

    fn family(&self, field: &FamilyField) -> String {
        match field {
            FamilyField::Name(name) => name_text(name),
            FamilyField::Comune(comune) => comune.name.clone(),
            FamilyField::Address(text)
            | FamilyField::SafeContact(text)
            | FamilyField::ExternalId(text) => text.clone(),
            FamilyField::Phone(phone) => match &phone.holder {
                Some(holder) => format!("{} ({holder})", phone.number),
                None => phone.number.clone(),
            },
            FamilyField::Language(language) => self.words.language_title(&language.0),
            FamilyField::InterpreterNeeded(needed) => self.yes_no(*needed),
        }
    }

    fn member(&self, field: &MemberField) -> String {
        match field {
            MemberField::Name(name) => name_text(name),
            MemberField::Role(role) => self.words.member_role(*role).to_owned(),
            MemberField::Birth(day) => self.words.full_day(*day),
            MemberField::Citizenship(code) => self.words.citizenship(code),
            MemberField::Speaks(all) | MemberField::Reads(all) => self.languages(all),
        }
    }

    fn goal(&self, field: &GoalField) -> String {
        let words = self.words;
        match field {
            GoalField::Area(area) => words.area(*area).to_owned(),
            GoalField::Words(said) => said_text(said),
            GoalField::Expected(text)
            | GoalField::MuchLess(text)
            | GoalField::Less(text)
            | GoalField::More(text)
            | GoalField::MuchMore(text)
            | GoalField::Order(text) => text.clone(),
            GoalField::Due(day) => self.day(*day),
            GoalField::State(state) => words.goal_state(*state).to_owned(),
            GoalField::Weight(weight) => words.weight_of_three(*weight),
            GoalField::WhoActs(who) => words.who_acts(*who).to_owned(),
            GoalField::NextStep(step) => match step.due {
                Some(due) => format!("{}, {}", step.what, self.day(due)),
                None => step.what.clone(),
            },
            GoalField::Agreement(agreement) => words.agreement(*agreement).to_owned(),
        }
    }

    fn action(&self, field: &ActionField) -> String {
        let words = self.words;
        match field {
            ActionField::Goal(goal) => self.goal_text(*goal),
            ActionField::Kind(kind) => words.action_kind(*kind).to_owned(),
            ActionField::What(text) | ActionField::Service(text) => text.clone(),
            ActionField::WhoActs(who) => words.who_acts(*who).to_owned(),
            ActionField::Member(member) => self
                .case
                .and_then(|case| case.household.member(*member))
                .and_then(|member| member.name())
                .map_or_else(|| words.nameless().to_owned(), name_text),
            ActionField::Due(day) => self.day(*day),
            ActionField::State(state) => words.action_state(*state).to_owned(),
            ActionField::Barrier(barrier) => words.barrier(*barrier).to_owned(),
        }
    }

    fn goal_text(&self, goal: GoalId) -> String {
        let name = self.case.map(|case| goal_name(case, Some(goal)));
        name.filter(|name| !name.is_empty())
            .unwrap_or_else(|| self.words.goal_unworded().to_owned())
    }

    fn plan_move(&self, to: &PlanMove) -> String {
        let words = self.words;
        match to {
            PlanMove::Resumed => words.plan_resumed().to_owned(),
            PlanMove::UnderReview => words.stage_under_review().to_owned(),
            PlanMove::Suspended => words.stage_suspended().to_owned(),
            PlanMove::Closed(why) => format!("{}: {}", words.stage_closed(), words.closure(*why)),
        }
    }

    fn visit(&self, field: &VisitField) -> String {
        match field {
            VisitField::Appointment(appointment) => self.appointment(appointment),
            VisitField::Cancelled(cancelled) => self.yes_no(*cancelled),
        }
    }

    fn appointment(&self, appointment: &Appointment) -> String {
        let time = appointment.time.map(|time| self.words.time(time));
        let place = self.words.place(appointment.place).to_owned();
        [Some(self.day(appointment.date)), time, Some(place)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// A goal by the family's words, where it has any.
pub fn goal_title(case: Option<&Case>, goal: GoalId, words: Words) -> String {
    match case.map(|case| goal_name(case, Some(goal))) {
        Some(name) if !name.is_empty() => words.goal_about(&name),
        Some(_) | None => words.goal_unworded().to_owned(),
    }
}

/// A part of a change and what it is called.
fn part(called: &str, says: &str) -> String {
    format!("{called}: {says}")
}

/// The parts that there are, a line each.
fn lines(parts: Vec<Option<String>>) -> String {
    let parts = parts.into_iter().flatten();
    let said = parts.filter(|text| !text.trim().is_empty());
    said.collect::<Vec<_>>().join("\n")
}

fn name_text(name: &Name) -> String {
    match &name.original {
        Some(original) => format!("{} {original}", name.latin),
        None => name.latin.clone(),
    }
}

/// What the family said and what that is in Italian, a line each.
fn said_text(said: &FamilyWords) -> String {
    let original = said.original.as_ref().map(|spoken| spoken.text.clone());
    lines(vec![original, Some(said.italian.clone())])
}

#[cfg(test)]
mod tests {
    use domain::register::Register;
    use domain::vocabulary::{Agreement, Verdict};
    use jiff::civil::date;

    use super::*;
    use crate::screens::fixture::{Family, goal, reviewer, scope, tutor};
    use crate::session::Writing;

    fn due(day: Date) -> Known {
        Known::GoalWritten {
            goal: goal(1),
            field: GoalField::Due(day),
        }
    }

    /// Two dates written out of each other's reach.
    fn disputed() -> Family {
        let mut family = Family::hassan();
        family
            .write(tutor(), due(date(2026, 10, 23)))
            .write(reviewer(), due(date(2026, 10, 30)));
        family
    }

    #[test]
    fn two_dates_stand_side_by_side_in_words() {
        let case = disputed().case();
        let found = disputes_of(scope(), &case);
        assert_eq!(found.len(), 1);
        let texts: Vec<String> = found[0]
            .sides
            .iter()
            .map(|side| {
                text(
                    &side.change,
                    Some(&case),
                    date(2026, 10, 14),
                    Words::default(),
                )
            })
            .collect();
        assert_eq!(texts, ["venerdì 23 ottobre", "venerdì 30 ottobre"]);
        assert!(disputes_of(scope(), &Family::hassan().case()).is_empty());
    }

    #[test]
    fn two_decisions_about_one_version_are_for_the_social_worker_to_choose() {
        let mut family = Family::hassan();
        family
            .proposed(1)
            .reviewed(1, Verdict::Approved, "")
            .reviewed(1, Verdict::Returned, "Manca il termine");
        let case = family.case();
        assert!(disputes_for(scope(), &case, Role::Mediator).is_empty());
        let found = disputes_for(scope(), &case, Role::SocialWorker);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].about, About::Review(1));

        let chosen = found[0].sides[0].change.clone();
        family.wrote(reviewer(), vec![found[0].choosing(&chosen)]);
        let case = family.case();
        assert!(disputes_of(scope(), &case).is_empty());
        let version = case.plan.latest_version().expect("it was proposed");
        assert!(case.plan.is_approved(version));

        let choice = family.last();
        family.wrote(reviewer(), found[0].reopening(&chosen, choice));
        assert_eq!(choices(scope(), &family.case(), Role::SocialWorker), 1);
    }

    #[test]
    fn two_answers_of_the_family_are_for_its_tutor_to_choose_and_the_same_twice_is_one() {
        let mut family = Family::hassan();
        family
            .proposed(1)
            .answered(1, Agreement::Agreed)
            .answered(1, Agreement::Agreed);
        assert!(disputes_of(scope(), &family.case()).is_empty());
        family.answered(1, Agreement::NotAgreed);
        let case = family.case();
        assert_eq!(choices(scope(), &case, Role::SocialWorker), 0);
        let found = disputes_for(scope(), &case, Role::Mediator);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].about, About::Answer(1));

        let first = found[0].sides[0].clone();
        let version = case.plan.latest_version().expect("it was proposed").id;
        family.wait(5);
        family.wrote(tutor(), vec![found[0].choosing(&first.change)]);
        let plan = family.case().plan;
        assert_eq!(plan.standing_answers(version).count(), 1);
        assert_eq!(
            plan.answered_at(version),
            Some(first.at),
            "not when somebody chose"
        );
    }

    #[test]
    fn a_change_that_is_too_new_says_so() {
        let change = serde_json::from_str(r#"{"later": 1}"#).expect("it is JSON");
        let (_, text) = told(&change, None, date(2026, 10, 14), Words::default());
        assert!(text.contains("Aggiorna Percorso"), "{text}");
    }

    #[test]
    fn one_choice_settles_it_and_undoing_opens_it_again() {
        let mut family = disputed();
        let found = disputes_of(scope(), &family.case());
        let chosen = found[0].sides[0].change.clone();
        family.wrote(tutor(), vec![found[0].choosing(&chosen)]);
        assert!(disputes_of(scope(), &family.case()).is_empty());
        assert_eq!(
            family.case().plan.goals[&goal(1)].due(),
            Some(&date(2026, 10, 23))
        );

        let choice = family.last();
        family.wrote(tutor(), found[0].reopening(&chosen, choice));
        let open = disputes_of(scope(), &family.case());
        let values: Vec<&Known> = open[0].sides.iter().map(|side| &side.change).collect();
        assert_eq!(values, [&due(date(2026, 10, 23)), &due(date(2026, 10, 30))]);
    }

    fn expected(text: &str) -> Known {
        Known::GoalWritten {
            goal: goal(1),
            field: GoalField::Expected(text.to_owned()),
        }
    }

    fn reads(family: &Family) -> String {
        let case = family.case();
        let goal = &case.plan.goals[&goal(1)];
        match goal.fields.value(domain::plan::GoalKey::Expected) {
            Some(GoalField::Expected(text)) => text.clone(),
            _ => String::new(),
        }
    }

    /// Two people change the second line; one of them also the third.
    fn overlapping() -> Family {
        let mut family = Family::hassan();
        let heads = |family: &Family| {
            let case = family.case();
            case.plan.goals[&goal(1)]
                .fields
                .heads(domain::plan::GoalKey::Expected)
        };
        let before = heads(&family);
        let start = Writing::replacing(before, expected("uno\ndue\ntre"));
        family.wrote(tutor(), vec![start]);
        let seen = heads(&family);
        let hers = Writing::replacing(seen.clone(), expected("uno\ndue di lei\ntre di lei"));
        let his = Writing::replacing(seen, expected("uno\ndue di lui\ntre"));
        family
            .wrote(tutor(), vec![hers])
            .wrote(reviewer(), vec![his]);
        family
    }

    #[test]
    fn choosing_a_paragraph_keeps_what_the_other_wrote_elsewhere() {
        let family = overlapping();
        let merged = "uno\ndue di lei\ndue di lui\ntre di lei";
        assert_eq!(reads(&family), merged);
        let found = disputes_of(scope(), &family.case());
        let both = found[0].both.as_ref().expect("they are texts");
        let marked = both.paragraphs.iter().filter(|one| one.by.is_some());
        assert_eq!(marked.count(), 2);
        let his = found[0].sides[1].change.clone();
        for (choice, left) in [
            (his, "uno\ndue di lui\ntre di lei"),
            (both.change.clone(), merged),
        ] {
            let mut family = overlapping();
            family.wrote(tutor(), vec![found[0].choosing(&choice)]);
            assert_eq!(reads(&family), left);
            assert!(disputes_of(scope(), &family.case()).is_empty());
            let undo = found[0].reopening(&choice, family.last());
            family.wrote(tutor(), undo);
            assert_eq!(reads(&family), merged, "as open as before");
            let again = disputes_of(scope(), &family.case());
            assert_eq!(again[0].sides.len(), 2);
        }
    }

    #[test]
    fn nothing_that_was_written_leaves_the_history() {
        let mut family = disputed();
        let found = disputes_of(scope(), &family.case());
        family.wrote(tutor(), vec![found[0].choosing(&found[0].sides[1].change)]);
        let replica = family.held_by(tutor(), Role::Mediator);
        let case = &replica.state().cases[&scope()];
        let register = case.plan.goals[&goal(1)]
            .fields
            .register(domain::plan::GoalKey::Due);
        assert_eq!(
            register.map(|dates| Register::history(dates).count()),
            Some(3)
        );
    }
}
