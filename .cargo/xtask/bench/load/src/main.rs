//! `load-bench PROGRAM SITE SCRIPT FOLDER [--quick] [--only sqlite|postgres]`: the real program
//! under the load of many phones, over HTTP, on SQLite and on PostgreSQL, beside express-pouchdb.
//!
//! PROGRAM is the release build of `percorso`, SITE its site, SCRIPT the peer's server; the figures
//! are written to `server.json` and `server.svg` in FOLDER. Phones and server share the machine:
//! what the phones take is taken from the server.

mod chance;
#[path = "../../../../../server/tests/support/cluster.rs"]
mod cluster;
mod ladders;
mod load;
mod peer;
mod phone;
mod plot;
mod program;
mod report;
mod transfer;
mod wire;
mod words;
mod world;

use std::error::Error;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::cluster::Cluster;
use crate::ladders::{AtOnce, PHONES, Rung, at_once, both_ways, climb, log_lengths};
use crate::load::Seen;
use crate::peer::Pouch;
use crate::plot::{Line, Plot, svg};
use crate::program::Program;
use crate::report::{Report, float};
use crate::world::World;

/// Why the bench stopped.
pub type Failure = Box<dyn Error + Send + Sync>;

const USAGE: &str =
    "usage: load-bench PROGRAM SITE SCRIPT FOLDER [--quick] [--only sqlite|postgres]";

/// Families of the log that stays short.
const SHORT: usize = 10;

/// How much is measured.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Phones at once, on the way up.
    pub phones: Vec<usize>,
    /// Changes in the log, on the way up.
    pub logs: Vec<u64>,
    /// Changes a second that fall due.
    pub rates: Vec<u32>,
    /// How long 200 phones are measured, each time.
    pub length: Duration,
    /// How long each number of phones is measured.
    pub rung: Duration,
    /// How long phones send before it counts.
    pub warm_up: Duration,
    /// How long a database rests after the log was filled.
    pub rest: Duration,
    /// Families whose log grows, each with a phone.
    pub families: usize,
}

impl Plan {
    fn whole() -> Self {
        Self {
            phones: vec![1, 3, 10, 30, 100, 200, 300, 1_000],
            logs: vec![1_000, 10_000, 100_000, 1_000_000],
            rates: vec![1_000, 2_000, 5_000],
            length: Duration::from_secs(6),
            rung: Duration::from_secs(4),
            warm_up: Duration::from_secs(1),
            rest: Duration::from_secs(3),
            families: 100,
        }
    }

    fn quick() -> Self {
        Self {
            phones: vec![1, 10, 200],
            logs: vec![1_000, 10_000],
            rates: vec![1_000],
            length: Duration::from_secs(2),
            rung: Duration::from_secs(1),
            rest: Duration::from_secs(1),
            families: 50,
            ..Self::whole()
        }
    }

    fn phones_max(&self) -> usize {
        self.phones.iter().copied().max().unwrap_or(0).max(PHONES)
    }
}

struct Options {
    program: Program,
    script: PathBuf,
    folder: PathBuf,
    plan: Plan,
    only: Option<String>,
}

impl Options {
    fn read() -> Result<Self, Failure> {
        let mut places = Vec::new();
        let mut plan = Plan::whole();
        let mut only = None;
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--quick" => plan = Plan::quick(),
                "--only" => only = arguments.next(),
                other if other.starts_with('-') => return Err(USAGE.into()),
                place => places.push(PathBuf::from(place)),
            }
        }
        if only
            .as_deref()
            .is_some_and(|only| !["sqlite", "postgres"].contains(&only))
        {
            return Err(USAGE.into());
        }
        let places: [PathBuf; 4] = places.try_into().map_err(|_| USAGE)?;
        let [binary, site, script, folder] = places.map(std::path::absolute);
        Ok(Self {
            program: Program {
                binary: binary?,
                site: site?,
            },
            script: script?,
            folder: folder?,
            plan,
            only,
        })
    }

    fn wants(&self, database: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only == database)
    }
}

/// What one database showed.
struct Column {
    key: &'static str,
    title: &'static str,
    at_once: AtOnce,
    log: Vec<(u64, Rung)>,
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let options = Options::read()?;
    let begun = Instant::now();
    let mut report = Report::default();
    let load = load_average();
    println!("load average of the machine before: {load:.2}");
    report.keep("load_average_before", load);
    let mut columns = Vec::new();
    if options.wants("sqlite") {
        let databases = [None, None, None];
        columns.push(measure(&options, ("sqlite", "SQLite"), databases, &mut report).await?);
    }
    if options.wants("postgres") {
        let cluster = Cluster::start(true);
        let is_there = if cluster.is_some() { 1.0 } else { 0.0 };
        report.keep("postgres_is_installed", is_there);
        if let Some(cluster) = &cluster {
            let databases = ["phones", "log", "short"].map(|name| Some(cluster.database(name)));
            let name = ("postgres", "PostgreSQL");
            columns.push(measure(&options, name, databases, &mut report).await?);
        } else {
            println!("\nPostgreSQL: NOT MEASURED, it is not installed");
        }
    }
    let peer = measure_peer(&options, &mut report).await?;
    eprintln!("▸ bytes on the wire of a first sync (usually 15 s)");
    let transfers = transfer::first_sync(&options.program, &options.script).await?;
    report.transfers(&transfers);
    report.keep("load_average_after", load_average());
    report.keep("took_s", begun.elapsed().as_secs_f64());
    std::fs::create_dir_all(&options.folder)?;
    report.write(&options.folder.join("server.json"))?;
    std::fs::write(
        options.folder.join("server.svg"),
        svg(&plots(&columns, &peer)),
    )?;
    println!(
        "\n{} in {:.0?}",
        options.folder.join("server.json").display(),
        begun.elapsed()
    );
    match report.missed() {
        [] => println!("everything that is wanted is reached"),
        missed => println!("NOT REACHED:\n  {}", missed.join("\n  ")),
    }
    Ok(())
}

async fn measure(
    options: &Options,
    (key, title): (&'static str, &'static str),
    [phones, log, short]: [Option<String>; 3],
    report: &mut Report,
) -> Result<Column, Failure> {
    let Options { program, plan, .. } = options;
    let count = plan.phones_max();
    eprintln!("▸ {title}: {count} tutors sign in, each with a family (usually 1 minute per 1,000)");
    let begun = Instant::now();
    let world = World::make(program, phones, count, count).await?;
    eprintln!("  done in {:.0?}; now their phones", begun.elapsed());
    let at_once = at_once(world, plan).await?;
    report.at_once((key, title), &at_once, true);
    report.phones((key, title), &at_once);
    eprintln!("▸ {title}: a log that grows (usually 1 minute)");
    let world = World::make(program, log, plan.families, plan.families).await?;
    // As many people as in the other: every phone reads who works here.
    let mut short = World::make(program, short, plan.families, SHORT).await?;
    short.phones.truncate(SHORT);
    let rungs = log_lengths(world, short, plan).await?;
    let log: Vec<(u64, Rung)> = plan.logs.iter().copied().zip(rungs).collect();
    report.log((key, title), &log);
    Ok(Column {
        key,
        title,
        at_once,
        log,
    })
}

async fn measure_peer(options: &Options, report: &mut Report) -> Result<AtOnce, Failure> {
    eprintln!("▸ express-pouchdb with the same clients (usually 30 s)");
    let pouch = Pouch::start(&options.script)?;
    let mut plan = options.plan.clone();
    plan.rates.truncate(1);
    plan.phones
        .retain(|phones| [1, 10, 100, PHONES].contains(phones));
    let (clients, closed, open) = both_ways(pouch.clients(PHONES), &plan).await?;
    let (_, ladder) = climb(clients, &plan.phones, plan.rung).await?;
    let seen = AtOnce {
        closed,
        open,
        ladder,
        ..AtOnce::default()
    };
    let name = ("pouchdb", "express-pouchdb");
    report.at_once(name, &seen, false);
    report.phones(name, &seen);
    Ok(seen)
}

fn plots(columns: &[Column], peer: &AtOnce) -> [Plot; 2] {
    let by_phones = |ladder: &[(usize, Seen)]| {
        let place = |(phones, seen): &(usize, Seen)| {
            let phones = u64::try_from(*phones).unwrap_or(0);
            (float(phones), seen.changes_per_s())
        };
        ladder.iter().map(place).collect()
    };
    let mut served = Vec::new();
    let mut waited = Vec::new();
    for (place, column) in columns.iter().enumerate() {
        served.push(Line {
            name: column.title.to_owned(),
            colour: place,
            is_dashed: column.key == "postgres",
            points: by_phones(&column.at_once.ladder),
        });
        type Part = fn(&Rung) -> &[Seen; 2];
        let parts: [(&str, Part); 3] = [
            ("ask for nothing", |rung| &rung.idle),
            ("send 20 changes", |rung| &rung.push),
            ("first sync of 75", |rung| &rung.first),
        ];
        for (colour, (what, part)) in parts.into_iter().enumerate() {
            let at = |(target, rung): &(u64, Rung)| {
                let [long, _] = part(rung);
                (float(*target), long.ms_at(500))
            };
            waited.push(Line {
                name: format!("{what}, {}", column.title),
                colour,
                is_dashed: column.key == "postgres",
                points: column.log.iter().map(at).collect(),
            });
        }
    }
    // The legend has two columns: one for each database.
    waited.sort_by_key(|line| line.colour);
    served.push(Line {
        name: "express-pouchdb".to_owned(),
        colour: 2,
        is_dashed: false,
        points: by_phones(&peer.ladder),
    });
    [
        Plot {
            title: "Changes taken in".to_owned(),
            across: "phones at once, each as fast as it is answered".to_owned(),
            up: "changes a second".to_owned(),
            lines: served,
            wanted: Some((1_000.0, "wanted with 200 phones".to_owned())),
        },
        Plot {
            title: "One phone, while the log grows".to_owned(),
            across: "changes in the log".to_owned(),
            up: "milliseconds, median".to_owned(),
            lines: waited,
            wanted: None,
        },
    ]
}

/// Processes that wanted a core during the last minute; below zero where nobody tells.
fn load_average() -> f64 {
    let told = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let first = told
        .split(' ')
        .next()
        .and_then(|number| number.parse().ok());
    first.unwrap_or(-1.0)
}
