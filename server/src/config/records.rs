//! What is asked of the record of what was done, and of what was not accepted.

use clap::{Args, Subcommand, value_parser};
use domain::id::ScopeId;

/// How much of a list.
#[derive(Clone, Copy, Debug, Args)]
pub struct Latest {
    /// How many rows, the latest first
    #[arg(long, value_name = "N", default_value_t = 100)]
    #[arg(value_parser = value_parser!(u32).range(1..))]
    pub limit: u32,
}

/// What to do with the record.
#[derive(Debug, Subcommand)]
pub enum AuditAction {
    /// Walk the whole record and say whether anybody changed it
    Verify,
    /// List who did what: number, time (UTC), person, action, and on what
    #[command(after_help = "Examples:
  percorso audit list --limit 500
  percorso audit list --family 0199…    (its id, as `percorso grant list` tells)")]
    List {
        /// How much of it.
        #[command(flatten)]
        latest: Latest,
        /// Only what was done with this family's file
        #[arg(long, value_name = "SCOPE")]
        family: Option<ScopeId>,
    },
}

/// What to do with what was not accepted.
#[derive(Debug, Subcommand)]
pub enum QuarantineAction {
    /// List changes: id, time (UTC), reason, what became of it, kind, who sent it, which file
    #[command(after_help = "Examples:
  percorso quarantine list
  percorso quarantine list --words --limit 5")]
    List {
        /// How much of it.
        #[command(flatten)]
        latest: Latest,
        /// Show what each change says; the record then tells that it was read
        #[arg(long)]
        words: bool,
    },
}
