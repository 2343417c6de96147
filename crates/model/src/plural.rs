//! Counts with their nouns.

use crate::money::group_thousands;

/// A count with its noun in English, thousands apart: `1 customer`, `4,338 customers`, `0 customers`.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    let noun = if count == 1 { one } else { many };
    format!("{} {noun}", group_thousands(&count.to_string()))
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn only_one_is_one() {
        let of = |count| counted(count, "customer", "customers");
        assert_eq!([of(0), of(1), of(2)], ["0 customers", "1 customer", "2 customers"]);
        assert_eq!(of(4_338), "4,338 customers");
    }
}
