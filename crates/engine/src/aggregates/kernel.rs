//! What the aggregates of this crate have in common: all of what the engine asks of one, but the
//! few things in which they differ.

use std::fmt::Debug;
use std::hash::Hash;
use std::marker::PhantomData;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, BooleanArray};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, TimeUnit};
use datafusion::error::Result;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, EmitTo, GroupsAccumulator, Signature, Volatility,
};

use super::single_group::SingleGroup;

/// Points in time, in microseconds, as all aggregates over times take them.
pub const TIME: DataType = DataType::Timestamp(TimeUnit::Microsecond, None);

/// One aggregate: its name, its types, and how it gathers.
pub trait Kernel: Debug + Eq + Hash + Send + Sync + 'static {
    const NAME: &'static str;
    type Groups: GroupsAccumulator + Sync;

    /// The types to which the arguments are cast, or what is wrong with them.
    fn coerce(arguments: &[DataType]) -> Result<Vec<DataType>>;

    /// The type of the answer.
    fn answer(arguments: &[DataType]) -> Result<DataType>;

    /// What is handed on between the steps of a distributed query.
    fn state(arguments: &[DataType]) -> Vec<(&'static str, DataType)>;

    fn groups(arguments: &[DataType]) -> Result<Self::Groups>;
}

/// A [`Kernel`] as the engine wants it.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Aggregate<K> {
    signature: Signature,
    kernel: PhantomData<K>,
}

impl<K: Kernel> Aggregate<K> {
    pub fn udaf() -> Arc<AggregateUDF> {
        let signature = Signature::user_defined(Volatility::Immutable);
        Arc::new(AggregateUDF::from(Aggregate::<K> { signature, kernel: PhantomData }))
    }
}

fn types(fields: &[FieldRef]) -> Vec<DataType> {
    fields.iter().map(|field| field.data_type().clone()).collect()
}

impl<K: Kernel> AggregateUDFImpl for Aggregate<K> {
    fn name(&self) -> &str {
        K::NAME
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        K::coerce(types)
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        K::answer(types)
    }

    fn accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(SingleGroup::new(K::groups(&types(args.expr_fields))?)))
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let state = K::state(&types(args.input_fields)).into_iter();
        Ok(state.map(|(part, t)| Arc::new(Field::new(format!("{}[{part}]", args.name), t, true))).collect())
    }

    fn groups_accumulator_supported(&self, args: AccumulatorArgs) -> bool {
        !args.is_distinct
    }

    fn create_groups_accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(K::groups(&types(args.expr_fields))?))
    }
}

/// Whether a row passes the filter of a call; null does not.
pub fn passes(filter: Option<&BooleanArray>, row: usize) -> bool {
    use datafusion::arrow::array::Array as _;
    filter.is_none_or(|f| f.is_valid(row) && f.value(row))
}

/// The state of each row by itself, as if each were a group.
pub fn each_row(
    mut groups: impl GroupsAccumulator,
    values: &[ArrayRef],
    filter: Option<&BooleanArray>,
) -> Result<Vec<ArrayRef>> {
    let rows: Vec<usize> = (0..values.first().map_or(0, |v| v.len())).collect();
    groups.update_batch(values, &rows, filter, rows.len())?;
    groups.state(EmitTo::All)
}

/// Whether values of a type are points in time, or can be cast to them.
pub fn is_time(kind: &DataType) -> bool {
    matches!(kind, DataType::Timestamp(..) | DataType::Date32 | DataType::Date64 | DataType::Null)
}
