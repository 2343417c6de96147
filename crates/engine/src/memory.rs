//! How the queries of a session share memory.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use datafusion::common::DataFusionError;
use datafusion::error::Result;
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryLimit, MemoryPool, MemoryReservation};

/// Operators that can spill share two thirds of the memory evenly; those that cannot, such as
/// merges and the inner side of joins, may use all that is left. DataFusion's own fair pool lets
/// the first take everything, and then the last merge of a query that spilled well fails.
#[derive(Debug)]
pub(crate) struct SharedMemory {
    limit: usize,
    used: Mutex<Used>,
}

#[derive(Debug, Default)]
struct Used {
    spillers: usize,
    spillable: usize,
    fixed: usize,
}

impl SharedMemory {
    /// `limit` in bytes.
    pub fn new(limit: usize) -> Self {
        Self { limit, used: Mutex::default() }
    }

    fn used(&self) -> MutexGuard<'_, Used> {
        // Plain numbers, each changed in one step: a poisoned lock guards sound data.
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn refused(&self, reservation: &MemoryReservation, more: usize, left: usize) -> DataFusionError {
        let name = reservation.consumer().name();
        DataFusionError::ResourcesExhausted(format!(
            "{name} has {} bytes and asks for {more} more, of {} bytes in all only {left} are left for it",
            reservation.size(),
            self.limit
        ))
    }
}

impl MemoryPool for SharedMemory {
    fn name(&self) -> &str {
        "shared"
    }

    fn register(&self, consumer: &MemoryConsumer) {
        if consumer.can_spill() {
            self.used().spillers += 1;
        }
    }

    fn unregister(&self, consumer: &MemoryConsumer) {
        if consumer.can_spill() {
            let mut used = self.used();
            used.spillers = used.spillers.saturating_sub(1);
        }
    }

    fn grow(&self, reservation: &MemoryReservation, additional: usize) {
        let mut used = self.used();
        if reservation.consumer().can_spill() {
            used.spillable += additional;
        } else {
            used.fixed += additional;
        }
    }

    fn shrink(&self, reservation: &MemoryReservation, shrink: usize) {
        let mut used = self.used();
        if reservation.consumer().can_spill() {
            used.spillable = used.spillable.saturating_sub(shrink);
        } else {
            used.fixed = used.fixed.saturating_sub(shrink);
        }
    }

    fn try_grow(&self, reservation: &MemoryReservation, additional: usize) -> Result<()> {
        let mut used = self.used();
        if reservation.consumer().can_spill() {
            let budget = self.limit.saturating_sub(used.fixed).min(self.limit / 3 * 2);
            let share = budget / used.spillers.max(1);
            if share < reservation.size() + additional {
                let left = share.saturating_sub(reservation.size());
                return Err(self.refused(reservation, additional, left));
            }
            used.spillable += additional;
        } else {
            let left = self.limit.saturating_sub(used.fixed + used.spillable);
            if left < additional {
                return Err(self.refused(reservation, additional, left));
            }
            used.fixed += additional;
        }
        Ok(())
    }

    fn reserved(&self) -> usize {
        let used = self.used();
        used.spillable + used.fixed
    }

    fn memory_limit(&self) -> MemoryLimit {
        MemoryLimit::Finite(self.limit)
    }
}

impl fmt::Display for SharedMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes of shared memory", self.limit)
    }
}
