//! The catalogue of rules that rows are held against.

use clientele_model::Language;
use serde::{Deserialize, Serialize};

/// What becomes of a row that breaks a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It goes to quarantine.
    Rejected,
    /// It is accepted with a value written differently.
    Changed,
    /// It is accepted as it is and mentioned.
    Noted,
    /// It is kept out on purpose: nobody or nothing here can use it. It is counted, not kept.
    LeftOut,
}

macro_rules! rules {
    ($($name:ident = $id:literal, $outcome:ident, $en:literal, $zh:literal, $cure_en:literal, $cure_zh:literal;)+) => {
        /// A rule.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Rule { $($name,)+ }

        impl Rule {
            /// All rules.
            pub const ALL: &'static [Rule] = &[$(Rule::$name),+];

            /// The id, as the quarantine stores it.
            pub fn id(self) -> &'static str {
                match self { $(Rule::$name => $id),+ }
            }

            /// What becomes of the row.
            pub fn outcome(self) -> Outcome {
                match self { $(Rule::$name => Outcome::$outcome),+ }
            }

            /// What is wrong, or was changed.
            pub fn name(self, language: Language) -> &'static str {
                match self { $(Rule::$name => language.pick($en, $zh)),+ }
            }

            /// What the user can do.
            pub fn cure(self, language: Language) -> &'static str {
                match self { $(Rule::$name => language.pick($cure_en, $cure_zh)),+ }
            }
        }
    };
}

rules! {
    BadShape = "bad_shape", Rejected,
        "the row does not have the shape of the table", "该行与表格结构不符",
        "correct the row in the file: as many fields as the header, quotes closed, text in the file's encoding",
        "请在文件中更正该行：字段数与表头一致、引号成对、编码一致";
    MissingOrder = "missing_order_id", Rejected,
        "no order number", "缺少订单编号",
        "fill in the order number, or name its column with --map order_id=COLUMN", "请补上订单编号，或用 --map order_id=列名 指明";
    MissingCustomer = "missing_customer_id", Rejected,
        "no customer", "缺少客户",
        "fill in the customer, or name its column with --map customer_id=COLUMN; a row without one cannot count for anyone",
        "请补上客户编号，或用 --map customer_id=列名 指明；没有客户的行无法归到任何人";
    BadDate = "unparseable_date", Rejected,
        "a date that cannot be read", "无法识别的日期",
        "write dates as 2024-12-31 or 2024-12-31 18:30:00", "请写成 2024-12-31 或 2024-12-31 18:30:00";
    FutureDate = "future_date", Rejected,
        "a date in the future", "日期在未来",
        "correct the date, or the clock of this machine", "请更正日期，或校准本机时钟";
    BadNumber = "not_a_number", Rejected,
        "an amount or quantity that is no number", "金额或数量不是数字",
        "write digits with at most one decimal point", "请只写数字，最多一个小数点";
    AbsurdNumber = "absurd_amount", Rejected,
        "an amount beyond a thousand billion", "金额超过一万亿",
        "correct the amount", "请更正金额";
    MissingAmount = "missing_amount", Rejected,
        "no amount", "缺少金额",
        "fill in the amount paid, or name its column with --map amount=COLUMN", "请补上实付金额，或用 --map amount=列名 指明";
    NegativeAmount = "negative_amount", Rejected,
        "a negative amount that is not a return", "金额为负但不是退货",
        "give the row a returned status, or correct the amount", "请将状态改为退货，或更正金额";
    UnknownStatus = "unknown_status", Rejected,
        "a status that is not known", "未知的状态",
        "add the word to [status] of the layout in the workspace's library/sources",
        "请在工作区 library/sources 的布局文件 [status] 中加入该状态";
    NoRate = "currency_without_rate", Rejected,
        "another currency without a rate", "其他币种且没有汇率",
        "add the rate under [rates] in clientele.toml, then import the rows again", "请在 clientele.toml 的 [rates] 中加入汇率后重新导入";
    DuplicateKey = "duplicate_key", Rejected,
        "the same number with different content", "编号重复且内容不同",
        "keep the row that is right and delete the other", "请保留正确的一行，删除另一行";
    ConflictingOrder = "conflicting_order", Rejected,
        "lines of one order name different customers", "同一订单的明细属于不同客户",
        "correct the order number or the customer", "请更正订单编号或客户";
    IncompleteOrder = "incomplete_order", Rejected,
        "another line of this order was rejected", "同一订单有其他明细被拒绝",
        "correct the other line; the order is taken when all its lines are sound", "请更正同单的其他明细；全部明细无误后整单导入";
    MissingTime = "missing_time", Rejected,
        "no date", "缺少日期",
        "fill in the date, or name its column with --map; what has no date cannot be placed in time",
        "请补上日期，或用 --map 指明其列；没有日期的记录无法归入任何时间段";
    MissingValue = "missing_value", Rejected,
        "a value that such rows must have is missing", "缺少必填的值",
        "fill in the value, or name its column with --map", "请补上该值，或用 --map 指明其列";
    OffScale = "off_scale", Rejected,
        "an answer off its scale", "答复超出量表范围",
        "correct the answer, or the scale: scale_min and scale_max in the file, scale in the questionnaire; satisfaction is 1 to 5",
        "请更正答复或量表：文件中的 scale_min 与 scale_max，或问卷中的 scale；满意度为 1 至 5";
    UnknownAnswer = "unknown_answer", Rejected,
        "an answer that is neither a number nor a label of the scale", "答案既不是数字，也不是量表上的选项",
        "write the number, or a label of the questionnaire's scale; a question answered in words belongs under [[open]] of the questionnaire in library/questionnaires",
        "请填写数字，或问卷量表上的选项文字；用文字作答的题目请写入 library/questionnaires 中该问卷的 [[open]]";
    BadShare = "bad_probability", Rejected,
        "a probability outside 0 to 1 (or 0 % to 100 %)", "概率不在 0 到 1（或 0% 到 100%）之间",
        "write a share like 0.4 or a percentage like 40%", "请写成 0.4 或 40%";
    NegativeValue = "negative_value", Rejected,
        "a negative cost or duration", "成本或时长为负",
        "correct the number", "请更正该数值";
    EndBeforeStart = "end_before_start", Rejected,
        "closed before it was opened", "结束时间早于开始时间",
        "correct one of the two times", "请更正其中一个时间";
    SelfRelation = "relation_to_oneself", Rejected,
        "a relation of a customer to themselves", "客户与自身的关系",
        "correct one of the two customers", "请更正其中一位客户";
    UnknownConsent = "unknown_consent_status", Rejected,
        "a consent that is neither given nor withdrawn", "授权状态既非同意也非撤回",
        "write given or withdrawn, or add the word to [words.status] of the layout in the workspace's library/sources",
        "请写 given 或 withdrawn，或在工作区 library/sources 的布局文件 [words.status] 中加入该词";
    UnknownOutcome = "unknown_outcome", Rejected,
        "an outcome that is not known", "未知的结果",
        "write open, won or lost, or add the word to [words.outcome] of the layout in the workspace's library/sources",
        "请写 open、won 或 lost，或在工作区 library/sources 的布局文件 [words.outcome] 中加入该词";
    Anonymous = "anonymous", LeftOut,
        "an event of nobody known, kept out", "匿名事件，未导入",
        "nothing to do; to count visitors as customers, name their column with --map customer_id=COLUMN",
        "无需处理；如需把访客当作客户，请用 --map customer_id=列名 指明";
    Older = "older_row", LeftOut,
        "an older row of the same customer; the newest counts", "同一客户的较早记录，以最新一行为准",
        "nothing to do", "无需处理";
    Whitespace = "whitespace", Changed,
        "blanks around values taken off", "去除值两端空白", "nothing to do", "无需处理";
    Spreadsheet = "spreadsheet_text", Changed,
        "spreadsheet wrapping (=\"…\" or ') taken off", "去除表格软件的包装（=\"…\" 或 '）", "nothing to do", "无需处理";
    FullWidth = "full_width", Changed,
        "full-width letters and digits made half-width", "全角字符转为半角", "nothing to do", "无需处理";
    NumberSigns = "number_signs", Changed,
        "currency and thousands signs taken off", "去除货币符号与千分位", "nothing to do", "无需处理";
    FloatId = "float_id", Changed,
        "numbers like 17850.0 taken as 17850", "编号 17850.0 读作 17850", "export ids as text", "建议将编号导出为文本";
    NameForm = "name_form", Changed,
        "names written one way", "统一姓名写法", "nothing to do", "无需处理";
    PhoneForm = "phone_form", Changed,
        "phone numbers written internationally", "电话统一为国际格式", "nothing to do", "无需处理";
    Rounded = "rounded", Changed,
        "more than four digits after the point, rounded", "小数超过四位，已四舍五入", "nothing to do", "无需处理";
    Converted = "converted", Changed,
        "amounts converted from another currency", "由其他币种换算", "check the rates in clientele.toml", "请核对 clientele.toml 中的汇率";
    Percent = "percentage", Changed,
        "percentages taken as shares", "百分数转为小数", "nothing to do", "无需处理";
    UnknownWord = "unknown_word", Noted,
        "a word that is not known, kept among the attributes", "未知的词，保留在附加属性中",
        "add the word to [words] of the layout in the workspace's library/sources",
        "请在工作区 library/sources 的布局文件 [words] 中加入该词";
    LateResponse = "closed_before_answered", Noted,
        "closed before the first response", "关闭时间早于首次响应",
        "check the two times; both are kept", "请核对两个时间；均按原值保留";
    Masked = "masked_value", Noted,
        "values hidden behind * taken as missing", "打码的值视为缺失",
        "export without masking if you may", "如有权限，请导出未打码的数据";
    BadPhone = "bad_phone", Noted,
        "a phone number that is none, kept as text", "电话号码无效，按原文保留", "correct the number", "请更正号码";
    DuplicateRow = "duplicate_row", Noted,
        "a repeated row with the same content, counted once", "重复且内容相同的行，只计一次", "nothing to do", "无需处理";
    BadOptionalDate = "bad_optional_date", Noted,
        "a secondary date that cannot be read, left out", "次要日期无法识别，已略去",
        "write dates as 2024-12-31", "请写成 2024-12-31";
}
