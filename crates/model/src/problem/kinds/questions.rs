//! Runs, what is asked of them, and the report.

crate::error_kinds! {
    UNKNOWN_SCHEME = "unknown-scheme" {
        "there is no scheme `{name}`", "没有分层方案 {name}";
        "see `clientele schemes list`", "可用 clientele schemes list 查看"
    }
    UNKNOWN_METRIC = "unknown-metric" {
        "there is no metric `{name}`", "没有指标 {name}";
        "see `clientele metrics list`", "可用 clientele metrics list 查看"
    }
    RECORD = "run-record-unreadable" {
        "the record of runs cannot be read: {cause}", "无法读取刷新记录：{cause}";
        "see what `clientele doctor --deep` finds, and restore the lake from a backup",
        "请用 clientele doctor --deep 查明原因，并从备份恢复数据湖"
    }
    NOTHING_IMPORTED = "nothing-imported" {
        "there are no customers yet", "还没有客户";
        "bring in orders or customers with `clientele import FILE`", "请先用 clientele import 文件 导入订单或客户"
    }
    NOT_AGAIN = "run-not-made-again" {
        "run {run} cannot be made again as it was: {why}", "无法原样重做刷新 {run}：{why}";
        "nothing was changed, restore its files from a backup or make a new run with `clientele refresh`",
        "未作任何改动，请从备份恢复其文件，或用 clientele refresh 重新刷新"
    }
    SEGMENTS_FAILED = "segments-not-evaluated" {
        "run {run} is made, but segments could not be evaluated over it: {cause}",
        "刷新 {run} 已完成，但未能据此更新客群：{cause}";
        "try again with `clientele segments refresh`", "可用 clientele segments refresh 重试"
    }
    NO_RUN = "no-run" {
        "nothing has been computed yet", "还没有计算结果";
        "run `clientele refresh`", "请先运行 clientele refresh"
    }
    UNKNOWN_RUN = "unknown-run" {
        "there is no run `{name}`", "没有刷新 {name}";
        "the runs are {known}", "已有的刷新：{known}"
    }
    DROPPED_RUN = "run-dropped" {
        "run {run} (as of {as_of}) is not kept any more: a vacuum dropped it on {at}, by `runs` under [keep] in \
         clientele.toml",
        "刷新 {run}（统计日 {as_of}）已不再保留：{at} 清理时按 clientele.toml 中 [keep] 的 runs 移除";
        "the nearest that are kept: {near}", "最近的保留刷新：{near}"
    }
    SCHEME_NOT_IN_RUN = "scheme-not-in-run" {
        "run {run} has no scheme `{name}`", "刷新 {run} 中没有分层方案 {name}";
        "see `clientele schemes list`, or refresh", "可用 clientele schemes list 查看，或重新刷新"
    }
    CLASS_NOT_SHOWN = "class-not-shown" {
        "this answer is made of fields of the class `{class}`, which are not shown to you",
        "这个答案由“{class}”类字段得出，而您看不到这类字段";
        "ask somebody to whom they are", "请让看得到的人来查"
    }
    UNKNOWN_TIER = "unknown-tier" {
        "scheme {scheme} has no tier `{name}`", "分层方案 {scheme} 没有层级 {name}";
        "its tiers are {known}", "它的层级有：{known}"
    }
    CUSTOMER_NOT_IN_RUN = "customer-not-in-run" {
        "there is no customer `{name}` in run {run}", "刷新 {run} 中没有客户 {name}";
        "check the id, or import and refresh first", "请检查编号，或先导入并刷新"
    }
    AMBIGUOUS_CUSTOMER = "customer-ambiguous" {
        "`{name}` is a customer of several sources ({sources})", "多个来源都有客户 {name}（{sources}）";
        "write SOURCE:ID, as in {example}", "请写成 来源:编号，例如 {example}"
    }
    LOOKS_BACK = "runs-backwards" {
        "run {from} looks from {from_day}, after run {to}, which looks from {to_day}",
        "刷新 {from} 的统计日（{from_day}）晚于刷新 {to}（{to_day}）";
        "why somebody moved can only be told forwards: swap the two, or leave out the causes with --no-causes",
        "迁移原因只能从早到晚说明：请对调两次刷新，或用 --no-causes 不列原因"
    }
    NO_RUN_BEFORE = "no-run-before" {
        "there is no run before {run}", "{run} 之前没有刷新";
        "movement needs two, so refresh again later", "迁移需要两次刷新，请以后再刷新一次"
    }
    CHART = "chart-not-drawn" {
        "a chart cannot be drawn: {cause}", "图表无法绘制：{cause}";
        "this is a mistake in the product, please report it", "这是产品的错误，请反馈"
    }
    PAGE = "page-not-made" {
        "the page cannot be put together: {cause}", "页面无法生成：{cause}";
        "this is a mistake in the product, please report it", "这是产品的错误，请反馈"
    }
}
