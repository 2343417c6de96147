//! A book of orders → rows of the lake.

use clientele_model::spec::source::{Field, OrderStatus};

use super::super::map::{LINE_CODES, LineCode, MapContext};
use super::super::rows::content::{self, ContentPlan, with_lines};
use super::super::rows::{NO_WORD, NONE, NumKind, Rows, Shape, Vocabulary};
use super::book::OrderBook;

/// The columns of orders, in the order in which [`OrderBook::rows`] fills them.
pub fn shape(cx: &MapContext) -> Shape {
    let mapping = &cx.mapping;
    let num = |field: Field, name| mapping.has(field).then_some((name, NumKind::Decimal));
    let discount = num(Field::Discount, "discount").or(num(Field::OrderDiscount, "discount"));
    let nums = [
        mapping.has(Field::PaidAt).then_some(("paid_at", NumKind::Time)),
        Some(("gross", NumKind::Decimal)),
        discount,
        Some(("refunded", NumKind::Decimal)),
        Some(("amount", NumKind::Decimal)),
        num(Field::Cost, "cost"),
    ];
    let words = LINE_CODES[LineCode::Category as usize..].iter().filter(|field| mapping.has(**field));
    let attributes = (!mapping.extras.is_empty()).then_some("attributes");
    Shape {
        at: "ordered_at",
        id: "order_id",
        customer_id: true,
        nums: nums.into_iter().flatten().collect(),
        codes: std::iter::once("status").chain(words.map(|field| field.name())).collect(),
        texts: std::iter::once("refunds_order_id").chain(attributes).collect(),
    }
}

/// The figures of an order that its lines add up to.
struct Sums {
    status: OrderStatus,
    amount: i64,
    refunded: i64,
}

impl OrderBook {
    /// Whether an order takes back another.
    pub fn is_credit_note(&self, cx: &MapContext, order: u32) -> bool {
        let at = order as usize;
        cx.is_credit_note(self.id(order)) || self.amount[at] == 0 && self.void[at] == 0 && self.back[at] > 0
    }

    fn sums(&self, cx: &MapContext, order: u32) -> Sums {
        let at = order as usize;
        let given = |given: i64, sum: i64| if given == NONE { sum } else { given };
        if self.is_credit_note(cx, order) {
            let refunded = (self.back[at] - self.amount[at]).max(0);
            return Sums { status: OrderStatus::Returned, amount: 0, refunded };
        }
        let has = |status: OrderStatus| self.states[at] & (1 << status as u8) != 0;
        let counts =
            has(OrderStatus::Completed) || has(OrderStatus::Returned) || has(OrderStatus::PartlyReturned);
        if !counts {
            let amount = given(self.order_amount[at], self.void[at]).max(0);
            let refunded = given(self.order_refunded[at], 0).abs();
            let status =
                if has(OrderStatus::Pending) { OrderStatus::Pending } else { OrderStatus::Cancelled };
            return Sums { status, amount, refunded };
        }
        let amount = given(self.order_amount[at], self.amount[at]).max(0);
        let refunded = given(self.order_refunded[at], self.back[at]).abs();
        let only_returned = !has(OrderStatus::Completed) && !has(OrderStatus::PartlyReturned);
        let (status, refunded) = if only_returned {
            (OrderStatus::Returned, if refunded == 0 { amount } else { refunded })
        } else if refunded > 0 && refunded >= amount {
            (OrderStatus::Returned, refunded)
        } else if refunded > 0 || has(OrderStatus::PartlyReturned) {
            (OrderStatus::PartlyReturned, refunded)
        } else {
            (OrderStatus::Completed, 0)
        };
        Sums { status, amount, refunded }
    }

    /// Some of the orders as rows. The first column of codes holds the status's index in
    /// [`OrderStatus::ALL`]; the others the codes of `words`, the lines' vocabularies.
    pub fn rows(&self, cx: &MapContext, shape: &Shape, orders: &[u32]) -> Rows {
        let mut rows = Rows::new(shape);
        let has_category = cx.mapping.has(Field::Category);
        let first = LineCode::Currency as usize;
        for &order in orders {
            let at = order as usize;
            let sums = self.sums(cx, order);
            rows.at.push(self.at[at]);
            rows.id.push(self.id(order));
            let discount = if self.order_discount[at] == NONE {
                self.discount[at]
            } else {
                self.order_discount[at].abs()
            };
            let gross = if self.order_gross[at] == NONE { self.gross[at] } else { self.order_gross[at] };
            for ((name, _), column) in shape.nums.iter().zip(&mut rows.nums) {
                column.push(match *name {
                    "paid_at" => self.paid_at[at],
                    "gross" => gross,
                    "discount" => discount,
                    "refunded" => sums.refunded,
                    "amount" => sums.amount,
                    _ => self.cost[at],
                });
            }
            let mut codes = rows.codes.iter_mut();
            if let Some(column) = codes.next() {
                column.push(sums.status as u32);
            }
            if has_category && let Some(column) = codes.next() {
                column.push(self.category[at]);
            }
            let mapped = (first..LINE_CODES.len()).filter(|&i| cx.mapping.has(LINE_CODES[i]));
            for (i, column) in mapped.zip(codes) {
                column.push(self.words[at].get(i - first).copied().unwrap_or(NO_WORD));
            }
            let mut texts = rows.texts.iter_mut();
            if let Some(column) = texts.next() {
                column.push(self.refunds[at].as_deref().unwrap_or_default());
            }
            if let Some(column) = texts.next() {
                column.push(self.attributes[at].as_deref().unwrap_or_default());
            }
        }
        rows
    }

    /// Fingerprints of rows from [`Self::rows`], each begun from the customer's hash.
    pub fn contents(
        &self,
        shape: &Shape,
        rows: &Rows,
        orders: &[u32],
        words: &[&Vocabulary],
        customer_word: impl Fn(i32) -> u64,
    ) -> Vec<u64> {
        let plan = ContentPlan::new(content::ORDER, shape);
        let of = |(row, order): (usize, &u32)| {
            let own = plan.of_refs(customer_word(self.key(*order)), rows, row, words);
            with_lines(own, self.content[*order as usize])
        };
        orders.iter().enumerate().map(of).collect()
    }
}
