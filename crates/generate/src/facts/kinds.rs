//! All kinds of facts: their tables, how they are divided and what writes them.

use super::super::dice::Dice;
use super::super::tables::{self, Cells, Table};
use super::character::Character;
use super::scene::Scene;
use super::{Facts, Portion};
use super::{belonging, events, interactions, opportunities, relations, responses, tickets};

/// A kind of fact.
pub struct Kind {
    pub table: &'static Table,
    /// What its dice are drawn under. Two kinds with one stream tell of the same things.
    pub stream: u64,
    /// Whether it needs to know the times of the customer's orders.
    pub wants_orders: bool,
    /// How many of them are wanted.
    pub count: fn(&Facts) -> u64,
    /// How many a customer has, against others.
    pub weight: fn(&Character) -> f64,
    /// Writes a customer's rows; returns how many.
    pub write: fn(&Scene<'_>, &mut Dice, &Character, &Portion, &mut dyn Cells) -> u64,
}

/// All kinds, in the order of their files.
pub fn kinds() -> impl Iterator<Item = &'static Kind> {
    KINDS.iter()
}

const fn kind(
    table: &'static Table,
    stream: u64,
    count: fn(&Facts) -> u64,
    weight: fn(&Character) -> f64,
    write: fn(&Scene<'_>, &mut Dice, &Character, &Portion, &mut dyn Cells) -> u64,
) -> Kind {
    Kind { table, stream, wants_orders: false, count, weight, write }
}

static KINDS: [Kind; 10] = [
    Kind {
        wants_orders: true,
        ..kind(&tables::EVENTS, 30, |facts| facts.events, events::weight, events::write)
    },
    kind(&tables::INTERACTIONS, 31, |facts| facts.interactions, interactions::weight, interactions::write),
    kind(&tables::TICKETS, 32, |facts| facts.tickets, tickets::weight, tickets::write),
    kind(&tables::RESPONSES, 33, |facts| facts.responses, responses::weight, responses::write),
    kind(
        &tables::OPPORTUNITIES,
        34,
        |facts| facts.opportunities,
        opportunities::weight,
        opportunities::write,
    ),
    kind(
        &tables::OPPORTUNITY_STAGES,
        34,
        |facts| facts.opportunities,
        opportunities::weight,
        opportunities::write_stages,
    ),
    kind(&tables::RELATIONS, 35, |facts| facts.relations, relations::weight, relations::write),
    kind(&tables::CONSENTS, 36, |facts| facts.consents, belonging::consent_weight, belonging::consents),
    kind(
        &tables::MEMBERSHIPS,
        37,
        |facts| facts.memberships,
        belonging::membership_weight,
        belonging::memberships,
    ),
    kind(&tables::SERVICE_COSTS, 38, |facts| facts.service_costs, belonging::cost_weight, belonging::costs),
];
