//! Files with one order a row.

use std::borrow::Cow;

use clientele_model::spec::source::{Field, OrderStatus};
use clientele_read::TextChunk;

use super::super::rows::{NONE, Rows, Vocabulary};
use super::super::values::text::CONVERTED;
use super::super::values::time::to_datetime;
use super::memory::{StatusMemory, WordMemory};
use super::row::Row;
use super::shapes::{ORDER_CODES, ORDER_NUMS};
use super::{MapContext, Mapped, Tally};
use crate::clean::Rule;

/// Reads a chunk.
pub fn map(cx: &MapContext, chunk: TextChunk) -> Mapped {
    let has = |field: Option<Field>| field.is_none_or(|field| cx.mapping.has(field));
    let nums: Vec<usize> = (0..ORDER_NUMS.len()).filter(|&i| has(ORDER_NUMS[i].0)).collect();
    let codes: Vec<(usize, Option<Field>)> =
        (0..ORDER_CODES.len()).filter(|&i| has(ORDER_CODES[i].0)).map(|i| (i, ORDER_CODES[i].0)).collect();
    let mut out = Mapped {
        rows: Rows::new(&cx.shape),
        words: codes.iter().map(|_| Vocabulary::default()).collect(),
        ..Mapped::default()
    };
    let status_codes = OrderStatus::ALL.map(|status| out.words[0].code(status.word()));
    let mut memory = StatusMemory::default();
    let mut known: Vec<WordMemory<'_>> = codes.iter().map(|_| WordMemory::default()).collect();
    let mut tally = Tally::default();
    for index in 0..chunk.rows() {
        let mut row = Row::new(cx, &chunk, &mut tally, index);
        let order = read(&mut row, &mut memory);
        let id = (!order.id.is_empty()).then(|| cx.id_hash(&order.id));
        if let Some(fault) = row.fault.take() {
            let rejected = row.rejected(fault, id, &order.customer);
            out.rejected.push(rejected);
            continue;
        }
        for (slot, &i) in nums.iter().enumerate() {
            out.rows.nums[slot].push(order.nums[i]);
        }
        for (slot, &(i, field)) in codes.iter().enumerate() {
            let code = match (i, field) {
                (0, _) => status_codes[order.status as usize],
                (1 | 8, _) => out.words[slot].code(&order.currency[usize::from(i == 8)]),
                (_, Some(field)) => row.word(field, &mut known[slot], &mut out.words[slot]),
                _ => continue,
            };
            out.rows.codes[slot].push(code);
        }
        let mut texts = out.rows.texts.iter_mut();
        if cx.mapping.has(Field::RefundsOrderId)
            && let Some(column) = texts.next()
        {
            column.push(&row.text(Field::RefundsOrderId));
        }
        if let Some(column) = texts.next() {
            column.push(&row.attributes());
        }
        row.tally.changed += u64::from(Tally::is_change(row.notes));
        out.rows.at.push(order.at);
        out.rows.id.push(&order.id);
        out.customers.push(&order.customer);
        let customer_hash = cx.id_hash(&order.customer);
        out.customer_hash.push(customer_hash);
        out.id_hash.push(id.unwrap_or(0));
        out.place.push(index as u32);
    }
    let seeds = out.customer_hash.iter().map(|hash| *hash as u64 ^ cx.says);
    out.content = cx.content.of_all(seeds, &out.rows, &out.words);
    out.tally = tally;
    out.chunk = chunk;
    out
}

/// The figures of one order.
struct Order<'a> {
    id: Cow<'a, str>,
    customer: Cow<'a, str>,
    at: i64,
    status: OrderStatus,
    nums: [i64; ORDER_NUMS.len()],
    /// The currency of the amounts as stored, and the one they came in if that is another.
    currency: [Cow<'a, str>; 2],
}

fn read<'a>(row: &mut Row<'a, '_>, memory: &mut StatusMemory<'a>) -> Order<'a> {
    let mut id = row.text(Field::OrderId);
    let customer = row.text(Field::CustomerId);
    if customer.is_empty() {
        row.tally.without_customer += 1;
        row.fail(Rule::MissingCustomer, Field::CustomerId);
    }
    let at = row.time(Field::OrderedAt);
    if at == NONE {
        row.fail(Rule::BadDate, Field::OrderedAt);
    } else {
        row.tally.time(at);
    }
    if id.is_empty() {
        if row.cx.layout.order_id_from_customer_and_time && at != NONE && !customer.is_empty() {
            id = Cow::Owned(made_id(&customer, at));
        } else {
            row.fail(Rule::MissingOrder, Field::OrderId);
        }
    }
    let status = row.status(memory);
    let gross = row.number(Field::Gross);
    let mut discount = row.number(Field::Discount);
    if discount != NONE {
        discount = discount.abs();
    }
    let refunded = row.number(Field::Refunded);
    let mut amount = row.number(Field::Amount);
    let cost = row.number(Field::Cost);
    if amount == NONE && gross != NONE {
        amount = gross - if discount == NONE { 0 } else { discount };
    }
    if amount == NONE {
        row.fail(Rule::MissingAmount, Field::Amount);
    } else {
        row.tally.control_sum += i128::from(amount);
    }
    let mut order = Order {
        status: status.unwrap_or(OrderStatus::Completed),
        id,
        customer,
        at,
        nums: [NONE, gross, discount, refunded, amount, cost, NONE],
        currency: [Cow::Borrowed(""), Cow::Borrowed("")],
    };
    order.settle(row, status);
    if row.cx.mapping.has(Field::PaidAt) {
        order.nums[0] = row.optional_time(Field::PaidAt);
    }
    if row.cx.mapping.has(Field::Currency) {
        order.convert(row);
    }
    if matches!(order.status, OrderStatus::Cancelled | OrderStatus::Returned) {
        row.tally.cancellations += 1;
    }
    order
}

impl<'a> Order<'a> {
    /// Brings status, amount and refund in line with each other.
    fn settle(&mut self, row: &mut Row<'a, '_>, given: Option<OrderStatus>) {
        let [_, _, _, refunded, amount, _, _] = self.nums;
        let refunded = if refunded == NONE { 0 } else { refunded.abs() };
        if amount == NONE {
            return;
        }
        let is_return = matches!(
            given,
            Some(OrderStatus::Returned | OrderStatus::PartlyReturned | OrderStatus::Cancelled)
        );
        let credit_note = row.cx.is_credit_note(&self.id);
        let (status, amount, refunded) = if amount < 0 {
            if !is_return && !credit_note {
                row.fail(Rule::NegativeAmount, Field::Amount);
            }
            (OrderStatus::Returned, 0, amount.abs())
        } else if credit_note {
            (OrderStatus::Returned, 0, if refunded == 0 { amount } else { refunded })
        } else {
            match given.unwrap_or(OrderStatus::Completed) {
                OrderStatus::Returned if refunded == 0 => (OrderStatus::Returned, amount, amount),
                OrderStatus::Completed if refunded > 0 && refunded >= amount => {
                    (OrderStatus::Returned, amount, refunded)
                }
                OrderStatus::Completed if refunded > 0 => (OrderStatus::PartlyReturned, amount, refunded),
                status => (status, amount, refunded),
            }
        };
        self.status = status;
        self.nums[3] = refunded;
        self.nums[4] = amount;
    }

    /// Converts the amounts to the workspace's currency.
    fn convert(&mut self, row: &mut Row<'a, '_>) {
        let given = row.text(Field::Currency);
        let own = row.cx.currency();
        if given.is_empty() {
            self.currency[0] = own.into();
            return;
        }
        match row.cx.rate(&given) {
            Ok(None) => self.currency[0] = own.into(),
            Ok(Some(rate)) => {
                self.nums[6] = self.nums[4];
                for num in &mut self.nums[1..6] {
                    *num =
                        rate.convert(*num).unwrap_or_else(|| row.fail(Rule::AbsurdNumber, Field::Currency));
                }
                self.currency[0] = own.into();
                self.currency[1] = given.to_ascii_uppercase().into();
                row.note(CONVERTED, Field::Currency);
            }
            Err(()) => {
                row.fail(Rule::NoRate, Field::Currency);
            }
        }
    }
}

/// An id for an order that has none: customer and time. The import numbers repetitions.
fn made_id(customer: &str, at: i64) -> String {
    match to_datetime(at) {
        Some(time) if at % 86_400_000_000 == 0 => format!("{customer}-{}", time.format("%Y%m%d")),
        Some(time) => format!("{customer}-{}", time.format("%Y%m%dT%H%M%S")),
        None => format!("{customer}-{at}"),
    }
}
