//! Mapped chunks, in file order → buckets, quarantine and counts.

mod latest;
mod lines;
mod records;

use clientele_engine::DataFile;
use clientele_engine::lake::Stager;
use clientele_model::spec::source::{Field, Grain};
use clientele_read::BadRow;

pub use lines::LineSink;
pub use records::RecordSink;

use super::confirmed::{About, ConfirmationWriter};
use super::error::ImportError;
use super::hash::{ByHash, Hashes, Seen};
use super::ids::{IdTable, Key, Room};
use super::keys::CustomerKeys;
use super::known::Known;
use super::map::{MapContext, Mapped, Rejected, Tally, raw_row};
use super::mapping::Feed;
use super::pool::{WriterPool, Written};
use super::quarantined::QuarantineWriter;
use crate::clean::{Example, Rule};

/// What a pass over the file is for.
pub struct PassSettings<'a> {
    pub cx: &'a MapContext,
    pub known: &'a Known,
    /// Writes files; without it the pass only counts.
    pub stager: Option<&'a Stager>,
    pub batch: &'a str,
    /// The kind of record, as confirmations name it.
    pub kind: &'static str,
    pub file: &'a str,
    pub language: clientele_model::Language,
    pub bucket_customers: i32,
    /// Bytes of rows that may wait in memory.
    pub budget: usize,
    /// Threads that write files.
    pub writers: usize,
    /// What ids that were met may take in memory.
    pub ids: Room,
    /// What ids may take of which there are few in most files.
    pub few_ids: Room,
}

/// What a pass over the file found.
#[derive(Default)]
pub struct Passed {
    pub tally: Tally,
    pub accepted: u64,
    pub unchanged: u64,
    pub duplicates: u64,
    pub rejected: u64,
    /// Answers refused one by one.
    pub answers_rejected: u64,
    /// Distinct records and customers in the file, rejected ones included.
    pub distinct_records: u64,
    pub distinct_customers: u64,
    /// Records taken in.
    pub records: u64,
    /// Records that replace an earlier version.
    pub updated: Hashes,
    /// Orders of which files of the other grain say something too.
    pub joined: Hashes,
    /// Records that the lake holds already.
    pub confirmations: Option<DataFile>,
    pub matched: u64,
    pub unmatched: u64,
    pub files: Written,
    pub quarantine: Option<DataFile>,
    /// The ids that were met.
    pub ids: IdSet,
    /// What the pass should have known: if anything, it has to be made again.
    pub again: Option<Again>,
}

/// The ids of a file's records, each with its fingerprint when that is known only afterwards.
#[derive(Default)]
pub enum IdSet {
    #[default]
    None,
    Seen(Seen),
    /// Facts: those with ids, and those without.
    Facts(Seen, IdTable),
    Contents(std::collections::HashMap<u128, u64>),
}

impl IdSet {
    /// Whether a record is in the file.
    pub fn contains(&self, id: u128) -> Result<bool, ImportError> {
        let key = Key::from(id);
        Ok(match self {
            IdSet::None => false,
            IdSet::Seen(seen) => seen.contains(key)?,
            IdSet::Facts(seen, ids) => ids.contains(key)? || seen.contains(key)?,
            IdSet::Contents(contents) => contents.contains_key(&id),
        })
    }
}

/// What another pass needs to know.
#[derive(Debug, Default)]
pub struct Again {
    pub blocked: Hashes,
    pub orders: ByHash<(String, i64)>,
}

/// What both kinds of sinks have.
pub struct Flow<'a> {
    settings: PassSettings<'a>,
    keys: &'a mut CustomerKeys,
    pool: Option<WriterPool>,
    quarantine: QuarantineWriter,
    confirmations: ConfirmationWriter<'a>,
    out: Passed,
    /// Keys of customers that the file names.
    met: Vec<bool>,
    /// Ids of records and customers of rejected rows.
    rejected_ids: IdTable,
    rejected_customers: IdTable,
}

/// A sink for files of a grain.
pub enum Sink<'a> {
    Records(Box<RecordSink<'a>>),
    Lines(Box<LineSink<'a>>),
}

impl<'a> Sink<'a> {
    /// Prepares a pass.
    pub fn new(settings: PassSettings<'a>, keys: &'a mut CustomerKeys) -> Self {
        keys.reset();
        match settings.cx.layout.grain {
            Grain::OrderLine => Sink::Lines(Box::new(LineSink::new(Flow::new(settings, keys)))),
            _ => Sink::Records(Box::new(RecordSink::new(Flow::new(settings, keys)))),
        }
    }

    /// Takes a chunk.
    pub fn take(&mut self, mapped: Mapped) -> Result<(), ImportError> {
        match self {
            Sink::Records(sink) => sink.take(mapped),
            Sink::Lines(sink) => sink.take(mapped),
        }
    }

    /// Ends the pass.
    pub fn finish(self) -> Result<Passed, ImportError> {
        match self {
            Sink::Records(sink) => sink.finish(),
            Sink::Lines(sink) => sink.finish(),
        }
    }
}

impl<'a> Flow<'a> {
    fn new(settings: PassSettings<'a>, keys: &'a mut CustomerKeys) -> Self {
        let pool = settings.stager.map(|stager| WriterPool::start(stager, settings.batch, settings.writers));
        let quarantine =
            QuarantineWriter::new(settings.stager.cloned(), settings.batch, settings.file, settings.language);
        let about = About {
            batch: settings.batch,
            kind: settings.kind,
            source: &settings.cx.layout.family,
            holders: &settings.known.batches,
        };
        let few = settings.few_ids;
        Flow {
            confirmations: ConfirmationWriter::new(settings.stager.cloned(), about),
            settings,
            keys,
            pool,
            quarantine,
            out: Passed::default(),
            met: Vec::new(),
            rejected_ids: IdTable::new(few),
            rejected_customers: IdTable::new(few),
        }
    }

    /// Takes what was rejected by the mapping, and its counts.
    fn take_common(&mut self, mapped: &mut Mapped) -> Result<(), ImportError> {
        let mut tally = std::mem::take(&mut mapped.tally);
        let bad = std::mem::take(&mut mapped.chunk.bad);
        // Another layout reads the file too, and counts them.
        let bad = if self.settings.cx.is_companion { Vec::new() } else { bad };
        for bad in bad {
            tally.rows += 1;
            let rejected = bad_row(&bad, self.settings.language);
            let row = bad.row;
            tally.count(Rule::BadShape, || Example { row, field: None, value: short(&bad.raw) });
            self.quarantine.push(rejected)?;
        }
        self.out.tally.add(tally);
        self.take_rejected(mapped)
    }

    fn take_rejected(&mut self, mapped: &mut Mapped) -> Result<(), ImportError> {
        for rejected in std::mem::take(&mut mapped.rejected) {
            self.reject(rejected)?;
        }
        Ok(())
    }

    fn reject(&mut self, rejected: Rejected) -> Result<(), ImportError> {
        self.out.answers_rejected += u64::from(rejected.is_part);
        if let Some(id) = rejected.id {
            self.rejected_ids.meet(id, 0)?;
        }
        if let Some(id) = rejected.customer {
            self.rejected_customers.meet(id, 0)?;
        }
        self.quarantine.push(rejected)
    }

    /// Rejects a row that the mapping let pass.
    fn reject_late(
        &mut self,
        mapped: &Mapped,
        index: usize,
        rule: Rule,
        field: Field,
    ) -> Result<(), ImportError> {
        let place = mapped.place[index] as usize;
        let row = mapped.chunk.row_number(place);
        let id = mapped.rows.id.get(index);
        let value = match self.settings.cx.feed(field) {
            Some(Feed::Column(at)) => mapped.chunk.columns[*at].get(place).to_owned(),
            _ => id.to_owned(),
        };
        let order = if field == Field::CustomerId { id.to_owned() } else { String::new() };
        let example = || Example { row, field: Some(field.name().to_owned()), value: value.clone() };
        self.out.tally.count(rule, example);
        let customer = mapped.customer_hash[index];
        self.reject(Rejected {
            row,
            rule,
            field: Some(field),
            raw: raw_row(&self.settings.cx.header, &mapped.chunk, place),
            value: value.clone(),
            column: None,
            is_part: false,
            order,
            detail: None,
            id: Some(mapped.id_hash[index]),
            customer: (customer != 0).then_some(customer),
        })
    }

    #[inline]
    fn meet_customer(&mut self, key: i32) {
        let at = key as usize;
        if self.met.len() <= at {
            self.met.resize(at + 1, false);
        }
        self.met[at] = true;
    }

    /// Ends the writing and completes the counts.
    fn finish(mut self) -> Result<Passed, ImportError> {
        if let Some(pool) = self.pool.take() {
            self.out.files = pool.finish()?;
        }
        let met = self.met.iter().filter(|met| **met).count() as u64;
        let mut unmet = 0;
        self.rejected_customers.each(&mut |id| {
            let key = self.keys.of(id).map(|key| key as usize);
            unmet += u64::from(!key.is_some_and(|key| self.met.get(key).copied().unwrap_or(false)));
            Ok(())
        })?;
        self.out.distinct_customers = met + unmet;
        self.out.rejected = self.quarantine.count() - self.out.answers_rejected;
        self.out.quarantine = self.quarantine.finish()?;
        self.out.confirmations = self.confirmations.finish()?;
        Ok(self.out)
    }
}

fn bad_row(bad: &BadRow, language: clientele_model::Language) -> Rejected {
    let mut raw = String::from("{\"\":");
    super::map::push_json(&mut raw, &bad.raw);
    raw.push('}');
    Rejected {
        row: bad.row,
        rule: Rule::BadShape,
        field: None,
        value: short(&bad.raw),
        column: None,
        is_part: false,
        order: String::new(),
        detail: Some(bad.reason.text().get(language).to_owned()),
        raw,
        id: None,
        customer: None,
    }
}

/// The beginning of a text, for examples.
fn short(text: &str) -> String {
    text.chars().take(80).collect()
}
