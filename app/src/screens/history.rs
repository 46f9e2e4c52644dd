//! Storia: everything that was ever written in each field of a family, by whom and when. Nothing
//! that lost to another value is hidden: it is read here.

mod moves;

use domain::field::{Field, Fields};
use domain::id::{GoalId, Millis, OpId, ScopeId, UserId};
use domain::op::Known;
use domain::order;
use domain::plan::GoalKey;
use domain::register::Register;
use domain::state::Case;
use jiff::civil::Date;
use leptos::prelude::*;

use crate::parts::mark::{Icon, Tag, Tone};
use crate::screens::dispute::value;
use crate::screens::family::{FamilyPage, Tab};
use crate::screens::history::moves::{Move, moves};
use crate::screens::who::who;
use crate::session::{Session, use_session};
use crate::words::{Words, use_words};

/// Everything that was written about one thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// What the thing is called.
    pub title: String,
    /// Its fields, those that were ever written.
    pub fields: Vec<FieldStory>,
}

/// Everything that was written in one field.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldStory {
    /// What the field is called.
    pub title: &'static str,
    /// Whether different values stand and nobody has chosen.
    pub is_open: bool,
    /// Whether it tells what happened, of which nothing holds: a goal was moved.
    pub is_course: bool,
    /// The writes, the newest first.
    pub writes: Vec<Written>,
}

/// One write of a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// What it says, in words.
    pub text: String,
    /// Who wrote it.
    pub author: UserId,
    /// When, by their device.
    pub at: Millis,
    /// Whether nobody has replaced it.
    pub stands: bool,
}

/// Says what a change says.
type Say<'a> = &'a dyn Fn(&Known) -> String;

/// The history of a family: the household, its members, the goals with their actions, the planned
/// visits; also of those that were taken out.
pub fn stories(case: &Case, today: Date, words: Words) -> Vec<Story> {
    let say = |change: &Known| value::text(change, Some(case), today, words);
    let say: Say<'_> = &say;
    let household = &case.household;
    let mut all = vec![Story {
        title: words.of_the_family().to_owned(),
        fields: fields(
            &household.fields,
            |key| Some(words.family_field(key)),
            |field| say(&Known::FamilyWritten(field.clone())),
        ),
    }];
    for (id, member) in household.members.iter().chain(&household.gone) {
        let name = member.name().map_or(words.nameless(), |name| &name.latin);
        all.push(Story {
            title: name.to_owned(),
            fields: fields(
                &member.fields,
                |key| Some(words.member_field(key)),
                |field| {
                    let (member, field) = (*id, field.clone());
                    say(&Known::MemberWritten { member, field })
                },
            ),
        });
    }
    plan(case, words, say, &mut all);
    for (id, visit) in &case.visits {
        all.push(Story {
            title: words.of_a_visit().to_owned(),
            fields: fields(
                &visit.planned,
                |key| Some(words.visit_field(key)),
                |field| {
                    let (visit, field) = (*id, field.clone());
                    say(&Known::VisitPlanned { visit, field })
                },
            ),
        });
    }
    all.retain(|story| !story.fields.is_empty());
    all
}

fn plan(case: &Case, words: Words, say: Say<'_>, all: &mut Vec<Story>) {
    let moved = moves(case);
    let gone = case.gone_goals.iter().map(|(id, goal)| (*id, goal));
    for (id, goal) in case.plan.goals_in_order().into_iter().chain(gone) {
        let title = value::goal_title(Some(case), id, words);
        // The place of a goal is a key that says nothing to a person: its moves are told instead.
        let called = |key| (key != GoalKey::Order).then(|| words.goal_field(key));
        let mut written = fields(&goal.fields, called, |field| {
            let (goal, field) = (id, field.clone());
            say(&Known::GoalWritten { goal, field })
        });
        written.extend(course(&moved, id, words));
        let gone = case.gone_actions.iter().map(|(id, action)| (*id, action));
        let gone = gone.filter(|(_, action)| action.goal() == Some(id));
        for (id, action) in case.plan.actions_of(id).chain(gone) {
            written.extend(fields(
                &action.fields,
                |key| Some(words.action_field(key)),
                |field| {
                    let (action, field) = (id, field.clone());
                    say(&Known::ActionWritten { action, field })
                },
            ));
        }
        let fields = written;
        all.push(Story { title, fields });
    }
    let moves = writes(&case.plan.moves, false, |to| {
        say(&Known::PlanMoved(to.clone()))
    });
    if !moves.is_empty() {
        let title = words.plan_move();
        let fields = vec![FieldStory {
            title,
            is_open: case.plan.moves.is_disputed(),
            is_course: false,
            writes: moves,
        }];
        all.push(Story {
            title: title.to_owned(),
            fields,
        });
    }
}

/// When a goal was moved in the family's order, the last time first.
fn course(moved: &[Move], goal: GoalId, words: Words) -> Option<FieldStory> {
    let of_it = moved.iter().rev().filter(|one| one.goal == goal);
    let told = of_it.map(|one| Written {
        text: match one.places {
            Some((from, to)) => words.goal_moved_between(from, to),
            None => words.goal_moved().to_owned(),
        },
        author: one.author,
        at: one.at,
        stands: true,
    });
    let writes: Vec<Written> = told.collect();
    (!writes.is_empty()).then(|| FieldStory {
        title: words.goal_field(GoalKey::Order),
        is_open: false,
        is_course: true,
        writes,
    })
}

fn fields<F: Field>(
    of: &Fields<F>,
    called: impl Fn(F::Key) -> Option<&'static str>,
    say: impl Fn(&F) -> String,
) -> Vec<FieldStory> {
    of.iter()
        .filter_map(|(key, register)| {
            let settles_itself = F::settles_itself(key);
            Some(FieldStory {
                title: called(key)?,
                is_open: register.is_disputed() && !settles_itself,
                is_course: false,
                writes: writes(register, settles_itself, &say),
            })
        })
        .collect()
}

/// The writes of a field. Where nobody has to choose among those that stand, the one that shows
/// holds.
fn writes<T: PartialEq>(
    register: &Register<T>,
    settles_itself: bool,
    say: impl Fn(&T) -> String,
) -> Vec<Written> {
    let standing = if settles_itself {
        register.shown().map(|(id, _)| id).into_iter().collect()
    } else {
        register.heads()
    };
    let mut writes: Vec<(OpId, Written)> = register
        .history()
        .map(|(id, write)| {
            let written = Written {
                text: say(&write.value),
                author: write.author,
                at: write.at,
                stands: standing.contains(&id),
            };
            (id, written)
        })
        .collect();
    order::sort_by(&mut writes, |(a, _), (b, _)| b.cmp(a));
    writes.into_iter().map(|(_, written)| written).collect()
}

/// The screen.
#[component]
pub fn HistoryScreen() -> impl IntoView {
    view! { <FamilyPage tab=Tab::Diary body=|scope| view! { <History scope=scope /> }.into_any() /> }
}

#[component]
fn History(scope: ScopeId) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let all = Memo::new(move |_| {
        session.read(|replica| {
            let case = replica.state().cases.get(&scope);
            case.map(|case| stories(case, session.today(), words))
                .unwrap_or_default()
        })
    });
    let list = move || {
        let all = all.get().into_iter();
        all.map(|story| tell(story, session, words)).collect_view()
    };
    view! {
        <main class="main main--scroll narrow">
            <h2>{words.history()}</h2>
            <p class="small soft">{words.history_hint()}</p>
            {list}
        </main>
    }
    .into_any()
}

fn tell(story: Story, session: Session, words: Words) -> impl IntoView {
    let fields = story
        .fields
        .into_iter()
        .map(|field| {
            let is_open = field.is_open;
            let is_alone = field.is_course || field.writes.len() == 1;
            let writes = field.writes.into_iter();
            let writes = writes
                .map(|written| line(written, (is_open, is_alone), session, words))
                .collect_view();
            let open = is_open.then(|| {
                view! {
                    <p class="small">
                        {words.choice_open()}" "<a href="/da-sistemare">{words.to_settle()}</a>
                    </p>
                }
            });
            view! { <h3>{field.title}</h3>{open}<ol class="stack">{writes}</ol> }
        })
        .collect_view();
    view! {
        <details class="card card--flush ended story">
            <summary><span dir="auto">{story.title}</span><Icon name="chevron-down" /></summary>
            <div class="stack">{fields}</div>
        </details>
    }
    .into_any()
}

/// One write. The only one that there ever was holds, without a mark that says so; and of what
/// happened nothing holds.
fn line(
    written: Written,
    (is_open, is_alone): (bool, bool),
    session: Session,
    words: Words,
) -> impl IntoView {
    let author = who(written.author, session, words);
    let at = words.moment(session.local(written.at), session.today());
    let tag = mark(written.stands, is_open, is_alone, words);
    let tag = tag.map(|(tone, icon, label)| view! { <Tag tone=tone icon=icon label=label /> });
    view! {
        <li class="story__write" data-old=(!written.stands).then_some("")>
            <p dir="auto">{written.text}</p>
            <p class="stand__by stand__by--row">
                <span><b>{author}</b>{at}</span>{tag}
            </p>
        </li>
    }
    .into_any()
}

/// What is said of a write: of two that stand while nobody has chosen, neither holds alone; the
/// only one that there ever was needs no mark.
const fn mark(
    stands: bool,
    is_open: bool,
    is_alone: bool,
    words: Words,
) -> Option<(Tone, &'static str, &'static str)> {
    match (stands, is_open) {
        _ if is_alone => None,
        (true, false) => Some((Tone::Good, "check", words.holds_now())),
        (true, true) => Some((Tone::Ochre, "split", words.holds_perhaps())),
        (false, _) => Some((Tone::Line, "clock", words.held_before())),
    }
}

#[cfg(test)]
mod tests {
    use domain::id::ActionId;
    use domain::plan::{ActionField, GoalField};
    use domain::removal::Item;
    use jiff::civil::date;

    use super::*;
    use crate::screens::fixture::{Family, amina, goal, reviewer, tutor};
    use crate::screens::lists::model::taking;

    #[test]
    fn what_was_replaced_stays_with_author_and_date() {
        let mut family = Family::hassan();
        let due = |day: i8| Known::GoalWritten {
            goal: goal(1),
            field: GoalField::Due(date(2026, 10, day)),
        };
        family.write(tutor(), due(23));
        let first = family.last();
        family.replace(reviewer(), vec![first], due(30));
        let told = stories(&family.case(), date(2026, 10, 14), Words::default());
        let of_goal = told
            .iter()
            .find(|story| story.title.contains("capire la maestra"))
            .expect("the goal has a history");
        let dates = of_goal
            .fields
            .iter()
            .find(|field| field.title == "Entro quando")
            .expect("its date was written");
        let read: Vec<(&str, UserId, bool)> = dates
            .writes
            .iter()
            .map(|one| (one.text.as_str(), one.author, one.stands))
            .collect();
        assert_eq!(
            read,
            [
                ("venerdì 30 ottobre", reviewer(), true),
                ("venerdì 23 ottobre", tutor(), false),
            ]
        );
        assert!(told.iter().any(|story| story.title == "Amina"));
        assert!(told.iter().any(|story| story.title == "Famiglia"));
    }

    #[test]
    fn of_two_values_that_stand_neither_is_said_to_hold() {
        let words = Words::default();
        let mut family = Family::hassan();
        let due = |day: i8| Known::GoalWritten {
            goal: goal(1),
            field: GoalField::Due(date(2026, 10, day)),
        };
        let dates = |family: &Family| {
            let told = stories(&family.case(), date(2026, 10, 14), words);
            let mut fields = told.into_iter().flat_map(|story| story.fields);
            let field = fields.find(|field| field.title == "Entro quando");
            let field = field.expect("its date was written");
            let is_alone = field.writes.len() == 1;
            let marks = field.writes.iter();
            let marks = marks.map(|one| mark(one.stands, field.is_open, is_alone, words));
            marks.flatten().map(|mark| mark.2).collect::<Vec<_>>()
        };
        family.write(tutor(), due(23));
        let first = family.last();
        assert!(dates(&family).is_empty(), "the only one needs no mark");
        family.write(reviewer(), due(30));
        assert_eq!(dates(&family), ["Da scegliere", "Da scegliere"]);
        family.replace(tutor(), vec![first, family.last()], due(23));
        assert_eq!(dates(&family), ["Vale adesso", "Prima", "Prima"]);
    }

    #[test]
    fn that_a_goal_was_moved_is_told_in_plain_words() {
        let mut family = Family::hassan();
        let place = |number: u8, key: &str| Known::GoalWritten {
            goal: goal(number),
            field: GoalField::Order(key.into()),
        };
        family
            .write(tutor(), place(1, "d"))
            .write(tutor(), place(2, "h"))
            .wait(1)
            .write(reviewer(), place(2, "b"));
        let told = stories(&family.case(), date(2026, 10, 14), Words::default());
        let mut fields = told.iter().flat_map(|story| &story.fields);
        let order = fields.find(|field| field.title == "Ordine");
        let order = order.expect("a goal was moved");
        let read: Vec<(&str, UserId)> = order
            .writes
            .iter()
            .map(|one| (one.text.as_str(), one.author))
            .collect();
        assert_eq!(read, [("Spostato dal posto 2 al posto 1", reviewer())]);
        let others = fields.filter(|field| field.title == "Ordine");
        assert_eq!(others.count(), 0, "the other goal was not moved");
    }

    #[test]
    fn what_was_taken_out_keeps_its_history() {
        let mut family = Family::hassan();
        let action = ActionId::new(Millis(0), [1; 10]);
        let does = |field| Known::ActionWritten { action, field };
        family
            .write(tutor(), does(ActionField::Goal(goal(1))))
            .write(tutor(), does(ActionField::What("iscriversi".into())));
        for item in [
            Item::Action(action),
            Item::Goal(goal(1)),
            Item::Member(amina()),
        ] {
            let take = taking(&family.case(), item).expect("nobody agreed to it");
            family.answer(tutor(), vec![take]);
        }
        let case = family.case();
        assert!(case.plan.goals.is_empty() && case.plan.actions.is_empty());
        let told = stories(&case, date(2026, 10, 14), Words::default());
        let titles: Vec<&str> = told.iter().map(|story| story.title.as_str()).collect();
        assert_eq!(
            titles,
            ["Famiglia", "Amina", "Obiettivo «Voglio capire la maestra.»"]
        );
        let mut of_goal = told[2].fields.iter().flat_map(|field| &field.writes);
        assert!(of_goal.any(|write| write.text == "iscriversi"));
    }
}
