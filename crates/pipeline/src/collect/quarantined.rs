//! Rejected rows on their way into the quarantine.

use std::sync::Arc;

use clientele_engine::arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use clientele_engine::lake::Stager;
use clientele_engine::{DataFile, TableWriter};
use clientele_model::Language;

use super::error::ImportError;
use super::map::Rejected;
use super::tables::QUARANTINE;

/// Rows kept in memory before they are written.
const PIECE: usize = 16_384;

/// Writes rejected rows of one batch. Without a stager they are only counted.
pub struct QuarantineWriter {
    stager: Option<Stager>,
    batch: String,
    file: String,
    language: Language,
    waiting: Vec<Rejected>,
    writer: Option<TableWriter>,
    count: u64,
}

impl QuarantineWriter {
    /// A writer for a batch; nothing is written before the first row.
    pub fn new(stager: Option<Stager>, batch: &str, file: &str, language: Language) -> Self {
        QuarantineWriter {
            stager,
            batch: batch.to_owned(),
            file: file.to_owned(),
            language,
            waiting: Vec::new(),
            writer: None,
            count: 0,
        }
    }

    /// How many rows and single answers were rejected.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Takes a row.
    pub fn push(&mut self, rejected: Rejected) -> Result<(), ImportError> {
        self.count += 1;
        if self.stager.is_some() {
            self.waiting.push(rejected);
            if self.waiting.len() >= PIECE {
                self.write()?;
            }
        }
        Ok(())
    }

    /// Writes what is left and gives the file, if there is one.
    pub fn finish(mut self) -> Result<Option<DataFile>, ImportError> {
        self.write()?;
        Ok(self.writer.map(TableWriter::finish).transpose()?)
    }

    fn write(&mut self) -> Result<(), ImportError> {
        let Some(stager) = &self.stager else { return Ok(()) };
        if self.waiting.is_empty() {
            return Ok(());
        }
        let rows = std::mem::take(&mut self.waiting);
        let text = |of: &dyn Fn(&Rejected) -> Option<String>| -> ArrayRef {
            Arc::new(rows.iter().map(of).collect::<StringArray>())
        };
        let numbers = rows.iter().map(|row| i64::try_from(row.row).unwrap_or(i64::MAX));
        let language = self.language;
        let batch = RecordBatch::try_from_iter_with_nullable([
            ("file", text(&|_| Some(self.file.clone())), true),
            ("row", Arc::new(Int64Array::from_iter_values(numbers)) as ArrayRef, true),
            ("rule", text(&|row| Some(row.rule.id().to_owned())), true),
            ("field", text(&|row| row.field.map(|field| field.name().to_owned())), true),
            ("value", text(&|row| Some(row.value.clone())), true),
            ("message", text(&|row| Some(row.sentence(language))), true),
            ("raw", text(&|row| Some(row.raw.clone())), true),
        ])?;
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => none.insert(stager.writer(QUARANTINE, &[("batch", &self.batch)])?),
        };
        writer.write(&batch)?;
        Ok(())
    }
}

impl Rejected {
    /// What is wrong and what to do, in a sentence.
    pub fn sentence(&self, language: Language) -> String {
        let name = self.detail.as_deref().unwrap_or(self.rule.name(language));
        let cure = self.rule.cure(language);
        let order = match self.order.as_str() {
            "" => String::new(),
            order => language.pick(format!(" (order {order})"), format!("（订单 {order}）")),
        };
        let column = match &self.column {
            None => String::new(),
            Some(column) => language.pick(format!(" (column {column})"), format!("（列 {column}）")),
        };
        language.pick(format!("{name}{column}{order}; {cure}"), format!("{name}{column}{order}；{cure}"))
    }
}
