//! `distinct_count(value)`: what `count(distinct value)` gives, for many groups at a time.
//!
//! The engine's own keeps a set a group and values as it finds them, which facts by the million do
//! not bear: this one keeps one set of fingerprints, and passes over a value that equals the one
//! before it, as in facts that come in the order of customers and times most do.

use std::mem::size_of;
use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BinaryBuilder, BooleanArray, Int64Array, ListBuilder, PrimitiveArray,
};
use datafusion::arrow::datatypes::{
    ArrowPrimitiveType, DataType, Decimal128Type, Float64Type, Int64Type, TimestampMicrosecondType,
};
use datafusion::error::Result;
use datafusion::logical_expr::{EmitTo, GroupsAccumulator};
use rustc_hash::FxHashSet;
use xxhash_rust::xxh3::xxh3_128;

use super::kernel::{Kernel, TIME, each_row, is_time, passes};

/// How many different values a group has; null is none.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct DistinctCount;

impl Kernel for DistinctCount {
    const NAME: &'static str = "distinct_count";
    type Groups = DistinctGroups;

    fn coerce(arguments: &[DataType]) -> Result<Vec<DataType>> {
        match arguments {
            [kind] if kind.is_integer() || *kind == DataType::Boolean => Ok(vec![DataType::Int64]),
            [DataType::Float16 | DataType::Float32 | DataType::Float64] => Ok(vec![DataType::Float64]),
            [decimal @ DataType::Decimal128(..)] => Ok(vec![decimal.clone()]),
            [time] if is_time(time) && !time.is_null() => Ok(vec![TIME]),
            [_] => Ok(vec![DataType::Utf8View]),
            _ => datafusion::common::plan_err!("distinct_count takes one value, not {}", arguments.len()),
        }
    }

    fn answer(_: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    fn state(_: &[DataType]) -> Vec<(&'static str, DataType)> {
        vec![("values", DataType::new_list(DataType::Binary, true))]
    }

    fn groups(_: &[DataType]) -> Result<DistinctGroups> {
        Ok(DistinctGroups::default())
    }
}

/// Which values each group has. A value is its own bytes where 16 hold it, and else 128 bits of
/// xxh3: that two of a billion texts share one has a chance below one in 10²⁰.
#[derive(Debug, Default)]
pub struct DistinctGroups {
    values: FxHashSet<(u32, u128)>,
    counts: Vec<i64>,
}

impl DistinctGroups {
    fn add(&mut self, group: usize, value: u128) {
        if self.values.insert((group as u32, value)) {
            self.counts[group] += 1;
        }
    }

    fn add_all(
        &mut self,
        groups: &[usize],
        filter: Option<&BooleanArray>,
        array: &dyn Array,
        value: impl Fn(usize) -> u128,
    ) {
        let mut before: Option<(usize, u128)> = None;
        for (row, &group) in groups.iter().enumerate() {
            if array.is_null(row) || !passes(filter, row) {
                continue;
            }
            let now = (group, value(row));
            if before != Some(now) {
                self.add(now.0, now.1);
                before = Some(now);
            }
        }
    }

    fn add_texts(&mut self, groups: &[usize], filter: Option<&BooleanArray>, array: &ArrayRef) {
        let texts = array.as_string_view();
        let views = texts.views();
        let mut before: Option<(usize, usize)> = None;
        for (row, &group) in groups.iter().enumerate() {
            if texts.is_null(row) || !passes(filter, row) {
                continue;
            }
            let is_inline = views[row] as u32 <= 12;
            let is_again = before.is_some_and(|(of, last)| {
                of == group
                    && (views[last] == views[row] || (!is_inline && texts.value(last) == texts.value(row)))
            });
            if !is_again {
                self.add(group, if is_inline { views[row] } else { xxh3_128(texts.value(row).as_bytes()) });
                before = Some((group, row));
            }
        }
    }

    /// Takes groups out: how many values each has, and which, when that is asked for.
    fn emit(&mut self, emit_to: EmitTo, with_values: bool) -> (Vec<i64>, Vec<Vec<u128>>) {
        let counts = emit_to.take_needed(&mut self.counts);
        let mut values = vec![Vec::new(); if with_values { counts.len() } else { 0 }];
        let all = std::mem::take(&mut self.values);
        for (group, value) in all {
            match (group as usize).checked_sub(counts.len()) {
                Some(left) => {
                    self.values.insert((left as u32, value));
                }
                None if with_values => values[group as usize].push(value),
                None => {}
            }
        }
        (counts, values)
    }
}

fn primitive<T: ArrowPrimitiveType>(array: &ArrayRef) -> Option<&PrimitiveArray<T>> {
    array.as_primitive_opt::<T>()
}

impl GroupsAccumulator for DistinctGroups {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        self.counts.resize(total_num_groups, 0);
        let Some(array) = values.first() else { return Ok(()) };
        if let Some(integers) = primitive::<Int64Type>(array) {
            self.add_all(group_indices, opt_filter, array, |row| integers.value(row) as u128);
        } else if let Some(times) = primitive::<TimestampMicrosecondType>(array) {
            self.add_all(group_indices, opt_filter, array, |row| times.value(row) as u128);
        } else if let Some(decimals) = primitive::<Decimal128Type>(array) {
            self.add_all(group_indices, opt_filter, array, |row| decimals.value(row) as u128);
        } else if let Some(floats) = primitive::<Float64Type>(array) {
            // Zero has two signs.
            self.add_all(group_indices, opt_filter, array, |row| (floats.value(row) + 0.0).to_bits().into());
        } else {
            self.add_texts(group_indices, opt_filter, array);
        }
        Ok(())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let (counts, _) = self.emit(emit_to, false);
        Ok(Arc::new(Int64Array::from(counts)))
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        let (_, groups) = self.emit(emit_to, true);
        let mut lists = ListBuilder::new(BinaryBuilder::new());
        for values in groups {
            for value in values {
                lists.values().append_value(value.to_le_bytes());
            }
            lists.append(true);
        }
        Ok(vec![Arc::new(lists.finish())])
    }

    fn merge_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        total_num_groups: usize,
    ) -> Result<()> {
        self.counts.resize(total_num_groups, 0);
        let lists = values[0].as_list::<i32>();
        for (row, &group) in group_indices.iter().enumerate() {
            if lists.is_valid(row) {
                let list = lists.value(row);
                for bytes in list.as_binary::<i32>().iter().flatten() {
                    if let Ok(bytes) = bytes.try_into() {
                        self.add(group, u128::from_le_bytes(bytes));
                    }
                }
            }
        }
        Ok(())
    }

    fn convert_to_state(
        &self,
        values: &[ArrayRef],
        opt_filter: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        each_row(DistinctGroups::default(), values, opt_filter)
    }

    fn size(&self) -> usize {
        self.counts.capacity() * size_of::<i64>() + self.values.capacity() * (size_of::<(u32, u128)>() + 1)
    }
}
