//! Records that the lake holds as a file gives them, on their way into the confirmations.

use std::sync::Arc;

use clientele_engine::arrow::array::{ArrayRef, RecordBatch, StringArray, StringBuilder};
use clientele_engine::lake::Stager;
use clientele_engine::{DataFile, TableWriter};

use super::error::ImportError;
use super::tables::CONFIRMATIONS;

/// Confirmations kept in memory before they are written.
const PIECE: usize = 1 << 16;

/// What the confirmations of one batch have in common.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    pub batch: &'a str,
    /// The kind of record, by its name in the table.
    pub kind: &'static str,
    pub source: &'a str,
    /// The batches that hold the records, by number.
    pub holders: &'a [String],
}

/// Writes the confirmations of one batch piece by piece: a file may repeat millions of records.
/// Without a stager nothing is written.
pub struct ConfirmationWriter<'a> {
    stager: Option<Stager>,
    about: About<'a>,
    ids: StringBuilder,
    holders: Vec<&'a str>,
    writer: Option<TableWriter>,
}

impl<'a> ConfirmationWriter<'a> {
    /// A writer for a batch; nothing is written before the first record.
    pub fn new(stager: Option<Stager>, about: About<'a>) -> Self {
        ConfirmationWriter { stager, about, ids: StringBuilder::new(), holders: Vec::new(), writer: None }
    }

    /// Takes the text that stands for a record, and the number of the batch that holds it.
    pub fn push(&mut self, id: &str, holder: u32) -> Result<(), ImportError> {
        if self.stager.is_none() {
            return Ok(());
        }
        self.ids.append_value(id);
        self.holders.push(self.about.holders.get(holder as usize).map_or("", String::as_str));
        if self.holders.len() < PIECE { Ok(()) } else { self.write() }
    }

    /// Writes what is left and gives the file, if there is one.
    pub fn finish(mut self) -> Result<Option<DataFile>, ImportError> {
        self.write()?;
        Ok(self.writer.map(TableWriter::finish).transpose()?)
    }

    fn write(&mut self) -> Result<(), ImportError> {
        let Some(stager) = &self.stager else { return Ok(()) };
        if self.holders.is_empty() {
            return Ok(());
        }
        let holders = std::mem::take(&mut self.holders);
        let same = |text: &str| -> ArrayRef { Arc::new(StringArray::from(vec![text; holders.len()])) };
        let rows = RecordBatch::try_from_iter_with_nullable([
            ("kind", same(self.about.kind), true),
            ("source", same(self.about.source), true),
            ("id", Arc::new(self.ids.finish()) as ArrayRef, true),
            ("confirms", Arc::new(StringArray::from(holders.clone())) as ArrayRef, true),
        ])?;
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => none.insert(stager.writer(CONFIRMATIONS, &[("batch", self.about.batch)])?),
        };
        writer.write(&rows)?;
        Ok(())
    }
}
