//! Visits to come, and the course of the whole plan.

words! {
    /// Button and title: plan a visit.
    plan_visit: "Pianifica visita", "Plan a visit";
    /// What it brings.
    plan_visit_hint: "giorno, ora e luogo", "day, time and place";
    /// Title: a visit that is planned.
    planned_visit: "Visita in programma", "Planned visit";
    /// Field.
    planned_time: "A che ora, se lo sapete già", "At what time, if you know it";
    /// Field.
    planned_about: "Per che cosa, se serve", "What for, if needed";
    /// Button.
    save_planned: "Salva la visita", "Save the visit";
    /// Error.
    planned_day_missing: "Scegli un giorno, da oggi in poi.", "Choose a day, from today on.";
    /// Error.
    planned_time_wrong: "Scrivi l’ora con i minuti, come 10:30.", "Write the time with its minutes, such as 10:30.";
    /// Button: change or call off.
    move_visit: "Sposta o annulla la visita", "Move or call off the visit";
    /// Button.
    call_off: "Annulla la visita", "Call the visit off";
    /// Toast.
    called_off: "Visita annullata. Sul telefono.", "Visit called off. On this phone.";
    /// Toast: after undoing.
    planned_again: "La visita è di nuovo in programma.", "The visit is planned again.";
    /// Button: a past visit that nobody closed.
    record_visit: "Registra la visita", "Log the visit";
    /// Button: a past visit that was not made.
    not_made: "Non si è fatta", "It did not happen";
    /// Toast.
    not_made_toast: "Visita segnata come non fatta. Sul telefono.", "Visit marked as not made. On this phone.";
    /// Button of a toast: after a visit was closed.
    plan_next: "Pianifica la prossima", "Plan the next one";
    /// Heading: visits of the next days.
    coming_up: "In arrivo", "Coming up";
    /// Opens what can be done with the whole plan.
    plan_moves: "Cambia lo stato del piano", "Change the state of the plan";
    /// Button.
    move_review: "Apri la verifica", "Open the review";
    /// Button.
    move_suspend: "Sospendi", "Suspend";
    /// Button: a plan under review goes on.
    move_resume: "Riprendi", "Resume";
    /// Button: a suspended plan goes on.
    move_take_up: "Riprendi il piano", "Take the plan up again";
    /// Button: a closed plan goes on.
    move_reopen: "Riapri il piano", "Reopen the plan";
    /// Why nothing can be changed.
    suspended_only_look: "Il piano è sospeso: per cambiarlo, riprendilo.", "The plan is suspended: to change it, take it up again.";
    /// Why nothing can be changed.
    closed_only_look: "Il piano è chiuso: per cambiarlo, riaprilo.", "The plan is closed: to change it, reopen it.";
    /// Button.
    move_close: "Chiudi il piano", "Close the plan";
    /// Question.
    closing_why: "Perché si chiude", "Why it is closed";
    /// Hint.
    closing_hint: "Le visite in programma non si vedono più. Si può sempre riprendere.", "Planned visits no longer show. The plan can always be resumed.";
    /// Error.
    closing_why_missing: "Scegli perché si chiude.", "Choose why it is closed.";
    /// Button.
    closing_confirm: "Conferma la chiusura", "Confirm and close";
    /// Toast: after undoing.
    plan_as_before: "Il piano è come prima.", "The plan is as it was.";
    /// Notice: the plan was moved twice, out of sight of each other.
    moves_disputed: "Ci sono due risposte su come va avanti il piano.", "There are two answers on how the plan goes on.";
}

phrases! {
    /// Toast.
    planned_toast(day: &str): "Visita pianificata: {day}. Sul telefono.", "Visit planned: {day}. On this phone.";
    /// Toast.
    moved_toast(day: &str): "Visita spostata: {day}. Sul telefono.", "Visit moved: {day}. On this phone.";
}
