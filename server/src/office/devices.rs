//! The phones that have been here, and how the administrator keeps one out.

use app::pages::office::{Outcome, Room};
use app::pages::people::{DeviceRow, DevicesPage, DevicesPageProps};
use axum::Form;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use domain::id::{DeviceId, UserId};
use serde::Deserialize;

use super::page::page;
use super::{Asked, Visitor, open, short_code, status_of, written};
use crate::auth::{SignedReader, now};
use crate::error::Problem;
use crate::router::AppState;

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
pub async fn show(
    state: State<AppState>,
    reader: SignedReader,
    asked: Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (visitor, _) = open((state, reader, asked, headers), Room::Devices)?;
    visitor.devices(None).await
}

/// `POST /ufficio/telefoni`
///
/// # Errors
/// The reader's role may not, or the store does not answer.
pub async fn revoke(
    State(state): State<AppState>,
    SignedReader(signed): SignedReader,
    headers: HeaderMap,
    Form(asking): Form<Asking>,
) -> Result<Response, Problem> {
    let room = Room::Devices;
    let visitor = Visitor::enter_with(&state, signed, room, &headers, &asking.token)?;
    let (user, device) = (asking.persona, asking.telefono);
    state
        .store
        .revoke_device(visitor.by(), user, device, now())
        .await?;
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
                    first_seen: written(device.first_seen),
                    last_seen: written(device.last_seen),
                    is_revoked: device.revoked_at.is_some(),
                });
            }
        }
        let status = status_of(said.as_ref());
        let frame = self.frame(said);
        let view = move || DevicesPage(DevicesPageProps { frame, rows });
        Ok(page(status, self.language, view).await)
    }
}
