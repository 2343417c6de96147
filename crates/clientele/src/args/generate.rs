//! What synthetic shops are made of.

use std::path::PathBuf;

use clap::Args;
use clientele_generate::Format;
use clientele_model::Currency;

#[derive(Debug, Args)]
pub struct Generate {
    /// The folder; it is made if need be
    pub dir: PathBuf,
    /// How many customers; each has an order at least
    #[arg(long, value_name = "N")]
    pub customers: u64,
    /// How many orders in all
    #[arg(long, value_name = "M")]
    pub orders: u64,
    /// The same seed gives the same bytes
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
    /// csv or parquet
    #[arg(long, default_value = "csv")]
    pub format: Format,
    /// The currency of amounts
    #[arg(long, default_value = "GBP")]
    pub currency: Currency,
    /// Leave out the order lines, which are two thirds of all bytes
    #[arg(long)]
    pub no_lines: bool,
    #[command(flatten)]
    pub facts: MoreFacts,
}

/// Facts beyond customers and orders.
#[derive(Debug, Args)]
pub struct MoreFacts {
    /// A usual number of every kind of fact; the flags below say otherwise for some
    #[arg(long)]
    pub everything: bool,
    /// Customers who never ordered, beyond those who did
    #[arg(long, value_name = "N")]
    pub prospects: Option<u64>,
    /// Customers with all fields that metrics read, and orders with payments and refunds
    #[arg(long)]
    pub profiles: bool,
    /// Visits, searches, carts, campaigns and the like
    #[arg(long, value_name = "N")]
    pub events: Option<u64>,
    /// Calls, visits, messages and meetings
    #[arg(long, value_name = "N")]
    pub interactions: Option<u64>,
    /// Service tickets, complaints among them
    #[arg(long, value_name = "N")]
    pub tickets: Option<u64>,
    /// Answers to single questions of surveys
    #[arg(long, value_name = "N")]
    pub responses: Option<u64>,
    /// Possible sales, and the stages they went through
    #[arg(long, value_name = "N")]
    pub opportunities: Option<u64>,
    /// Ties between customers, such as referrals
    #[arg(long, value_name = "N")]
    pub relations: Option<u64>,
    /// Permissions given and withdrawn
    #[arg(long, value_name = "N")]
    pub consents: Option<u64>,
    /// Memberships with points
    #[arg(long, value_name = "N")]
    pub memberships: Option<u64>,
    /// Costs of serving customers
    #[arg(long, value_name = "N")]
    pub service_costs: Option<u64>,
}
