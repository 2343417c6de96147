//! Documents that people write, and publishing them.

crate::error_kinds! {
    MISTAKE = "document-mistake" {
        "{key}{problem}", "{key}{problem}";
        "{cure}", "{cure}"
    }
    LIBRARY_UNREADABLE = "library-unreadable" {
        "{cause}", "{cause}";
        "the workspace's own library cannot be read, check the path and its permissions",
        "无法读取工作区自己的 library，请检查路径和权限"
    }
    UNCHANGED = "scheme-unchanged" {
        "{scheme} version {version} is published already, word for word",
        "{scheme} 第 {version} 版已发布，内容完全相同";
        "change the file first", "请先修改文件"
    }
    PUBLISHED = "scheme-counts-already" {
        "this file counts already", "该文件已在使用";
        "edit a copy outside of the workspace's library, then publish that",
        "请在工作区的方案库之外修改副本，再发布"
    }
    UNSOUND = "scheme-unsound" {
        "the scheme does not put everyone in exactly one tier",
        "方案不能让每位客户恰好落入一个层级";
        "see `clientele schemes check {file}`", "请用 clientele schemes check {file} 查看"
    }
}
