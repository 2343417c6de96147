//! Which cells of a table may be shown.

/// True for the cells that may be shown: none that holds fewer than `minimum` and more than nobody, and none from
/// which such a cell could be worked out by its row's or column's sum. A hidden cell is therefore never alone in its
/// row or column: the next smallest is hidden with it (secondary suppression, for instance Hundepool and others,
/// "Statistical disclosure control", 2012).
pub(super) fn hide(table: &[u64], columns: usize, minimum: u64) -> Vec<bool> {
    let mut shown: Vec<bool> = table.iter().map(|&count| count == 0 || count >= minimum).collect();
    let rows = table.len() / columns.max(1);
    let lines: Vec<Vec<usize>> = (0..rows)
        .map(|row| (row * columns..(row + 1) * columns).collect())
        .chain((0..columns).map(|column| (0..rows).map(|row| row * columns + column).collect()))
        .collect();
    loop {
        let mut hid = false;
        for line in &lines {
            if line.iter().filter(|&&cell| !shown[cell]).count() != 1 {
                continue;
            }
            // An empty cell is the last to be hidden: that nobody is there gives nobody away.
            let next =
                line.iter().filter(|&&cell| shown[cell]).min_by_key(|&&cell| (table[cell] == 0, table[cell]));
            if let Some(&cell) = next {
                shown[cell] = false;
                hid = true;
            }
        }
        if !hid {
            return shown;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::hide;

    #[test]
    fn tables_without_small_cells_are_shown() {
        assert_eq!(hide(&[5, 0, 9, 12], 2, 5), [true; 4]);
    }

    #[test]
    fn a_small_cell_takes_others_with_it() {
        // 3 is small; 8 goes with it in its row, 20 in its column, and 30 in theirs.
        let shown = hide(&[3, 8, 50, 20, 30, 60, 40, 70, 80], 3, 5);
        assert_eq!(shown, [false, false, true, false, false, true, true, true, true]);
    }

    #[test]
    fn every_hidden_cell_has_company() {
        let table = [2, 9, 9, 9, 1, 9, 9, 9, 6, 6, 6, 3];
        let shown = hide(&table, 4, 5);
        for row in shown.chunks(4) {
            assert_ne!(row.iter().filter(|s| !**s).count(), 1);
        }
        for column in 0..4 {
            assert_ne!(shown.iter().skip(column).step_by(4).filter(|s| !**s).count(), 1);
        }
    }
}
