//! Segments, from rule to members.
