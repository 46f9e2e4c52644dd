//! Altro: this phone, language, theme, how it works.

use domain::op::Known;

use crate::preferences::Theme;
use crate::words::{Language, Words};

names! {
    /// Light or dark.
    theme(Theme) {
        System: "Come il telefono", "Like the phone";
        Light: "Chiaro", "Light";
        Dark: "Scuro", "Dark";
    }
}

words! {
    /// Heading: what waits.
    only_here: "Ancora solo qui", "Still only here";
    /// Nothing waits.
    nothing_waits: "Niente aspetta: tutto è arrivato.", "Nothing waits: everything has arrived.";
    /// Button: send.
    send_now: "Prova a inviare adesso", "Try to send now";
    /// What happens anyway.
    send_hint:
        "Parte anche da solo, appena c’è rete. Niente si perde se spegni.",
        "It also goes by itself, as soon as there is a network. Nothing is lost if you switch off.";
    /// What happens on a phone that the office shut out.
    send_hint_sealed:
        "Questo telefono non invia più da solo: quello che hai scritto arriva sigillato, e decide \
            chi segue la famiglia. Niente si perde se spegni.",
        "This phone no longer sends by itself: what you wrote arrives sealed, and whoever follows \
            the family decides. Nothing is lost if you switch off.";
    /// The same where something has to be done first, which was said above.
    send_hint_kept: "Niente si perde se spegni.", "Nothing is lost if you switch off.";
    /// Heading: refused.
    needs_a_hand: "Serve una mano", "Needs a hand";
    /// What was written is whole.
    kept_whole:
        "Quello che hai scritto è intero, ed è qui.",
        "What you wrote is whole, and it is here.";
    /// Label of the text to copy.
    copy_text: "Il testo, da copiare", "The text, to copy";
    /// Label of the text where it can be corrected before it is written again.
    correct_text: "Il testo: puoi correggerlo, o copiarlo", "The text: you can correct it, or copy it";
    /// Button: write it again.
    write_again: "Scrivilo di nuovo e invia", "Write it again and send";
    /// Button: save as a file.
    save_as_file: "Salva come file", "Save as a file";
    /// A file is readable by anybody.
    file_warning:
        "Il file si legge senza PIN: cancellalo appena non serve più.",
        "The file can be read without a PIN: delete it as soon as you no longer need it.";
    /// After writing it again.
    written_again:
        "Scritto di nuovo al posto del vecchio: parte al prossimo invio.",
        "Written again in place of the old one: it goes with the next sending.";
    /// Button: done with something refused.
    have_dealt: "Ho provveduto, togli", "I have dealt with it, remove";
    /// What removing means.
    remove_warning:
        "Il testo qui sopra sparisce da questo telefono e non si può riavere. Prima copialo, se \
            ti serve ancora.",
        "The text above goes away from this phone and cannot be brought back. Copy it first if \
            you still need it.";
    /// Button: really remove it.
    remove_sure: "Sì, togli il testo", "Yes, remove the text";
    /// After removing it.
    removed: "Tolto da questo telefono.", "Removed from this phone.";
    /// It is still there.
    not_removed:
        "Non è tolto: il telefono non riesce a scrivere. Riprova tra poco.",
        "Not removed: the phone cannot write. Try again shortly.";
    /// Heading: how the phone is.
    this_phone: "Questo telefono", "This phone";
    /// The store may be cleared by the browser.
    not_persistent:
        "Il telefono può cancellare questi dati se lo spazio finisce. Installa Percorso \
            nella schermata principale.",
        "The phone may delete this data when space runs out. Install Percorso on the home screen.";
    /// The store is kept.
    persistent: "Il telefono tiene questi dati.", "The phone keeps this data.";
    /// The server was never reached.
    never: "mai", "never";
    /// Last contact.
    last_contact: "Ultimo contatto con l’ufficio", "Last contact with the office";
    /// What follows from a clock that is wrong.
    clock_hint:
        "Le date che scrivi escono sbagliate: metti l’ora automatica nelle impostazioni del \
            telefono. Quello che scrivi parte lo stesso.",
        "The dates you write come out wrong: set the time to automatic in the phone’s settings. \
            What you write is sent all the same.";
    /// Button: lock.
    lock_now: "Chiudi adesso", "Lock now";
    /// What locking does.
    lock_hint:
        "Si chiude anche da solo dopo 5 minuti. Per aprire serve il PIN.",
        "It also locks by itself after 5 minutes. The PIN opens it.";
    /// Heading: lock.
    lock_heading: "Si chiude con il PIN", "Locked with the PIN";
    /// Heading: how it looks.
    appearance: "Lingua e aspetto", "Language and look";
    /// Group: language.
    language_setting: "Lingua dell’app", "Language of the app";
    /// Group: theme.
    theme_setting: "Chiaro o scuro", "Light or dark";
    /// Heading: guide.
    how_it_works: "Come funziona", "How it works";
    /// Guide, 1.
    guide_saved:
        "Ogni cosa che scrivi è salvata subito su questo telefono, anche senza rete.",
        "Everything you write is saved at once on this phone, even without a network.";
    /// Guide, 2.
    guide_sent:
        "Parte da sola quando c’è rete: prima «Sul telefono», poi «Inviato», poi \
            «Accettato», infine «Visto» da un’altra persona.",
        "It goes by itself when there is a network: first “On this phone”, then “Sent”, \
            then “Accepted”, at last “Seen” by another person.";
    /// Guide, 3.
    guide_voices:
        "La famiglia e il tutor hanno due voci, una accanto all’altra: se non sono \
            d’accordo, si vedono tutte e due.",
        "The family and the tutor have two voices, side by side: if they disagree, both are shown.";
    /// Guide, 4.
    guide_two:
        "Se due persone scrivono la stessa cosa senza vedersi, niente si perde: la trovi \
            in «Da sistemare» e scegli.",
        "If two people write the same thing without seeing each other, nothing is lost: \
            you find it in “To settle” and choose.";
    /// Guide, 5.
    guide_lock:
        "Il PIN tiene chiuse le storie delle famiglie: se perdi il telefono, avvisa subito \
            l’ufficio.",
        "The PIN keeps the families’ stories shut: if you lose the phone, tell the office at once.";
    /// Heading: sign out.
    leave: "Esci", "Sign out";
    /// What signing out does.
    leave_hint:
        "Chiude il tuo accesso. La tua copia resta qui, chiusa con il PIN.",
        "Ends your sign-in. Your copy stays here, locked with the PIN.";
    /// Button although something is unsent.
    leave_anyway: "Esci lo stesso", "Sign out anyway";
    /// The session ended.
    session_ended: "L’accesso è scaduto.", "Your sign-in has ended.";
    /// What to do.
    session_ended_hint:
        "Entra di nuovo per inviare. Quello che hai scritto resta qui.",
        "Sign in again to send. What you wrote stays here.";
}

phrases! {
    /// The clock is ahead.
    clock_ahead(by: &str):
        "L’orologio di questo telefono è avanti di {by}.",
        "This phone’s clock is {by} fast.";
    /// The clock is behind.
    clock_behind(by: &str):
        "L’orologio di questo telefono è indietro di {by}.",
        "This phone’s clock is {by} slow.";
    /// Space used.
    space_used(used: &str, free: &str): "Spazio: {used} usati, {free} liberi", "Space: {used} used, {free} free";
    /// Last contact.
    last_sent(moment: &str): "ultimo contatto: {moment}", "last contact: {moment}";
}

counts! {
    /// A length of time in hours.
    of_hours(n): "{n} ora" | "{n} ore", "{n} hour" | "{n} hours";
    /// Before signing out with something unsent.
    leave_unsent(n):
        "Una cosa non è ancora partita: resta qui e parte quando entri di nuovo."
        | "{n} cose non sono ancora partite: restano qui e partono quando entri di nuovo.",
        "One thing has not been sent: it stays here and goes when you sign in again."
        | "{n} things have not been sent: they stay here and go when you sign in again.";
    /// The same on a phone that the office shut out.
    leave_unsent_sealed(n):
        "Una cosa scritta qui non è nella scheda: resta sul telefono, e arriva solo sigillata."
        | "{n} cose scritte qui non sono nella scheda: restano sul telefono, e arrivano solo \
            sigillate.",
        "One thing written here is not in the file: it stays on the phone, and arrives only \
            sealed."
        | "{n} things written here are not in the file: they stay on the phone, and arrive only \
            sealed.";
    /// Button: what waits and is not listed.
    more_waiting(n):
        "Mostra un’altra cosa" | "Mostra altre {n} cose",
        "Show one more thing" | "Show {n} more things";
}

impl Words {
    /// What kind of thing was written.
    pub const fn kind(self, change: &Known) -> &'static str {
        let (it, en) = match change {
            Known::FamilyWritten(_) => ("Dati della famiglia", "Family details"),
            Known::MemberWritten { .. } => ("Dati di una persona", "A person’s details"),
            Known::NeedRated { .. } => ("Come va in un ambito", "How a domain is going"),
            Known::GoalWritten { .. } => ("Obiettivo", "Goal"),
            Known::ActionWritten { .. } => ("Impegno o sostegno", "Commitment or support"),
            Known::VersionProposed { .. } => ("Versione del piano", "Version of the plan"),
            Known::VersionAnswered { .. } => ("Risposta della famiglia", "The family’s answer"),
            Known::VersionReviewed { .. } => ("Decisione sul piano", "Decision on the plan"),
            Known::PlanMoved(_) => ("Andamento del piano", "Course of the plan"),
            Known::VisitPlanned { .. } => ("Appuntamento", "Appointment"),
            Known::VisitRecorded { .. } => ("Visita", "Visit"),
            Known::ProgressRated { .. } => ("Valutazione di un obiettivo", "Rating of a goal"),
            Known::NoteAdded { .. } => ("Nota", "Note"),
            Known::AttachmentAdded(_) => ("Allegato", "Attachment"),
            Known::Seen { .. } => ("Lettura", "Reading mark"),
            Known::ColleagueNamed { .. } => ("Nome di chi lavora qui", "A colleague’s name"),
            Known::Removed(_) => ("Tolto dalla lista", "Taken out of the list"),
            Known::Restored(_) => ("Tenuto nella lista", "Kept in the list"),
            Known::MembersMerged { .. } => ("La stessa persona", "The same person"),
            Known::MembersDistinct { .. } => ("Due persone", "Two people"),
            Known::MembersReopened { .. } => ("Di nuovo da guardare", "To be looked at again"),
        };
        match self.0 {
            Language::Italian => it,
            Language::English => en,
        }
    }
}

impl Words {
    /// How wrong the device's clock is, and what to do about it.
    pub fn clock_off(self, off_ms: i64) -> String {
        // Rounded: three days less a request's way are three days.
        let ms = off_ms.unsigned_abs().saturating_add(30_000);
        let minutes = usize::try_from(ms / 60_000).unwrap_or(usize::MAX);
        let by = match minutes {
            0..120 => self.minutes(minutes),
            120..2_880 => self.of_hours((minutes + 30) / 60),
            _ => self.days_short((minutes + 720) / 1_440),
        };
        let off = if off_ms > 0 {
            self.clock_ahead(&by)
        } else {
            self.clock_behind(&by)
        };
        format!("{off} {}", self.clock_hint())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_clock_is_said_in_the_largest_unit_that_fits() {
        const MINUTE_MS: i64 = 60_000;
        let words = Words::default();
        let said = |off_ms| words.clock_off(off_ms);
        assert!(said(11 * MINUTE_MS).contains("avanti di 11 minuti."));
        assert!(said(-5 * 60 * MINUTE_MS).contains("indietro di 5 ore."));
        assert!(said(3 * 1_440 * MINUTE_MS - 20).contains("avanti di 3 giorni."));
    }
}
