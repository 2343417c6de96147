//! The allocator, and how long it keeps memory that nobody uses.

use std::ffi::{c_int, c_long};

// Without huge pages: clearing them took a fifth of a refresh's time in a profile.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `mi_option_purge_delay`: the option's number in mimalloc.h.
const PURGE_DELAY: c_int = 15;

/// In milliseconds. The allocator's own 10 ms give pages back between two batches of rows, which then come
/// back one fault at a time: a quarter of the time of a refresh or an import.
const KEPT: c_long = 5_000;

/// Lets memory that was freed wait for its next use before the system gets it back.
pub fn keep_memory() {
    // SAFETY: the call writes a number into a table of options; it is made before any other thread runs.
    unsafe { libmimalloc_sys::mi_option_set(PURGE_DELAY, KEPT) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_option_is_the_delay() {
        // SAFETY: reads a number from a table of options.
        let own = unsafe { libmimalloc_sys::mi_option_get(PURGE_DELAY) };
        assert!((0..=1_000).contains(&own), "another option has this number now: it is {own}");
        keep_memory();
        // SAFETY: as above.
        assert_eq!(unsafe { libmimalloc_sys::mi_option_get(PURGE_DELAY) }, KEPT);
    }
}
