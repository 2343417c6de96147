//! What the caller may say about a file, and how much a file may ask for.

/// What the user says about a file; everything that is `None` is found in the file itself.
#[derive(Debug, Clone, Default)]
pub struct OpenOptions {
    /// The byte between two fields; `b' '` means runs of spaces and tabs.
    pub delimiter: Option<u8>,
    /// An encoding label such as `utf-8`, `gb18030`, `utf-16le`.
    pub encoding: Option<String>,
    /// The sheet of a workbook; otherwise the first that is not empty.
    pub sheet: Option<String>,
    /// Whether the first line holds the column names.
    pub header: Option<bool>,
    /// How much memory and work a file may cost.
    pub limits: Limits,
}

/// Bounds that keep one hostile or broken file from taking the machine.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Longest field, in bytes of UTF-8; a row with a longer one is bad.
    pub max_field_bytes: usize,
    /// Longest record, in bytes of UTF-8; a longer one (an unclosed quote, say) ends the import.
    pub max_record_bytes: usize,
    /// Most columns that a header may have.
    pub max_columns: usize,
    /// How many times larger than the file its unpacked content may be. Looked at only above
    /// [`Limits::EXPANSION_FLOOR`] bytes, because small repetitive files pack very well.
    pub max_expansion_ratio: u64,
    /// Most bytes that a workbook, or a packed workbook or Parquet file, may unpack to.
    pub max_uncompressed_bytes: u64,
}

impl Limits {
    /// Unpacked bytes below which the expansion ratio does not matter.
    pub const EXPANSION_FLOOR: u64 = 64 << 20;
    /// Chunks address their text with 32 bits, so a record must stay well below that.
    const RECORD_CEILING: usize = 1 << 30;

    /// The longest record, kept below what a chunk can address.
    pub(super) fn record_bytes(&self) -> usize {
        self.max_record_bytes.clamp(1, Self::RECORD_CEILING)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_field_bytes: 1 << 20,
            max_record_bytes: 8 << 20,
            max_columns: 4096,
            max_expansion_ratio: 1000,
            max_uncompressed_bytes: 2 << 30,
        }
    }
}
