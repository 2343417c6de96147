//! Numbers as digits.

/// The decimal digits of a number, from the last to the first. Formatting them by hand is what makes
/// a million rows a second possible.
pub struct Digits {
    digits: [u8; 20],
    from: usize,
}

impl Digits {
    pub fn of(mut number: u64) -> Self {
        let (mut digits, mut from) = ([b'0'; 20], 20);
        while number > 0 {
            from -= 1;
            digits[from] = b'0' + (number % 10) as u8;
            number /= 10;
        }
        Digits { digits, from }
    }

    /// Adds at least `least` digits.
    pub fn add_to(&self, bytes: &mut Vec<u8>, least: usize) {
        bytes.extend_from_slice(&self.digits[self.from.min(20 - least)..]);
    }
}
