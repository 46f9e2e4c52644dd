//! What the program is told: its commands, their options and the variables of the environment.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::authorize::Relation;
use domain::id::{ScopeId, UserId};
use domain::vocabulary::Role;
use uuid::Uuid;

pub mod origin;
pub mod records;

use origin::Origin;
use records::{AuditAction, QuarantineAction};

const DATABASE: &str = "PERCORSO_DATABASE";
const DATABASE_DEFAULT: &str = "sqlite:percorso.db";

/// Percorso: one program that serves the app and looks after its database.
#[derive(Debug, Parser)]
#[command(name = "percorso", version, about, propagate_version = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to bring in, or which import to take back.
#[derive(Debug, Args)]
pub struct Import {
    /// What to bring in.
    #[command(subcommand)]
    pub what: Option<ImportWhat>,
    /// Take the import with this number back
    #[arg(long, value_name = "RUN")]
    pub undo: Option<Uuid>,
    /// Which database.
    #[command(flatten)]
    pub database: Database,
    /// The language of the report
    #[arg(long, value_enum, default_value = "it", global = true)]
    pub language: ReportLanguage,
}

/// What an import brings in.
#[derive(Debug, Subcommand)]
pub enum ImportWhat {
    /// Families: a CSV file, one row per person
    Families {
        /// The file.
        file: PathBuf,
        /// Write; otherwise only say what would be written
        #[arg(long)]
        write: bool,
        /// Write the good families although others have errors
        #[arg(long)]
        skip_bad: bool,
    },
    /// The imports so far, latest first
    List,
}

/// The language of a report.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ReportLanguage {
    /// Italian.
    It,
    /// English.
    En,
}

impl Database {
    /// Where attachments lie if nobody says otherwise: beside the file of the database, under its
    /// name, so that two databases in one folder do not share them.
    pub fn attachments(&self) -> PathBuf {
        let file = crate::store::sqlite_file(&self.url);
        file.unwrap_or_else(|| Path::new("percorso.db"))
            .with_extension("files")
    }

    /// The option that names this database in another command, with a blank before it; nothing
    /// where that command finds the database by itself. A password is not repeated: what is
    /// printed may be kept.
    pub fn as_typed(&self) -> String {
        let found = std::env::var(DATABASE).unwrap_or_else(|_| DATABASE_DEFAULT.to_owned());
        if self.url == found {
            return String::new();
        }
        if has_password(&self.url) {
            return " --database postgres://…".to_owned();
        }
        let is_plain = |letter: char| letter.is_alphanumeric() || "/:._-@=+,%".contains(letter);
        if self.url.chars().all(is_plain) {
            format!(" --database {}", self.url)
        } else {
            format!(" --database '{}'", self.url.replace('\'', r"'\''"))
        }
    }
}

/// Whether the address of a database holds a password, before its host or among its options.
fn has_password(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("://") else {
        return false;
    };
    let named = rest.rsplit_once('@').map_or("", |(named, _)| named);
    named.contains(':') || rest.contains("password=")
}

/// Where everything is kept. It is named before or after what to do, as people type it.
#[derive(Clone, Debug, Args)]
pub struct Database {
    /// `sqlite:FILE` or `postgres://USER@HOST/NAME`
    #[arg(
        long = "database",
        env = DATABASE,
        default_value = DATABASE_DEFAULT,
        hide_env_values = true,
        global = true
    )]
    pub url: String,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the app
    #[command(after_help = "Examples:
  percorso serve
  percorso serve --addr 127.0.0.1:8080 --database sqlite:/var/lib/percorso/percorso.db
  percorso serve --addr 0.0.0.0:3000 --origin https://percorso.example.it \\
      --database postgres://percorso@localhost/percorso")]
    Serve(Serve),
    /// Print the description of the interface for programs (OpenAPI, as JSON)
    Openapi,
    /// Fill a new database with the demonstration ambito
    #[command(after_help = "Example:
  percorso demo --database sqlite:demo.db && percorso serve --database sqlite:demo.db")]
    Demo(Demo),
    /// Look after the people who may sign in
    User {
        /// Which database.
        #[command(flatten)]
        database: Database,
        /// What to do.
        #[command(subcommand)]
        action: UserAction,
    },
    /// Look after who may open which file
    Grant {
        /// Which database.
        #[command(flatten)]
        database: Database,
        /// What to do.
        #[command(subcommand)]
        action: GrantAction,
    },
    /// Bring families in from a list, or take an import back
    #[command(arg_required_else_help = true)]
    #[command(after_help = "Examples:
  percorso import families famiglie.csv            (only says what it would do)
  percorso import families famiglie.csv --write
  percorso import --undo 01923f5e-7a10-7cc0-9d1c-5a0a6ad2b0f1")]
    Import(Import),
    /// Write all of an SQLite database into one encrypted file, while the server works
    #[command(after_help = "Examples:
  percorso backup --to percorso-monday.age --recipient age1…
  PERCORSO_BACKUP_PASSPHRASE=… percorso backup --to percorso.age --force")]
    Backup(Backup),
    /// Put a backup back as an SQLite database, and have phones send again what came after it
    #[command(after_help = "Examples:
  percorso restore percorso-monday.age --identity key.txt --database sqlite:new.db
  PERCORSO_BACKUP_PASSPHRASE=… percorso restore percorso.age --force")]
    Restore(Restore),
    /// Say that a database was put back by other means, so that phones send again what came after
    Restored {
        /// Which database.
        #[command(flatten)]
        database: Database,
    },
    /// Make anew what the server keeps beside the log: which family is visited next
    Rebuild {
        /// Which database.
        #[command(flatten)]
        database: Database,
    },
    /// Read and check the record of what was done
    #[command(after_help = "Examples:
  percorso audit list --limit 500
  percorso audit verify")]
    Audit {
        /// Which database.
        #[command(flatten)]
        database: Database,
        /// What to do.
        #[command(subcommand)]
        action: AuditAction,
    },
    /// Look at what was not accepted from phones; nothing of it is ever thrown away
    #[command(after_help = "Examples:
  percorso quarantine list
  percorso quarantine list --words --limit 5")]
    Quarantine {
        /// Which database.
        #[command(flatten)]
        database: Database,
        /// What to do.
        #[command(subcommand)]
        action: QuarantineAction,
    },
}

/// What to save, and where.
#[derive(Clone, Debug, Args)]
pub struct Backup {
    /// The file to write
    #[arg(long, value_name = "FILE")]
    pub to: PathBuf,
    /// Who may open it, as `age-keygen` tells; otherwise PERCORSO_BACKUP_PASSPHRASE does
    #[arg(long = "recipient", value_name = "age1…")]
    pub recipients: Vec<String>,
    /// Overwrite an earlier backup, once the new one is whole
    #[arg(long)]
    pub force: bool,
    /// Which database.
    #[command(flatten)]
    pub database: Database,
}

/// What to put back, and where.
#[derive(Clone, Debug, Args)]
pub struct Restore {
    /// The file that `percorso backup` wrote
    pub file: PathBuf,
    /// The file with the identity that opens it; otherwise PERCORSO_BACKUP_PASSPHRASE does
    #[arg(long, value_name = "FILE")]
    pub identity: Option<PathBuf>,
    /// Replace the database that is there; it is kept beside
    #[arg(long)]
    pub force: bool,
    /// Where to.
    #[command(flatten)]
    pub database: Database,
}

/// How to serve.
#[derive(Clone, Debug, Args)]
pub struct Serve {
    /// Address and port to listen on
    #[arg(long, env = "PERCORSO_ADDR", default_value = "127.0.0.1:3000")]
    pub addr: SocketAddr,
    /// Which database.
    #[command(flatten)]
    pub database: Database,
    /// Folder of the built site
    #[arg(long, env = "PERCORSO_SITE", default_value = "target/site")]
    pub site: PathBuf,
    /// Folder of attachments, or a bucket, `s3://…`; otherwise `percorso.files` beside the database
    #[arg(long, env = "PERCORSO_ATTACHMENTS", value_name = "PLACE")]
    pub attachments: Option<String>,
    /// The address that people type, where it is another: `https://…` behind a proxy
    #[arg(long, env = "PERCORSO_ORIGIN")]
    pub origin: Option<Origin>,
    /// Tell every phone to take its service worker and kept files away (what people wrote stays)
    #[arg(long)]
    pub kill_switch: bool,
}

/// Which demonstration to make.
#[derive(Clone, Debug, Args)]
pub struct Demo {
    /// Where to.
    #[command(flatten)]
    pub database: Database,
    /// Another number makes other families
    #[arg(long, default_value_t = crate::demo::SEED)]
    pub seed: u64,
    /// Another password: then the sign-in page names neither it nor the people
    #[arg(long, default_value = crate::demo::PASSWORD)]
    pub password: String,
}

/// What to do with a person.
#[derive(Debug, Subcommand)]
pub enum UserAction {
    /// Add a person; prints their first password
    #[command(after_help = "Example:
  percorso user add samira --name \"Samira Belhadj\" --role mediator")]
    Add {
        /// What they type to sign in
        login: String,
        /// Their display name
        #[arg(long)]
        name: String,
        /// What they are
        #[arg(long)]
        role: RoleName,
    },
    /// List everybody
    List,
    /// Give a person a new password, and print it
    Password {
        /// What they type to sign in
        login: String,
    },
    /// Shut a person out, and end their sign-ins
    Suspend {
        /// What they type to sign in
        login: String,
    },
    /// Let a person in again who was suspended, or locked after wrong passwords
    Unlock {
        /// What they type to sign in
        login: String,
    },
}

/// What to do with a grant.
#[derive(Debug, Subcommand)]
pub enum GrantAction {
    /// Open a family's file to a person
    #[command(after_help = "Example:
  percorso grant add 0199… samira --as tutor")]
    Add {
        /// The file's id
        scope: ScopeId,
        /// What the person types to sign in
        login: String,
        /// What they are to the family
        #[arg(long = "as", value_name = "RELATION")]
        relation: RelationName,
    },
    /// Take a family's file away from a person
    Revoke {
        /// The file's id
        scope: ScopeId,
        /// What the person types to sign in
        login: String,
    },
    /// List who works with which family
    List,
}

/// A role, as it is typed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum RoleName {
    /// Works with the families
    Mediator,
    /// Holds the case and reviews the plan
    SocialWorker,
    /// Assigns families
    Coordinator,
    /// Looks after people and devices
    Administrator,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Mediator => Self::Mediator,
            RoleName::SocialWorker => Self::SocialWorker,
            RoleName::Coordinator => Self::Coordinator,
            RoleName::Administrator => Self::Administrator,
        }
    }
}

/// A relation, as it is typed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum RelationName {
    /// Writes the plan with the family
    Tutor,
    /// Holds the case and reviews the plan
    Reviewer,
    /// Reads only
    Reader,
}

impl From<RelationName> for Relation {
    fn from(name: RelationName) -> Self {
        match name {
            RelationName::Tutor => Self::Tutor,
            RelationName::Reviewer => Self::Reviewer,
            RelationName::Reader => Self::Reader,
        }
    }
}

/// A new user's id, from the clock and chance.
pub fn fresh_user_id() -> UserId {
    UserId::new(crate::auth::now(), rand::random())
}
