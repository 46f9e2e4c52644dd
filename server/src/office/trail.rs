//! The last rows of the record: who did what, on which code.

use app::pages::office::Room;
use app::pages::people::{TrailPage, TrailPageProps, TrailRow};
use app::words::Language;
use axum::response::Response;

use super::{Reader, name_of, open, short_code, written};
use crate::error::Problem;
use crate::store::Action;

/// Rows on the page.
const ROWS_MAX: u32 = 200;

/// `GET /ufficio/registro`
///
/// # Errors
/// The reader's role may not, or the store does not answer.
pub async fn show(reader: Reader) -> Result<Response, Problem> {
    let (visitor, _) = open(reader, Room::Trail)?;
    let store = &visitor.state.store;
    let names = visitor.names().await?;
    let (system, language) = (store.system(), visitor.language);
    let rows = store.trail(ROWS_MAX).await?.into_iter().map(|row| {
        let entry = row.entry;
        let subject = entry
            .subject
            .map(|id| name_of(&names, id, system, language));
        let scope = entry.scope.map(|id| short_code(&id));
        let device = entry.device.map(|id| short_code(&id));
        let parts: Vec<String> = [subject, scope, device].into_iter().flatten().collect();
        TrailRow {
            number: row.number,
            at: written(row.at, language),
            by: name_of(&names, entry.by, system, language),
            action: word(entry.action, language),
            subject: parts.join(" · "),
        }
    });
    let rows = rows.collect();
    let view = |frame| TrailPage(TrailPageProps { frame, rows });
    Ok(visitor.page(None, view).await)
}

const fn word(action: Action, language: Language) -> &'static str {
    match action {
        Action::Wrote => language.say("Ha scritto", "Wrote"),
        Action::Refused => language.say("Messo da parte", "Set aside"),
        Action::Clashed => language.say("Allarme: stesso codice", "Alarm: same id"),
        Action::Delivered => language.say("Consegna sigillata", "Sealed delivery"),
        Action::Read => language.say("Ha letto", "Read"),
        Action::QuarantineRead => {
            language.say("Ha letto cose messe da parte", "Read what was set aside")
        }
        Action::HandedOver => language.say("Consegnata a chi segue", "Handed over"),
        Action::Adopted => language.say("Ripresa nella scheda", "Adopted into the file"),
        Action::Declined => language.say("Non ripresa", "Not adopted"),
        Action::AttachmentWritten => language.say("Allegato ricevuto", "Attachment received"),
        Action::AttachmentRead => language.say("Allegato aperto", "Attachment opened"),
        Action::Purged => language.say("Cancellata dal telefono", "Erased from the phone"),
        Action::UserAdded => language.say("Persona aggiunta", "Person added"),
        Action::PasswordSet => language.say("Password cambiata", "Password changed"),
        Action::UserActivated => language.say("Accesso riaperto", "Access reopened"),
        Action::UserDeactivated => language.say("Accesso chiuso", "Access closed"),
        Action::SignInFailed => language.say("Password sbagliata", "Wrong password"),
        Action::LoginLocked => language.say("Accesso bloccato", "Sign-in locked"),
        Action::LoginUnlocked => language.say("Accesso sbloccato", "Sign-in unlocked"),
        Action::SignedIn => language.say("Entrato", "Signed in"),
        Action::SignedOut => language.say("Uscito", "Signed out"),
        Action::DeviceRevoked => language.say("Telefono revocato", "Phone revoked"),
        Action::Suspended => language.say("Accesso sospeso", "Access suspended"),
        Action::SuspensionLifted => language.say("Sospensione tolta", "Suspension lifted"),
        Action::ScopeCreated => language.say("Scheda creata", "File made"),
        Action::Granted => language.say("Scheda affidata", "File assigned"),
        Action::Revoked => language.say("Scheda tolta", "File taken away"),
        Action::BackedUp => language.say("Copia di sicurezza", "Backup"),
        Action::Restored => language.say("Ripristino annunciato", "Restore announced"),
        Action::ImportBegun => language.say("Importazione", "Import"),
        Action::ImportUndone => language.say("Importazione annullata", "Import taken back"),
        Action::ScopeWithdrawn => language.say("Scheda ritirata", "File withdrawn"),
    }
}
