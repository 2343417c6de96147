//! Row and line numbers of the good rows of a chunk.

/// Numbers that mostly count up by one; only the jumps are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Numbers {
    /// (index, number): from this index on, numbers count up from here.
    anchors: Vec<(u32, u64)>,
}

impl Numbers {
    /// Notes the number of the item at `index`; indexes must come in order.
    pub(super) fn push(&mut self, index: u32, number: u64) {
        let expected = self.anchors.last().map(|&(at, first)| first + u64::from(index - at));
        if expected != Some(number) {
            self.anchors.push((index, number));
        }
    }

    /// The number of the item at `index`; 0 when nothing was noted before it.
    pub(super) fn get(&self, index: usize) -> u64 {
        let after = self.anchors.partition_point(|&(at, _)| at as usize <= index);
        match after.checked_sub(1).and_then(|last| self.anchors.get(last)) {
            Some(&(at, number)) => number + (index as u64 - u64::from(at)),
            None => 0,
        }
    }

    /// Forgets what was noted at and after `len`.
    pub(super) fn truncate(&mut self, len: u32) {
        let keep = self.anchors.partition_point(|&(at, _)| at < len);
        self.anchors.truncate(keep);
    }
}
