//! What questions keep at hand with a view.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::OpenedRun;

/// One thing of each type. A view that shows less has its own, so nothing that was worked out for one is told
/// to another.
#[derive(Default)]
pub(super) struct AtHand(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl OpenedRun {
    /// What is kept of a type; nothing much at first.
    pub(in crate::understand) fn kept<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        // Entries are put in whole, so a poisoned lock guards sound data.
        let mut kept = self.kept.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default()));
        Arc::clone(found).downcast::<T>().unwrap_or_default()
    }
}
