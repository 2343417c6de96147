//! Which cells of a table may be shown.

use crate::understand::minimum::Minimum;

/// True for the cells that may be shown: none that holds fewer than the smallest group and more than nobody, and none
/// from which such a cell could be worked out by its row's or column's sum. What is hidden in a row or column is
/// therefore never a cell alone, and never fewer customers in all than the smallest group: the next smallest is hidden
/// with it (secondary suppression, for instance Hundepool and others, "Statistical disclosure control", 2012).
pub(super) fn hide(table: &[u64], columns: usize, minimum: Minimum) -> Vec<bool> {
    let mut shown: Vec<bool> = table.iter().map(|&count| minimum.tells(count)).collect();
    let rows = table.len() / columns.max(1);
    let lines: Vec<Vec<usize>> = (0..rows)
        .map(|row| (row * columns..(row + 1) * columns).collect())
        .chain((0..columns).map(|column| (0..rows).map(|row| row * columns + column).collect()))
        .collect();
    loop {
        let mut hid = false;
        for line in &lines {
            while let Some(cell) = next(line, table, &shown, minimum) {
                shown[cell] = false;
                hid = true;
            }
        }
        if !hid {
            return shown;
        }
    }
}

/// The cell of a row or column to hide next; none when what is hidden there does not follow from its sum.
fn next(line: &[usize], table: &[u64], shown: &[bool], minimum: Minimum) -> Option<usize> {
    let hidden: Vec<u64> = line.iter().filter(|&&cell| !shown[cell]).map(|&cell| table[cell]).collect();
    if hidden.is_empty() || (hidden.len() > 1 && minimum.is_met(hidden.iter().sum())) {
        return None;
    }
    // An empty cell is the last to be hidden: that nobody is there gives nobody away.
    let left = line.iter().copied().filter(|&cell| shown[cell]);
    left.min_by_key(|&cell| (table[cell] == 0, table[cell]))
}

#[cfg(test)]
mod tests {
    use super::Minimum;

    fn hide(table: &[u64], columns: usize) -> Vec<bool> {
        super::hide(table, columns, Minimum::new(5))
    }

    #[test]
    fn tables_without_small_cells_are_shown() {
        assert_eq!(hide(&[5, 0, 9, 12], 2), [true; 4]);
    }

    #[test]
    fn a_small_cell_takes_others_with_it() {
        // 3 is small; 8 goes with it in its row, 20 in its column, and 30 in theirs.
        let shown = hide(&[3, 8, 50, 20, 30, 60, 40, 70, 80], 3);
        assert_eq!(shown, [false, false, true, false, false, true, true, true, true]);
    }

    #[test]
    fn what_is_hidden_in_a_row_is_no_few_either() {
        // Of 52 two would be left beside the 50, so it goes too, and 60 with it in its column. The other columns hide 1
        // alone, so they hide their 20 and 30.
        let shown = hide(&[1, 1, 50, 20, 30, 60, 40, 70, 80], 3);
        assert_eq!(shown, [false, false, false, false, false, false, true, true, true]);
        // 3 takes 5 and 8 with it; either would then be alone in its other line but for the empty cell.
        assert_eq!(hide(&[3, 5, 8, 0], 2), [false; 4]);
    }

    #[test]
    fn every_hidden_cell_has_company() {
        let table = [2, 9, 9, 9, 1, 9, 9, 9, 6, 6, 6, 3];
        let shown = hide(&table, 4);
        for row in shown.chunks(4) {
            assert_ne!(row.iter().filter(|s| !**s).count(), 1);
        }
        for column in 0..4 {
            assert_ne!(shown.iter().skip(column).step_by(4).filter(|s| !**s).count(), 1);
        }
    }
}
