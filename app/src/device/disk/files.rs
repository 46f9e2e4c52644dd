//! The bytes of attachments on the disk: those that have not arrived, and those that have.
//!
//! A file lies as rows of [`CHUNK_BYTES`], so that a chunk is sent without reading the rest. Its
//! key holds only ids: not even its hash, by which somebody who has the same file could know it.

use domain::id::{AttachmentId, ScopeId};
use js_sys::Uint8Array;
use replica::attachment::CHUNK_BYTES;
use replica::stored::DiskError;
use rexie::TransactionMode;

use super::Disk;
use crate::device::rows::place;
use crate::device::rules;
use crate::device::seal::{Place, Plain};
use crate::device::store::{FILES, Request, UPLOADS, get_keys, read_error};

/// Where a file lies.
pub type At = (ScopeId, AttachmentId);

impl Disk {
    /// Puts a new file on disk, all of it or nothing. It is not sent before an op names it.
    pub async fn stage(&self, at: At, bytes: &[u8]) -> Result<(), DiskError> {
        let requests = self.file_rows(UPLOADS, at, bytes).await?;
        self.0.database.write(&requests).await
    }

    /// Has a file that had arrived sent once more, if it is still here.
    pub async fn stage_again(&self, at: At) -> Result<(), DiskError> {
        match self.read_file(FILES, at).await? {
            Some(bytes) => self.stage(at, &bytes).await,
            None => Ok(()),
        }
    }

    /// Forgets a file that was never said to be part of anything, or that has to leave.
    pub async fn unstage(&self, at: At) -> Result<(), DiskError> {
        self.0.database.write(&[remove(at)]).await
    }

    /// The files that have not arrived.
    pub async fn staged(&self) -> Result<Vec<At>, DiskError> {
        let transaction = self
            .0
            .database
            .begin(&[UPLOADS], TransactionMode::ReadOnly)
            .await?;
        let keys = match get_keys(&transaction, UPLOADS).await {
            Ok(keys) => keys,
            Err(error) => return Err(read_error(error).await),
        };
        let mut found: Vec<At> = keys
            .iter()
            .filter_map(|key| rules::parse_file_key(key))
            .collect();
        found.dedup();
        Ok(found)
    }

    /// Bytes of a file that has not arrived, from a place on; none beyond the end of its row.
    pub async fn staged_chunk(&self, at: At, from: u32, count: u32) -> Result<Vec<u8>, DiskError> {
        let key = rules::file_key(at.0, at.1, from / CHUNK_BYTES);
        let row = self.0.database.get(UPLOADS, &key).await?;
        let row = row.ok_or(DiskError::Failed)?;
        let opened = self.0.open_one(place(UPLOADS, &key), row).await?;
        let from = usize::try_from(from % CHUNK_BYTES).map_err(|_| DiskError::Failed)?;
        let count = usize::try_from(count).map_err(|_| DiskError::Failed)?;
        let chunk = opened.content().get(from..from.saturating_add(count));
        chunk.map(<[u8]>::to_vec).ok_or(DiskError::Failed)
    }

    /// Notes in one transaction that a file has arrived; it may stay to be looked at.
    pub async fn arrived(&self, at: At, may_stay: bool) -> Result<(), DiskError> {
        let mut requests = vec![remove(at)];
        if may_stay && let Some(bytes) = self.read_file(UPLOADS, at).await? {
            requests.extend(self.file_rows(FILES, at, &bytes).await?);
        }
        self.0.database.write(&requests).await
    }

    /// Keeps a file that came from the server.
    pub async fn keep_file(&self, at: At, bytes: &[u8]) -> Result<(), DiskError> {
        let requests = self.file_rows(FILES, at, bytes).await?;
        self.0.database.write(&requests).await
    }

    /// The bytes of a file, if all of them are here.
    pub async fn file(&self, at: At) -> Result<Option<Vec<u8>>, DiskError> {
        match self.read_file(FILES, at).await? {
            Some(bytes) => Ok(Some(bytes)),
            None => self.read_file(UPLOADS, at).await,
        }
    }

    async fn read_file(&self, store: &'static str, at: At) -> Result<Option<Vec<u8>>, DiskError> {
        let rows = self
            .0
            .database
            .get_all(store, Some(&rules::file_range(at.0, at.1)))
            .await?;
        let rows: Vec<(Place, Uint8Array)> = rows
            .into_iter()
            .map(|(key, row)| (place(store, &key), row))
            .collect();
        if rows.is_empty() {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        for opened in self.0.key.open(&rows).await? {
            bytes.extend_from_slice(opened.ok_or(DiskError::Failed)?.content());
        }
        Ok(Some(bytes))
    }

    async fn file_rows(
        &self,
        store: &'static str,
        at: At,
        bytes: &[u8],
    ) -> Result<Vec<Request>, DiskError> {
        let size = usize::try_from(CHUNK_BYTES).map_err(|_| DiskError::Failed)?;
        let rev = self.0.next_rev();
        let row = |(number, chunk): (u32, &[u8])| Plain {
            place: place(store, &rules::file_key(at.0, at.1, number)),
            rev,
            content: chunk.to_vec(),
        };
        let rows = (0..).zip(bytes.chunks(size)).map(row).collect();
        self.0.seal(rows).await
    }
}

fn remove((scope, id): At) -> Request {
    let (first, last) = rules::file_range(scope, id);
    Request::DeleteRange(UPLOADS, first, last)
}
