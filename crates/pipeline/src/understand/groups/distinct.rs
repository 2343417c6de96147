//! Counting each customer once.

use rustc_hash::FxHashSet;

/// Values of each customer that were met, of the customers of one bucket: small numbers take a bit.
#[derive(Debug)]
pub(in crate::understand) struct Distinct {
    words: usize,
    bits: Vec<u64>,
    rest: FxHashSet<(usize, usize)>,
}

impl Distinct {
    /// For so many customers; values below 64 times `words` take a bit of each.
    pub fn new(customers: usize, words: usize) -> Distinct {
        Distinct { words, bits: vec![0; customers * words], rest: FxHashSet::default() }
    }

    /// Whether a value of a customer is met for the first time.
    pub fn is_new(&mut self, customer: usize, value: usize) -> bool {
        let (word, bit) = (value / 64, 1 << (value % 64));
        match self.bits.get_mut(customer * self.words + word).filter(|_| word < self.words) {
            Some(bits) => {
                let is_new = *bits & bit == 0;
                *bits |= bit;
                is_new
            }
            None => self.rest.insert((customer, value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Distinct;

    #[test]
    fn each_value_of_each_customer_is_new_once() {
        let mut distinct = Distinct::new(3, 1);
        let met = [(0, 5), (1, 5), (0, 5), (2, 63), (2, 64), (2, 64), (0, 64), (7, 1), (7, 1), (2, 63)];
        let new: Vec<bool> = met.iter().map(|(customer, value)| distinct.is_new(*customer, *value)).collect();
        assert_eq!(new, [true, true, false, true, true, false, true, true, false, false]);
    }
}
