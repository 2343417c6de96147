//! How clearly rows lie in their own cluster rather than in the next.

use crate::Matrix;
use std::collections::BTreeSet;

/// Mean silhouette of the rows in clusters named by `labels`, by straight-line distance, from -1 to 1 (Rousseeuw,
/// "Silhouettes", 1987): for each row (b - a) / max(a, b), where a is its mean distance to the others of its
/// cluster and b the mean distance to the rows of the nearest other cluster. A row alone in its cluster counts 0.
///
/// Exact, so its time grows with the square of the rows. None when there are not as many labels as rows, or when
/// clusters are fewer than 2 or as many as rows.
#[must_use]
pub fn silhouette(matrix: &Matrix<'_>, labels: &[usize]) -> Option<f64> {
    let names: Vec<usize> = labels.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let rows = matrix.rows();
    if labels.len() != rows || names.len() < 2 || names.len() >= rows {
        return None;
    }
    let labels: Vec<usize> = labels.iter().filter_map(|label| names.binary_search(label).ok()).collect();
    let mut sizes = vec![0_usize; names.len()];
    for &label in &labels {
        sizes[label] += 1;
    }
    let mut distances = vec![0.0; names.len()];
    let mut total = 0.0;
    for (row, &own) in matrix.iter().zip(&labels) {
        distances.fill(0.0);
        for (other, &label) in matrix.iter().zip(&labels) {
            distances[label] += distance(row, other);
        }
        total += of_row(&distances, &sizes, own);
    }
    Some(total / rows as f64)
}

fn of_row(distances: &[f64], sizes: &[usize], own: usize) -> f64 {
    if sizes[own] == 1 {
        return 0.0;
    }
    // The distance to oneself is in the sum as 0, but not in the mean.
    let inside = distances[own] / (sizes[own] - 1) as f64;
    let outside = distances
        .iter()
        .zip(sizes)
        .enumerate()
        .filter(|(label, _)| *label != own)
        .map(|(_, (distance, &size))| distance / size as f64)
        .fold(f64::INFINITY, f64::min);
    let larger = inside.max(outside);
    if larger > 0.0 { (outside - inside) / larger } else { 0.0 }
}

fn distance(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::silhouette;
    use crate::Matrix;

    fn of(values: &[f64], labels: &[usize]) -> Option<f64> {
        silhouette(&Matrix::new(values, 1).unwrap(), labels)
    }

    #[test]
    fn four_points_on_a_line_by_hand() {
        // 0: a = 1, b = (10 + 11) / 2 = 10.5; 1: a = 1, b = 9.5; the other two mirror them.
        let expected = f64::midpoint(9.5 / 10.5, 8.5 / 9.5);
        assert!((of(&[0.0, 1.0, 10.0, 11.0], &[4, 4, 9, 9]).unwrap() - expected).abs() < 1e-12);
    }

    #[test]
    fn a_row_alone_in_its_cluster_counts_nothing() {
        // 0 and 1 as before with b = 10 and 9; 10 is alone.
        let expected = (9.0 / 10.0 + 8.0 / 9.0 + 0.0) / 3.0;
        assert!((of(&[0.0, 1.0, 10.0], &[0, 0, 1]).unwrap() - expected).abs() < 1e-12);
    }

    #[test]
    fn it_needs_two_clusters_and_one_with_two_rows() {
        assert_eq!(of(&[1.0, 2.0], &[0, 0]), None);
        assert_eq!(of(&[1.0, 2.0], &[0, 1]), None);
        assert_eq!(of(&[1.0, 2.0, 3.0], &[0, 1]), None);
        assert_eq!(of(&[], &[]), None);
    }

    #[test]
    fn equal_rows_in_different_clusters_count_nothing() {
        assert_eq!(of(&[1.0; 4], &[0, 0, 1, 1]), Some(0.0));
    }
}
