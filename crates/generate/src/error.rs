//! What can end the making of synthetic data.

use std::path::{Path, PathBuf};

use clientele_model::problem::kinds::generate as kinds;
use clientele_model::problem::kinds::workspace::{FILE_FAILED, FILE_NOT_WRITTEN};
use clientele_model::{Language, Problem, counted};
use thiserror::Error;

/// Why no data was made. Files that were begun are gone.
#[derive(Debug, Error)]
#[error("{}", self.problem().sentence(Language::En))]
pub enum GenerateError {
    Customers { given: u64, most: u64 },
    TooFewOrders { customers: u64, orders: u64 },
    Alone,
    Exists(PathBuf),
    Io { place: PathBuf, cause: std::io::Error },
    Parquet { place: PathBuf, cause: String },
    Stopped,
}

impl GenerateError {
    /// What is told of it.
    pub fn problem(&self) -> Problem {
        match self {
            GenerateError::Customers { given, most } => {
                kinds::CUSTOMERS.problem().with("given", given).with("most", most)
            }
            GenerateError::TooFewOrders { customers, orders } => {
                let orders = (counted(*orders, "order", "orders"), format!("{orders} 张订单"));
                let customers = (counted(*customers, "customer", "customers"), format!("{customers} 位客户"));
                kinds::TOO_FEW_ORDERS.problem().with_text("orders", orders).with_text("customers", customers)
            }
            GenerateError::Alone => kinds::ALONE.problem(),
            GenerateError::Exists(file) => kinds::EXISTS.problem().with("folder", file.display()),
            GenerateError::Io { place, cause } => FILE_FAILED.problem().with("cause", cause).in_file(place),
            GenerateError::Parquet { place, cause } => {
                FILE_NOT_WRITTEN.problem().with("cause", cause).in_file(place)
            }
            GenerateError::Stopped => kinds::STOPPED.problem(),
        }
    }
}

/// Says where an error of the operating system happened.
pub fn at(place: &Path) -> impl Fn(std::io::Error) -> GenerateError + use<> {
    let place = place.to_path_buf();
    move |cause| GenerateError::Io { place: place.clone(), cause }
}
