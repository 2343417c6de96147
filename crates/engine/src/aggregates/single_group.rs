//! Lets a groups accumulator serve where the engine wants one without groups.

use std::fmt::{self, Debug};
use std::mem::size_of_val;

use datafusion::arrow::array::ArrayRef;
use datafusion::error::Result;
use datafusion::logical_expr::{Accumulator, EmitTo, GroupsAccumulator};
use datafusion::scalar::ScalarValue;

/// A [`GroupsAccumulator`] with one group.
pub struct SingleGroup<G> {
    groups: G,
    zeros: Vec<usize>,
}

impl<G: GroupsAccumulator> SingleGroup<G> {
    pub fn new(groups: G) -> Self {
        SingleGroup { groups, zeros: Vec::new() }
    }

    fn zeros(&mut self, rows: usize) {
        self.zeros.resize(rows, 0);
    }
}

impl<G> Debug for SingleGroup<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SingleGroup").finish_non_exhaustive()
    }
}

impl<G: GroupsAccumulator + Sync> Accumulator for SingleGroup<G> {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.zeros(values[0].len());
        self.groups.update_batch(values, &self.zeros, None, 1)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        // An accumulator that saw nothing has no group yet; it must answer all the same.
        self.groups.update_batch(&[], &[], None, 1)?;
        ScalarValue::try_from_array(&self.groups.evaluate(EmitTo::All)?, 0)
    }

    fn size(&self) -> usize {
        self.groups.size() + size_of_val(self.zeros.as_slice())
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        self.groups.update_batch(&[], &[], None, 1)?;
        let state = self.groups.state(EmitTo::All)?;
        state.iter().map(|array| ScalarValue::try_from_array(array, 0)).collect()
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.zeros(states[0].len());
        self.groups.merge_batch(states, &self.zeros, 1)
    }
}
