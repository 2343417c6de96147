//! Workspaces, files of the system, vacuum, backup and restore.

crate::error_kinds! {
    NOT_A_WORKSPACE = "not-a-workspace" {
        "{folder} is not a workspace: it has no {settings}", "{folder} 不是工作区：没有 {settings}";
        "make one with `clientele init`", "可用 clientele init 新建"
    }
    EXISTS = "workspace-exists" {
        "{folder} is a workspace already", "{folder} 已经是工作区";
        "open it or choose another folder", "请直接打开，或另选一个文件夹"
    }
    LAKE_IN_USE = "lake-in-use" {
        "there is a lake at {at} already, of another workspace", "{at} 已有另一个工作区的数据湖";
        "to use it, put that workspace's {settings} into the folder instead of making a new one, or choose another \
         place with --lake",
        "如要使用它，请把那个工作区的 {settings} 放进本文件夹，不必新建；否则请用 --lake 另选位置"
    }
    SETTINGS = "settings-mistake" {
        "{problem}", "{problem}";
        "correct the file or compare it with a new workspace's", "请更正，或对照新建工作区的设置"
    }
    FILE_FAILED = "file-failed" {
        "{cause}", "{cause}";
        "check the path, its permissions and the free space", "请检查路径、权限和剩余空间"
    }
    FILE_NOT_WRITTEN = "file-not-written" {
        "{cause}", "{cause}";
        "check the free space", "请检查剩余空间"
    }
    LAKE_PLACE_NOT_EMPTY = "lake-place-not-empty" {
        "{place} is not empty", "{place} 不是空的";
        "restore the lake to another place with --lake PLACE, or empty it first",
        "请用 --lake 位置 把数据湖恢复到别处，或先清空它"
    }
    PLACE_NOT_EMPTY = "place-not-empty" {
        "{place} is not empty", "{place} 不是空的";
        "choose an empty place, or one that does not exist yet", "请选一个空的或尚不存在的位置"
    }
    PLACE_INSIDE = "place-inside-lake" {
        "{place} and the lake at {lake} are inside each other", "{place} 与数据湖 {lake} 互相包含";
        "choose a place beside it", "请选择它以外的位置"
    }
    BACKUP_UNFINISHED = "backup-unfinished" {
        "there is no backup at {place}", "{place} 没有备份";
        "it has no backup.json, which a backup writes last: take one that was finished",
        "缺少备份最后写入的 backup.json：请使用已完成的备份"
    }
    NO_BACKUP = "no-backup" {
        "there is no backup at {place}", "{place} 没有备份";
        "check the place", "请检查位置"
    }
    BACKUP_TOO_NEW = "backup-too-new" {
        "the backup at {place} has format {found}, this program reads up to format {supported}",
        "备份 {place} 的格式为 {found}，本程序最高支持 {supported}";
        "install a newer release", "请安装新版本"
    }
    BACKUP_DAMAGED = "backup-damaged" {
        "the backup at {place} is damaged: {cause}", "备份 {place} 已损坏：{cause}";
        "take another one", "请使用另一份备份"
    }
}
