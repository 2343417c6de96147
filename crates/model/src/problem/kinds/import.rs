//! Bringing files in, and taking batches back.

crate::error_kinds! {
    NOT_RECOGNISED = "layout-not-recognised" {
        "no known layout has these columns: {header}", "没有已知布局含有这些列：{header}";
        "name the layout with --source ({known}) and its columns with --map field=column",
        "请用 --source 指明布局（{known}），并用 --map 字段=列名 指明各列"
    }
    NOTHING_OF_KIND = "no-row-for-layout" {
        "no row is of a kind that the layout {layout} reads", "没有布局 {layout} 可读取的行";
        "name another with --source", "请用 --source 另选布局"
    }
    UNKNOWN_LAYOUT = "unknown-layout" {
        "there is no layout `{id}`", "没有布局“{id}”";
        "use one of {known}", "可用：{known}"
    }
    NO_SUCH_COLUMN = "column-not-in-file" {
        "the file has no column `{column}`", "文件中没有列“{column}”";
        "its columns are {header}", "现有的列：{header}"
    }
    UNKNOWN_FIELD = "unknown-field-of-layout" {
        "`{name}` is not a field", "“{name}”不是字段";
        "use one of {known}", "可用：{known}"
    }
    FIELD_OF_OTHER_GRAIN = "field-not-in-layout" {
        "a file of layout {layout} has no field `{field}`", "布局 {layout} 的文件没有字段“{field}”";
        "leave it out or choose another --source", "请去掉它或另选 --source"
    }
    MISSING_FIELD = "field-without-column" {
        "no column was found for {label}", "找不到{label}所在的列";
        "name it with --map {field}=COLUMN. The columns are {header}",
        "请用 --map {field}=列名 指明。现有的列：{header}"
    }
    AMBIGUOUS_DATES = "dates-ambiguous" {
        "dates like `{example}` can be read day first or month first",
        "日期“{example}”可能是日在前，也可能是月在前";
        "say which with --map dates=dmy or --map dates=mdy", "请用 --map dates=dmy 或 --map dates=mdy 指明"
    }
    UNKNOWN_BATCH = "unknown-batch" {
        "there is no batch {batch} to work on", "没有可操作的批次 {batch}";
        "use one of {known}; `clientele batches` lists them all", "可用：{known}；全部批次见 clientele batches"
    }
    NO_BATCHES = "no-batches" {
        "there is no batch {batch} to work on", "没有可操作的批次 {batch}";
        "none has been imported", "尚未导入任何批次"
    }
    SETTLED = "batch-settled" {
        "batch {batch} was imported on {imported_on} and cannot be taken back any more: it was settled on \
         {settled_on}, as batches can be undone for {undo} (`undo` under [keep] in clientele.toml)",
        "批次 {batch} 导入于 {imported_on}，已不能撤销：批次可撤销的期限为 {undo}（clientele.toml 中 [keep] 的 undo），\
         它已于 {settled_on} 归档";
        "import a corrected file instead, which replaces the records that it holds",
        "请改为导入更正后的文件，其中的记录会替换旧记录"
    }
    TOO_MANY = "too-many" {
        "more than {limit} {what}", "{what}超过上限 {limit}";
        "split the workspace", "请拆分工作区"
    }
    LAKE = "table-unexpected" {
        "the table {table} of the lake holds something unexpected: {cause}", "数据表 {table} 的内容异常：{cause}";
        "restore it from a backup", "请从备份恢复"
    }
    STOPPED = "import-stopped" {
        "the import stopped inside: {cause}", "导入中途停止：{cause}";
        "please report this", "请反馈此问题"
    }
}
