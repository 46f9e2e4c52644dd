//! The peer: express-pouchdb, which takes in documents where the server takes in changes.
//!
//! It gets the same words from the same client, in requests of the same number. It does not check
//! who sends and does not wait for the disk; whatever it is faster or slower at is said beside it.

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use domain::id::{DeviceId, ScopeId, UserId};
use serde_json::{Map, Value};
use tempfile::TempDir;

use crate::Failure;
use crate::chance::Chance;
use crate::load::{CHANGES, Client};
use crate::wire::{Ask, Connection, Packed, WireError};
use crate::words::{Desk, note, now};

/// A running express-pouchdb with an empty database, which ends with this value.
#[derive(Debug)]
pub struct Pouch {
    child: Child,
    addr: SocketAddr,
    _folder: TempDir,
}

impl Pouch {
    /// Starts it.
    ///
    /// # Errors
    /// `node` is missing, or the packages of `.cargo/xtask/bench`.
    pub fn start(script: &Path) -> Result<Self, Failure> {
        let folder = TempDir::with_prefix("pouchdb-load-")?;
        let mut child = Command::new("node")
            .arg(script)
            .arg("serve")
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        if let Some(said) = child.stdout.as_mut() {
            BufReader::new(said).read_line(&mut line)?;
        }
        let said: Value = serde_json::from_str(&line)?;
        let port = said.get("port").and_then(Value::as_u64).unwrap_or_default();
        Ok(Self {
            child,
            addr: SocketAddr::from((Ipv4Addr::LOCALHOST, u16::try_from(port)?)),
            _folder: folder,
        })
    }

    /// So many clients, each with a family of its own.
    pub fn clients(&self, count: usize) -> Vec<PouchClient> {
        let one = |seed| {
            let mut chance = Chance::new(seed);
            PouchClient {
                // As PouchDB in Node asks; what a browser takes costs its server more.
                connection: Connection::to(self.addr).taking("gzip, deflate"),
                desk: Desk {
                    author: UserId::new(now(), chance.id_bits()),
                    device: DeviceId::new(now(), chance.id_bits()),
                    scope: ScopeId::new(now(), chance.id_bits()),
                },
                counted: 0,
                chance,
            }
        };
        (0..).map(one).take(count).collect()
    }
}

impl Drop for Pouch {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Why documents were not taken in.
#[derive(Debug, thiserror::Error)]
pub enum PouchError {
    /// There is no answer.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// The answer is not what is understood.
    #[error("an answer that is not understood: {0}")]
    Answer(#[from] serde_json::Error),
    /// Some documents, or all, were refused.
    #[error("_bulk_docs answered {0} and not every document is in")]
    Refused(u16),
}

/// Somebody who sends documents.
#[derive(Debug)]
pub struct PouchClient {
    connection: Connection,
    desk: Desk,
    counted: u64,
    chance: Chance,
}

impl PouchClient {
    fn document(&mut self) -> Result<Value, PouchError> {
        let op = note(&self.desk, self.counted, &mut self.chance);
        self.counted = self.counted.saturating_add(1);
        let mut document = Map::new();
        if let Value::Object(fields) = serde_json::to_value(&op)? {
            for (name, value) in fields {
                let name = if name == "id" { "_id".to_owned() } else { name };
                document.insert(name, value);
            }
        }
        Ok(Value::Object(document))
    }
}

impl Client for PouchClient {
    type Error = PouchError;

    fn prepare(&mut self) -> Result<Packed, PouchError> {
        let documents = (0..CHANGES).map(|_| self.document());
        let documents: Vec<Value> = documents.collect::<Result<_, _>>()?;
        let body = serde_json::to_vec(&serde_json::json!({ "docs": documents }))?;
        // PouchDB sends as it is.
        Ok(Packed::plain_json(body))
    }

    async fn send(&mut self, body: Packed) -> Result<(), PouchError> {
        let ask = Ask {
            path: "/db/records/_bulk_docs",
            cookie: "",
            body: Some(body),
        };
        let answer = self.connection.ask(ask).await?;
        let told: Vec<Value> = serde_json::from_slice(&answer.body)?;
        let is_in = |one: &&Value| one.get("ok") == Some(&Value::Bool(true));
        if told.iter().filter(is_in).count() == CHANGES {
            Ok(())
        } else {
            Err(PouchError::Refused(answer.status))
        }
    }
}
