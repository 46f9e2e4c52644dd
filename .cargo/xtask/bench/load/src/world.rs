//! A new database with tutors and families, and a phone for each tutor, signed in.
//!
//! Everything goes through the program's own doors: `percorso user add`, `percorso import` and the
//! sign-in page. Nothing is made easier for the phones than it is for people.

use std::fmt::Write as _;
use std::path::Path;
use std::thread;

use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::Failure;
use crate::phone::Phone;
use crate::program::{Program, Server};

/// Two passwords are checked at once (`CHECKS_MAX` of the server); as many wait at its door.
const AT_THE_DOOR: usize = 4;
/// Programs that run at once to add people: one for each core of the machine that is meant.
const ADDING: usize = 2;

/// A server with phones.
#[derive(Debug)]
pub struct World {
    /// The server.
    pub server: Server,
    /// A phone for each tutor, all of which have read everything.
    pub phones: Vec<Phone>,
    _folder: TempDir,
}

impl World {
    /// Makes so many tutors and families, which get the tutors in turn, in an empty database.
    ///
    /// # Errors
    /// The program did not do it.
    pub async fn make(
        program: &Program,
        database: Option<String>,
        tutors: usize,
        families: usize,
    ) -> Result<Self, Failure> {
        let folder = TempDir::with_prefix("percorso-load-")?;
        let file = folder.path().join("percorso.db");
        let database = database.unwrap_or_else(|| format!("sqlite:{}", file.display()));
        // The first command makes the tables; later ones run beside each other.
        program.run(&database, &["user", "list"])?;
        let people = add_people(program, &database, tutors)?;
        add_families(program, &database, folder.path(), &people, families)?;
        let server = program.serve(&database, folder.path()).await?;
        let phones = sign_in(&server, people).await?;
        Ok(Self {
            server,
            phones,
            _folder: folder,
        })
    }
}

/// Logins and first passwords.
type People = Vec<(String, String)>;

fn add_people(program: &Program, database: &str, count: usize) -> Result<People, Failure> {
    let logins: Vec<String> = (1..=count).map(|n| format!("tutor{n}")).collect();
    let share = count.div_ceil(ADDING).max(1);
    thread::scope(|scope| {
        let adding: Vec<_> = logins
            .chunks(share)
            .map(|logins| scope.spawn(move || add_some(program, database, logins)))
            .collect();
        let mut people = People::new();
        for added in adding {
            people.extend(added.join().map_err(|_| "adding people panicked")??);
        }
        Ok(people)
    })
}

fn add_some(program: &Program, database: &str, logins: &[String]) -> Result<People, Failure> {
    let mut people = People::new();
    for login in logins {
        let command = ["user", "add", login, "--name", login, "--role", "mediator"];
        let said = program.run(database, &command)?;
        let (_, password) = said
            .trim()
            .rsplit_once(' ')
            .ok_or_else(|| format!("no password in: {said}"))?;
        people.push((login.clone(), password.to_owned()));
    }
    Ok(people)
}

fn add_families(
    program: &Program,
    database: &str,
    folder: &Path,
    people: &People,
    count: usize,
) -> Result<(), Failure> {
    let mut list = "codice;famiglia;comune;nome;mediatore\n".to_owned();
    let numbered = people.iter().cycle().take(count).enumerate();
    for (number, (tutor, _)) in numbered {
        writeln!(list, "F-{number};Rossi;Codogno;Maria;{tutor}")?;
    }
    let file = folder.join("famiglie.csv");
    std::fs::write(&file, list)?;
    let file = file.display().to_string();
    program.run(database, &["import", "families", &file, "--write"])?;
    Ok(())
}

async fn sign_in(server: &Server, people: People) -> Result<Vec<Phone>, Failure> {
    let addr = server.addr;
    let mut phones = Vec::new();
    let mut waiting = JoinSet::new();
    for (place, (login, password)) in people.into_iter().enumerate() {
        if waiting.len() >= AT_THE_DOOR {
            phones.extend(waiting.join_next().await.transpose()?);
        }
        waiting.spawn(async move {
            let seed = u64::try_from(place).unwrap_or(0);
            (place, Phone::sign_in(addr, &login, &password, seed).await)
        });
    }
    while let Some(ended) = waiting.join_next().await {
        phones.push(ended?);
    }
    phones.sort_by_key(|(place, _)| *place);
    let phones = phones.into_iter().map(|(_, phone)| phone);
    Ok(phones.collect::<Result<_, _>>()?)
}
