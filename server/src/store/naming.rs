//! Who works here, by name: what everybody may know. The server alone writes it, in one scope that
//! everybody who may sign in may read.

use async_trait::async_trait;
use domain::id::{DeviceId, Millis, OpId, ScopeId, UserId};
use domain::op::{Known, Op, SCHEMA};
use domain::state::State;
use domain::validate::validate;
use domain::vocabulary::Role;

use super::{Sender, StoreError, User};

/// As whom the server sends what it writes by itself.
pub fn server(system: UserId) -> Sender {
    Sender::new(system, Role::System, DeviceId::from_uuid(*system.as_uuid()))
}

/// What a log says of who works here, and what the server adds to it.
#[derive(Clone, Debug)]
pub struct Names {
    scope: ScopeId,
    server: Sender,
    said: State,
    last_device_seq: u64,
    last_at: Millis,
}

impl Names {
    /// The names in the log of a scope, before anything of it was read.
    pub fn new(scope: ScopeId, system: UserId) -> Self {
        Self {
            scope,
            server: server(system),
            said: State::default(),
            last_device_seq: 0,
            last_at: Millis::default(),
        }
    }

    /// Takes in an op of the log, as phones do.
    pub fn read(&mut self, op: &Op) {
        self.said.apply(op);
        self.last_at = self.last_at.max(op.at);
        if op.device == self.server.device {
            self.last_device_seq = self.last_device_seq.max(op.device_seq);
        }
    }

    /// The op that says who somebody is now. `None` where the log says so already, and where what
    /// they are called is no name.
    pub fn name(
        &mut self,
        user: &User,
        now: Millis,
        id: impl FnOnce(Millis) -> OpId,
    ) -> Option<Op> {
        let said = self.said.colleague(user.id);
        if said.is_some_and(|said| said.name == user.name && said.role == user.role) {
            return None;
        }
        let known = Known::ColleagueNamed {
            user: user.id,
            name: user.name.clone(),
            role: user.role,
        };
        if validate(&known).is_err() {
            tracing::warn!(%user.id, "a person whose name is no name stays unknown to the others");
            return None;
        }
        // The greatest id is the last word, also where the server's clock went back.
        let at = now.max(self.last_at.plus(1));
        let op = Op {
            id: id(at),
            device: self.server.device,
            device_seq: self.last_device_seq.saturating_add(1),
            scope: self.scope,
            author: self.server.user,
            at,
            schema: SCHEMA,
            replaces: Vec::new(),
            change: known.into(),
        };
        self.read(&op);
        Some(op)
    }
}

/// Who works here, by name.
#[async_trait]
pub trait Naming: Send + Sync {
    /// Makes it true that everybody whose name is one is known by it and by the role that they
    /// have, and that
    /// whoever may sign in may read so, all or nothing. Who is shut out keeps their name: it stands
    /// below what they wrote. Answers how many names were written; where nobody works, and where
    /// all of it is true already, nothing is. `random` gives the bits of new ids.
    async fn introduce(&self, random: fn() -> [u8; 10], now: Millis) -> Result<u64, StoreError>;
}
