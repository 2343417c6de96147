//! What can end the making of synthetic data.

use std::path::{Path, PathBuf};

use clientele_model::{Language, counted};
use thiserror::Error;

/// Why no data was made. Files that were begun are gone.
#[derive(Debug, Error)]
pub enum GenerateError {
    #[error("{given} customers cannot be made; ask for 1 to {most}")]
    Customers { given: u64, most: u64 },
    #[error(
        "{} cannot be shared by {}, who have one each at least; ask for more orders",
        counted(*orders, "order", "orders"),
        counted(*customers, "customer", "customers")
    )]
    TooFewOrders { customers: u64, orders: u64 },
    #[error("a single customer has nobody to be related to; ask for more customers or for no relations")]
    Alone,
    #[error("the built-in questionnaires cannot be read: {0}; please report this")]
    Library(String),
    #[error("{} is there already; choose another folder or remove it", .0.display())]
    Exists(PathBuf),
    #[error("{}: {cause}; check the path, its permissions and the free space", .place.display())]
    Io { place: PathBuf, cause: std::io::Error },
    #[error("{}: {cause}; check the free space", .place.display())]
    Parquet { place: PathBuf, cause: String },
    #[error("a thread stopped before its end; please report this")]
    Stopped,
}

impl GenerateError {
    /// The message in a language. Messages of the operating system stay as they are.
    pub fn message(&self, language: Language) -> String {
        if language == Language::En {
            return self.to_string();
        }
        match self {
            GenerateError::Customers { given, most } => {
                format!("无法生成 {given} 位客户；请在 1 到 {most} 之间选择")
            }
            GenerateError::TooFewOrders { customers, orders } => {
                format!("{orders} 张订单不够 {customers} 位客户每人一张；请增加订单数")
            }
            GenerateError::Alone => "只有一位客户，无法建立关系；请增加客户数，或不生成关系".to_owned(),
            GenerateError::Library(cause) => format!("无法读取内置问卷：{cause}；请反馈此问题"),
            GenerateError::Exists(file) => format!("{} 已存在；请另选文件夹或先删除它", file.display()),
            GenerateError::Io { place, cause } => {
                format!("{}：{cause}；请检查路径、权限和剩余空间", place.display())
            }
            GenerateError::Parquet { place, cause } => {
                format!("{}：{cause}；请检查剩余空间", place.display())
            }
            GenerateError::Stopped => "一个线程中途停止；请反馈此问题".to_owned(),
        }
    }
}

/// Says where an error of the operating system happened.
pub fn at(place: &Path) -> impl Fn(std::io::Error) -> GenerateError + use<> {
    let place = place.to_path_buf();
    move |cause| GenerateError::Io { place: place.clone(), cause }
}
