use std::io::Write;

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use super::super::Limits;
use super::*;

pub(super) fn tiny() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Orders").unwrap();
    for (column, name) in ["id", "name"].into_iter().enumerate() {
        sheet.write(0, column as u16, name).unwrap();
        sheet.write(1, column as u16, 1.0).unwrap();
        sheet.write(2, column as u16, "x").unwrap();
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn values_come_out_as_people_see_them() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Empty").unwrap();
    let sheet = book.add_worksheet().set_name("订单").unwrap();
    sheet.write(0, 0, "2024 年订单").unwrap();
    for (column, name) in ["编号", "金额", "时间", "", "备注"].into_iter().enumerate() {
        sheet.write(2, column as u16, name).unwrap();
    }
    let (day, time) =
        (Format::new().set_num_format("yyyy-mm-dd"), Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"));
    sheet.write(3, 0, 123_456_789_012_345.0).unwrap();
    sheet.write(3, 1, 0.1 + 0.2).unwrap();
    sheet
        .write_with_format(3, 2, ExcelDateTime::parse_from_str("2011-12-09 12:50:00").unwrap(), &time)
        .unwrap();
    sheet.write(3, 4, "say \"hi\",\nthere").unwrap();
    sheet.write(5, 0, "00123").unwrap();
    sheet.write(5, 1, -12.5).unwrap();
    sheet.write_with_format(5, 2, ExcelDateTime::parse_from_str("2011-12-09").unwrap(), &day).unwrap();
    sheet.write(5, 3, true).unwrap();
    sheet.write(6, 0, "7").unwrap();
    sheet.write(6, 6, "beyond").unwrap();
    let table = read("a.xlsx", &book.save_to_buffer().unwrap());
    assert_eq!(table.info.sheet.as_deref(), Some("订单"));
    assert_eq!(table.info.header_line, Some(3));
    assert_eq!(table.header(), ["编号", "金额", "时间", "column_4", "备注"]);
    assert_eq!(
        table.values(),
        [
            ["123456789012345", "0.3", "2011-12-09T12:50:00", "", "say \"hi\",\nthere"],
            ["00123", "-12.5", "2011-12-09", "true", ""],
        ]
    );
    assert_eq!(table.rows.iter().map(|row| (row.0, row.1)).collect::<Vec<_>>(), [(1, 4), (2, 6)]);
    assert_eq!(table.reasons(), [(3, 7, "too_many_fields")]);
}

#[test]
fn a_sheet_by_name() {
    let (_folder, path) = write("a.xlsx", &tiny());
    let options = OpenOptions { sheet: Some("Orders".into()), ..OpenOptions::default() };
    assert_eq!(read_path(&path, &options).unwrap().values(), [["1", "1"], ["x", "x"]]);
}

#[test]
fn workbooks_without_a_table() {
    let mut book = Workbook::new();
    book.add_worksheet();
    assert_eq!(code_of("a.xlsx", &book.save_to_buffer().unwrap()), "file-empty");
    book.add_worksheet().write(0, 0, "only a header").unwrap();
    assert_eq!(code_of("a.xlsx", &book.save_to_buffer().unwrap()), "file-without-rows");
}

/// A zip with one part that unpacks to `size` bytes.
fn zipped(part: &str, start: &str, size: usize) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
    zip.start_file(part, zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(start.as_bytes()).unwrap();
    zip.write_all(&vec![b' '; size]).unwrap();
    zip.finish().unwrap().into_inner()
}

fn limited(bytes: &[u8], limits: Limits) -> &'static str {
    let (_folder, path) = write("a.xlsx", bytes);
    code(&open(&path, &OpenOptions { limits, ..OpenOptions::default() }).err().unwrap())
}

#[test]
fn archives_that_are_no_workbooks() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("content.xml", zip::write::SimpleFileOptions::default()).unwrap();
    assert_eq!(code_of("a.ods", &zip.finish().unwrap().into_inner()), "file-format-not-read");
}

#[test]
fn bombs() {
    let bomb = zipped("xl/worksheets/sheet1.xml", "<worksheet>", 80 << 20);
    let ratio = Limits { max_expansion_ratio: 100, ..Limits::default() };
    assert_eq!(limited(&bomb, ratio), "file-too-large-unpacked");
    let total = Limits { max_uncompressed_bytes: 1 << 20, ..Limits::default() };
    assert_eq!(limited(&bomb, total), "file-too-large-unpacked");
    let many = zipped("xl/sharedStrings.xml", "<sst uniqueCount=\"99999999999\">", 100);
    assert_eq!(limited(&many, Limits::default()), "file-sizes-false");
}

#[test]
fn a_bomb_that_claims_to_be_small() {
    let size = 4 << 20;
    let mut bomb = zipped("xl/worksheets/sheet1.xml", "", size);
    let claimed = (size as u32).to_le_bytes();
    let places: Vec<usize> = (0..bomb.len() - 4).filter(|&at| bomb[at..at + 4] == claimed).collect();
    assert!(places.len() >= 2, "one in the part's own header, one in the directory");
    for at in places {
        bomb[at..at + 4].copy_from_slice(&100u32.to_le_bytes());
    }
    let limits = Limits { max_uncompressed_bytes: 1 << 20, ..Limits::default() };
    let code = limited(&bomb, limits);
    assert!(matches!(code, "file-sizes-false" | "file-damaged"), "{code}");
}

#[test]
fn every_damage_is_an_error_or_harmless() {
    let whole = tiny();
    for at in (0..whole.len()).step_by(17) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        let _ = try_read("a.xlsx", &damaged);
    }
}
