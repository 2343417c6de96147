//! The smallest group that anything is said of, in one place: every count that is told keeps to it.

/// The setting `minimum_group`: fewer customers than this, but more than none, are not told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Minimum(u64);

impl Minimum {
    /// Of so many customers.
    pub fn new(customers: u64) -> Self {
        Minimum(customers)
    }

    pub fn customers(self) -> u64 {
        self.0
    }

    /// Whether there are enough to describe.
    pub fn is_met(self, customers: u64) -> bool {
        customers >= self.0
    }

    /// Whether the count itself may be told: enough, or nobody, which gives nobody away.
    pub fn tells(self, customers: u64) -> bool {
        customers == 0 || customers >= self.0
    }

    /// Whether quartiles, and the member nearest to the middle, may be told of so many values: one of fewer people
    /// would be the value of a single one, as each quarter then holds fewer than the smallest group.
    pub fn has_quarters(self, values: u64) -> bool {
        values >= self.0.saturating_mul(4)
    }

    /// Likewise tenths.
    pub fn has_tenths(self, values: u64) -> bool {
        values >= self.0.saturating_mul(10)
    }

    /// Hides further parts of a whole that is told, as long as the hidden ones together are so few that their number
    /// follows by subtraction: the smallest of those shown goes first, empty parts stay. `rest` counts customers of
    /// the whole that are in no part. Whether any was hidden.
    pub fn cover(self, counts: &[u64], rest: u64, shown: &mut [bool]) -> bool {
        let before = shown.iter().filter(|shown| **shown).count();
        while !self.tells(rest + hidden(counts, shown)) {
            let left = (0..counts.len()).filter(|&part| shown[part] && counts[part] > 0);
            let Some(next) = left.min_by_key(|&part| counts[part]) else { break };
            shown[next] = false;
        }
        shown.iter().filter(|shown| **shown).count() < before
    }
}

/// Customers of the parts that are not shown.
fn hidden(counts: &[u64], shown: &[bool]) -> u64 {
    counts.iter().zip(shown).filter(|(_, shown)| !**shown).map(|(count, _)| count).sum()
}

#[cfg(test)]
mod tests {
    use super::Minimum;

    #[test]
    fn few_are_not_told_and_nobody_is() {
        let minimum = Minimum::new(5);
        assert_eq!([0, 1, 4, 5].map(|count| minimum.tells(count)), [true, false, false, true]);
        assert_eq!([19, 20].map(|values| minimum.has_quarters(values)), [false, true]);
        assert_eq!([49, 50].map(|values| minimum.has_tenths(values)), [false, true]);
    }

    #[test]
    fn what_follows_by_subtraction_is_covered() {
        let cover = |counts: &[u64], rest: u64| {
            let mut shown: Vec<bool> = counts.iter().map(|&count| Minimum::new(5).tells(count)).collect();
            Minimum::new(5).cover(counts, rest, &mut shown);
            shown
        };
        // Of 60 known, 40 are active and 17 new: 3 have churned. The 17 go too, and 20 are left for both.
        assert_eq!(cover(&[40, 17, 3, 0], 0), [true, false, false, true]);
        // 3 and 4 are 7 together, which tells neither.
        assert_eq!(cover(&[40, 3, 4], 0), [true, false, false]);
        // 48 of 50 say yes.
        assert_eq!(cover(&[48], 2), [false]);
        assert_eq!(cover(&[45], 5), [true]);
        assert_eq!(cover(&[50], 0), [true]);
    }
}
