//! What only all customers together tell, worked out before anybody is measured and kept with the run.

use std::sync::Arc;

use clientele_engine::{DataFile, EngineError, Lake, Transaction};
use clientele_model::spec::MetricSource;
use clientele_model::{AsOf, RunId};

use super::bucket::{FactTable, Plan, with_partitions};
use super::registry::MetricRegistry;
use super::{facts, graph, prices};

/// Whether metrics ask for any of what [`Plan::survey`] works out.
pub fn surveys(registry: &MetricRegistry) -> bool {
    asks_for_places(registry) || asks_for_prices(registry)
}

fn asks_for_places(registry: &MetricRegistry) -> bool {
    registry.iter().any(|m| m.spec.source == MetricSource::Graph)
}

fn asks_for_prices(registry: &MetricRegistry) -> bool {
    let lines = MetricSource::OrderLines;
    let of_lines = registry.iter().filter(|m| m.spec.source == lines);
    facts::reads_beside(lines, prices::TABLE, of_lines.flat_map(|m| m.reads.iter().map(String::as_str)))
}

impl Plan {
    /// Works out everybody's place in the graph of relations and the usual prices of categories, as
    /// far as metrics ask for them: what [`Plan::measure`] then reads. Returns the files that were
    /// written, by table, for the transaction to add; tables are made if need be.
    ///
    /// # Errors
    /// Facts that cannot be read, or a place that cannot be written.
    pub async fn survey(
        &mut self,
        registry: &MetricRegistry,
        as_of: AsOf,
        run: &RunId,
        transaction: &mut Transaction,
    ) -> Result<Vec<(&'static str, Vec<DataFile>)>, EngineError> {
        let mut written = Vec::new();
        for (table, files) in [
            (graph::TABLE, self.connect(registry, as_of, run, transaction).await?),
            (prices::TABLE, self.price(registry, as_of, run, transaction).await?),
        ] {
            if !files.is_empty() {
                written.push((table, files));
            }
        }
        Ok(written)
    }

    /// Takes what [`Plan::survey`] found as a run had worked it out, instead of working it out.
    ///
    /// # Errors
    /// A lake that cannot be read.
    pub async fn survey_of(&mut self, lake: &Lake, run: &RunId) -> Result<(), EngineError> {
        let places = files_of(lake, graph::TABLE, run).await?;
        if self.knows(MetricSource::Relations) {
            self.add_places(places);
        }
        let usual = files_of(lake, prices::TABLE, run).await?;
        self.add_prices(usual);
        Ok(())
    }

    async fn connect(
        &mut self,
        registry: &MetricRegistry,
        as_of: AsOf,
        run: &RunId,
        transaction: &mut Transaction,
    ) -> Result<Vec<DataFile>, EngineError> {
        if !asks_for_places(registry) || !self.knows(MetricSource::Relations) {
            return Ok(Vec::new());
        }
        let places = graph::places(&self.facts().await?, self.knows(MetricSource::Orders), as_of).await?;
        if places.is_empty() {
            // Relations are kept, only none is seen yet: nobody has any, which is not the same as not known.
            self.add_places(Vec::new());
            return Ok(Vec::new());
        }
        if !transaction.has_table(graph::TABLE) {
            let schema = with_partitions(graph::schema());
            transaction.create_table(graph::TABLE, Arc::new(schema), &crate::results::PARTITIONS)?;
        }
        let files = graph::write(&places, self.bucket_customers, run, &transaction.stager())?;
        self.add_places(files.clone());
        Ok(files)
    }

    async fn price(
        &mut self,
        registry: &MetricRegistry,
        as_of: AsOf,
        run: &RunId,
        transaction: &mut Transaction,
    ) -> Result<Vec<DataFile>, EngineError> {
        if !self.knows(MetricSource::OrderLines) || !asks_for_prices(registry) {
            return Ok(Vec::new());
        }
        if !transaction.has_table(prices::TABLE) {
            transaction.create_table(prices::TABLE, prices::partitioned_schema(), &prices::PARTITIONS)?;
        }
        let file = prices::write(&self.facts().await?, as_of, run, &transaction.stager()).await?;
        let files: Vec<DataFile> = file.into_iter().collect();
        self.add_prices(files.clone());
        Ok(files)
    }

    fn add_places(&mut self, files: Vec<DataFile>) {
        let table = FactTable { schema: Arc::new(graph::schema()), files };
        self.facts.insert(MetricSource::Graph, table);
    }

    fn add_prices(&mut self, files: Vec<DataFile>) {
        self.beside.insert(prices::TABLE, FactTable { schema: prices::schema(), files });
    }
}

/// The files of a table of results that a run wrote.
async fn files_of(lake: &Lake, table: &str, run: &RunId) -> Result<Vec<DataFile>, EngineError> {
    if lake.schema(table).await?.is_none() {
        return Ok(Vec::new());
    }
    let mut files = lake.files(table).await?;
    files.retain(|file| file.partitions.get("run").is_some_and(|r| r == run.as_str()));
    Ok(files)
}
