//! Files whose rows are whole records: orders and customers.

use clientele_model::spec::source::{Field, Grain};

use super::super::buckets::{Buckets, Pick};
use super::super::error::ImportError;
use super::super::hash::{Met, Seen};
use super::super::known::Decision;
use super::super::map::Mapped;
use super::super::rows::{Texts, Vocabulary};
use super::super::tables::{CUSTOMERS, ORDERS};
use super::{Flow, IdSet, Occurrences, Passed};
use crate::clean::{Example, Rule};

/// Takes records: finds repetitions, compares with the lake, gives keys, fills buckets.
pub struct RecordSink<'a> {
    flow: Flow<'a>,
    buckets: Buckets,
    words: Vec<Vocabulary>,
    seen: Seen,
    occurrences: Occurrences,
    key_field: Field,
}

impl<'a> RecordSink<'a> {
    pub(super) fn new(flow: Flow<'a>) -> Self {
        let settings = &flow.settings;
        let is_customer = settings.cx.layout.grain == Grain::Customer;
        let table = if is_customer { CUSTOMERS } else { ORDERS };
        let buckets = Buckets::new(
            table,
            settings.cx.shape.clone(),
            &settings.cx.layout.family,
            settings.bucket_customers,
            settings.budget,
        );
        RecordSink {
            words: settings.cx.shape.codes.iter().map(|_| Vocabulary::default()).collect(),
            flow,
            buckets,
            seen: Seen::default(),
            occurrences: Occurrences::default(),
            key_field: if is_customer { Field::CustomerId } else { Field::OrderId },
        }
    }

    pub(super) fn take(&mut self, mut mapped: Mapped) -> Result<(), ImportError> {
        self.flow.take_common(&mut mapped)?;
        if self.flow.settings.cx.layout.order_id_from_customer_and_time
            && !self.flow.settings.cx.mapping.has(Field::OrderId)
        {
            self.number_repetitions(&mut mapped);
        }
        let mut picks = Vec::with_capacity(mapped.rows.len());
        for index in 0..mapped.rows.len() {
            let (id, content) = (mapped.id_hash[index], mapped.content[index]);
            match self.seen.meet(id, content) {
                Met::First => {}
                Met::Same => {
                    self.repeated(&mapped, index);
                    continue;
                }
                Met::Other => {
                    self.flow.reject_late(&mapped, index, Rule::DuplicateKey, self.key_field)?;
                    continue;
                }
            }
            match self.flow.settings.known.decide(id, content) {
                Decision::New => {}
                Decision::Unchanged(batch) => {
                    self.flow.out.unchanged += 1;
                    self.flow.out.confirmed.push((mapped.rows.id.get(index).to_owned(), batch));
                    if let Some(key) = self.flow.keys.get(mapped.customer_hash[index]) {
                        self.flow.meet_customer(key);
                    }
                    continue;
                }
                Decision::Update => {
                    self.flow.out.updated.insert(id);
                }
            }
            if self.flow.settings.known.joined.contains(&id) {
                self.flow.out.joined.insert(id);
            }
            let key = self.flow.keys.key(mapped.customer_hash[index], mapped.customers.get(index))?;
            self.flow.meet_customer(key);
            picks.push(Pick { row: index as u32, key });
        }
        self.flow.out.accepted += picks.len() as u64;
        if let Some(pool) = &mut self.flow.pool {
            let translations: Vec<Vec<u32>> = self
                .words
                .iter_mut()
                .zip(&mapped.words)
                .map(|(mine, theirs)| mine.translation(theirs))
                .collect();
            self.buckets.take(&mapped.rows, &picks, &translations);
            let words: Vec<&Vocabulary> = self.words.iter().collect();
            self.buckets.relieve(self.flow.keys, &words, pool)?;
        }
        Ok(())
    }

    /// Orders without an id may look alike and yet be several: they are numbered.
    fn number_repetitions(&mut self, mapped: &mut Mapped) {
        let mut ids = Texts::default();
        for index in 0..mapped.rows.len() {
            let count = self.occurrences.entry(mapped.id_hash[index]).or_default();
            *count += 1;
            let id = mapped.rows.id.get(index);
            if *count == 1 {
                ids.push(id);
            } else {
                let numbered = format!("{id}-{count}");
                mapped.id_hash[index] = self.flow.settings.cx.id_hash(&numbered);
                ids.push(&numbered);
            }
        }
        mapped.rows.id = ids;
    }

    fn repeated(&mut self, mapped: &Mapped, index: usize) {
        self.flow.out.duplicates += 1;
        let row = mapped.chunk.row_number(mapped.place[index] as usize);
        let field = Some(self.key_field.name().to_owned());
        let value = mapped.rows.id.get(index).to_owned();
        self.flow.out.tally.count(Rule::DuplicateRow, || Example { row, field, value });
    }

    pub(super) fn finish(mut self) -> Result<Passed, ImportError> {
        if let Some(pool) = &mut self.flow.pool {
            let words: Vec<&Vocabulary> = self.words.iter().collect();
            self.buckets.finish(self.flow.keys, &words, pool)?;
        }
        let rejected = self.flow.rejected_ids.iter().filter(|id| !self.seen.contains(**id)).count();
        let out = &mut self.flow.out;
        out.distinct_records = self.seen.len() + rejected as u64;
        out.records = out.accepted;
        out.ids = IdSet::Seen(self.seen);
        self.flow.finish()
    }
}
