//! What is in an order.

/// An order. Amounts are in hundredths of the currency's unit; the order's are the sums of its lines'.
pub struct Order {
    /// Its place in the log, from 1.
    pub number: u64,
    pub customer: u32,
    /// Seconds from the first day's midnight.
    pub at: u32,
    /// Paid, after discount.
    pub amount: i64,
    pub discount: i64,
    pub cost: i64,
    /// The category of the line with the highest amount.
    pub category: usize,
    pub channel: usize,
    pub payment: usize,
    pub region: usize,
    pub status: &'static str,
    /// When it was paid, where that is wanted, in seconds as `at`.
    pub paid_at: Option<u32>,
    /// What was given back, where that is wanted.
    pub refunded: i64,
    /// Whether anybody knows what the goods cost.
    pub is_costed: bool,
    pub lines: Vec<Line>,
}

/// A line of an order.
pub struct Line {
    pub category: usize,
    /// The product within the category.
    pub product: usize,
    pub quantity: i64,
    pub unit_price: i64,
    pub discount: i64,
    pub amount: i64,
    pub cost: i64,
    pub refunded: i64,
}
