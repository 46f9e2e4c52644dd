//! Where the bytes of attachments lie: a folder or a bucket, behind one crate.
//!
//! A file lies under `scope/hash`, its chunks under `scope/parts/hash/offset` until all of them are
//! there. What lies there is the only record: so a database that is put back from a backup loses no
//! attachment, and one that is sent again is found.

use std::io::ErrorKind;
use std::path::Path as FilePath;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use domain::attachment::{BYTES_MAX, FAMILY_BYTES_MAX, Hash};
use domain::id::{Millis, ScopeId};
use futures_util::TryStreamExt as _;
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt as _};
use replica::attachment::{CHUNK_BYTES, Offer, Standing};

use crate::auth::now;

/// After so long without a further chunk, what came of a file is removed. The phone still has all
/// of it and begins anew.
const ABANDONED_MS: i64 = 14 * 24 * 60 * 60 * 1_000;
/// No write lasts so long: what it has not put in place by then is nobody's.
const BROKEN_OFF_MS: i64 = 60 * 60 * 1_000;
/// How the address of a bucket begins.
pub const BUCKET: &str = "s3://";
/// Under which name chunks lie: no hash is spelled so.
const PARTS: &str = "parts";

/// Why bytes were not taken or given. Nothing that was there is lost.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// More than one attachment or one chunk may have: send less.
    #[error("the attachment or the chunk is too large")]
    TooLarge,
    /// The family has no room left: somebody has to decide.
    #[error("the family's attachments fill their room")]
    FamilyFull,
    /// What came before this chunk is not here: ask how much is.
    #[error("the chunk does not continue what is here")]
    Moved,
    /// It is not what was announced: look at the copy that it comes from.
    #[error("the bytes are not those that were announced")]
    WrongHash,
    /// No space left: somebody has to make room.
    #[error("the store of attachments has no space left")]
    Full(#[source] object_store::Error),
    /// The store does not answer: again in a while.
    #[error("the store of attachments does not answer")]
    Failed(#[source] object_store::Error),
}

impl From<object_store::Error> for FilesError {
    fn from(error: object_store::Error) -> Self {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        while let Some(one) = cause {
            let io = one.downcast_ref::<std::io::Error>();
            let is_full = |kind| matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded);
            if io.is_some_and(|io| is_full(io.kind())) {
                return Self::Full(error);
            }
            cause = one.source();
        }
        Self::Failed(error)
    }
}

/// Where the bytes of attachments lie.
#[derive(Clone, Debug)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    /// The folder, where it is one.
    folder: Option<Arc<FilePath>>,
    family_bytes_max: u64,
}

/// One chunk that is here.
struct Part {
    from: u32,
    bytes: u32,
    place: Path,
}

impl Files {
    /// In a folder, which is made where there is none, for its owner only.
    ///
    /// # Errors
    /// What the disk says.
    pub fn in_folder(folder: &FilePath) -> std::io::Result<Self> {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(std::io::Error::other)?;
        // What is said to have arrived is on the disk, as with changes.
        let store = store.with_fsync(true).with_automatic_cleanup(true);
        Ok(Self {
            folder: Some(Arc::from(folder)),
            ..Self::on(Arc::new(store))
        })
    }

    /// In a bucket of S3 or of what speaks like it, `s3://bucket` or `s3://bucket/folder`. Keys,
    /// region and address come from the usual variables (`AWS_ACCESS_KEY_ID`, `AWS_REGION`,
    /// `AWS_ENDPOINT`, …).
    ///
    /// # Errors
    /// What is wrong with the address or the variables, or that the bucket does not answer.
    pub async fn in_bucket(url: &str) -> Result<Self, object_store::Error> {
        Self::in_bucket_with(url, []).await
    }

    /// The same, with settings in place of variables.
    ///
    /// # Errors
    /// As [`Files::in_bucket`].
    pub async fn in_bucket_with<const N: usize>(
        url: &str,
        settings: [(&str, &str); N],
    ) -> Result<Self, object_store::Error> {
        // Ring alone: one library of ciphers is enough, and it needs no more than a C compiler.
        // Whoever was first has installed the same one.
        let _first = rustls::crypto::ring::default_provider().install_default();
        let folder = url
            .strip_prefix(BUCKET)
            .and_then(|rest| rest.split_once('/'))
            .map_or("", |(_, folder)| folder);
        let mut bucket = AmazonS3Builder::from_env().with_url(url);
        for (name, value) in settings {
            let key: AmazonS3ConfigKey = name.to_ascii_lowercase().parse()?;
            bucket = bucket.with_config(key, value);
        }
        let bucket = bucket.build()?;
        let store = PrefixStore::new(bucket, folder);
        // A wrong key is found now and not at the first photo.
        match store.head(&Path::from("percorso")).await {
            Ok(_) | Err(object_store::Error::NotFound { .. }) => Ok(Self::on(Arc::new(store))),
            Err(error) => Err(error),
        }
    }

    /// In memory, for tests.
    pub fn in_memory() -> Self {
        Self::on(Arc::new(InMemory::new()))
    }

    fn on(store: Arc<dyn ObjectStore>) -> Self {
        Self {
            store,
            folder: None,
            family_bytes_max: FAMILY_BYTES_MAX,
        }
    }

    /// The same with less room for each family.
    #[must_use]
    pub fn with_room(self, family_bytes_max: u64) -> Self {
        Self {
            family_bytes_max,
            ..self
        }
    }

    /// How much of a file is here, and whether it was put together just now.
    ///
    /// # Errors
    /// [`FilesError`] says why it is not taken.
    pub async fn standing(&self, offer: &Offer) -> Result<(Standing, bool), FilesError> {
        if !(1..=BYTES_MAX).contains(&offer.bytes) {
            return Err(FilesError::TooLarge);
        }
        let complete = Standing {
            received: offer.bytes,
            is_complete: true,
        };
        if self.has(offer.scope, offer.hash).await? {
            return Ok((complete, false));
        }
        let parts = self.parts(offer.scope, offer.hash).await?;
        let received = received(&parts);
        if received < offer.bytes {
            let missing = u64::from(offer.bytes - received);
            self.check_room(offer.scope, missing).await?;
            let standing = Standing {
                received,
                is_complete: false,
            };
            return Ok((standing, false));
        }
        self.put_together(offer, &parts).await?;
        Ok((complete, true))
    }

    /// Takes one chunk. The same chunk once more changes nothing.
    ///
    /// # Errors
    /// [`FilesError`] says why it is not taken.
    pub async fn put(
        &self,
        scope: ScopeId,
        hash: Hash,
        from: u32,
        bytes: Bytes,
    ) -> Result<Standing, FilesError> {
        let length = u32::try_from(bytes.len()).map_err(|_| FilesError::TooLarge)?;
        let to = from.checked_add(length).ok_or(FilesError::TooLarge)?;
        if !(1..=CHUNK_BYTES).contains(&length) || to > BYTES_MAX {
            return Err(FilesError::TooLarge);
        }
        let mut parts = self.parts(scope, hash).await?;
        // Chunks that overlap would take room without end: one follows what is here or is, or
        // begins, one of it once more.
        let is_again = |part: &Part| part.from == from && length <= part.bytes;
        if !parts.iter().any(is_again) {
            if from != received(&parts) {
                return Err(FilesError::Moved);
            }
            // The offer has looked already, but nobody has to make one, nor to keep to it.
            self.check_room(scope, u64::from(length)).await?;
        }
        let place = part(scope, hash, from);
        self.store.put(&place, bytes.into()).await?;
        parts.retain(|part| part.from != from);
        parts.push(Part {
            from,
            bytes: length,
            place,
        });
        parts.sort_by_key(|part| part.from);
        Ok(Standing {
            received: received(&parts),
            is_complete: false,
        })
    }

    /// The bytes of a file that is here.
    ///
    /// # Errors
    /// [`FilesError`] where the store fails.
    pub async fn get(&self, scope: ScopeId, hash: Hash) -> Result<Option<Bytes>, FilesError> {
        match self.store.get(&whole(scope, hash)).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes chunks to which none was added for long, and what a crash broke off in the midst of
    /// a write; answers how many.
    ///
    /// # Errors
    /// [`FilesError`] where the store fails.
    pub async fn sweep(&self, now: Millis) -> Result<usize, FilesError> {
        let all: Vec<ObjectMeta> = self.store.list(None).try_collect().await?;
        let is_abandoned = |one: &&ObjectMeta| {
            let is_part = one
                .location
                .parts()
                .nth(1)
                .is_some_and(|name| name.as_ref() == PARTS);
            let age_ms = now.0.saturating_sub(one.last_modified.timestamp_millis());
            is_part && age_ms > ABANDONED_MS
        };
        let mut swept = 0;
        for one in all.iter().filter(is_abandoned) {
            self.remove(&one.location).await?;
            swept += 1;
        }
        let Some(folder) = self.folder.clone() else {
            return Ok(swept);
        };
        let broken_off = tokio::task::spawn_blocking(move || remove_broken_off(&folder, now)).await;
        let generic = |source| object_store::Error::Generic {
            store: "folder",
            source,
        };
        match broken_off {
            Ok(Ok(removed)) => Ok(swept + removed),
            Ok(Err(error)) => Err(generic(error.into()).into()),
            Err(error) => Err(generic(error.into()).into()),
        }
    }

    async fn has(&self, scope: ScopeId, hash: Hash) -> Result<bool, FilesError> {
        match self.store.head(&whole(scope, hash)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// The chunks of a file that are here, in order.
    async fn parts(&self, scope: ScopeId, hash: Hash) -> Result<Vec<Part>, FilesError> {
        let folder = Path::from_iter([scope.to_string().as_str(), PARTS, &hash.to_string()]);
        let found: Vec<ObjectMeta> = self.store.list(Some(&folder)).try_collect().await?;
        let part = |one: ObjectMeta| {
            Some(Part {
                from: one.location.filename()?.parse().ok()?,
                bytes: u32::try_from(one.size).ok()?,
                place: one.location,
            })
        };
        let mut parts: Vec<Part> = found.into_iter().filter_map(part).collect();
        parts.sort_by_key(|part| part.from);
        Ok(parts)
    }

    async fn check_room(&self, scope: ScopeId, more: u64) -> Result<(), FilesError> {
        let folder = Path::from(scope.to_string());
        let all: Vec<ObjectMeta> = self.store.list(Some(&folder)).try_collect().await?;
        let taken: u64 = all.iter().map(|one| one.size).sum();
        if taken.saturating_add(more) > self.family_bytes_max {
            return Err(FilesError::FamilyFull);
        }
        Ok(())
    }

    async fn put_together(&self, offer: &Offer, parts: &[Part]) -> Result<(), FilesError> {
        let mut bytes = Vec::new();
        for part in parts {
            match self.store.get(&part.place).await {
                Ok(found) => bytes.extend_from_slice(&found.bytes().await?),
                // Another request put it together in the meantime.
                Err(object_store::Error::NotFound { .. }) => return Err(FilesError::Moved),
                Err(error) => return Err(error.into()),
            }
        }
        let is_right = Hash::of(&bytes) == offer.hash
            && u32::try_from(bytes.len()).is_ok_and(|length| length == offer.bytes);
        if is_right {
            let place = whole(offer.scope, offer.hash);
            self.store.put(&place, bytes.into()).await?;
        }
        // Killed before this, the chunks stay behind until they are swept.
        for part in parts {
            self.remove(&part.place).await?;
        }
        if is_right {
            Ok(())
        } else {
            Err(FilesError::WrongHash)
        }
    }

    async fn remove(&self, place: &Path) -> Result<(), FilesError> {
        match self.store.delete(place).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Bytes from the beginning, up to the first gap.
fn received(parts: &[Part]) -> u32 {
    let follows = |here: u32, part: &Part| {
        let to = part
            .from
            .checked_add(part.bytes)
            .filter(|_| part.from == here);
        to.ok_or(here)
    };
    parts
        .iter()
        .try_fold(0, follows)
        .unwrap_or_else(|here| here)
}

fn whole(scope: ScopeId, hash: Hash) -> Path {
    Path::from_iter([scope.to_string(), hash.to_string()])
}

fn part(scope: ScopeId, hash: Hash, from: u32) -> Path {
    let (scope, hash) = (scope.to_string(), hash.to_string());
    Path::from_iter([scope.as_str(), PARTS, &hash, &format!("{from:08}")])
}

/// Removes files that were being written when the program was killed. The store writes beside,
/// under a name with a `#`, before it puts a file in its place; of what lies there it never tells.
fn remove_broken_off(folder: &FilePath, now: Millis) -> std::io::Result<usize> {
    let mut removed = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        // What goes meanwhile was put in its place.
        let Ok(about) = entry.metadata() else {
            continue;
        };
        if about.is_dir() {
            removed += remove_broken_off(&entry.path(), now)?;
            continue;
        }
        let written = about.modified()?.duration_since(std::time::UNIX_EPOCH);
        let written_ms = written.map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(0));
        let is_beside = entry.file_name().to_string_lossy().contains('#');
        if is_beside && now.0.saturating_sub(written_ms) > BROKEN_OFF_MS {
            std::fs::remove_file(entry.path())?;
            removed += 1;
        }
    }
    Ok(removed)
}

/// Removes what phones gave up, every hour, for as long as the server runs.
pub async fn sweep(files: Files) {
    let mut hour = tokio::time::interval(Duration::from_secs(3600));
    loop {
        hour.tick().await;
        match files.sweep(now()).await {
            Ok(0) => {}
            Ok(swept) => tracing::info!(swept, "chunks that nobody continued are removed"),
            Err(error) => tracing::warn!(error.cause = %error, "chunks were not swept"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_from_other_failures_however_deep_it_is_said() {
        let check = |kind: ErrorKind, is_full: bool| {
            let wrap = |source| object_store::Error::Generic {
                store: "folder",
                source,
            };
            let said = wrap(std::io::Error::from(kind).into());
            let told = FilesError::from(wrap(said.into()));
            assert_eq!(matches!(told, FilesError::Full(_)), is_full, "{told:?}");
        };
        check(ErrorKind::StorageFull, true);
        check(ErrorKind::QuotaExceeded, true);
        check(ErrorKind::PermissionDenied, false);
    }

    #[tokio::test]
    async fn what_a_crash_broke_off_in_a_write_is_removed_once_nobody_can_be_writing_it() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let files = Files::in_folder(folder.path()).expect("a folder");
        let parts = folder.path().join("scope/parts/hash");
        std::fs::create_dir_all(&parts).expect("a folder");
        let (whole, beside) = (folder.path().join("scope/hash"), parts.join("00000000#1"));
        for file in [&whole, &beside] {
            std::fs::write(file, "bytes").expect("a file");
        }
        let later = Millis(now().0 + BROKEN_OFF_MS + 1_000);
        assert_eq!(files.sweep(now()).await.expect("it sweeps"), 0);
        assert!(beside.exists());
        assert_eq!(files.sweep(later).await.expect("it sweeps"), 1);
        assert!(!beside.exists() && whole.exists());
    }
}
