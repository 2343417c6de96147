//! How often each value comes up in each group, the values being numbered.

use std::mem::size_of;

use datafusion::logical_expr::EmitTo;
use rustc_hash::FxHashMap;

/// Counts by group and value: a table with a cell for each pair, as long as there are few values, and then
/// a list for each group.
#[derive(Debug, Default)]
pub(super) struct Counts {
    table: Table,
    lists: Option<Lists>,
}

/// The most values, and the most cells, of a table. A list is then no larger.
const WIDEST: usize = 64;
const MOST_CELLS: usize = 1 << 24;

impl Counts {
    /// Makes room for so many groups and values.
    pub fn fit(&mut self, groups: usize, values: usize) {
        let width = self.table.width.max(values.next_power_of_two());
        if self.lists.is_none() && width <= WIDEST && width * groups <= MOST_CELLS {
            self.table.widen(width);
            self.table.cells.resize(width * groups, 0);
        } else {
            self.lists().groups.resize_with(groups, List::default);
        }
    }

    /// Counts a value of a group; there must be room for both.
    pub fn add(&mut self, group: usize, number: u32, count: u64) {
        if self.lists.is_none() {
            let cell = &mut self.table.cells[group * self.table.width + number as usize];
            if let Ok(sum) = u32::try_from(u64::from(*cell) + count) {
                *cell = sum;
                return;
            }
        }
        let lists = self.lists();
        lists.held += usize::from(lists.groups[group].add(number, count));
    }

    /// Takes groups out: for each the values that it has with their counts.
    pub fn take(&mut self, emit_to: EmitTo) -> Vec<Vec<(u32, u64)>> {
        match &mut self.lists {
            None => self.table.take(emit_to),
            Some(lists) => {
                let taken = emit_to.take_needed(&mut lists.groups).into_iter().map(List::into_counts);
                let taken: Vec<Vec<(u32, u64)>> = taken.collect();
                lists.held -= taken.iter().map(Vec::len).sum::<usize>();
                taken
            }
        }
    }

    /// Bytes in memory.
    pub fn size(&self) -> usize {
        let lists = self.lists.as_ref().map_or(0, |lists| {
            lists.groups.capacity() * size_of::<List>() + lists.held * 2 * size_of::<(u32, u64)>()
        });
        lists + self.table.cells.capacity() * size_of::<u32>()
    }

    /// The lists, into which the table goes over.
    fn lists(&mut self) -> &mut Lists {
        let table = &mut self.table;
        self.lists.get_or_insert_with(|| {
            let counts = std::mem::take(table).take(EmitTo::All);
            let held = counts.iter().map(Vec::len).sum();
            Lists { groups: counts.into_iter().map(List::Few).collect(), held }
        })
    }
}

/// Counts in rows of `width` cells, a row a group.
#[derive(Debug)]
struct Table {
    width: usize,
    cells: Vec<u32>,
}

impl Default for Table {
    fn default() -> Self {
        Table { width: 4, cells: Vec::new() }
    }
}

impl Table {
    fn widen(&mut self, width: usize) {
        if width == self.width {
            return;
        }
        let mut wider = vec![0; self.cells.len() / self.width * width];
        for (row, old) in wider.chunks_mut(width).zip(self.cells.chunks(self.width)) {
            row[..old.len()].copy_from_slice(old);
        }
        (self.width, self.cells) = (width, wider);
    }

    fn take(&mut self, emit_to: EmitTo) -> Vec<Vec<(u32, u64)>> {
        let cells = match emit_to {
            EmitTo::All => self.cells.len(),
            EmitTo::First(groups) => groups * self.width,
        };
        let taken: Vec<u32> = self.cells.drain(..cells).collect();
        taken.chunks(self.width).map(counted).collect()
    }
}

/// The values of a table's row that were counted.
fn counted(cells: &[u32]) -> Vec<(u32, u64)> {
    let numbered = cells.iter().enumerate().filter(|(_, count)| **count > 0);
    numbered.map(|(number, &count)| (number as u32, u64::from(count))).collect()
}

/// A list a group.
#[derive(Debug, Default)]
struct Lists {
    groups: Vec<List>,
    /// Counts in all lists.
    held: usize,
}

/// A group's counts by value number: a short list, or a map once the list gets long.
#[derive(Debug)]
enum List {
    Few(Vec<(u32, u64)>),
    Many(FxHashMap<u32, u64>),
}

/// Beyond this a walk through the list costs more than a look into a map.
const FEW: usize = 48;

impl Default for List {
    fn default() -> Self {
        List::Few(Vec::new())
    }
}

impl List {
    /// Adds to a value's count; says whether the value is new to the group.
    fn add(&mut self, number: u32, count: u64) -> bool {
        let list = match self {
            List::Many(map) => {
                let before = map.len();
                *map.entry(number).or_default() += count;
                return map.len() > before;
            }
            List::Few(list) => list,
        };
        if let Some((_, held)) = list.iter_mut().find(|(n, _)| *n == number) {
            *held += count;
            return false;
        }
        list.push((number, count));
        if list.len() > FEW {
            *self = List::Many(list.drain(..).collect());
        }
        true
    }

    fn into_counts(self) -> Vec<(u32, u64)> {
        match self {
            List::Few(list) => list,
            List::Many(map) => map.into_iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(mut groups: Vec<Vec<(u32, u64)>>) -> Vec<Vec<(u32, u64)>> {
        groups.iter_mut().for_each(|group| group.sort_unstable());
        groups
    }

    #[test]
    fn a_table_that_gets_too_wide_or_too_full_goes_on_as_lists() {
        let mut counts = Counts::default();
        counts.fit(2, 2);
        counts.add(1, 1, 3);
        counts.fit(3, 9);
        counts.add(2, 8, 1);
        counts.add(1, 1, u64::from(u32::MAX));
        assert!(counts.lists.is_some());
        counts.fit(3, 200);
        for number in 0..200 {
            counts.add(0, number, 1);
        }
        let groups = sorted(counts.take(EmitTo::First(2)));
        assert_eq!((groups[0].len(), groups[0][199]), (200, (199, 1)));
        assert_eq!(groups[1], [(1, 3 + u64::from(u32::MAX))]);
        assert_eq!(counts.take(EmitTo::All), [[(8, 1)]]);
    }

    #[test]
    fn the_first_groups_are_taken_out_of_a_table() {
        let mut counts = Counts::default();
        counts.fit(3, 5);
        counts.add(0, 4, 1);
        counts.add(2, 0, 2);
        assert_eq!(counts.take(EmitTo::First(2)), [vec![(4, 1)], vec![]]);
        counts.fit(2, 5);
        counts.add(1, 3, 1);
        assert_eq!(counts.take(EmitTo::All), [[(0, 2)], [(3, 1)]]);
    }
}
