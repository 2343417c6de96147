//! How many rows each customer gets, so that all of them together have as many as were asked for.

/// Customers between two sums that are remembered.
pub const GRAIN: u32 = 64;

/// The rows of one customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    pub customer: u32,
    /// Rows of the customers before.
    pub before: u64,
    pub count: u64,
}

/// Rows divided among customers by weight. What a weight comes to is rounded so that fractions are
/// carried over from customer to customer: the total is exact, and nobody need be remembered.
pub struct Allotment {
    customers: u32,
    wanted: u64,
    /// Rows for a weight of 1.
    factor: f64,
    /// The weight of all customers before each grain.
    sums: Vec<f64>,
}

impl Allotment {
    /// Divides `wanted` rows. When nobody has weight, the last customer gets everything.
    pub fn draw(customers: u32, wanted: u64, weight: impl Fn(u32) -> f64) -> Self {
        let mut sums = Vec::with_capacity((customers / GRAIN) as usize + 1);
        let mut sum = 0.0;
        for customer in 0..customers {
            if customer % GRAIN == 0 {
                sums.push(sum);
            }
            sum += weight(customer);
        }
        let factor = if sum > 0.0 { wanted as f64 / sum } else { 0.0 };
        Allotment { customers, wanted, factor, sums }
    }

    /// The shares of the customers from a grain's first to before `until`; the weights are those that
    /// it was drawn with.
    pub fn shares(&self, grain: u32, until: u32, weight: impl Fn(u32) -> f64) -> impl Iterator<Item = Share> {
        let mut sum = self.sums.get(grain as usize).copied().unwrap_or_default();
        let mut given = self.rows(sum);
        let until = until.min(self.customers);
        (grain * GRAIN..until).map(move |customer| {
            sum += weight(customer);
            let next = if customer + 1 == self.customers { self.wanted } else { self.rows(sum) };
            let share = Share { customer, before: given, count: next.saturating_sub(given) };
            given = next.max(given);
            share
        })
    }

    fn rows(&self, sum: f64) -> u64 {
        ((sum * self.factor) as u64).min(self.wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_wherever_one_begins() {
        let weight = |customer: u32| f64::from(customer % 7) * 0.37;
        let allotment = Allotment::draw(1_000, 12_345, weight);
        let all: Vec<Share> = allotment.shares(0, 1_000, weight).collect();
        assert_eq!(all.iter().map(|s| s.count).sum::<u64>(), 12_345);
        assert!(all.windows(2).all(|w| w[0].before + w[0].count == w[1].before));
        let part: Vec<Share> = allotment.shares(5, 700, weight).collect();
        assert_eq!(part, all[320..700]);
        assert_eq!(Allotment::draw(3, 5, |_| 0.0).shares(0, 3, |_| 0.0).map(|s| s.count).sum::<u64>(), 5);
    }
}
