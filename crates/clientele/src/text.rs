//! Words that several commands use, in both languages.

use clientele_engine::integrity::{Damage, DamageKind};
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

/// What is wrong with a file of the lake, to what it belongs, and the cure.
pub fn damage(damage: &Damage, language: Language) -> String {
    let at = &damage.at;
    let what = match (&damage.kind, language) {
        (kind, Language::En) => kind.to_string(),
        (DamageKind::Missing, _) => "文件不在了".to_owned(),
        (DamageKind::NotWhole, _) => "文件不完整，或末尾被改动".to_owned(),
        (DamageKind::Bytes { from, until }, _) => format!("第 {from} 至 {until} 字节与写入时不同"),
        (DamageKind::Size { found, written }, _) => format!("现有 {found} 字节，写入时为 {written} 字节"),
        (DamageKind::Other, _) => "内容与写入时不同".to_owned(),
        (DamageKind::Log, _) => "表日志的这一条目被截断或改动".to_owned(),
    };
    let (run, batch) = (damage.partition("run"), damage.partition("batch"));
    match (run, batch, language) {
        (Some(run), _, Language::En) => format!(
            "{at} is damaged: {what}; it belongs to run {run}: make it anew with `clientele refresh --again {run}`"
        ),
        (Some(run), _, Language::Zh) => {
            format!("{at} 已损坏：{what}；它属于刷新 {run}：可用 clientele refresh --again {run} 重新生成")
        }
        (_, Some(batch), Language::En) => format!(
            "{at} is damaged: {what}; it belongs to batch {batch}: restore the file from a backup, or take the \
             batch back with `clientele undo {batch}` and import its file again"
        ),
        (_, Some(batch), Language::Zh) => format!(
            "{at} 已损坏：{what}；它属于批次 {batch}：请从备份恢复该文件，或用 clientele undo {batch} 撤回该批次后重新导入其文件"
        ),
        (None, None, Language::En) => format!("{at} is damaged: {what}; restore it from a backup"),
        (None, None, Language::Zh) => format!("{at} 已损坏：{what}；请从备份恢复"),
    }
}
