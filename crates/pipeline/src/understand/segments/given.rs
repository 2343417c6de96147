//! What a list file says: one customer a row, by e-mail, phone or id.

use std::collections::HashMap;
use std::path::Path;

use clientele_model::Text;
use clientele_read::{OpenOptions, TableFile, TextChunk, open};
use rlibphonenumber::Region;
use serde::Serialize;

use super::SegmentError;
use crate::collect::values::contact;
use crate::collect::values::text::{folded, is_nothing, tidy, without_float_tail};

/// What a file tells customers by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    Email,
    Phone,
    Id,
    /// Whatever each value looks like: `@` makes an e-mail; others are ids, else phones.
    Any,
}

/// A row of the file.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// From 1.
    pub row: u64,
    /// As it stands there.
    pub value: String,
    pub id: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    /// Why it can be nobody's.
    pub problem: Option<RowProblem>,
    /// The row that held the same before.
    pub repeats: Option<u64>,
}

/// Why a row belongs to no customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RowProblem {
    /// No customer has it.
    Nobody,
    Empty,
    NoPhone,
    NoEmail,
    /// The row does not have the shape of the table.
    Shape,
}

impl RowProblem {
    /// As it is stored.
    pub fn word(self) -> &'static str {
        match self {
            RowProblem::Nobody => "nobody",
            RowProblem::Empty => "empty",
            RowProblem::NoPhone => "no_phone",
            RowProblem::NoEmail => "no_email",
            RowProblem::Shape => "shape",
        }
    }

    /// In words.
    pub fn text(self) -> Text {
        match self {
            RowProblem::Nobody => Text::new("no customer has this", "没有这样的客户"),
            RowProblem::Empty => Text::new("the cell is empty", "单元格为空"),
            RowProblem::NoPhone => Text::new("this is no phone number", "不是电话号码"),
            RowProblem::NoEmail => Text::new("this is no e-mail address", "不是邮箱地址"),
            RowProblem::Shape => {
                Text::new("the row has more or fewer cells than the others", "这一行的列数与其他行不同")
            }
        }
    }
}

/// Column names that say what is in them, folded.
const NAMES: [(By, &[&str]); 3] = [
    (
        By::Id,
        &[
            "customerid",
            "id",
            "customer",
            "userid",
            "memberid",
            "客户编号",
            "客户id",
            "用户id",
            "会员号",
            "会员编号",
            "编号",
        ],
    ),
    (By::Email, &["email", "emailaddress", "mail", "邮箱", "电子邮箱", "电子邮件", "邮件"]),
    (
        By::Phone,
        &[
            "phone",
            "phonenumber",
            "mobile",
            "mobilephone",
            "tel",
            "telephone",
            "手机",
            "手机号",
            "手机号码",
            "电话",
            "电话号码",
            "联系电话",
        ],
    ),
];

/// Reads all rows of a file; `column` names the one that tells who is meant.
pub fn read(
    path: &Path,
    column: Option<&str>,
    by: Option<By>,
    country: Option<Region>,
) -> Result<Vec<Given>, SegmentError> {
    let mut file = open(path, &OpenOptions::default())?;
    let (place, found) = choose(&file, column)?;
    if found == By::Any && file.info().header.len() == 1 && file.info().header_line.is_some() {
        // The first line may be a customer: it is reported when it is none, and never dropped.
        file = open(path, &OpenOptions { header: Some(false), ..OpenOptions::default() })?;
    }
    let by = by.unwrap_or(found);
    let mut all: Vec<Given> = Vec::new();
    let map = |chunk: TextChunk| {
        let cells = chunk.columns.get(place);
        let good = (0..chunk.rows()).map(|i| (chunk.row_number(i), cells.map_or("", |c| c.get(i))));
        let good = good.map(|(row, cell)| given(row, cell, by, country));
        let bad = chunk.bad.iter().map(|bad| Given {
            row: bad.row,
            value: bad.raw.chars().take(200).collect(),
            problem: Some(RowProblem::Shape),
            ..Given::default()
        });
        good.chain(bad).collect::<Vec<_>>()
    };
    file.for_each_chunk(2, map, |rows, _| {
        all.extend(rows);
        Ok::<(), SegmentError>(())
    })?;
    all.sort_by_key(|given| given.row);
    note_repeats(&mut all);
    Ok(all)
}

fn choose(file: &TableFile, column: Option<&str>) -> Result<(usize, By), SegmentError> {
    let header = &file.info().header;
    let known = |name: &str| {
        let name = folded(name);
        NAMES.iter().find(|(_, names)| names.contains(&name.as_str())).map_or(By::Any, |(by, _)| *by)
    };
    if let Some(wanted) = column {
        let place = header.iter().position(|name| folded(name) == folded(wanted));
        return place.map(|place| (place, known(wanted))).ok_or_else(|| SegmentError::UnknownColumn {
            name: wanted.to_owned(),
            columns: header.join(", "),
        });
    }
    for (by, _) in NAMES {
        if let Some(place) = header.iter().position(|name| known(name) == by) {
            return Ok((place, by));
        }
    }
    match header.len() {
        1 => Ok((0, By::Any)),
        _ => Err(SegmentError::NoColumn { columns: header.join(", ") }),
    }
}

/// A cell, written as imports write it.
fn given(row: u64, cell: &str, by: By, country: Option<Region>) -> Given {
    let (value, _) = tidy(cell);
    let mut given = Given { row, value: value.clone().into_owned(), ..Given::default() };
    if is_nothing(&value) {
        given.problem = Some(RowProblem::Empty);
        return given;
    }
    let is_email = value.contains('@');
    let id = without_float_tail(&value).unwrap_or(&value).to_owned();
    let phone = || contact::phone(&value, country);
    match by {
        By::Email if !is_email => given.problem = Some(RowProblem::NoEmail),
        By::Phone => {
            // Imports keep what is no number as it stands, so it can be met as such.
            given.phone =
                phone().or_else(|| value.chars().any(|c| c.is_ascii_digit()).then(|| value.into_owned()));
            given.problem = given.phone.is_none().then_some(RowProblem::NoPhone);
        }
        By::Id => given.id = Some(id),
        _ if is_email => given.email = Some(value.to_lowercase()),
        _ => {
            given.phone = phone();
            given.id = Some(id);
        }
    }
    given
}

/// Notes rows that hold what an earlier one did.
fn note_repeats(all: &mut [Given]) {
    type Contact = (Option<String>, Option<String>, Option<String>);
    let mut first: HashMap<Contact, u64> = HashMap::new();
    for given in all.iter_mut().filter(|g| g.problem.is_none()) {
        let key = (given.id.clone(), given.email.clone(), given.phone.clone());
        match first.get(&key) {
            Some(row) => given.repeats = Some(*row),
            None => {
                first.insert(key, given.row);
            }
        }
    }
}
