//! A query that is ready to run.

use std::future::Future;
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;
use datafusion::error::DataFusionError;
use datafusion::physical_plan::{SendableRecordBatchStream, displayable};
use datafusion::prelude::DataFrame;
use futures::StreamExt as _;

use crate::constants;
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::settings::EngineUrl;

/// How often a query that the cluster failed is run in all. Queries only read, so running one
/// again is safe; an executor that died is gone from the cluster by then.
const ATTEMPTS: usize = 3;

/// A query of a session.
#[derive(Clone)]
pub struct Frame {
    frame: DataFrame,
    sql: Arc<str>,
    engine: Engine,
}

impl Frame {
    pub(crate) fn new(frame: DataFrame, sql: &str, engine: Engine) -> Self {
        Self { frame, sql: sql.into(), engine }
    }

    /// The rows as a table of other queries, which take the query in.
    pub(crate) fn provider(self) -> Arc<dyn TableProvider> {
        self.frame.into_view()
    }

    /// The columns of the result.
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(self.frame.schema().inner())
    }

    /// Runs the query and returns all rows, or an error; never a part of them.
    pub async fn collect(&self) -> Result<Vec<RecordBatch>> {
        self.again(|| self.frame.clone().collect()).await
    }

    /// Runs the query and hands out its rows as they come. The rows are complete when the
    /// stream has ended without an error.
    pub async fn stream(&self) -> Result<BatchStream> {
        self.again(|| self.start()).await
    }

    /// Runs the query and hands out its rows in parts that can be read side by side. The rows are complete
    /// when all parts have ended without an error. A cluster hands them out in one part.
    pub async fn streams(&self) -> Result<Vec<BatchStream>> {
        if self.engine.url != EngineUrl::Local {
            return Ok(vec![self.stream().await?]);
        }
        let parts = self.engine.run(&self.sql, self.frame.clone().execute_stream_partitioned()).await?;
        let stream = |rest| {
            let (sql, engine) = (Arc::clone(&self.sql), self.engine.clone());
            BatchStream { schema: self.schema(), first: None, rest, sql, engine }
        };
        Ok(parts.into_iter().map(stream).collect())
    }

    /// How the query will be run, for people to read.
    pub async fn explain(&self) -> Result<String> {
        let frame = self.frame.clone();
        let plan = self.engine.run(&self.sql, frame.create_physical_plan()).await?;
        Ok(displayable(plan.as_ref()).indent(false).to_string())
    }

    /// For each column the text that every row has in it, where planning alone tells.
    pub fn constants(&self) -> Result<Vec<Option<String>>> {
        let plan = self.frame.clone().into_optimized_plan();
        plan.and_then(|plan| constants::texts(&plan)).map_err(|error| EngineError::query(&self.sql, &error))
    }

    async fn again<T, F>(&self, run: impl Fn() -> F) -> Result<T>
    where
        F: Future<Output = std::result::Result<T, DataFusionError>>,
    {
        let mut attempt = 1;
        loop {
            match self.engine.run(&self.sql, run()).await {
                Err(EngineError::Cluster { .. }) if attempt < ATTEMPTS => attempt += 1,
                done => return done,
            }
        }
    }

    /// Waits for the first rows: a cluster that fails the query does so before them.
    async fn start(&self) -> std::result::Result<BatchStream, DataFusionError> {
        let mut rest = self.frame.clone().execute_stream().await?;
        let first = rest.next().await.transpose()?;
        let (sql, engine) = (Arc::clone(&self.sql), self.engine.clone());
        Ok(BatchStream { schema: self.schema(), first, rest, sql, engine })
    }
}

/// The rows of a running query.
pub struct BatchStream {
    schema: SchemaRef,
    first: Option<RecordBatch>,
    rest: SendableRecordBatchStream,
    sql: Arc<str>,
    engine: Engine,
}

impl BatchStream {
    /// The columns of the result.
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    /// The next rows; none at the end.
    pub async fn next(&mut self) -> Result<Option<RecordBatch>> {
        if let Some(first) = self.first.take() {
            return Ok(Some(first));
        }
        let next = self.rest.next();
        self.engine.run(&self.sql, async { next.await.transpose() }).await
    }
}
