//! Files with one customer a row.

use clientele_model::spec::source::{Field, FieldKind};
use clientele_read::TextChunk;

use super::super::rows::{NONE, Rows, Vocabulary};
use super::super::values::contact;
use super::super::values::text::{BAD_PHONE, NAME, PHONE};
use super::super::values::time::to_day;
use super::row::Row;
use super::shapes::fields_of;
use super::{MapContext, Mapped, Tally};
use crate::clean::Rule;

/// Reads a chunk.
pub fn map(cx: &MapContext, chunk: TextChunk) -> Mapped {
    let dates = fields_of(&cx.mapping, FieldKind::Date);
    let words = fields_of(&cx.mapping, FieldKind::Word);
    let texts = fields_of(&cx.mapping, FieldKind::Text);
    let mut out = Mapped {
        rows: Rows::new(&cx.shape),
        words: words.iter().map(|_| Vocabulary::default()).collect(),
        ..Mapped::default()
    };
    let mut tally = Tally::default();
    for index in 0..chunk.rows() {
        if cx.is_elsewhere(&chunk, index) {
            tally.elsewhere += 1;
            continue;
        }
        let mut row = Row::new(cx, &chunk, &mut tally, index);
        let id = row.customer();
        if id.is_empty() {
            row.tally.without_customer += 1;
            row.fail(Rule::MissingCustomer, Field::CustomerId);
        }
        let hash = (!id.is_empty()).then(|| cx.id_hash(&id));
        let registered_at = row.optional_time(Field::RegisteredAt);
        if let Some(fault) = row.fault.take() {
            let rejected = row.rejected(fault, hash, &id);
            out.rejected.push(rejected);
            continue;
        }
        if registered_at != NONE {
            row.tally.time(registered_at);
        }
        for (slot, field) in dates.iter().enumerate() {
            let at = row.optional_time(*field);
            out.rows.nums[slot].push(if at == NONE { NONE } else { to_day(at) });
        }
        for (slot, field) in words.iter().enumerate() {
            let word = row.text(*field);
            let code = out.words[slot].code(&word);
            out.rows.codes[slot].push(code);
        }
        for (slot, field) in texts.iter().enumerate() {
            let text = written(&mut row, *field);
            out.rows.texts[slot].push(&text);
        }
        if !cx.mapping.extras.is_empty()
            && let Some(column) = out.rows.texts.last_mut()
        {
            column.push(&row.typed_attributes(&[]));
        }
        row.tally.changed += u64::from(Tally::is_change(row.notes));
        out.rows.at.push(registered_at);
        out.rows.id.push(&id);
        out.customers.push(&id);
        out.customer_hash.push(hash.unwrap_or(0));
        out.id_hash.push(hash.unwrap_or(0));
        out.place.push(index as u32);
        let at = out.place.len() - 1;
        out.content.push(cx.content.of(hash.unwrap_or(0) as u64, &out.rows, at, &out.words));
    }
    out.tally = tally;
    out.chunk = chunk;
    out
}

/// A text, with names and phone numbers written one way.
fn written(row: &mut Row<'_, '_>, field: Field) -> String {
    let text = row.text(field);
    match field {
        Field::Phone if !text.is_empty() => match contact::phone(&text, row.cx.country) {
            Some(phone) => {
                if phone != text {
                    row.note(PHONE, field);
                }
                phone
            }
            None => {
                row.note(BAD_PHONE, field);
                text.into_owned()
            }
        },
        Field::Name => {
            let name = contact::name(&text);
            if name != text {
                row.note(NAME, field);
            }
            name.into_owned()
        }
        Field::Email => text.to_lowercase(),
        _ => text.into_owned(),
    }
}
