//! Oggi, and what is to be settled.

use replica::replica::SyncError;

use crate::words::Words;

names! {
    /// Why nothing is sent, in as few words as a pill has room for.
    sync_error_short(SyncError) {
        Unreachable: "Senza rete", "No network";
        SessionEnded: "Accedi di nuovo", "Sign in again";
        UpdateNeeded: "Aggiorna Percorso", "Update Percorso";
        ServerFailed: "L’ufficio non risponde", "Office not answering";
        Busy: "L’ufficio è occupato", "Office busy";
        DeviceRevoked: "Telefono escluso", "Phone shut out";
        Suspended: "Accesso sospeso", "Access suspended";
        OtherOwner: "Entra con il tuo nome", "Sign in as yourself";
        RequestRefused: "Invio rifiutato", "Sending refused";
    }
}

words! {
    /// Button: begin the visit.
    begin_visit: "Inizia visita", "Start visit";
    /// Button: the family's plan.
    open_plan: "Apri il piano", "Open the plan";
    /// The visit was made.
    visit_made: "Fatta", "Done";
    /// Later visits of today.
    later_today: "Dopo", "Later";
    /// No hour was agreed.
    any_time: "ora libera", "any time";
    /// Heading: to be settled.
    to_settle: "Da sistemare", "To settle";
    /// Heading: the social worker's answers.
    replies: "Risposte dell’assistente sociale", "Answers from the social worker";
    /// Heading: goals due soon.
    goals_due: "Obiettivi in scadenza", "Goals due soon";
    /// A visit without a record.
    visit_to_close: "Una visita da chiudere", "A visit to close";
    /// Something refused.
    refused_here: "Non accettato: serve una mano", "Not accepted: needs a hand";
    /// Link: where what waits to be sent is listed.
    what_waits: "Vedi che cosa aspetta", "See what is waiting";
    /// No visit today.
    no_visit_today: "Oggi nessuna visita", "No visit today";
    /// No visit is planned.
    no_visit_planned:
        "Nessuna visita in programma. Apri una famiglia e fissa la prossima.",
        "No visit is planned. Open a family and plan the next one.";
    /// Interpreter.
    interpreter_needed: "Serve l’interprete", "Interpreter needed";
    /// Safe contact.
    safe_contact: "Prima di chiamare", "Before you call";
    /// A goal without words.
    goal_unworded: "Obiettivo senza parole", "Goal without words";
    /// Where sending is looked after.
    sending_heading: "Invio", "Sending";
    /// Everything is saved.
    sending_hint:
        "Tutto è salvato qui. Parte da solo appena c’è rete.",
        "Everything is saved here. It goes by itself as soon as there is a network.";
    /// While the first copy arrives.
    arriving_hint: "Quelle di oggi arrivano per prime.", "Today’s come first.";
    /// Before the first answer of the server.
    nothing_arrived_yet:
        "Le famiglie arrivano al primo contatto con l’ufficio.",
        "Families arrive at the first contact with the office.";
}

phrases! {
    /// The next visit.
    next_visit_is(day: &str, family: &str):
        "La prossima è {day}, famiglia {family}.",
        "The next one is {day}, the {family} family.";
    /// Call somebody.
    call_somebody(name: &str): "Chiama {name}", "Call {name}";
    /// An approval or return, with the version.
    version_verdict(number: u32, verdict: &str):
        "Versione {number}: {verdict}",
        "Version {number}: {verdict}";
    /// A goal whose date is past.
    overdue(day: &str): "scaduto {day}", "was due {day}";
    /// Whose telephone it is.
    phone_of(holder: &str): "telefono di {holder}", "{holder}’s phone";
}

counts! {
    /// Things that cannot be sent now.
    to_send(n): "{n} da inviare" | "{n} da inviare", "{n} to send" | "{n} to send";
    /// Disputed fields of one family.
    two_answers(n):
        "Due risposte diverse" | "Due risposte diverse in {n} punti",
        "Two different answers" | "Two different answers in {n} places";
    /// More rows than shown.
    and_more(n): "e un altro" | "e altri {n}", "and one more" | "and {n} more";
    /// Button: the rows that are not shown.
    show_others(n): "Mostra l’altro" | "Mostra gli altri {n}", "Show one more" | "Show {n} more";
}

impl Words {
    /// Why nothing is sent until a person does something, and how much waits for it.
    pub fn standstill(self, why: SyncError, unsent: usize) -> String {
        let short = self.sync_error_short(why);
        if unsent == 0 {
            short.to_owned()
        } else {
            format!("{short}: {}", self.to_send(unsent))
        }
    }
}
