//! Two classifications crossed.

use clientele_model::Figure;
use clientele_pipeline::understand::RunView;
use clientele_pipeline::understand::crosstab::{self, Chance, CrossCell};
use serde::Serialize;

use crate::run::RunReference;
use crate::verdict::Magnitude;

/// What `crosstab` answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CrossTable {
    pub run: RunReference,
    pub rows: Dimension,
    pub columns: Dimension,
    /// The fewest customers that anything is said of.
    pub minimum_group: u64,
    pub customers: u64,
    /// Those that the test is about: unknown tiers are shown and take no part in it. Null where a hidden cell
    /// would follow.
    pub customers_tested: Option<u64>,
    /// Null where they are some, but fewer than the smallest group.
    pub left_out: Option<u64>,
    /// Row after row.
    pub cells: Vec<Vec<Cell>>,
    /// Whether cells are hidden. Then chi-square is null, V has two digits and p is told by what it is below.
    pub hidden: bool,
    pub chi_square: Figure,
    pub degrees_of_freedom: u64,
    pub p: Figure,
    /// Null where p is exact, or not significant.
    pub p_below: Option<f64>,
    pub significant: bool,
    /// 0 where the two have nothing to do with each other, 1 where one tells the other.
    pub cramers_v: Figure,
    /// The same without what chance alone would make of it.
    pub cramers_v_corrected: Figure,
    pub magnitude: Magnitude,
    /// The share of cells in which fewer than five were to be expected.
    pub small_expected_share: Figure,
    /// Whether that share is so large that p is rough.
    pub rough: bool,
}

/// One side of the table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Dimension {
    /// The scheme or metric.
    pub id: String,
    pub values: Vec<DimensionValue>,
}

/// A tier, or a value of a metric.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DimensionValue {
    pub value: String,
    pub customers: u64,
    /// For numbers.
    pub range: Option<Range>,
}

/// From, and up to but not including; null where it is open.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Range {
    pub from: Option<f64>,
    pub below: Option<f64>,
}

/// The customers of a row and a column.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Cell {
    /// Null where it is hidden.
    pub customers: Option<u64>,
    /// The distance from what was to be expected, in standard errors.
    pub residual: Figure,
}

impl CrossTable {
    /// A cross-table of a run.
    pub fn new(view: &RunView, table: &crosstab::CrossTable) -> Self {
        let found = &table.connection;
        let (p, p_below) = match found.p {
            Chance::Exact(p) => (Some(p), None),
            Chance::Below(bound) => (None, Some(bound)),
            Chance::NotSignificant => (None, None),
        };
        let width = table.columns.values.len().max(1);
        CrossTable {
            run: (&view.run).into(),
            rows: Dimension::new(&table.rows, &table.row_sums),
            columns: Dimension::new(&table.columns, &table.column_sums),
            minimum_group: view.minimum_group(),
            customers: table.customers,
            customers_tested: table.tested,
            left_out: table.left_out,
            cells: table.cells.chunks(width).map(|row| row.iter().map(Cell::from).collect()).collect(),
            hidden: table.hides(),
            chi_square: Figure::maybe(found.statistic),
            degrees_of_freedom: found.freedom,
            p: Figure::maybe(p),
            p_below,
            significant: found.p.is_significant(),
            cramers_v: found.cramers_v.into(),
            cramers_v_corrected: found.cramers_v_corrected.into(),
            magnitude: found.magnitude.into(),
            small_expected_share: Figure::maybe(found.small_expected_share),
            rough: found.is_rough,
        }
    }
}

impl Dimension {
    fn new(dimension: &crosstab::Dimension, sums: &[u64]) -> Self {
        let values = dimension.values.iter().zip(sums).map(|(value, sum)| DimensionValue {
            value: value.key.clone(),
            customers: *sum,
            range: value.range.map(|(from, below)| Range { from, below }),
        });
        Dimension { id: dimension.id.clone(), values: values.collect() }
    }
}

impl From<&CrossCell> for Cell {
    fn from(cell: &CrossCell) -> Self {
        Cell { customers: cell.customers, residual: Figure::maybe(cell.residual) }
    }
}
