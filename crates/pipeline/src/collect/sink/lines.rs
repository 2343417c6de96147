//! Files whose rows are lines of orders.

use clientele_model::spec::source::{Field, OrderStatus};

use super::super::buckets::{Buckets, Pick};
use super::super::error::ImportError;
use super::super::hash::{Hashes, Met, Seen};
use super::super::ids::Key;
use super::super::known::Decision;
use super::super::lines::{Line, LineSpool, OrderBook, order_shape_of_lines, vocabularies};
use super::super::map::{LINE_CODES, LINE_NUMS, LineCode, LineNum, Mapped};
use super::super::rows::content::{self, ContentPlan, mix};
use super::super::rows::{NO_WORD, NONE, Rows, Vocabulary, translate};
use super::super::tables::{ORDER_LINES, ORDERS};
use super::{Again, Flow, IdSet, Passed};
use crate::clean::{Example, Rule};

/// Orders turned into rows at a time.
const PIECE: usize = 1 << 16;

/// Takes lines: puts orders together, compares with the lake, fills buckets.
pub struct LineSink<'a> {
    flow: Flow<'a>,
    lines: Buckets,
    book: OrderBook,
    /// The words of lines, by [`LineCode`]; and the states of orders.
    words: Vec<Vocabulary>,
    states: Vocabulary,
    spool: LineSpool,
    line_ids: Seen,
    content: ContentPlan,
    /// Orders of lines that were rejected because customer or time was not known yet.
    orphans: Hashes,
    /// Orders that are in the lake as they are.
    unchanged: Hashes,
    /// The column of [`LINE_CODES`] behind each column of words of the lake, after the first.
    word_columns: Vec<usize>,
}

impl<'a> LineSink<'a> {
    pub(super) fn new(flow: Flow<'a>) -> Self {
        let settings = &flow.settings;
        let cx = settings.cx;
        let mut states = Vocabulary::default();
        for status in OrderStatus::ALL {
            states.code(status.word());
        }
        let lines = Buckets::new(
            ORDER_LINES,
            cx.shape.clone(),
            &cx.layout.family,
            settings.bucket_customers,
            settings.budget,
        );
        let named = |name: &&str| LINE_CODES.iter().position(|field| field.name() == *name);
        LineSink {
            book: OrderBook::new(&cx.mapping),
            words: vocabularies(),
            spool: LineSpool::default(),
            line_ids: Seen::new(settings.ids),
            content: ContentPlan::new(content::LINE, &cx.shape),
            orphans: Hashes::default(),
            unchanged: Hashes::default(),
            word_columns: cx.shape.codes.iter().skip(1).filter_map(named).collect(),
            states,
            lines,
            flow,
        }
    }

    pub(super) fn take(&mut self, mut mapped: Mapped) -> Result<(), ImportError> {
        self.flow.take_common(&mut mapped)?;
        let translations: Vec<Vec<u32>> =
            self.words.iter_mut().zip(&mapped.words).map(|(mine, theirs)| mine.translation(theirs)).collect();
        let mut rows = Rows::new(self.lines.shape());
        let mut picks = Vec::with_capacity(mapped.rows.len());
        let mut last_place = None;
        for index in 0..mapped.rows.len() {
            // Several goods joined in one row are several lines, but one row.
            let repeats_row = last_place == Some(mapped.place[index]);
            last_place = Some(mapped.place[index]);
            let hash = mapped.id_hash[index];
            if self.flow.settings.known.blocked.contains(&hash) {
                if !repeats_row {
                    self.flow.reject_late(&mapped, index, Rule::IncompleteOrder, Field::OrderId)?;
                }
                continue;
            }
            if !repeats_row && self.is_repetition(&mapped, index)? {
                continue;
            }
            if let Some(content) = self.flow.settings.known.contents.get(&hash)
                && let Decision::Unchanged(batch) = self.flow.settings.known.decide(hash, *content)
            {
                self.flow.out.unchanged += u64::from(!repeats_row);
                if self.unchanged.insert(hash) {
                    self.flow.confirmations.push(mapped.rows.id.get(index), batch)?;
                }
                if let Some(key) = self.flow.keys.get(mapped.customer_hash[index]) {
                    self.flow.meet_customer(key);
                }
                continue;
            }
            let Some(order) = self.order_of(&mapped, index, repeats_row)? else { continue };
            self.flow.out.accepted += u64::from(!repeats_row);
            let line = self.line(&mapped, index, &translations);
            self.append(&mut rows, order, &line, &mut picks)?;
        }
        if let Some(pool) = &mut self.flow.pool {
            self.lines.take(&rows, &picks, &[]);
            let words = line_words(&self.states, &self.words, &self.word_columns);
            self.lines.relieve(self.flow.keys, &words, pool)?;
        }
        Ok(())
    }

    /// Whether the row repeats a line by its number. One with other content is rejected.
    fn is_repetition(&mut self, mapped: &Mapped, index: usize) -> Result<bool, ImportError> {
        let id = mapped.rows.texts[0].get(index);
        if id.is_empty() {
            return Ok(false);
        }
        let numbers = mapped.rows.nums.iter().map(|column| column[index] as u64);
        let words = mapped.rows.codes.iter().zip(&mapped.words).map(|(c, w)| w.hash(c[index]));
        let content = numbers.chain(words).fold(mapped.id_hash[index] as u64, mix);
        match self.line_ids.meet(self.flow.settings.cx.id_hash(id), content)? {
            Met::First => Ok(false),
            Met::Same => {
                self.flow.out.duplicates += 1;
                let row = mapped.chunk.row_number(mapped.place[index] as usize);
                let (field, value) = (Some(Field::LineId.name().to_owned()), id.to_owned());
                self.flow.out.tally.count(Rule::DuplicateRow, || Example { row, field, value });
                Ok(true)
            }
            Met::Other => {
                self.flow.reject_late(mapped, index, Rule::DuplicateKey, Field::LineId)?;
                Ok(true)
            }
        }
    }

    /// The order of a line, opened if it is new; `None` when the line was rejected.
    fn order_of(&mut self, mapped: &Mapped, index: usize, quiet: bool) -> Result<Option<u32>, ImportError> {
        let (hash, customer) = (mapped.id_hash[index], mapped.customer_hash[index]);
        if let Some(order) = self.book.find(hash) {
            if customer != 0 && self.flow.keys.get(customer) != Some(self.book.key(order)) {
                if !quiet {
                    self.flow.reject_late(mapped, index, Rule::ConflictingOrder, Field::CustomerId)?;
                }
                return Ok(None);
            }
            return Ok(Some(order));
        }
        let cx = self.flow.settings.cx;
        let known = self.flow.settings.known.orders.get(&hash);
        let (hash_of_customer, id_of_customer) = match known {
            Some((id, _)) if customer == 0 => (cx.id_hash(id), id.as_str()),
            _ => (customer, mapped.customers.get(index)),
        };
        let own = mapped.rows.at[index];
        let at = match known {
            Some((_, at)) if own == NONE => *at,
            _ => own,
        };
        let missing = if hash_of_customer == 0 {
            Some((Rule::MissingCustomer, Field::CustomerId))
        } else if at == NONE {
            Some((Rule::BadDate, Field::OrderedAt))
        } else {
            None
        };
        if let Some((rule, field)) = missing {
            if !quiet {
                self.orphans.insert(hash);
                self.flow.reject_late(mapped, index, rule, field)?;
            }
            return Ok(None);
        }
        let key = self.flow.keys.key(hash_of_customer, id_of_customer)?;
        self.flow.meet_customer(key);
        if self.flow.settings.known.held.contains_key(&hash) {
            self.flow.out.updated.insert(hash);
        }
        if self.flow.settings.known.joined.contains(&hash) {
            self.flow.out.joined.insert(hash);
        }
        Ok(Some(self.book.open(hash, mapped.rows.id.get(index), key, at)))
    }

    fn line<'m>(&self, mapped: &'m Mapped, index: usize, translations: &[Vec<u32>]) -> OwnedLine<'m> {
        let mut nums = [NONE; LINE_NUMS];
        for (num, column) in nums.iter_mut().zip(&mapped.rows.nums) {
            *num = column[index];
        }
        let mut words = [NO_WORD; LINE_CODES.len()];
        for ((word, column), translation) in words.iter_mut().zip(&mapped.rows.codes).zip(translations) {
            *word = translate(translation, column[index]);
        }
        OwnedLine {
            nums,
            words,
            refunds: mapped.rows.texts[1].get(index),
            attributes: mapped.rows.texts[2].get(index),
        }
    }

    /// Adds a line to its order and to the rows.
    fn append(
        &mut self,
        rows: &mut Rows,
        order: u32,
        line: &OwnedLine<'_>,
        picks: &mut Vec<Pick>,
    ) -> Result<(), ImportError> {
        let line =
            Line { nums: &line.nums, words: &line.words, refunds: line.refunds, attributes: line.attributes };
        let (number, status) = self.book.add(order, &line);
        let row = rows.len();
        rows.at.push(self.book.at(order));
        rows.id.push(self.book.id(order));
        let values = [
            i64::from(number),
            line.num(LineNum::Quantity),
            line.num(LineNum::UnitPrice),
            line.num(LineNum::Discount),
            line.num(LineNum::Amount),
            line.num(LineNum::Cost),
        ];
        for (column, value) in rows.nums.iter_mut().zip(values) {
            column.push(value);
        }
        let codes = std::iter::once(status as u32).chain(self.word_columns.iter().map(|&i| line.words[i]));
        for (column, code) in rows.codes.iter_mut().zip(codes) {
            column.push(code);
        }
        picks.push(Pick { row: row as u32, key: self.book.key(order) });
        let words = line_words(&self.states, &self.words, &self.word_columns);
        let content = self.content.of_refs(0, rows, row, &words);
        self.book.add_content(order, content);
        let hash = |code: LineCode| self.words[code as usize].hash(line.word(code));
        let product = match hash(LineCode::ProductId) {
            0 => hash(LineCode::ProductName),
            product => product,
        };
        let quantity = line.num(LineNum::Quantity);
        if product != 0 && quantity != NONE {
            self.spool.push(order, product, quantity)?;
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<Passed, ImportError> {
        let again = self.again()?;
        let cx = self.flow.settings.cx;
        let shape = order_shape_of_lines(cx);
        let mut words: Vec<&Vocabulary> = vec![&self.states];
        let named = |name: &&str| LINE_CODES.iter().position(|field| field.name() == *name);
        words.extend(shape.codes.iter().skip(1).filter_map(named).map(|i| &self.words[i]));
        if again.is_none() {
            let (matched, unmatched) = self.spool.settle(cx, &mut self.book)?;
            self.flow.out.matched = matched;
            self.flow.out.unmatched = unmatched;
        }
        let mut hash_of = vec![0u128; self.book.len()];
        for (hash, order) in self.book.hashes() {
            hash_of[order as usize] = hash;
        }
        let mut contents = std::collections::HashMap::with_capacity(self.book.len());
        let mut orders = Buckets::new(
            ORDERS,
            shape.clone(),
            &cx.layout.family,
            self.flow.settings.bucket_customers,
            self.flow.settings.budget,
        );
        let numbers: Vec<u32> = (0..self.book.len() as u32).collect();
        for piece in numbers.chunks(PIECE) {
            let rows = self.book.rows(cx, &shape, piece);
            let keys = &*self.flow.keys;
            let customer_word = |key: i32| cx.id_hash(keys.id(key)) as u64;
            let found = self.book.contents(&shape, &rows, piece, &words, customer_word);
            for (order, content) in piece.iter().zip(found) {
                contents.insert(hash_of[*order as usize], content);
            }
            if let Some(pool) = &mut self.flow.pool
                && again.is_none()
            {
                let pick = |(row, order): (usize, &u32)| Pick { row: row as u32, key: self.book.key(*order) };
                let picks: Vec<Pick> = piece.iter().enumerate().map(pick).collect();
                orders.take(&rows, &picks, &[]);
                orders.relieve(self.flow.keys, &words, pool)?;
            }
        }
        if let Some(pool) = &mut self.flow.pool
            && again.is_none()
        {
            orders.finish(self.flow.keys, &words, pool)?;
            let words = line_words(&self.states, &self.words, &self.word_columns);
            self.lines.finish(self.flow.keys, &words, pool)?;
        }
        let mut rejected = self.flow.rejected_ids.len();
        if rejected > 0 {
            let taken = self.book.hashes().map(|(hash, _)| hash).chain(self.unchanged.iter().copied());
            for hash in taken {
                rejected -= u64::from(self.flow.rejected_ids.contains(Key::from(hash))?);
            }
        }
        let out = &mut self.flow.out;
        out.records = self.book.len() as u64;
        out.distinct_records = out.records + self.unchanged.len() as u64 + rejected;
        out.ids = IdSet::Contents(contents);
        out.again = again;
        self.flow.finish()
    }

    /// Orders that some lines of which were taken and some were not.
    fn again(&self) -> Result<Option<Again>, ImportError> {
        let mut again = Again::default();
        for (hash, order) in self.book.hashes() {
            if self.orphans.contains(&hash) {
                let customer = self.flow.keys.id(self.book.key(order)).to_owned();
                again.orders.insert(hash, (customer, self.book.at(order)));
            } else if self.flow.rejected_ids.contains(Key::from(hash))? {
                again.blocked.insert(hash);
            }
        }
        Ok((!again.blocked.is_empty() || !again.orders.is_empty()).then_some(again))
    }
}

/// A line with its words in the sink's vocabularies.
struct OwnedLine<'m> {
    nums: [i64; LINE_NUMS],
    words: [u32; LINE_CODES.len()],
    refunds: &'m str,
    attributes: &'m str,
}

/// The words of the lake's columns of lines.
fn line_words<'v>(states: &'v Vocabulary, words: &'v [Vocabulary], columns: &[usize]) -> Vec<&'v Vocabulary> {
    std::iter::once(states).chain(columns.iter().map(|&i| &words[i])).collect()
}
