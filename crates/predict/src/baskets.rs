//! What is bought together.

use rustc_hash::FxHashMap;

/// Different items of a basket beyond this are not paired: a basket of a thousand items is a wholesale order or an
/// error, and would make half a million pairs.
const MOST_ITEMS: usize = 100;

/// Counts pairs of items, basket by basket, in bounded memory.
///
/// When more pairs are held than allowed, the rarest are forgotten (lossy counting after Manku and Motwani,
/// "Approximate frequency counts over data streams", 2002): what is left may be counted too low, by at most
/// [`Pair::missed`]. As long as nothing was forgotten all counts are exact.
#[derive(Debug, Clone)]
pub struct Pairs {
    baskets: u64,
    items: Vec<u64>,
    pairs: FxHashMap<(u32, u32), Counted>,
    most_pairs: usize,
    forgotten: u64,
}

#[derive(Debug, Clone, Copy)]
struct Counted {
    together: u64,
    missed: u64,
    buyers: u64,
    last_buyer: u32,
}

/// Two items and how often they are in one basket.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The item with the smaller number.
    pub a: u32,
    /// The other.
    pub b: u32,
    /// Baskets that hold both.
    pub together: u64,
    /// By how many baskets `together` may be too low; 0 when it is exact.
    pub missed: u64,
    /// How many buyers these baskets belong to.
    pub buyers: u64,
    /// Share of all baskets that hold both, 0 to 1.
    pub support: f64,
    /// Share of the baskets with `a` that hold `b` too, 0 to 1.
    pub confidence_a: f64,
    /// Share of the baskets with `b` that hold `a` too, 0 to 1.
    pub confidence_b: f64,
    /// How many times as often they are together as if they had nothing to do with each other.
    pub lift: f64,
}

impl Pairs {
    /// For items numbered from 0. At most `most_pairs` pairs are held at once (at least 1); each takes about 40
    /// bytes.
    #[must_use]
    pub fn new(most_pairs: usize) -> Self {
        Self {
            baskets: 0,
            items: Vec::new(),
            pairs: FxHashMap::default(),
            most_pairs: most_pairs.max(1),
            forgotten: 0,
        }
    }

    /// Counts a basket of a buyer, whose baskets have to come one after another. Items that a basket names several
    /// times count once; the order does not matter. Of a basket with more than 100 different items only the items are
    /// counted, not their pairs.
    pub fn add(&mut self, buyer: u32, basket: &[u32]) {
        let mut items = basket.to_vec();
        items.sort_unstable();
        items.dedup();
        let Some(&last) = items.last() else { return };
        self.baskets += 1;
        if self.items.len() <= last as usize {
            self.items.resize(last as usize + 1, 0);
        }
        for &item in &items {
            self.items[item as usize] += 1;
        }
        if items.len() > MOST_ITEMS {
            return;
        }
        let missed = self.forgotten;
        for (place, &a) in items.iter().enumerate() {
            for &b in &items[place + 1..] {
                let new = Counted { together: 0, missed, buyers: 0, last_buyer: buyer };
                let pair = self.pairs.entry((a, b)).or_insert(new);
                pair.buyers += u64::from(pair.together == 0 || pair.last_buyer != buyer);
                pair.together += 1;
                pair.last_buyer = buyer;
            }
        }
        while self.pairs.len() > self.most_pairs {
            self.forget();
        }
    }

    /// Drops the pairs that were seen least.
    fn forget(&mut self) {
        let least = self.pairs.values().map(|pair| pair.together + pair.missed).min().unwrap_or(0);
        self.forgotten = self.forgotten.max(least);
        let forgotten = self.forgotten;
        self.pairs.retain(|_, pair| pair.together + pair.missed > forgotten);
    }

    /// Baskets counted that held anything.
    #[must_use]
    pub fn baskets(&self) -> u64 {
        self.baskets
    }

    /// Baskets that hold an item.
    #[must_use]
    pub fn with_item(&self, item: u32) -> u64 {
        self.items.get(item as usize).copied().unwrap_or(0)
    }

    /// The pairs that at least `least` buyers have had together, and more often than by chance (lift above 1), the most
    /// frequent first, of equals those with the higher lift, then by number; at most `most` of them.
    #[must_use]
    pub fn top(&self, most: usize, least: u64) -> Vec<Pair> {
        let mut pairs: Vec<Pair> = self
            .pairs
            .iter()
            .filter(|(_, counted)| counted.buyers >= least)
            .map(|(&(a, b), &counted)| self.pair(a, b, counted))
            .filter(|pair| pair.lift > 1.0)
            .collect();
        pairs.sort_by(|x, y| {
            y.together.cmp(&x.together).then(y.lift.total_cmp(&x.lift)).then((x.a, x.b).cmp(&(y.a, y.b)))
        });
        pairs.truncate(most);
        pairs
    }

    fn pair(&self, a: u32, b: u32, counted: Counted) -> Pair {
        let (with_a, with_b) = (self.with_item(a) as f64, self.with_item(b) as f64);
        let (together, baskets) = (counted.together as f64, self.baskets as f64);
        Pair {
            a,
            b,
            together: counted.together,
            missed: counted.missed,
            buyers: counted.buyers,
            support: together / baskets,
            confidence_a: together / with_a,
            confidence_b: together / with_b,
            lift: together * baskets / (with_a * with_b),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pairs;

    fn counted(baskets: &[&[u32]], most_pairs: usize) -> Pairs {
        let mut pairs = Pairs::new(most_pairs);
        (0..).zip(baskets).for_each(|(buyer, basket)| pairs.add(buyer, basket));
        pairs
    }

    #[test]
    fn four_baskets_by_hand() {
        let pairs = counted(&[&[1, 2, 2], &[2, 1, 3], &[1], &[3], &[]], 100);
        assert_eq!((pairs.baskets(), pairs.with_item(1), pairs.with_item(9)), (4, 3, 0));
        let top = pairs.top(10, 1);
        let first = top[0];
        assert_eq!((first.a, first.b, first.together, first.missed, first.buyers), (1, 2, 2, 0, 2));
        assert_eq!((first.support, first.confidence_b), (0.5, 1.0));
        assert!((first.confidence_a - 2.0 / 3.0).abs() < 1e-12);
        // Together in 2 of 4; by chance in 3/4 x 2/4: lift 4/3. (1, 3) have lift 2/3 and are left out; (2, 3)
        // have lift 1 x 4 / (2 x 2) = 1 and so do they.
        assert!((first.lift - 4.0 / 3.0).abs() < 1e-12);
        assert_eq!(top.len(), 1);
        assert!(pairs.top(10, 3).is_empty());
    }

    #[test]
    fn memory_is_bounded_and_frequent_pairs_survive() {
        let mut pairs = Pairs::new(50);
        for round in 0..500_u32 {
            pairs.add(7, &[1, 2]);
            pairs.add(7, &[100 + 2 * round, 101 + 2 * round]);
        }
        assert!(pairs.pairs.len() <= 50);
        let first = pairs.top(1, 1)[0];
        assert_eq!((first.a, first.b, first.buyers), (1, 2, 1));
        assert!(first.together + first.missed >= 500);
    }

    #[test]
    fn very_wide_baskets_are_told_apart() {
        let everything: Vec<u32> = (0..200).collect();
        let pairs = counted(&[&everything, &[1, 2]], 1_000);
        assert_eq!((pairs.with_item(150), pairs.top(10, 1).len()), (1, 0));
    }
}
