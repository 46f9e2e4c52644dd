//! What is written field by field, and what was said of the plan: goals, needs, the household,
//! versions.

use domain::attachment::About;
use domain::field::{Field, Fields};
use domain::id::{Millis, OpId, UserId};
use domain::order;
use domain::vocabulary::SignatureMode;
use litemap::LiteMap;

use super::{Datum, Teller, What};
use crate::screens::plan::model::member_name;

/// Writes of one person to one thing that lie this close together are one sitting.
const SITTING_MS: i64 = 10 * 60 * 1_000;

impl Teller<'_> {
    pub(super) fn goals(&mut self) {
        let case = self.case;
        for goal in case.plan.goals.values().chain(case.gone_goals.values()) {
            for (at, sitting) in sittings(&goal.fields).into_iter().enumerate() {
                let what = What::Goal {
                    area: goal.area().copied(),
                    is_new: at == 0,
                    values: sitting.fields(),
                };
                self.tell_sitting(&sitting, what);
            }
        }
    }

    pub(super) fn actions(&mut self) {
        let case = self.case;
        let actions = case.plan.actions.values();
        for action in actions.chain(case.gone_actions.values()) {
            for (at, sitting) in sittings(&action.fields).into_iter().enumerate() {
                let what = What::Action {
                    what: action.what().unwrap_or_default().to_owned(),
                    area: action.goal().and_then(|goal| self.area(goal)),
                    is_new: at == 0,
                    values: sitting.fields(),
                };
                self.tell_sitting(&sitting, what);
            }
        }
    }

    pub(super) fn needs(&mut self) {
        let case = self.case;
        for ((area, voice), ratings) in &case.plan.needs {
            for (id, rating) in ratings {
                let at = self.clock.local(rating.at);
                let what = What::Need(*area, *voice, rating.value.now, rating.value.hope);
                self.tell(*id, rating.author, at, what);
            }
        }
    }

    pub(super) fn household(&mut self) {
        let case = self.case;
        for sitting in sittings(&case.household.fields) {
            let fields = sitting.fields();
            let data = fields.iter().map(|field| Datum::Family(field.key()));
            let what = What::People(None, data.collect());
            self.tell_sitting(&sitting, what);
        }
        for (_, member) in case.household.each_entry() {
            let name = member.name().map(|name| name.latin.clone());
            for sitting in sittings(&member.fields) {
                let fields = sitting.fields();
                let data = fields.iter().map(|field| Datum::Member(field.key()));
                let what = What::People(name.clone(), data.collect());
                self.tell_sitting(&sitting, what);
            }
        }
    }

    pub(super) fn versions(&mut self) {
        let plan = &self.case.plan;
        let number = |id| {
            plan.versions
                .values()
                .find(|version| version.id == id)
                .map(|version| version.number)
        };
        for (id, version) in &plan.versions {
            let what = What::Version {
                number: version.number,
                goals: version.content.goals.len(),
            };
            self.tell(*id, version.author, self.clock.local(version.at), what);
        }
        for (id, said) in &plan.answers {
            let what = What::Answer {
                number: number(said.version),
                mode: said.what.mode,
                member: said
                    .what
                    .member
                    .and_then(|member| member_name(self.case, member)),
                language: said.what.language.clone(),
                interpreted: said.what.interpreted,
            };
            self.tell(*id, said.author, self.clock.local(said.at), what);
            if said.what.mode == SignatureMode::Glass {
                self.with_attached(About::Answer(said.version));
            }
        }
        for (id, said) in &plan.reviews {
            let what = What::Review {
                number: number(said.version),
                verdict: said.what.verdict,
                comment: said.what.comment.clone(),
            };
            self.tell(*id, said.author, self.clock.local(said.at), what);
        }
        for (id, write) in plan.moves.history() {
            let what = What::Move(write.value.clone());
            self.tell(id, write.author, self.clock.local(write.at), what);
        }
    }

    fn tell_sitting<F>(&mut self, sitting: &Sitting<F>, what: What) {
        let at = self.clock.local(sitting.at);
        self.tell(sitting.id, sitting.author, at, what);
    }
}

/// What one person wrote to one thing in one go.
struct Sitting<F> {
    /// The last op of it: its receipt is the one that tells how far all of it went.
    id: OpId,
    author: UserId,
    at: Millis,
    values: Vec<F>,
}

impl<F: Field> Sitting<F> {
    /// What it left in each field that was written.
    fn fields(&self) -> Vec<F> {
        let mut last: LiteMap<F::Key, F> = LiteMap::new();
        for value in &self.values {
            last.insert(value.key(), value.clone());
        }
        last.into_iter().map(|(_, value)| value).collect()
    }
}

fn sittings<F: Field>(fields: &Fields<F>) -> Vec<Sitting<F>> {
    let mut writes: Vec<_> = fields
        .iter()
        .flat_map(|(_, register)| register.history())
        .collect();
    order::sort_by_key(&mut writes, |(id, _)| *id);
    let mut found: Vec<Sitting<F>> = Vec::new();
    for (id, write) in writes {
        match found.last_mut() {
            Some(last)
                if last.author == write.author
                    && write.at.0.saturating_sub(last.at.0) <= SITTING_MS =>
            {
                last.id = id;
                last.at = write.at;
                last.values.push(write.value.clone());
            }
            Some(_) | None => found.push(Sitting {
                id,
                author: write.author,
                at: write.at,
                values: vec![write.value.clone()],
            }),
        }
    }
    found
}
