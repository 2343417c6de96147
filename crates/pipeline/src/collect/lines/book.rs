//! The orders of a file at line grain, while its lines stream by.

use clientele_model::spec::source::{Field, OrderStatus};

use super::super::hash::ByHash;
use super::super::map::{LINE_CODES, LineCode, LineNum};
use super::super::mapping::Mapping;
use super::super::rows::{NO_WORD, NONE, Texts, Vocabulary, content::mix};
use super::super::values::number::product;

/// The words of an order: the fields of [`LINE_CODES`] from the currency on.
pub const ORDER_WORDS: usize = LINE_CODES.len() - LineCode::Currency as usize;

/// What a line says, with its words in the book's vocabularies.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    pub nums: &'a [i64; super::super::map::LINE_NUMS],
    pub words: &'a [u32; LINE_CODES.len()],
    pub refunds: &'a str,
    pub attributes: &'a str,
}

impl Line<'_> {
    /// One of its numbers.
    pub fn num(&self, num: LineNum) -> i64 {
        self.nums[num as usize]
    }

    /// One of its words.
    pub fn word(&self, code: LineCode) -> u32 {
        self.words[code as usize]
    }
}

/// Orders by number. Memory goes with the orders, not with their lines.
#[derive(Debug, Default)]
pub struct OrderBook {
    pub(super) index: ByHash<u32>,
    pub(super) ids: Texts,
    pub(super) key: Vec<i32>,
    pub(super) at: Vec<i64>,
    pub(super) lines: Vec<i32>,
    /// The states that its lines have, a bit each; and the first that was given.
    pub(super) states: Vec<u8>,
    pub(super) first_state: Vec<u8>,
    /// Sums over lines that count, over cancelled and pending ones, and over what came back.
    pub(super) amount: Vec<i64>,
    pub(super) void: Vec<i64>,
    pub(super) back: Vec<i64>,
    pub(super) gross: Vec<i64>,
    pub(super) discount: Vec<i64>,
    pub(super) cost: Vec<i64>,
    pub(super) paid_at: Vec<i64>,
    /// What rows say about the whole order.
    pub(super) order_amount: Vec<i64>,
    pub(super) order_gross: Vec<i64>,
    pub(super) order_discount: Vec<i64>,
    pub(super) order_refunded: Vec<i64>,
    pub(super) words: Vec<[u32; ORDER_WORDS]>,
    pub(super) category: Vec<u32>,
    largest: Vec<i64>,
    pub(super) content: Vec<u64>,
    pub(super) refunds: Vec<Option<Box<str>>>,
    pub(super) attributes: Vec<Option<Box<str>>>,
    keeps_attributes: bool,
}

/// The number of no state.
pub(super) const NO_STATE: u8 = u8::MAX;

impl OrderBook {
    /// An empty book for files of a mapping.
    pub fn new(mapping: &Mapping) -> Self {
        OrderBook { keeps_attributes: !mapping.extras.is_empty(), ..OrderBook::default() }
    }

    /// How many orders there are.
    pub fn len(&self) -> usize {
        self.at.len()
    }

    /// The number of an order.
    pub fn find(&self, hash: u128) -> Option<u32> {
        self.index.get(&hash).copied()
    }

    /// The hashes of all orders and their numbers.
    pub fn hashes(&self) -> impl Iterator<Item = (u128, u32)> + '_ {
        self.index.iter().map(|(hash, order)| (*hash, *order))
    }

    /// The id of an order.
    pub fn id(&self, order: u32) -> &str {
        self.ids.get(order as usize)
    }

    /// The customer of an order.
    pub fn key(&self, order: u32) -> i32 {
        self.key[order as usize]
    }

    /// The time of an order.
    pub fn at(&self, order: u32) -> i64 {
        self.at[order as usize]
    }

    /// Enters a new order.
    pub fn open(&mut self, hash: u128, id: &str, key: i32, at: i64) -> u32 {
        let order = self.at.len() as u32;
        self.index.insert(hash, order);
        self.ids.push(id);
        self.key.push(key);
        self.at.push(at);
        self.lines.push(0);
        self.states.push(0);
        self.first_state.push(NO_STATE);
        for column in [&mut self.amount, &mut self.void, &mut self.back] {
            column.push(0);
        }
        for column in [
            &mut self.gross,
            &mut self.discount,
            &mut self.cost,
            &mut self.paid_at,
            &mut self.order_amount,
            &mut self.order_gross,
            &mut self.order_discount,
            &mut self.order_refunded,
        ] {
            column.push(NONE);
        }
        self.words.push([NO_WORD; ORDER_WORDS]);
        self.category.push(NO_WORD);
        self.largest.push(NONE);
        self.content.push(0);
        self.refunds.push(None);
        if self.keeps_attributes {
            self.attributes.push(None);
        }
        order
    }

    /// Adds a line to its order. Gives the line's number and its state.
    pub fn add(&mut self, order: u32, line: &Line<'_>) -> (i32, OrderStatus) {
        let at = order as usize;
        self.lines[at] += 1;
        let status = self.state_of(at, line);
        self.states[at] |= 1 << status as u8;
        let (quantity, price) = (line.num(LineNum::Quantity), line.num(LineNum::UnitPrice));
        // An amount is absent only where goods are joined in a cell; the first of them has it.
        let amount = line.num(LineNum::Amount);
        let value = if amount == NONE { 0 } else { amount };
        let given_back = line.num(LineNum::Refunded);
        if value < 0 {
            self.back[at] += -value;
        } else if matches!(status, OrderStatus::Cancelled | OrderStatus::Pending) {
            self.void[at] += value;
        } else {
            self.amount[at] += value;
            self.back[at] += match (given_back, status) {
                (NONE, OrderStatus::Returned) => value,
                (NONE, _) => 0,
                (given, _) => given.abs(),
            };
        }
        if value >= 0 {
            let gross = if quantity != NONE && price != NONE { product(quantity, price) } else { None };
            add_to(&mut self.gross[at], gross.unwrap_or(value));
        }
        add_to(&mut self.discount[at], line.num(LineNum::Discount));
        add_to(&mut self.cost[at], line.num(LineNum::Cost));
        if self.largest[at] < value.abs() || self.category[at] == NO_WORD {
            let category = line.word(LineCode::Category);
            if category != NO_WORD {
                self.largest[at] = value.abs();
                self.category[at] = category;
            }
        }
        self.take_order_fields(at, line);
        (self.lines[at], status)
    }

    /// A line without a state has that of its order, as far as it is known by then.
    fn state_of(&mut self, at: usize, line: &Line<'_>) -> OrderStatus {
        let own = u8::try_from(line.num(LineNum::Status)).unwrap_or(NO_STATE);
        if self.first_state[at] == NO_STATE {
            self.first_state[at] = own;
        }
        let state = if own == NO_STATE { self.first_state[at] } else { own };
        OrderStatus::ALL.get(state as usize).copied().unwrap_or(OrderStatus::Completed)
    }

    /// What concerns the order is taken from the first line that says it.
    fn take_order_fields(&mut self, at: usize, line: &Line<'_>) {
        for (mine, num) in [
            (&mut self.paid_at, LineNum::PaidAt),
            (&mut self.order_amount, LineNum::OrderAmount),
            (&mut self.order_gross, LineNum::OrderGross),
            (&mut self.order_discount, LineNum::OrderDiscount),
            (&mut self.order_refunded, LineNum::OrderRefunded),
        ] {
            if mine[at] == NONE {
                mine[at] = line.num(num);
            }
        }
        let from = LineCode::Currency as usize;
        for (mine, word) in self.words[at].iter_mut().zip(&line.words[from..]) {
            if *mine == NO_WORD {
                *mine = *word;
            }
        }
        if self.refunds[at].is_none() && !line.refunds.is_empty() {
            self.refunds[at] = Some(line.refunds.into());
        }
        if self.keeps_attributes && self.attributes[at].is_none() && !line.attributes.is_empty() {
            self.attributes[at] = Some(line.attributes.into());
        }
    }

    /// Adds a line's fingerprint to its order's.
    pub fn add_content(&mut self, order: u32, content: u64) {
        let mine = &mut self.content[order as usize];
        *mine = mix(*mine, content);
    }

    /// Names the order that a credit note takes back, unless the file names it.
    pub fn set_refunds(&mut self, order: u32, of: u32) {
        let id = self.ids.get(of as usize).into();
        let mine = &mut self.refunds[order as usize];
        if mine.is_none() {
            *mine = Some(id);
        }
    }
}

fn add_to(sum: &mut i64, value: i64) {
    if value != NONE {
        *sum = if *sum == NONE { value } else { *sum + value };
    }
}

/// The vocabularies of a book's lines and orders.
pub fn vocabularies() -> Vec<Vocabulary> {
    LINE_CODES.iter().map(|_: &Field| Vocabulary::default()).collect()
}
