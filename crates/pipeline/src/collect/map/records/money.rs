//! Money of facts in other currencies.

use clientele_model::spec::source::Field;

use super::super::super::rows::NONE;
use super::super::super::values::number::write_number;
use super::super::super::values::text::CONVERTED;
use super::super::row::Row;
use super::reader::Reader;
use crate::clean::Rule;

impl<'a> Reader<'a> {
    /// Converts the money of a row to the workspace's currency, by the rates that orders go by.
    /// What it was before stays among the attributes. A row without money needs no rate.
    pub(super) fn convert(&mut self, row: &mut Row<'a, '_>) {
        let given = row.text(Field::Currency);
        let plan = self.plan;
        if given.is_empty() || plan.money.iter().all(|slot| self.nums[*slot] == NONE) {
            return;
        }
        match row.cx.rate(&given) {
            Ok(None) => {}
            Ok(Some(rate)) => {
                for slot in &plan.money {
                    let value = self.nums[*slot];
                    if value != NONE {
                        self.kept.push(("original_amount", write_number(value.into())));
                        self.nums[*slot] = rate
                            .convert(value)
                            .unwrap_or_else(|| row.fail(Rule::AbsurdNumber, Field::Currency));
                    }
                }
                self.kept.push(("original_currency", given.to_ascii_uppercase()));
                row.note(CONVERTED, Field::Currency);
            }
            Err(()) => {
                row.fail(Rule::NoRate, Field::Currency);
            }
        }
    }
}
