//! Texts of Insieme for the tutor. What the family reads there is in `catalogue`.

words! {
    /// The screen, and the way in.
    together: "Insieme alla famiglia", "Together with the family";
    /// The way in where a talk was begun.
    together_resume: "Riprendi Insieme", "Go on together";
    /// What it is.
    together_what:
        "La famiglia sceglie che cosa conta, dice com’è oggi e che cosa vuole cambiare, con le sue \
            parole. Ogni domanda si può saltare, e si può riprendere un altro giorno.",
        "The family chooses what matters, says how it is today and what it wants to change, in its \
            own words. Every question can be skipped, and you can go on another day.";
    /// Button: hand the phone over.
    together_begin: "Comincia insieme", "Begin together";
    /// What the fence does.
    together_fence:
        "Da qui il telefono è della famiglia: non si raggiunge altro. Per uscire serve il tuo PIN.",
        "From here the phone is the family’s: nothing else can be reached. Your PIN lets you out.";
    /// Heading of the way out.
    together_leave: "Per uscire serve il PIN", "The PIN lets you out";
    /// Who types it.
    together_leave_hint:
        "Lo digita chi segue la famiglia. Ciò che avete detto resta sul telefono.",
        "Whoever follows the family types it. What you said stays on the phone.";
    /// The screen, and the way in: a version is read and signed inside the fence.
    read_together: "Leggi e firma insieme", "Read and sign together";
    /// What it is.
    read_together_what:
        "La famiglia legge o ascolta il piano, obiettivo per obiettivo, nella sua lingua, e dice se è \
            d’accordo. Poi firma sul telefono o dice di sì a voce; se non firma adesso, le risposte \
            restano qui.",
        "The family reads or hears the plan, goal by goal, in its language, and says whether it agrees. \
            Then it signs on the phone or says yes aloud; if it does not sign now, its answers stay here.";
    /// Heading over what the family said.
    together_said: "Che cosa ha detto la famiglia", "What the family said";
    /// Field: the family's words in Italian.
    together_italian: "Le loro parole in italiano", "Their words in Italian";
    /// Field: the first step in Italian.
    together_step_italian: "Il primo passo in italiano", "The first step in Italian";
    /// Of an area that only was chosen.
    together_only_chosen:
        "Scelto, e non è stato detto altro: nel piano non entra.",
        "Chosen, and nothing else was said: it does not enter the plan.";
    /// Heading over what was said of areas that are not chosen any more.
    together_left_out: "Non più scelto: nel piano non entra", "No longer chosen: it does not enter the plan";
    /// Button: it is chosen again.
    together_take_up: "Riprendilo", "Take it up again";
    /// What the family has not heard.
    together_expected_hint:
        "La famiglia non l’ha ancora sentito: leggilo con loro prima di proporre il piano.",
        "The family has not heard this yet: read it with them before you propose the plan.";
    /// It is an example that the family picked.
    together_expected_picked:
        "Scelto dalla famiglia da un esempio, con gli altri quattro livelli. Se lo cambi, rileggilo \
            con loro.",
        "The family picked it from an example, with the other four levels. If you change it, read it \
            with them again.";
    /// How the family will see it, in its own words.
    together_result: "Come lo vedranno", "How they will see it";
    /// The first step.
    together_step: "Primo passo", "First step";
    /// Button: it becomes part of the plan.
    together_save: "Salva nel piano", "Save in the plan";
    /// Toast.
    together_saved: "Salvato nel piano. Sul telefono.", "Saved in the plan. On this phone.";
    /// Button: throw it away.
    together_discard: "Cancella ciò che è stato detto", "Delete what was said";
    /// Toast.
    together_discarded: "Cancellato.", "Deleted.";
}

phrases! {
    /// The texts are not on this phone.
    together_missing(language: &str):
        "Il testo in {language} non è arrivato su questo telefono: le domande sono in italiano.",
        "The text in {language} has not reached this phone: the questions are in Italian.";
}
