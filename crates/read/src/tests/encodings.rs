use std::io::Write;

use encoding_rs::{GB18030, WINDOWS_1252};

use super::*;

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(super) fn zstd(bytes: &[u8]) -> Vec<u8> {
    ::zstd::encode_all(bytes, 3).unwrap()
}

fn utf16(text: &str, big: bool, mark: bool) -> Vec<u8> {
    let units = mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
    units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

const TEXT: &str = "订单编号,买家会员名,金额\n=\"001\",\"张三,李四\",12.50元\n2,𠮷野家 café,3\n";

#[test]
fn every_encoding_in_every_packing() {
    let gb = GB18030.encode(TEXT).0.into_owned();
    let encodings = [
        ("UTF-8", TEXT.as_bytes().to_vec()),
        ("UTF-8", format!("\u{FEFF}{TEXT}").into_bytes()),
        ("UTF-16LE", utf16(TEXT, false, true)),
        ("UTF-16BE", utf16(TEXT, true, true)),
        ("UTF-16LE", utf16(TEXT, false, false)),
        ("UTF-16BE", utf16(TEXT, true, false)),
        ("gb18030", gb),
    ];
    for (encoding, bytes) in encodings {
        for (name, packed) in
            [("a.csv", bytes.clone()), ("a.csv.gz", gzip(&bytes)), ("a.csv.zst", zstd(&bytes))]
        {
            let table = read(name, &packed);
            assert_eq!(table.info.encoding, Some(encoding), "{name}");
            assert_eq!(table.header(), ["订单编号", "买家会员名", "金额"]);
            assert_eq!(table.values(), [["=\"001\"", "张三,李四", "12.50元"], ["2", "𠮷野家 café", "3"]]);
        }
    }
}

#[test]
fn json_lines_in_every_packing() {
    let text = "{\"a\":\"张\"}\n{\"a\":\"b\"}\n".as_bytes();
    for (name, packed) in
        [("a.jsonl", text.to_vec()), ("a.jsonl.gz", gzip(text)), ("a.jsonl.zst", zstd(text))]
    {
        assert_eq!(read(name, &packed).values(), [["张", ""], ["b", ""]]);
    }
}

#[test]
fn packed_workbooks_and_parquet() {
    assert_eq!(read("a.xlsx.gz", &gzip(&xlsx::tiny())).rows.len(), 2);
    assert_eq!(read("a.parquet.zst", &zstd(&parquet::tiny())).rows.len(), 2);
}

#[test]
fn several_members_are_one_text() {
    let packed = [gzip(b"a,b\n1,2\n"), gzip(b"3,4\n")].concat();
    assert_eq!(read("a.csv.gz", &packed).values(), [["1", "2"], ["3", "4"]]);
}

#[test]
fn western_text_stays_western() {
    let text = "name,city\nMüller,Köln\nJosé,Málaga\nZoë,Orléans\nFrançois,Besançon\n";
    let table = read("a.csv", &WINDOWS_1252.encode(text).0);
    assert_eq!(table.info.encoding, Some("windows-1252"));
    assert_eq!(table.values()[0], ["Müller", "Köln"]);
}

#[test]
fn an_encoding_that_shows_only_far_in() {
    let mut text = "id,name\n".to_owned();
    (0..400_000).for_each(|i| text.push_str(&format!("{i},abc\n")));
    text.push_str("9,张三\n");
    let table = read("a.csv", &GB18030.encode(&text).0);
    assert_eq!(table.info.encoding, Some("gb18030"));
    assert_eq!(table.rows.last().unwrap().2, ["9", "张三"]);
}

#[test]
fn broken_characters_spoil_their_rows_only() {
    let mut text = "id,name\n".to_owned();
    (0..20).for_each(|i| text.push_str(&format!("{i},张三\n")));
    let mut bytes = text.into_bytes();
    let offset = bytes.len() as u64 + 3;
    bytes.extend_from_slice(b"20,\xFFx\n21,ok\n");
    let table = read("a.csv", &bytes);
    assert_eq!(table.info.encoding, Some("UTF-8"));
    assert_eq!(table.rows.len(), 21);
    assert_eq!(table.reasons(), [(21, 22, "not_text")]);
    assert_eq!(table.bad[0].reason, super::super::BadReason::NotText { offset });
}

#[test]
fn broken_gb18030_and_utf16_spoil_their_rows_only() {
    let gb = [
        GB18030.encode("编号,名称\n1,张三\n2,").0.into_owned(),
        b"\xFF\xFF\n3,".to_vec(),
        GB18030.encode("李四\n").0.into_owned(),
    ]
    .concat();
    let table = read("a.csv", &gb);
    assert_eq!((table.rows.len(), table.reasons()), (2, vec![(2, 3, "not_text")]));
    let mut wide = utf16("编号,名称\n1,张三\n2,", false, true);
    wide.extend_from_slice(&[0x00, 0xD8]);
    wide.extend(utf16("x\n3,李四\n", false, false));
    let table = read("a.csv", &wide);
    assert_eq!((table.rows.len(), table.reasons()), (2, vec![(2, 3, "not_text")]));
}

#[test]
fn the_user_may_name_the_encoding() {
    let (_folder, path) = write("a.csv", &GB18030.encode("a,b\n1,中\n").0);
    let options = OpenOptions { encoding: Some("GBK".into()), ..OpenOptions::default() };
    assert_eq!(read_path(&path, &options).unwrap().values(), [["1", "中"]]);
}
