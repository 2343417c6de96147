//! The columns that orders, their lines and customers of a file have in the lake.

use clientele_model::spec::source::{Field, FieldKind};

use super::super::mapping::Mapping;
use super::super::rows::{NumKind, Shape};

/// The columns of numbers of orders: the field that fills each, if one does, and its name in the lake.
pub const ORDER_NUMS: [(Option<Field>, &str, NumKind); 7] = [
    (Some(Field::PaidAt), "paid_at", NumKind::Time),
    (Some(Field::Gross), "gross", NumKind::Decimal),
    (Some(Field::Discount), "discount", NumKind::Decimal),
    (None, "refunded", NumKind::Decimal),
    (None, "amount", NumKind::Decimal),
    (Some(Field::Cost), "cost", NumKind::Decimal),
    (Some(Field::Currency), "original_amount", NumKind::Decimal),
];

/// The columns of words of orders, in the same way.
pub const ORDER_CODES: [(Option<Field>, &str); 9] = [
    (None, "status"),
    (Some(Field::Currency), "currency"),
    (Some(Field::Channel), "channel"),
    (Some(Field::PaymentMethod), "payment_method"),
    (Some(Field::Shop), "shop"),
    (Some(Field::Region), "region"),
    (Some(Field::Staff), "staff"),
    (Some(Field::Category), "category"),
    (Some(Field::Currency), "original_currency"),
];

/// The columns that orders of a mapping have.
pub fn order_shape(mapping: &Mapping) -> Shape {
    let has = |field: Option<Field>| field.is_none_or(|field| mapping.has(field));
    let mut texts = Vec::new();
    if mapping.has(Field::RefundsOrderId) {
        texts.push("refunds_order_id");
    }
    if !mapping.extras.is_empty() {
        texts.push("attributes");
    }
    Shape {
        at: "ordered_at",
        id: "order_id",
        customer_id: true,
        nums: ORDER_NUMS.iter().filter(|c| has(c.0)).map(|c| (c.1, c.2)).collect(),
        codes: ORDER_CODES.iter().filter(|c| has(c.0)).map(|c| c.1).collect(),
        texts,
    }
}

/// The columns of order lines in the lake.
pub fn line_shape(mapping: &Mapping) -> Shape {
    let code = |field: Field, name| mapping.has(field).then_some(name);
    let codes = [
        Some("status"),
        code(Field::ProductId, "product_id"),
        code(Field::ProductName, "product_name"),
        code(Field::Category, "category"),
    ];
    Shape {
        at: "ordered_at",
        id: "order_id",
        customer_id: false,
        nums: vec![
            ("line_no", NumKind::Int),
            ("quantity", NumKind::Decimal),
            ("unit_price", NumKind::Decimal),
            ("discount", NumKind::Decimal),
            ("amount", NumKind::Decimal),
            ("cost", NumKind::Decimal),
        ],
        codes: codes.into_iter().flatten().collect(),
        texts: Vec::new(),
    }
}

/// The fields of a kind that a file of customers fills.
pub fn fields_of(mapping: &Mapping, kind: FieldKind) -> Vec<Field> {
    mapping.fields().filter(|field| field.kind() == kind).collect()
}

/// The columns that customers of a mapping have.
pub fn customer_shape(mapping: &Mapping) -> Shape {
    let names = |kind| fields_of(mapping, kind).into_iter().map(Field::name);
    let attributes = (!mapping.extras.is_empty()).then_some("attributes");
    Shape {
        at: "registered_at",
        id: "customer_id",
        customer_id: false,
        nums: names(FieldKind::Date).map(|name| (name, NumKind::Day)).collect(),
        codes: names(FieldKind::Word).collect(),
        texts: names(FieldKind::Text).chain(attributes).collect(),
    }
}
