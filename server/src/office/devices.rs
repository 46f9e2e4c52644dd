//! The phones that have been here, and how the administrator keeps one out.

use app::pages::office::{Outcome, Room};
use app::pages::people::{DeviceRow, DevicesPage, DevicesPageProps};
use axum::response::Response;
use domain::id::{DeviceId, UserId};
use serde::Deserialize;

use super::{Reader, Visitor, Writer, open, open_with, short_code, written};
use crate::auth::now;
use crate::error::Problem;
use crate::quarantine::catch_up;

/// What a row's form says.
#[derive(Deserialize)]
pub struct Asking {
    #[serde(default)]
    token: String,
    persona: UserId,
    telefono: DeviceId,
}

/// `GET /ufficio/telefoni`
///
/// # Errors
/// The reader's role may not, or the store does not answer.
pub async fn show(reader: Reader) -> Result<Response, Problem> {
    let (visitor, _) = open(reader, Room::Devices)?;
    visitor.devices(None).await
}

/// `POST /ufficio/telefoni`
///
/// # Errors
/// The reader's role may not, or the store does not answer.
pub async fn revoke(writer: Writer<Asking>) -> Result<Response, Problem> {
    let (visitor, asking) = open_with(writer, Room::Devices, |asking| &asking.token)?;
    let (user, device) = (asking.persona, asking.telefono);
    visitor
        .state
        .store
        .revoke_device(visitor.by(), user, device, now())
        .await?;
    // What came from it before now waits for this reason, too.
    catch_up(&*visitor.state.store).await;
    let said = visitor.good(
        "Revocato: da ora non riceve e non invia più nulla.",
        "Revoked: from now on it neither receives nor sends.",
    );
    visitor.devices(said).await
}

impl Visitor {
    async fn devices(&self, said: Option<Outcome>) -> Result<Response, Problem> {
        let mut rows = Vec::new();
        for user in self.state.store.users().await? {
            for device in self.state.store.devices(user.id).await? {
                rows.push(DeviceRow {
                    id: device.id.to_string(),
                    code: short_code(&device.id),
                    user: user.id.to_string(),
                    name: user.name.clone(),
                    first_seen: written(device.first_seen, self.language),
                    last_seen: written(device.last_seen, self.language),
                    is_revoked: device.revoked_at.is_some(),
                });
            }
        }
        let view = |frame| DevicesPage(DevicesPageProps { frame, rows });
        Ok(self.page(said, view).await)
    }
}
