//! The lake, queries and the cluster.

crate::error_kinds! {
    NOT_FOUND = "not-found" {
        "{what} was not found at {at}", "在 {at} 找不到 {what}";
        "check the path", "请检查路径"
    }
    ALREADY_EXISTS = "already-exists" {
        "{what} already exists at {at}", "{at} 已存在（{what}）";
        "choose another name or open the one that is there", "请换个名称，或直接打开"
    }
    OCCUPIED = "place-occupied" {
        "{at} holds other things: {found}", "{at} 中已有其他内容：{found}";
        "nothing was touched, choose an empty place or move them away",
        "未作任何改动，请另选一个空位置，或先移走这些内容"
    }
    UNSURE = "change-unsure" {
        "it is not known whether the change of {at} was made: {cause}",
        "无法确认对 {at} 的改动是否已生效：{cause}";
        "once the place can be reached again, look whether it is there before you try again",
        "待该位置恢复可用后，请先查看改动是否已在，再决定是否重试"
    }
    TOO_NEW = "lake-too-new" {
        "the lake at {at} has format {found}, this program reads up to format {supported}",
        "{at} 的数据格式为 {found}，本程序最高支持 {supported}";
        "install a newer release", "请安装新版本"
    }
    LOCKED = "lake-locked" {
        "the lake at {at} is being written by {by}", "{by} 正在写入 {at}";
        "wait for it to finish and try again, or use --wait 2m", "请等它结束后重试，或用 --wait 2m 等待"
    }
    CONFLICT = "lake-changed" {
        "another writer changed {at} in the meantime", "期间有其他写入改动了 {at}";
        "nothing was written, try again", "未写入任何内容，请重试"
    }
    READ_ONLY = "not-writable" {
        "{at} cannot be written: {cause}", "无法写入 {at}：{cause}";
        "check the permissions", "请检查权限"
    }
    DISK_FULL = "disk-full" {
        "the disk is full while writing {at}", "写入 {at} 时磁盘已满";
        "free some space and try again", "请清理空间后重试"
    }
    OUT_OF_MEMORY = "out-of-memory" {
        "the query needs more memory than its limit: {cause}", "查询所需内存超过上限：{cause}";
        "raise the memory limit", "请用 --memory 提高上限"
    }
    UNREACHABLE = "unreachable" {
        "{url} cannot be reached: {cause}", "无法连接 {url}：{cause}";
        "check the address and that the server runs", "请检查地址，并确认服务已启动"
    }
    NO_EXECUTORS = "cluster-without-executors" {
        "the cluster at {url} has no executor", "集群 {url} 没有执行节点";
        "start one and try again", "请启动一个后重试"
    }
    CLUSTER_FAILED = "cluster-failed" {
        "the cluster at {url} failed the query: {cause}", "集群 {url} 未能完成查询：{cause}";
        "look at its executors and try again", "请检查执行节点后重试"
    }
    RUN_DAMAGED = "file-of-run-damaged" {
        "{at} is damaged: {what}", "{at} 已损坏：{what}";
        "it belongs to run {run}: make it anew with `clientele refresh --again {run}`",
        "它属于刷新 {run}：可用 clientele refresh --again {run} 重新生成"
    }
    BATCH_DAMAGED = "file-of-batch-damaged" {
        "{at} is damaged: {what}", "{at} 已损坏：{what}";
        "it belongs to batch {batch}: restore the file from a backup, or take the batch back with \
         `clientele undo {batch}` and import its file again",
        "它属于批次 {batch}：请从备份恢复该文件，或用 clientele undo {batch} 撤回该批次后重新导入其文件"
    }
    FILE_DAMAGED = "file-of-lake-damaged" {
        "{at} is damaged: {what}", "{at} 已损坏：{what}";
        "restore it from a backup", "请从备份恢复"
    }
    CORRUPT = "lake-damaged" {
        "{at} is damaged: {cause}", "{at} 已损坏：{cause}";
        "restore it from a backup", "请从备份恢复"
    }
    QUERY_FAILED = "query-failed" {
        "the query failed: {cause}", "查询失败：{cause}";
        "correct the expression or the rule that it comes from; if it is none of yours, please report this",
        "请更正相应的表达式或规则；若并非您所写，请反馈此问题"
    }
    SETTING = "engine-setting-not-usable" {
        "{what}: {cause}", "{what}：{cause}";
        "{cure}", "{cure}"
    }
    UNFINISHED = "change-unfinished" {
        "the change of the lake at {at} counts but is not finished: {cause}",
        "{at} 的改动已经生效但尚未做完：{cause}";
        "remove the cause, then run the command again: the rest is done then",
        "请排除原因后重新运行该命令，其余部分会随之完成"
    }
    SCHEMA = "rows-do-not-fit" {
        "the rows do not fit the table {table}: {cause}", "数据行与表 {table} 不符：{cause}";
        "please report this", "请反馈此问题"
    }
    IO = "lake-io" {
        "reading or writing {at} failed: {cause}", "读写 {at} 失败：{cause}";
        "check that it can be reached, and try again", "请确认可以访问，然后重试"
    }
}
