//! A workspace in a temporary folder and files to import into it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime};
use clientele_engine::arrow::util::display::{ArrayFormatter, FormatOptions};
use clientele_engine::{EngineSettings, FunctionSet, Session};
use clientele_model::BatchId;
use clientele_model::progress::Quiet;
use clientele_pipeline::Workspace;
use clientele_pipeline::collect::{
    BatchOutcome, BatchReport, ImportError, ImportRequest, import, settle, tables, undo,
};
use clientele_pipeline::workspace::{Keep, Settings};
use tempfile::TempDir;

/// The time of all imports.
pub fn now() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2025, 7, 1).and_then(|d| d.and_hms_opt(12, 0, 0)).expect("a time")
}

/// A workspace with small buckets, so that a few customers need several.
pub struct Shop {
    pub folder: TempDir,
    pub workspace: Workspace,
}

impl Shop {
    pub async fn new(currency: &str) -> Self {
        let mut settings = Settings::new(currency.parse().expect("a currency"));
        settings.timezone = chrono_tz::Asia::Shanghai;
        settings.bucket_customers = 3;
        Self::with(settings).await
    }

    pub async fn with(settings: Settings) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let workspace = Workspace::init(&folder.path().join("shop"), settings).await.expect("a workspace");
        Shop { folder, workspace }
    }

    /// Writes a file.
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        path
    }

    pub fn request(&self, path: PathBuf) -> ImportRequest {
        ImportRequest::new(path, now())
    }

    /// Imports with a request.
    pub async fn run(&self, request: &ImportRequest) -> Result<BatchReport, ImportError> {
        let mut report = import(&self.workspace, request, Arc::new(Quiet)).await?;
        let report = report.batches.remove(0);
        assert!(report.report.adds_up(), "{:?}", report.report);
        Ok(report)
    }

    /// Writes and imports a file.
    pub async fn import(&self, name: &str, bytes: impl AsRef<[u8]>) -> BatchReport {
        let path = self.file(name, bytes);
        self.run(&self.request(path)).await.unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub async fn undo(&self, batch: &str) {
        undo(&self.workspace, &BatchId::new(batch), now()).await.unwrap_or_else(|e| panic!("{batch}: {e}"));
    }

    /// Settles what cannot be undone any more, as of a time; tells how many batches that were.
    pub async fn settle(&self, now: NaiveDateTime) -> u64 {
        let lake = self.workspace.lake().await.expect("a lake");
        let mut transaction = lake.begin().await.expect("a transaction");
        let settled = settle(&mut transaction, &lake, &Keep::default(), now, 1).await.expect("settled");
        transaction.commit("settled").await.expect("a commit");
        settled.batches
    }

    /// The records that count, told without what depends on history.
    pub async fn live(&self) -> BTreeMap<&'static str, Vec<String>> {
        let mut live = BTreeMap::new();
        for table in tables::ALL {
            let is_history = table.starts_with("superseded_") || table == "own_customers";
            if is_history || [tables::BATCHES, tables::CONFIRMATIONS].contains(&table) {
                continue;
            }
            let schema = tables::schema_of(table);
            let names = schema.fields().iter().map(|f| f.name().as_str());
            let columns: Vec<String> = names
                .filter(|name| !matches!(*name, "customer_key" | "bucket" | "batch"))
                .map(|name| format!("\"{name}\""))
                .collect();
            live.insert(table, self.rows(table, &columns.join(", ")).await);
        }
        live
    }

    /// A table's rows as text, sorted: some columns, or all.
    pub async fn rows(&self, table: &str, columns: &str) -> Vec<String> {
        let lake = self.workspace.lake().await.expect("a lake");
        let files = lake.files(table).await.expect("files");
        if files.is_empty() {
            return Vec::new();
        }
        let session =
            Session::open(&EngineSettings::default(), &FunctionSet::default()).await.expect("a session");
        let partitions: Vec<_> =
            tables::partitions_of(table).iter().map(|c| (*c, tables::partition_type(c))).collect();
        session.register_files(table, tables::schema_of(table), &files, &partitions).expect("a table");
        let frame = session.sql(&format!("select {columns} from {table}")).await.expect("a query");
        let mut out = Vec::new();
        for batch in frame.collect().await.expect("rows") {
            let options = FormatOptions::default();
            let formats: Vec<_> = batch
                .columns()
                .iter()
                .map(|column| ArrayFormatter::try_new(column, &options).expect("a format"))
                .collect();
            for row in 0..batch.num_rows() {
                let cells: Vec<String> = formats.iter().map(|f| f.value(row).to_string()).collect();
                out.push(cells.join("|"));
            }
        }
        out.sort();
        out
    }

    /// All records, told without customer keys and buckets: these depend on history.
    pub async fn state(&self) -> BTreeMap<&'static str, Vec<String>> {
        let mut state = BTreeMap::new();
        for table in tables::ALL {
            if table == tables::BATCHES {
                continue;
            }
            let schema = tables::schema_of(table);
            let names = schema.fields().iter().map(|f| f.name().as_str());
            let columns: Vec<String> = names
                .filter(|name| !matches!(*name, "customer_key" | "bucket"))
                .map(|name| format!("\"{name}\""))
                .collect();
            state.insert(table, self.rows(table, &columns.join(", ")).await);
        }
        state
    }
}

/// The batch that an import made.
pub fn batch_of(report: &BatchReport) -> &str {
    match &report.outcome {
        BatchOutcome::Imported { batch } => batch.as_str(),
        other => panic!("{other:?}"),
    }
}
