//! Who came into a better tier by time alone.
//!
//! Some stages come with age: after thirty days a new customer is new no more. Who did nothing to get there has not
//! risen. That is told from the figures that the scheme reads: none got better between the two runs but by the days that
//! went by. Where cut points come from the base, a customer may rise because the base sank, so nothing is said.

use clientele_model::spec::{Direction as Good, Metric, Scheme};
use clientele_model::{MetricId, Unit};

use crate::classify::compile::{cut_requests, ident, tier_column};
use crate::classify::labels::{Companion, companion};
use crate::rows::{int, rows, text};
use crate::runs::Run;
use crate::understand::view::{RunView, ViewError, labels_of, metrics_of};

impl RunView {
    /// Customers who only aged into another tier, by the tiers from and to. Empty for schemes of which that cannot
    /// be told: by cut points of the base, by another rule or other formulas than then.
    pub(super) async fn aged(
        &self,
        scheme: &Scheme,
        earlier: &Run,
        later: &Run,
    ) -> Result<Vec<(String, String, i64)>, ViewError> {
        let days = later.as_of.date().signed_duration_since(earlier.as_of.date()).num_days();
        let metrics = self.compared(scheme, earlier, later);
        let Some(metrics) = metrics.filter(|m| days > 0 && m.iter().any(|m| m.unit == Unit::Days)) else {
            return Ok(Vec::new());
        };
        let tier = tier_column(&scheme.id);
        let conditions: Vec<String> = metrics.iter().map(|metric| no_better(metric, days)).collect();
        let by = companion(&scheme.id, Companion::By);
        let by_nobody = match self.has_label(&by) {
            true => format!(" AND a.{by} IS NULL AND b.{by} IS NULL", by = ident(&by)),
            false => String::new(),
        };
        let sql = format!(
            "SELECT a.{tier}, b.{tier}, count(*) FROM {} a JOIN {} b ON a.customer_key = b.customer_key \
             JOIN {} c ON a.customer_key = c.customer_key JOIN {} d ON a.customer_key = d.customer_key \
             WHERE a.{tier} <> b.{tier}{by_nobody} AND {} GROUP BY a.{tier}, b.{tier}",
            labels_of(&earlier.id),
            labels_of(&later.id),
            metrics_of(&earlier.id),
            metrics_of(&later.id),
            conditions.join(" AND ")
        );
        let batches = self.session.sql(&sql).await?.collect().await?;
        Ok(rows(&batches).map(|r| (text(&r[0]), text(&r[1]), int(&r[2]))).collect())
    }

    /// The metrics that a scheme and those that it crosses read, where both runs applied the same rules to figures by
    /// the same formulas.
    fn compared(&self, scheme: &Scheme, earlier: &Run, later: &Run) -> Option<Vec<&Metric>> {
        let mut found: Vec<&Metric> = Vec::new();
        for id in super::axes::axes(scheme).iter().chain([&scheme.id]) {
            let registered = self.catalogue.schemes.get(id.as_str())?;
            let (then, now) = (earlier.schemes.get(id.as_str())?, later.schemes.get(id.as_str())?);
            if then.document != now.document || !cut_requests(&registered.spec).is_empty() {
                return None;
            }
            for metric in &registered.metrics {
                found.push(self.of_both(metric, earlier, later)?);
            }
        }
        Some(found)
    }

    fn of_both(&self, metric: &MetricId, earlier: &Run, later: &Run) -> Option<&Metric> {
        let (then, now) = (earlier.metrics.get(metric.as_str())?, later.metrics.get(metric.as_str())?);
        self.catalogue.metrics.get(metric).map(|m| &m.spec).filter(|_| then == now)
    }
}

/// That a figure has not got better but by the days that went by: as SQL over `c` (then) and `d` (now).
fn no_better(metric: &Metric, days: i64) -> String {
    let name = ident(metric.id.as_str());
    let same = format!("(c.{name} IS NOT DISTINCT FROM d.{name})");
    if metric.unit == Unit::Days {
        // Ages go up, and what is still to come goes down.
        let gap = format!("CAST(d.{name} AS DOUBLE) - CAST(c.{name} AS DOUBLE)");
        return format!("({same} OR abs(abs({gap}) - {days}.0) < 0.000001)");
    }
    // A window lets go of what is old.
    let worse = match (metric.unit.is_number(), metric.direction) {
        (true, Good::High) => format!(" OR d.{name} < c.{name}"),
        (true, Good::Low) => format!(" OR d.{name} > c.{name}"),
        _ => String::new(),
    };
    format!("({same}{worse})")
}
