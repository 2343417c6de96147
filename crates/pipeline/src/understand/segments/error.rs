//! Why something about segments cannot be done.

use clientele_engine::EngineError;
use clientele_model::Language;
use clientele_model::spec::segment::RuleError;
use thiserror::Error;

use crate::catalogue::CatalogueError;
use crate::collect::read::ReadError;
use crate::understand::ViewError;
use crate::workspace::WorkspaceError;

/// Why something about segments cannot be done. Nothing is changed then.
#[derive(Debug, Error)]
pub enum SegmentError {
    #[error(transparent)]
    View(#[from] ViewError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("the rule cannot be read: {0}")]
    Rule(RuleError),
    #[error("there is no segment `{name}`; {}", nearest.as_ref().map_or_else(|| "see `clientele segments list`".to_owned(), |n| format!("did you mean `{n}`?")))]
    Unknown { name: String, nearest: Option<String> },
    #[error("`{name}` cannot be a segment's name; use lower-case letters, digits and `-`, a letter first")]
    BadId { name: String },
    #[error("segments cannot name each other in a circle: {}; take one of them out of a rule", .path.join(" → "))]
    Cycle { path: Vec<String> },
    #[error("segment {id} is named in {}; change these first", .users.join(", "))]
    InUse { id: String, users: Vec<String> },
    #[error("segment {id} is a list, which has no rule; upload it again to change it")]
    IsList { id: String },
    #[error("segment {id} has a rule; choose another name for the list, or remove the segment first")]
    HasRule { id: String },
    #[error("run {run} did not compute {name}; refresh everything, without --schemes")]
    NotComputed { run: String, name: String },
    #[error("{}", not_shown(.name, *.is_masked, .shown, Language::En))]
    NotShown { name: String, is_masked: bool, shown: String },
    #[error(
        "`{rule}` looks at more than fields of the profile; whose customers are seen can depend on nothing else"
    )]
    NoProfile { rule: String },
    #[error("segment {segment} could not be evaluated, which this one names; correct it first")]
    Nested { segment: String },
    #[error("with the segments that it names, the rule is too large; run `clientele segments refresh` first")]
    TooLarge,
    #[error("segment {id} has no members on record yet; run `clientele segments refresh` first")]
    NotEvaluated { id: String },
    #[error(
        "the file has the columns {columns}, and none is known to hold e-mails, phones or ids; name one with --column"
    )]
    NoColumn { columns: String },
    #[error("the file has no column `{name}`; its columns are {columns}")]
    UnknownColumn { name: String, columns: String },
    #[error("there are no customers yet; bring them in with `clientele import FILE`")]
    NoCustomers,
    #[error("the record of segments cannot be read: {0}; the lake was changed by another program")]
    Record(String),
}

impl SegmentError {
    /// The message in a language; messages of the engine stay in English.
    pub fn message(&self, language: Language) -> String {
        if language == Language::En {
            return self.to_string();
        }
        match self {
            SegmentError::View(error) => error.message(language),
            SegmentError::Engine(error) => error.to_string(),
            SegmentError::Read(error) => error.message(language),
            SegmentError::Rule(error) => format!("规则有误：{}", error.message(language)),
            SegmentError::Unknown { name, nearest } => {
                let hint = nearest.as_ref().map(|n| format!("是不是 {n}？"));
                format!("没有客群 {name}；{}", hint.unwrap_or("可用 clientele segments list 查看".into()))
            }
            SegmentError::BadId { name } => {
                format!("{name} 不能作为客群名；请用小写字母、数字和 -，并以字母开头")
            }
            SegmentError::Cycle { path } => {
                format!("客群不能循环引用：{}；请从其中一条规则里去掉引用", path.join(" → "))
            }
            SegmentError::InUse { id, users } => {
                format!("客群 {id} 正被 {} 引用；请先修改它们", users.join("、"))
            }
            SegmentError::IsList { id } => format!("客群 {id} 是名单，没有规则；请重新上传来修改"),
            SegmentError::HasRule { id } => {
                format!("客群 {id} 由规则定义；请为名单另起名称，或先删除该客群")
            }
            SegmentError::NotComputed { run, name } => {
                format!("刷新 {run} 没有计算 {name}；请不带 --schemes 重新刷新")
            }
            SegmentError::NotShown { name, is_masked, shown } => not_shown(name, *is_masked, shown, language),
            SegmentError::NoProfile { rule } => {
                format!("“{rule}”用到了客户资料字段以外的内容；可见哪些客户只能由资料字段决定")
            }
            SegmentError::Nested { segment } => format!("所引用的客群 {segment} 计算失败；请先更正它"),
            SegmentError::TooLarge => {
                "规则连同所引用的客群过大；请先运行 clientele segments refresh".to_owned()
            }
            SegmentError::NotEvaluated { id } => {
                format!("客群 {id} 还没有成员记录；请先运行 clientele segments refresh")
            }
            SegmentError::NoColumn { columns } => {
                format!("文件的列为 {columns}，看不出哪一列是邮箱、电话或编号；请用 --column 指定")
            }
            SegmentError::UnknownColumn { name, columns } => {
                format!("文件没有列 {name}；它的列有：{columns}")
            }
            SegmentError::NoCustomers => "还没有客户；请先用 clientele import FILE 导入".to_owned(),
            SegmentError::Record(cause) => format!("无法读取客群记录：{cause}；数据湖被其他程序改动过"),
        }
    }
}

impl From<RuleError> for SegmentError {
    fn from(error: RuleError) -> Self {
        SegmentError::Rule(error)
    }
}

impl From<CatalogueError> for SegmentError {
    fn from(error: CatalogueError) -> Self {
        SegmentError::View(error.into())
    }
}

impl From<WorkspaceError> for SegmentError {
    fn from(error: WorkspaceError) -> Self {
        CatalogueError::from(error).into()
    }
}

/// That a name cannot be used in a rule, and which can.
fn not_shown(name: &str, is_masked: bool, shown: &str, language: Language) -> String {
    match is_masked {
        true => language.pick(
            format!(
                "{name} is shown to you in part only, so nothing can be compared with it; what can be: {shown}"
            ),
            format!("{name} 对您只部分显示，不能用于比较；可用的有：{shown}"),
        ),
        false => language.pick(
            format!("there is no {name} among what you may see; there are: {shown}"),
            format!("您可见的内容里没有 {name}；可用的有：{shown}"),
        ),
    }
}
