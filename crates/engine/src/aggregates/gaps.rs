//! `order_gaps(time)`: how far apart a group's points in time are.

use std::mem::size_of;
use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Float64Builder, Int64Builder, ListArray, ListBuilder, StructArray,
};
use datafusion::arrow::datatypes::{
    DataType, Field, FieldRef, Fields, Int64Type, TimeUnit, TimestampMicrosecondType,
};
use datafusion::error::Result;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{
    Accumulator, AggregateUDFImpl, EmitTo, GroupsAccumulator, Signature, Volatility,
};

use super::single_group::SingleGroup;

const MICROS_PER_DAY: f64 = 86_400e6;

/// Statistics of the days between consecutive points in time of a group, as a struct of
/// `mean`, `median`, `stddev` (sample), `min`, `p80` (80th percentile, linear between ranks),
/// `max` and `count`. All but `count` are null without a gap; `stddev` without two.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct OrderGaps {
    signature: Signature,
}

impl OrderGaps {
    pub fn new() -> Self {
        OrderGaps { signature: Signature::user_defined(Volatility::Immutable) }
    }
}

fn fields() -> Fields {
    ["mean", "median", "stddev", "min", "p80", "max"]
        .iter()
        .map(|name| Field::new(*name, DataType::Float64, true))
        .chain([Field::new("count", DataType::Int64, false)])
        .collect()
}

impl AggregateUDFImpl for OrderGaps {
    fn name(&self) -> &str {
        "order_gaps"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        match types {
            [DataType::Timestamp(..) | DataType::Date32 | DataType::Date64 | DataType::Null] => {
                Ok(vec![DataType::Timestamp(TimeUnit::Microsecond, None)])
            }
            _ => datafusion::common::plan_err!("order_gaps takes one time or day"),
        }
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Struct(fields()))
    }

    fn accumulator(&self, _: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(SingleGroup::new(GapsGroups::default())))
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let item = Field::new_list_field(DataType::Int64, true);
        Ok(vec![Arc::new(Field::new_list(format!("{}[times]", args.name), item, true))])
    }

    fn groups_accumulator_supported(&self, args: AccumulatorArgs) -> bool {
        !args.is_distinct
    }

    fn create_groups_accumulator(&self, _: AccumulatorArgs) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(GapsGroups::default()))
    }
}

/// Per group its points in time, in microseconds, in order of arrival.
#[derive(Debug, Default)]
struct GapsGroups {
    times: Vec<Vec<i64>>,
    held: usize,
}

impl GapsGroups {
    fn emit(&mut self, emit_to: EmitTo) -> Vec<Vec<i64>> {
        let taken = emit_to.take_needed(&mut self.times);
        self.held -= taken.iter().map(Vec::len).sum::<usize>();
        taken
    }
}

impl GroupsAccumulator for GapsGroups {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        self.times.resize_with(total_num_groups, Vec::new);
        let Some(values) = values.first() else { return Ok(()) };
        let times = values.as_primitive::<TimestampMicrosecondType>();
        for (row, &group) in group_indices.iter().enumerate() {
            let counts = opt_filter.is_none_or(|f| f.is_valid(row) && f.value(row));
            if counts && times.is_valid(row) {
                self.times[group].push(times.value(row));
                self.held += 1;
            }
        }
        Ok(())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let groups = self.emit(emit_to);
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
        let mut list = ListBuilder::new(Int64Builder::with_capacity(self.held));
        for times in self.emit(emit_to) {
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
        self.times.resize_with(total_num_groups, Vec::new);
        let lists: &ListArray = values[0].as_list();
        for (row, &group) in group_indices.iter().enumerate() {
            if lists.is_valid(row) {
                let times = lists.value(row);
                let times = times.as_primitive::<Int64Type>().values();
                self.times[group].extend_from_slice(times);
                self.held += times.len();
            }
        }
        Ok(())
    }

    fn convert_to_state(
        &self,
        values: &[ArrayRef],
        opt_filter: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        let rows: Vec<usize> = (0..values[0].len()).collect();
        let mut each = GapsGroups::default();
        each.update_batch(values, &rows, opt_filter, rows.len())?;
        each.state(EmitTo::All)
    }

    fn size(&self) -> usize {
        // Vectors grow by doubling, so half of what is reserved may be empty.
        self.times.capacity() * size_of::<Vec<i64>>() + self.held * size_of::<i64>() * 2
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
