//! What a talk asks, keeps and becomes.

use domain::id::{ActionId, GoalId};
use domain::vocabulary::{ActionState, GoalState};

use super::*;
use crate::screens::draft::json;
use crate::screens::fixture::{Family, NOON, clock, scope, tutor};
use crate::screens::plan::model::model;
use crate::screens::plan::reorder::last_place;

/// In Italian, and behind it as it was said.
const STEP: &str = "Scrivo il curriculum (\u{2068}أكتب سيرتي\u{2069})";

fn goal(number: u8) -> GoalId {
    GoalId::new(NOON, [number; 10])
}

fn action(number: u8) -> ActionId {
    ActionId::new(NOON, [number; 10])
}

fn choose(talk: &mut Talk, area: Area, number: u8) {
    talk.choose(area, goal(number), action(number));
}

/// Work and school matter; of work a family says everything, of school only how it is.
fn talk() -> Talk {
    let mut talk = Talk::new("ar");
    choose(&mut talk, Area::Work, 21);
    choose(&mut talk, Area::School, 22);
    talk.change(Area::Work, |said| {
        said.now = Some(NeedLevel::Hard);
        said.hope = Some(NeedLevel::Well);
        said.words = " أريد عملًا بعقد ".into();
        said.step = "أكتب سيرتي".into();
        said.who = Some(WhoActs::FamilyHelped);
        said.italian = "Voglio un lavoro con un contratto.".into();
        said.step_italian = "Scrivo il curriculum".into();
    });
    talk.change(Area::Work, |said| said.agreement = Some(Agreement::Agreed));
    talk.change(Area::School, |said| said.now = Some(NeedLevel::SoSo));
    talk
}

/// Saves a talk in the plan of a family.
fn save(family: &mut Family, talk: &Talk) {
    let replica = family.held_by(tutor(), domain::vocabulary::Role::Mediator);
    let writings = talk.writings(last_place(&replica, scope()));
    family.wrote(tutor(), writings);
}

#[test]
fn a_question_follows_from_what_was_said_and_each_can_be_passed() {
    let mut talk = Talk::new("ar");
    assert!(!talk.has_begun());
    assert_eq!(talk.way(), [At::Choose, At::Read, At::End]);
    choose(&mut talk, Area::Work, 21);
    let way = |talk: &Talk| {
        let mut talk = Talk {
            at: At::Choose,
            ..talk.clone()
        };
        let mut met = vec![talk.at];
        for _ in 0..20 {
            talk.go_on();
            met.push(talk.at);
        }
        met.dedup();
        met
    };
    let (now, words) = (At::Now(Area::Work), At::Words(Area::Work));
    assert_eq!(way(&talk), [At::Choose, now, words, At::Read, At::End]);
    talk.change(Area::Work, |said| said.now = Some(NeedLevel::Hard));
    talk.change(Area::Work, |said| said.words = "كلمات".into());
    assert_eq!(
        way(&talk),
        [
            At::Choose,
            now,
            At::Hope(Area::Work),
            words,
            At::Result(Area::Work),
            At::Step(Area::Work),
            At::Who(Area::Work),
            At::Read,
            At::End
        ]
    );
    talk.at = At::End;
    for _ in 0..20 {
        talk.go_back();
    }
    assert_eq!(talk.at, At::Choose);
}

#[test]
fn a_question_that_is_no_longer_asked_leads_on_and_back() {
    let mut talk = talk();
    talk.at = At::Who(Area::Work);
    talk.change(Area::Work, |said| {
        said.words.clear();
        said.step.clear();
    });
    let mut back = talk.clone();
    talk.go_on();
    assert_eq!(talk.at, At::Read);
    back.go_back();
    assert_eq!(back.at, At::Words(Area::Work));
}

#[test]
fn five_areas_matter_at_most_and_words_of_one_that_is_left_come_back_with_it() {
    let mut talk = Talk::new("it");
    for (area, number) in Area::ALL.iter().zip(1..) {
        choose(&mut talk, *area, number);
    }
    assert_eq!(talk.chosen.len(), CHOSEN_MAX);
    assert!(!talk.may_choose(Area::Mobility));
    talk.change(Area::Home, |said| said.words = "Una casa".into());
    choose(&mut talk, Area::Home, 30);
    assert!(talk.may_choose(Area::Mobility));
    assert!(talk.chosen().all(|said| said.area != Area::Home));
    choose(&mut talk, Area::Home, 31);
    let last = talk.chosen().last().expect("five are chosen");
    assert_eq!((last.words.as_str(), last.goal), ("Una casa", goal(1)));
}

#[test]
fn a_talk_survives_the_disk() {
    let talk = Talk {
        at: At::Who(Area::Work),
        ..talk()
    };
    assert_eq!(
        serde_json::from_str::<Talk>(&json(&talk)).expect("it reads back"),
        talk
    );
    let of_another_build = r#"{"language":"ar","said":[{"area":"work",
        "goal":"01a13a48-9e00-7101-8101-010101010101",
        "action":"01a13a48-9e00-7101-8101-010101010101","words":"كلمات"}]}"#;
    let read: Talk = serde_json::from_str(of_another_build).expect("the rest has a default");
    assert_eq!(
        read.of(Area::Work).map(|said| said.words.as_str()),
        Some("كلمات")
    );
}

#[test]
fn what_was_said_becomes_the_familys_voice_its_goal_and_its_first_step() {
    let mut family = Family::hassan();
    save(&mut family, &talk());
    let plan = family.case().plan;
    let need = plan.need(Area::Work, Voice::Family).expect("it was said");
    assert_eq!(
        (need.value.now, need.value.hope),
        (NeedLevel::Hard, Some(NeedLevel::Well))
    );
    assert!(
        plan.need(Area::Work, Voice::Tutor).is_none(),
        "nobody spoke for the tutor"
    );
    assert!(plan.need(Area::School, Voice::Family).is_some());
    assert!(
        !plan.goals.contains_key(&goal(22)),
        "of school no words were said"
    );

    let made = &plan.goals[&goal(21)];
    assert_eq!(made.area(), Some(&Area::Work));
    let words = made.words().expect("words");
    let spoken = words.original.as_ref().expect("in its own language");
    assert_eq!(
        (spoken.language.0.as_str(), spoken.text.as_str()),
        ("ar", "أريد عملًا بعقد")
    );
    assert_eq!(words.italian, "Voglio un lavoro con un contratto.");
    assert_eq!(made.state(), Some(&GoalState::Proposed));
    assert_eq!(made.who_acts(), Some(&WhoActs::FamilyHelped));
    assert_eq!(made.agreement(), Some(&Agreement::Agreed));
    assert_eq!(made.next_step().map(|step| step.what.as_str()), Some(STEP));
    let step = &plan.actions[&action(21)];
    assert_eq!(step.goal(), Some(goal(21)));
    assert_eq!((step.what(), step.state()), (Some(STEP), ActionState::Todo));
}

#[test]
fn goals_of_one_talk_stand_after_the_others_in_the_familys_order() {
    let mut family = Family::hassan();
    let mut talk = talk();
    choose(&mut talk, Area::Home, 20);
    for area in [Area::School, Area::Home] {
        talk.change(area, |said| said.words = "كلمات".into());
    }
    save(&mut family, &talk);
    let plan = family.case().plan;
    let order: Vec<GoalId> = plan.goals_in_order().iter().map(|(id, _)| *id).collect();
    let known = crate::screens::fixture::goal(1);
    assert_eq!(order, [known, goal(21), goal(22), goal(20)]);
}

#[test]
fn in_italian_the_words_are_the_italian_and_a_step_of_nobodys_translation_is_kept_as_said() {
    let mut talk = talk();
    talk.change(Area::Work, |said| said.step_italian.clear());
    let mut family = Family::hassan();
    save(&mut family, &talk);
    let step = family.case().plan.actions[&action(21)]
        .what()
        .map(ToOwned::to_owned);
    assert_eq!(step.as_deref(), Some("أكتب سيرتي"));

    talk.language = "it".into();
    talk.change(Area::Work, |said| said.words = "Un contratto".into());
    let mut family = Family::hassan();
    save(&mut family, &talk);
    let plan = family.case().plan;
    let words = plan.goals[&goal(21)].words().expect("words");
    assert_eq!(
        (words.original.as_ref(), words.italian.as_str()),
        (None, "Un contratto")
    );
}

#[test]
fn what_the_tutor_does_for_the_family_is_a_support_and_no_promise_of_it() {
    let mut talk = talk();
    talk.change(Area::Work, |said| said.who = Some(WhoActs::Tutor));
    let mut family = Family::hassan();
    save(&mut family, &talk);
    let plan = family.case().plan;
    let kind = plan.actions[&action(21)]
        .fields
        .value(domain::plan::ActionKey::Kind);
    let support = domain::plan::ActionField::Kind(ActionKind::Support);
    assert_eq!(kind, Some(&support));
}

#[test]
fn a_talk_in_which_nothing_was_said_writes_nothing() {
    let mut talk = Talk::new("ar");
    choose(&mut talk, Area::Work, 21);
    assert!(talk.has_begun());
    assert_eq!(talk.writings("h".into()).len(), 0);
}

#[test]
fn a_step_of_which_nobody_says_who_takes_it_is_nobodys_promise() {
    let mut talk = talk();
    talk.change(Area::Work, |said| said.who = None);
    let mut family = Family::hassan();
    save(&mut family, &talk);
    let step = &family.case().plan.actions[&action(21)];
    assert_eq!(step.fields.value(domain::plan::ActionKey::Kind), None);
}

#[test]
fn who_passes_a_question_takes_its_answer_back() {
    let mut talk = talk();
    talk.at = At::Now(Area::Work);
    talk.skip();
    let said = talk.of(Area::Work).expect("it was chosen");
    assert_eq!((said.now, said.hope), (None, None));
    assert_eq!(talk.at, At::Now(Area::School), "no hope is asked for");
    talk.change(Area::School, |said| said.hope = Some(NeedLevel::Well));
    talk.at = At::Hope(Area::School);
    talk.skip();
    let said = talk.of(Area::School).expect("it was chosen");
    assert_eq!((said.now, said.hope), (Some(NeedLevel::SoSo), None));
}

#[test]
fn who_agreed_is_asked_anew_once_something_else_is_said() {
    let agreed = |talk: &Talk| talk.of(Area::Work).and_then(|said| said.agreement);
    let mut same = talk();
    same.change(Area::Work, |said| said.expected = "Un contratto".into());
    assert_eq!(agreed(&same), Some(Agreement::Agreed));
    let others: [fn(&mut Said); 5] = [
        |said| said.recordings += 1,
        |said| said.words.push('.'),
        |said| said.step.push('.'),
        |said| said.who = None,
        |said| said.hope = None,
    ];
    for other in others {
        let mut changed = talk();
        changed.change(Area::Work, other);
        assert_eq!(agreed(&changed), None);
    }
    let mut again = talk();
    choose(&mut again, Area::Work, 21);
    choose(&mut again, Area::Work, 21);
    assert_eq!(agreed(&again), None);
}

#[test]
fn what_was_only_said_aloud_is_a_goal_and_its_tutor_writes_the_italian() {
    for language in ["ar", "it"] {
        let mut talk = Talk::new(language);
        choose(&mut talk, Area::Work, 21);
        assert!(!talk.way().contains(&At::Result(Area::Work)));
        talk.change(Area::Work, |said| said.recordings = 1);
        assert!(talk.way().contains(&At::Result(Area::Work)));
        talk.change(Area::Work, |said| {
            said.italian = "Voglio un lavoro con un contratto.".into();
            said.expected = "Un contratto".into();
        });
        let mut family = Family::hassan();
        save(&mut family, &talk);
        let case = family.case();
        let words = case.plan.goals[&goal(21)].words().expect("it was written");
        assert_eq!(words.italian, "Voglio un lavoro con un contratto.");
        assert_eq!(words.original, None);
    }
}

#[test]
fn a_rating_takes_the_place_of_what_stood_when_the_family_was_asked_and_a_hope_stays() {
    let hope = NeedRating {
        now: NeedLevel::SoSo,
        hope: Some(NeedLevel::Well),
        words: None,
    };
    let op = OpId::new(NOON, [9; 10]);
    let stood = |area| Stood {
        area,
        rating: (area == Area::School).then(|| hope.clone()),
        heads: vec![op],
    };
    let mut talk = Talk::new("ar");
    talk.look(stood);
    choose(&mut talk, Area::School, 22);
    talk.change(Area::School, |said| said.now = Some(NeedLevel::Hard));
    // Handed over once more, after something else has come.
    let later = OpId::new(NOON, [10; 10]);
    talk.look(|area| Stood {
        heads: vec![later],
        ..stood(area)
    });
    let writings = talk.writings("h".into());
    let [rated] = writings.as_slice() else {
        panic!("{writings:?}")
    };
    assert_eq!(rated.replaces, [op]);
    let Known::NeedRated { rating, .. } = &rated.change else {
        panic!("{rated:?}")
    };
    assert_eq!(
        (rating.now, rating.hope),
        (NeedLevel::Hard, Some(NeedLevel::Well))
    );
    let stood = |area| talk.stood.iter().find(|stood| stood.area == area);
    assert_eq!(
        stood(Area::Home).map(|stood| stood.heads.clone()),
        Some(vec![later])
    );
}

#[test]
fn a_no_stands_on_the_goal_before_any_version_was_answered() {
    let mut talk = talk();
    talk.change(Area::Work, |said| {
        said.agreement = Some(Agreement::NotAgreed)
    });
    let mut family = Family::hassan();
    save(&mut family, &talk);
    let replica = family.held_by(tutor(), domain::vocabulary::Role::Mediator);
    let card = model(&replica, scope(), clock()).expect("the family is there");
    let mut goals = card.goals.iter();
    let made = goals.find(|card| card.id == goal(21)).expect("it was made");
    assert_eq!(made.agreement, Some(Agreement::NotAgreed));
}

#[test]
fn words_of_an_area_that_is_no_longer_chosen_are_still_told() {
    let mut talk = talk();
    choose(&mut talk, Area::Work, 21);
    choose(&mut talk, Area::School, 22);
    let left: Vec<Area> = talk.left_out().map(|said| said.area).collect();
    assert_eq!(
        left,
        [Area::Work],
        "of school there is nothing that would be a goal"
    );
}

fn picked(name: &str) -> Picked {
    Picked {
        key: name.to_owned(),
        expected: format!("{name}: previsto"),
        levels: ["molto meno", "meno", "più", "molto più"].map(|level| format!("{name}: {level}")),
    }
}

#[test]
fn a_picked_example_becomes_the_goals_five_levels() {
    let mut family = Family::hassan();
    let mut talk = talk();
    talk.change(Area::Work, |said| said.pick(picked("contratto")));
    talk.change(Area::Work, |said| said.answer(Some(Agreement::Agreed)));
    save(&mut family, &talk);
    let case = family.case();
    let saved = &case.plan.goals[&goal(21)];
    assert_eq!(
        saved.expected().map(String::as_str),
        Some("contratto: previsto")
    );
    let level = |key| saved.fields.value(key).and_then(GoalField::level_words);
    use domain::plan::GoalKey;
    assert_eq!(level(GoalKey::MuchLess), Some("contratto: molto meno"));
    assert_eq!(level(GoalKey::MuchMore), Some("contratto: molto più"));
    assert_eq!(saved.agreement(), Some(&Agreement::Agreed));
}

#[test]
fn what_the_tutor_makes_of_a_picked_result_was_not_agreed_to() {
    let mut talk = talk();
    talk.change(Area::Work, |said| said.pick(picked("contratto")));
    let of = |talk: &Talk| talk.of(Area::Work).cloned().expect("it was chosen");
    assert_eq!(of(&talk).agreement(), None, "asked about anew");
    talk.change(Area::Work, |said| said.answer(Some(Agreement::Agreed)));
    assert_eq!(of(&talk).agreement(), Some(Agreement::Agreed));
    talk.change(Area::Work, |said| said.expected.push('!'));
    assert!(!of(&talk).is_as_picked());
    assert_eq!(of(&talk).agreement(), None);
    talk.change(Area::Work, |said| _ = said.expected.pop());
    assert_eq!(of(&talk).agreement(), Some(Agreement::Agreed), "as it was");
    // Read with the family again as it is now, it is agreed to once more.
    talk.change(Area::Work, |said| said.expected.push('!'));
    talk.change(Area::Work, |said| said.answer(Some(Agreement::Agreed)));
    assert_eq!(of(&talk).agreement(), Some(Agreement::Agreed));
    // Another example is another result, whatever the tutor had written.
    talk.change(Area::Work, |said| said.expected.push('!'));
    talk.change(Area::Work, |said| said.pick(picked("corso")));
    assert_eq!(of(&talk).expected, "corso: previsto");
    assert_eq!(of(&talk).agreement(), None);
    talk.change(Area::Work, Said::unpick);
    assert_eq!(
        (of(&talk).expected, of(&talk).example),
        (String::new(), None)
    );
}

#[test]
fn a_result_in_the_familys_own_words_stands_behind_its_italian() {
    let mut family = Family::hassan();
    let mut talk = talk();
    talk.change(Area::Work, |said| {
        said.result = " عقد موقّع ".into();
        said.expected = "Un contratto firmato".into();
    });
    save(&mut family, &talk);
    let case = family.case();
    let expected = case.plan.goals[&goal(21)].expected().cloned();
    let wanted = "Un contratto firmato (\u{2068}عقد موقّع\u{2069})";
    assert_eq!(expected.as_deref(), Some(wanted));
}

#[test]
fn a_step_that_was_taken_back_is_not_saved_in_italian_either() {
    let mut family = Family::hassan();
    let mut talk = talk();
    talk.change(Area::Work, |said| said.step.clear());
    save(&mut family, &talk);
    assert!(!family.case().plan.actions.contains_key(&action(21)));
}
