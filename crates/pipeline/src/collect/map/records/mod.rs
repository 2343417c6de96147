//! Files of facts: each row read as its table's description says.

mod answers;
mod money;
mod reader;
mod settle;

use clientele_model::spec::source::Field;
use clientele_read::TextChunk;

use super::super::rows::{NONE, Rows, Vocabulary};
use super::record_plan::RecordPlan;
use super::row::Row;
use super::{MapContext, Mapped, Rejected, Tally};
use crate::clean::{Example, Rule};

use reader::Reader;

/// Reads a chunk.
pub fn map(cx: &MapContext, plan: &RecordPlan, chunk: TextChunk) -> Mapped {
    let mut out = Mapped {
        rows: Rows::new(&cx.shape),
        words: cx.shape.codes.iter().map(|_| Vocabulary::default()).collect(),
        ..Mapped::default()
    };
    let mut tally = Tally::default();
    {
        let mut reader = Reader::new(cx, plan);
        for index in 0..chunk.rows() {
            if cx.is_elsewhere(&chunk, index) {
                tally.elsewhere += 1;
                continue;
            }
            read_row(cx, &mut reader, Row::new(cx, &chunk, &mut tally, index), &mut out);
        }
    }
    out.tally = tally;
    out.chunk = chunk;
    out
}

fn read_row<'a>(cx: &'a MapContext, reader: &mut Reader<'a>, mut row: Row<'a, '_>, out: &mut Mapped) {
    let customer = row.customer();
    if customer.is_empty() {
        row.tally.without_customer += 1;
        if !row.text(Field::AnonymousId).is_empty() {
            leave_out(&mut row);
            return;
        }
        row.fail(Rule::MissingCustomer, Field::CustomerId);
    }
    reader.read(&mut row, &customer, &mut out.words);
    let id = (!reader.id.is_empty()).then(|| cx.id_hash(&reader.id));
    let fault = row.fault.take();
    let is_refused = fault.is_some();
    out.rejected.extend(fault.map(|fault| row.rejected(fault, id, &customer)));
    for wrong in reader.wrong.drain(..) {
        out.rejected.push(Rejected { is_part: true, ..row.rejected(wrong, None, &customer) });
    }
    if is_refused {
        return;
    }
    if reader.at != NONE {
        row.tally.time(reader.at);
    }
    row.tally.control_sum += i128::from(reader.money);
    row.tally.changed += u64::from(Tally::is_change(row.notes));
    let index = row.index;
    let customer_hash = cx.id_hash(&customer);
    reader.records(|record| {
        record.push(&mut out.rows);
        out.customers.push(&customer);
        out.customer_hash.push(customer_hash);
        out.place.push(index as u32);
        let at = out.place.len() - 1;
        let seeds = (customer_hash as u64, (customer_hash >> 64) as u64);
        if let Some(id) = id {
            out.id_hash.push(id);
            out.content.push(cx.content.of(seeds.0, &out.rows, at, &out.words));
            return;
        }
        let (low, high) = record.plan.identity.pair(seeds, &out.rows, at, &out.words);
        out.id_hash.push(u128::from(low) | u128::from(high) << 64);
        // Where a record is nothing but what it says, both are made of the same columns.
        let is_content = record.plan.table.repeats();
        out.content.push(if is_content { low } else { cx.content.of(seeds.0, &out.rows, at, &out.words) });
    });
}

/// Counts an event of nobody known.
#[cold]
fn leave_out(row: &mut Row<'_, '_>) {
    let number = row.chunk.row_number(row.index);
    let value = row.raw(Field::AnonymousId).unwrap_or_default().into_owned();
    let field = Some(Field::AnonymousId.name().to_owned());
    row.tally.left_out += 1;
    row.tally.count(Rule::Anonymous, || Example { row: number, field, value });
}
