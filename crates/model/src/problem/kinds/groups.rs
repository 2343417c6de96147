//! Why nothing is said of a group.

crate::error_kinds! {
    GROUP_EMPTY = "group-empty" { "{group} holds nobody", "{group} 中没有客户"; "name another group", "请换一个群体" }
    GROUP_TOO_SMALL = "group-too-small" {
        "{group} holds fewer than {minimum} customers", "{group} 不足 {minimum} 名客户";
        "smaller groups are not described, as one could tell who is meant (minimum_group in clientele.toml)",
        "人数过少的群体不作描述，以免认出具体的人（见 clientele.toml 的 minimum_group）"
    }
    UNKNOWN_DIMENSION = "unknown-dimension" {
        "`{name}` is neither a metric nor a scheme of run {run}", "{name} 既不是刷新 {run} 的指标，也不是其分层方案";
        "see `clientele metrics list` and `clientele schemes list`", "可用 clientele metrics list 或 schemes list 查看"
    }
    NOT_CROSSED = "dimension-not-crossed" {
        "`{name}` cannot be crossed: it has days or times, which are nearly as many as customers",
        "{name} 不能交叉：它是日期或时间，取值几乎和客户一样多";
        "name another metric or a scheme", "请换一个指标或分层方案"
    }
    SAME_TWICE = "same-dimension-twice" {
        "`{name}` and `{name}` is one classification", "{name} 与自身是同一种分类"; "name two", "请写两种"
    }
    NOTHING_TO_CROSS = "nothing-to-cross" {
        "{left} and {right} have too few customers in common, or only one value: there is nothing to compare",
        "{left} 与 {right} 共有的客户太少，或只有一个取值：没有可比较的内容";
        "name another metric or scheme", "请换一个指标或分层方案"
    }
    UNKNOWN_OUTCOME = "unknown-outcome" {
        "there is no outcome `{name}`", "没有结果 {name}";
        "use satisfaction, repeat, churn, spend, or a metric with numbers or yes and no",
        "可用 satisfaction、repeat、churn、spend，或一个数值型、是否型指标"
    }
    NO_OUTCOME = "outcome-not-computed" {
        "{outcome} cannot be explained: the run has no metric for it ({needs})",
        "无法解释 {outcome}：本次刷新没有相应指标（{needs}）";
        "refresh with it, or name another", "请刷新时加上，或换一个结果"
    }
    UNFIT_PREDICTOR = "metric-cannot-explain" {
        "`{name}` cannot explain anything here: it is {why}", "{name} 在此不能用来解释：{why}";
        "name another metric with --of", "请用 --of 换一个指标"
    }
    NO_PREDICTORS = "nothing-explains" {
        "there is nothing to explain {outcome} with: {why}", "没有可用来解释 {outcome} 的指标：{why}";
        "name metrics with --of", "请用 --of 指定指标"
    }
}
