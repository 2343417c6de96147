//! Files whose rows are whole records: orders, customers and facts.

use clientele_model::spec::source::{Field, Grain};

use super::super::buckets::{Buckets, Pick};
use super::super::error::ImportError;
use super::super::hash::{Met, Seen, numbered};
use super::super::ids::IdTable;
use super::super::known::Decision;
use super::super::map::Mapped;
use super::super::rows::{Texts, Vocabulary};
use super::super::tables::{CUSTOMERS, ORDERS};
use super::latest::LatestRows;
use super::{Flow, IdSet, Passed};
use crate::clean::{Example, Rule};

/// Takes records: finds repetitions, compares with the lake, gives keys, fills buckets.
pub struct RecordSink<'a> {
    flow: Flow<'a>,
    buckets: Buckets,
    words: Vec<Vocabulary>,
    seen: Seen,
    /// Facts without id: they are what they say. How often each has been met.
    facts: IdTable,
    /// How often each made-up id has been met.
    made_up: IdTable,
    key_field: Field,
    /// Where a customer may have several rows: what they say together, so far.
    latest: Option<LatestRows>,
}

/// Rows whose ids are looked for at once.
const AHEAD: usize = 64;

/// What became of a record, and of a row: the last of those of its records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Repeated,
    Unchanged,
    Accepted,
    Rejected,
}

impl<'a> RecordSink<'a> {
    pub(super) fn new(flow: Flow<'a>) -> Self {
        let settings = &flow.settings;
        let facts = settings.cx.records.as_ref();
        let (table, key_field) = match (settings.cx.layout.grain, facts) {
            (_, Some(plan)) => {
                let id = plan.table.id.and_then(|id| plan.table.column(id));
                (plan.table.name, id.map_or(Field::CustomerId, |id| id.field))
            }
            (Grain::Customer, _) => (CUSTOMERS, Field::CustomerId),
            _ => (ORDERS, Field::OrderId),
        };
        let buckets = Buckets::new(
            table,
            settings.cx.shape.clone(),
            &settings.cx.layout.family,
            settings.bucket_customers,
            settings.budget,
        );
        RecordSink {
            latest: settings.cx.layout.newest_counts.then(LatestRows::default),
            words: settings.cx.shape.codes.iter().map(|_| Vocabulary::default()).collect(),
            seen: Seen::new(settings.ids),
            facts: IdTable::new(settings.ids),
            made_up: IdTable::new(settings.ids),
            flow,
            buckets,
            key_field,
        }
    }

    pub(super) fn take(&mut self, mut mapped: Mapped) -> Result<(), ImportError> {
        if let Some(latest) = &mut self.latest {
            latest.take(self.flow.settings.cx, &mut mapped, &mut self.words);
            return self.flow.take_common(&mut mapped);
        }
        self.flow.take_common(&mut mapped)?;
        self.settle(mapped)
    }

    fn settle(&mut self, mut mapped: Mapped) -> Result<(), ImportError> {
        if self.flow.settings.cx.layout.order_id_from_customer_and_time
            && !self.flow.settings.cx.mapping.has(Field::OrderId)
        {
            self.number_repetitions(&mut mapped)?;
        }
        let mut picks = Vec::with_capacity(mapped.rows.len());
        let mut row: Option<Fate> = None;
        for index in 0..mapped.rows.len() {
            if index % AHEAD == 0 {
                self.look_ahead(&mapped, index);
            }
            let mut fate = self.judge(&mut mapped, index)?;
            if fate == Fate::Accepted {
                let key = self.flow.keys.key(mapped.customer_hash[index], mapped.customers.get(index))?;
                self.flow.meet_customer(key);
                picks.push(Pick { row: index as u32, key });
            } else if fate == Fate::Rejected && row != Some(Fate::Rejected) {
                self.flow.reject_late(&mapped, index, Rule::DuplicateKey, self.key_field)?;
            }
            fate = row.map_or(fate, |before| before.max(fate));
            let is_last = mapped.place.get(index + 1) != Some(&mapped.place[index]);
            if is_last {
                self.end_row(&mapped, index, fate);
            }
            row = (!is_last).then_some(fate);
        }
        self.flow.out.records += picks.len() as u64;
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

    /// Reads where the next ids would be known. One after the other, each look would wait for memory.
    fn look_ahead(&self, mapped: &Mapped, from: usize) {
        let to = mapped.rows.len().min(from + AHEAD);
        let ids = mapped.id_hash[from..to].iter().map(|id| self.seen.touch(*id) ^ self.facts.touch(*id));
        let customers = mapped.customer_hash[from..to].iter().map(|id| self.flow.keys.touch(*id));
        std::hint::black_box(ids.chain(customers).fold(0, |all, word| all ^ word));
    }

    /// Decides about a record: against the file so far, then against the lake.
    fn judge(&mut self, mapped: &mut Mapped, index: usize) -> Result<Fate, ImportError> {
        if self.is_only_content(mapped, index) {
            self.number_fact(mapped, index)?;
        } else {
            match self.seen.meet(mapped.id_hash[index], mapped.content[index])? {
                Met::First => {}
                Met::Same => return Ok(Fate::Repeated),
                Met::Other => return Ok(Fate::Rejected),
            }
        }
        let (id, content) = (mapped.id_hash[index], mapped.content[index]);
        let flow = &mut self.flow;
        match flow.settings.known.decide(id, content) {
            Decision::New => {}
            Decision::Unchanged(batch) => {
                match flow.settings.cx.records {
                    Some(_) => flow.confirmations.push(&format!("{id:032x}"), batch)?,
                    None => flow.confirmations.push(mapped.rows.id.get(index), batch)?,
                }
                if let Some(key) = flow.keys.get(mapped.customer_hash[index]) {
                    flow.meet_customer(key);
                }
                return Ok(Fate::Unchanged);
            }
            Decision::Update => {
                flow.out.updated.insert(id);
            }
        }
        if flow.settings.known.joined.contains(&id) {
            flow.out.joined.insert(id);
        }
        Ok(Fate::Accepted)
    }

    /// Whether a record has no id and nothing that could serve as one.
    #[inline]
    fn is_only_content(&self, mapped: &Mapped, index: usize) -> bool {
        let plan = self.flow.settings.cx.records.as_ref();
        plan.is_some_and(|plan| plan.table.repeats()) && mapped.rows.id.get(index).is_empty()
    }

    /// Facts without an id may look alike and yet be several: they are numbered.
    fn number_fact(&mut self, mapped: &mut Mapped, index: usize) -> Result<(), ImportError> {
        let id = mapped.id_hash[index];
        let number = counted(&mut self.facts, id)?;
        if number == 1 {
            return Ok(());
        }
        mapped.id_hash[index] = numbered(id, number);
        counted(&mut self.facts, mapped.id_hash[index])?;
        if let Some(slot) = self.flow.settings.cx.records.as_ref().and_then(|plan| plan.occurrence) {
            mapped.rows.nums[slot][index] = i64::from(number);
        }
        Ok(())
    }

    /// Counts a row of one or several records.
    fn end_row(&mut self, mapped: &Mapped, index: usize, fate: Fate) {
        let out = &mut self.flow.out;
        match fate {
            Fate::Accepted => out.accepted += 1,
            Fate::Unchanged => out.unchanged += 1,
            Fate::Repeated => self.repeated(mapped, index),
            // The quarantine counts them.
            Fate::Rejected => {}
        }
    }

    /// Orders without an id may look alike and yet be several: they are numbered.
    fn number_repetitions(&mut self, mapped: &mut Mapped) -> Result<(), ImportError> {
        let mut ids = Texts::default();
        for index in 0..mapped.rows.len() {
            let count = counted(&mut self.made_up, mapped.id_hash[index])?;
            let id = mapped.rows.id.get(index);
            if count == 1 {
                ids.push(id);
            } else {
                let numbered = format!("{id}-{count}");
                mapped.id_hash[index] = self.flow.settings.cx.id_hash(&numbered);
                ids.push(&numbered);
            }
        }
        self.flow.out.tally.ids(&ids);
        mapped.rows.id = ids;
        Ok(())
    }

    fn repeated(&mut self, mapped: &Mapped, index: usize) {
        self.flow.out.duplicates += 1;
        let row = mapped.chunk.row_number(mapped.place[index] as usize);
        let field = Some(self.key_field.name().to_owned());
        let id = match mapped.rows.id.get(index) {
            "" => mapped.customers.get(index),
            id => id,
        };
        let value = id.to_owned();
        self.flow.out.tally.count(Rule::DuplicateRow, || Example { row, field, value });
    }

    pub(super) fn finish(mut self) -> Result<Passed, ImportError> {
        if let Some(latest) = self.latest.take() {
            let words = self.words.iter_mut().map(std::mem::take).collect();
            self.settle(latest.into_mapped(self.flow.settings.cx, words))?;
        }
        if let Some(pool) = &mut self.flow.pool {
            let words: Vec<&Vocabulary> = self.words.iter().collect();
            self.buckets.finish(self.flow.keys, &words, pool)?;
        }
        let mut rejected = 0;
        self.flow.rejected_ids.each(&mut |id| {
            rejected += u64::from(!self.seen.contains(id)?);
            Ok(())
        })?;
        let out = &mut self.flow.out;
        out.distinct_records = self.seen.len() + self.facts.len() + rejected;
        out.ids = match self.flow.settings.cx.records {
            Some(_) => IdSet::Facts(self.seen, self.facts),
            None => IdSet::Seen(self.seen),
        };
        self.flow.finish()
    }
}

/// Counts an id; how often it has been met by now.
fn counted(ids: &mut IdTable, id: u128) -> Result<u32, ImportError> {
    ids.count(id)?
        .ok_or(ImportError::TooMany { what: ("rows alike", "相同的行数"), limit: u32::MAX.into() })
}
