//! A workspace in a passing folder, filled and asked without ceremony.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime};
use clientele_engine::EngineSettings;
use clientele_model::progress::Quiet;
use clientele_model::{MetricId, RunId, SchemeId};
use clientele_pipeline::collect::{BatchReport, ImportRequest, import};
use clientele_pipeline::understand::RunView;
use clientele_pipeline::understand::rows::{Value, rows, text};
use clientele_pipeline::workspace::Settings;
use clientele_pipeline::{RefreshError, RefreshRequest, Run, Workspace, refresh};
use tempfile::TempDir;

/// The repository.
pub fn root() -> PathBuf {
    // Asked for as the tests run: a build cache may be shared by several clones.
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("set while tests run")).join("../..")
}

/// A file of the tests.
pub fn fixture(name: &str) -> PathBuf {
    root().join("fixtures").join(name)
}

/// The time of all imports and runs: after everything that happens in these tests.
pub fn now() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 7, 1).and_then(|d| d.and_hms_opt(12, 0, 0)).expect("a time")
}

/// A workspace to test with.
pub struct Base {
    pub folder: TempDir,
    pub workspace: Workspace,
}

impl Base {
    /// An empty workspace in pounds, in London, with so many customers a bucket.
    pub async fn new(bucket_customers: i32) -> Self {
        let mut settings = Settings::new("GBP".parse().expect("a currency"));
        settings.timezone = chrono_tz::Europe::London;
        settings.bucket_customers = bucket_customers;
        let folder = tempfile::tempdir().expect("a folder");
        let workspace = Workspace::init(&folder.path().join("base"), settings).await.expect("a workspace");
        Base { folder, workspace }
    }

    /// The shop of twenty customers, in buckets of seven.
    pub async fn tiny_shop() -> Self {
        let base = Base::new(7).await;
        base.import(fixture("tiny_shop/customers.csv")).await;
        base.import(fixture("tiny_shop/orders.csv")).await;
        base
    }

    /// The UCI Online Retail file, with what its import said.
    pub async fn online_retail() -> (Self, BatchReport) {
        let base = Base::new(1000).await;
        let report = base.import(root().join("data/online_retail/online_retail.parquet")).await;
        (base, report)
    }

    /// Imports a file.
    pub async fn import(&self, path: PathBuf) -> BatchReport {
        let request = ImportRequest::new(path.clone(), now());
        let report = import(&self.workspace, &request, Arc::new(Quiet)).await;
        report.unwrap_or_else(|error| panic!("{}: {error}", path.display())).batches.remove(0)
    }

    /// Writes and imports a file.
    pub async fn import_text(&self, name: &str, text: &str) -> BatchReport {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).expect("a file");
        self.import(path).await
    }

    /// Puts a document of the user's own in the library.
    pub fn document(&self, shelf: &str, name: &str, text: &str) {
        let folder = self.workspace.library(shelf);
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join(name), text).expect("a document");
    }

    /// Refreshes everything, or only some schemes.
    pub async fn try_refresh(&self, as_of: &str, schemes: &[&str]) -> Result<Run, RefreshError> {
        self.refresh_with(as_of, schemes, EngineSettings::default(), 2).await
    }

    pub async fn refresh_with(
        &self,
        as_of: &str,
        schemes: &[&str],
        engine: EngineSettings,
        threads: usize,
    ) -> Result<Run, RefreshError> {
        let request = RefreshRequest {
            as_of: as_of.parse().expect("a day"),
            now: now(),
            schemes: schemes.iter().map(|s| SchemeId::new(*s)).collect(),
            metrics: Vec::new(),
            engine,
            threads,
        };
        refresh(&self.workspace, &request, Arc::new(Quiet)).await
    }

    /// Refreshes some schemes and further metrics, and insists that it works.
    pub async fn refresh_metrics(&self, as_of: &str, schemes: &[&str], metrics: &[&str]) -> Run {
        let request = RefreshRequest {
            as_of: as_of.parse().expect("a day"),
            now: now(),
            schemes: schemes.iter().map(|s| SchemeId::new(*s)).collect(),
            metrics: metrics.iter().map(|m| MetricId::new(*m)).collect(),
            engine: EngineSettings::default(),
            threads: 2,
        };
        let run = refresh(&self.workspace, &request, Arc::new(Quiet)).await;
        run.unwrap_or_else(|error| panic!("{as_of}: {error}"))
    }

    /// Refreshes and insists that it works.
    pub async fn refresh(&self, as_of: &str, schemes: &[&str]) -> Run {
        self.try_refresh(as_of, schemes).await.unwrap_or_else(|error| panic!("{as_of}: {error}"))
    }

    /// Opens a run; the last one, when none is named.
    pub async fn view(&self, run: Option<&RunId>) -> RunView {
        RunView::open(&self.workspace, &EngineSettings::default(), run).await.expect("a run")
    }
}

/// The rows of a query over a run.
pub async fn ask(view: &RunView, sql: &str) -> Vec<Vec<Value>> {
    let frame = view.session.sql(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    let batches = frame.collect().await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows(&batches).collect()
}

/// Columns of `metrics` or `labels` per customer id.
pub async fn per_customer(view: &RunView, table: &str, columns: &[&str]) -> BTreeMap<String, Vec<Value>> {
    let names: Vec<String> = columns.iter().map(|c| format!("\"{c}\"")).collect();
    let sql = format!("SELECT customer_id, {} FROM {table}", names.join(", "));
    let found = ask(view, &sql).await;
    found.into_iter().map(|mut row| (text(&row[0]), row.split_off(1))).collect()
}

/// The tiers of one scheme per customer id.
pub async fn tiers_of(view: &RunView, scheme: &str) -> BTreeMap<String, String> {
    let column = SchemeId::new(scheme).column();
    let found = per_customer(view, "labels", &[&column]).await;
    found.into_iter().map(|(id, row)| (id, text(&row[0]))).collect()
}
