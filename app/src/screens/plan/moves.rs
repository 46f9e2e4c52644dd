//! Moving the whole plan: its review is opened, it rests, it goes on, it ends.

use domain::authorize::{Actor, ScopeKind, may};
use domain::id::ScopeId;
use domain::op::Known;
use domain::plan::{Plan, PlanMove, Stage};
use domain::vocabulary::Closure;
use leptos::prelude::*;
use replica::replica::Replica;

use crate::parts::choice::{Chip, Pick};
use crate::parts::form::{FieldError, stay};
use crate::parts::mark::{Icon, Tone};
use crate::parts::message::Notice;
use crate::screens::diary::tell::move_title;
use crate::screens::family::hands::{Hands, use_hands};
use crate::session::Writing;
use crate::watch::hear;

/// What can be done with a plan as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Open its review.
    Review,
    /// Let it rest.
    Suspend,
    /// Go on.
    Resume,
    /// End it.
    Close,
}

/// What a person may do with a plan now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// Two people moved it apart: one of both is chosen first.
    Disputed,
    /// One of the steps from where it stands.
    Steps(Stage),
}

/// What makes sense from where the plan stands.
pub const fn steps(stage: Stage) -> &'static [Step] {
    match stage {
        // There is nothing to rest yet, but a family may be gone before its first plan.
        Stage::Draft => &[Step::Close],
        Stage::Proposed | Stage::Agreed => &[Step::Suspend, Step::Close],
        Stage::Active => &[Step::Review, Step::Suspend, Step::Close],
        Stage::UnderReview => &[Step::Resume, Step::Suspend, Step::Close],
        Stage::Suspended => &[Step::Resume, Step::Close],
        Stage::Closed(_) => &[Step::Resume],
    }
}

/// What the owner of this phone may do with a family's plan; `None` where nothing.
pub fn offer(replica: &Replica, scope: ScopeId) -> Option<Offer> {
    let plan = &replica.state().cases.get(&scope)?.plan;
    let owner = replica.owner();
    let actor = Actor {
        user: owner.user,
        role: owner.role,
        relation: replica.relation(scope),
    };
    let any = Known::PlanMoved(PlanMove::Resumed);
    may(&actor, ScopeKind::Family, &any).ok()?;
    Some(if plan.moves.is_disputed() {
        Offer::Disputed
    } else {
        Offer::Steps(plan.stage())
    })
}

/// The write that moves the plan.
pub fn moving(plan: &Plan, to: PlanMove) -> Writing {
    Writing::replacing(plan.moves.heads(), Known::PlanMoved(to))
}

/// The move that takes the plan back to where it stands now. A plan that was never moved goes on.
pub fn back_to_now(plan: &Plan) -> PlanMove {
    plan.moves.value().cloned().unwrap_or(PlanMove::Resumed)
}

/// What can be done with the plan, folded away; nothing for who may not.
#[component]
pub fn PlanMoves(scope: ScopeId) -> impl IntoView {
    let hands = use_hands(scope);
    let words = hands.words;
    let offer = Memo::new(move |_| hands.session.read(|replica| offer(replica, scope)));
    move || {
        Some(match offer.get()? {
            Offer::Disputed => view! {
                <Notice tone=Tone::Ochre icon="split">
                    {words.moves_disputed()}
                    <a class="btn btn--soft" href="/da-sistemare">{words.two_values()}</a>
                </Notice>
            }
            .into_any(),
            Offer::Steps(stage) => view! { <Steps hands=hands stage=stage /> }.into_any(),
        })
    }
}

#[component]
fn Steps(hands: Hands, stage: Stage) -> impl IntoView {
    let words = hands.words;
    let is_closing = RwSignal::new(false);
    let button = |step: &Step| {
        let step = *step;
        let (icon, label) = match step {
            Step::Review => ("rotate-cw", words.move_review()),
            Step::Suspend => ("circle-pause", words.move_suspend()),
            Step::Resume => ("footprints", words.resume(stage)),
            Step::Close => ("flag", words.move_close()),
        };
        let on_press = move |_| match step {
            Step::Review => go(hands, PlanMove::UnderReview),
            Step::Suspend => go(hands, PlanMove::Suspended),
            Step::Resume => go(hands, PlanMove::Resumed),
            Step::Close => is_closing.update(|open| *open = !*open),
        };
        let expanded = move || (step == Step::Close).then(|| is_closing.get().to_string());
        view! {
            <button type="button" class="btn" aria-expanded=expanded on:click=hear(on_press)>
                <Icon name=icon />{label}
            </button>
        }
    };
    let buttons = steps(stage).iter().map(button).collect_view();
    view! {
        <details class="behind">
            <summary>{words.plan_moves()}</summary>
            <div class="stack">
                <div class="row">{buttons}</div>
                {move || is_closing.get().then(|| view! { <Closing hands=hands /> })}
            </div>
        </details>
    }
    .into_any()
}

/// Why the plan ends: one reason of the list.
#[component]
fn Closing(hands: Hands) -> impl IntoView {
    let words = hands.words;
    let why = RwSignal::new(None::<Closure>);
    let error = RwSignal::new(None::<String>);
    let on_close = move |_| match why.get_untracked() {
        Some(why) => go(hands, PlanMove::Closed(why)),
        None => error.set(Some(words.closing_why_missing().to_owned())),
    };
    let chips = Closure::ALL
        .iter()
        .map(|one| {
            let on = Signal::derive(move || why.get() == Some(*one));
            let label = words.closure(*one);
            view! {
                <Chip pick=Pick::One name="closing" label=label on=on tile=true
                    on_change=move |_| why.set(Some(*one)) />
            }
        })
        .collect_view();
    view! {
        <form class="card stack" on:submit=hear(stay)>
            <fieldset class="section">
                <legend class="label">{words.closing_why()}</legend>
                <div class="grid-2">{chips}</div>
            </fieldset>
            <p class="hint">{words.closing_hint()}</p>
            <FieldError id="closing" error=error />
            <div class="row">
                <button type="button" class="btn btn--main" on:click=hear(on_close)>
                    {words.closing_confirm()}
                </button>
            </div>
        </form>
    }
    .into_any()
}

/// Moves the plan, with a way back: a move to where it stood.
pub fn go(hands: Hands, to: PlanMove) {
    let words = hands.words;
    let said = format!("{}. {}.", move_title(&to, words), words.receipt_phone());
    let made = hands.look(|case| {
        let back = back_to_now(&case.plan);
        Some((moving(&case.plan, to), back))
    });
    let Some((writing, back)) = made else {
        return;
    };
    let undo = hands.later(move || {
        if let Some(writing) = hands.look(|case| Some(moving(&case.plan, back.clone()))) {
            hands.write(writing, words.plan_as_before().to_owned(), None);
        }
    });
    hands.write(writing, said, Some(undo));
}

#[cfg(test)]
mod tests {
    use domain::vocabulary::{Agreement, Role, Verdict};

    use super::*;
    use crate::screens::dispute::disputes_of;
    use crate::screens::fixture::{Family, reviewer, scope, tutor};

    fn active() -> Family {
        let mut family = Family::hassan();
        family.proposed(1).answered(1, Agreement::Agreed);
        family.reviewed(1, Verdict::Approved, "");
        family
    }

    fn moved(family: &mut Family, to: PlanMove) -> Stage {
        let made = moving(&family.case().plan, to);
        family.wrote(tutor(), vec![made]).case().plan.stage()
    }

    #[test]
    fn a_plan_goes_through_its_review_rests_and_ends() {
        let mut family = active();
        assert_eq!(
            steps(family.case().plan.stage()),
            [Step::Review, Step::Suspend, Step::Close]
        );
        let closed = Stage::Closed(Closure::PartlyAchieved);
        for (to, stage, next) in [
            (PlanMove::UnderReview, Stage::UnderReview, Step::Resume),
            (PlanMove::Suspended, Stage::Suspended, Step::Resume),
            (PlanMove::Resumed, Stage::Active, Step::Review),
            (
                PlanMove::Closed(Closure::PartlyAchieved),
                closed,
                Step::Resume,
            ),
        ] {
            assert_eq!(moved(&mut family, to), stage);
            assert_eq!(steps(stage).first(), Some(&next));
        }
        assert_eq!(steps(closed).len(), 1, "a plan that ended can only go on");
        assert!(!family.case().plan.moves.is_disputed());
    }

    #[test]
    fn undoing_a_move_takes_the_plan_back_to_where_it_stood() {
        let mut family = active();
        for to in [PlanMove::Suspended, PlanMove::UnderReview] {
            let (stage, back) = (family.case().plan.stage(), back_to_now(&family.case().plan));
            moved(&mut family, PlanMove::Closed(Closure::Moved));
            assert_eq!(moved(&mut family, back), stage);
            moved(&mut family, to);
        }
    }

    #[test]
    fn tutor_and_social_worker_may_move_a_plan_and_nobody_else() {
        let family = active();
        for (user, role, is_offered) in [
            (tutor(), Role::Mediator, true),
            (reviewer(), Role::SocialWorker, true),
            (tutor(), Role::Coordinator, false),
            (tutor(), Role::Administrator, false),
        ] {
            let found = offer(&family.held_by(user, role), scope());
            assert_eq!(found.is_some(), is_offered, "{role:?}");
        }
    }

    #[test]
    fn two_moves_apart_are_settled_before_the_next_one() {
        let mut family = active();
        family
            .write(tutor(), Known::PlanMoved(PlanMove::Suspended))
            .write(reviewer(), Known::PlanMoved(PlanMove::UnderReview));
        let held = |family: &Family| family.held_by(tutor(), Role::Mediator);
        assert_eq!(offer(&held(&family), scope()), Some(Offer::Disputed));
        let found = disputes_of(scope(), &family.case());
        let chosen = found[0].sides[1].clone();
        family.wrote(tutor(), vec![found[0].choosing(&chosen.change)]);
        assert_eq!(
            offer(&held(&family), scope()),
            Some(Offer::Steps(Stage::UnderReview))
        );
    }
}
