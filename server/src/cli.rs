//! What each command of the program does. What it prints is for people; failures are one sentence
//! that says what to do.

use std::fmt::Display;
use std::io::{ErrorKind, Write as _};
use std::net::SocketAddr;
use std::sync::Arc;

use domain::id::UserId;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use tokio::net::TcpListener;

use crate::attachments::files::{self, Files};
use crate::auth::password::{self, Turn};
use crate::auth::{now, sweep};
use crate::config::origin::Origin;
use crate::config::{Cli, Command, Database, Demo, GrantAction, Serve, UserAction};
use crate::demo::{self, DemoError, DemoOptions};
use crate::names::introduce;
use crate::office::people::{AddError, add};
use crate::openapi;
use crate::pwa::Site;
use crate::quarantine::catch_up;
use crate::router::{AppState, router};
use crate::serve;
use crate::store::{self, Store, StoreError, User};

mod backup;
mod import;
mod records;

/// Why a command was not done: one sentence for the person who typed it.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// A failure with this sentence.
    pub fn new(sentence: impl Display) -> Self {
        Self(sentence.to_string())
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        let remedy = match &error {
            StoreError::Unavailable(_) => "check that it runs and that --database names it rightly",
            StoreError::Full => "make room on the disk and start again",
            StoreError::Conflict => "look at what is there with `list`",
            StoreError::NotFound => "look at what is there with `list`",
            StoreError::NotAStore => "write --database sqlite:FILE or --database postgres://…",
            StoreError::Newer => "update the program, or restore an earlier backup",
            StoreError::Corrupt(_) => "stop, and restore the latest backup",
        };
        match cause {
            Some(cause) => Self(format!("{error} ({cause}): {remedy}")),
            None => Self(format!("{error}: {remedy}")),
        }
    }
}

/// Does what was asked.
///
/// # Errors
/// [`Failure`] is what to tell.
pub async fn run(cli: Cli) -> Result<(), Failure> {
    match cli.command {
        Command::Serve(how) => serve_until_stopped(how).await,
        Command::Openapi => {
            // Who reads only the beginning closes the pipe.
            let _ = writeln!(std::io::stdout(), "{}", openapi::text());
            Ok(())
        }
        Command::Demo(which) => demonstrate(which).await,
        Command::User { database, action } => user(&*open(&database).await?, action).await,
        Command::Grant { database, action } => grant(&*open(&database).await?, action).await,
        Command::Import(how) => import::import(how).await,
        Command::Backup(how) => backup::make(how).await,
        Command::Restore(how) => backup::put_back(how).await,
        Command::Restored { database } => backup::announce(&database).await,
        Command::Rebuild { database } => {
            let count = open(&database).await?.rebuild().await?;
            println!("{count} files: when each is visited next, and when it was touched last");
            Ok(())
        }
        Command::Audit { database, action } => {
            records::audit(&*open(&database).await?, action).await
        }
        Command::Quarantine { database, action } => {
            records::quarantine(&*open(&database).await?, action).await
        }
    }
}

async fn open(database: &Database) -> Result<Arc<dyn Store>, Failure> {
    Ok(store::open(&database.url, now()).await?)
}

/// Where attachments are kept.
async fn attachments(place: Option<String>, database: &Database) -> Result<Files, Failure> {
    let place = place.unwrap_or_else(|| database.attachments().display().to_string());
    let made = if place.starts_with(files::BUCKET) {
        Files::in_bucket(&place)
            .await
            .map_err(|error| error.to_string())
    } else {
        Files::in_folder(place.as_ref()).map_err(|error| error.to_string())
    };
    made.map_err(|error| {
        Failure::new(format!(
            "attachments cannot be kept in {place} ({error}): name another place with --attachments"
        ))
    })
}

async fn serve_until_stopped(how: Serve) -> Result<(), Failure> {
    let origin = match how.origin {
        Some(origin) => origin,
        None => Origin::of(how.addr).map_err(|_| {
            Failure::new(format!(
                "{} can be reached from other machines: say with --origin https://… under which \
                 address, or listen on 127.0.0.1",
                how.addr
            ))
        })?,
    };
    let site = Site::load(&how.site, how.kill_switch).map_err(Failure::new)?;
    let store = open(&how.database).await?;
    let files = attachments(how.attachments, &how.database).await?;
    let listener = listen(how.addr).await?;
    let mut state = AppState::new(store.clone(), files.clone(), site, origin.clone());
    state.is_demonstration = store.is_demonstration().await?;
    if state.is_demonstration && is_open_to_all(&*store).await? {
        state.demonstration = Some(demo::PASSWORD);
    }
    tracing::info!(
        build.id = state.site.build(),
        kill_switch = how.kill_switch,
        "listening on {origin}"
    );
    // Before the first phone asks.
    introduce(&*store).await;
    catch_up(&*store).await;
    let sweeper = tokio::spawn(sweep(store));
    let files_sweeper = tokio::spawn(files::sweep(files));
    serve::serve(listener, router(state), serve::HEAD_MAX, asked_to_stop()).await;
    sweeper.abort();
    files_sweeper.abort();
    tracing::info!("stopped: every answer that was begun was given");
    Ok(())
}

/// Whether everybody in the demonstration has the password that everybody knows. One who chose
/// another closes the open door: nobody may enter in their name without it.
async fn is_open_to_all(store: &dyn Store) -> Result<bool, Failure> {
    let users = store.users().await?;
    let turn = Turn::wait().await;
    for user in &users {
        let found = store.user_by_login(&user.login).await?;
        let hash = found.map(|found| found.password_hash);
        if !turn.check(demo::PASSWORD.to_owned(), hash).await {
            return Ok(false);
        }
    }
    Ok(!users.is_empty())
}

async fn demonstrate(which: Demo) -> Result<(), Failure> {
    let store = open(&which.database).await?;
    let zone = TimeZone::get("Europe/Rome").unwrap_or(TimeZone::UTC);
    let options = DemoOptions {
        seed: which.seed,
        today: Timestamp::now().to_zoned(zone).date(),
        password: which.password,
    };
    let made = demo::create(&*store, &options)
        .await
        .map_err(|error| match error {
            DemoError::Store(error) => error.into(),
            DemoError::InUse => {
                Failure::new("people work in this database already: name a new one with --database")
            }
            error => Failure::new(format!("{error}: begin again with a new database")),
        })?;
    println!(
        "{} families, {} changes, all invented",
        made.families, made.ops
    );
    for person in made.people {
        println!(
            "{:<12} {:<14} {}",
            person.login,
            code_of(person.role),
            person.name
        );
    }
    println!("password of everybody: {}", options.password);
    Ok(())
}

/// A role, a reason or the like, as options and files write it.
fn code_of(value: impl Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

async fn listen(addr: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(addr).await.map_err(|error| {
        let port = addr.port();
        Failure(match error.kind() {
            ErrorKind::AddrInUse => format!(
                "port {port} is taken by another program: stop it, or choose another with --addr"
            ),
            ErrorKind::PermissionDenied => {
                format!(
                    "port {port} is not allowed to this user: choose one above 1023 with --addr"
                )
            }
            ErrorKind::AddrNotAvailable => {
                format!(
                    "this machine has no address {}: choose another with --addr",
                    addr.ip()
                )
            }
            _ => format!("{addr} cannot be listened on ({error}): choose another with --addr"),
        })
    })
}

async fn asked_to_stop() {
    stop_signal().await;
    tracing::info!("stopping: answers that were begun are still given");
}

/// Ends when the program is asked to end.
async fn stop_signal() {
    let interrupted = async {
        // Without a handler the signal ends the program by itself.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}

async fn user(store: &dyn Store, action: UserAction) -> Result<(), Failure> {
    let by = store.system();
    match action {
        UserAction::Add { login, name, role } => {
            match add(store, by, &login, &name, role.into()).await {
                Ok(secret) => println!("added {login}; first password: {secret}"),
                Err(AddError::Store(error)) => return Err(error.into()),
                Err(error) => return Err(Failure::new(error)),
            }
        }
        UserAction::List => {
            for user in store.users().await? {
                let state = if user.is_active {
                    "active"
                } else {
                    "suspended"
                };
                let role = code_of(user.role);
                println!("{:<20} {role:<14} {state:<10} {}", user.login, user.name);
            }
        }
        UserAction::Password { login } => {
            let user = find(store, &login).await?;
            let secret = password::fresh();
            let hash = password::hash(&secret)
                .await
                .map_err(|_| Failure::new("the password could not be hashed: try again"))?;
            store.set_password(by, user.id, &hash, now()).await?;
            println!("new password of {login}: {secret}");
        }
        UserAction::Suspend { login } => {
            let user = find(store, &login).await?;
            store.set_active(by, user.id, false, now()).await?;
            println!("{login} is suspended and signed out everywhere");
        }
        UserAction::Unlock { login } => {
            let user = find(store, &login).await?;
            if !user.is_active {
                store.set_active(by, user.id, true, now()).await?;
                introduce(store).await;
                catch_up(store).await;
            }
            store.unlock_login(by, user.id, now()).await?;
            println!("{login} may sign in");
        }
    }
    Ok(())
}

async fn find(store: &dyn Store, login: &str) -> Result<User, Failure> {
    let found = store.user_by_login(&login.trim().to_lowercase()).await?;
    let missing = || {
        Failure::new(format!(
            "nobody signs in as {login}: see `percorso user list`"
        ))
    };
    found.map(|found| found.user).ok_or_else(missing)
}

async fn grant(store: &dyn Store, action: GrantAction) -> Result<(), Failure> {
    let by = store.system();
    match action {
        GrantAction::Add {
            scope,
            login,
            relation,
        } => {
            let user = find(store, &login).await?;
            store
                .grant(by, scope, user.id, relation.into(), now())
                .await?;
            println!("{login} may open {scope}");
        }
        GrantAction::Revoke { scope, login } => {
            let user = find(store, &login).await?;
            if !store.revoke(by, scope, user.id, now()).await? {
                let said = format!("{login} could not open {scope} before either: nothing changed");
                return Err(Failure::new(said));
            }
            println!("{login} may not open {scope} any more");
        }
        GrantAction::List => {
            let users = store.users().await?;
            let names = |ids: &[UserId]| {
                let of = |id: &UserId| users.iter().find(|user| user.id == *id);
                let logins = ids.iter().filter_map(of).map(|user| user.login.as_str());
                logins.collect::<Vec<_>>().join(", ")
            };
            for family in store.families().await? {
                let (tutors, reviewers) = (names(&family.tutors), names(&family.reviewers));
                println!(
                    "{}  tutor: {tutors:<20} reviewer: {reviewers}",
                    family.scope
                );
            }
        }
    }
    Ok(())
}
