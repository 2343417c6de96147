//! Excel workbooks: the cells of one sheet, in a stream.

use std::io::BufReader;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use calamine::{Reader, SheetType, Xlsx, XlsxError, open_workbook_from_rs};

use super::chunk::{BadRow, TextChunk};
use super::error::{FileProblem, InFile, ReadError};
use super::header::{all_figures, check_count, names};
use super::info::FileInfo;
use super::options::{Limits, OpenOptions};
use super::parquet_file::panic_text;
use super::plan::{Emit, Plan, Task};
use super::reason::BadReason;
use super::source::{Meter, MeteredFile};
use super::xlsx_cells::{RowBuilder, SheetRow};
use super::xlsx_guard;

type Workbook = Xlsx<BufReader<MeteredFile>>;

/// Rows looked at to find the header.
const HEAD_ROWS: usize = 50;
/// Most title rows above a header.
const MAX_TITLES: usize = 10;

/// A sheet whose columns are known.
struct Sheet {
    path: PathBuf,
    name: String,
    columns: usize,
    /// The sheet row of the first data row, or one before it.
    after_row: u64,
    limits: Limits,
}

/// Chooses the sheet and finds its header.
pub(super) fn plan(
    path: &Path,
    base: FileInfo,
    options: &OpenOptions,
) -> Result<(FileInfo, Box<dyn Plan>), FileProblem> {
    xlsx_guard::check(path, &options.limits)?;
    let meter = Meter::default();
    let (name, head) = guarded(&meter, || {
        let mut workbook = open_workbook(path, &meter)?;
        choose(&mut workbook, options, &meter)
    })?;
    let titles = count_titles(&head);
    let Some(first) = head.get(titles) else { return Err(FileProblem::Empty) };
    let limits = options.limits.clone();
    check_count(first.number, first.cells.len(), &limits)?;
    let has_names = options.header.unwrap_or_else(|| !all_figures(&first.cells));
    let header =
        if has_names { names(first.cells.clone())? } else { names(vec![String::new(); first.cells.len()])? };
    let after_row = if has_names { first.number } else { first.number - 1 };
    let plan = Sheet { path: path.to_owned(), name: name.clone(), columns: header.len(), after_row, limits };
    let info = FileInfo { header, sheet: Some(name), header_line: has_names.then_some(first.number), ..base };
    Ok((info, Box::new(plan)))
}

fn open_workbook(path: &Path, meter: &Meter) -> Result<Workbook, FileProblem> {
    let file = MeteredFile::open(path, meter.clone())?;
    open_workbook_from_rs(BufReader::new(file)).map_err(|error| problem(&error, meter))
}

/// Damaged workbooks must not end the program; some make the decoder panic.
fn guarded<T>(meter: &Meter, work: impl FnOnce() -> Result<T, FileProblem>) -> Result<T, FileProblem> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(damaged(meter, panic_text(&*panic))))
}

fn damaged(meter: &Meter, detail: String) -> FileProblem {
    FileProblem::Damaged { format: "XLSX", position: meter.get(), detail }
}

fn problem(error: &XlsxError, meter: &Meter) -> FileProblem {
    match error {
        XlsxError::Password => FileProblem::Encrypted,
        other => damaged(meter, other.to_string()),
    }
}

/// The sheet to read, and its first rows.
fn choose(
    workbook: &mut Workbook,
    options: &OpenOptions,
    meter: &Meter,
) -> Result<(String, Vec<SheetRow>), FileProblem> {
    let sheets: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .collect();
    let wanted: Vec<&String> = match &options.sheet {
        Some(wanted) => sheets.iter().filter(|name| *name == wanted).collect(),
        None => sheets.iter().collect(),
    };
    if let (Some(sheet), true) = (&options.sheet, wanted.is_empty()) {
        return Err(FileProblem::NoSuchSheet { sheet: sheet.clone(), found: sheets });
    }
    for name in wanted {
        let mut head = Vec::new();
        each_row(workbook, name, &options.limits, meter, &mut |row| {
            head.push(row);
            if head.len() < HEAD_ROWS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        if !head.is_empty() {
            return Ok((name.clone(), head));
        }
    }
    Err(FileProblem::Empty)
}

/// Walks over the rows of a sheet that are not empty.
fn each_row(
    workbook: &mut Workbook,
    sheet: &str,
    limits: &Limits,
    meter: &Meter,
    each: &mut dyn FnMut(SheetRow) -> ControlFlow<()>,
) -> Result<(), FileProblem> {
    let mut cells = workbook.worksheet_cells_reader(sheet).map_err(|error| problem(&error, meter))?;
    let mut rows = RowBuilder::default();
    while let Some(cell) = cells.next_cell().map_err(|error| problem(&error, meter))? {
        if let Some(row) = rows.add(&cell, limits.max_columns)
            && each(row).is_break()
        {
            return Ok(());
        }
    }
    if let Some(row) = rows.finish() {
        let _ = each(row);
    }
    Ok(())
}

/// Rows above the table: one text alone, while most rows have at least three.
fn count_titles(head: &[SheetRow]) -> usize {
    let filled: Vec<usize> =
        head.iter().map(|row| row.cells.iter().filter(|cell| !cell.trim().is_empty()).count()).collect();
    let wide = filled.iter().filter(|&&n| n >= 3).count();
    let titles = filled.iter().take(MAX_TITLES).take_while(|&&n| n <= 1).count();
    if wide * 2 > filled.len() && titles < filled.len() { titles } else { 0 }
}

impl Sheet {
    fn read(&self, block_bytes: usize, emit: Emit<'_>) -> Result<(), FileProblem> {
        let meter = Meter::default();
        guarded(&meter, || {
            let mut workbook = open_workbook(&self.path, &meter)?;
            let mut number = 0;
            let mut chunk: Option<TextChunk> = None;
            each_row(&mut workbook, &self.name, &self.limits, &meter, &mut |row| {
                if row.number <= self.after_row {
                    return ControlFlow::Continue(());
                }
                number += 1;
                let target = chunk.get_or_insert_with(|| TextChunk::new(number, row.number, self.columns));
                self.push(target, number, &row);
                if target.bytes() < block_bytes {
                    ControlFlow::Continue(())
                } else {
                    send(&mut chunk, &meter, emit)
                }
            })?;
            let _ = send(&mut chunk, &meter, emit);
            Ok(())
        })
    }

    fn push(&self, chunk: &mut TextChunk, number: u64, row: &SheetRow) {
        let (found, expected, limit) = (row.cells.len(), self.columns, self.limits.max_field_bytes);
        let long = row.cells.iter().position(|cell| cell.len() > limit);
        let reason = if found > expected {
            Some(BadReason::TooManyFields { found, expected })
        } else {
            long.map(|at| BadReason::FieldTooLong { column: at + 1, bytes: row.cells[at].len(), limit })
        };
        if let Some(reason) = reason {
            let raw = row.cells.join("\t");
            return chunk.reject_row(BadRow::new(number, row.number, raw.as_bytes(), reason));
        }
        for (at, column) in chunk.columns.iter_mut().enumerate() {
            column.push(row.cells.get(at).map_or("", String::as_str));
        }
        chunk.end_row(number, row.number);
    }
}

fn send(chunk: &mut Option<TextChunk>, meter: &Meter, emit: Emit<'_>) -> ControlFlow<()> {
    match chunk.take() {
        Some(chunk) => emit(Task { bytes: meter.get(), parse: Box::new(move || Ok(chunk)) }),
        None => ControlFlow::Continue(()),
    }
}

impl Plan for Sheet {
    fn feed(&self, block_bytes: usize, emit: Emit<'_>) -> Result<(), ReadError> {
        self.read(block_bytes, emit).in_file(&self.path)
    }
}
