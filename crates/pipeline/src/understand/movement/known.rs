//! Since when somebody is known: whether a customer whom the earlier run did not know is new, or only
//! new to the base.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use clientele_model::RunId;

use crate::measure::facts;
use crate::quote::midnight;
use crate::rows::{int, rows};
use crate::runs::Run;
use crate::understand::view::{RunView, ViewError};

/// Of whom records tell something before the day of an earlier run, by run: all schemes of a view ask
/// the same, and each answer reads every fact.
#[derive(Debug, Default)]
struct KnownBefore(Mutex<BTreeMap<RunId, Arc<HashSet<usize>>>>);

impl KnownBefore {
    fn get(&self, run: &RunId) -> Option<Arc<HashSet<usize>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(run).cloned()
    }

    fn keep(&self, run: &RunId, known: Arc<HashSet<usize>>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(run.clone(), known);
    }
}

impl RunView {
    /// Those of the customers from key `first` on of whom records tell something before the day of an
    /// earlier run. `first` is the least key that the earlier run did not know.
    pub(super) async fn known_before(
        &self,
        earlier: &Run,
        first: usize,
    ) -> Result<Arc<HashSet<usize>>, ViewError> {
        if let Some(known) = self.kept::<KnownBefore>().get(&earlier.id) {
            return Ok(known);
        }
        let mut known = HashSet::new();
        for (_, table, at) in facts::timed() {
            if !self.has(table).await? {
                continue;
            }
            let sql = format!(
                "SELECT DISTINCT customer_key FROM {table} \
                 WHERE customer_key >= {first} AND {at} < {}",
                midnight(earlier.as_of.date())
            );
            let batches = self.session.sql(&sql).await?.collect().await?;
            known.extend(rows(&batches).filter_map(|r| usize::try_from(int(&r[0])).ok()));
        }
        let known = Arc::new(known);
        self.kept::<KnownBefore>().keep(&earlier.id, Arc::clone(&known));
        Ok(known)
    }
}
