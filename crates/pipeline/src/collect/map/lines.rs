//! Files with one order line a row.

use clientele_model::spec::source::{Field, OrderStatus};
use clientele_read::TextChunk;

use super::super::rows::{NONE, Rows, Texts, Vocabulary};
use super::super::values::number::{parse_number, product};
use super::super::values::text::CONVERTED;
use super::memory::StatusMemory;
use super::row::Row;
use super::{MapContext, Mapped, Tally};
use crate::clean::Rule;

/// The numbers of a line as read; an index into [`Rows::nums`] of a mapped chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineNum {
    Quantity,
    UnitPrice,
    Discount,
    Amount,
    Cost,
    /// Money given back for this line.
    Refunded,
    PaidAt,
    OrderAmount,
    OrderGross,
    OrderDiscount,
    OrderRefunded,
    /// The status's index in [`OrderStatus::ALL`], or [`NONE`].
    Status,
}

/// How many [`LineNum`]s there are.
pub const LINE_NUMS: usize = 12;

/// The words of a line as read; an index into [`Rows::codes`] of a mapped chunk. Those from the
/// currency on concern the whole order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineCode {
    ProductId,
    ProductName,
    Category,
    Currency,
}

/// The fields behind the columns of words, in the order of [`LineCode`].
pub const LINE_CODES: [Field; 9] = [
    Field::ProductId,
    Field::ProductName,
    Field::Category,
    Field::Currency,
    Field::Channel,
    Field::PaymentMethod,
    Field::Shop,
    Field::Region,
    Field::Staff,
];

/// Reads a chunk. Texts of the result are: line id, refunded order, attributes.
pub fn map(cx: &MapContext, chunk: TextChunk) -> Mapped {
    let mut out = Mapped {
        rows: Rows {
            nums: vec![Vec::new(); LINE_NUMS],
            codes: vec![Vec::new(); LINE_CODES.len()],
            texts: vec![Texts::default(); 3],
            ..Rows::default()
        },
        words: LINE_CODES.iter().map(|_| Vocabulary::default()).collect(),
        ..Mapped::default()
    };
    let mut memory = StatusMemory::default();
    let mut tally = Tally::default();
    for index in 0..chunk.rows() {
        let mut row = Row::new(cx, &chunk, &mut tally, index);
        let id = row.text(Field::OrderId);
        let hash = (!id.is_empty()).then(|| cx.id_hash(&id));
        if id.is_empty() {
            row.fail(Rule::MissingOrder, Field::OrderId);
        }
        let customer = row.text(Field::CustomerId);
        if customer.is_empty() {
            row.tally.without_customer += 1;
        }
        let at = row.time(Field::OrderedAt);
        if at != NONE {
            row.tally.time(at);
        }
        let mut items = read(&mut row, &mut memory);
        if cx.is_credit_note(&id) || items.first().is_some_and(Item::is_undone) {
            row.tally.cancellations += 1;
        }
        if cx.mapping.has(Field::Currency) {
            convert(&mut row, &mut items);
        }
        let line_id = row.text(Field::LineId);
        let refunds = row.text(Field::RefundsOrderId);
        if let Some(fault) = row.fault.take() {
            let rejected = row.rejected(fault, hash, &customer);
            out.rejected.push(rejected);
            continue;
        }
        let attributes = if cx.mapping.extras.is_empty() { String::new() } else { row.attributes() };
        let words: Vec<_> = LINE_CODES.iter().map(|field| row.text(*field)).collect();
        row.tally.changed += u64::from(Tally::is_change(row.notes));
        let customer_hash = if customer.is_empty() { 0 } else { cx.id_hash(&customer) };
        for item in &items {
            out.rows.at.push(at);
            out.rows.id.push(&id);
            out.customers.push(&customer);
            out.customer_hash.push(customer_hash);
            out.id_hash.push(hash.unwrap_or(0));
            out.place.push(index as u32);
            for (column, value) in out.rows.nums.iter_mut().zip(item.nums) {
                column.push(value);
            }
            for (slot, word) in words.iter().enumerate() {
                let word = item.words[slot].as_deref().unwrap_or(word);
                let code = out.words[slot].code(word);
                out.rows.codes[slot].push(code);
            }
            out.rows.texts[0].push(&line_id);
            out.rows.texts[1].push(&refunds);
            out.rows.texts[2].push(&attributes);
        }
    }
    out.tally = tally;
    out.chunk = chunk;
    out
}

/// One line. A row is one line, or several where goods are joined in its cells.
struct Item {
    nums: [i64; LINE_NUMS],
    /// Words that differ from the row's, for joined cells.
    words: [Option<String>; LINE_CODES.len()],
}

impl Item {
    fn num(&mut self, num: LineNum) -> &mut i64 {
        &mut self.nums[num as usize]
    }

    fn is_undone(&self) -> bool {
        let status = self.nums[LineNum::Status as usize];
        status == OrderStatus::Returned as i64 || status == OrderStatus::Cancelled as i64
    }
}

fn read<'a>(row: &mut Row<'a, '_>, memory: &mut StatusMemory<'a>) -> Vec<Item> {
    let joined = joined_cells(row);
    let parts = joined.iter().map(|(_, parts)| parts.len()).max().unwrap_or(1);
    let single = parts == 1;
    let mut first = Item { nums: [NONE; LINE_NUMS], words: Default::default() };
    *first.num(LineNum::Status) = row.status(memory).map_or(NONE, |status| status as i64);
    for (num, field) in [
        (LineNum::Discount, Field::Discount),
        (LineNum::Amount, Field::Amount),
        (LineNum::Cost, Field::Cost),
        (LineNum::Refunded, Field::Refunded),
        (LineNum::OrderAmount, Field::OrderAmount),
        (LineNum::OrderGross, Field::OrderGross),
        (LineNum::OrderDiscount, Field::OrderDiscount),
        (LineNum::OrderRefunded, Field::OrderRefunded),
    ] {
        *first.num(num) = row.number(field);
    }
    if row.cx.mapping.has(Field::PaidAt) {
        *first.num(LineNum::PaidAt) = row.optional_time(Field::PaidAt);
    }
    if single {
        *first.num(LineNum::Quantity) = row.number(Field::Quantity);
        *first.num(LineNum::UnitPrice) = row.number(Field::UnitPrice);
        settle(row, &mut first);
        return vec![first];
    }
    // The amount of the row stays with its first item: how it divides, the file does not say.
    let amount = first.nums[LineNum::Amount as usize];
    if amount == NONE {
        row.fail(Rule::MissingAmount, Field::Amount);
    } else {
        row.tally.control_sum += i128::from(amount);
    }
    let mut items: Vec<Item> =
        (0..parts).map(|_| Item { nums: [NONE; LINE_NUMS], words: Default::default() }).collect();
    items[0].nums = first.nums;
    for (index, item) in items.iter_mut().enumerate() {
        *item.num(LineNum::Status) = first.nums[LineNum::Status as usize];
        for (field, parts) in &joined {
            let part = parts.get(index).cloned().unwrap_or_default();
            let number = parse_number(&part).map_or(NONE, |(value, _)| value);
            match field {
                Field::Quantity => *item.num(LineNum::Quantity) = number,
                Field::UnitPrice => *item.num(LineNum::UnitPrice) = number,
                Field::ProductId => item.words[LineCode::ProductId as usize] = Some(part),
                _ => item.words[LineCode::ProductName as usize] = Some(part),
            }
        }
    }
    items
}

/// The cells that hold several goods, divided.
fn joined_cells(row: &mut Row<'_, '_>) -> Vec<(Field, Vec<String>)> {
    let Some(separator) = row.cx.layout.item_separator.clone() else {
        return Vec::new();
    };
    let fields = [Field::ProductName, Field::ProductId, Field::Quantity, Field::UnitPrice];
    let mut joined = Vec::new();
    for field in fields {
        let text = row.text(field);
        let parts: Vec<String> = text
            .split([separator.as_str(), "；"].map(|s| s.chars().next().unwrap_or(';')))
            .map(|part| part.trim().to_owned())
            .collect();
        joined.push((field, parts));
    }
    if joined.iter().all(|(_, parts)| parts.len() == 1) {
        joined.clear();
    }
    joined
}

/// Works out the amount of a line, and whether its sign makes sense.
fn settle(row: &mut Row<'_, '_>, item: &mut Item) {
    let (quantity, price) = (*item.num(LineNum::Quantity), *item.num(LineNum::UnitPrice));
    let discount = *item.num(LineNum::Discount);
    if discount != NONE {
        *item.num(LineNum::Discount) = discount.abs();
    }
    if *item.num(LineNum::Amount) == NONE && quantity != NONE && price != NONE {
        match product(quantity, price) {
            Some(gross) => {
                let discount = if discount == NONE { 0 } else { discount.abs() };
                *item.num(LineNum::Amount) = gross - discount * gross.signum().abs();
            }
            None => {
                row.fail(Rule::AbsurdNumber, Field::Quantity);
            }
        }
    }
    let amount = *item.num(LineNum::Amount);
    if amount == NONE {
        row.fail(
            Rule::MissingAmount,
            if row.cx.mapping.has(Field::Amount) { Field::Amount } else { Field::UnitPrice },
        );
        return;
    }
    row.tally.control_sum += i128::from(amount);
    let given_back = quantity != NONE && quantity < 0 || item.is_undone();
    if amount < 0 && !given_back {
        row.fail(
            Rule::NegativeAmount,
            if row.cx.mapping.has(Field::Amount) { Field::Amount } else { Field::UnitPrice },
        );
    }
}

fn convert(row: &mut Row<'_, '_>, items: &mut [Item]) {
    let given = row.text(Field::Currency);
    if given.is_empty() {
        return;
    }
    match row.cx.rate(&given) {
        Ok(None) => {}
        Ok(Some(rate)) => {
            for item in items {
                for num in [
                    LineNum::UnitPrice,
                    LineNum::Discount,
                    LineNum::Amount,
                    LineNum::Cost,
                    LineNum::Refunded,
                    LineNum::OrderAmount,
                    LineNum::OrderGross,
                    LineNum::OrderDiscount,
                    LineNum::OrderRefunded,
                ] {
                    let value = item.num(num);
                    *value =
                        rate.convert(*value).unwrap_or_else(|| row.fail(Rule::AbsurdNumber, Field::Currency));
                }
            }
            row.note(CONVERTED, Field::Currency);
        }
        Err(()) => {
            row.fail(Rule::NoRate, Field::Currency);
        }
    }
}
