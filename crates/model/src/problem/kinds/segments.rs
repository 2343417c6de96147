//! Why something about segments cannot be done.

crate::error_kinds! {
    UNKNOWN_SEGMENT = "unknown-segment" {
        "there is no segment `{name}`", "没有客群 {name}";
        "see `clientele segments list`", "可用 clientele segments list 查看"
    }
    BAD_ID = "segment-name-not-usable" {
        "`{name}` cannot be a segment's name", "{name} 不能作为客群名";
        "use lower-case letters, digits and `-`, a letter first", "请用小写字母、数字和 -，并以字母开头"
    }
    CYCLE = "segments-in-circle" {
        "segments cannot name each other in a circle: {path}", "客群不能循环引用：{path}";
        "take one of them out of a rule", "请从其中一条规则里去掉引用"
    }
    IN_USE = "segment-in-use" {
        "segment {id} is named in {users}", "客群 {id} 正被 {users} 引用"; "change these first", "请先修改它们"
    }
    IS_LIST = "segment-is-list" {
        "segment {id} is a list, which has no rule", "客群 {id} 是名单，没有规则";
        "upload it again to change it", "请重新上传来修改"
    }
    HAS_RULE = "segment-has-rule" {
        "segment {id} has a rule", "客群 {id} 由规则定义";
        "choose another name for the list, or remove the segment first", "请为名单另起名称，或先删除该客群"
    }
    NOT_COMPUTED = "not-computed" {
        "run {run} did not compute {name}", "刷新 {run} 没有计算 {name}";
        "refresh everything, without --schemes", "请不带 --schemes 重新刷新"
    }
    MASKED = "field-masked" {
        "{name} is shown to you in part only, so nothing can be compared with it", "{name} 对您只部分显示，不能用于比较";
        "what can be: {shown}", "可用的有：{shown}"
    }
    NOT_SHOWN = "field-not-shown" {
        "there is no {name} among what you may see", "您可见的内容里没有 {name}";
        "there are: {shown}", "可用的有：{shown}"
    }
    NO_PROFILE = "rule-not-of-profile" {
        "`{rule}` looks at more than fields of the profile", "“{rule}”用到了客户资料字段以外的内容";
        "whose customers are seen can depend on nothing else", "可见哪些客户只能由资料字段决定"
    }
    NESTED = "named-segment-failed" {
        "segment {segment} could not be evaluated, which this one names", "所引用的客群 {segment} 计算失败";
        "correct it first", "请先更正它"
    }
    TOO_LARGE = "segment-too-large" {
        "with the segments that it names, the rule is too large", "规则连同所引用的客群过大";
        "run `clientele segments refresh` first", "请先运行 clientele segments refresh"
    }
    NOT_EVALUATED = "segment-not-evaluated" {
        "segment {id} has no members on record yet", "客群 {id} 还没有成员记录";
        "run `clientele segments refresh` first", "请先运行 clientele segments refresh"
    }
    NO_COLUMN = "list-column-not-found" {
        "the file has the columns {columns}, and none is known to hold e-mails, phones or ids",
        "文件的列为 {columns}，看不出哪一列是邮箱、电话或编号";
        "name one with --column", "请用 --column 指定"
    }
    UNKNOWN_COLUMN = "unknown-column" {
        "the file has no column `{name}`", "文件没有列 {name}"; "its columns are {columns}", "它的列有：{columns}"
    }
    RECORD = "segment-record-unreadable" {
        "the record of segments cannot be read: {cause}", "无法读取客群记录：{cause}";
        "the lake was changed by another program", "数据湖被其他程序改动过"
    }
}
