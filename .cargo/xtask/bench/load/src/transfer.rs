//! Bytes on the wire of a first sync of many families: ours, and PouchDB's of the same records.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use serde_json::value::to_raw_value;
use tempfile::TempDir;

use crate::Failure;
use crate::ladders::send;
use crate::program::Program;
use crate::world::World;

/// Families of one tutor.
pub const FAMILIES: usize = 80;
/// Records of each.
pub const RECORDS: usize = 75;

/// Bytes and requests of a first sync, both ways and with all headers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Transfer {
    /// Records that came.
    pub records: u32,
    /// Bytes that the sockets carried.
    pub bytes: f64,
    /// Requests.
    pub requests: f64,
}

/// What a first sync costs.
#[derive(Clone, Copy, Debug, Default)]
pub struct Transfers {
    /// Ours.
    pub ours: Transfer,
    /// PouchDB's, whose server packs its answers as a browser takes them.
    pub pouchdb: Transfer,
}

/// Writes the records, reads them with a new copy, and has PouchDB replicate the very same ones.
///
/// # Errors
/// One of the two failed, or did not carry every record.
pub async fn first_sync(program: &Program, script: &Path) -> Result<Transfers, Failure> {
    let mut world = World::make(program, None, 1, FAMILIES).await?;
    let phone = world.phones.first_mut().ok_or("there is one tutor")?;
    // The import has written a few about each family already.
    let before = phone.read_everything().await?.len();
    send(phone, (FAMILIES * RECORDS).saturating_sub(before)).await?;
    let (up, down, requests) = phone.carried();
    let records = phone.read_everything().await?;
    let (up_after, down_after, requests_after) = phone.carried();
    let count = |counted: u64| u32::try_from(counted).map(f64::from);
    let ours = Transfer {
        records: u32::try_from(records.len())?,
        bytes: count((up_after - up) + (down_after - down))?,
        requests: count(requests_after - requests)?,
    };
    let folder = TempDir::with_prefix("pouchdb-load-")?;
    let file = folder.path().join("records.json");
    std::fs::write(&file, to_raw_value(&records)?.get())?;
    let said = Command::new("node")
        .arg(script)
        .arg("replicate")
        .arg(&file)
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()?;
    let said: Value = serde_json::from_slice(&said.stdout)?;
    let number = |name: &str| said.get(name).and_then(Value::as_f64).unwrap_or_default();
    let replicated = said.get("count").and_then(Value::as_u64);
    let pouchdb = Transfer {
        records: u32::try_from(replicated.unwrap_or_default())?,
        bytes: number("bytes"),
        requests: number("requests"),
    };
    if pouchdb.records != ours.records {
        let (theirs, ours) = (pouchdb.records, ours.records);
        return Err(format!("PouchDB carried {theirs} records, not {ours}").into());
    }
    Ok(Transfers { ours, pouchdb })
}
