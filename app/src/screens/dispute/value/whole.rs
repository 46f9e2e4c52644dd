//! What a whole version, answer, visit or rating says in words: several fields at once.

use domain::field::Field;
use domain::id::GoalId;
use domain::plan::{ActionKey, Answer, GoalContent, GoalField, GoalKey, PlanContent};
use domain::visit::{Rating, VisitRecord};

use super::{Says, goal_title, lines, part, said_text};
use crate::screens::diary::tell::answer_line;
use crate::screens::plan::model::member_name;

impl Says<'_> {
    pub(super) fn version(&self, number: u32, content: &PlanContent) -> String {
        let mut all = vec![self.words.entry_version(number)];
        all.extend(content.goals.iter().map(|goal| self.goal_content(goal)));
        all.join("\n\n")
    }

    fn goal_content(&self, content: &GoalContent) -> String {
        let words = self.words;
        // The place of a goal is a key that says nothing to a person.
        let fields = content
            .fields
            .iter()
            .filter(|it| it.key() != GoalKey::Order);
        let fields = fields.map(|it| part(words.goal_field(it.key()), &self.goal(it)));
        let actions = content.actions.iter().map(|action| {
            let fields = action
                .fields
                .iter()
                .filter(|it| it.key() != ActionKey::Goal);
            let fields = fields.map(|it| part(words.action_field(it.key()), &self.action(it)));
            fields.collect::<Vec<_>>().join("; ")
        });
        fields.chain(actions).collect::<Vec<_>>().join("\n")
    }

    pub(super) fn answer(&self, answer: &Answer) -> String {
        let words = self.words;
        let who = self.case.zip(answer.member);
        let who = who.and_then(|(case, member)| member_name(case, member));
        let how = answer_line(who.as_deref(), answer.mode, &answer.language, words);
        let witness = answer.witness.as_ref();
        let witness = witness.map(|name| part(words.answer_witness(), name));
        let interpreted = answer.interpreted;
        let interpreted = interpreted.map(|who| words.interpreted_by(words.interpreted(who)));
        let mut all = vec![Some(how), witness, interpreted];
        for one in &answer.goals {
            let goal = goal_title(self.case, one.goal, words);
            all.push(Some(part(&goal, words.agreement(one.agreement))));
        }
        lines(all)
    }

    pub(super) fn record(&self, record: &VisitRecord) -> String {
        let words = self.words;
        let present = record.present.len();
        let spoken = record.language.as_ref();
        let head = [
            words.full_day(record.date),
            words.place(record.place).to_owned(),
            words.minutes(usize::from(record.minutes)),
        ];
        lines(vec![
            Some(head.join(", ")),
            (present > 0).then(|| part(words.visit_who(), &words.people(present))),
            spoken.map(|tag| part(words.visit_language(), &words.language(&tag.0))),
            Some(record.summary.clone()),
        ])
    }

    pub(super) fn rating(&self, goal: GoalId, rating: &Rating) -> String {
        let words = self.words;
        let level = |voice, score| part(voice, words.level(score));
        let barriers: Vec<&str> = rating
            .barriers
            .iter()
            .map(|it| words.barrier(*it))
            .collect();
        let barriers = barriers.join(", ");
        let changed = |field: GoalField| part(words.goal_field(field.key()), &self.goal(&field));
        lines(vec![
            Some(goal_title(self.case, goal, words)),
            rating
                .family
                .map(|score| level(words.voice_family(), score)),
            rating.tutor.map(|score| level(words.voice_tutor(), score)),
            rating
                .response
                .map(|response| words.response(response).to_owned()),
            (!barriers.is_empty()).then(|| words.barriers_are(&barriers)),
            rating
                .tutor_move
                .map(|what| part(words.tutor_did(), words.tutor_move(what))),
            rating.who_acts.map(|who| changed(GoalField::WhoActs(who))),
            rating
                .next_step
                .clone()
                .map(|step| changed(GoalField::NextStep(step))),
            rating.words.as_ref().map(said_text),
        ])
    }
}

#[cfg(test)]
mod tests {
    use domain::family::Language;
    use domain::id::{ActionId, Millis};
    use domain::op::Known;
    use domain::plan::{ActionField, NextStep};
    use domain::score::Score;
    use domain::vocabulary::{
        Agreement, Barrier, Interpreted, Place, Response, SignatureMode, TutorMove, WhoActs,
    };
    use jiff::civil::date;

    use super::*;
    use crate::screens::dispute::value::text;
    use crate::screens::fixture::{Family, amina, goal, tutor, version, visit};
    use crate::screens::plan::answer::{AnswerDraft, answer};
    use crate::words::Words;

    fn says(family: &Family, change: &Known) -> String {
        let case = family.case();
        text(change, Some(&case), date(2026, 10, 14), Words::default())
    }

    #[test]
    fn a_version_says_its_goals_and_actions() {
        let mut family = Family::hassan();
        let action = ActionId::new(Millis(0), [1; 10]);
        for field in [
            ActionField::Goal(goal(1)),
            ActionField::What("iscriversi".into()),
            ActionField::Due(date(2026, 10, 23)),
        ] {
            family.write(tutor(), Known::ActionWritten { action, field });
        }
        let content = family.case().plan.content();
        let proposed = Known::VersionProposed {
            version: version(1),
            number: 1,
            content,
        };
        let told = says(&family, &proposed);
        for line in [
            "Piano proposto, versione 1",
            "Ambito: Lingua italiana",
            "Voglio capire la maestra.",
            "Risultato atteso: Amina fa un colloquio a scuola senza interprete.",
            "Che cosa: iscriversi; Entro quando: venerdì 23 ottobre",
        ] {
            assert!(told.lines().any(|one| one == line), "{line} in {told}");
        }
    }

    #[test]
    fn an_answer_says_who_heard_it_and_every_goal() {
        let mut family = Family::hassan();
        let case = family.proposed(1).case();
        let said = AnswerDraft {
            member: Some(amina()),
            mode: Some(SignatureMode::Oral),
            witness: "Samira".into(),
            language: "ar".into(),
            interpreted: Some(Interpreted::Minor),
            goals: [(goal(1), Agreement::NotAgreed)].into_iter().collect(),
        };
        let made = answer(&case, version(1), &said).expect("it was proposed");
        assert_eq!(
            says(&family, &made.change),
            "Amina: a voce, con un testimone. Letto in arabo.\n\
            Chi è testimone: Samira\n\
            Ha tradotto: Un minore.\n\
            Obiettivo «Voglio capire la maestra.»: Non d’accordo"
        );
    }

    #[test]
    fn a_rating_says_all_of_it() {
        let rating = Rating {
            family: Score::try_from(-1).ok(),
            tutor: Score::try_from(0).ok(),
            response: Some(Response::TakesPart),
            barriers: [Barrier::Cost, Barrier::Fear].into(),
            tutor_move: Some(TutorMove::Accompanies),
            who_acts: Some(WhoActs::Together),
            next_step: Some(NextStep {
                what: "chiedere".into(),
                due: Some(date(2026, 10, 30)),
            }),
            words: None,
        };
        let change = Known::ProgressRated {
            goal: goal(1),
            visit: None,
            rating,
            corrects: None,
        };
        assert_eq!(
            says(&Family::hassan(), &change),
            "Obiettivo «Voglio capire la maestra.»\n\
            Famiglia: Meno del previsto\n\
            Tutor: Come previsto\n\
            Partecipa\n\
            Ostacolo: Costo, Paura o sfiducia\n\
            Il tutor: Ho accompa\u{ad}gnato\n\
            Chi agisce: Insieme\n\
            Prossimo passo: chiedere, venerdì 30 ottobre"
        );
    }

    #[test]
    fn a_visit_says_where_with_how_many_and_in_which_language() {
        let record = VisitRecord {
            date: date(2026, 10, 1),
            place: Place::AtHome,
            minutes: 50,
            present: [amina()].into(),
            language: Some(Language("ar".into())),
            summary: "Letta la lettera.".into(),
        };
        let change = Known::VisitRecorded {
            visit: visit(1),
            record,
            corrects: None,
        };
        assert_eq!(
            says(&Family::hassan(), &change),
            "1 ottobre 2026, A casa, 50 minuti\n\
            Chi c’era: 1 persona\n\
            In quale lingua: arabo\n\
            Letta la lettera."
        );
    }
}
