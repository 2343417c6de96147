//! Circles among modules that lie beside each other.

use std::collections::{BTreeMap, BTreeSet};

/// Modules that need each other, by what each is called beside the others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Circle {
    /// The module in which they lie beside each other; empty for the crate.
    pub within: String,
    pub modules: BTreeSet<String>,
}

/// The circles of a crate at every level. A module there stands for all that lies in it; what a module and the
/// modules in it need of each other is their own affair.
pub fn circles(imports: &BTreeSet<(String, String)>) -> Vec<Circle> {
    // What lies side by side needs what, level by level.
    let mut levels: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for (from, to) in imports {
        let (from, to): (Vec<&str>, Vec<&str>) = (from.split("::").collect(), to.split("::").collect());
        let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
        if let (Some(a), Some(b)) = (from.get(common), to.get(common))
            && !a.is_empty()
            && !b.is_empty()
        {
            let level = levels.entry(from[..common].join("::")).or_default();
            level.entry((*a).to_owned()).or_default().insert((*b).to_owned());
        }
    }
    let mut found = Vec::new();
    for (within, needs) in levels {
        let reached: BTreeMap<&String, BTreeSet<&String>> =
            needs.keys().map(|from| (from, reach(&needs, from))).collect();
        let mut seen = BTreeSet::new();
        for from in needs.keys() {
            if seen.contains(from) || !reached[from].contains(from) {
                continue;
            }
            let back = |to: &&&String| reached.get(**to).is_some_and(|r| r.contains(from));
            let modules: BTreeSet<String> = reached[from].iter().filter(back).map(|m| (*m).clone()).collect();
            seen.extend(modules.iter().cloned());
            found.push(Circle { within: within.clone(), modules });
        }
    }
    found
}

/// All that can be reached by one step or more.
fn reach<'a>(needs: &'a BTreeMap<String, BTreeSet<String>>, from: &'a String) -> BTreeSet<&'a String> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<&String> = vec![from];
    while let Some(at) = next.pop() {
        for to in needs.get(at).into_iter().flatten() {
            if reached.insert(to) {
                next.push(to);
            }
        }
    }
    reached
}
