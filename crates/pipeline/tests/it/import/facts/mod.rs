//! Facts beside orders: events, tickets, answers, opportunities and the rest.

mod answers;
mod bad;
mod contacts;
mod generic;
mod money;
mod published;
mod sources;
mod versions;
