//! Reading what a lake wrote, and noticing when it is not that any more.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt as _;
use futures::stream::{self, BoxStream};
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetRange, GetResult, GetResultPayload, ListResult, MultipartUpload,
    ObjectMeta, ObjectStore, ObjectStoreExt as _, PutMultipartOptions, PutOptions, PutPayload, PutResult,
    Result,
};
use url::Url;

use crate::integrity::seal;
use crate::integrity::sums::{Needed, SEALED, Sums};
use crate::integrity::{Damage, DamageKind as Kind};

/// How much of a file's end is read at first: most files' checksums are in it.
const END: u64 = 64 << 10;
/// How many files' checksums are kept at hand.
const KEPT: usize = 8192;

/// The checksums of files that were read lately, by the URL of the store and the path; none for those that
/// have none. Files never change once they have their name.
static KNOWN: Mutex<Option<SumsCache>> = Mutex::new(None);

/// The checksums by root and path; none for a file that has none.
type SumsCache = HashMap<(String, Path), Option<Arc<Sums>>>;

/// A store whose data files and log entries are held against their checksums as they are read. A part of a
/// data file is checked by the blocks that it touches. What has no checksums, as earlier releases wrote it,
/// is read as it is.
#[derive(Debug)]
pub(crate) struct Checked {
    store: Arc<dyn ObjectStore>,
    /// What a path is below: `/` on a disk, `s3://bucket/` in a bucket.
    root: String,
}

impl Checked {
    /// `place` is any place in the store.
    pub fn new(store: Arc<dyn ObjectStore>, place: &Url) -> Self {
        let root = match place.scheme() {
            "file" => "/".to_owned(),
            _ => format!("{}/", &place[..url::Position::BeforePath]),
        };
        Self { store, root }
    }

    fn damaged(&self, path: &Path, kind: Kind) -> Error {
        Damage::new(format!("{}{path}", self.root), kind).into()
    }

    /// The error for a data file that cannot be read: one that is named but not there is damage.
    fn failed(&self, path: &Path, error: Error) -> Error {
        match error {
            Error::NotFound { .. } => self.damaged(path, Kind::Missing),
            error => error,
        }
    }

    /// The checksums of a data file.
    async fn sums(&self, path: &Path) -> Result<Option<Arc<Sums>>> {
        let key = (self.root.clone(), path.clone());
        if let Some(known) = lock().get_or_insert_default().get(&key) {
            return Ok(known.clone());
        }
        let sums = self.read_sums(path).await?.map(Arc::new);
        let mut known = lock();
        let known = known.get_or_insert_default();
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(key, sums.clone());
        Ok(sums)
    }

    async fn read_sums(&self, path: &Path) -> Result<Option<Sums>> {
        let is_sealed = path.filename().is_some_and(|name| name.ends_with(SEALED));
        let mut bytes = END;
        loop {
            let (end, size) = match self.end(path, bytes).await {
                Ok(read) => read,
                // Nothing can be read of a file that is cut to nothing.
                Err(error) => match self.store.head(path).await {
                    Ok(meta) if meta.size == 0 => return Err(self.damaged(path, Kind::NotWhole)),
                    _ => return Err(self.failed(path, error)),
                },
            };
            match Sums::read(&end, size) {
                Ok(sums) => return Ok(Some(sums)),
                Err(Needed::Tail(more)) if bytes < more as u64 && more as u64 <= size => bytes = more as u64,
                Err(Needed::Nothing) if !is_sealed => return Ok(None),
                Err(_) => return Err(self.damaged(path, Kind::NotWhole)),
            }
        }
    }

    async fn end(&self, path: &Path, bytes: u64) -> Result<(Bytes, u64)> {
        let options = GetOptions { range: Some(GetRange::Suffix(bytes)), ..GetOptions::default() };
        let found = self.store.get_opts(path, options).await?;
        let size = found.meta.size;
        Ok((found.bytes().await?, size))
    }

    async fn entry(&self, path: &Path, options: GetOptions) -> Result<GetResult> {
        let found = self.store.get_opts(path, options).await?;
        let (meta, range, attributes) = (found.meta.clone(), found.range.clone(), found.attributes.clone());
        let bytes = found.bytes().await?;
        if !seal::is_sound(&bytes) {
            return Err(self.damaged(path, Kind::Log));
        }
        Ok(GetResult { payload: payload(bytes), meta, range, attributes })
    }

    fn check(&self, path: &Path, sums: &Sums, from: u64, bytes: &[u8]) -> Result<()> {
        sums.check(from, bytes).map_err(|(from, until)| self.damaged(path, Kind::Bytes { from, until }))
    }
}

fn lock() -> std::sync::MutexGuard<'static, Option<SumsCache>> {
    // Entries are replaced whole, so a poisoned lock guards sound data.
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn payload(bytes: Bytes) -> GetResultPayload {
    GetResultPayload::Stream(stream::once(async move { Ok(bytes) }).boxed())
}

fn is_data_file(path: &Path) -> bool {
    path.filename().is_some_and(|name| name.ends_with(".parquet"))
        && !path.parts().any(|part| part.as_ref() == seal::FOLDER)
}

fn is_log_entry(path: &Path) -> bool {
    path.filename().is_some_and(|name| name.ends_with(".json") && seal::version(name).is_some())
        && path.parts().any(|part| part.as_ref() == seal::FOLDER)
}

/// A part of what was read from `start` on.
fn part(bytes: &Bytes, start: u64, range: &Range<u64>) -> Bytes {
    let place = |at: u64| usize::try_from(at.saturating_sub(start)).unwrap_or(usize::MAX).min(bytes.len());
    bytes.slice(place(range.start)..place(range.end))
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.store.fmt(f)
    }
}

#[async_trait]
impl ObjectStore for Checked {
    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        if is_log_entry(location) && !options.head && options.range.is_none() {
            return self.entry(location, options).await;
        }
        if options.head || !is_data_file(location) {
            return self.store.get_opts(location, options).await;
        }
        let Some(sums) = self.sums(location).await? else {
            return self.store.get_opts(location, options).await.map_err(|e| self.failed(location, e));
        };
        let wanted = match &options.range {
            None => 0..sums.size,
            Some(GetRange::Bounded(range)) => range.start..range.end.min(sums.size),
            Some(GetRange::Offset(from)) => *from..sums.size,
            Some(GetRange::Suffix(bytes)) => sums.size.saturating_sub(*bytes)..sums.size,
        };
        let (from, until) = sums.around(wanted.start, wanted.end);
        let options = GetOptions { range: Some(GetRange::Bounded(from..until)), ..options };
        let found = self.store.get_opts(location, options).await.map_err(|e| self.failed(location, e))?;
        let (meta, attributes) = (found.meta.clone(), found.attributes.clone());
        let bytes = found.bytes().await?;
        self.check(location, &sums, from, &bytes)?;
        Ok(GetResult { payload: payload(part(&bytes, from, &wanted)), meta, range: wanted, attributes })
    }

    async fn get_ranges(&self, location: &Path, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        let sums = match is_data_file(location) {
            true => self.sums(location).await?,
            false => None,
        };
        let Some(sums) = sums else {
            return self.store.get_ranges(location, ranges).await.map_err(|e| self.failed(location, e));
        };
        let mut around: Vec<(u64, u64)> =
            ranges.iter().map(|range| sums.around(range.start, range.end)).collect();
        around.sort_unstable();
        let mut whole: Vec<Range<u64>> = Vec::with_capacity(around.len());
        for (from, until) in around {
            match whole.last_mut() {
                Some(last) if from <= last.end => last.end = last.end.max(until),
                _ => whole.push(from..until),
            }
        }
        let read = self.store.get_ranges(location, &whole).await.map_err(|e| self.failed(location, e))?;
        for (range, bytes) in whole.iter().zip(&read) {
            self.check(location, &sums, range.start, bytes)?;
        }
        let of = |range: &Range<u64>| {
            let at = whole.partition_point(|other| other.end <= range.start);
            let found = whole.get(at).zip(read.get(at));
            found.map_or_else(Bytes::new, |(other, bytes)| part(bytes, other.start, range))
        };
        Ok(ranges.iter().map(of).collect())
    }

    async fn put_opts(&self, location: &Path, payload: PutPayload, opts: PutOptions) -> Result<PutResult> {
        self.store.put_opts(location, payload, opts).await
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        opts: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.store.put_multipart_opts(location, opts).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.store.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.store.list(prefix)
    }

    fn list_with_offset(
        &self,
        prefix: Option<&Path>,
        offset: &Path,
    ) -> BoxStream<'static, Result<ObjectMeta>> {
        self.store.list_with_offset(prefix, offset)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.store.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.store.copy_opts(from, to, options).await
    }
}
