//! What the orders of everybody tell of a group, gathered in one pass.

use std::collections::BTreeMap;
use std::sync::Arc;

use clientele_engine::arrow::array::{Array, AsArray, RecordBatch};
use clientele_engine::arrow::datatypes::{Decimal128Type, Int32Type, TimestampMicrosecondType};
use clientele_engine::{EngineError, Session};

use super::counted::{HabitKind, Orders, Side};
use crate::understand::RunView;
use crate::understand::columns::{Names, keys_of};
use crate::understand::demand::orders_seen;
use crate::understand::groups::Distinct;
use crate::understand::groups::Sides;
use crate::understand::quarters::{Quarters, SoldBy};
use crate::understand::view::viewed;

/// What was counted of the orders inside and outside a group; pairs are by [`Sides`].
#[derive(Debug, Default)]
pub(super) struct OrderCounts {
    /// The orders of each value of each kind, in the order of [`HabitKind::ALL`].
    pub habits: [BTreeMap<String, [Side; 2]>; 4],
    /// The orders of the group that have no value of each kind.
    pub without: [Side; 4],
    pub categories: BTreeMap<String, [CategoryOrders; 2]>,
    /// Customers who ordered of any category.
    pub category_buyers: [u64; 2],
    pub price: [Orders; 2],
    /// What the group ordered in the last quarters.
    pub sold: SoldBy,
}

/// The orders of a category.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct CategoryOrders {
    pub customers: u64,
    pub orders: u64,
    /// Net, in ten-thousandths.
    pub revenue: i128,
}

/// Goes through all orders that the run saw and that count.
pub(super) async fn count(view: &RunView, sides: Arc<Sides>) -> Result<OrderCounts, EngineError> {
    let sql = format!(
        "SELECT customer_key, ordered_at, amount, refunded, discount, category, channel, region FROM {} \
         WHERE {}",
        viewed(&view.session, "orders"),
        orders_seen(view, "")
    );
    let (customers, as_of) = (view.settings.bucket_customers, view.as_of());
    let found = view
        .each_bucket(|_, session| {
            let (sql, sides) = (sql.clone(), Arc::clone(&sides));
            async move {
                let mut bucket = Bucket::new(customers, Quarters::before(as_of));
                bucket.read(&session, &sql, &sides).await?;
                Ok(bucket.count())
            }
        })
        .await?;
    Ok(found.into_iter().reduce(OrderCounts::with).unwrap_or_default())
}

/// One order, as numbers.
#[derive(Clone, Copy)]
struct Order {
    customer: u32,
    side: u8,
    /// Of each kind of habit the number of its value; 0 for none.
    habits: [u32; 4],
    category: u32,
    /// Net, in ten-thousandths.
    worth: i64,
    at: i64,
    /// Whether there was a discount, where that is known.
    discounted: Option<bool>,
}

/// The orders of a bucket.
struct Bucket {
    /// Customers that a bucket has room for.
    customers: i32,
    quarters: Quarters,
    habits: [Names; 4],
    categories: Names,
    orders: Vec<Order>,
}

impl Bucket {
    fn new(customers: i32, quarters: Quarters) -> Bucket {
        let (habits, categories) = (Default::default(), Names::default());
        Bucket { customers: customers.max(1), quarters, habits, categories, orders: Vec::new() }
    }

    async fn read(&mut self, session: &Session, sql: &str, sides: &Sides) -> Result<(), EngineError> {
        let mut stream = session.sql_partitioned(sql, 1).await?.stream().await?;
        while let Some(batch) = stream.next().await? {
            self.take(&batch, sides).map_err(|cause| EngineError::Query { cause, sql: sql.to_owned() })?;
        }
        // Whom the run does not know is on no side.
        self.orders.retain(|order| usize::from(order.side) <= Sides::HERE);
        Ok(())
    }

    fn take(&mut self, batch: &RecordBatch, sides: &Sides) -> Result<(), String> {
        let keys = keys_of(batch)?;
        let keys = keys.as_primitive::<Int32Type>();
        let wrong = || "orders have columns of other types than expected".to_owned();
        let times = batch.column(1).as_primitive_opt::<TimestampMicrosecondType>().ok_or_else(wrong)?;
        let money = |at: usize| batch.column(at).as_primitive_opt::<Decimal128Type>().ok_or_else(wrong);
        let (amounts, refunded, discounts) = (money(2)?, money(3)?, money(4)?);
        let first = self.orders.len();
        for row in 0..batch.num_rows() {
            let key = keys.value(row);
            let worth = match amounts.is_valid(row) && refunded.is_valid(row) {
                true => i64::try_from(amounts.value(row) - refunded.value(row)).unwrap_or_default(),
                false => 0,
            };
            let discounted = discounts.is_valid(row).then(|| discounts.value(row) > 0);
            let at = times.value(row);
            let side = sides.get(key).map_or(u8::MAX, |side| side as u8);
            let customer = key.rem_euclid(self.customers) as u32;
            let habits = [0, daypart(at), weekday(at), 0];
            self.orders.push(Order { customer, side, habits, category: 0, worth, at, discounted });
        }
        let orders = &mut self.orders[first..];
        self.categories.numbers(batch.column(5), |row, number| orders[row].category = number);
        for (kind, column) in [(0, 6), (3, 7)] {
            self.habits[kind].numbers(batch.column(column), |row, number| orders[row].habits[kind] = number);
        }
        Ok(())
    }

    fn count(self) -> OrderCounts {
        let customers = self.customers as usize;
        let mut counts = OrderCounts::default();
        for (place, kind) in HabitKind::ALL.into_iter().enumerate() {
            let names = match kind.names() {
                [] => self.habits[place].names().to_vec(),
                fixed => fixed.iter().map(|name| (*name).to_owned()).collect(),
            };
            counts.habits[place] = habits(&self.orders, place, &names, customers);
            counts.without[place] = without(&self.orders, place, customers);
        }
        let mut categories = vec![[CategoryOrders::default(); 2]; self.categories.names().len() + 1];
        let (mut of_category, mut once) = (Distinct::new(customers, 1), Distinct::new(customers, 1));
        let mut sold = self.quarters.counter(customers);
        for order in &self.orders {
            let (side, customer) = (usize::from(order.side), order.customer as usize);
            let price = &mut counts.price[side];
            price.count += 1.0;
            price.worth += i128::from(order.worth);
            price.buyers += u64::from(once.is_new(customer, 0));
            if let Some(discounted) = order.discounted {
                price.known += 1.0;
                price.discounted += f64::from(u8::from(discounted));
                price.known_buyers += u64::from(once.is_new(customer, 1));
            }
            if order.category == 0 {
                continue;
            }
            let category = &mut categories[order.category as usize][side];
            category.customers += u64::from(of_category.is_new(customer, order.category as usize));
            category.orders += 1;
            category.revenue += i128::from(order.worth);
            counts.category_buyers[side] += u64::from(once.is_new(customer, 2));
            if side == Sides::HERE {
                sold.take(0, customer, order.category, order.at, order.worth);
            }
        }
        let names = self.categories.names();
        counts.categories = names.iter().cloned().zip(categories.into_iter().skip(1)).collect();
        counts.sold = sold.finish(&["here".to_owned()], names);
        counts
    }
}

/// The orders of each value of a kind, on both sides.
fn habits(orders: &[Order], kind: usize, names: &[String], customers: usize) -> BTreeMap<String, [Side; 2]> {
    // How many orders of a customer have any value.
    let mut own = vec![0_u32; customers];
    for order in orders.iter().filter(|order| order.habits[kind] > 0) {
        own[order.customer as usize] += 1;
    }
    let mut sides = vec![[Side::default(); 2]; names.len() + 1];
    let mut met = Distinct::new(customers, 1);
    for order in orders.iter().filter(|order| order.habits[kind] > 0) {
        let (value, customer) = (order.habits[kind] as usize, order.customer as usize);
        let side = &mut sides[value][usize::from(order.side)];
        side.orders += 1;
        side.customers += u64::from(met.is_new(customer, value));
        side.crowd += f64::from(own[customer]);
    }
    let found = names.iter().zip(sides.into_iter().skip(1)).filter(|(_, s)| s[0].orders + s[1].orders > 0);
    found.map(|(name, sides)| (name.clone(), sides)).collect()
}

/// The orders of the group that have no value of a kind.
fn without(orders: &[Order], kind: usize, customers: usize) -> Side {
    let (mut side, mut met) = (Side::default(), Distinct::new(customers, 1));
    let here = |order: &&Order| usize::from(order.side) == Sides::HERE && order.habits[kind] == 0;
    for order in orders.iter().filter(here) {
        side.orders += 1;
        side.customers += u64::from(met.is_new(order.customer as usize, 1));
    }
    side
}

const DAY: i64 = 86_400_000_000;

/// The place of an order's daypart among [`HabitKind::names`], from 1; 0 at midnight, where only the day is known.
fn daypart(at: i64) -> u32 {
    match at.rem_euclid(DAY) {
        0 => 0,
        time => 1 + (time / (DAY / 4)) as u32,
    }
}

/// 1 for Monday to 7 for Sunday. The first day of 1970 was a Thursday.
fn weekday(at: i64) -> u32 {
    1 + (at.div_euclid(DAY) + 3).rem_euclid(7) as u32
}

impl OrderCounts {
    fn with(mut self, other: OrderCounts) -> OrderCounts {
        for (mine, theirs) in self.habits.iter_mut().zip(other.habits) {
            for (value, sides) in theirs {
                let own = mine.entry(value).or_default();
                for (own, side) in own.iter_mut().zip(sides) {
                    *own = own.with(side);
                }
            }
        }
        for (mine, theirs) in self.without.iter_mut().zip(other.without) {
            *mine = mine.with(theirs);
        }
        for (category, sides) in other.categories {
            let own = self.categories.entry(category).or_default();
            for (own, side) in own.iter_mut().zip(sides) {
                own.customers += side.customers;
                own.orders += side.orders;
                own.revenue += side.revenue;
            }
        }
        for side in [Sides::THERE, Sides::HERE] {
            self.category_buyers[side] += other.category_buyers[side];
            self.price[side].add(&other.price[side]);
        }
        self.sold.add(other.sold);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::{DAY, daypart, weekday};

    #[test]
    fn times_are_those_of_the_calendar() {
        let hour = DAY / 24;
        assert_eq!([0, 1, 6 * hour - 1, 6 * hour, 13 * hour, 24 * hour - 1].map(daypart), [0, 1, 1, 2, 3, 4]);
        assert_eq!([-DAY, -1].map(daypart), [0, 4]);
        // 1970-01-01 was a Thursday, 1969-12-28 a Sunday, 2025-06-02 a Monday.
        assert_eq!([0, -4 * DAY, 20_241 * DAY + hour].map(weekday), [4, 7, 1]);
    }
}
