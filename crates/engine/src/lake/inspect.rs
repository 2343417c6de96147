//! Looking whether everything that a lake names is there, and is what was written.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use futures::{StreamExt as _, TryStreamExt as _};
use object_store::path::Path;
use object_store::{Error, ObjectStore as _, ObjectStoreExt as _};
use xxhash_rust::xxh3::Xxh3;

use super::file::DataFile;
use super::snapshot::Snapshot;
use super::{Lake, log, manifest, objects};
use crate::error::{EngineError, Result};
use crate::integrity::{Damage, DamageKind};

/// How thoroughly a lake is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Whether every file is there and has its size.
    Sizes,
    /// Every byte of every file, and every entry of the logs.
    Bytes,
}

/// An inspection of a lake, which may go through several generations: what was looked at once is not looked
/// at again.
#[derive(Debug)]
pub struct Inspection {
    depth: Depth,
    /// Table and path of the files that were looked at.
    seen: BTreeSet<(String, String)>,
    /// What is there, with its size in bytes; read once.
    there: Option<BTreeMap<Path, u64>>,
    logs: BTreeSet<String>,
    /// Everything that is not as it was written.
    pub damages: Vec<Damage>,
    /// How many bytes of data the files have that were looked at.
    pub bytes: u64,
}

impl Inspection {
    pub fn new(depth: Depth) -> Self {
        Self {
            depth,
            seen: BTreeSet::new(),
            there: None,
            logs: BTreeSet::new(),
            damages: Vec::new(),
            bytes: 0,
        }
    }

    /// How many data files were looked at.
    pub fn files(&self) -> usize {
        self.seen.len()
    }

    /// Looks at all that a lake names as of its generation.
    ///
    /// # Errors
    /// A place that cannot be read. Damage is no error: it is noted.
    pub async fn look_at(&mut self, lake: &Lake) -> Result<()> {
        let tables: Vec<String> = lake.snapshot().tables().map(|(name, _)| name.to_owned()).collect();
        if self.there.is_none() {
            self.there = Some(list(lake).await?);
        }
        self.logs_of(lake, manifest::NAME, lake.snapshot()).await?;
        for table in tables {
            self.logs_of(lake, &table, lake.snapshot()).await?;
            match lake.files(&table).await {
                Ok(files) => self.data_files(lake, &table, files).await?,
                Err(EngineError::Damaged(damage)) => self.note(damage),
                Err(EngineError::Corrupt { .. } | EngineError::NotFound { .. } | EngineError::Io { .. }) => {
                    self.note(Damage::new(lake.location().join(&table).to_string(), DamageKind::Log));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Looks at some files of a table, by the depth of the inspection.
    ///
    /// # Errors
    /// As [`Self::look_at`].
    pub async fn look_at_files(&mut self, lake: &Lake, table: &str, files: Vec<DataFile>) -> Result<()> {
        if self.there.is_none() {
            self.there = Some(list(lake).await?);
        }
        self.data_files(lake, table, files).await
    }

    fn note(&mut self, damage: Damage) {
        if !self.damages.contains(&damage) {
            self.damages.push(damage);
        }
    }

    async fn data_files(&mut self, lake: &Lake, table: &str, files: Vec<DataFile>) -> Result<()> {
        let root = lake.location().join(table).prefix()?;
        for file in files {
            if !self.seen.insert((table.to_owned(), file.path.clone())) {
                continue;
            }
            self.bytes += file.size;
            let path = file.path.split('/').fold(root.clone(), |path, part| path.join(part));
            let found = self.there.as_ref().and_then(|there| there.get(&path)).copied();
            let at = objects::shown(lake.location(), &path);
            let kind = match found {
                None => Some(DamageKind::Missing),
                Some(found) if found != file.size => Some(DamageKind::Size { found, written: file.size }),
                Some(_) if self.depth == Depth::Sizes => None,
                Some(_) => content(lake, &path, &file).await?,
            };
            if let Some(kind) = kind {
                self.note(Damage::new(at, kind));
            }
        }
        Ok(())
    }

    /// Holds the entries of a table's log against their seals.
    async fn logs_of(&mut self, lake: &Lake, table: &str, now: &Snapshot) -> Result<()> {
        if self.depth == Depth::Sizes || !self.logs.insert(table.to_owned()) {
            return Ok(());
        }
        let folder = lake.location().join(table).prefix()?.join(log::FOLDER);
        let counts = if table == manifest::NAME { Some(now.generation()) } else { now.version(table) };
        for path in objects::list(lake.location(), &folder).await? {
            let name = path.filename().unwrap_or_default();
            let is_entry = name.ends_with(".json") && log::version(name).is_some_and(|v| Some(v) <= counts);
            if !is_entry {
                continue;
            }
            let entry = objects::get(lake.location(), &path).await?;
            if entry.is_some_and(|entry| !log::is_sound(&entry)) {
                self.note(Damage::new(objects::shown(lake.location(), &path), DamageKind::Log));
            }
        }
        Ok(())
    }
}

/// What lies in a lake's place, with its size.
async fn list(lake: &Lake) -> Result<BTreeMap<Path, u64>> {
    let (store, root) = (lake.location().store()?, lake.location().prefix()?);
    let listed = store.list(Some(&root)).map_ok(|meta| (meta.location, meta.size));
    listed.try_collect().await.map_err(|error| EngineError::store(lake.location().to_string(), &error))
}

/// What is wrong with the bytes of a file that has the right size.
async fn content(lake: &Lake, path: &Path, file: &DataFile) -> Result<Option<DamageKind>> {
    let failed = |error: &Error| EngineError::store(objects::shown(lake.location(), path), error);
    let found = match lake.location().store()?.get(path).await {
        Ok(found) => found,
        Err(Error::NotFound { .. }) => return Ok(Some(DamageKind::Missing)),
        Err(error) => return Err(failed(&error)),
    };
    let Some(hash) = &file.hash else {
        // Of one without a hash all that can be told is whether it can be read.
        let bytes = found.bytes().await.map_err(|error| failed(&error))?;
        let reader = ParquetRecordBatchReaderBuilder::try_new(bytes).and_then(|builder| builder.build());
        let is_sound = reader.is_ok_and(|mut reader| reader.all(|batch| batch.is_ok()));
        return Ok((!is_sound).then_some(DamageKind::Other));
    };
    let mut sum = Xxh3::new();
    let mut stream = found.into_stream();
    while let Some(part) = stream.next().await {
        sum.update(&part.map_err(|error| failed(&error))?);
    }
    Ok((format!("{:016x}", sum.digest()) != *hash).then_some(DamageKind::Other))
}
