//! Synthetic data.

crate::error_kinds! {
    CUSTOMERS = "customers-out-of-range" {
        "{given} customers cannot be made", "无法生成 {given} 位客户";
        "ask for 1 to {most}", "请在 1 到 {most} 之间选择"
    }
    TOO_FEW_ORDERS = "too-few-orders" {
        "{orders} cannot be shared by {customers}, who have one each at least", "{orders}不够 {customers}每人一张";
        "ask for more orders", "请增加订单数"
    }
    ALONE = "nobody-to-relate-to" {
        "a single customer has nobody to be related to", "只有一位客户，无法建立关系";
        "ask for more customers or for no relations", "请增加客户数，或不生成关系"
    }
    EXISTS = "folder-exists" {
        "{folder} is there already", "{folder} 已存在";
        "choose another folder or remove it", "请另选文件夹或先删除它"
    }
    STOPPED = "thread-stopped" {
        "a thread stopped before its end", "一个线程中途停止";
        "please report this", "请反馈此问题"
    }
}
