//! Whether what a run read is still what there is.
//!
//! A run stays as it was made. Once a file has been brought in or taken back since, or a tier set by hand, its
//! answers speak of what was, and have to say so.

use std::collections::BTreeMap;

use clientele_model::{Language, RunId};
use serde::Serialize;

use super::rows::{Value, rows, text};
use super::view::{RunView, ViewError};
use crate::collect::tables::BATCHES;
use crate::runs::RESULTS;

/// The table of tiers that people set.
const OVERRIDES: &str = "overrides";
/// So many batches are named.
const MOST: usize = 3;

/// What has changed since a run read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Staleness {
    /// Batches that the run read and that were taken back since, oldest first.
    pub undone: Vec<String>,
    /// Batches that came since and count.
    pub imported: Vec<String>,
    /// Whether tiers were set or ended by hand since.
    pub overrides: bool,
    /// A later run that read all that there is now.
    pub fresh: Option<RunId>,
}

impl RunView {
    /// What has changed since the run read it; `None` when its answers are of what there is.
    ///
    /// # Errors
    /// When the list of batches cannot be read.
    pub async fn staleness(&self) -> Result<Option<Staleness>, ViewError> {
        let now: BTreeMap<String, u64> = self
            .whole()
            .lake
            .snapshot()
            .tables()
            .filter(|(table, _)| !RESULTS.contains(table))
            .map(|(table, version)| (table.to_owned(), version))
            .collect();
        // Nearly always: nothing has to be read.
        if self.run.inputs == now {
            return Ok(None);
        }
        let (then, today) =
            (self.batches(&self.whole().inputs).await?, self.batches(&self.whole().lake).await?);
        let missing = |of: &[String], among: &[String]| -> Vec<String> {
            of.iter().filter(|batch| !among.contains(batch)).cloned().collect()
        };
        let (undone, imported) = (missing(&then, &today), missing(&today, &then));
        let overrides = self.run.inputs.get(OVERRIDES) != now.get(OVERRIDES);
        if undone.is_empty() && imported.is_empty() && !overrides {
            // Files were put together, or refused rows looked at: nothing that an answer depends on.
            return Ok(None);
        }
        let fresh = self.knows_all(&now, &today).await?;
        Ok(Some(Staleness { undone, imported, overrides, fresh }))
    }

    /// The first of the latest runs that all read what there is now. Files that were put together since are the
    /// same data under other versions, so batches decide.
    async fn knows_all(
        &self,
        now: &BTreeMap<String, u64>,
        today: &[String],
    ) -> Result<Option<RunId>, ViewError> {
        let mut found = None;
        for run in self.runs.iter().rev() {
            let is_same = run.inputs == *now
                || run.inputs.get(OVERRIDES) == now.get(OVERRIDES)
                    && self.batches(&self.whole().lake.with_versions(&run.inputs)).await? == today;
            if !is_same {
                break;
            }
            found = Some(run.id.clone());
        }
        Ok(found)
    }

    /// The batches of a lake that count, oldest first.
    async fn batches(&self, lake: &clientele_engine::Lake) -> Result<Vec<String>, ViewError> {
        let files = lake.files(BATCHES).await?;
        let Some(schema) = lake.schema(BATCHES).await?.filter(|_| !files.is_empty()) else {
            return Ok(Vec::new());
        };
        let partitions = lake.partition_columns(BATCHES).await?;
        let partitions: Vec<_> = partitions
            .iter()
            .filter_map(|name| Some((name.as_str(), schema.field_with_name(name).ok()?.data_type().clone())))
            .collect();
        let session = self.session.detached()?;
        // Batches that share a file say themselves which they are.
        let id = if schema.field_with_name("id").is_ok() { "COALESCE(id, batch)" } else { "batch" };
        let sql = format!("SELECT {id} AS batch, undone_at FROM {BATCHES} ORDER BY 1");
        session.register_files(BATCHES, schema, &files, &partitions)?;
        let batches = session.sql(&sql).await?.collect().await?;
        Ok(rows(&batches).filter(|row| row[1] == Value::Unknown).map(|row| text(&row[0])).collect())
    }
}

impl Staleness {
    /// In a sentence, with the cure.
    pub fn sentence(&self, run: &RunId, language: Language) -> String {
        let list = |batches: &[String]| {
            let shown = batches.iter().take(MOST).cloned().collect::<Vec<_>>();
            let more = batches.len() - shown.len();
            let shown = shown.join(language.pick(", ", "、"));
            match more {
                0 => shown,
                _ => language
                    .pick(format!("{shown} and {more} more"), format!("{shown} 等 {} 个", batches.len())),
            }
        };
        let mut what = Vec::new();
        if !self.undone.is_empty() {
            let batches = list(&self.undone);
            what.push(language.pick(
                format!("{batches} taken back, of which this still speaks"),
                format!("批次 {batches} 已撤销，而此处仍含其数据"),
            ));
        }
        if !self.imported.is_empty() {
            let batches = list(&self.imported);
            what.push(language.pick(
                format!("{batches} brought in, of which this knows nothing"),
                format!("新导入了批次 {batches}，此处尚未计入"),
            ));
        }
        if self.overrides {
            what.push(
                language.pick("tiers set or ended by hand".to_owned(), "人工指定的层级有变动".to_owned()),
            );
        }
        let cure = match &self.fresh {
            Some(fresh) => language
                .pick(format!("run {fresh} has what there is now"), format!("最新数据请看刷新 {fresh}")),
            None => {
                language.pick("run `clientele refresh`".to_owned(), "请运行 clientele refresh".to_owned())
            }
        };
        let what = what.join(language.pick("; ", "；"));
        language.pick(
            format!("The data have changed since run {run} ({what}): {cure}."),
            format!("刷新 {run} 之后数据有变化（{what}）：{cure}。"),
        )
    }
}
