//! The one place where SQL sessions are made.

use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::{DataType, SchemaRef};
use datafusion::catalog::MemTable;
use datafusion::error::DataFusionError;
use datafusion::execution::memory_pool::{MemoryPool, UnboundedMemoryPool};
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::{SessionState, SessionStateBuilder};
use datafusion::logical_expr::{AggregateUDF, ScalarUDF};
use datafusion::prelude::{SQLOptions, SessionConfig, SessionContext};
use url::Url;

use crate::engine::{Engine, check_cluster};
use crate::error::{EngineError, Result};
use crate::frame::Frame;
use crate::functions::FunctionSet;
use crate::lake::{DataFile, TableWriter};
use crate::location::Location;
use crate::memory::SharedMemory;
use crate::settings::{EngineSettings, EngineUrl};
use crate::stores::EnvStores;
use crate::tables::{FoundTable, SessionTables, TableSource};

/// Tables and functions by name, and a place to run queries over them. Cheap to clone; clones
/// share tables and memory limit.
#[derive(Clone)]
pub struct Session {
    context: SessionContext,
    tables: Arc<SessionTables>,
    engine: Engine,
}

impl Session {
    /// Makes a session. A cluster that cannot be reached is an error within seconds.
    pub async fn open(settings: &EngineSettings, functions: &FunctionSet) -> Result<Self> {
        let setting = |error: DataFusionError| {
            EngineError::setting(("the session cannot be made", "无法建立查询会话"), error.strip_backtrace())
        };
        let state = state(settings, runtime(settings)?);
        let state = match &settings.engine {
            EngineUrl::Local => state,
            EngineUrl::Cluster(url) => {
                let state = on_cluster(state, url)?;
                check_cluster(url).await?;
                state
            }
        };
        let mut context = SessionContext::new_with_state(state);
        functions.register(&mut context).map_err(setting)?;
        let engine = Engine { url: settings.engine.clone() };
        with_tables(&context, engine, SessionTables::default())
    }

    /// Where the queries run.
    pub fn engine(&self) -> &EngineUrl {
        &self.engine.url
    }

    /// Into how many parts queries are split to run at the same time.
    pub fn parts(&self) -> usize {
        self.context.state_ref().read().config().target_partitions().max(1)
    }

    /// Lets queries read files at this place; of an object store, with what the environment says of it. A
    /// cluster's executors know their stores from their own environment.
    pub fn register_location(&self, location: &Location) -> Result<()> {
        self.context.register_object_store(&location.url()?, crate::stores::checked(&location.url()?)?);
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
        let columns = partition_columns.iter();
        let partition_columns = columns.map(|(column, kind)| ((*column).to_owned(), kind.clone())).collect();
        let table = FoundTable { schema, files: files.to_vec(), partition_columns };
        self.tables.name(name, table.provider());
        Ok(())
    }

    /// Names a table of rows in memory. A cluster cannot see it; there, write the rows to the
    /// lake instead.
    pub fn register_batches(&self, name: &str, schema: SchemaRef, batches: Vec<RecordBatch>) -> Result<()> {
        let table =
            MemTable::try_new(schema, vec![batches]).map_err(|error| EngineError::query(name, &error))?;
        self.tables.name(name, Arc::new(table));
        Ok(())
    }

    /// Takes away a table that was registered under a name; one that is not there is no error.
    pub fn deregister(&self, name: &str) -> Result<()> {
        self.tables.forget(name);
        Ok(())
    }

    /// A session with the same engine, functions, memory and tables, in which tables can be named
    /// without the other seeing them.
    pub fn detached(&self) -> Result<Self> {
        let tables = SessionTables::above(Arc::clone(&self.tables));
        with_tables(&self.context, self.engine.clone(), tables)
    }

    /// A session with the same engine, functions and memory, and no tables.
    pub fn empty(&self) -> Result<Self> {
        with_tables(&self.context, self.engine.clone(), SessionTables::default())
    }

    /// A session with the same engine, functions and memory, which has the tables that a source finds.
    pub fn over(&self, source: Arc<dyn TableSource>) -> Result<Self> {
        with_tables(&self.context, self.engine.clone(), SessionTables::over(source))
    }

    /// The columns of a table that the session knows by a name; nothing when there is none.
    pub async fn schema_of(&self, table: &str) -> Result<Option<SchemaRef>> {
        Ok(self.tables.find(table).await?.map(|table| table.schema()))
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
        let only_queries =
            SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
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

/// A session like another one, with other tables.
fn with_tables(context: &SessionContext, engine: Engine, tables: SessionTables) -> Result<Session> {
    let state = context.state();
    let names = &state.config().options().catalog;
    let tables = Arc::new(tables);
    let catalogs = tables.catalogs(&names.default_catalog, &names.default_schema)?;
    let id = state.session_id().to_owned();
    let state =
        SessionStateBuilder::new_from_existing(state).with_catalog_list(catalogs).with_session_id(id).build();
    Ok(Session { context: SessionContext::new_with_state(state), tables, engine })
}

/// What each sort sets aside for merging what it spilled, in bytes; the default.
const MERGE_BYTES: u64 = 10 << 20;

/// What reading a spilled file may take while merging, in bytes: two batches of wide rows.
const FILE_BYTES: u64 = 16 << 20;

fn state(settings: &EngineSettings, runtime: Arc<RuntimeEnv>) -> SessionState {
    let parts = settings.target_partitions.max(1);
    // Under a small limit, what is set aside by default would be all there is.
    let share = settings.memory_limit_bytes.map(|limit| limit / (8 * parts as u64));
    let merge = usize::try_from(share.unwrap_or(MERGE_BYTES).min(MERGE_BYTES));
    let config = SessionConfig::new()
        .with_target_partitions(parts)
        .with_sort_spill_reservation_bytes(merge.unwrap_or_default())
        .with_batch_size(settings.batch_size.max(1))
        // As on a cluster: its messages cannot carry views well. And sorts count views several
        // times over, so they would run out of memory that is not used.
        .set_bool("datafusion.sql_parser.map_string_types_to_utf8view", false)
        // SQL comes from our own hands only: rules that people write are bounded before they get here.
        .set_usize("datafusion.sql_parser.recursion_limit", 400)
        .with_information_schema(false);
    SessionStateBuilder::new().with_config(config).with_runtime_env(runtime).with_default_features().build()
}

fn runtime(settings: &EngineSettings) -> Result<Arc<RuntimeEnv>> {
    let pool: Arc<dyn MemoryPool> = match settings.memory_limit_bytes {
        Some(limit) => Arc::new(SharedMemory::new(usize::try_from(limit).unwrap_or(usize::MAX))),
        None => Arc::new(UnboundedMemoryPool::default()),
    };
    // Merging takes memory for each spilled file that it reads at the same time, and would take
    // all there is; what is above it in the query then has none.
    let parts = settings.target_partitions.max(1) as u64;
    let files = settings.memory_limit_bytes.map_or(u64::MAX, |limit| limit / (parts * FILE_BYTES));
    let mut builder = RuntimeEnvBuilder::new()
        .with_max_spill_merge_fan_in(usize::try_from(files.clamp(2, 64)).unwrap_or(2))
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
    Err(EngineError::wrong_setting(
        crate::settings::unusable(url.as_str()),
        ("this program was built without cluster support", "本程序不含集群功能"),
        ("use local, or a full build", "请用 local，或改用完整版本"),
    ))
}
