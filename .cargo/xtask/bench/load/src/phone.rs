//! A phone: a person signed in, a device of its own, and how far it has read.
//!
//! It says what the app says (`replica::message`) and believes no answer that it has not looked at.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use domain::authorize::ScopeKind;
use domain::id::{DeviceId, ScopeId, UserId};
use replica::message::{
    Cursor, Outcome, PROTOCOL, Position, Refusal, SyncReply, SyncRequest, digest,
};
use serde_json::value::{RawValue, to_raw_value};

use crate::chance::Chance;
use crate::load::{CHANGES, Client};
use crate::wire::{Answer, Ask, Connection, Packed, WireError};
use crate::words::{Desk, note, now};

/// Why a phone did not get what it asked for.
#[derive(Debug, thiserror::Error)]
pub enum PhoneError {
    /// There is no answer.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// The server said no.
    #[error("{path} answered {status}: {said}")]
    Status {
        /// What was asked.
        path: String,
        /// How it was answered.
        status: u16,
        /// In its own words.
        said: String,
    },
    /// The answer is not what a phone understands.
    #[error("an answer that is not understood: {0}")]
    Answer(#[from] serde_json::Error),
    /// A change was not accepted.
    #[error("a change was refused: {0}")]
    Refused(Refusal),
    /// The answer understood, but not right: a mistake of the server, or of this program.
    #[error("{0}")]
    Wrong(&'static str),
}

/// A phone of a tutor.
#[derive(Debug)]
pub struct Phone {
    connection: Connection,
    cookie: String,
    user: UserId,
    device: DeviceId,
    families: Vec<ScopeId>,
    grant_epoch: u64,
    read: BTreeMap<ScopeId, u64>,
    counted: u64,
    chance: Chance,
}

impl Phone {
    /// Signs in through the page, as a person does, and reads everything that was granted.
    ///
    /// # Errors
    /// [`PhoneError`].
    pub async fn sign_in(
        addr: SocketAddr,
        login: &str,
        password: &str,
        seed: u64,
    ) -> Result<Self, PhoneError> {
        let mut connection = Connection::to(addr);
        let path = "/accesso";
        let ask = Ask {
            path,
            ..Ask::default()
        };
        let page = is_status(200, path, connection.ask(ask).await?)?;
        let token = token(&String::from_utf8_lossy(&page.body))
            .ok_or(PhoneError::Wrong("the sign-in page has no token"))?;
        let fields = [
            ("token", token.as_str()),
            ("login", login),
            ("password", password),
        ];
        let ask = Ask {
            path,
            cookie: &page.cookies,
            body: Some(Packed::form(&fields)),
        };
        let entered = is_status(303, path, connection.ask(ask).await?)?;
        let path = "/api/v1/me";
        let ask = Ask {
            path,
            cookie: &entered.cookies,
            body: None,
        };
        let me = is_status(200, path, connection.ask(ask).await?)?;
        let me: serde_json::Value = serde_json::from_slice(&me.body)?;
        let user = me.get("user").cloned().unwrap_or_default();
        let mut chance = Chance::new(seed);
        let mut phone = Self {
            connection,
            cookie: entered.cookies,
            user: serde_json::from_value(user)?,
            device: DeviceId::new(now(), chance.id_bits()),
            families: Vec::new(),
            grant_epoch: 0,
            read: BTreeMap::new(),
            counted: 0,
            chance,
        };
        phone.read_everything().await?;
        Ok(phone)
    }

    /// Changes of its families that it has read; who works here, which every phone reads, is not
    /// counted.
    pub fn holds(&self) -> u64 {
        let read = self.families.iter();
        read.filter_map(|family| self.read.get(family)).sum()
    }

    /// Bytes up and down, and requests, since it was made.
    pub fn carried(&self) -> (u64, u64, u64) {
        self.connection.carried()
    }

    /// A first sync: what a new copy asks, until nothing more waits. Answers the families' changes
    /// as they came.
    ///
    /// # Errors
    /// [`PhoneError`].
    pub async fn read_everything(&mut self) -> Result<Vec<Box<RawValue>>, PhoneError> {
        self.read.clear();
        self.grant_epoch = 0;
        let mut pulled = Vec::new();
        loop {
            let cursors = self.read.iter().map(|(scope, seq)| Cursor {
                scope: *scope,
                seq: *seq,
            });
            let asked = self.request(Position::Cursors(cursors.collect()), Vec::new())?;
            let reply = self
                .sync(Packed::json(asked).map_err(WireError::from)?)
                .await?;
            let has_more = reply.has_more;
            self.note_read(&reply);
            for page in reply.pages {
                if self.families.contains(&page.scope) {
                    pulled.extend(page.ops.into_iter().flatten());
                }
            }
            if !has_more {
                return Ok(pulled);
            }
        }
    }

    /// Asks whether there is anything new, where there is nothing.
    ///
    /// # Errors
    /// [`PhoneError`]; also where the server says that there is something.
    pub async fn ask_for_nothing(&mut self) -> Result<(), PhoneError> {
        let asked = self.request(Position::Digest(digest(&self.read)), Vec::new())?;
        let reply = self
            .sync(Packed::json(asked).map_err(WireError::from)?)
            .await?;
        if reply.needs_cursors || reply.has_more || !reply.pages.is_empty() {
            return Err(PhoneError::Wrong("there was something new"));
        }
        Ok(())
    }

    /// Writes so many notes, about its families in turn. They count as written whatever becomes of
    /// them.
    ///
    /// # Errors
    /// Where the phone has no family.
    pub fn write(&mut self, count: usize) -> Result<Vec<u8>, PhoneError> {
        let mut ops = Vec::with_capacity(count);
        for family in self.families.iter().cycle().take(count) {
            let desk = Desk {
                author: self.user,
                device: self.device,
                scope: *family,
            };
            ops.push(to_raw_value(&note(&desk, self.counted, &mut self.chance))?);
            self.counted = self.counted.saturating_add(1);
        }
        if ops.len() < count {
            return Err(PhoneError::Wrong("the phone has no family to write about"));
        }
        self.request(Position::Digest(digest(&self.read)), ops)
    }

    /// Sends what was written and makes sure that every change was accepted.
    ///
    /// # Errors
    /// [`PhoneError`].
    pub async fn send_written(&mut self, body: Packed, count: usize) -> Result<(), PhoneError> {
        let reply = self.sync(body).await?;
        if reply.needs_cursors || reply.has_more {
            // An answer was lost: where the phone stands has to be said anew.
            self.read_everything().await?;
            return Err(PhoneError::Wrong("the server knows more than the phone"));
        }
        for receipt in &reply.receipts {
            if let Outcome::Refused(refusal) = receipt.outcome {
                return Err(PhoneError::Refused(refusal));
            }
        }
        self.note_read(&reply);
        if reply.receipts.len() != count {
            return Err(PhoneError::Wrong("not every change has a receipt"));
        }
        Ok(())
    }

    fn request(&self, position: Position, ops: Vec<Box<RawValue>>) -> Result<Vec<u8>, PhoneError> {
        Ok(serde_json::to_vec(&SyncRequest {
            protocol: PROTOCOL,
            device: self.device,
            owner: self.user,
            grant_epoch: self.grant_epoch,
            position,
            ops,
            purged: Vec::new(),
            refused: Vec::new(),
        })?)
    }

    async fn sync(&mut self, body: Packed) -> Result<SyncReply, PhoneError> {
        let path = "/api/v1/sync";
        let ask = Ask {
            path,
            cookie: &self.cookie,
            body: Some(body),
        };
        let answer = is_status(200, path, self.connection.ask(ask).await?)?;
        Ok(serde_json::from_slice(&answer.body)?)
    }

    fn note_read(&mut self, reply: &SyncReply) {
        self.grant_epoch = reply.grant_epoch;
        if let Some(grants) = &reply.grants {
            let families = grants.iter();
            let families = families.filter(|grant| grant.kind == ScopeKind::Family);
            self.families = families.map(|grant| grant.scope).collect();
        }
        for page in &reply.pages {
            self.read.insert(page.scope, page.to());
        }
    }
}

impl Client for Phone {
    type Error = PhoneError;

    fn prepare(&mut self) -> Result<Packed, PhoneError> {
        let body = self.write(CHANGES)?;
        Ok(Packed::json(body).map_err(WireError::from)?)
    }

    async fn send(&mut self, body: Packed) -> Result<(), PhoneError> {
        self.send_written(body, CHANGES).await
    }
}

fn is_status(wanted: u16, path: &str, answer: Answer) -> Result<Answer, PhoneError> {
    if answer.status == wanted {
        return Ok(answer);
    }
    let said = String::from_utf8_lossy(&answer.body);
    Err(PhoneError::Status {
        path: path.to_owned(),
        status: answer.status,
        said: said.chars().take(200).collect(),
    })
}

/// The token of the form, which binds it to the cookie.
fn token(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("name=\"token\"")?;
    let (_, rest) = rest.split_once("value=\"")?;
    let (token, _) = rest.split_once('"')?;
    Some(token.to_owned())
}
