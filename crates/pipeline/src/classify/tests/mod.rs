//! Every kind of scheme, on small random bases, against the rule written out as plain code.

pub(super) mod base;
mod kinds;
mod reference;
mod sorts;
