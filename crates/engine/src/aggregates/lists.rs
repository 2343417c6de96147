//! What aggregates that need all of a group's values keep: a list a group.

use std::mem::size_of;

use datafusion::logical_expr::EmitTo;

/// A list per group, in order of arrival.
#[derive(Debug)]
pub struct Lists<T> {
    groups: Vec<Vec<T>>,
    held: usize,
}

impl<T> Default for Lists<T> {
    fn default() -> Self {
        Lists { groups: Vec::new(), held: 0 }
    }
}

impl<T> Lists<T> {
    /// Makes room for so many groups.
    pub fn grow(&mut self, groups: usize) {
        self.groups.resize_with(groups, Vec::new);
    }

    pub fn push(&mut self, group: usize, item: T) {
        self.groups[group].push(item);
        self.held += 1;
    }

    pub fn extend(&mut self, group: usize, items: impl Iterator<Item = T>) {
        let before = self.groups[group].len();
        self.groups[group].extend(items);
        self.held += self.groups[group].len() - before;
    }

    /// How many items there are in all groups.
    pub fn held(&self) -> usize {
        self.held
    }

    pub fn emit(&mut self, emit_to: EmitTo) -> Vec<Vec<T>> {
        let taken = emit_to.take_needed(&mut self.groups);
        self.held -= taken.iter().map(Vec::len).sum::<usize>();
        taken
    }

    /// In bytes.
    pub fn size(&self) -> usize {
        // Vectors grow by doubling, so half of what is reserved may be empty.
        self.groups.capacity() * size_of::<Vec<T>>() + self.held * size_of::<T>() * 2
    }
}
