//! The schemes along which a scheme's movement is taken apart.
//!
//! Most schemes have one axis, themselves. A matrix has two: where somebody is in it follows from two
//! other schemes, with all that people have set and stay rules keep there. So each is followed by
//! itself. Whoever has the same tier on an axis in both runs has not moved along it, whatever the
//! worlds between would say, and it is no cause of where they went.

use std::collections::{BTreeMap, HashMap, HashSet};

use clientele_model::spec::Scheme;
use clientele_model::spec::scheme::Rule;
use clientele_model::{SchemeId, TierId};

use super::tiers::{Names, TierColumn};

/// Everyone's tier in a world, for each of the earlier rules' [`axes`].
pub(super) type Counterfactual = BTreeMap<SchemeId, TierColumn>;

/// What a run said of everybody in a scheme.
#[derive(Debug)]
pub(super) struct Labels {
    pub tier: TierColumn,
    /// What the rule alone said.
    pub computed: TierColumn,
    /// The keys of customers whose tier a person had set.
    pub by_hand: HashSet<usize>,
}

/// What both runs said of everybody in a scheme.
#[derive(Debug)]
pub(super) struct Axis {
    pub was: Labels,
    pub now: Labels,
}

impl Axis {
    /// The tier of a customer who has not moved.
    fn stayed(&self, key: usize) -> Option<u16> {
        let tier = self.was.tier.get(key);
        (tier != TierColumn::NONE && tier == self.now.tier.get(key)).then_some(tier)
    }
}

/// The schemes that decide where somebody is in a scheme, in the order in which [`Apart`] knows them.
pub(super) fn axes(scheme: &Scheme) -> Vec<SchemeId> {
    match &scheme.rule {
        Rule::Matrix { rows, columns, .. } => vec![rows.clone(), columns.clone()],
        _ => vec![scheme.id.clone()],
    }
}

/// A scheme by its axes.
pub(super) struct Apart<'a> {
    ids: Vec<SchemeId>,
    axes: Vec<&'a Axis>,
    /// The tier of each cell of a matrix.
    cells: Option<HashMap<(u16, u16), u16>>,
    unknown: u16,
}

impl<'a> Apart<'a> {
    /// `known` has all of the scheme's [`axes`].
    pub fn new(scheme: &Scheme, known: &'a BTreeMap<SchemeId, Axis>, names: &mut Names) -> Apart<'a> {
        let cells = match &scheme.rule {
            Rule::Matrix { cells, .. } => {
                let mut tiers = HashMap::new();
                for (tier, cells) in scheme.tiers.iter().zip(cells) {
                    let tier = names.number(tier.id.as_str());
                    for (row, column) in cells {
                        tiers.entry((names.number(row), names.number(column))).or_insert(tier);
                    }
                }
                Some(tiers)
            }
            _ => None,
        };
        let ids = axes(scheme);
        let axes = ids.iter().filter_map(|id| known.get(id)).collect();
        Apart { ids, axes, cells, unknown: names.number(TierId::UNKNOWN) }
    }

    /// The columns of a world for the axes.
    pub fn columns<'w>(&self, world: &'w Counterfactual) -> Vec<Option<&'w TierColumn>> {
        self.ids.iter().map(|id| world.get(id)).collect()
    }

    /// A customer's tier in a world, given its columns for the axes.
    pub fn tier(&self, key: usize, world: &[Option<&TierColumn>]) -> u16 {
        self.along(key, |axis| {
            world.get(axis).copied().flatten().map_or(TierColumn::NONE, |column| column.get(key))
        })
    }

    /// The tier that the rules alone gave a customer in the earlier run.
    pub fn was_computed(&self, key: usize) -> u16 {
        self.along(key, |axis| self.axes.get(axis).map_or(TierColumn::NONE, |a| a.was.computed.get(key)))
    }

    /// The tier that the rules alone give a customer in the later run.
    pub fn now_computed(&self, key: usize) -> u16 {
        self.along(key, |axis| self.axes.get(axis).map_or(TierColumn::NONE, |a| a.now.computed.get(key)))
    }

    /// Whether a person's word in one of the runs moved a customer: in the earlier, or in either.
    pub fn is_by_hand(&self, key: usize, only_earlier: bool) -> bool {
        self.axes.iter().any(|axis| {
            let by_hand =
                axis.was.by_hand.contains(&key) || (!only_earlier && axis.now.by_hand.contains(&key));
            by_hand && axis.stayed(key).is_none()
        })
    }

    fn along(&self, key: usize, world: impl Fn(usize) -> u16) -> u16 {
        let tier =
            |axis: usize| self.axes.get(axis).and_then(|a| a.stayed(key)).unwrap_or_else(|| world(axis));
        let Some(cells) = &self.cells else { return tier(0) };
        match (tier(0), tier(1)) {
            (TierColumn::NONE, _) | (_, TierColumn::NONE) => TierColumn::NONE,
            cell => cells.get(&cell).copied().unwrap_or(self.unknown),
        }
    }
}
