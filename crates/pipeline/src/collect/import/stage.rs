//! Reading the rows of a file into staged data files.

use std::sync::Arc;

use clientele_engine::lake::Stager;
use clientele_model::progress::{Progress, ProgressUnit};
use clientele_read::{Progress as Read, TableFile};

use super::super::batches::BatchInfo;
use super::super::error::ImportError;
use super::super::history;
use super::super::ids::Room;
use super::super::keys::CustomerKeys;
use super::super::known::Known;
use super::super::lake_rows::LakeReader;
use super::super::map::{MapContext, Mapped, map_chunk};
use super::super::sink::{IdSet, PassSettings, Passed, Sink};
use super::super::staged::Staged;
use super::ImportRequest;
use super::prepare::{Prepared, blocking, fingerprint};
use crate::workspace::Settings;

/// A file whose order has to be read this often has lines that contradict each other anew each
/// time, which cannot be.
const PASSES: usize = 4;

/// Writers that wait for the disk while others compute.
const WAITING_WRITERS: usize = 2;

/// What staging needs beyond the file.
pub struct Stage {
    pub settings: Settings,
    pub request: ImportRequest,
    pub batch: String,
    /// The batches that the lake holds.
    pub earlier: Vec<BatchInfo>,
    /// Absent in a dry run.
    pub stager: Option<Stager>,
    /// Whether the file is read by another layout too, which counts its broken rows.
    pub is_companion: bool,
    /// Size and hash of the file, where they are known already.
    pub hashed: Option<(u64, String)>,
    pub progress: Arc<dyn Progress>,
}

/// Reads a file. Where the lake holds records of the source, a first pass finds out which of
/// the file's records those are, so that the second writes only what is new.
pub async fn stage(mut run: Stage, prepared: Prepared, reader: &LakeReader) -> Result<Staged, ImportError> {
    let Prepared { table, recognised, date_order, percent, questionnaires, .. } = prepared;
    let (known, path) = (run.hashed.take(), table.info().path.clone());
    let hashing = tokio::task::spawn_blocking(move || known.map_or_else(|| fingerprint(&path), Ok));
    let mut cx = MapContext::new(
        recognised.layout,
        recognised.mapping,
        recognised.header,
        date_order,
        &run.settings,
        run.request.now,
    );
    cx.is_companion = run.is_companion;
    if let Some(plan) = &mut cx.records {
        plan.percent = percent;
        plan.questionnaires = questionnaires;
    }
    let cx = Arc::new(cx);
    let keys = history::customer_keys(reader, &cx).await?;
    let must_compare = history::holds_records(&run.earlier, &cx);
    let mut work = Work { run, table, cx, keys, known: Known::default() };
    if must_compare {
        let (ids, tally);
        (work, ids, tally) = blocking(move || {
            let passed = work.settled_pass(false)?;
            Ok((work, passed.ids, passed.tally))
        })
        .await?;
        let known = &mut work.known;
        history::compare(reader, &work.run.earlier, &work.cx, &ids, &tally, known).await?;
        if let IdSet::Contents(contents) = ids {
            work.known.contents = contents;
        }
    }
    let (cx, passed, keys) = blocking(move || {
        let passed = work.settled_pass(true)?;
        let Work { cx, keys, .. } = work;
        Ok((cx, passed, keys))
    })
    .await?;
    let (bytes, hash) = hashing.await.map_err(|error| ImportError::Stopped(error.to_string()))??;
    Ok(Staged { cx, passed, keys, bytes, hash })
}

struct Work {
    run: Stage,
    table: TableFile,
    cx: Arc<MapContext>,
    keys: CustomerKeys,
    known: Known,
}

impl Work {
    /// Reads the file as often as it takes to know which orders are whole.
    fn settled_pass(&mut self, writing: bool) -> Result<Passed, ImportError> {
        for _ in 0..PASSES {
            let mut passed = self.pass(writing)?;
            let Some(again) = passed.again.take() else { return Ok(passed) };
            self.known.blocked.extend(again.blocked);
            self.known.orders.extend(again.orders);
        }
        Err(ImportError::Stopped("the orders of the file do not settle".into()))
    }

    fn pass(&mut self, writing: bool) -> Result<Passed, ImportError> {
        let request = &self.run.request;
        let stage = if writing { "import" } else { "compare" };
        let cx = Arc::clone(&self.cx);
        let settings = PassSettings {
            cx: &cx,
            known: &self.known,
            stager: self.run.stager.as_ref().filter(|_| writing),
            batch: &self.run.batch,
            kind: history::Kind::of(cx.layout.grain).name,
            file: &super::file_name(&self.table.info().path),
            language: self.run.settings.language,
            bucket_customers: self.run.settings.bucket_customers,
            budget: usize::try_from(request.memory_limit / 8).unwrap_or(usize::MAX),
            // More than there are processors: each file is waited for until it is on the disk.
            writers: request.threads.max(1) + WAITING_WRITERS,
            ids: Room::within(request.memory_limit / 4),
            few_ids: Room::within(request.memory_limit / 32),
        };
        let mut sink = Sink::new(settings, &mut self.keys);
        let progress = &self.run.progress;
        let map = |chunk| -> Mapped { map_chunk(&cx, chunk) };
        self.table.for_each_chunk(request.threads.max(1), map, |mapped, read: Read| {
            progress.at(stage, read.bytes, read.bytes_total, ProgressUnit::Bytes);
            sink.take(mapped)
        })?;
        let passed = sink.finish()?;
        progress.finished(stage);
        Ok(passed)
    }
}
