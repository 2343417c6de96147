//! Steps between tiers that are lists of codes.
//!
//! A published list of codes has no order that every step follows: 553 is of a tier below that of 543. So a step is
//! neither up nor down where the digits say the contrary: into a better tier with no digit better, or into a worse one
//! with none worse.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use clientele_model::spec::Scheme;
use clientele_model::spec::scheme::{Matching, Rule};

use crate::classify::compile::{ident, tier_column};
use crate::classify::labels::{Companion, companion};
use crate::runs::Run;
use crate::understand::columns::Codes;
use crate::understand::view::{RunView, ViewError, labels_of};

/// Everybody's steps between two runs.
pub(super) struct Steps<'a> {
    tiers: [&'a Codes; 2],
    codes: Option<(&'a Codes, &'a Codes)>,
    /// By the places of both tiers: whether the later one is better, or worse.
    orders: Vec<Ordering>,
}

impl<'a> Steps<'a> {
    /// The tiers of both runs, and the codes behind them where the scheme lists codes.
    pub fn new(
        scheme: &Scheme,
        tiers: [&'a Arc<Codes>; 2],
        codes: Option<(&'a Arc<Codes>, &'a Arc<Codes>)>,
    ) -> Steps<'a> {
        let [was, now] = tiers.map(|codes| &**codes);
        let order =
            |from: &String, to: &String| match (scheme.is_better(to, from), scheme.is_better(from, to)) {
                (true, _) => Ordering::Greater,
                (_, true) => Ordering::Less,
                _ => Ordering::Equal,
            };
        let pairs = was.names().iter().flat_map(|from| now.names().iter().map(move |to| (from, to)));
        let orders = pairs.map(|(from, to)| order(from, to)).collect();
        Steps { tiers: [was, now], codes: codes.map(|(was, now)| (&**was, &**now)), orders }
    }

    /// Whether a customer went against the order of the tiers.
    pub fn is_contrary(&self, key: usize) -> bool {
        let ([was, now], Some((then, today))) = (self.tiers, self.codes) else { return false };
        let (Some(from), Some(to)) = (was.get(key), now.get(key)) else { return false };
        let order = self.orders[from * now.names().len() + to];
        let (Some(then_code), Some(code)) = (then.get(key), today.get(key)) else { return false };
        match order {
            Ordering::Equal => false,
            order => step(&then.names()[then_code], &today.names()[code]) == order.reverse(),
        }
    }
}

/// Whether a code is better than before in every digit that differs, or worse in every one.
fn step(then: &str, now: &str) -> Ordering {
    let all = |holds: fn(char, char) -> bool| then.chars().zip(now.chars()).all(|(a, b)| holds(a, b));
    // A person may have moved somebody whose digits are as before.
    match (all(|a, b| b >= a), all(|a, b| b <= a)) {
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        _ => Ordering::Equal,
    }
}

impl RunView {
    /// The columns of labels that steps are told from: the tier, and where the scheme lists codes, the code.
    pub(super) fn step_columns(&self, scheme: &Scheme) -> Vec<String> {
        let mut columns = vec![tier_column(&scheme.id)];
        let code = companion(&scheme.id, Companion::Code);
        if matches!(&scheme.rule, Rule::Codes { matching: Matching::Listed(_), .. }) && self.has_label(&code)
        {
            columns.push(ident(&code));
        }
        columns
    }

    /// The keys of those who went against the order of the tiers.
    pub(super) async fn contrary(
        &self,
        scheme: &Scheme,
        earlier: &Run,
        later: &Run,
    ) -> Result<HashSet<usize>, ViewError> {
        let columns = self.step_columns(scheme);
        if columns.len() < 2 {
            return Ok(HashSet::new());
        }
        let before = self.codes(&labels_of(&earlier.id), &columns).await?;
        let after = self.codes(&labels_of(&later.id), &columns).await?;
        let Some((was, now)) = before.first().zip(after.first()) else { return Ok(HashSet::new()) };
        let steps = Steps::new(scheme, [was, now], before.get(1).zip(after.get(1)));
        Ok((0..was.len().max(now.len())).filter(|key| steps.is_contrary(*key)).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::step;

    #[test]
    fn a_step_is_better_where_no_digit_is_worse() {
        assert_eq!(step("543", "553"), Ordering::Greater);
        assert_eq!(step("155", "145"), Ordering::Less);
        assert_eq!(step("155", "244"), Ordering::Equal);
        assert_eq!(step("155", "155"), Ordering::Equal);
    }
}
