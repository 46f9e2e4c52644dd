//! The family of the tour: told by hand, so that the first screens show a whole life.

use std::collections::BTreeSet;

use domain::family::{Comune, FamilyField, Language, Name, Phone};
use domain::plan::{FamilyWords, GoalField, NeedRating, NextStep, Spoken};
use domain::score::Score;
use domain::visit::Rating;
use domain::vocabulary::{
    ActionKind, Area, Barrier, GoalState, MemberRole, NeedLevel, Place, Response, SignatureMode,
    TutorMove, Verdict, Voice, WhoActs,
};
use jiff::civil::{Date, date};
use serde::Deserialize;

use super::bank;
use super::calendar::{Moment, day};
use super::story::{ActionStory, GoalStory, Hand, Household, Person, Story, VisitStory, What};

#[derive(Deserialize)]
struct Tale {
    name: (String, String),
    istat: String,
    address: String,
    phone: String,
    holder: String,
    safe: String,
    members: Vec<MemberTale>,
    needs: Vec<NeedTale>,
    goals: Vec<GoalTale>,
    draft_goal: GoalTale,
    visits: Vec<VisitTale>,
    notes: Vec<NoteTale>,
}

#[derive(Deserialize)]
struct MemberTale {
    latin: String,
    original: String,
    role: MemberRole,
    age: i32,
    month: i8,
    day: i8,
    speaks: Vec<Language>,
    reads: Vec<Language>,
}

#[derive(Deserialize)]
struct NeedTale {
    area: Area,
    family: (NeedLevel, NeedLevel),
    tutor: (NeedLevel, NeedLevel),
    family_words: Option<String>,
    tutor_words: Option<String>,
}

/// Family, tutor, response, barrier, move, who acts, next step, words in Italian and in Arabic.
type RatingTale = (
    Score,
    Score,
    Response,
    Option<Barrier>,
    TutorMove,
    WhoActs,
    String,
    Option<String>,
    Option<String>,
);

#[derive(Deserialize)]
struct GoalTale {
    area: Area,
    speaker: usize,
    it: String,
    original: String,
    later_it: Option<String>,
    later_original: Option<String>,
    expected: String,
    levels: Vec<String>,
    due: i32,
    new_due: Option<i32>,
    who: WhoActs,
    weight: u8,
    actions: Vec<(ActionKind, String, String)>,
    ratings: Vec<RatingTale>,
}

#[derive(Deserialize)]
struct VisitTale {
    days: i32,
    minutes: u16,
    present: Vec<usize>,
    summary: String,
}

#[derive(Deserialize)]
struct NoteTale {
    days: i32,
    by: String,
    text: String,
    corrects: Option<usize>,
}

/// Tells the story as it stands this morning, before today's visit.
pub fn tell(today: Date) -> Story {
    let tale: Tale = bank::json(include_str!("../../data/demo/hassan.json"));
    let mut story = Story {
        household: household(&tale, today),
        mediator: "samira".to_owned(),
        social_worker: "elena".to_owned(),
        stand_in: Some("harpreet".to_owned()),
        is_open: true,
        events: Vec::new(),
        today,
    };
    story.tell(at(-118, 9, 40), What::Opened);
    story.tell(
        at(-104, 11, 30),
        What::Needs(tale.needs.iter().flat_map(need).collect()),
    );
    for goal in tale.goals.iter().take(3) {
        story.tell(
            at(-104, 11, 40),
            What::Goal(Box::new(goal_story(goal, today))),
        );
    }
    visit(&mut story, &tale, 0);
    sign(
        &mut story,
        -103,
        -99,
        "Bene le parole di Amina. Ci rivediamo alla verifica.",
    );
    visit(&mut story, &tale, 1);
    if let Some(goal) = tale.goals.get(3) {
        story.then(10, What::Goal(Box::new(goal_story(goal, today))));
    }
    sign(&mut story, -74, -70, "");
    visit(&mut story, &tale, 2);
    notes(&mut story, &tale, -44..-27);
    story.tell(
        at(-28, 15, 10),
        What::GoalAgain(1, GoalField::Due(day(today, 57))),
    );
    sign(&mut story, -27, -26, "Chiaro e concreto. Avanti così.");
    visit(&mut story, &tale, 3);
    notes(&mut story, &tale, -20..-1);
    story.tell(at(-13, 8, 50), What::Seen(Hand::Reviewer));
    draft(&mut story, &tale);
    notes(&mut story, &tale, -1..0);
    story
}

fn at(days: i32, hour: i32, minute: i32) -> Moment {
    Moment {
        days,
        minute: hour * 60 + minute,
    }
}

fn household(tale: &Tale, today: Date) -> Household {
    let people = tale.members.iter().map(|member| Person {
        name: Name {
            latin: member.latin.clone(),
            original: Some(member.original.clone()),
        },
        role: member.role,
        birth: birth(today, member),
        age: member.age,
        is_female: matches!(member.latin.as_str(), "Amina" | "Mariam"),
        citizenship: "EG".to_owned(),
        speaks: member.speaks.clone(),
        reads: member.reads.clone(),
    });
    Household {
        name: Name {
            latin: tale.name.0.clone(),
            original: Some(tale.name.1.clone()),
        },
        comune: Comune {
            istat: tale.istat.clone(),
            name: "Codogno".to_owned(),
        },
        address: tale.address.clone(),
        phone: Phone {
            number: tale.phone.clone(),
            holder: Some(tale.holder.clone()),
        },
        safe: Some(tale.safe.clone()),
        language: Language("ar".to_owned()),
        is_interpreter_needed: true,
        people: people.collect(),
    }
}

/// The birthday in the year that makes the age right today.
fn birth(today: Date, member: &MemberTale) -> Date {
    let years = i16::try_from(member.age).unwrap_or(0);
    let this_year = date(today.year() - years, member.month, member.day);
    if (today.month(), today.day()) >= (member.month, member.day) {
        this_year
    } else {
        date(today.year() - years - 1, member.month, member.day)
    }
}

fn need(tale: &NeedTale) -> [(Area, Voice, NeedRating); 2] {
    let rating = |levels: (NeedLevel, NeedLevel), words: &Option<String>| NeedRating {
        now: levels.0,
        hope: Some(levels.1),
        words: words.clone().map(|italian| FamilyWords {
            italian,
            ..FamilyWords::default()
        }),
    };
    [
        (
            tale.area,
            Voice::Family,
            rating(tale.family, &tale.family_words),
        ),
        (
            tale.area,
            Voice::Tutor,
            rating(tale.tutor, &tale.tutor_words),
        ),
    ]
}

fn spoken(italian: &str, original: Option<&str>) -> FamilyWords {
    FamilyWords {
        original: original.map(|text| Spoken {
            language: Language("ar".to_owned()),
            text: text.to_owned(),
        }),
        italian: italian.to_owned(),
        member: None,
    }
}

fn goal_story(tale: &GoalTale, today: Date) -> GoalStory {
    GoalStory {
        area: tale.area,
        words: spoken(&tale.it, Some(&tale.original)),
        speaker: tale.speaker,
        expected: Some(tale.expected.clone()),
        levels: tale.levels.clone(),
        due: day(today, tale.due),
        who: tale.who,
        weight: tale.weight,
        actions: tale
            .actions
            .iter()
            .map(|(kind, what, service)| ActionStory {
                kind: *kind,
                what: what.clone(),
                service: service.clone(),
                due: day(today, tale.due - 10),
            })
            .collect(),
    }
}

fn visit(story: &mut Story, tale: &Tale, number: usize) {
    let Some(visit) = tale.visits.get(number) else {
        return;
    };
    let today = story.today;
    let told = story
        .events
        .iter()
        .filter(|event| matches!(event.what, What::Goal(_)))
        .count();
    let ratings = tale
        .goals
        .iter()
        .take(told)
        .enumerate()
        .filter_map(|(place, goal)| {
            let rating = goal.ratings.get(number)?;
            let before = number.checked_sub(1).and_then(|at| goal.ratings.get(at));
            let who_before = before.map_or(goal.who, |rating| rating.5);
            let state = before.is_none().then_some(GoalState::InProgress);
            let due = if number + 1 < tale.visits.len() {
                day(today, 20 - visit.days)
            } else {
                day(today, i32::try_from(place).unwrap_or(0) * 3 + 2)
            };
            let what = Rating {
                family: Some(rating.0),
                tutor: Some(rating.1),
                response: Some(rating.2),
                barriers: rating.3.into_iter().collect::<BTreeSet<_>>(),
                tutor_move: Some(rating.4),
                who_acts: (rating.5 != who_before).then_some(rating.5),
                next_step: Some(NextStep {
                    what: rating.6.clone(),
                    due: Some(due),
                }),
                words: rating
                    .7
                    .as_deref()
                    .map(|text| spoken(text, rating.8.as_deref())),
            };
            Some((place, what, state))
        });
    let what = VisitStory {
        place: Place::AtHome,
        minutes: visit.minutes,
        present: visit.present.clone(),
        summary: visit.summary.clone(),
        ratings: ratings.collect(),
    };
    story.tell(at(-visit.days, 12, 5), What::Visited(Box::new(what)));
}

fn sign(story: &mut Story, signed: i32, approved: i32, comment: &str) {
    story.tell(at(signed, 16, 5), What::Proposed);
    let mode = SignatureMode::Glass;
    story.then(
        15,
        What::Answered {
            mode,
            refused: None,
        },
    );
    story.tell(at(approved, 9, 15), What::Seen(Hand::Reviewer));
    story.then(6, What::Reviewed(Verdict::Approved, comment.to_owned()));
}

fn notes(story: &mut Story, tale: &Tale, days: std::ops::Range<i32>) {
    for note in tale.notes.iter().filter(|note| days.contains(&-note.days)) {
        let hand = if note.by == "mediator" {
            Hand::Tutor
        } else {
            Hand::Reviewer
        };
        let what = What::Noted(hand, note.text.clone(), note.corrects);
        story.tell(at(-note.days, 12, 10), what);
    }
}

/// What changed since the version that was signed: not yet put before the family again.
fn draft(story: &mut Story, tale: &Tale) {
    let today = story.today;
    story.tell(
        at(-2, 17, 20),
        What::Goal(Box::new(goal_story(&tale.draft_goal, today))),
    );
    for (place, goal) in tale.goals.iter().enumerate() {
        if let Some(italian) = &goal.later_it {
            let words = spoken(italian, goal.later_original.as_deref());
            story.then(3, What::GoalAgain(place, GoalField::Words(words)));
        }
        if let Some(due) = goal.new_due {
            let later = GoalField::Due(day(today, due + 7));
            let sooner = GoalField::Due(day(today, due));
            let what = What::GoalApart(place, (Hand::StandIn, later), (Hand::Tutor, sooner));
            story.tell(at(-2, 18, 5), what);
        }
    }
    let phone = |number: &str, holder: &str| {
        FamilyField::Phone(Phone {
            number: number.to_owned(),
            holder: Some(holder.to_owned()),
        })
    };
    let what = What::FamilyApart(
        (Hand::Reviewer, phone("329 555 01 86", "Mohamed")),
        (Hand::Tutor, phone(&tale.phone, "Amina")),
    );
    story.tell(at(-1, 8, 30), what);
}
