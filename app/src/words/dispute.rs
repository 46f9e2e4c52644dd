//! Two standing values, and what the fields are called.

use domain::family::{FamilyKey, MemberKey};
use domain::plan::{ActionKey, GoalKey};
use domain::visit::VisitKey;

names! {
    /// A field of the household.
    family_field(FamilyKey) {
        Name: "Nome della famiglia", "Family name";
        Comune: "Comune", "Municipality";
        Address: "Indirizzo", "Address";
        Phone: "Telefono", "Telephone";
        SafeContact: "Come chiamare senza rischi", "How to call safely";
        Language: "Lingua", "Language";
        InterpreterNeeded: "Interprete", "Interpreter";
        ExternalId: "Codice nell’elenco dell’ente", "Code in the body’s list";
    }
    /// A field of a member.
    member_field(MemberKey) {
        Name: "Nome", "Name";
        Role: "Posto in famiglia", "Place in the family";
        Birth: "Data di nascita", "Date of birth";
        Citizenship: "Cittadinanza", "Citizenship";
        Speaks: "Lingue parlate", "Languages spoken";
        Reads: "Lingue lette", "Languages read";
    }
    /// A field of a goal.
    goal_field(GoalKey) {
        Area: "Ambito", "Domain";
        Words: "Parole della famiglia", "The family’s words";
        Expected: "Risultato atteso", "Expected result";
        MuchLess: "Molto meno del previsto", "Much less than expected";
        Less: "Meno del previsto", "Less than expected";
        More: "Più del previsto", "More than expected";
        MuchMore: "Molto più del previsto", "Much more than expected";
        Due: "Entro quando", "By when";
        State: "Stato", "State";
        Weight: "Importanza", "Importance";
        WhoActs: "Chi agisce", "Who acts";
        NextStep: "Prossimo passo", "Next step";
        Agreement: "Accordo della famiglia", "The family’s answer";
        Order: "Ordine", "Order";
    }
    /// A field of an action.
    action_field(ActionKey) {
        Goal: "Obiettivo", "Goal";
        Kind: "Impegno o sostegno", "Commitment or support";
        What: "Che cosa", "What";
        WhoActs: "Chi agisce", "Who acts";
        Member: "Chi si impegna", "Who is bound";
        Service: "Servizio", "Service";
        Due: "Entro quando", "By when";
        State: "Stato", "State";
        Barrier: "Ostacolo", "Barrier";
    }
    /// A field of a planned visit.
    visit_field(VisitKey) {
        Appointment: "Appuntamento", "Appointment";
        Cancelled: "Visita annullata", "Visit called off";
    }
}

words! {
    /// The move of the whole plan.
    plan_move: "Andamento del piano", "Course of the plan";
    /// Work goes on.
    plan_resumed: "Si va avanti", "Work goes on";
    /// How it came about, and that nothing is lost.
    disputes_hint:
        "Ci sono due risposte per la stessa cosa. Scegli quale vale.",
        "There are two answers for the same thing. Choose which one to keep.";
    /// What happens to the other.
    other_is_kept: "L’altra resta nella Storia della famiglia.", "The other one stays in the family’s history.";
    /// Button: this one holds.
    this_one_holds: "Vale questa", "Keep this one";
    /// Above a text that two people changed.
    reads_for_now:
        "Per ora si legge così. Le parti diverse sono segnate.",
        "For now it reads like this. The parts that differ are marked.";
    /// Button: what both wrote stays.
    both_hold: "Valgono tutte e due", "Keep both";
    /// After that.
    both_chosen: "Valgono tutte e due le versioni.", "Both versions hold.";
    /// Everything that was ever written in each field.
    history: "Storia", "History";
    /// What it tells.
    history_hint:
        "Tutto quello che è stato scritto in ogni dato: da chi, quando, e che cosa vale adesso.",
        "Everything that was ever written in each field: by whom, when, and what holds now.";
    /// Mark: the value that holds.
    holds_now: "Vale adesso", "Holds now";
    /// Mark: one of the values among which nobody has chosen.
    holds_perhaps: "Da scegliere", "To be chosen";
    /// Above such values.
    choice_open:
        "Ci sono due risposte: la scelta è aperta.",
        "There are two answers: the choice is open.";
    /// Mark: a value that no longer holds.
    held_before: "Prima", "Before";
    /// What belongs to the family as a whole.
    of_the_family: "Famiglia", "Family";
    /// A planned visit.
    of_a_visit: "Visita in programma", "Planned visit";
    /// A goal got another place, and nobody can tell which it had before.
    goal_moved: "Spostato", "Moved";
    /// After undoing.
    open_again: "Le due risposte sono di nuovo aperte.", "Both answers are open again.";
    /// Nothing is disputed.
    nothing_to_settle: "Niente da sistemare", "Nothing to settle";
    /// What that means.
    nothing_to_settle_hint:
        "Quando due persone scrivono cose diverse, le trovi qui una accanto all’altra.",
        "When two people write different things, you find them here side by side.";
}

phrases! {
    /// What the family answered to a version.
    answer_to(number: u32):
        "Risposta della famiglia alla versione {number}",
        "The family’s answer to version {number}";
    /// What the social worker decided about a version.
    decision_about(number: u32): "Decisione sulla versione {number}", "Decision about version {number}";
    /// What shows until somebody chooses.
    until_chosen(value: &str):
        "Finché nessuno sceglie si vede «{value}», con accanto l’altra.",
        "Until someone chooses, “{value}” shows, with the other beside it.";
    /// After choosing.
    chosen(value: &str):
        "Vale «{value}». L’altra è nella Storia.",
        "“{value}” holds. The other is in the history.";
    /// A goal got another place.
    goal_moved_between(from: usize, to: usize):
        "Spostato dal posto {from} al posto {to}",
        "Moved from place {from} to place {to}";
    /// Importance.
    weight_of_three(weight: u8): "{weight} su 3", "{weight} of 3";
    /// The goal about which.
    goal_about(text: &str): "Obiettivo «{text}»", "Goal “{text}”";
}
