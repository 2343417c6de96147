//! Files → records in the lake, and back.

mod bad_input;
mod facts;
mod fixture;
mod joined;
mod kept;
mod layouts;
mod lists;
mod memory;
mod published;
mod quarantine;
mod undo;
mod versions;
mod words;
