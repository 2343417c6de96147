//! Orders and customers to rows that are ready for a file, on any thread.

use std::ops::Range;

use super::super::calendar::Calendar;
use super::super::customer::People;
use super::super::order::Order;
use super::super::{GenerateError, GenerateRequest};
use super::csv::{CsvCells, Dates};
use super::parquet::ArrowCells;
use super::rows::{self, Cells, Table};
use super::{Format, Rendered};

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
    dates: Dates,
    first_day: i32,
}

impl Renderer {
    pub fn new(request: &GenerateRequest, calendar: &Calendar) -> Self {
        Renderer {
            format: request.format,
            currency: request.currency.code().to_owned(),
            with_lines: request.lines,
            dates: Dates::new(calendar),
            first_day: calendar.epoch_day(0),
        }
    }

    pub fn orders(&self, orders: &[Order]) -> Result<Block, GenerateError> {
        let currency = &self.currency;
        let lines = orders.iter().map(|order| order.lines.len() as u64).sum();
        let order_lines = self.with_lines.then(|| {
            self.rows(&rows::ORDER_LINES, |cells| {
                for order in orders {
                    for (line, nth) in order.lines.iter().zip(1..) {
                        rows::line(cells, order, line, nth, currency);
                    }
                }
            })
        });
        let orders = self.rows(&rows::ORDERS, |cells| {
            orders.iter().for_each(|order| rows::order(cells, order, currency));
        })?;
        Ok(Block { orders, order_lines: order_lines.transpose()?, lines })
    }

    pub fn customers(
        &self,
        people: &People,
        calendar: &Calendar,
        numbers: Range<u32>,
    ) -> Result<Rendered, GenerateError> {
        self.rows(&rows::CUSTOMERS, |cells| {
            for customer in numbers.clone() {
                // The start does not depend on how much is bought in all.
                let first_day = calendar.day(people.rhythm(customer, 1.0).start);
                rows::customer(cells, calendar, customer, first_day, &people.record(customer));
            }
        })
    }

    fn rows(&self, table: &Table, fill: impl Fn(&mut dyn Cells)) -> Result<Rendered, GenerateError> {
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
