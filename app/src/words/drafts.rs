//! Texts of forms that were not saved.

use crate::device::drafts::{Form, Parted};
use crate::words::Words;

words! {
    /// A form is found as it was left.
    draft_found: "Qui c’è ciò che avevi iniziato e non salvato.", "Here is what you had begun and not saved.";
    /// A draft that this build cannot read.
    draft_unread:
        "Una bozza di un’altra versione di Percorso non si apre. Le sue parole sono ancora sul \
            telefono: salvale come file.",
        "A draft of another version of Percorso cannot be opened. Its words are still on this \
            phone: save them as a file.";
    /// It cannot be told whether there is a draft.
    draft_failed:
        "Il telefono non riesce a leggere se qui avevi già scritto qualcosa: resta dov’è. \
            Riprova; se non va, chiudi e riapri Percorso.",
        "The phone cannot read whether you had written something here before: it stays where it \
            is. Try again; if that fails, close and reopen Percorso.";
    /// Writes all the same, and elsewhere.
    draft_begin: "Scrivi in una bozza a parte", "Write in a separate draft";
    /// Words of the same form that were kept apart.
    draft_apart:
        "C’è anche un’altra bozza di questo modulo, scritta mentre questa non si apriva.",
        "There is another draft of this form, too, written while this one could not be opened.";
    /// Opens that other draft.
    draft_open: "Apri l’altra bozza", "Open the other draft";
}

counts! {
    /// Before signing out on a phone that the office shut out: attachments never travel sealed.
    leave_files_sealed(n):
        "Un allegato (voce, foto o firma) non è arrivato: resta sul telefono, e sigillato non \
            parte."
        | "{n} allegati (voce, foto o firme) non sono arrivati: restano sul telefono, e sigillati \
            non partono.",
        "One attachment (voice, photo or signature) has not arrived: it stays on the phone, and \
            cannot go sealed."
        | "{n} attachments (voice, photos or signatures) have not arrived: they stay on the phone, \
            and cannot go sealed.";
}

names! {
    /// A form, as part of what was lost.
    form(Form) {
        Visit: "una visita", "a visit";
        Goal: "un obiettivo", "a goal";
        Note: "una nota", "a note";
        Review: "un commento", "a comment";
        Appointment: "una visita da fare", "a visit to come";
        Household: "i dati della famiglia", "data of the family";
        Member: "i dati di una persona", "data of a person";
        Action: "un’azione", "an action";
        Answer: "la risposta della famiglia", "the family’s answer";
        Refused: "una correzione", "a correction";
        Decline: "un motivo", "a reason";
        Together: "ciò che la famiglia ha detto in Insieme", "what the family said in Together";
        Voice: "una nota a voce", "a voice note";
    }
}

phrases! {
    /// A family was given up, and forms went with it.
    parted_from(family: &str, count: usize, forms: &str):
        "{family} non è più affidata a te. Con lei è stato cancellato ciò che avevi iniziato e non \
            salvato ({count}): {forms}. Se serve, dillo a chi la segue ora.",
        "{family} is no longer assigned to you. What you had begun and not saved was erased with \
            it ({count}): {forms}. If it matters, tell whoever follows it now.";
}

impl Words {
    /// What went with a family that was given up.
    pub fn parted(self, parted: &Parted) -> String {
        let name = parted.family.as_deref().unwrap_or(self.nameless());
        let forms = parted.drafts.iter().filter_map(|key| Form::behind(key));
        let forms: Vec<&str> = forms.map(|form| self.form(form)).collect();
        self.parted_from(&self.family_named(name), forms.len(), &forms.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use domain::id::{Millis, ScopeId};

    use super::*;

    #[test]
    fn what_went_with_a_family_is_said_by_kind() {
        let scope = ScopeId::new(Millis(1), [1; 10]);
        let parted = Parted {
            family: Some("Hassan".into()),
            drafts: [Form::Visit, Form::Note].map(|form| form.key(scope)).into(),
        };
        assert_eq!(
            Words::default().parted(&parted),
            "Famiglia Hassan non è più affidata a te. Con lei è stato cancellato ciò che avevi \
             iniziato e non salvato (2): una visita, una nota. Se serve, dillo a chi la segue ora."
        );
    }
}
