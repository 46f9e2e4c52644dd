//! Voice, photos and signatures.

use domain::attachment::{About, Kind};
use replica::attachment::{Progress, Stop};
use replica::stored::DiskError;

use crate::device::media::NoMedia;
use crate::driver::NoFile;
use crate::session::NotKept;
use crate::words::Words;

words! {
    /// One whose family is no longer here.
    attachment: "Allegato", "Attachment";
    /// Button.
    record_voice: "Voce", "Voice";
    /// Button.
    take_photo: "Foto", "Photo";
    /// While somebody speaks.
    recording: "Sto registrando", "Recording";
    /// Button: ends the recording and keeps it.
    keep_recording: "Ferma e salva", "Stop and save";
    /// Button: ends the recording and forgets it.
    throw_away: "Butta via", "Discard";
    /// While it is put on disk.
    keeping: "Salvo…", "Saving…";
    /// Toast.
    voice_toast: "Nota a voce salvata. Sul telefono.", "Voice note saved. On this phone.";
    /// A voice note that belongs to the diary.
    cut_of_diary: "del Diario", "of the diary";
    /// One that belongs to a visit.
    cut_of_visit: "di una visita", "of a visit";
    /// One that belongs to a goal.
    cut_of_goal: "su un obiettivo", "about a goal";
    /// Button: saves what there is of a recording that was cut off.
    keep_cut: "Salvala", "Save it";
    /// Toast.
    photo_toast: "Foto salvata. Sul telefono.", "Photo saved. On this phone.";
    /// Button.
    open_photo: "Apri la foto", "Open the photo";
    /// Button.
    open_signature: "Vedi la firma", "See the signature";
    /// Button of a picture over the page.
    close_picture: "Chiudi", "Close";
    /// While it comes from the server.
    fetching: "Lo prendo…", "Fetching…";
    /// Head of a visit's or a diary's attachments.
    attachments: "Voce e foto", "Voice and photos";
    /// What they are for.
    attachments_hint:
        "Si salvano subito, anche senza rete. Dalle foto tolgo luogo e data.",
        "Saved at once, also without a network. Place and date are taken out of photos.";
    /// Label of the place to sign.
    sign_here: "Firma qui con il dito", "Sign here with a finger";
    /// Hint for who cannot draw.
    sign_hint:
        "Se non si può firmare sul vetro, scegli a voce o su carta.",
        "Where nobody can sign on the glass, choose spoken or on paper.";
    /// Button.
    sign_again: "Cancella e rifirma", "Clear and sign again";
    /// Nothing is drawn.
    sign_missing: "La firma manca: firma con il dito nel riquadro.", "The signature is missing: sign with a finger in the box.";
    /// The bytes have not come from the colleague's phone.
    file_not_there:
        "È ancora sul telefono di chi l’ha fatto: riprova più tardi.",
        "It is still on the phone of whoever made it: try again later.";
    /// No network.
    file_not_now:
        "Non è ancora su questo telefono e ora non c’è rete: riprova quando prende.",
        "It is not on this phone yet and there is no network now: try again when there is.";
    /// It cannot be read.
    file_damaged:
        "Non si legge più: chiedi a chi l’ha fatto di rifarlo.",
        "It can no longer be read: ask whoever made it to make it again.";
}

phrases! {
    /// A recording that was never ended: a dead battery, a closed page, a full disk.
    voice_cut_off(of: &str, length: &str):
        "Una nota a voce {of} si è interrotta dopo {length}. È su questo telefono, non ancora salvata.",
        "A voice note {of} was cut off after {length}. It is on this phone, not saved yet.";
    /// Button.
    listen_to(length: &str): "Ascolta, {length}", "Listen, {length}";
    /// How much of an attachment has arrived.
    sent_percent(percent: u8): "Inviato {percent} %", "Sent {percent} %";
}

names! {
    /// What an attachment is.
    attachment_kind(Kind) {
        Voice: "Nota a voce", "Voice note";
        Photo: "Foto", "Photo";
        Signature: "Firma", "Signature";
    }
    /// Why an attachment does not go.
    attachment_stop(Stop) {
        FamilyFull:
            "Lo spazio per gli allegati di questa famiglia è pieno: avvisa l’ufficio. Qui resta.",
            "The room for this family’s attachments is full: tell the office. It stays here.";
        NotAllowed:
            "La famiglia non è più affidata a te: avvisa l’ufficio. L’allegato resta qui.",
            "The family is no longer assigned to you: tell the office. The attachment stays here.";
        Damaged:
            "Non si legge più bene: se puoi, registralo di nuovo.",
            "It can no longer be read well: if you can, record it anew.";
        Other:
            "L’ufficio non riesce a prenderlo: aggiorna l’app e premi «Prova a inviare adesso».",
            "The office cannot take it: update the app and press “Try to send now”.";
    }
    /// Why nothing was recorded or photographed.
    no_media(NoMedia) {
        NotAllowed:
            "Il telefono non dà il permesso: aprilo nelle impostazioni del browser, oppure scrivi una nota.",
            "The phone does not allow it: open it in the browser’s settings, or write a note.";
        Missing:
            "Qui non c’è un microfono che il browser può usare: scrivi una nota.",
            "There is no microphone here that the browser may use: write a note.";
        Unreadable:
            "Questa foto non si legge: scegline un’altra, in formato JPEG o PNG.",
            "This photo cannot be read: choose another, as JPEG or PNG.";
        Failed:
            "Non è riuscito: riprova, oppure scrivi una nota.",
            "It did not work: try again, or write a note.";
    }
    /// Why a recording or photo that is still on the screen is not on disk.
    unkept_disk(DiskError) {
        Full:
            "Non è salvato: la memoria del telefono è piena. Libera spazio e riprova, o salvalo come file.",
            "Not saved: the phone’s memory is full. Make room and try again, or save it as a file.";
        Lost:
            "Non è salvato: il telefono ha chiuso la memoria. Riprova; se non va, salvalo come file e riapri Percorso.",
            "Not saved: the phone closed its storage. Try again; if that fails, save it as a file and reopen Percorso.";
        Outdated:
            "Non è salvato: in un’altra scheda c’è una versione più nuova. Salvalo come file, poi ricarica Percorso.",
            "Not saved: another tab has a newer version. Save it as a file, then reload Percorso.";
        Failed:
            "Non è salvato: il telefono non riesce a scrivere. Riprova, o salvalo come file.",
            "Not saved: the phone cannot write. Try again, or save it as a file.";
    }
    /// Why a signature is not on disk.
    attachment_disk(DiskError) {
        Full:
            "Non è salvato: la memoria del telefono è piena. Libera spazio e riprova.",
            "Not saved: the phone’s memory is full. Make room and try again.";
        Lost:
            "Non è salvato: il telefono ha chiuso la memoria. Riprova; se non va, riapri Percorso.",
            "Not saved: the phone closed its storage. Try again; if that fails, reopen Percorso.";
        Outdated:
            "Non è salvato: in un’altra scheda c’è una versione più nuova. Ricarica Percorso.",
            "Not saved: another tab has a newer version. Reload Percorso.";
        Failed:
            "Non è salvato: il telefono non riesce a scrivere. Riprova.",
            "Not saved: the phone cannot write. Try again.";
    }
}

impl Words {
    /// How long a recording lasts: minutes and seconds.
    pub fn length(self, seconds: u16) -> String {
        format!("{}:{:02}", seconds / 60, seconds % 60)
    }

    /// How far an attachment has gone.
    pub fn upload(self, progress: Progress) -> String {
        match progress {
            Progress::Waiting => self.receipt_phone().to_owned(),
            Progress::Sent(percent) => self.sent_percent(percent),
            Progress::Stopped(_) => self.receipt_stopped().to_owned(),
        }
    }

    /// What a recording that was cut off belongs to.
    pub fn cut_of(self, about: About) -> &'static str {
        match about {
            About::Diary | About::Answer(_) => self.cut_of_diary(),
            About::Visit(_) => self.cut_of_visit(),
            About::Goal(_) => self.cut_of_goal(),
        }
    }

    /// Why something that is still on the screen was not kept.
    pub fn unkept(self, why: &NotKept) -> String {
        match why {
            NotKept::Disk(why) => self.unkept_disk(*why).to_owned(),
            NotKept::Record(why) => self.record_error(why),
        }
    }

    /// Why something was not kept.
    pub fn not_kept(self, why: &NotKept) -> String {
        match why {
            NotKept::Disk(why) => self.attachment_disk(*why).to_owned(),
            NotKept::Record(why) => self.record_error(why),
        }
    }

    /// Why an attachment cannot be shown.
    pub fn no_file(self, why: NoFile) -> &'static str {
        match why {
            NoFile::NotThere => self.file_not_there(),
            NoFile::NotNow(_) => self.file_not_now(),
            NoFile::Damaged => self.file_damaged(),
        }
    }
}
