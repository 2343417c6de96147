//! Stay rules and tiers set by hand, worked out by hand over a few customers.
