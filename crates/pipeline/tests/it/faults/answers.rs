//! Everything that a workspace answers, and what it leaves lying about.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use clientele_engine::arrow::array::RecordBatch;
use clientele_engine::arrow::datatypes::DataType;
use clientele_engine::arrow::util::display::array_value_to_string;
use clientele_engine::lake::{Depth, Inspection};
use clientele_engine::{DataFile, EngineSettings, FunctionSet, Lake, Session};
use clientele_model::spec::Scheme;
use clientele_pipeline::Workspace;
use clientele_pipeline::library::{DocumentKind, with_own};
use clientele_pipeline::workspace::WorkspaceError;

use super::place::{Place, is_foreign};

/// The rows of each table, sorted, and the documents that count.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answers(pub BTreeMap<String, Vec<String>>);

impl Answers {
    /// The same without what numbers the evaluations of segments: an attempt that was cut short
    /// has taken a number.
    pub fn without_evaluations(&self) -> Answers {
        let mut kept = self.0.clone();
        kept.retain(|table, _| table != "segment_evaluations");
        for rows in kept.values_mut() {
            for row in rows.iter_mut() {
                let parts: Vec<&str> = row.split('|').filter(|p| !p.starts_with("evaluation=")).collect();
                *row = parts.join("|");
            }
            rows.sort();
        }
        Answers(kept)
    }

    /// Where two differ first.
    pub fn difference(&self, other: &Answers) -> String {
        for (table, rows) in &self.0 {
            let Some(theirs) = other.0.get(table) else { return format!("only one has {table}") };
            if let Some(at) = (0..rows.len().max(theirs.len())).find(|at| rows.get(*at) != theirs.get(*at)) {
                return format!(
                    "{table}: {} rows and {}, first {:?} and {:?}",
                    rows.len(),
                    theirs.len(),
                    rows.get(at),
                    theirs.get(at)
                );
            }
        }
        let extra = other.0.keys().find(|table| !self.0.contains_key(*table));
        extra.map_or_else(|| "nothing".to_owned(), |table| format!("only the other has {table}"))
    }
}

/// Reads workspaces. Rows of a file that was read before are remembered by what is in the file.
pub struct Reader {
    session: Session,
    known: HashMap<(String, Vec<u8>), Arc<Vec<String>>>,
}

impl Reader {
    pub async fn new() -> Reader {
        let session = Session::open(&EngineSettings::default(), &FunctionSet::default()).await;
        Reader { session: session.expect("a session"), known: HashMap::new() }
    }

    /// Everything that counts in a place.
    pub async fn read(&mut self, place: &Place) -> Result<Answers, String> {
        let workspace = match Workspace::open(&place.folder()).await {
            Err(WorkspaceError::NotAWorkspace(_)) => return Ok(Answers::default()),
            opened => opened.map_err(|error| format!("it cannot be opened: {error}"))?,
        };
        let lake = workspace.lake().await.map_err(|error| format!("its lake cannot be opened: {error}"))?;
        let mut answers = self.lake(place, &lake).await?;
        let settings = std::fs::read_to_string(place.folder().join("clientele.toml")).unwrap_or_default();
        let lines = settings.lines().filter(|line| !line.starts_with("lake"));
        answers.0.insert("settings".into(), lines.map(str::to_owned).collect());
        answers.0.insert("schemes".into(), own_schemes(&workspace)?.into_values().collect());
        Ok(answers)
    }

    /// Everything that counts in a generation of a lake.
    pub async fn lake(&mut self, place: &Place, lake: &Lake) -> Result<Answers, String> {
        let content = place.content().await;
        self.session.register_location(lake.location()).map_err(|error| error.to_string())?;
        let mut answers = Answers::default();
        let tables: Vec<String> = lake.snapshot().tables().map(|(name, _)| name.to_owned()).collect();
        for table in tables {
            let files = lake.files(&table).await.map_err(|error| format!("{table}: {error}"))?;
            let mut rows = Vec::new();
            for file in files {
                let name = format!("{table}/{}", file.path);
                let found = content.iter().find(|(path, _)| place.in_lake(path) == Some(name.as_str()));
                let (_, bytes) = found.ok_or_else(|| format!("{name} counts and is not there"))?;
                rows.extend(self.rows(lake, &table, &file, bytes).await?.iter().cloned());
            }
            rows.sort();
            answers.0.insert(table, rows);
        }
        Ok(answers)
    }

    async fn rows(
        &mut self,
        lake: &Lake,
        table: &str,
        file: &DataFile,
        bytes: &[u8],
    ) -> Result<Arc<Vec<String>>, String> {
        let schema = lake.schema(table).await.map_err(|e| e.to_string())?.ok_or("a table without columns")?;
        let key = (format!("{table} {:?} {}", file.partitions, schema.fields().len()), bytes.to_vec());
        if let Some(rows) = self.known.get(&key) {
            return Ok(Arc::clone(rows));
        }
        let names = lake.partition_columns(table).await.map_err(|error| error.to_string())?;
        let type_of = |name: &String| {
            schema.field_with_name(name).map_or(DataType::Utf8, |field| field.data_type().clone())
        };
        let partitions: Vec<(&str, DataType)> = names.iter().map(|n| (n.as_str(), type_of(n))).collect();
        let read = async {
            self.session.register_files("file", schema.clone(), std::slice::from_ref(file), &partitions)?;
            self.session.sql("SELECT * FROM file").await?.collect().await
        };
        let batches = read.await.map_err(|error| format!("{table}/{}: {error}", file.path))?;
        let rows = Arc::new(batches.iter().flat_map(texts).collect::<Vec<_>>());
        self.known.insert(key, Arc::clone(&rows));
        Ok(rows)
    }
}

/// Rows as texts, each cell with its column. How long an evaluation took is left out, and how many
/// attempts to change the lake there were before a run, or what came of them.
fn texts(batch: &RecordBatch) -> Vec<String> {
    let schema = batch.schema();
    let is_said = |name: &str| !["finished_at", "generation"].contains(&name);
    let row = |row: usize| {
        let cells = schema.fields().iter().zip(batch.columns()).filter(|(f, _)| is_said(f.name()));
        let cells = cells.map(|(field, column)| {
            let text = array_value_to_string(column, row).expect("a text");
            format!("{}={}", field.name(), without_generation(without_attempt(text)))
        });
        cells.collect::<Vec<_>>().join("|")
    };
    (0..batch.num_rows()).map(row).collect()
}

/// The number of an order that leads to nobody, without what tells one forgetting from another.
fn without_attempt(text: String) -> String {
    const MADE_UP: &str = "forgotten-";
    match text.strip_prefix(MADE_UP).and_then(|rest| rest.split_once('-')) {
        Some((_, number)) => format!("{MADE_UP}{number}"),
        None => text,
    }
}

/// The record of a run without the generation that it read.
fn without_generation(text: String) -> String {
    let Some((before, rest)) = text.split_once("\"generation\":") else { return text };
    format!("{before}{}", rest.trim_start_matches(|c: char| c.is_ascii_digit()))
}

/// The workspace's own schemes that count, by id.
fn own_schemes(workspace: &Workspace) -> Result<BTreeMap<String, String>, String> {
    let documents =
        with_own(DocumentKind::Schemes, Some(workspace.folder())).map_err(|error| error.to_string())?;
    let mut own = BTreeMap::new();
    for document in documents.into_iter().filter(|d| !d.is_built_in()) {
        let scheme = Scheme::parse(&document.name, &document.text).map_err(|error| error.to_string())?;
        own.insert(scheme.id.to_string(), document.text);
    }
    Ok(own)
}

/// What others have in the place.
pub async fn foreign(place: &Place) -> BTreeMap<String, Vec<u8>> {
    let mut content = place.content().await;
    content.retain(|name, _| is_foreign(name));
    content
}

/// What is not as it was written, of all that counts.
pub async fn damages(place: &Place) -> Result<Vec<String>, String> {
    let workspace = Workspace::open(&place.folder()).await.map_err(|error| error.to_string())?;
    let lake = workspace.lake().await.map_err(|error| error.to_string())?;
    let mut inspection = Inspection::new(Depth::Bytes);
    inspection.look_at(&lake).await.map_err(|error| error.to_string())?;
    Ok(inspection.damages.iter().map(ToString::to_string).collect())
}

/// What lies in the lake and will never count: data files that no log names, logs past the
/// manifest, journals, files under passing names.
pub async fn litter(place: &Place) -> Result<Vec<String>, String> {
    let workspace = Workspace::open(&place.folder()).await.map_err(|error| error.to_string())?;
    let lake = workspace.lake().await.map_err(|error| error.to_string())?;
    // Whoever writes next cleans up.
    let tidy = async { lake.begin().await?.discard().await };
    tidy.await.map_err(|error| format!("nobody can write any more: {error}"))?;
    // Keeping out somebody who may yet wake up is a generation of its own.
    let lake = workspace.lake().await.map_err(|error| error.to_string())?;
    let counts: BTreeMap<&str, u64> =
        lake.snapshot().tables().chain([("manifest", lake.snapshot().generation())]).collect();
    let content = place.content().await;
    let ours: BTreeMap<&str, &Vec<u8>> = content
        .iter()
        .filter(|(name, _)| !is_foreign(name))
        .filter_map(|(name, bytes)| Some((place.in_lake(name)?, bytes)))
        .collect();
    let logs: Vec<(&str, String)> = ours
        .iter()
        .filter(|(name, _)| name.ends_with(".json") && name.contains("/_delta_log/"))
        .map(|(name, bytes)| (*name, String::from_utf8_lossy(bytes).into_owned()))
        .collect();
    let is_litter = |name: &str| {
        let Some((table, inside)) = name.split_once('/') else { return name != "_lock" };
        if name.contains('#') {
            return true;
        }
        let Some(version) = counts.get(table) else { return true };
        if let Some(entry) = inside.strip_prefix("_delta_log/") {
            let number = entry.get(..20).and_then(|number| number.parse::<u64>().ok());
            return number.map_or(entry != "_last_checkpoint", |number| *version < number);
        }
        let file = inside.rsplit('/').next().unwrap_or(inside);
        !logs.iter().any(|(log, text)| log.starts_with(&format!("{table}/")) && text.contains(file))
    };
    Ok(ours.keys().filter(|name| is_litter(name)).map(|name| (*name).to_owned()).collect())
}
