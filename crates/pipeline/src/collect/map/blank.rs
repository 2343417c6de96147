//! Which cells hold no value for a field.

use clientele_model::spec::source::{Field, FieldKind};

use super::super::values::text::{is_missing, is_nothing};

/// Whether a cell holds no value for a field. Words like `none` are values where words are asked
/// for; a number, a date, an id or an address of a fixed form they cannot be.
#[inline]
pub fn is_blank(field: Field, text: &str) -> bool {
    let is_typed = match field.kind() {
        FieldKind::Id | FieldKind::Time | FieldKind::Date | FieldKind::Number | FieldKind::Status => true,
        FieldKind::Word | FieldKind::Text => matches!(
            field,
            Field::Currency
                | Field::ProductId
                | Field::ItemId
                | Field::SessionId
                | Field::Email
                | Field::Phone
                | Field::Postcode
        ),
    };
    if is_typed { is_nothing(text) } else { is_missing(text) }
}

/// Fields whose values shop systems hide. A product may well have stars in its name.
pub fn may_be_masked(field: Field) -> bool {
    !matches!(
        field,
        Field::ProductName
            | Field::ProductId
            | Field::Product
            | Field::ItemId
            | Field::Category
            | Field::OrderId
            | Field::Text
    )
}
