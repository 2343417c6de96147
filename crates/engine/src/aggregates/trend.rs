//! `trend(value, time)`: whether a group's values rise or fall.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Float64Builder, Int64Builder, ListArray, ListBuilder,
};
use datafusion::arrow::datatypes::{DataType, Float64Type, Int64Type, TimestampMicrosecondType};
use datafusion::error::Result;
use datafusion::logical_expr::{EmitTo, GroupsAccumulator};

use super::kernel::{Kernel, TIME, each_row, is_time, passes};
use super::lists::Lists;

/// A year of 365 days, in microseconds.
const MICROS_PER_YEAR: f64 = 365.0 * 86_400e6;

/// The least-squares slope of a group's values over time, per 365 days. Null below two different
/// points in time. Rows without a value, without a time or with a value that is not finite do not
/// count. The answer depends on the points alone, not on the order in which they come.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Trend;

impl Kernel for Trend {
    const NAME: &'static str = "trend";
    type Groups = TrendGroups;

    fn coerce(arguments: &[DataType]) -> Result<Vec<DataType>> {
        match arguments {
            [value, time] if (value.is_numeric() || value.is_null()) && is_time(time) => {
                Ok(vec![DataType::Float64, TIME])
            }
            _ => datafusion::common::plan_err!("trend takes a number, and a time or day"),
        }
    }

    fn answer(_: &[DataType]) -> Result<DataType> {
        Ok(DataType::Float64)
    }

    fn state(_: &[DataType]) -> Vec<(&'static str, DataType)> {
        let list = |item| DataType::new_list(item, true);
        vec![("values", list(DataType::Float64)), ("times", list(DataType::Int64))]
    }

    fn groups(_: &[DataType]) -> Result<TrendGroups> {
        Ok(TrendGroups::default())
    }
}

/// Per group its points: time in microseconds, value.
#[derive(Debug, Default)]
pub struct TrendGroups {
    points: Lists<(i64, f64)>,
}

impl GroupsAccumulator for TrendGroups {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        self.points.grow(total_num_groups);
        let [values, times] = values else { return Ok(()) };
        let (values, times) =
            (values.as_primitive::<Float64Type>(), times.as_primitive::<TimestampMicrosecondType>());
        for (row, &group) in group_indices.iter().enumerate() {
            let is_there = values.is_valid(row) && times.is_valid(row) && values.value(row).is_finite();
            if is_there && passes(opt_filter, row) {
                self.points.push(group, (times.value(row), values.value(row)));
            }
        }
        Ok(())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let groups = self.points.emit(emit_to);
        let mut slopes = Float64Builder::with_capacity(groups.len());
        for mut points in groups {
            // Sums of floats depend on the order of their parts.
            points.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
            slopes.append_option(slope(&points));
        }
        Ok(Arc::new(slopes.finish()))
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        let mut values = ListBuilder::new(Float64Builder::with_capacity(self.points.held()));
        let mut times = ListBuilder::new(Int64Builder::with_capacity(self.points.held()));
        for points in self.points.emit(emit_to) {
            for (time, value) in points {
                times.values().append_value(time);
                values.values().append_value(value);
            }
            values.append(true);
            times.append(true);
        }
        Ok(vec![Arc::new(values.finish()), Arc::new(times.finish())])
    }

    fn merge_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        total_num_groups: usize,
    ) -> Result<()> {
        self.points.grow(total_num_groups);
        let (values, times): (&ListArray, &ListArray) = (values[0].as_list(), values[1].as_list());
        for (row, &group) in group_indices.iter().enumerate() {
            if values.is_valid(row) && times.is_valid(row) {
                let (values, times) = (values.value(row), times.value(row));
                let values = values.as_primitive::<Float64Type>().values().iter();
                let times = times.as_primitive::<Int64Type>().values().iter();
                self.points.extend(group, times.copied().zip(values.copied()));
            }
        }
        Ok(())
    }

    fn convert_to_state(
        &self,
        values: &[ArrayRef],
        opt_filter: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        each_row(TrendGroups::default(), values, opt_filter)
    }

    fn size(&self) -> usize {
        self.points.size()
    }
}

/// The slope of points in the order of time. Times count from the first one, which keeps the sums
/// small.
fn slope(points: &[(i64, f64)]) -> Option<f64> {
    let (first, last) = (points.first()?.0, points.last()?.0);
    if first == last {
        return None;
    }
    let n = points.len() as f64;
    let years = |time: i64| time.saturating_sub(first) as f64 / MICROS_PER_YEAR;
    let mean_x = points.iter().map(|p| years(p.0)).sum::<f64>() / n;
    let mean_y = points.iter().map(|p| p.1).sum::<f64>() / n;
    let mut covered = 0.0;
    let mut spread = 0.0;
    for (time, value) in points {
        let x = years(*time) - mean_x;
        covered += x * (value - mean_y);
        spread += x * x;
    }
    Some(covered / spread)
}
