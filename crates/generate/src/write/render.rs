//! Orders and customers to rows that are ready for a file, on any thread.

use std::ops::Range;

use super::super::calendar::Calendar;
use super::super::customer::People;
use super::super::facts::{Scene, place, write_profiles};
use super::super::order::Order;
use super::super::tables::{self as full, Cells, Table};
use super::super::{GenerateError, GenerateRequest};
use super::csv::{CsvCells, Dates};
use super::parquet::ArrowCells;
use super::{Format, Rendered, full_rows, rows};

/// Rows of orders, and of their lines when they are wanted.
pub struct Block {
    pub orders: Rendered,
    pub order_lines: Option<Rendered>,
    /// How many lines.
    pub lines: u64,
}

/// Writes rows in a request's format.
pub struct Renderer {
    format: Format,
    currency: String,
    with_lines: bool,
    is_full: bool,
    dates: Dates,
    first_day: i32,
}

impl Renderer {
    pub fn new(request: &GenerateRequest, calendar: &Calendar) -> Self {
        Renderer {
            format: request.format,
            currency: request.currency.code().to_owned(),
            with_lines: request.lines,
            is_full: request.facts.profiles,
            dates: Dates::new(calendar),
            first_day: calendar.epoch_day(0),
        }
    }

    pub fn orders(&self, people: &People, orders: &[Order]) -> Result<Block, GenerateError> {
        let currency = &self.currency;
        let lines = orders.iter().map(|order| order.lines.len() as u64).sum();
        let tables = if self.is_full {
            (&full::ORDERS, &full::ORDER_LINES)
        } else {
            (&rows::ORDERS, &rows::ORDER_LINES)
        };
        let order_lines = self.with_lines.then(|| {
            self.rows(tables.1, |cells| {
                for order in orders {
                    let place = self.is_full.then(|| place(people, order.customer));
                    for (line, nth) in order.lines.iter().zip(1..) {
                        match place {
                            Some(place) => full_rows::line(cells, order, line, nth, currency, place),
                            None => rows::line(cells, order, line, nth, currency),
                        }
                    }
                }
            })
        });
        let orders = self.rows(tables.0, |cells| {
            for order in orders {
                if self.is_full {
                    full_rows::order(cells, order, currency, place(people, order.customer));
                } else {
                    rows::order(cells, order, currency);
                }
            }
        })?;
        Ok(Block { orders, order_lines: order_lines.transpose()?, lines })
    }

    /// The fuller records of some customers.
    pub fn profiles(&self, scene: &Scene<'_>, numbers: Range<u32>) -> Result<Rendered, GenerateError> {
        self.rows(&full::CUSTOMERS, |cells| write_profiles(scene, numbers, cells))
    }

    pub fn customers(&self, scene: &Scene<'_>, numbers: Range<u32>) -> Result<Rendered, GenerateError> {
        let calendar = scene.calendar;
        self.rows(&rows::CUSTOMERS, |cells| {
            for customer in numbers {
                let start = if customer < scene.customers {
                    scene.people.rhythm(customer, 1.0).start
                } else {
                    scene.character(customer).start
                };
                // The start does not depend on how much is bought in all.
                let first_day = calendar.day(start);
                rows::customer(cells, calendar, customer, first_day, &scene.people.record(customer));
            }
        })
    }

    /// The rows that `fill` writes into a table.
    pub fn rows(&self, table: &Table, fill: impl FnOnce(&mut dyn Cells)) -> Result<Rendered, GenerateError> {
        match self.format {
            Format::Csv => {
                let mut cells = CsvCells::new(&self.dates);
                fill(&mut cells);
                Ok(Rendered::Csv(cells.into_bytes()))
            }
            Format::Parquet => {
                let mut cells = ArrowCells::new(table, self.first_day);
                fill(&mut cells);
                cells.into_batch().map(Rendered::Batch)
            }
        }
    }
}
