//! Words that several commands use, in both languages.

use clientele_model::Language;

/// A word that heads a column or names a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    Tier,
    Customers,
    ShareOfCustomers,
    Revenue,
    ShareOfRevenue,
    Customer,
    Source,
    Since,
    Before,
    From,
    To,
    Meaning,
    Scheme,
    Metric,
    Name,
    Question,
    Kind,
    Tiers,
    Unit,
    Facts,
    Total,
    Batch,
    File,
    Layout,
    Imported,
    Rows,
    Accepted,
    Rejected,
    Row,
    Problem,
    Value,
    Rule,
    Example,
    Cure,
}

impl Word {
    /// The word in a language.
    pub fn text(self, language: Language) -> &'static str {
        let (en, zh) = match self {
            Word::Tier => ("tier", "层级"),
            Word::Customers => ("customers", "客户数"),
            Word::ShareOfCustomers => ("share", "占比"),
            Word::Revenue => ("revenue", "收入"),
            Word::ShareOfRevenue => ("share of revenue", "收入占比"),
            Word::Customer => ("customer", "客户"),
            Word::Source => ("source", "来源"),
            Word::Since => ("since", "起始日期"),
            Word::Before => ("before", "之前"),
            Word::From => ("from", "原层级"),
            Word::To => ("to", "现层级"),
            Word::Meaning => ("movement", "迁移"),
            Word::Scheme => ("scheme", "方案"),
            Word::Metric => ("metric", "指标"),
            Word::Name => ("name", "名称"),
            Word::Question => ("question", "回答的问题"),
            Word::Kind => ("kind", "类型"),
            Word::Tiers => ("tiers", "层级数"),
            Word::Unit => ("unit", "单位"),
            Word::Facts => ("computed from", "数据来源"),
            Word::Total => ("total", "合计"),
            Word::Batch => ("batch", "批次"),
            Word::File => ("file", "文件"),
            Word::Layout => ("layout", "布局"),
            Word::Imported => ("imported", "导入时间"),
            Word::Rows => ("rows", "行数"),
            Word::Accepted => ("accepted", "接受"),
            Word::Rejected => ("rejected", "拒绝"),
            Word::Row => ("row", "行"),
            Word::Problem => ("what is wrong, and the cure", "问题与处理办法"),
            Word::Value => ("value", "值"),
            Word::Rule => ("rule", "规则"),
            Word::Example => ("for example", "示例"),
            Word::Cure => ("cure", "处理办法"),
        };
        language.pick(en, zh)
    }
}
