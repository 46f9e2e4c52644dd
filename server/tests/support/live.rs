//! A server of this process on a port of its own, with sign-ins that are ready.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use domain::id::{Millis, UserId};
use replica::message::SyncReply;
use serde_json::{Value, json};
use server::attachments::files::Files;
use server::auth::{Doorkeeper, now};
use server::config::origin::Origin;
use server::pwa::Site;
use server::router::{AppState, router};
use server::serve::{HEAD_MAX, serve};
use server::store::{NewSession, Sender, Store, TokenHash};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::described::check;
use crate::wire::{Answer, Call, send};
use crate::world::World;

/// A running server and the world that it keeps.
pub struct Live {
    pub addr: SocketAddr,
    pub world: World,
    pub files: Files,
    _folder: TempDir,
    task: JoinHandle<()>,
}

impl Live {
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let file = folder.path().join("percorso.db");
        Self::on(format!("sqlite:{}", file.display()), folder).await
    }

    /// One that keeps its world in this database, and everything else in this folder.
    pub async fn on(database: String, folder: TempDir) -> Self {
        let world = World::open(database).await;
        let site = folder.path().join("site");
        build_site(&site);
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port is free");
        let addr = listener.local_addr().expect("it is bound");
        let files = Files::in_folder(&folder.path().join("files"))
            .expect("a folder can be made")
            .with_room(1_000_000);
        let state = AppState {
            store: world.store.clone(),
            site: Arc::new(Site::load(&site, false).expect("the site is there")),
            files: files.clone(),
            origin: Arc::new(Origin::of(addr).expect("loopback")),
            doorkeeper: Arc::new(Doorkeeper::default()),
            hatch: Arc::default(),
            is_demonstration: false,
            demonstration: None,
        };
        let task = tokio::spawn(async move {
            serve(listener, router(state), HEAD_MAX, std::future::pending()).await;
        });
        Self {
            addr,
            world,
            files,
            _folder: folder,
            task,
        }
    }

    /// Signs somebody in and answers the secret of their cookie.
    pub async fn sign_in(&self, user: UserId) -> String {
        sign_in(self.world.store.as_ref(), user, now().plus(3_600_000)).await
    }

    pub async fn send(&self, call: &Call<'_>) -> Answer {
        ask(self.addr, call).await
    }

    /// One sync that goes well.
    pub async fn sync(&self, secret: &str, request: &Value) -> SyncReply {
        let answer = self.send(&sync_call(secret, request)).await;
        assert_eq!(answer.status, 200, "{}", answer.json());
        serde_json::from_slice(&answer.body).expect("the answer is a reply")
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Asks a server, which has to answer as described.
pub async fn ask(addr: SocketAddr, call: &Call<'_>) -> Answer {
    let answer = send(addr, call).await.expect("the server answers");
    check(
        call.method,
        call.path,
        &call.body,
        answer.status,
        &answer.body,
    );
    answer
}

/// A site with the three files that the shell names and the loader that the script names.
pub fn build_site(folder: &Path) {
    let pkg = folder.join("pkg");
    std::fs::create_dir_all(&pkg).expect("a folder can be made");
    for (name, text) in [
        ("percorso.css", ""),
        ("percorso.js", "import \"./__wasm_split.js\""),
        ("percorso.wasm", ""),
        ("__wasm_split.js", ""),
    ] {
        std::fs::write(pkg.join(name), text).expect("a file can be written");
    }
}

/// Stores a sign-in and answers the secret of its cookie.
pub async fn sign_in(store: &dyn Store, user: UserId, expires_at: Millis) -> String {
    let secret = user.to_string();
    let token = TokenHash(Sha256::digest(&secret).into());
    let session = NewSession {
        token,
        user,
        device: None,
        expires_at,
    };
    store
        .create_session(&session, now())
        .await
        .expect("it is new");
    secret
}

/// A sync as the app sends it.
pub fn sync_call(secret: &str, request: &Value) -> Call<'static> {
    Call::post("/api/v1/sync", request.to_string().into_bytes()).signed(secret)
}

/// A request of a phone that has read nothing.
pub fn request(sender: &Sender, ops: Vec<Value>) -> Value {
    json!({
        "protocol": replica::message::PROTOCOL,
        "device": sender.device,
        "owner": sender.user,
        "grant_epoch": 0,
        "position": { "cursors": [] },
        "ops": ops,
    })
}
