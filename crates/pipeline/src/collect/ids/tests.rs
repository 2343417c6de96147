//! Tables of ids against maps that hold everything in memory.

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;

/// Hashes of which the lowest bits that a table looks at often agree.
fn id() -> impl Strategy<Value = u128> {
    let low = prop_oneof![any::<u64>(), 0..300u64, (0..300u64).prop_map(|n| n.wrapping_mul(0x9e37_79b9))];
    (low, 0..3u32).prop_map(|(low, rest)| u128::from(low) | u128::from(rest) << 64)
}

/// So little that tables go to disk after a few ids.
fn tiny() -> Room {
    Room { bits: 8, filter_bytes: 256 }
}

proptest! {
    #[test]
    fn ids_are_met_once(ids in prop::collection::vec((id(), 0..4u32), 0..2000)) {
        let mut table = IdTable::new(tiny());
        let mut known = HashMap::new();
        for (id, value) in &ids {
            // Zero marks a free place, and counts as one.
            let same = if *id as u64 == 0 { id | 1 } else { *id };
            let before = known.get(&same).copied();
            prop_assert_eq!(table.meet(*id, *value).expect("a temporary file"), before);
            known.entry(same).or_insert(*value);
        }
        prop_assert_eq!(table.len(), known.len() as u64);
        let mut visited = 0;
        table.each(&mut |_| { visited += 1; Ok(()) }).expect("a temporary file");
        prop_assert_eq!(visited, known.len());
        for (id, _) in &ids {
            prop_assert!(table.contains(Key::from(*id)).expect("a temporary file"));
            let other = id ^ 1 << 80;
            let is_known = known.contains_key(&if other as u64 == 0 { other | 1 } else { other });
            prop_assert_eq!(table.contains(Key::from(other)).expect("a temporary file"), is_known);
        }
    }

    #[test]
    fn counts_go_on_from_what_is_on_disk(ids in prop::collection::vec(1..400u128, 0..3000)) {
        let mut table = IdTable::new(tiny());
        let mut known: HashMap<u128, u32> = HashMap::new();
        for id in ids {
            let count = known.entry(id).or_default();
            *count += 1;
            prop_assert_eq!(table.count(id).expect("a temporary file"), Some(*count));
        }
        prop_assert_eq!(table.len(), known.len() as u64);
    }
}

#[test]
fn memory_does_not_grow_with_the_ids() {
    let mut table = IdTable::new(tiny());
    for id in 0..20_000u64 {
        let hash = xxhash_rust::xxh3::xxh3_128(&id.to_le_bytes());
        assert_eq!(table.meet(hash, 0).expect("a temporary file"), None);
    }
    assert!(table.spilled.len() > 100);
    assert!(table.young.slots().len() < 2_000);
    assert_eq!(table.len(), 20_000);
}

#[test]
fn a_filter_of_twenty_bits_a_key_is_seldom_wrong() {
    let key = |n: u64| Key::from(xxhash_rust::xxh3::xxh3_128(&n.to_le_bytes()));
    let mut filter = Filter::new(1 << 18);
    (0..100_000).for_each(|n| filter.insert(key(n)));
    assert!((0..100_000).all(|n| filter.may_hold(key(n))));
    let wrong = (100_000..300_000).filter(|n| filter.may_hold(key(*n))).count();
    assert!(wrong < 400, "{wrong} of 200,000");
}
