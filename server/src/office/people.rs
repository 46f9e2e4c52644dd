//! Who may sign in, and how the administrator changes it.

use app::pages::office::{Outcome, Room};
use app::pages::people::{PeoplePage, PeoplePageProps, PersonRow, Typed};
use axum::response::Response;
use domain::id::UserId;
use domain::vocabulary::Role;
use serde::Deserialize;

use super::page::role_word;
use super::{Reader, Visitor, Writer, open, open_with};
use crate::auth::{now, password};
use crate::config::fresh_user_id;
use crate::error::Problem;
use crate::names::introduce;
use crate::quarantine::catch_up;
use crate::store::{Store, StoreError, User};

const ROLES: [(&str, Role); 4] = [
    ("mediator", Role::Mediator),
    ("social_worker", Role::SocialWorker),
    ("coordinator", Role::Coordinator),
    ("administrator", Role::Administrator),
];

/// What a form of the page says.
#[derive(Deserialize)]
pub struct Asking {
    #[serde(default)]
    token: String,
    azione: String,
    persona: Option<UserId>,
    #[serde(default)]
    name: String,
    #[serde(default)]
    login: String,
    #[serde(default)]
    role: String,
}

/// Why a person was not added.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    /// The login holds other than letters, digits, dots and dashes.
    #[error("a login has 2 to 64 lowercase letters, digits, dots or dashes")]
    BadLogin,
    /// The name is empty or longer than a name.
    #[error("a name has 1 to 200 characters")]
    BadName,
    /// Somebody has this login already.
    #[error("somebody has this login already: choose another")]
    Taken,
    /// The store did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Adds a person who may sign in; they and the others are known to each other by name.
///
/// # Errors
/// [`AddError`] says what to change.
pub async fn add(
    store: &dyn Store,
    by: UserId,
    login: &str,
    name: &str,
    role: Role,
) -> Result<String, AddError> {
    let login = login.trim().to_lowercase();
    let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_".contains(c);
    if !(2..=64).contains(&login.len()) || !login.chars().all(is_letter) {
        return Err(AddError::BadLogin);
    }
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 200 || name.chars().any(char::is_control) {
        return Err(AddError::BadName);
    }
    let secret = password::fresh();
    let hash = password::hash(&secret)
        .await
        .expect("a short password can be hashed");
    let user = User {
        id: fresh_user_id(),
        login,
        name: name.to_owned(),
        role,
        is_active: true,
    };
    match store.create_user(by, &user, &hash, now()).await {
        Ok(()) => {}
        Err(StoreError::Conflict) => return Err(AddError::Taken),
        Err(error) => return Err(error.into()),
    }
    introduce(store).await;
    Ok(secret)
}

/// `GET /ufficio/persone`
///
/// # Errors
/// The reader's role may not, or the store does not answer.
pub async fn show(reader: Reader) -> Result<Response, Problem> {
    let (visitor, _) = open(reader, Room::People)?;
    visitor.people(None, Typed::default()).await
}

/// `POST /ufficio/persone`
///
/// # Errors
/// The reader's role may not, or the store does not answer.
pub async fn change(writer: Writer<Asking>) -> Result<Response, Problem> {
    let (visitor, asking) = open_with(writer, Room::People, |asking| &asking.token)?;
    let said = match asking.azione.as_str() {
        "aggiungi" => visitor.add_person(&asking).await?,
        action => {
            let person = asking.persona.ok_or(Problem::Malformed)?;
            visitor.change_person(action, person).await?
        }
    };
    // What could not be done is mended, not typed anew.
    let typed = match &said {
        Some(said) if !said.is_good => Typed {
            name: asking.name,
            login: asking.login,
            role: asking.role,
        },
        Some(_) | None => Typed::default(),
    };
    visitor.people(said, typed).await
}

impl Visitor {
    async fn add_person(&self, asking: &Asking) -> Result<Option<Outcome>, Problem> {
        let role = ROLES.iter().find(|(word, _)| *word == asking.role);
        let (_, role) = role.ok_or(Problem::Malformed)?;
        let store = self.state.store.as_ref();
        match add(store, self.by(), &asking.login, &asking.name, *role).await {
            Ok(secret) => Ok(self.first_password(secret)),
            Err(AddError::BadLogin) => Ok(self.bad(
                "Nome utente non valido: da 2 a 64 lettere minuscole, cifre, punti o trattini.",
                "Not a username: 2 to 64 lowercase letters, digits, dots or dashes.",
            )),
            Err(AddError::BadName) => Ok(self.bad(
                "Scrivi nome e cognome, al massimo 200 caratteri.",
                "Write the first and last name, at most 200 characters.",
            )),
            Err(AddError::Taken) => Ok(self.bad(
                "Questo nome utente c’è già: scegline un altro.",
                "This username is taken: choose another.",
            )),
            Err(AddError::Store(error)) => Err(error.into()),
        }
    }

    fn first_password(&self, secret: String) -> Option<Outcome> {
        let words = self.language.say(
            "Fatto. Dai a voce questa password, che non comparirà più:",
            "Done. Tell this password by voice, it will not show again:",
        );
        Some(Outcome {
            is_good: true,
            words: words.to_owned(),
            secret: Some(secret),
        })
    }

    async fn change_person(
        &self,
        action: &str,
        person: UserId,
    ) -> Result<Option<Outcome>, Problem> {
        let store = &self.state.store;
        let found = store.user(person).await?;
        let found = found.filter(|user| user.role != Role::System);
        found.ok_or(Problem::NotFound)?;
        match action {
            "sospendi" if person == self.by() => Err(Problem::Forbidden),
            "sospendi" => {
                store.set_active(self.by(), person, false, now()).await?;
                Ok(self.good(
                    "Chiuso: i suoi accessi finiscono ora.",
                    "Closed: their sign-ins end now.",
                ))
            }
            "riammetti" => {
                store.set_active(self.by(), person, true, now()).await?;
                introduce(&**store).await;
                catch_up(&**store).await;
                Ok(self.good("Riammesso.", "Let in again."))
            }
            "sblocca" => {
                store.unlock_login(self.by(), person, now()).await?;
                Ok(self.good(
                    "Sbloccato: può riprovare subito.",
                    "Unlocked: they may try now.",
                ))
            }
            "password" => {
                let secret = password::fresh();
                let hash = password::hash(&secret)
                    .await
                    .expect("a short password can be hashed");
                store.set_password(self.by(), person, &hash, now()).await?;
                Ok(self.first_password(secret))
            }
            _ => Err(Problem::Malformed),
        }
    }

    async fn people(&self, said: Option<Outcome>, typed: Typed) -> Result<Response, Problem> {
        let now = now();
        let mut rows = Vec::new();
        for user in self.state.store.users().await? {
            let found = self.state.store.user_by_login(&user.login).await?;
            let until = found.and_then(|found| found.locked_until);
            rows.push(PersonRow {
                id: user.id.to_string(),
                is_reader: user.id == self.by(),
                is_locked: until.is_some_and(|until| until > now),
                role: role_word(user.role, self.language),
                is_active: user.is_active,
                login: user.login,
                name: user.name,
            });
        }
        let roles = ROLES.map(|(value, role)| (value, role_word(role, self.language)));
        let roles = roles.to_vec();
        let view = |frame| {
            PeoplePage(PeoplePageProps {
                frame,
                rows,
                roles,
                typed,
            })
        };
        Ok(self.page(said, view).await)
    }
}
