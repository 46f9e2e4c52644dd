//! `/ufficio`: the coordinator assigns families, the administrator looks after people and phones.
//!
//! Nothing here opens a family's file: the office knows its code and who works on it.

use std::collections::BTreeMap;

use app::pages::office::{Frame, Outcome, Room};
use app::words::{Language, Words};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Form, Router};
use domain::id::{Millis, UserId};
use domain::vocabulary::Role;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use leptos::prelude::IntoView;
use serde::Deserialize;

use crate::auth::{Signed, SignedReader, is_same};
use crate::error::Problem;
use crate::router::{AppState, language};
use crate::store::User;

pub mod devices;
pub mod families;
pub mod page;
pub mod people;
pub mod suspensions;
pub mod trail;

/// The addresses of the office.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/ufficio", get(home))
        .route(
            "/ufficio/famiglie",
            get(families::show).post(families::assign),
        )
        .route("/ufficio/persone", get(people::show).post(people::change))
        .route(
            "/ufficio/telefoni",
            get(devices::show).post(devices::revoke),
        )
        .route(
            "/ufficio/sospensioni",
            get(suspensions::show).post(suspensions::change),
        )
        .route("/ufficio/registro", get(trail::show))
}

/// What the address of an office page may say.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    lingua: Option<String>,
    persona: Option<String>,
    pagina: Option<usize>,
}

/// Somebody in a room of the office that their role may open.
pub struct Visitor {
    state: AppState,
    signed: Signed,
    room: Room,
    language: Language,
}

/// The pages that a role may open, the first one first.
const fn rooms(role: Role) -> &'static [Room] {
    match role {
        Role::Coordinator => &[Room::Families, Room::Suspensions],
        Role::Administrator => &[Room::People, Room::Devices, Room::Suspensions, Room::Trail],
        Role::Mediator | Role::SocialWorker | Role::System => &[],
    }
}

impl Visitor {
    fn enter(
        state: &AppState,
        signed: Signed,
        room: Room,
        headers: &HeaderMap,
        asked: Option<&str>,
    ) -> Result<Self, Problem> {
        if !rooms(signed.user.role).contains(&room) {
            return Err(Problem::Forbidden);
        }
        Ok(Self {
            language: language(headers, asked),
            state: state.clone(),
            signed,
            room,
        })
    }

    fn frame(&self, said: Option<Outcome>) -> Frame {
        let user = &self.signed.user;
        Frame {
            language: self.language,
            css: self.state.site.css().to_owned(),
            token: self.signed.form_token.clone(),
            name: user.name.clone(),
            role: page::role_word(user.role, self.language),
            rooms: rooms(user.role),
            room: self.room,
            said,
            is_demonstration: self.state.is_demonstration,
        }
    }

    /// A page with the outcome of a form, shown at once where it was sent: so a secret is shown
    /// only once.
    async fn page<V: IntoView + 'static>(
        &self,
        said: Option<Outcome>,
        view: impl FnOnce(Frame) -> V + Send + 'static,
    ) -> Response {
        let status = match said {
            Some(Outcome { is_good: false, .. }) => StatusCode::CONFLICT,
            _ => StatusCode::OK,
        };
        let frame = self.frame(said);
        page::page(status, self.language, move || view(frame)).await
    }

    fn by(&self) -> UserId {
        self.signed.user.id
    }

    fn good(&self, italian: &'static str, english: &'static str) -> Option<Outcome> {
        Some(Outcome {
            is_good: true,
            words: self.language.say(italian, english).to_owned(),
            secret: None,
        })
    }

    fn bad(&self, italian: &'static str, english: &'static str) -> Option<Outcome> {
        Some(Outcome {
            is_good: false,
            words: self.language.say(italian, english).to_owned(),
            secret: None,
        })
    }

    async fn names(&self) -> Result<BTreeMap<UserId, User>, Problem> {
        let users = self.state.store.users().await?;
        Ok(users.into_iter().map(|user| (user.id, user)).collect())
    }
}

/// `GET /ufficio`: the first page of the reader's role.
async fn home(State(_): State<AppState>, reader: SignedReader) -> Response {
    match rooms(reader.0.user.role).first() {
        Some(room) => Redirect::to(room.path()).into_response(),
        None => Redirect::to("/").into_response(),
    }
}

/// The first digits of an id that differ between two of the same day: enough to talk about it.
pub fn short_code(id: &impl ToString) -> String {
    let digits: String = id.to_string().chars().filter(|c| *c != '-').collect();
    let skipped = digits.chars().count().saturating_sub(6);
    digits
        .chars()
        .skip(skipped)
        .collect::<String>()
        .to_uppercase()
}

/// An instant in the words of the app, by the clocks of Rome.
fn written(at: Millis, language: Language) -> String {
    let zone = TimeZone::get("Europe/Rome").unwrap_or(TimeZone::UTC);
    let at = Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
    let (at, words) = (at.to_zoned(zone), Words(language));
    format!("{}, {}", words.full_day(at.date()), words.time(at.time()))
}

/// The day of an instant, by the clocks of Rome; nothing for one that never comes.
pub fn day(at: Millis) -> Option<jiff::civil::Date> {
    let zone = TimeZone::get("Europe/Rome").unwrap_or(TimeZone::UTC);
    let at = Timestamp::from_millisecond(at.0).ok()?;
    (at.as_millisecond() < suspensions::FOR_GOOD.0).then(|| at.to_zoned(zone).date())
}

/// A name for an id, also of somebody who is not in the list.
fn name_of(
    names: &BTreeMap<UserId, User>,
    id: UserId,
    system: UserId,
    language: Language,
) -> String {
    match names.get(&id) {
        Some(user) => user.name.clone(),
        None if id == system => language.say("Il server", "The server").to_owned(),
        None => short_code(&id),
    }
}

/// Who asks for a page, and for what of it.
type Reader = (State<AppState>, SignedReader, Query<Asked>, HeaderMap);

/// Who sends a page's form, and what it says.
type Writer<T> = (State<AppState>, SignedReader, HeaderMap, Form<T>);

fn open(reader: Reader, room: Room) -> Result<(Visitor, Asked), Problem> {
    let (State(state), SignedReader(signed), Query(asked), headers) = reader;
    let visitor = Visitor::enter(&state, signed, room, &headers, asked.lingua.as_deref())?;
    Ok((visitor, asked))
}

/// The same, and the form was made for this very person.
fn open_with<T>(
    writer: Writer<T>,
    room: Room,
    token: impl FnOnce(&T) -> &str,
) -> Result<(Visitor, T), Problem> {
    let (State(state), SignedReader(signed), headers, Form(asking)) = writer;
    let visitor = Visitor::enter(&state, signed, room, &headers, None)?;
    if is_same(token(&asking), &visitor.signed.form_token) {
        Ok((visitor, asking))
    } else {
        Err(Problem::CrossSite)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_the_part_of_an_id_that_differs() {
        let id = "0199a3b2-7c4d-7e5f-8a9b-0c1d2e3f4a5b";
        assert_eq!(short_code(&id), "3F4A5B");
    }

    #[test]
    fn instants_are_written_by_the_clocks_of_rome() {
        let at = Millis(1_796_000_000_000);
        assert_eq!(written(at, Language::Italian), "30 novembre 2026, 1:53");
        assert_eq!(written(at, Language::English), "30 November 2026, 1:53");
    }
}
