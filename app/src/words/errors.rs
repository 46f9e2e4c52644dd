//! Each error in one plain sentence that says what to do.

use domain::authorize::Forbidden;
use domain::state::CheckError;
use replica::message::Refusal;
use replica::replica::{RecordError, SyncError};
use replica::stored::DiskError;

use crate::words::{Language, Words};

names! {
    /// Why sending did not work.
    sync_error(SyncError) {
        Unreachable:
            "Non trovo la rete: tutto resta salvato qui e parte da solo appena torna.",
            "I can’t find the network: everything is saved here and goes by itself when it \
                is back.";
        SessionEnded:
            "L’accesso è scaduto: entra di nuovo con nome e password, niente è perso.",
            "Your sign-in has ended: sign in again with name and password, nothing is lost.";
        UpdateNeeded:
            "Questa versione è vecchia: aggiorna Percorso, poi quello che hai scritto parte.",
            "This version is too old: update Percorso, then what you wrote will be sent.";
        ServerFailed:
            "Il computer dell’ufficio non risponde bene: riprovo da solo, puoi continuare a \
                lavorare.",
            "The office’s computer is having trouble: I will try again by myself, you can go on \
                working.";
        Busy:
            "Il computer dell’ufficio ha molto da fare: riprovo da solo tra poco, puoi continuare a \
                lavorare.",
            "The office’s computer is busy: I will try again by myself shortly, you can go on \
                working.";
        DeviceRevoked:
            "L’ufficio ha tolto l’accesso a questo telefono: chiama l’ufficio. Quello che non è \
                ancora inviato resta qui.",
            "The office took this phone’s access away: call the office. What has not been sent \
                yet stays here.";
        Suspended:
            "L’ufficio ha sospeso il tuo accesso: chiama l’ufficio. Quello che hai scritto resta \
                qui e parte da solo quando l’accesso riprende.",
            "The office has suspended your access: call the office. What you wrote stays here \
                and goes by itself when your access is back.";
        OtherOwner:
            "Su questo telefono è entrata un’altra persona: esci ed entra di nuovo con il tuo \
                nome. Quello che hai scritto resta qui.",
            "Somebody else is signed in on this phone: sign out, then sign in with your own \
                name. What you wrote stays here.";
        RequestRefused:
            "L’invio non è stato capito: aggiorna Percorso e, se non basta, chiama l’ufficio.",
            "What was sent was not understood: update Percorso and, if that does not help, \
                call the office.";
    }
    /// Why something was not written to disk.
    disk_error(DiskError) {
        Full:
            "Non è salvato: lo spazio del telefono è finito. Libera un po’ di spazio e \
                premi ancora Salva.",
            "Not saved: this phone is out of space. Free some space and press Save again.";
        Lost:
            "Non è salvato: il telefono ha chiuso l’archivio. Copia il testo, poi chiudi e \
                riapri Percorso.",
            "Not saved: the phone closed its storage. Copy your text, then close and \
                reopen Percorso.";
        Outdated:
            "Non è salvato: in un’altra scheda c’è una versione più nuova. Copia il testo, poi \
                ricarica la pagina.",
            "Not saved: another tab has a newer version. Copy your text, then reload the page.";
        Failed:
            "Non è salvato: il telefono non riesce a scrivere. Premi ancora Salva; se non \
                va, copia il testo.",
            "Not saved: the phone cannot write. Press Save again; if that fails, copy your text.";
    }
    /// Why what is being typed is not on disk.
    draft_error(DiskError) {
        Full:
            "Queste parole non sono ancora sul telefono: lo spazio è finito. Libera un po’ di \
                spazio, poi scrivi ancora qualcosa.",
            "These words are not on the phone yet: it is out of space. Free some space, then \
                type something more.";
        Lost:
            "Queste parole non sono sul telefono: ha chiuso l’archivio. Copia il testo, poi \
                chiudi e riapri Percorso.",
            "These words are not on the phone: it closed its storage. Copy your text, then \
                close and reopen Percorso.";
        Outdated:
            "Queste parole non sono sul telefono: in un’altra scheda c’è una versione più nuova. \
                Copia il testo, poi ricarica la pagina.",
            "These words are not on the phone: another tab has a newer version. Copy your text, \
                then reload the page.";
        Failed:
            "Queste parole non sono ancora sul telefono: non riesce a scrivere. Scrivi ancora \
                qualcosa; se non va, copia il testo.",
            "These words are not on the phone yet: it cannot write. Type something more; if \
                that fails, copy your text.";
    }
    /// Why a change is not allowed.
    forbidden(Forbidden) {
        NotGranted:
            "Questa famiglia non è più affidata a te: chiedi all’assistente sociale.",
            "This family is no longer assigned to you: ask the social worker.";
        NotYourRole:
            "Questo lo può fare solo chi ha un altro ruolo: chiedi a chi lavora con te.",
            "Only someone in another role can do this: ask a colleague.";
        WrongScope:
            "Questo non si può scrivere qui: apri la famiglia e riprova.",
            "This cannot be written here: open the family and try again.";
    }
    /// Why the server refused something.
    refusal(Refusal) {
        NotGranted:
            "La famiglia non era più affidata a te quando è arrivato. Chiedi \
                all’assistente sociale.",
            "The family was no longer assigned to you when this arrived. Ask the social worker.";
        NotYourRole:
            "Serve un altro ruolo per scrivere questo. Passa il testo a chi lavora con te.",
            "Another role is needed to write this. Pass the text on to a colleague.";
        WrongScope:
            "Non era al posto giusto. Copia il testo e scrivilo nella famiglia.",
            "It was not in the right place. Copy the text and write it in the family’s file.";
        UnknownKind:
            "Percorso in ufficio è più vecchio che su questo telefono: lo tiene da parte e lo \
                accetta da solo dopo il suo aggiornamento.",
            "Percorso at the office is older than on this phone: it keeps this aside and accepts \
                it by itself once it is updated.";
        Malformed:
            "Qualcosa manca o è sbagliato. Copia il testo e scrivilo di nuovo.",
            "Something is missing or wrong. Copy the text and write it again.";
        TooLarge:
            "È troppo lungo. Copia il testo e scrivilo in due parti.",
            "It is too long. Copy the text and write it in two parts.";
        SameIdOtherBytes:
            "In ufficio c’è già qualcosa con lo stesso numero. Copia il testo e scrivilo di nuovo.",
            "The office already has something with the same number. Copy the text and \
                write it again.";
        OtherAuthor:
            "L’ha scritto un’altra persona su questo telefono. Deve entrare lei per inviarlo.",
            "Someone else wrote it on this phone. They have to sign in to send it.";
        AccountClosed:
            "Quando è arrivato in ufficio, il tuo accesso era chiuso. Resta lì da parte: può \
                riprenderlo chi segue la famiglia, e viene riesaminato da solo se il tuo accesso \
                riapre.",
            "Your account was closed when this arrived. The office keeps it aside: whoever \
                follows the family can take it in, and it is looked at again by itself if your \
                account is reopened.";
        DeviceRevoked:
            "L’ufficio aveva tolto l’accesso a questo telefono quando è arrivato. Resta da parte: \
                può riprenderlo chi segue la famiglia, anche tu da un altro telefono.",
            "The office had taken this phone’s access away when this arrived. It is kept aside: \
                whoever follows the family can take it in, you too from another phone.";
        Unknown(_):
            "Non è stato accettato, per un motivo che questa versione di Percorso non \
                conosce: aggiorna Percorso, o chiedi all’ufficio.",
            "It was not accepted, for a reason that this version of Percorso does not \
                know: update Percorso, or ask the office.";
    }
}

words! {
    /// A text is empty.
    check_empty: "Scrivi almeno una parola, poi salva.", "Write at least a word, then save.";
    /// The goal is gone.
    check_no_goal:
        "Questo obiettivo non è nel piano: torna al piano e riaprilo.",
        "This goal is not in the plan: go back to the plan and open it again.";
    /// The version is gone.
    check_no_version:
        "Questa versione non è nel piano: torna al piano e riaprila.",
        "This version is not in the plan: go back to the plan and open it again.";
    /// The version changed while it was read.
    check_other_content:
        "Nel frattempo il piano è cambiato: rileggilo, poi decidi.",
        "The plan has changed meanwhile: read it again, then decide.";
    /// A return without a comment.
    check_no_comment:
        "Scrivi perché: serve a chi riceve la risposta.",
        "Write why: the person who gets your answer needs it.";
    /// An attachment beyond the limits.
    check_attachment:
        "L’allegato è vuoto o troppo grande: fanne uno più corto, fino a 5 minuti o 10 MB.",
        "The attachment is empty or too large: make a shorter one, up to 5 minutes or 10 MB.";
    /// What was to be taken out is in no list.
    check_not_there:
        "Qui non c’è più: torna indietro e riapri la lista.",
        "It is no longer here: go back and open the list again.";
    /// A goal that the family agreed to.
    check_already_agreed:
        "La famiglia è d’accordo su questo obiettivo: chiudilo con il suo stato.",
        "The family agreed to this goal: end it with its state.";
    /// A person compared with themselves.
    check_same_entry:
        "È già una persona sola: torna indietro e riapri la lista.",
        "It is one person already: go back and open the list again.";
    /// A weight outside 1..=3.
    check_weight: "L’importanza va da 1 a 3.", "Importance goes from 1 to 3.";
    /// A visit of no length or of more than a day.
    check_length:
        "Una visita dura da 1 minuto a 24 ore: correggi i minuti.",
        "A visit lasts between 1 minute and 24 hours: correct the minutes.";
}

impl Words {
    /// Why a change makes no sense.
    pub fn check_error(self, error: &CheckError) -> String {
        match error {
            CheckError::Empty => self.check_empty().to_owned(),
            CheckError::TooLong { chars, max } => match self.0 {
                Language::Italian => format!(
                    "Il testo ha {chars} caratteri e ce ne stanno {max}: accorcialo o dividilo."
                ),
                Language::English => {
                    format!("The text has {chars} characters and {max} fit: shorten or split it.")
                }
            },
            CheckError::TooMany { count, max } => match self.0 {
                Language::Italian => {
                    format!("Sono {count} voci e ce ne stanno {max}: togline qualcuna.")
                }
                Language::English => {
                    format!("There are {count} entries and {max} fit: take some out.")
                }
            },
            CheckError::NoWitness => self.answer_witness_missing().to_owned(),
            CheckError::NoGoal { .. } => self.check_no_goal().to_owned(),
            CheckError::NoVersion { .. } => self.check_no_version().to_owned(),
            CheckError::OtherContent => self.check_other_content().to_owned(),
            CheckError::NoComment => self.check_no_comment().to_owned(),
            CheckError::NotAnAttachment => self.check_attachment().to_owned(),
            CheckError::WeightOutOfRange { .. } => self.check_weight().to_owned(),
            CheckError::NotThere => self.check_not_there().to_owned(),
            CheckError::AlreadyAgreed => self.check_already_agreed().to_owned(),
            CheckError::SameEntry => self.check_same_entry().to_owned(),
            CheckError::NotALength { .. } => self.check_length().to_owned(),
        }
    }

    /// Why something was not recorded.
    pub fn record_error(self, error: &RecordError) -> String {
        match error {
            RecordError::Forbidden(forbidden) => self.forbidden(*forbidden).to_owned(),
            RecordError::Check(check) => self.check_error(check),
        }
    }
}
