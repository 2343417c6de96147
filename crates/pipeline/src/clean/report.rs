//! The quality report of a batch: shown, and kept with it.

use clientele_model::money::group_thousands;
use clientele_model::spec::source::Grain;
use clientele_model::{Language, counted};
use serde::{Deserialize, Serialize};

use super::quality::Figures;
use super::rules::{Outcome, Rule};

/// A row that broke a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// The data row, from 1 for the first after the header.
    pub row: u64,
    /// The field to blame, when one is.
    pub field: Option<String>,
    /// The value as it stands in the file.
    pub value: String,
}

/// How often a rule was broken, with the first examples.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleCount {
    pub rule: Rule,
    /// Rows; of sheets of answers, single answers.
    pub count: u64,
    pub examples: Vec<Example>,
}

impl RuleCount {
    /// What became of the rows.
    pub fn outcome(&self) -> Outcome {
        self.rule.outcome()
    }
}

/// What the file says in total, before anything is judged: for comparing with its origin.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Totals {
    /// Rows.
    pub rows: u64,
    /// Distinct order numbers; 0 in files of customers and of facts.
    pub orders: u64,
    /// Distinct records of facts: events, tickets and the like.
    #[serde(default)]
    pub records: u64,
    /// Distinct customer ids.
    pub customers: u64,
    /// Rows that name no customer.
    pub rows_without_customer: u64,
    /// Rows of credit notes, cancelled or returned orders.
    pub cancellation_rows: u64,
    /// The sum of all amounts, exact, as a decimal number.
    pub control_sum: String,
    /// The first and the last time in the file.
    pub first_at: Option<String>,
    pub last_at: Option<String>,
}

/// How good a batch is.
///
/// `rows_read = accepted + unchanged + duplicates + rejected + left_out`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct QualityReport {
    /// Rows in the file.
    pub rows_read: u64,
    /// Rows taken into the lake by this batch.
    pub accepted: u64,
    /// Of the accepted rows, those with a value written differently.
    pub changed: u64,
    /// Rows in quarantine.
    pub rejected: u64,
    /// Single answers in quarantine, beside whole rows: all wrong ones of sheets of which some
    /// answer was taken, and all but the first of the others.
    #[serde(default)]
    pub answers_rejected: u64,
    /// Rows that the lake holds already, word for word.
    pub unchanged: u64,
    /// Rows that repeat another row of the file, word for word.
    pub duplicates: u64,
    /// Rows kept out on purpose, as the rules say: nobody here could use them.
    #[serde(default)]
    pub left_out: u64,
    /// Rows of other kinds, for other tables. They are not among the rows read.
    #[serde(default)]
    pub elsewhere: u64,
    /// Orders, customers or facts that the accepted rows make.
    pub records: u64,
    /// Of these, those that replace an earlier version.
    pub updated: u64,
    /// Credit notes whose order was found.
    pub credit_notes_matched: u64,
    /// Credit notes whose order was not found.
    pub credit_notes_unmatched: u64,
    pub rules: Vec<RuleCount>,
    pub totals: Totals,
    pub figures: Figures,
}

impl QualityReport {
    /// How often a rule was broken.
    pub fn count(&self, rule: Rule) -> u64 {
        self.rules.iter().find(|r| r.rule == rule).map_or(0, |r| r.count)
    }

    /// Whether every row is accounted for.
    pub fn adds_up(&self) -> bool {
        self.rows_read == self.accepted + self.unchanged + self.duplicates + self.rejected + self.left_out
    }

    /// The report of a file that the lake holds already, from the one of when it came in:
    /// nothing is taken a second time.
    pub fn repeated(&self) -> Self {
        QualityReport {
            accepted: 0,
            changed: 0,
            records: 0,
            updated: 0,
            unchanged: self.unchanged + self.accepted,
            ..self.clone()
        }
    }

    /// A sentence about the batch.
    pub fn summary(&self, language: Language) -> String {
        let counts =
            [self.rows_read, self.accepted, self.changed, self.unchanged, self.duplicates, self.rejected];
        let [read, accepted, changed, unchanged, repeated, rejected] = counts.map(grouped);
        let (updated, left_out) = (grouped(self.updated), grouped(self.left_out));
        let (elsewhere, answers) = (grouped(self.elsewhere), grouped(self.answers_rejected));
        match language {
            Language::En => {
                let mut tail = String::new();
                if self.left_out > 0 {
                    tail += &format!(", {left_out} left out");
                }
                if self.updated > 0 {
                    tail += &format!("; {} updated", counted(self.updated, "record", "records"));
                }
                if self.answers_rejected > 0 {
                    let answers = counted(self.answers_rejected, "single answer", "single answers");
                    tail += &format!("; {answers} rejected");
                }
                if self.elsewhere > 0 {
                    tail += &match self.elsewhere {
                        1 => "; 1 more row is of another kind".to_owned(),
                        _ => format!("; {elsewhere} more rows are of other kinds"),
                    };
                }
                format!(
                    "{} read: {accepted} accepted ({changed} tidied), {unchanged} unchanged, \
                     {repeated} repeated, {rejected} rejected{tail}",
                    counted(self.rows_read, "row", "rows")
                )
            }
            Language::Zh => {
                let mut tail = String::new();
                if self.left_out > 0 {
                    tail += &format!("，略去 {left_out} 行");
                }
                if self.updated > 0 {
                    tail += &format!("；更新 {updated} 条记录");
                }
                if self.answers_rejected > 0 {
                    tail += &format!("；单独拒绝 {answers} 个答案");
                }
                if self.elsewhere > 0 {
                    tail += &format!("；另有 {elsewhere} 行属于其他类型");
                }
                format!(
                    "读取 {read} 行：接受 {accepted} 行（其中 {changed} 行经规范化），未变 {unchanged} 行，\
                     重复 {repeated} 行，拒绝 {rejected} 行{tail}"
                )
            }
        }
    }
}

impl Totals {
    /// What the file holds, in a sentence. `grain` says what its rows are.
    pub fn summary(&self, grain: Grain, language: Language) -> String {
        let counts =
            [self.orders, self.customers, self.rows_without_customer, self.cancellation_rows, self.records];
        let [orders, customers, without, cancelled, records] = counts.map(grouped);
        let people = counted(self.customers, "customer", "customers");
        let nobody = counted(self.rows_without_customer, "row", "rows");
        if grain == Grain::Customer {
            return language.pick(
                format!("in the file: {people}, {nobody} without a customer"),
                format!("文件共有：{customers} 位客户，{without} 行没有客户"),
            );
        }
        if !matches!(grain, Grain::Order | Grain::OrderLine) {
            let ([one, many], zh) = grain.label();
            let of_kind = counted(self.records, one, many);
            return language.pick(
                format!("in the file: {of_kind}, {people}, {nobody} without a customer"),
                format!("文件共有：{records} 条{zh}，{customers} 位客户，{without} 行没有客户"),
            );
        }
        let sum = grouped_decimal(&self.control_sum);
        language.pick(
            format!(
                "in the file: {}, {people}, {nobody} without a customer, {cancelled} cancelled or returned; amounts \
                 add up to {sum}",
                counted(self.orders, "order", "orders")
            ),
            format!(
                "文件共有：{orders} 张订单，{customers} 位客户，{without} 行没有客户，\
                 {cancelled} 行取消或退货；金额合计 {sum}"
            ),
        )
    }
}

fn grouped(count: u64) -> String {
    group_thousands(&count.to_string())
}

/// A decimal number with commas between thousands.
fn grouped_decimal(number: &str) -> String {
    let (sign, digits) = match number.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", number),
    };
    match digits.split_once('.') {
        Some((whole, fraction)) => format!("{sign}{}.{fraction}", group_thousands(whole)),
        None => format!("{sign}{}", group_thousands(digits)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_thousands_separators() {
        let report = QualityReport {
            rows_read: 541_909,
            accepted: 406_829,
            changed: 1_234,
            ..QualityReport::default()
        };
        let text = report.summary(Language::En);
        assert!(text.starts_with("541,909 rows read: 406,829 accepted (1,234 tidied)"), "{text}");
        let totals = Totals { orders: 25_900, control_sum: "-9747747.934".into(), ..Totals::default() };
        let text = totals.summary(Grain::Order, Language::En);
        assert!(text.contains("25,900 orders") && text.ends_with("-9,747,747.934"), "{text}");
        let text = totals.summary(Grain::Customer, Language::En);
        assert!(!text.contains("orders") && !text.contains("amounts"), "{text}");
        assert_eq!(text, "in the file: 0 customers, 0 rows without a customer");
        let one =
            Totals { orders: 1, customers: 1, rows_without_customer: 1, records: 1, ..Totals::default() };
        assert_eq!(
            one.summary(Grain::Event, Language::En),
            "in the file: 1 event, 1 customer, 1 row without a customer"
        );
        let text = one.summary(Grain::Order, Language::En);
        assert!(text.starts_with("in the file: 1 order, 1 customer, 1 row without a customer, 0"), "{text}");
        let report = QualityReport { rows_read: 1, updated: 1, elsewhere: 1, ..QualityReport::default() };
        let text = report.summary(Language::En);
        assert!(
            text.starts_with("1 row read: ") && text.contains("; 1 record updated; 1 more row is"),
            "{text}"
        );
    }
}
