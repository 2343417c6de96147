//! Facts beside orders: events, tickets, answers, opportunities and the rest.

mod bad;
mod contacts;
mod generic;
mod published;
mod sources;
mod versions;
