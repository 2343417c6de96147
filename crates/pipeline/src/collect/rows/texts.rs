//! A column of texts in two allocations.

/// Texts, one after the other.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    bytes: String,
    ends: Vec<u32>,
}

impl Texts {
    /// The text at `index`.
    #[inline]
    pub fn get(&self, index: usize) -> &str {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.bytes[start as usize..self.ends[index] as usize]
    }

    /// How many there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Appends a text.
    #[inline]
    pub fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        // Buffers are written out long before they hold 4 GiB.
        self.ends.push(self.bytes.len() as u32);
    }

    /// Leaves the first texts only.
    pub fn truncate(&mut self, len: usize) {
        self.ends.truncate(len);
        self.bytes.truncate(self.ends.last().map_or(0, |end| *end as usize));
    }

    /// No texts, with room for as many as these.
    pub fn emptied(&self) -> Self {
        Texts { bytes: String::with_capacity(self.bytes.len()), ends: Vec::with_capacity(self.ends.len()) }
    }

    /// Memory taken.
    pub fn bytes(&self) -> usize {
        self.bytes.len() + self.ends.len() * 4
    }
}
