//! The Chinese form of each problem, and the cure in both languages.

use clientele_model::Language;

use super::problem::Problem;

/// The problem in Chinese.
pub(super) fn chinese(problem: &Problem) -> String {
    match problem {
        Problem::NotFound => "没有这个文件".to_owned(),
        Problem::Directory => "这是目录，不是文件".to_owned(),
        Problem::Unreadable(error) => format!("无法读取文件：{error}"),
        Problem::Empty => "文件为空".to_owned(),
        Problem::NoRows => "文件只有表头，没有数据行".to_owned(),
        Problem::NotWhatNameSays { named, holds } => {
            format!("文件名表示 {named}，而内容是 {holds}")
        }
        Problem::Unsupported { holds } => format!("文件内容是 {holds}，这里不读取这种格式"),
        Problem::NotText => "文件不是文本，也不是已知的表格格式".to_owned(),
        Problem::UnknownEncoding { label } => format!("不认识编码 `{label}`"),
        Problem::BadDelimiter { byte } => format!("字节 {byte:#04x} 不能作为分隔符"),
        Problem::BadHeader { line, detail } => format!("第 {line} 行：表头不是文本：{detail}"),
        Problem::DuplicateHeader { name, first, second } => {
            format!("表头中列名 `{name}` 出现两次：第 {first} 列和第 {second} 列")
        }
        Problem::TooManyColumns { line, found, limit } => {
            format!("第 {line} 行：有 {found} 列，超过上限 {limit}")
        }
        Problem::RecordTooLong { line, limit } => {
            format!("从第 {line} 行开始的记录超过 {limit} 字节")
        }
        Problem::UnclosedQuote { line, quote } => {
            format!("从第 {line} 行开始的记录中，引号 {quote} 没有闭合")
        }
        Problem::ValueTooLong { row, column, bytes, limit } => {
            format!("第 {row} 行、列 {column}：值有 {bytes} 字节，超过上限 {limit}")
        }
        Problem::JsonNotLines => "文件是一个完整的 JSON 文档，而不是每行一个 JSON 对象".to_owned(),
        Problem::Damaged { format, position, detail } => {
            format!("{format} 数据在文件第 {position} 字节附近损坏或被截断：{detail}")
        }
        Problem::TooLargeUnpacked { limit } => format!("文件解压后超过 {limit} 字节"),
        Problem::FalseSizes { part } => format!("`{part}` 声明的大小不可能属实"),
        Problem::Encrypted => "工作簿有密码保护".to_owned(),
        Problem::NoSuchSheet { sheet, found } => {
            format!("没有工作表 `{sheet}`；工作簿中有：{}", found.join("、"))
        }
    }
}

/// What the user can do about the problem.
pub(super) fn cure(problem: &Problem, language: Language) -> String {
    let (en, zh) = match problem {
        Problem::NotFound => ("Check the path.", "请检查路径。"),
        Problem::Directory => ("Name the files in it instead.", "请改为指定其中的文件。"),
        Problem::Unreadable(_) => {
            ("Check that you may read the file and that the disk works.", "请检查文件的读取权限和磁盘状态。")
        }
        Problem::Empty | Problem::NoRows => {
            ("Export the file again; nothing was imported.", "请重新导出该文件；没有导入任何内容。")
        }
        Problem::NotWhatNameSays { .. } => (
            "Rename it to what it is, or export it again in the format that its name says.",
            "请按实际内容改名，或按文件名所示格式重新导出。",
        ),
        Problem::Unsupported { .. } => (
            "Open it in the program that made it and save it as CSV or XLSX, unpacked or as gzip or zstd.",
            "请在原程序中打开，另存为 CSV 或 XLSX（不压缩，或用 gzip、zstd 压缩）。",
        ),
        Problem::NotText => (
            "Check that this is the file you meant; if it is text in an unusual encoding, save it as UTF-8.",
            "请确认文件是否正确；如果是少见编码的文本，请另存为 UTF-8。",
        ),
        Problem::UnknownEncoding { .. } => (
            "Use a label such as utf-8, gb18030, utf-16le or utf-16be.",
            "请使用 utf-8、gb18030、utf-16le 或 utf-16be 等名称。",
        ),
        Problem::BadDelimiter { .. } => (
            "Use one ASCII character that is no letter, digit, quote or line break, such as , ; | or a tab.",
            "请使用一个 ASCII 字符，如 , ; | 或制表符，不能是字母、数字、引号或换行。",
        ),
        Problem::BadHeader { .. } => {
            ("Repair the first line, or save the file as UTF-8.", "请修正首行，或把文件另存为 UTF-8。")
        }
        Problem::DuplicateHeader { .. } => {
            ("Rename one of the two columns in the file.", "请在文件中给其中一列改名。")
        }
        Problem::TooManyColumns { .. } => {
            ("Check the delimiter, or export only the columns you need.", "请检查分隔符，或只导出需要的列。")
        }
        Problem::RecordTooLong { .. } | Problem::UnclosedQuote { .. } => (
            "Look there for a quote that is opened and never closed, close it or remove it, and import again.",
            "请在该处查找未闭合的引号，补上或删除后重新导入。",
        ),
        Problem::ValueTooLong { .. } => {
            ("Shorten the value or leave the column out.", "请缩短该值，或去掉该列。")
        }
        Problem::JsonNotLines => (
            "Write one object a line, for example with: jq -c '.[]' file.json > file.jsonl",
            "请改为每行一个对象，例如：jq -c '.[]' file.json > file.jsonl",
        ),
        Problem::Damaged { .. } => (
            "Copy or export the file again; it is probably incomplete.",
            "请重新复制或导出文件；它很可能不完整。",
        ),
        Problem::TooLargeUnpacked { .. } | Problem::FalseSizes { .. } => (
            "Do not trust the file if you do not know where it is from; otherwise save it again, as CSV if it is this large.",
            "若来源不明，请不要信任该文件；否则请重新保存，如此大的数据请存为 CSV。",
        ),
        Problem::Encrypted => {
            ("Remove the password in Excel and save it again.", "请在 Excel 中去掉密码后重新保存。")
        }
        Problem::NoSuchSheet { .. } => {
            ("Name one of these sheets with --sheet.", "请用 --sheet 指定其中一个工作表。")
        }
    };
    language.pick(en, zh).to_owned()
}
