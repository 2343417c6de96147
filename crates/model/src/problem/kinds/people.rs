//! Tiers set by hand, forgetting, exports.

crate::error_kinds! {
    NO_REASON = "override-without-reason" {
        "no reason is given", "没有写明理由";
        "say why with --reason", "请用 --reason 说明"
    }
    PAST = "override-ends-before-it-holds" {
        "--until {until} is before {since}, the first day that it would hold", "--until {until} 早于生效日 {since}";
        "name a later day, or none", "请写更晚的日期，或不写"
    }
    UNKNOWN_METHOD = "unknown-method" {
        "scheme {scheme} does not know the method `{name}`", "分层方案 {scheme} 没有方法 {name}";
        "use one of {known}", "可用：{known}"
    }
    UNKNOWN_CUSTOMER = "unknown-customer" {
        "there is no customer `{name}`", "没有客户 {name}";
        "check the id, or import the customer first", "请检查编号，或先导入该客户"
    }
    UNKNOWN_OVERRIDE = "unknown-override" {
        "there is no override `{id}`", "没有人工指定 {id}";
        "see `clientele override list`", "可用 clientele override list 查看"
    }
    OVERRIDE_ENDED = "override-ended" {
        "override {id} was ended before, at {at}", "人工指定 {id} 已于 {at} 结束";
        "nothing is left to do", "无需再次操作"
    }
    NOBODY_KNOWN = "customers-not-held" {
        "nothing is held of {names}", "没有这些客户的任何数据：{names}";
        "check the ids; nothing was done", "请检查编号；未做任何改动"
    }
    AMBIGUOUS = "customer-to-forget-ambiguous" {
        "`{name}` is a customer of several sources ({sources})", "多个来源都有客户 {name}（{sources}）";
        "write SOURCE:ID, as in {example}; nothing was done", "请写成 来源:编号，例如 {example}；未做任何改动"
    }
    NOBODY_NAMED = "nobody-named" {
        "nobody is named", "没有指定客户";
        "give ids of customers, or a file of ids with --file", "请给出客户编号，或用 --file 给出编号文件"
    }
    FILE_OF_IDS = "ids-unreadable" {
        "the file of ids {file} cannot be used: {cause}", "无法使用编号文件 {file}：{cause}";
        "correct it, or name the customers themselves", "请更正文件，或直接写出客户编号"
    }
    UNKNOWN_TABLE = "unknown-table" {
        "the lake has a table `{table}` that this release does not know, so it cannot tell what the table holds of a \
         customer",
        "数据湖中有本版本不认识的表 {table}，无法判断其中有哪些客户数据";
        "install the release that made it; nothing was done", "请安装写入它的版本；未做任何改动"
    }
    EXPORT_LEFT = "export-still-holds-them" {
        "the export {file} still holds them and can neither be made anew nor removed: {cause}",
        "导出文件 {file} 仍含这些客户，既无法重新生成也无法删除：{cause}";
        "remove it", "请手动删除"
    }
    UNPROVEN = "forgetting-unproven" {
        "they are forgotten, but the search that proves it did not get to its end: {cause}",
        "这些客户已被遗忘，但事后的核查未能完成：{cause}";
        "remove the cause, then run the command again", "请排除原因后重新运行该命令"
    }
    UNKNOWN_FORMAT = "unknown-export-format" {
        "no format is known for this ending", "无法识别的扩展名";
        "use .csv, .parquet or .xlsx", "请使用 .csv、.parquet 或 .xlsx"
    }
    TOO_MANY_ROWS = "too-many-rows-for-excel" {
        "{rows} customers do not fit into an Excel sheet, which takes {most}",
        "{rows} 位客户超过 Excel 工作表的上限 {most} 行";
        "export to .csv or .parquet", "请导出为 .csv 或 .parquet"
    }
    ROWS = "rows-not-exported" {
        "the rows cannot be exported: {cause}", "无法导出数据行：{cause}";
        "please report this", "请反馈此问题"
    }
}
