//! The one place where SQL sessions are made.

use std::net::ToSocketAddrs;
use std::sync::Arc;
use std::time::Duration;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::catalog::{
    CatalogProvider, CatalogProviderList, MemTable, MemoryCatalogProvider,
    MemoryCatalogProviderList, MemorySchemaProvider, SchemaProvider,
};
use datafusion::common::TableReference;
use datafusion::error::DataFusionError;
use datafusion::execution::memory_pool::{FairSpillPool, MemoryPool, UnboundedMemoryPool};
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::{SessionState, SessionStateBuilder};
use datafusion::logical_expr::{AggregateUDF, ScalarUDF};
use datafusion::prelude::{SQLOptions, SessionConfig, SessionContext};
use url::Url;

use crate::error::{EngineError, Result};
use crate::files_table::FilesTable;
use crate::frame::Frame;
use crate::functions::FunctionSet;
use crate::lake::{DataFile, TableWriter};
use crate::location::Location;
use crate::settings::{EngineSettings, EngineUrl};
use crate::stores::EnvStores;

/// A server that does not answer for this long counts as unreachable.
const PATIENCE: Duration = Duration::from_secs(4);

/// Tables and functions by name, and a place to run queries over them. Cheap to clone; clones
/// share tables and memory limit.
#[derive(Clone)]
pub struct Session {
    context: SessionContext,
    engine: Engine,
}

/// Where a session runs its queries, for its errors.
#[derive(Clone, Debug)]
pub(crate) struct Engine {
    url: EngineUrl,
}

impl Session {
    /// Makes a session. A cluster that cannot be reached is an error within seconds.
    pub async fn open(settings: &EngineSettings, functions: &FunctionSet) -> Result<Self> {
        let setting = |error: DataFusionError| EngineError::Setting {
            what: "the session cannot be made".into(),
            cause: error.strip_backtrace(),
        };
        let state = state(settings, runtime(settings)?);
        let state = match &settings.engine {
            EngineUrl::Local => state,
            EngineUrl::Cluster(url) => {
                check_reachable(url).await?;
                on_cluster(state, url)?
            }
        };
        let mut context = SessionContext::new_with_state(state);
        functions.register(&mut context).map_err(setting)?;
        Ok(Self { context, engine: Engine { url: settings.engine.clone() } })
    }

    /// Where the queries run.
    pub fn engine(&self) -> &EngineUrl {
        &self.engine.url
    }

    /// Lets queries read files at this place. Needed for an object store with options of its
    /// own; folders, and buckets known from the environment, can always be read. A cluster's
    /// executors know their stores from their environment only.
    pub fn register_location(&self, location: &Location) -> Result<()> {
        self.context.register_object_store(&location.url()?, location.store()?);
        Ok(())
    }

    /// Names a table that consists of the given files. `schema` has the columns to read, with
    /// the types to read them as; partition columns come last in the table, and one that the
    /// schema has already need not be there twice. A table of that name is replaced.
    pub fn register_files(
        &self,
        name: &str,
        schema: SchemaRef,
        files: &[DataFile],
        partition_columns: &[(&str, DataType)],
    ) -> Result<()> {
        let mut fields: Vec<Arc<Field>> = schema.fields().iter().cloned().collect();
        for (column, data_type) in partition_columns {
            if schema.field_with_name(column).is_err() {
                fields.push(Arc::new(Field::new(*column, data_type.clone(), true)));
            }
        }
        let columns = partition_columns.iter().map(|(column, _)| (*column).to_owned()).collect();
        let table = FilesTable::new(Arc::new(Schema::new(fields)), columns, files.to_vec());
        self.register(name, Arc::new(table))
    }

    /// Names a table of rows in memory. A cluster cannot see it; there, write the rows to the
    /// lake instead.
    pub fn register_batches(
        &self,
        name: &str,
        schema: SchemaRef,
        batches: Vec<RecordBatch>,
    ) -> Result<()> {
        let table = MemTable::try_new(schema, vec![batches])
            .map_err(|error| EngineError::query(name, &error))?;
        self.register(name, Arc::new(table))
    }

    fn register(
        &self,
        name: &str,
        table: Arc<dyn datafusion::catalog::TableProvider>,
    ) -> Result<()> {
        self.deregister(name)?;
        self.context
            .register_table(bare(name), table)
            .map(|_| ())
            .map_err(|error| EngineError::query(name, &error))
    }

    /// Forgets a table; one that is not there is no error.
    pub fn deregister(&self, name: &str) -> Result<()> {
        self.context
            .deregister_table(bare(name))
            .map(|_| ())
            .map_err(|error| EngineError::query(name, &error))
    }

    /// A session with the same engine, functions, memory and tables, in which tables can be named
    /// without the other seeing them.
    pub async fn detached(&self) -> Result<Self> {
        let failed = |error: DataFusionError| EngineError::query("", &error);
        let state = self.context.state();
        let names = &state.config().options().catalog;
        let (catalog_name, schema_name) =
            (names.default_catalog.clone(), names.default_schema.clone());
        let tables = MemorySchemaProvider::new();
        let known = self.context.catalog(&catalog_name).and_then(|c| c.schema(&schema_name));
        if let Some(known) = known {
            for name in known.table_names() {
                if let Some(table) = known.table(&name).await.map_err(failed)? {
                    tables.register_table(name, table).map_err(failed)?;
                }
            }
        }
        let catalog = MemoryCatalogProvider::new();
        catalog.register_schema(&schema_name, Arc::new(tables)).map_err(failed)?;
        let catalogs = MemoryCatalogProviderList::new();
        catalogs.register_catalog(catalog_name, Arc::new(catalog));
        let id = state.session_id().to_owned();
        let state = SessionStateBuilder::new_from_existing(state)
            .with_catalog_list(Arc::new(catalogs))
            .with_session_id(id)
            .build();
        Ok(Self { context: SessionContext::new_with_state(state), engine: self.engine.clone() })
    }

    /// Adds a function of many rows. The cluster must know it too; see [`FunctionSet`].
    pub fn register_udaf(&self, function: AggregateUDF) {
        self.context.register_udaf(function);
    }

    /// Adds a function of one row. The cluster must know it too; see [`FunctionSet`].
    pub fn register_udf(&self, function: ScalarUDF) {
        self.context.register_udf(function);
    }

    /// Plans a query. Only queries: statements that change something are refused.
    pub async fn sql(&self, sql: &str) -> Result<Frame> {
        self.plan(&self.context, sql).await
    }

    /// [`Self::sql`] for a query that is split into so many parts. With 1, several queries can
    /// run side by side without getting in each other's way.
    pub async fn sql_partitioned(&self, sql: &str, target_partitions: usize) -> Result<Frame> {
        // Rebuilding the state instead would replace the catalog that all clones share.
        let mut state = self.context.state();
        let config = state.config().clone().with_target_partitions(target_partitions.max(1));
        *state.config_mut() = config;
        self.plan(&SessionContext::new_with_state(state), sql).await
    }

    async fn plan(&self, context: &SessionContext, sql: &str) -> Result<Frame> {
        let only_queries = SQLOptions::new()
            .with_allow_ddl(false)
            .with_allow_dml(false)
            .with_allow_statements(false);
        match context.sql_with_options(sql, only_queries).await {
            Ok(frame) => Ok(Frame::new(frame, sql, self.engine.clone())),
            Err(error) => Err(EngineError::query(sql, &error)),
        }
    }

    /// Runs a query and writes its rows; returns how many there were. On an error the writer
    /// holds a part of them: drop it.
    pub async fn write_query(&self, sql: &str, writer: &mut TableWriter) -> Result<u64> {
        let frame = self.sql(sql).await?;
        write_frame(&frame, writer).await
    }
}

/// Runs a query and writes its rows; see [`Session::write_query`].
pub(crate) async fn write_frame(frame: &Frame, writer: &mut TableWriter) -> Result<u64> {
    let before = writer.rows();
    let mut stream = frame.stream().await?;
    while let Some(batch) = stream.next().await? {
        writer.write(&batch)?;
    }
    Ok(writer.rows() - before)
}

impl Engine {
    /// Sorts a query's error into its kind.
    pub async fn failed(&self, sql: &str, error: &DataFusionError) -> EngineError {
        let EngineUrl::Cluster(url) = &self.url else {
            return EngineError::query(sql, error);
        };
        if let Err(unreachable) = check_reachable(url).await {
            return unreachable;
        }
        EngineError::Cluster { url: url.to_string(), cause: error.strip_backtrace() }
    }
}

fn bare(name: &str) -> TableReference {
    TableReference::bare(name)
}

fn state(settings: &EngineSettings, runtime: Arc<RuntimeEnv>) -> SessionState {
    let config = SessionConfig::new()
        .with_target_partitions(settings.target_partitions.max(1))
        .with_batch_size(settings.batch_size.max(1))
        .with_information_schema(false);
    SessionStateBuilder::new()
        .with_config(config)
        .with_runtime_env(runtime)
        .with_default_features()
        .build()
}

fn runtime(settings: &EngineSettings) -> Result<Arc<RuntimeEnv>> {
    let pool: Arc<dyn MemoryPool> = match settings.memory_limit_bytes {
        // Fair: of several queries none can take all the memory and leave the rest to fail.
        Some(limit) => {
            Arc::new(FairSpillPool::new(usize::try_from(limit).unwrap_or(usize::MAX)))
        }
        None => Arc::new(UnboundedMemoryPool::default()),
    };
    let mut builder = RuntimeEnvBuilder::new()
        .with_memory_pool(pool)
        .with_object_store_registry(Arc::new(EnvStores::default()));
    if let Some(folder) = &settings.spill_dir {
        std::fs::create_dir_all(folder)
            .map_err(|error| EngineError::io(folder.display().to_string(), &error))?;
        builder = builder.with_temp_file_path(folder);
    }
    builder.build_arc().map_err(|error| EngineError::query("", &error))
}

#[cfg(feature = "cluster")]
fn on_cluster(state: SessionState, url: &Url) -> Result<SessionState> {
    crate::cluster::client::connect(state, url)
}

#[cfg(not(feature = "cluster"))]
fn on_cluster(_state: SessionState, url: &Url) -> Result<SessionState> {
    Err(EngineError::Setting {
        what: format!("the engine {url} cannot be used"),
        cause: "this program was built without cluster support; use local, or a full build".into(),
    })
}

/// Whether somebody listens at a cluster's address.
pub(crate) async fn check_reachable(url: &Url) -> Result<()> {
    let unreachable =
        |cause: String| EngineError::Unreachable { url: url.to_string(), cause };
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let port = url.port().unwrap_or(crate::settings::SCHEDULER_PORT);
    let connecting = async {
        let found = tokio::task::spawn_blocking(move || (host, port).to_socket_addrs()).await;
        let addresses: Vec<_> = found.map_err(std::io::Error::other)??.collect();
        tokio::net::TcpStream::connect(addresses.as_slice()).await
    };
    match tokio::time::timeout(PATIENCE, connecting).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(unreachable(error.to_string())),
        Err(_) => Err(unreachable(format!("no answer within {} seconds", PATIENCE.as_secs()))),
    }
}
