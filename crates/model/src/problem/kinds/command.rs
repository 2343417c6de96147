//! The command line itself.

crate::error_kinds! {
    WRONG_USAGE = "wrong-usage" exit 2 {
        "{problem}", "{problem}";
        "see `clientele help`", "可用 clientele help 查看"
    }
    SETTING = "setting-not-usable" {
        "a setting cannot be used: {cause}", "设置无法使用：{cause}";
        "correct it in clientele.toml or the environment", "请在 clientele.toml 或环境变量中更正"
    }
    LANGUAGE = "unknown-language" {
        "`{name}` is not a language here", "“{name}”不是可用的语言";
        "use en or zh", "请用 en 或 zh"
    }
    WAIT = "bad-wait" {
        "`{text}` is no time to wait", "“{text}”不是等待时间";
        "write it as 30s, 2m or 1h", "请写成 30s、2m 或 1h"
    }
    NOW = "bad-now" {
        "`{text}` is no moment", "“{text}”不是时刻";
        "write CLIENTELE_NOW as 2026-01-31T06:00:00Z", "请把 CLIENTELE_NOW 写成 2026-01-31T06:00:00Z"
    }
    MEMORY = "bad-memory" {
        "`{text}` is no size", "“{text}”不是内存大小";
        "write it as 512MiB or 4GiB", "请写成 512MiB 或 4GiB"
    }
    TOO_LITTLE_MEMORY = "too-little-memory" {
        "{text} is too little memory to work with", "{text} 内存太少";
        "give 16MiB at least", "请至少给 16MiB"
    }
    OUTPUT = "output-not-written" {
        "the result cannot be written: {cause}", "无法输出结果：{cause}";
        "check where the output goes", "请检查输出的去向"
    }
    THREADS = "threads-not-started" {
        "the threads cannot be started: {cause}", "无法启动线程：{cause}";
        "free some memory", "请释放内存后重试"
    }
    PORT = "address-not-usable" {
        "nothing can listen at {address}: {cause}", "无法在 {address} 监听：{cause}";
        "choose another address or port", "请换一个地址或端口"
    }
    STOPPED = "stopped" {
        "stopped", "已停止";
        "a change that was being committed is complete, one that was not is not made",
        "正在提交的改动已完成，尚未提交的没有生效"
    }
    NO_QUESTION = "no-question" {
        "this is no question: {cause}", "无法识别的问题：{cause}";
        "write {\"id\": 1, \"ask\": [\"tiers\", \"abc\"]}", "请写成 {\"id\": 1, \"ask\": [\"tiers\", \"abc\"]}"
    }
    ONLY_QUESTIONS = "only-questions" {
        "only questions can be asked: {known}", "只能提问：{known}";
        "run anything else by itself", "其他命令请单独运行"
    }
    NO_DEMO = "folder-not-empty" {
        "{folder} is not empty and no demo", "{folder} 不是空文件夹，也不是演示";
        "name another folder: clientele demo DIR", "请另选文件夹：clientele demo 文件夹"
    }
    UNASKED = "not-confirmed" {
        "forgetting cannot be undone, and nobody can be asked here", "遗忘无法撤销，而此处无法询问确认";
        "look with --dry-run, then say --yes; nothing was done", "请先用 --dry-run 查看，再加 --yes；未做任何改动"
    }
    DECLINED = "declined" {
        "it was not confirmed", "未确认";
        "nothing was done", "未做任何改动"
    }
    REMAINS = "something-remains" {
        "something of them is left in files of the lake, as shown", "数据湖的文件中仍有他们的数据（见上）";
        "keep the message and report it", "请保留此信息并反馈"
    }
}
