//! What the relations say of each person.

use clientele_predict::graph::{NoSuchNode, degrees, page_rank};

use super::people::{People, Tie};

/// A customer's place among all people whom relations tie together. Several relations between the
/// same two people in the same direction are one edge, whatever their kinds.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphMetrics {
    /// The customer's key.
    pub customer: i32,
    /// How many people the customer has relations to.
    pub out_degree: i64,
    /// How many people have relations to the customer.
    pub in_degree: i64,
    /// Both together; whoever is tied to the customer in both directions counts twice.
    pub degree: i64,
    /// The PageRank of the customer; those of all people add up to 1.
    pub pagerank: f64,
    /// How many people the customer referred.
    pub referrals_made: i64,
    /// How many of them have ordered.
    pub referrals_converted: i64,
    /// How many people follow the customer.
    pub followers: i64,
    /// Whether somebody referred the customer.
    pub was_referred: bool,
}

/// The places of all customers, by customer key. `buyers` are the keys of customers who have
/// ordered, ascending.
pub fn all(people: &People, buyers: &[i32]) -> Result<Vec<GraphMetrics>, NoSuchNode> {
    let mut pairs: Vec<(u32, u32)> = people.edges.iter().map(|edge| (edge.from, edge.to)).collect();
    pairs.dedup();
    let ranks = page_rank(people.count, &pairs)?.ranks;
    let degrees = degrees(people.count, &pairs)?;
    let mut places: Vec<GraphMetrics> = people
        .customers
        .iter()
        .zip(ranks)
        .zip(degrees)
        .map(|((&customer, pagerank), degree)| GraphMetrics {
            customer,
            out_degree: degree.out.into(),
            in_degree: degree.into.into(),
            degree: i64::from(degree.out) + i64::from(degree.into),
            pagerank,
            referrals_made: 0,
            referrals_converted: 0,
            followers: 0,
            was_referred: false,
        })
        .collect();
    for edge in &people.edges {
        let (from, to) = (edge.from as usize, edge.to as usize);
        match edge.tie {
            Tie::Referral => {
                let has_ordered =
                    people.customers.get(to).is_some_and(|key| buyers.binary_search(key).is_ok());
                if let Some(place) = places.get_mut(from) {
                    place.referrals_made += 1;
                    place.referrals_converted += i64::from(has_ordered);
                }
                if let Some(place) = places.get_mut(to) {
                    place.was_referred = true;
                }
            }
            Tie::Follows => {
                if let Some(place) = places.get_mut(to) {
                    place.followers += 1;
                }
            }
            Tie::Other => {}
        }
    }
    // Whose only relation was to themselves has none.
    places.retain(|place| place.degree > 0);
    Ok(places)
}
