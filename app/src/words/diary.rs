//! Texts of the diary.

use domain::vocabulary::{Response, TutorMove};

names! {
    /// How the family responded, as a sentence.
    responded(Response) {
        OwnInitiative: "La famiglia si è mossa da sola.", "The family acted on its own.";
        TakesPart: "La famiglia partecipa.", "The family takes part.";
        Listens: "La famiglia ascolta, ma non agisce.", "The family listens, but does not act.";
        Ambivalent: "La famiglia è ambivalente.", "The family is in two minds.";
        Refuses: "La famiglia rifiuta.", "The family refuses.";
        Unable: "La famiglia non può.", "The family is not able to.";
    }
    /// What the tutor did, as a sentence in the tutor’s own words.
    tutor_told(TutorMove) {
        Informs: "Ho informato la famiglia.", "I informed the family.";
        Encourages: "Ho sollecitato la famiglia.", "I encouraged the family.";
        Reinforces: "Ho rinforzato quello che la famiglia fa.", "I reinforced what the family does.";
        Accompanies: "Ho accompagnato la famiglia.", "I went along with the family.";
        Mediates: "Ho mediato.", "I mediated.";
        Coordinates: "Ho coordinato i servizi.", "I coordinated the services.";
    }
}

words! {
    /// Chips above the diary.
    diary_show: "Mostra", "Show";
    /// Chip.
    diary_all: "Tutto", "All";
    /// Chip.
    diary_visits: "Visite", "Visits";
    /// Chip.
    diary_notes: "Note", "Notes";
    /// Chip.
    diary_plan: "Piano", "Plan";
    /// Chip.
    diary_versions: "Accordi", "Agreements";
    /// Nothing yet.
    diary_empty: "Il diario è ancora vuoto", "The diary is still empty";
    /// Hint.
    diary_empty_hint: "Qui si leggono visite, note e modifiche del piano, dalla più recente.", "Visits, notes and changes of the plan are read here, newest first.";
    /// Earlier entries.
    diary_more: "Mostra ancora", "Show more";
    /// Entry.
    entry_note: "Nota", "Note";
    /// Entry.
    entry_note_corrected: "Nota corretta", "Corrected note";
    /// Mark on an old entry.
    corrected_later: "Corretta dopo", "Corrected later";
    /// Link.
    see_new_entry: "Vale quella nuova", "The new one counts";
    /// Link.
    see_old_entry: "Prende il posto di questa", "Takes the place of this one";
    /// Button.
    correct: "Correggi", "Correct";
    /// Entry.
    entry_people: "Dati della famiglia", "Family data";
    /// Entry.
    entry_resumed: "Il piano riprende", "The plan goes on";
    /// Entry.
    entry_under_review: "Verifica aperta", "Review opened";
    /// Entry.
    entry_suspended: "Piano sospeso", "Plan suspended";
    /// Entry.
    entry_closed: "Piano chiuso", "Plan closed";
    /// Button.
    write_note: "Nuova nota", "New note";
    /// Label.
    note_label: "Che cosa vuoi ricordare", "What you want to remember";
    /// Label.
    note_correct_label: "Come doveva essere", "How it should read";
    /// Hint.
    note_correct_hint: "La nota di prima resta nel diario, segnata come corretta.", "The earlier note stays in the diary, marked as corrected.";
    /// Label.
    correct_minutes: "Quanti minuti è durata", "How many minutes it took";
    /// Toast.
    note_toast: "Nota salvata. Sul telefono.", "Note saved. On this phone.";
    /// Toast.
    correct_toast: "Correzione salvata. Sul telefono.", "Correction saved. On this phone.";
    /// Hint.
    visit_correct_hint: "La visita di prima resta nel diario, segnata come corretta.", "The earlier entry stays in the diary, marked as corrected.";
    /// A goal stands in another place.
    entry_order: "Ordine cambiato", "Order changed";
}

phrases! {
    /// A visit and its length.
    entry_visit(place: &str, minutes: &str): "Visita: {place}, {minutes}", "Visit: {place}, {minutes}";
    /// Who was at a visit: one person.
    one_was_there(who: &str): "C’era {who}.", "{who} was there.";
    /// Who was at a visit: several people.
    some_were_there(some: &str, last: &str): "C’erano {some} e {last}.", "{some} and {last} were there.";
    /// In which language.
    was_spoken(language: &str): "Si è parlato in {language}.", "The conversation was in {language}.";
    /// A goal that begins.
    entry_goal_new(area: &str): "Nuovo obiettivo: {area}", "New goal: {area}";
    /// A goal that changed.
    entry_goal(area: &str): "Obiettivo: {area}", "Goal: {area}";
    /// Goals that begin.
    entry_goals_new(areas: &str): "Nuovi obiettivi: {areas}", "New goals: {areas}";
    /// Goals that changed.
    entry_goals(areas: &str): "Obiettivi: {areas}", "Goals: {areas}";
    /// An action.
    entry_action(area: &str): "Azione per {area}", "Action for {area}";
    /// A rating between visits.
    entry_rating(area: &str): "Valutazione: {area}", "Rating: {area}";
    /// A need.
    entry_need(area: &str): "Come va: {area}", "How it is: {area}";
    /// A member.
    entry_member(name: &str): "Dati di {name}", "Data of {name}";
    /// A version.
    entry_version(number: u32): "Piano proposto, versione {number}", "Plan proposed, version {number}";
    /// An answer.
    entry_answer(number: u32): "Risposta della famiglia, versione {number}", "The family’s answer, version {number}";
    /// An answer, in a sentence.
    answer_says(how: &str, language: &str): "{how}. Letto in {language}.", "{how}. Read in {language}.";
    /// An answer by somebody.
    answer_says_by(who: &str, how: &str, language: &str): "{who}: {how}. Letto in {language}.", "{who}: {how}. Read in {language}.";
    /// Who interpreted.
    interpreted_by(who: &str): "Ha tradotto: {who}.", "Interpreted by: {who}.";
    /// A review.
    entry_review(verdict: &str, number: u32): "{verdict}, versione {number}", "{verdict}, version {number}";
    /// Day heading.
    today_is(day: &str): "Oggi, {day}", "Today, {day}";
}
