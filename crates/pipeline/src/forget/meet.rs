//! Who is meant, and all that they are called.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use clientele_engine::arrow::array::Array as _;
use clientele_engine::{DataFile, Transaction};

use super::ForgetError;
use super::marks::MarkKind;
use super::people::People;
use crate::collect::lake_rows::{ints, text_at, texts};
use crate::collect::tables;
use crate::library::nearest;

/// The tables of what files say of customers themselves.
const PROFILES: [&str; 3] = [tables::CUSTOMERS, tables::OWN_CUSTOMERS, tables::SUPERSEDED_CUSTOMERS];

/// Finds who is meant, and all that they are called. Gives other customers with an e-mail or a phone of
/// theirs.
pub(super) async fn meet(
    transaction: &Transaction,
    names: &[String],
    people: &mut People,
) -> Result<BTreeSet<String>, ForgetError> {
    let files = transaction.history(tables::CUSTOMER_KEYS).await?;
    // A name means an id, or a source and an id.
    let mut wanted: HashMap<&str, Vec<(usize, Option<&str>)>> = HashMap::new();
    for (place, name) in names.iter().enumerate() {
        wanted.entry(name).or_default().push((place, None));
        if let Some((source, id)) = name.split_once(':') {
            wanted.entry(id).or_default().push((place, Some(source)));
        }
    }
    let columns = ["source", "customer_id", "customer_key"];
    let mut found: Vec<BTreeMap<(String, String), BTreeSet<i32>>> = vec![BTreeMap::new(); names.len()];
    for file in &files {
        for rows in transaction.rows(tables::CUSTOMER_KEYS, file, Some(&columns)).await? {
            let (sources, ids) = (texts(&rows, "source")?, texts(&rows, "customer_id")?);
            let keys = ints(&rows, "customer_key")?;
            for row in 0..rows.num_rows() {
                let (source, id) = (text_at(&sources, row), text_at(&ids, row));
                for (place, of) in wanted.get(id).into_iter().flatten() {
                    if of.is_none_or(|of| of == source) {
                        let customer = (source.to_owned(), id.to_owned());
                        found[*place].entry(customer).or_default().insert(keys.value(row));
                    }
                }
            }
        }
    }
    let unknown: Vec<&String> =
        names.iter().zip(&found).filter(|(_, found)| found.is_empty()).map(|(name, _)| name).collect();
    if !unknown.is_empty() {
        return Err(unknown_of(transaction, &files, &unknown).await?);
    }
    for (name, found) in names.iter().zip(&found) {
        if let (true, Some((source, id))) = (found.len() > 1, found.keys().next()) {
            let sources: BTreeSet<&str> = found.keys().map(|(source, _)| source.as_str()).collect();
            return Err(ForgetError::Ambiguous {
                name: name.clone(),
                sources: sources.into_iter().collect::<Vec<_>>().join(", "),
                example: format!("{source}:{id}"),
            });
        }
    }
    for ((source, id), keys) in found.into_iter().flatten() {
        people.marks.add(MarkKind::Id, &id);
        people.ids.entry(source).or_default().insert(id);
        people.keys.extend(keys);
    }
    let mut shared = neighbours(transaction, &files, people).await?;
    let alike = contacts(transaction, people, &mut shared).await?;
    people.own_marks = people.marks.without(&shared);
    Ok(alike)
}

async fn unknown_of(
    transaction: &Transaction,
    files: &[DataFile],
    unknown: &[&String],
) -> Result<ForgetError, ForgetError> {
    let mut known = BTreeSet::new();
    for file in files {
        for rows in transaction.rows(tables::CUSTOMER_KEYS, file, Some(&["customer_id"])).await? {
            let ids = texts(&rows, "customer_id")?;
            known.extend((0..ids.len()).map(|row| text_at(&ids, row).to_owned()));
        }
    }
    let near = |name: &str| {
        let id = name.split_once(':').map_or(name, |(_, id)| id);
        nearest(id, known.iter().map(String::as_str)).map(str::to_owned)
    };
    let names = unknown.iter().map(|name| ((*name).clone(), near(name))).collect();
    Ok(ForgetError::Unknown { names })
}

/// Finds the ids before those of the people, for cut points that name them; gives those that customers of
/// other sources have too, in small letters.
async fn neighbours(
    transaction: &Transaction,
    files: &[DataFile],
    people: &mut People,
) -> Result<BTreeSet<String>, ForgetError> {
    let own: BTreeSet<String> = people.ids.values().flatten().cloned().collect();
    let own: Vec<String> = own.into_iter().collect();
    let mut before = vec![String::new(); own.len()];
    let mut twins = BTreeSet::new();
    for file in files {
        for rows in transaction.rows(tables::CUSTOMER_KEYS, file, Some(&["source", "customer_id"])).await? {
            let (sources, ids) = (texts(&rows, "source")?, texts(&rows, "customer_id")?);
            for row in 0..rows.num_rows() {
                let (source, id) = (text_at(&sources, row), text_at(&ids, row));
                if people.has(source, id) {
                    continue;
                }
                let next = own.partition_point(|own| own.as_str() <= id);
                if own.get(next.wrapping_sub(1)).is_some_and(|own| own == id) {
                    twins.insert(id.to_owned());
                }
                if let Some(before) = before.get_mut(next).filter(|before| before.as_str() < id) {
                    *before = id.to_owned();
                }
            }
        }
    }
    let mut least = String::new();
    for (id, before) in own.into_iter().zip(before) {
        least = least.max(before);
        if twins.contains(&id) {
            least = least.max(id);
        } else {
            people.before.insert(id, least.clone());
        }
    }
    Ok(twins.into_iter().map(|id| id.to_ascii_lowercase()).collect())
}

/// Takes in names, e-mails and phones of the people, from every version of their profiles. Those that
/// others have too go into `shared`, and customers with the same e-mail or phone are given.
async fn contacts(
    transaction: &Transaction,
    people: &mut People,
    shared: &mut BTreeSet<String>,
) -> Result<BTreeSet<String>, ForgetError> {
    const CONTACTS: [(&str, MarkKind); 3] =
        [("name", MarkKind::Name), ("email", MarkKind::Email), ("phone", MarkKind::Phone)];
    let columns = ["source", "customer_id", "name", "email", "phone"];
    let mut all = Vec::new();
    for table in PROFILES {
        for file in transaction.history(table).await? {
            all.push((table, file));
        }
    }
    let mut alike = BTreeSet::new();
    for is_own in [true, false] {
        let marks: HashMap<String, MarkKind> =
            people.marks.iter().map(|(kind, text)| (text.to_ascii_lowercase(), kind)).collect();
        for (table, file) in &all {
            for rows in transaction.rows(table, file, Some(&columns)).await? {
                let (sources, ids) = (texts(&rows, "source")?, texts(&rows, "customer_id")?);
                for (column, kind) in CONTACTS {
                    if rows.column_by_name(column).is_none() {
                        continue;
                    }
                    let values = texts(&rows, column)?;
                    for row in (0..rows.num_rows()).filter(|row| values.is_valid(*row)) {
                        let (source, id) = (text_at(&sources, row), text_at(&ids, row));
                        if people.has(source, id) != is_own {
                            continue;
                        }
                        if is_own {
                            people.marks.add(kind, values.value(row));
                            continue;
                        }
                        let small = values.value(row).to_ascii_lowercase();
                        if let Some(kind) = marks.get(&small) {
                            shared.insert(small);
                            if *kind != MarkKind::Name {
                                alike.insert(format!("{source}:{id}"));
                            }
                        }
                    }
                }
            }
        }
    }
    Ok(alike)
}
