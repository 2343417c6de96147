//! The tables of a session: those that were named in it, and those that are found when a query first names
//! them.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use async_trait::async_trait;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::catalog::{
    CatalogProvider as _, CatalogProviderList, MemoryCatalogProvider, MemoryCatalogProviderList,
    SchemaProvider, TableProvider,
};
use datafusion::common::DataFusionError;
use tokio::sync::OnceCell;

use crate::error::Result;
use crate::files_table::FilesTable;
use crate::frame::Frame;
use crate::lake::DataFile;

/// Finds the tables that queries of a session name.
#[async_trait]
pub trait TableSource: Send + Sync {
    /// The table of a name; nothing when there is none. What it is made of never changes, so a session asks
    /// once.
    ///
    /// # Errors
    /// The table is there and cannot be read.
    async fn table(&self, name: &str) -> Result<Option<Found>>;
}

/// What stands behind a name.
#[derive(Clone)]
pub enum Found {
    /// Files.
    Files(FoundTable),
    /// What a query yields, of a session of whoever found it: the query that names the table cannot reach
    /// beyond it.
    Query(Box<Frame>),
}

impl From<FoundTable> for Found {
    fn from(table: FoundTable) -> Self {
        Found::Files(table)
    }
}

impl Found {
    fn provider(self) -> Arc<dyn TableProvider> {
        match self {
            Found::Files(table) => table.provider(),
            Found::Query(frame) => frame.provider(),
        }
    }
}

/// A table that consists of files.
#[derive(Debug, Clone)]
pub struct FoundTable {
    /// The columns to read, with the types to read them as.
    pub schema: SchemaRef,
    pub files: Vec<DataFile>,
    /// Partition columns come last in the table; one that the schema has already need not be there twice.
    pub partition_columns: Vec<(String, DataType)>,
}

impl FoundTable {
    pub(crate) fn provider(self) -> Arc<dyn TableProvider> {
        let mut fields: Vec<Arc<Field>> = self.schema.fields().iter().cloned().collect();
        for (column, data_type) in &self.partition_columns {
            if self.schema.field_with_name(column).is_err() {
                fields.push(Arc::new(Field::new(column, data_type.clone(), true)));
            }
        }
        let columns = self.partition_columns.into_iter().map(|(column, _)| column).collect();
        Arc::new(FilesTable::new(Arc::new(Schema::new(fields)), columns, self.files))
    }
}

type Provider = Arc<dyn TableProvider>;

/// The tables of a session. What is named in it hides what lies beyond.
#[derive(Default)]
pub(crate) struct SessionTables {
    named: RwLock<HashMap<String, Provider>>,
    beyond: Beyond,
}

#[derive(Default)]
enum Beyond {
    #[default]
    Nothing,
    Session(Arc<SessionTables>),
    Source {
        source: Arc<dyn TableSource>,
        found: Mutex<HashMap<String, Arc<OnceCell<Option<Provider>>>>>,
    },
}

impl SessionTables {
    /// Tables of one's own over those of another session.
    pub fn above(below: Arc<SessionTables>) -> Self {
        Self { named: RwLock::default(), beyond: Beyond::Session(below) }
    }

    /// Tables of one's own over those that a source finds.
    pub fn over(source: Arc<dyn TableSource>) -> Self {
        Self { named: RwLock::default(), beyond: Beyond::Source { source, found: Mutex::default() } }
    }

    /// Names a table; one of that name is replaced.
    pub fn name(&self, name: &str, table: Provider) -> Option<Provider> {
        // Entries are put in whole, so a poisoned lock guards sound data; as below.
        let mut named = self.named.write().unwrap_or_else(PoisonError::into_inner);
        named.insert(name.to_owned(), table)
    }

    /// Forgets a table that was named here.
    pub fn forget(&self, name: &str) -> Option<Provider> {
        self.named.write().unwrap_or_else(PoisonError::into_inner).remove(name)
    }

    fn named(&self, name: &str) -> Option<Provider> {
        self.named.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// The table of a name, wherever it is.
    pub async fn find(&self, name: &str) -> Result<Option<Provider>> {
        let mut tables = self;
        loop {
            if let Some(table) = tables.named(name) {
                return Ok(Some(table));
            }
            match &tables.beyond {
                Beyond::Nothing => return Ok(None),
                Beyond::Session(below) => tables = below,
                Beyond::Source { source, found } => {
                    let cell = {
                        let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
                        Arc::clone(found.entry(name.to_owned()).or_default())
                    };
                    // Whoever comes while it is looked for waits for the same answer; an error is not kept.
                    let look = async || Ok(source.table(name).await?.map(Found::provider));
                    return cell.get_or_try_init(look).await.cloned();
                }
            }
        }
    }

    /// A list of catalogs with these tables alone.
    pub fn catalogs(self: &Arc<Self>, catalog: &str, schema: &str) -> Result<Arc<dyn CatalogProviderList>> {
        let schemas = MemoryCatalogProvider::new();
        let tables = Arc::clone(self) as Arc<dyn SchemaProvider>;
        schemas.register_schema(schema, tables).map_err(|error| crate::EngineError::query("", &error))?;
        let catalogs = MemoryCatalogProviderList::new();
        catalogs.register_catalog(catalog.to_owned(), Arc::new(schemas));
        Ok(Arc::new(catalogs))
    }
}

#[async_trait]
impl SchemaProvider for SessionTables {
    fn table_names(&self) -> Vec<String> {
        self.named.read().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }

    async fn table(&self, name: &str) -> datafusion::error::Result<Option<Provider>> {
        self.find(name).await.map_err(|error| DataFusionError::External(Box::new(error)))
    }

    fn register_table(&self, name: String, table: Provider) -> datafusion::error::Result<Option<Provider>> {
        Ok(self.name(&name, table))
    }

    fn deregister_table(&self, name: &str) -> datafusion::error::Result<Option<Provider>> {
        Ok(self.forget(name))
    }

    fn table_exist(&self, name: &str) -> bool {
        self.named(name).is_some()
    }
}

impl fmt::Debug for SessionTables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SessionTables({:?})", self.table_names())
    }
}
