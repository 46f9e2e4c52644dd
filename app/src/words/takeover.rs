//! Words of others that wait for a decision, and what became of one's own.

use replica::message::Refusal;

names! {
    /// Why it waits, for whoever decides about it.
    why_it_waits(Refusal) {
        NotGranted:
            "Quando è arrivata, la famiglia non era più affidata a chi l’ha scritta.",
            "When it arrived, the family was no longer assigned to the person who wrote it.";
        NotYourRole:
            "Chi l’ha scritta ha un ruolo che non può scriverla.",
            "The person who wrote it has a role that may not write it.";
        WrongScope:
            "Parla di qualcosa che non fa parte di questa scheda.",
            "It speaks of something that is not part of this file.";
        UnknownKind:
            "Percorso in ufficio era più vecchio che sul telefono di chi l’ha scritta.",
            "Percorso at the office was older than on the phone of the person who wrote it.";
        Malformed:
            "Qualcosa manca o è sbagliato.",
            "Something is missing or wrong.";
        TooLarge:
            "È troppo lunga.",
            "It is too long.";
        SameIdOtherBytes:
            "In ufficio c’è già un’altra cosa registrata con lo stesso codice.",
            "The office already has something else under the same code.";
        OtherAuthor:
            "Non l’ha inviata chi l’ha scritta.",
            "It was not sent by the person who wrote it.";
        AccountClosed:
            "Quando è arrivata, l’accesso di chi l’ha scritta era chiuso. Se riapre prima che tu \
                decida, viene riesaminata da sola.",
            "When it arrived, the account of the person who wrote it was closed. If it is \
                reopened before you decide, this is looked at again by itself.";
        DeviceRevoked:
            "Viene da un telefono a cui l’ufficio ha tolto l’accesso, forse perso o rubato: \
                riprendila solo se sai che l’ha scritta davvero questa persona.",
            "It comes from a phone whose access the office took away, perhaps lost or stolen: \
                take it in only if you know that this person really wrote it.";
        Unknown(_):
            "Non è stata accettata, per un motivo che questa versione di Percorso non conosce.",
            "It was not accepted, for a reason that this version of Percorso does not know.";
    }
}

words! {
    /// Screen: words to adopt or decline.
    to_take_over: "Da riprendere", "To take over";
    /// What they are.
    take_over_hint:
        "Sono arrivate quando chi le ha scritte non poteva scrivere nella scheda, per esempio \
            perché la famiglia era già di altri. Restano fuori finché non decidi.",
        "These arrived when whoever wrote them could not write in the file, for example because \
            someone else had the family by then. They stay outside until you decide.";
    /// What adopting does.
    take_over_keeps:
        "Se le riprendi, restano con il nome di chi le ha scritte.",
        "If you take them in, they keep the name of the person who wrote them.";
    /// Button: adopt.
    take_in: "Riprendi nella scheda", "Take into the file";
    /// Button: decline.
    leave_out: "Non riprendere", "Leave out";
    /// Label: why.
    leave_out_why: "Perché non la riprendi", "Why you leave it out";
    /// Who reads the reason.
    leave_out_hint: "Lo legge chi l’ha scritta.", "The person who wrote it reads this.";
    /// Button: really decline.
    leave_out_sure: "Conferma, non riprendere", "Confirm, leave out";
    /// No reason was given.
    leave_out_empty:
        "Scrivi in due parole perché, poi conferma.",
        "Write in a few words why, then confirm.";
    /// Nothing waits.
    nothing_to_take_over: "Niente da riprendere", "Nothing to take over";
    /// What comes here.
    nothing_to_take_over_hint:
        "Qui trovi quello che arriva tardi su una tua famiglia e aspetta che tu decida.",
        "Here you find what arrives late about one of your families and waits for you to decide.";
    /// After adopting.
    taken_in: "Ripresa: ora è nella scheda.", "Taken in: it is in the file now.";
    /// After declining.
    left_out:
        "Non ripresa: chi l’ha scritta saprà perché.",
        "Left out: the person who wrote it will know why.";
    /// Somebody was faster.
    already_decided:
        "Qualcuno ha già deciso: qui sotto vedi quello che resta.",
        "Somebody has decided already: below is what is left.";
    /// It cannot be adopted as it is.
    cannot_take_in:
        "Così com’è non può entrare nella scheda: se serve, scrivila tu.",
        "It cannot enter the file as it is: if it is needed, write it yourself.";
    /// Only an online list.
    take_over_online:
        "Queste parole si leggono solo con la rete e non restano sul telefono.",
        "These words are read only with a network and do not stay on the phone.";
    /// A kind of change that this build does not know.
    too_new_to_read:
        "È scritta con una versione più nuova di Percorso: qui non si può leggere. Aggiorna \
            Percorso, poi guarda di nuovo.",
        "It was written with a newer version of Percorso and cannot be read here. Update \
            Percorso, then look again.";
    /// What the tutor did about a goal.
    tutor_did: "Il tutor", "The tutor";
    /// Button: look again.
    look_again: "Guarda di nuovo", "Look again";
    /// While the list arrives.
    take_over_arriving: "Sto guardando.", "Looking.";
    /// Button: give a refused thing to whoever follows the family.
    hand_over: "Consegna a chi segue la famiglia", "Hand over to whoever follows the family";
    /// After handing over.
    handed_over:
        "Consegnata: aspetta la decisione di chi segue la famiglia.",
        "Handed over: it waits for the decision of whoever follows the family.";
    /// The server took it in by itself after all.
    taken_in_by_itself:
        "L’ufficio l’ha già accettata: è nella scheda.",
        "The office has accepted it already: it is in the file.";
    /// It was answered in a way that only a later release can read.
    answer_unread:
        "C’è una risposta, ma questa versione di Percorso non la sa leggere: aggiorna Percorso, \
            poi guarda di nuovo qui.",
        "There is an answer, but this version of Percorso cannot read it: update Percorso, then \
            look here again.";
    /// It was decided meanwhile.
    hand_over_gone:
        "Non serve più: qualcuno ha già deciso. La risposta arriva al prossimo invio.",
        "No longer needed: somebody has decided already. The answer comes with the next sending.";
    /// Button: the outcome was read.
    outcome_read: "Ho letto, togli", "I have read this, remove";
}

phrases! {
    /// Who wrote it.
    written_by(name: &str, moment: &str): "Scritta da {name}, {moment}", "Written by {name}, {moment}";
    /// Who brought it, where not its author.
    brought_by(name: &str): "Portata da {name}", "Brought by {name}";
    /// Its author handed it over.
    handed_over_by(name: &str): "Consegnata da {name}", "Handed over by {name}";
    /// Its author learns that it is in the file.
    adopted_by(name: &str):
        "Ripresa da {name}: è nella scheda, con il tuo nome.",
        "Taken in by {name}: it is in the file, under your name.";
    /// Its author learns that it is not.
    declined_by(name: &str, reason: &str):
        "Non ripresa da {name}: «{reason}»",
        "Left out by {name}: “{reason}”";
}

counts! {
    /// How many wait.
    words_wait(n):
        "Una cosa arrivata tardi aspetta che tu decida"
        | "{n} cose arrivate tardi aspettano che tu decida",
        "One thing that arrived late waits for you to decide"
        | "{n} things that arrived late wait for you to decide";
}
