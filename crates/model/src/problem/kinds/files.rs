//! Files that cannot be read as tables.

crate::error_kinds! {
    NOT_FOUND = "file-not-found" {
        "there is no such file", "没有这个文件";
        "check the path", "请检查路径"
    }
    DIRECTORY = "file-is-directory" {
        "this is a directory, not a file", "这是目录，不是文件";
        "name the files in it instead", "请改为指定其中的文件"
    }
    UNREADABLE = "file-unreadable" {
        "the file cannot be read: {cause}", "无法读取文件：{cause}";
        "check that you may read the file and that the disk works", "请检查文件的读取权限和磁盘状态"
    }
    EMPTY = "file-empty" {
        "the file is empty", "文件为空";
        "export the file again; nothing was imported", "请重新导出该文件；没有导入任何内容"
    }
    NO_ROWS = "file-without-rows" {
        "the file has a header but no rows", "文件只有表头，没有数据行";
        "export the file again; nothing was imported", "请重新导出该文件；没有导入任何内容"
    }
    NOT_WHAT_NAME_SAYS = "file-not-what-name-says" {
        "the name says {named}, but the file holds {holds}", "文件名表示 {named}，而内容是 {holds}";
        "rename it to what it is, or export it again in the format that its name says",
        "请按实际内容改名，或按文件名所示格式重新导出"
    }
    UNSUPPORTED = "file-format-not-read" {
        "the file holds {holds}, which is not read here", "文件内容是 {holds}，这里不读取这种格式";
        "open it in the program that made it and save it as CSV or XLSX, unpacked or as gzip or zstd",
        "请在原程序中打开，另存为 CSV 或 XLSX（不压缩，或用 gzip、zstd 压缩）"
    }
    NOT_TEXT = "file-not-text" {
        "the file is not text and no known table format", "文件不是文本，也不是已知的表格格式";
        "check that this is the file you meant; if it is text in an unusual encoding, save it as UTF-8",
        "请确认文件是否正确；如果是少见编码的文本，请另存为 UTF-8"
    }
    UNKNOWN_ENCODING = "unknown-encoding" {
        "`{label}` is not an encoding known here", "不认识编码 `{label}`";
        "use a label such as utf-8, gb18030, utf-16le or utf-16be",
        "请使用 utf-8、gb18030、utf-16le 或 utf-16be 等名称"
    }
    BAD_DELIMITER = "bad-delimiter" {
        "the byte {byte} cannot be a delimiter", "字节 {byte} 不能作为分隔符";
        "use one ASCII character that is no letter, digit, quote or line break, such as , ; | or a tab",
        "请使用一个 ASCII 字符，如 , ; | 或制表符，不能是字母、数字、引号或换行"
    }
    BAD_HEADER = "bad-header" {
        "line {line}: the header is not text: {detail}", "第 {line} 行：表头不是文本：{detail}";
        "repair the first line, or save the file as UTF-8", "请修正首行，或把文件另存为 UTF-8"
    }
    DUPLICATE_HEADER = "column-twice" {
        "the column name `{name}` stands twice in the header, in columns {first} and {second}",
        "表头中列名 `{name}` 出现两次：第 {first} 列和第 {second} 列";
        "rename one of the two columns in the file", "请在文件中给其中一列改名"
    }
    TOO_MANY_COLUMNS = "too-many-columns" {
        "line {line}: {found} columns, more than the limit of {limit}", "第 {line} 行：有 {found} 列，超过上限 {limit}";
        "check the delimiter, or export only the columns you need", "请检查分隔符，或只导出需要的列"
    }
    RECORD_TOO_LONG = "record-too-long" {
        "the record that starts in line {line} is longer than {limit} bytes",
        "从第 {line} 行开始的记录超过 {limit} 字节";
        "look there for a quote that is opened and never closed, close it or remove it, and import again",
        "请在该处查找未闭合的引号，补上或删除后重新导入"
    }
    UNCLOSED_QUOTE = "unclosed-quote" {
        "the record that starts in line {line} has a quote {quote} that is never closed",
        "从第 {line} 行开始的记录中，引号 {quote} 没有闭合";
        "look there for a quote that is opened and never closed, close it or remove it, and import again",
        "请在该处查找未闭合的引号，补上或删除后重新导入"
    }
    VALUE_TOO_LONG = "value-too-long" {
        "row {row}, column {column}: a value of {bytes} bytes, more than the limit of {limit}",
        "第 {row} 行、列 {column}：值有 {bytes} 字节，超过上限 {limit}";
        "shorten the value or leave the column out", "请缩短该值，或去掉该列"
    }
    JSON_NOT_LINES = "json-not-lines" {
        "the file is one JSON document, not one JSON object a line",
        "文件是一个完整的 JSON 文档，而不是每行一个 JSON 对象";
        "write one object a line, for example with: jq -c '.[]' file.json > file.jsonl",
        "请改为每行一个对象，例如：jq -c '.[]' file.json > file.jsonl"
    }
    DAMAGED = "file-damaged" {
        "the {format} data is damaged or cut off near byte {position} of the file: {detail}",
        "{format} 数据在文件第 {position} 字节附近损坏或被截断：{detail}";
        "copy or export the file again; it is probably incomplete", "请重新复制或导出文件；它很可能不完整"
    }
    TOO_LARGE_UNPACKED = "file-too-large-unpacked" {
        "the file unpacks to more than {limit} bytes", "文件解压后超过 {limit} 字节";
        "do not trust the file if you do not know where it is from; otherwise save it again, as CSV if it is this large",
        "若来源不明，请不要信任该文件；否则请重新保存，如此大的数据请存为 CSV"
    }
    FALSE_SIZES = "file-sizes-false" {
        "`{part}` claims sizes that cannot be true", "`{part}` 声明的大小不可能属实";
        "do not trust the file if you do not know where it is from; otherwise save it again, as CSV if it is this large",
        "若来源不明，请不要信任该文件；否则请重新保存，如此大的数据请存为 CSV"
    }
    ENCRYPTED = "file-encrypted" {
        "the workbook is protected by a password", "工作簿有密码保护";
        "remove the password in Excel and save it again", "请在 Excel 中去掉密码后重新保存"
    }
    NO_SUCH_SHEET = "unknown-sheet" {
        "there is no sheet `{sheet}`; the workbook has {found}", "没有工作表 `{sheet}`；工作簿中有：{found}";
        "name one of these sheets with --sheet", "请用 --sheet 指定其中一个工作表"
    }
}
