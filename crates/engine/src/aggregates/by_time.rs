//! `last_value_by(value, time)` and `first_value_by(value, time)`.

use std::mem::size_of;
use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, TimestampMicrosecondArray, UInt32Array, new_null_array,
};
use datafusion::arrow::compute::take;
use datafusion::arrow::datatypes::{DataType, TimestampMicrosecondType};
use datafusion::arrow::row::{RowConverter, SortField};
use datafusion::error::Result;
use datafusion::logical_expr::{EmitTo, GroupsAccumulator};

use super::kernel::{Kernel, TIME, each_row, is_time, passes};

/// A group's value at the latest time at which it has one; of several at that time the greatest.
/// Null for a group without any.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct LastValueBy;

/// A group's value at the earliest time at which it has one; of several at that time the greatest.
/// Null for a group without any.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct FirstValueBy;

fn coerce(name: &str, arguments: &[DataType]) -> Result<Vec<DataType>> {
    match arguments {
        [value, time] if is_time(time) && !value.is_nested() => Ok(vec![plain(value), TIME]),
        _ => datafusion::common::plan_err!("{name} takes a value, and a time or day"),
    }
}

/// The type in which values are kept.
fn plain(kind: &DataType) -> DataType {
    match kind {
        DataType::LargeUtf8 | DataType::Null => DataType::Utf8,
        DataType::Dictionary(_, value) => plain(value),
        other => other.clone(),
    }
}

macro_rules! kernel {
    ($kernel:ty, $name:literal, $is_last:literal) => {
        impl Kernel for $kernel {
            const NAME: &'static str = $name;
            type Groups = ByTimeGroups;

            fn coerce(arguments: &[DataType]) -> Result<Vec<DataType>> {
                coerce($name, arguments)
            }

            fn answer(arguments: &[DataType]) -> Result<DataType> {
                Ok(arguments[0].clone())
            }

            fn state(arguments: &[DataType]) -> Vec<(&'static str, DataType)> {
                vec![("value", arguments[0].clone()), ("time", TIME)]
            }

            fn groups(arguments: &[DataType]) -> Result<ByTimeGroups> {
                ByTimeGroups::new(&arguments[0], $is_last)
            }
        }
    };
}

kernel!(LastValueBy, "last_value_by", true);
kernel!(FirstValueBy, "first_value_by", false);

/// The best value of a group so far, as bytes that compare as the values do.
#[derive(Debug, Default)]
struct Best {
    time: Option<i64>,
    value: Vec<u8>,
}

/// Per group the value to be given. Times are compared as ranks, of which the greatest wins.
#[derive(Debug)]
pub struct ByTimeGroups {
    data_type: DataType,
    is_last: bool,
    converter: RowConverter,
    groups: Vec<Best>,
    held: usize,
}

impl ByTimeGroups {
    fn new(data_type: &DataType, is_last: bool) -> Result<Self> {
        let converter = RowConverter::new(vec![SortField::new(data_type.clone())])?;
        Ok(ByTimeGroups { data_type: data_type.clone(), is_last, converter, groups: Vec::new(), held: 0 })
    }

    /// Its own inverse; no time is lost at the ends, unlike by a minus.
    fn rank(&self, time: i64) -> i64 {
        if self.is_last { time } else { !time }
    }

    /// The rows that may win: of each run of rows of one group, those with the best time, if it is
    /// no worse than what the group has. Facts mostly come in the order of groups and times, so
    /// that these are few; only their values are looked at.
    fn candidates(
        &self,
        values: &ArrayRef,
        times: &TimestampMicrosecondArray,
        groups: &[usize],
        filter: Option<&BooleanArray>,
    ) -> Vec<u32> {
        let mut found: Vec<u32> = Vec::new();
        let mut run: Option<(usize, i64, usize)> = None;
        for (row, &group) in groups.iter().enumerate() {
            if !times.is_valid(row) || !values.is_valid(row) || !passes(filter, row) {
                continue;
            }
            let rank = self.rank(times.value(row));
            match run {
                Some((of, best, start)) if of == group => {
                    if rank < best {
                        continue;
                    }
                    if best < rank {
                        found.truncate(start);
                        run = Some((group, rank, start));
                    }
                }
                _ => {
                    if self.groups[group].time.is_some_and(|held| rank < held) {
                        continue;
                    }
                    run = Some((group, rank, found.len()));
                }
            }
            found.push(u32::try_from(row).unwrap_or(u32::MAX));
        }
        found
    }

    fn columns(&self, groups: &[Best]) -> Result<[ArrayRef; 2]> {
        let nothing = self.converter.convert_columns(&[new_null_array(&self.data_type, 1)])?;
        let parser = self.converter.parser();
        let rows = groups.iter().map(|held| match held.time {
            Some(_) => parser.parse(&held.value),
            None => nothing.row(0),
        });
        let values = self.converter.convert_rows(rows)?.remove(0);
        let times = groups.iter().map(|held| held.time.map(|rank| self.rank(rank)));
        let times: TimestampMicrosecondArray = times.collect();
        Ok([values, Arc::new(times)])
    }

    fn emit(&mut self, emit_to: EmitTo) -> Vec<Best> {
        let taken = emit_to.take_needed(&mut self.groups);
        self.held -= taken.iter().map(|held| held.value.len()).sum::<usize>();
        taken
    }
}

impl GroupsAccumulator for ByTimeGroups {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        self.groups.resize_with(total_num_groups, Best::default);
        let [values, times] = values else { return Ok(()) };
        let times = times.as_primitive::<TimestampMicrosecondType>();
        let candidates = self.candidates(values, times, group_indices, opt_filter);
        if candidates.is_empty() {
            return Ok(());
        }
        let best = take(values, &UInt32Array::from(candidates.clone()), None)?;
        let best = self.converter.convert_columns(&[best])?;
        for (row, value) in candidates.into_iter().map(|row| row as usize).zip(best.iter()) {
            let rank = self.rank(times.value(row));
            let held = &mut self.groups[group_indices[row]];
            if held.time.is_none_or(|time| (time, held.value.as_slice()) < (rank, value.data())) {
                self.held = self.held + value.data().len() - held.value.len();
                held.time = Some(rank);
                held.value.clear();
                held.value.extend_from_slice(value.data());
            }
        }
        Ok(())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let groups = self.emit(emit_to);
        let [values, _] = self.columns(&groups)?;
        Ok(values)
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        let groups = self.emit(emit_to);
        Ok(self.columns(&groups)?.into())
    }

    fn merge_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        total_num_groups: usize,
    ) -> Result<()> {
        self.update_batch(values, group_indices, None, total_num_groups)
    }

    fn convert_to_state(
        &self,
        values: &[ArrayRef],
        opt_filter: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        each_row(ByTimeGroups::new(&self.data_type, self.is_last)?, values, opt_filter)
    }

    fn size(&self) -> usize {
        // Vectors grow by doubling, so half of what is reserved may be empty.
        self.groups.capacity() * size_of::<Best>() + self.held * 2 + self.converter.size()
    }
}
