use clientele_model::Language;

use super::super::{BadReason, FileProblem, Limits};
use super::*;

fn limited(name: &str, bytes: &[u8], limits: Limits) -> Result<Table, ReadError> {
    let (_folder, path) = write(name, bytes);
    read_path(&path, &OpenOptions { limits, ..OpenOptions::default() })
}

#[test]
fn nothing_to_read() {
    let folder = tempfile::tempdir().unwrap();
    let options = OpenOptions::default();
    assert_eq!(code(&read_path(&folder.path().join("none.csv"), &options).unwrap_err()), "file-not-found");
    assert_eq!(code(&read_path(folder.path(), &options).unwrap_err()), "file-is-directory");
    assert_eq!(code_of("a.csv", b""), "file-empty");
    assert_eq!(code_of("a.csv", b"\xEF\xBB\xBF"), "file-empty");
    assert_eq!(code_of("a.csv", b"\n\n  \n"), "file-empty");
    assert_eq!(code_of("a.csv", b"id,name\n"), "file-without-rows");
    assert_eq!(code_of("a.csv", b"id,name"), "file-without-rows");
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, path) = write("a.csv", b"a,b\n1,2\n");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    // Root may read everything, so there is nothing to see then.
    if std::fs::File::open(&path).is_err() {
        assert_eq!(code(&read_path(&path, &OpenOptions::default()).unwrap_err()), "file-unreadable");
    }
}

#[test]
fn files_that_are_not_what_their_names_say() {
    assert_eq!(code_of("a.xlsx", b"id,name\n1,2\n"), "file-not-what-name-says");
    assert_eq!(code_of("a.parquet", b"id,name\n1,2\n"), "file-not-what-name-says");
    assert_eq!(code_of("a.jsonl", b"id,name\n1,2\n"), "file-not-what-name-says");
    assert_eq!(code_of("a.csv", b"{\"a\":1}\n{\"a\":2}\n"), "file-not-what-name-says");
    assert_eq!(code_of("a.csv.gz", b"id,name\n1,2\n"), "file-not-what-name-says");
    assert_eq!(code_of("a.csv", &xlsx::tiny()), "file-not-what-name-says");
    assert_eq!(code_of("a.csv", &parquet::tiny()), "file-not-what-name-says");
}

#[test]
fn formats_that_are_not_read_here() {
    assert_eq!(code_of("a.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1..."), "file-format-not-read");
    assert_eq!(code_of("a.xls", b"\r\n<HTML><table><tr><td>1</td></tr></table>"), "file-format-not-read");
    assert_eq!(code_of("a.pdf", b"%PDF-1.7 ..."), "file-format-not-read");
    assert_eq!(
        code_of("a.csv", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
        "file-not-what-name-says"
    );
    assert_eq!(code_of("a.zip", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), "file-format-not-read");
}

#[test]
fn bytes_that_are_no_text() {
    assert_eq!(code_of("a.csv", &[0; 5000]), "file-not-text");
    let noise: Vec<u8> = (0..20_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    assert_eq!(code_of("a.csv", &noise), "file-not-text");
}

#[test]
fn a_nul_spoils_its_row_only() {
    let table = read("a.csv", b"id,name\n1,a\n2,b\0c\n3,d\n");
    assert_eq!(table.values(), [["1", "a"], ["3", "d"]]);
    assert_eq!(table.reasons(), [(2, 3, "nul_byte")]);
    assert_eq!(table.bad[0].reason, BadReason::Nul { offset: 15 });
}

#[test]
fn a_name_that_stands_twice() {
    let error = try_read("a.csv", b"id,name, id \n1,2,3\n").unwrap_err();
    assert_eq!(code(&error), "column-twice");
    assert!(
        matches!(&*error.problem, FileProblem::DuplicateHeader { name, first: 1, second: 3 } if name == "id")
    );
}

#[test]
fn an_open_quote_names_its_line() {
    let error = try_read("a.csv", b"id,name\n1,\"a\"\n2,\"b\n3,c\n4,d\n").unwrap_err();
    assert!(matches!(*error.problem, FileProblem::UnclosedQuote { line: 3, quote: '"' }), "{error}");
}

#[test]
fn a_record_without_end_names_its_line() {
    let mut text = b"id,name\n1,a\n2,\"".to_vec();
    text.resize(3 << 20, b'x');
    let limits = Limits { max_record_bytes: 1 << 20, ..Limits::default() };
    let error = limited("a.csv", &text, limits.clone()).unwrap_err();
    assert!(matches!(*error.problem, FileProblem::RecordTooLong { line: 3, .. }), "{error}");
    let plain = [b"id,name\n1,".as_slice(), &vec![b'y'; 3 << 20]].concat();
    assert_eq!(code(&limited("a.csv", &plain, limits.clone()).unwrap_err()), "record-too-long");
    let header = vec![b'z'; 3 << 20];
    assert_eq!(code(&limited("a.csv", &header, limits).unwrap_err()), "record-too-long");
}

#[test]
fn a_field_above_the_limit_spoils_its_row() {
    let limits = Limits { max_field_bytes: 8, ..Limits::default() };
    let table = limited("a.csv", b"id,name\n1,abcdefghi\n2,abcdefgh\n", limits).unwrap();
    assert_eq!(table.values(), [["2", "abcdefgh"]]);
    assert_eq!(table.reasons(), [(1, 2, "field_too_long")]);
}

#[test]
fn too_many_columns() {
    let header = (0..5000).map(|i| format!("c{i}")).collect::<Vec<_>>().join(",");
    assert_eq!(code_of("a.csv", format!("{header}\n").as_bytes()), "too-many-columns");
}

#[test]
fn what_the_user_says_may_be_wrong() {
    let (_folder, path) = write("a.csv", b"a,b\n1,2\n");
    let with = |options: OpenOptions| code(&read_path(&path, &options).unwrap_err());
    assert_eq!(
        with(OpenOptions { encoding: Some("klingon".into()), ..OpenOptions::default() }),
        "unknown-encoding"
    );
    assert_eq!(with(OpenOptions { delimiter: Some(b'"'), ..OpenOptions::default() }), "bad-delimiter");
    let sheet = OpenOptions { sheet: Some("Nope".into()), ..OpenOptions::default() };
    let (_folder, path) = write("a.xlsx", &xlsx::tiny());
    assert_eq!(code(&read_path(&path, &sheet).unwrap_err()), "unknown-sheet");
}

#[test]
fn data_cut_off() {
    let rows: String = (0..5000).map(|i| format!("{i},{}\n", i * 7919 % 1009)).collect();
    let text = format!("id,name\n{rows}");
    for (name, packed) in
        [("a.csv.gz", encodings::gzip(text.as_bytes())), ("a.csv.zst", encodings::zstd(text.as_bytes()))]
    {
        assert_eq!(read(name, &packed).rows.len(), 5000);
        assert_eq!(code_of(name, &packed[..packed.len() / 2]), "file-damaged");
    }
    let book = xlsx::tiny();
    assert_eq!(code_of("a.xlsx", &book[..book.len() / 2]), "file-damaged");
    let table = parquet::tiny();
    assert_eq!(code_of("a.parquet", &table[..table.len() / 2]), "file-damaged");
}

#[test]
fn packed_twice() {
    let twice = encodings::gzip(&encodings::zstd(b"a,b\n1,2\n"));
    assert_eq!(code_of("a.csv.gz", &twice), "file-format-not-read");
}

#[test]
fn a_packed_bomb_ends_early() {
    let limits = Limits { max_expansion_ratio: 100, ..Limits::default() };
    let bomb = encodings::zstd(&b"a,b\n1,2\n".repeat(16 << 20));
    let (_folder, path) = write("a.csv.zst", &bomb);
    let file = open(&path, &OpenOptions { limits, ..OpenOptions::default() }).unwrap();
    let error = file.for_each_chunk::<_, ReadError>(2, |_| (), |(), _| Ok(())).unwrap_err();
    assert_eq!(code(&error), "file-too-large-unpacked");
}

#[test]
fn a_json_document_is_not_json_lines() {
    assert_eq!(code_of("a.json", b"[\n {\"a\": 1},\n {\"a\": 2}\n]\n"), "json-not-lines");
    assert_eq!(code_of("a.json", b"{\n \"a\": 1\n}\n"), "json-not-lines");
}

#[test]
fn foreign_files_are_named_in_both_languages() {
    let told = |bytes: &[u8], language| {
        let (_folder, path) = write("a.csv", bytes);
        read_path(&path, &OpenOptions::default()).unwrap_err().problem().message(language)
    };
    assert_eq!(told(b"\x89PNG\r\n", Language::En), "the file holds a PNG picture, which is not read here");
    assert_eq!(told(b"\x89PNG\r\n", Language::Zh), "文件内容是 PNG 图片，这里不读取这种格式");
    assert_eq!(told(b"<!DOCTYPE html>", Language::Zh), "文件内容是 网页（HTML），这里不读取这种格式");
}
