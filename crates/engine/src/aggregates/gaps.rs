//! `order_gaps(time)`: how far apart a group's points in time are.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Float64Builder, Int64Builder, ListArray, ListBuilder, StructArray,
};
use datafusion::arrow::datatypes::{DataType, Field, Fields, Int64Type, TimestampMicrosecondType};
use datafusion::error::Result;
use datafusion::logical_expr::{EmitTo, GroupsAccumulator};

use super::kernel::{Kernel, TIME, each_row, is_time, passes};
use super::lists::Lists;

const MICROS_PER_DAY: f64 = 86_400e6;

/// Statistics of the days between consecutive points in time of a group, as a struct of
/// `mean`, `median`, `stddev` (sample), `min`, `p80` (80th percentile, linear between ranks),
/// `max` and `count`. All but `count` are null without a gap; `stddev` without two.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct OrderGaps;

fn fields() -> Fields {
    ["mean", "median", "stddev", "min", "p80", "max"]
        .iter()
        .map(|name| Field::new(*name, DataType::Float64, true))
        .chain([Field::new("count", DataType::Int64, false)])
        .collect()
}

impl Kernel for OrderGaps {
    const NAME: &'static str = "order_gaps";
    type Groups = GapsGroups;

    fn coerce(arguments: &[DataType]) -> Result<Vec<DataType>> {
        match arguments {
            [time] if is_time(time) => Ok(vec![TIME]),
            _ => datafusion::common::plan_err!("order_gaps takes one time or day"),
        }
    }

    fn answer(_: &[DataType]) -> Result<DataType> {
        Ok(DataType::Struct(fields()))
    }

    fn state(_: &[DataType]) -> Vec<(&'static str, DataType)> {
        vec![("times", DataType::new_list(DataType::Int64, true))]
    }

    fn groups(_: &[DataType]) -> Result<GapsGroups> {
        Ok(GapsGroups::default())
    }
}

/// Per group its points in time, in microseconds.
#[derive(Debug, Default)]
pub struct GapsGroups {
    times: Lists<i64>,
}

impl GroupsAccumulator for GapsGroups {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        self.times.grow(total_num_groups);
        let Some(values) = values.first() else { return Ok(()) };
        let times = values.as_primitive::<TimestampMicrosecondType>();
        for (row, &group) in group_indices.iter().enumerate() {
            if times.is_valid(row) && passes(opt_filter, row) {
                self.times.push(group, times.value(row));
            }
        }
        Ok(())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let groups = self.times.emit(emit_to);
        let mut numbers: Vec<Float64Builder> =
            (0..6).map(|_| Float64Builder::with_capacity(groups.len())).collect();
        let mut counts = Int64Builder::with_capacity(groups.len());
        let mut gaps = Vec::new();
        for mut times in groups {
            if !times.is_sorted() {
                times.sort_unstable();
            }
            gaps.clear();
            gaps.extend(times.windows(2).map(|w| (w[1] - w[0]) as f64 / MICROS_PER_DAY));
            counts.append_value(gaps.len() as i64);
            for (builder, value) in numbers.iter_mut().zip(statistics(&mut gaps)) {
                builder.append_option(value);
            }
        }
        let mut columns: Vec<ArrayRef> =
            numbers.iter_mut().map(|b| Arc::new(b.finish()) as ArrayRef).collect();
        columns.push(Arc::new(counts.finish()));
        Ok(Arc::new(StructArray::try_new(fields(), columns, None)?))
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        let mut list = ListBuilder::new(Int64Builder::with_capacity(self.times.held()));
        for times in self.times.emit(emit_to) {
            list.values().append_slice(&times);
            list.append(true);
        }
        Ok(vec![Arc::new(list.finish())])
    }

    fn merge_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        total_num_groups: usize,
    ) -> Result<()> {
        self.times.grow(total_num_groups);
        let lists: &ListArray = values[0].as_list();
        for (row, &group) in group_indices.iter().enumerate() {
            if lists.is_valid(row) {
                let times = lists.value(row);
                self.times.extend(group, times.as_primitive::<Int64Type>().values().iter().copied());
            }
        }
        Ok(())
    }

    fn convert_to_state(
        &self,
        values: &[ArrayRef],
        opt_filter: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        each_row(GapsGroups::default(), values, opt_filter)
    }

    fn size(&self) -> usize {
        self.times.size()
    }
}

/// Mean, median, sample standard deviation, least, 80th percentile, greatest.
fn statistics(gaps: &mut [f64]) -> [Option<f64>; 6] {
    let n = gaps.len() as f64;
    if gaps.is_empty() {
        return [None; 6];
    }
    let mean = gaps.iter().sum::<f64>() / n;
    let squares = gaps.iter().map(|g| (g - mean).powi(2)).sum::<f64>();
    let stddev = (gaps.len() > 1).then(|| (squares / (n - 1.0)).sqrt());
    gaps.sort_unstable_by(f64::total_cmp);
    let at = |p: f64| {
        let rank = p * (n - 1.0);
        let (low, high) = (gaps[rank.floor() as usize], gaps[rank.ceil() as usize]);
        low + (high - low) * rank.fract()
    };
    [Some(mean), Some(at(0.5)), stddev, Some(at(0.0)), Some(at(0.8)), Some(at(1.0))]
}
