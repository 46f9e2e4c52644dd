//! Who is kept out for a time: the coordinator and the administrator suspend, and let in again.

use std::collections::BTreeMap;

use app::pages::office::{Outcome, Room};
use app::pages::suspensions::{DAYS, SuspensionRow, SuspensionsPage, SuspensionsPageProps};
use app::words::{Language, Words};
use axum::response::Response;
use domain::id::{DeviceId, Millis, UserId};
use domain::vocabulary::Role;
use serde::Deserialize;

use super::page::role_word;
use super::{Reader, Visitor, Writer, day, open, open_with, short_code, written};
use crate::auth::now;
use crate::error::Problem;
use crate::quarantine::catch_up;
use crate::store::User;

/// The end of a suspension that has none: the last day that calendars know.
pub const FOR_GOOD: Millis = Millis(253_370_764_800_000);
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// What a row's form says.
#[derive(Deserialize)]
pub struct Asking {
    #[serde(default)]
    token: String,
    azione: String,
    persona: UserId,
    telefono: Option<DeviceId>,
    #[serde(default)]
    giorni: u16,
}

/// `GET /ufficio/sospensioni`
///
/// # Errors
/// The reader's role may not, or the store does not answer.
pub async fn show(reader: Reader) -> Result<Response, Problem> {
    let (visitor, _) = open(reader, Room::Suspensions)?;
    visitor.suspensions(None).await
}

/// `POST /ufficio/sospensioni`
///
/// # Errors
/// The reader's role may not, or the store does not answer.
pub async fn change(writer: Writer<Asking>) -> Result<Response, Problem> {
    let (visitor, asking) = open_with(writer, Room::Suspensions, |asking| &asking.token)?;
    let users = visitor.names().await?;
    let user = users.get(&asking.persona).ok_or(Problem::NotFound)?;
    if !visitor.may_suspend(user) {
        return Err(Problem::Forbidden);
    }
    let now = now();
    let (until, said) = match asking.azione.as_str() {
        "riammetti" => {
            let said = visitor.good(
                "Riammesso: al prossimo contatto riceve e invia di nuovo.",
                "Let in again: at the next contact they receive and send again.",
            );
            (None, said)
        }
        "sospendi" if DAYS.contains(&asking.giorni) => {
            let said = visitor.good(
                "Sospeso: il telefono tiene tutto e lo dice al prossimo contatto.",
                "Suspended: the phone keeps everything and says so at its next contact.",
            );
            let days = i64::from(asking.giorni);
            let end = if days == 0 {
                FOR_GOOD
            } else {
                now.plus(days * DAY_MS)
            };
            (Some(end), said)
        }
        _ => return Err(Problem::Malformed),
    };
    let store = &visitor.state.store;
    store
        .suspend(visitor.by(), user.id, asking.telefono, until, now)
        .await?;
    if until.is_none() {
        catch_up(&**store).await;
    }
    visitor.suspensions(said).await
}

impl Visitor {
    /// A coordinator keeps out those who follow families; an administrator everybody but
    /// themselves.
    fn may_suspend(&self, user: &User) -> bool {
        let follows = matches!(user.role, Role::Mediator | Role::SocialWorker);
        let is_administrator = self.signed.user.role == Role::Administrator;
        user.id != self.by() && (follows || is_administrator)
    }

    async fn suspensions(&self, said: Option<Outcome>) -> Result<Response, Problem> {
        let (now, language) = (now(), self.language);
        let store = &self.state.store;
        let suspended: BTreeMap<UserId, Millis> = store.suspended(now).await?.into_iter().collect();
        let until = |at: Option<Millis>| at.filter(|at| *at > now).map(|at| kept_out(at, language));
        let mut rows = Vec::new();
        for user in store.users().await? {
            if !user.is_active || !self.may_suspend(&user) {
                continue;
            }
            let id = user.id.to_string();
            rows.push(SuspensionRow {
                user: id.clone(),
                device: None,
                name: user.name.clone(),
                note: role_word(user.role, language).to_owned(),
                until: until(suspended.get(&user.id).copied()),
            });
            let devices = store.devices(user.id).await?.into_iter();
            rows.extend(devices.filter(|one| one.revoked_at.is_none()).map(|one| {
                let phone = language.say("Telefono", "Phone");
                SuspensionRow {
                    user: id.clone(),
                    device: Some(one.id.to_string()),
                    name: format!("{phone} {}, {}", short_code(&one.id), user.name),
                    note: written(one.last_seen, language),
                    until: until(one.suspended_until),
                }
            }));
        }
        let view = |frame| SuspensionsPage(SuspensionsPageProps { frame, rows });
        Ok(self.page(said, view).await)
    }
}

fn kept_out(until: Millis, language: Language) -> String {
    let day = day(until).map(|day| Words(language).whole_day(day));
    match (day, language) {
        (Some(day), Language::Italian) => format!("Sospeso fino a {day}"),
        (Some(day), Language::English) => format!("Suspended until {day}"),
        (None, Language::Italian) => "Sospeso".to_owned(),
        (None, Language::English) => "Suspended".to_owned(),
    }
}
