//! A transaction that changes what earlier generations hold, too.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use datafusion::arrow::array::RecordBatch;

use super::Transaction;
use crate::error::{EngineError, Result};
use crate::io;
use crate::lake::file::{DataFile, Standing};
use crate::lake::rewrite::{self, Intent, Replaced};
use crate::lake::snapshot::Snapshot;
use crate::lake::stager::named;

impl Transaction {
    /// What this transaction is called by; the names of its files have it too.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Every data file that some version of a table names, removed ones too; none when there is no such
    /// table.
    pub async fn history(&self, table: &str) -> Result<Vec<DataFile>> {
        match self.snapshot().version(table) {
            Some(_) => rewrite::files(&self.lake.join(table)).await,
            None => Ok(Vec::new()),
        }
    }

    /// The rows of a data file, with all columns that the file holds or those named, as far as it has them.
    /// Columns by which the table is partitioned are not among them.
    pub async fn rows(
        &self,
        table: &str,
        file: &DataFile,
        columns: Option<&[&str]>,
    ) -> Result<Vec<RecordBatch>> {
        rewrite::rows(&self.lake.join(table), file, columns).await
    }

    /// Whether this transaction found a rewriting of history that had been cut off, and brought it to its
    /// end.
    pub fn has_completed_rewriting(&self) -> bool {
        self.has_completed
    }

    /// Puts files that this transaction wrote in the place of others, in every version of their tables:
    /// `replaced` has table, old file and new one, which is of the same partition. Old files are deleted.
    /// Versions, generations and all else in them stay as they are; whoever reads meanwhile sees either.
    /// Nothing else may have been added or removed by the transaction.
    ///
    /// # Errors
    /// Nothing has happened then; or it could not be brought to its end, which
    /// [`EngineError::Unfinished`] tells: then the next transaction does the rest when it begins.
    pub async fn rewrite(
        self,
        replaced: Vec<(String, DataFile, DataFile)>,
        message: &str,
        now: DateTime<Utc>,
    ) -> Result<Snapshot> {
        let message = message.to_owned();
        io::apart(self.rewrite_to_the_end(replaced, message, now)).await
    }

    async fn rewrite_to_the_end(
        mut self,
        replaced: Vec<(String, DataFile, DataFile)>,
        message: String,
        now: DateTime<Utc>,
    ) -> Result<Snapshot> {
        let mut tables: BTreeMap<String, Vec<Replaced>> = BTreeMap::new();
        let mut kept = std::collections::BTreeSet::new();
        for (table, old, new) in replaced {
            kept.extend(named(&table, std::slice::from_ref(&new)));
            tables.entry(table).or_default().push(Replaced { old: old.path, new });
        }
        self.stager.remove(self.stager.staged_but(&kept)).await?;
        self.sync_folders(&kept)?;
        self.lock.confirm().await?;
        let intent = Intent { transaction: self.id.clone(), tables };
        if let Err(error) = intent.write(&self.lake).await {
            if Intent::is_absent(&self.lake, &self.id).await {
                return Err(error);
            }
            // It may be there: then it counts, and nothing that it names may be removed.
            self.finished = true;
            return Err(EngineError::unfinished(&self.lake, &error));
        }
        self.finished = true;
        if let Err(error) = intent.complete(&self.lake).await {
            // The intent came to nothing if somebody has removed what it names.
            if matches!(error, EngineError::Conflict { .. })
                && !intent.is_whole(&self.lake).await.unwrap_or(true)
            {
                return Err(error);
            }
            return Err(EngineError::unfinished(&self.lake, &error));
        }
        self.tables.rewritten(Standing::new());
        // A generation of its own tells whoever watches that files have other names now.
        let versions = self.snapshot().tables.clone();
        let told = async {
            let staged = self.manifest.stage(versions, &self.id, &message, now).await?;
            self.manifest.commit(staged).await
        };
        // Without it the history is rewritten all the same.
        Ok(told.await.unwrap_or_else(|_: EngineError| self.snapshot().clone()))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use datafusion::arrow::array::{ArrayRef, RecordBatch, StringArray};
    use datafusion::arrow::datatypes::{DataType, Field, Schema};

    use super::*;
    use crate::lake::Lake;
    use crate::location::Location;

    fn rows(names: &[&str]) -> RecordBatch {
        let names: ArrayRef = Arc::new(StringArray::from(names.to_vec()));
        RecordBatch::try_from_iter_with_nullable([("name", names, true)]).unwrap()
    }

    async fn names(lake: &Lake, generation: u64) -> Vec<String> {
        let lake = lake.at(generation).await.unwrap();
        let at = lake.location().join("people");
        let mut found = Vec::new();
        for file in lake.files("people").await.unwrap() {
            for batch in rewrite::rows(&at, &file, None).await.unwrap() {
                let column = datafusion::arrow::array::AsArray::as_string::<i32>(batch.column(0));
                found.extend(column.iter().flatten().map(str::to_owned));
            }
        }
        found.sort();
        found
    }

    /// A lake with two people, of whom the first leaves; the rewriting is cut off after its intent.
    async fn cut_off(folder: &Path) -> Lake {
        let lake = Lake::create(Location::folder(folder).unwrap()).await.unwrap();
        let mut change = lake.begin().await.unwrap();
        let schema = Arc::new(Schema::new(vec![Field::new("name", DataType::Utf8, true)]));
        change.create_table("people", schema, &[]).unwrap();
        let mut writer = change.writer("people", &[]).unwrap();
        writer.write(&rows(&["Ada", "Ben"])).unwrap();
        let file = writer.finish().unwrap();
        change.add("people", vec![file.clone()]).unwrap();
        change.commit("two").await.unwrap();
        let mut change = lake.begin().await.unwrap();
        change.remove("people", vec![file.clone()]).unwrap();
        change.commit("none").await.unwrap();

        let mut transaction = lake.begin().await.unwrap();
        let mut writer = transaction.writer("people", &[]).unwrap();
        writer.write(&rows(&["Ben"])).unwrap();
        let replaced = vec![Replaced { old: file.path, new: writer.finish().unwrap() }];
        let tables = BTreeMap::from([("people".to_owned(), replaced)]);
        let intent = Intent { transaction: transaction.id.clone(), tables };
        intent.write(&transaction.lake).await.unwrap();
        // As when the process is killed here: nothing is cleaned up.
        transaction.finished = true;
        lake
    }

    #[tokio::test]
    async fn the_next_writer_does_the_rest() {
        let folder = tempfile::tempdir().unwrap();
        let lake = cut_off(folder.path()).await;
        let elsewhere = Lake::open(Location::folder(folder.path()).unwrap()).await.unwrap();
        // Who opened it before sees it as it was; who comes now sees the rewriting as a whole, though no log has
        // been touched yet.
        assert_eq!(names(&lake, 1).await, ["Ada", "Ben"]);
        assert_eq!(names(&elsewhere, 1).await, ["Ben"]);
        let transaction = lake.begin().await.unwrap();
        assert!(transaction.has_completed_rewriting());
        drop(transaction);
        assert_eq!(names(&elsewhere.newest().await.unwrap(), 1).await, ["Ben"]);
        assert_eq!(names(&lake, 1).await, ["Ben"]);
        assert_eq!(names(&lake, 2).await, [""; 0]);
        let names_of = |folder: &Path| -> Vec<String> {
            let inside = std::fs::read_dir(folder).unwrap();
            inside.map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect()
        };
        assert_eq!(names_of(&folder.path().join("people")).len(), 2, "the log, and the new file");
        assert!(names_of(&folder.path().join("_rewrite")).is_empty());
        // It is done once.
        assert!(!lake.begin().await.unwrap().has_completed_rewriting());
        assert_eq!(names(&lake, 1).await, ["Ben"]);
    }

    #[tokio::test]
    async fn an_intent_that_came_too_late_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let lake = cut_off(folder.path()).await;
        // Whoever took its writer for dead has removed the new file.
        let new = std::fs::read_dir(folder.path().join("people")).unwrap().map(|e| e.unwrap().path());
        let old = lake.at(1).await.unwrap().files("people").await.unwrap();
        let is_new = |path: &std::path::PathBuf| path.is_file() && !path.ends_with(&old[0].path);
        std::fs::remove_file(new.into_iter().find(is_new).unwrap()).unwrap();
        let transaction = lake.begin().await.unwrap();
        assert!(!transaction.has_completed_rewriting());
        drop(transaction);
        assert_eq!(names(&lake, 1).await, ["Ada", "Ben"]);
        assert_eq!(std::fs::read_dir(folder.path().join("_rewrite")).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn a_damaged_intent_is_an_error_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let lake = cut_off(folder.path()).await;
        let intents = folder.path().join("_rewrite");
        let intent = std::fs::read_dir(&intents).unwrap().next().unwrap().unwrap().path();
        std::fs::write(&intent, "{").unwrap();
        let Err(error) = lake.begin().await else { panic!("nothing may be written now") };
        assert!(matches!(&error, EngineError::Corrupt { at, .. } if at.contains("_rewrite")), "{error}");
        assert_eq!(names(&lake, 1).await, ["Ada", "Ben"]);
    }
}
