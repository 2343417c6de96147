//! `favourite(value)`: a group's most frequent value.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Float64Builder, Int64Builder, ListBuilder, StringBuilder,
    StructArray,
};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Fields, Int64Type};
use datafusion::error::Result;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{
    Accumulator, AggregateUDFImpl, EmitTo, GroupsAccumulator, Signature, Volatility,
};
use rustc_hash::FxHashMap;

use super::counts::Counts;
use super::single_group::SingleGroup;

/// The most frequent non-null value of a group, as a struct of `value` (text; of equally frequent
/// ones the smallest), `share` (its part of the non-null rows) and `distinct` (how many different
/// values there are). `value` and `share` are null for a group without values.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Favourite {
    signature: Signature,
}

impl Favourite {
    pub fn new() -> Self {
        Favourite { signature: Signature::user_defined(Volatility::Immutable) }
    }
}

fn fields() -> Fields {
    Fields::from(vec![
        Field::new("value", DataType::Utf8, true),
        Field::new("share", DataType::Float64, true),
        Field::new("distinct", DataType::Int64, false),
    ])
}

impl AggregateUDFImpl for Favourite {
    fn name(&self) -> &str {
        "favourite"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        match types {
            [integer] if integer.is_integer() => Ok(vec![DataType::Int64]),
            [DataType::Utf8] => Ok(vec![DataType::Utf8]),
            [_] => Ok(vec![DataType::Utf8View]),
            _ => datafusion::common::plan_err!("favourite takes one value, not {}", types.len()),
        }
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Struct(fields()))
    }

    fn accumulator(&self, _: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(SingleGroup::new(FavouriteGroups::default())))
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let list = |part: &str, item: DataType| {
            let name = format!("{}[{part}]", args.name);
            Arc::new(Field::new_list(name, Field::new_list_field(item, true), true))
        };
        Ok(vec![list("values", DataType::Utf8), list("counts", DataType::Int64)])
    }

    fn groups_accumulator_supported(&self, args: AccumulatorArgs) -> bool {
        !args.is_distinct
    }

    fn create_groups_accumulator(&self, _: AccumulatorArgs) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(FavouriteGroups::default()))
    }
}

/// Values are numbered as they are met, and counted by number.
#[derive(Debug, Default)]
struct FavouriteGroups {
    values: Vec<String>,
    texts: FxHashMap<String, u32>,
    /// Short texts by their 16-byte view, which is the text itself.
    views: FxHashMap<u128, u32>,
    integers: FxHashMap<i64, u32>,
    counts: Counts,
}

impl FavouriteGroups {
    fn number_of(&mut self, text: &str) -> u32 {
        if let Some(&number) = self.texts.get(text) {
            return number;
        }
        let number = self.values.len() as u32;
        self.values.push(text.to_owned());
        self.texts.insert(text.to_owned(), number);
        number
    }

    /// The number of a text, by its view where that is the text itself.
    fn number<'a>(&mut self, short: Option<u128>, text: impl FnOnce() -> &'a str) -> u32 {
        let Some(view) = short else { return self.number_of(text()) };
        if let Some(&number) = self.views.get(&view) {
            return number;
        }
        let number = self.number_of(text());
        self.views.insert(view, number);
        number
    }

    /// The numbers of all rows; of those without a value any.
    fn numbers(&mut self, array: &ArrayRef) -> Vec<u32> {
        let rows = 0..array.len();
        if let Some(integers) = array.as_primitive_opt::<Int64Type>() {
            let number = |&value: &i64| match self.integers.get(&value) {
                Some(&number) => number,
                None => {
                    let number = self.number_of(&value.to_string());
                    self.integers.insert(value, number);
                    number
                }
            };
            return integers.values().iter().map(number).collect();
        }
        let known = array.nulls().cloned();
        let is_null = |row: usize| known.as_ref().is_some_and(|known| known.is_null(row));
        if let Some(texts) = array.as_string_opt::<i32>() {
            let number = |row| match is_null(row) {
                true => 0,
                false => self.number(inline(texts.value(row)), || texts.value(row)),
            };
            return rows.map(number).collect();
        }
        let texts = array.as_string_view();
        let number = |row| {
            let view = texts.views()[row];
            match is_null(row) {
                true => 0,
                false => self.number((view as u32 <= 12).then_some(view), || texts.value(row)),
            }
        };
        rows.map(number).collect()
    }

    /// Numbers in the order of their texts, to break ties.
    fn ranks(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.values.len() as u32).collect();
        order.sort_unstable_by_key(|&number| &self.values[number as usize]);
        let mut ranks = vec![0; order.len()];
        for (rank, &number) in order.iter().enumerate() {
            ranks[number as usize] = rank as u32;
        }
        ranks
    }
}

impl GroupsAccumulator for FavouriteGroups {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        let Some(array) = values.first() else { return Ok(()) };
        let numbers = self.numbers(array);
        self.counts.fit(total_num_groups, self.values.len());
        let known = array.nulls();
        for (row, (&group, &number)) in group_indices.iter().zip(&numbers).enumerate() {
            let is_known = known.is_none_or(|known| known.is_valid(row));
            if is_known && opt_filter.is_none_or(|f| f.is_valid(row) && f.value(row)) {
                self.counts.add(group, number, 1);
            }
        }
        Ok(())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let ranks = self.ranks();
        let groups = self.counts.take(emit_to);
        let mut value = StringBuilder::with_capacity(groups.len(), groups.len() * 8);
        let mut share = Float64Builder::with_capacity(groups.len());
        let mut distinct = Int64Builder::with_capacity(groups.len());
        for counts in &groups {
            let mut total = 0;
            let mut best: Option<(u64, u32)> = None;
            for &(number, count) in counts {
                total += count;
                let is_better = best.is_none_or(|(most, favourite)| {
                    count > most || (count == most && ranks[number as usize] < ranks[favourite as usize])
                });
                if is_better {
                    best = Some((count, number));
                }
            }
            value.append_option(best.map(|(_, number)| &self.values[number as usize]));
            share.append_option(best.map(|(most, _)| most as f64 / total as f64));
            distinct.append_value(counts.len() as i64);
        }
        let columns: Vec<ArrayRef> =
            vec![Arc::new(value.finish()), Arc::new(share.finish()), Arc::new(distinct.finish())];
        Ok(Arc::new(StructArray::try_new(fields(), columns, None)?))
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        let mut values = ListBuilder::new(StringBuilder::new());
        let mut counts = ListBuilder::new(Int64Builder::new());
        for group in self.counts.take(emit_to) {
            for (number, count) in group {
                values.values().append_value(&self.values[number as usize]);
                counts.values().append_value(count as i64);
            }
            values.append(true);
            counts.append(true);
        }
        Ok(vec![Arc::new(values.finish()), Arc::new(counts.finish())])
    }

    fn merge_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        total_num_groups: usize,
    ) -> Result<()> {
        self.counts.fit(total_num_groups, self.values.len());
        let (texts, counts) = (values[0].as_list::<i32>(), values[1].as_list::<i32>());
        for (row, &group) in group_indices.iter().enumerate() {
            let (texts, counts) = (texts.value(row), counts.value(row));
            let counts = counts.as_primitive::<Int64Type>().values();
            for (text, &count) in texts.as_string::<i32>().iter().zip(counts) {
                let number = self.number_of(text.unwrap_or_default());
                self.counts.fit(total_num_groups, self.values.len());
                self.counts.add(group, number, count as u64);
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
        let mut each = FavouriteGroups::default();
        each.update_batch(values, &rows, opt_filter, rows.len())?;
        each.state(EmitTo::All)
    }

    fn size(&self) -> usize {
        let names: usize = self.values.iter().map(|v| 3 * v.len() + 128).sum();
        self.counts.size() + names
    }
}

/// The 16 bytes that a short text has in an array of views: its length, and then the text.
fn inline(text: &str) -> Option<u128> {
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&u32::try_from(text.len()).ok()?.to_le_bytes());
    bytes.get_mut(4..4 + text.len())?.copy_from_slice(text.as_bytes());
    Some(u128::from_le_bytes(bytes))
}
