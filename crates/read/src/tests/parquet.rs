use std::sync::Arc;

use clientele_engine::arrow::array::*;
use clientele_engine::arrow::datatypes::{Field, Int32Type, Schema};
use clientele_engine::arrow::record_batch::RecordBatch;
use clientele_engine::parquet::arrow::ArrowWriter;
use clientele_engine::parquet::file::properties::WriterProperties;

use super::super::Limits;
use super::*;

fn file(columns: Vec<(&str, ArrayRef)>, group: usize) -> Vec<u8> {
    let fields: Vec<Field> =
        columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap();
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(group)).build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

pub(super) fn tiny() -> Vec<u8> {
    file(
        vec![
            ("id", Arc::new(Int32Array::from(vec![1, 2]))),
            ("name", Arc::new(StringArray::from(vec!["a", "b"]))),
        ],
        10,
    )
}

#[test]
fn values_come_out_exactly() {
    let micros = 1_291_191_960_000_000;
    let bytes = file(
        vec![
            ("int", Arc::new(Int64Array::from(vec![Some(i64::MAX), None])) as ArrayRef),
            ("float", Arc::new(Float64Array::from(vec![17850.0, 0.1 + 0.2]))),
            ("float32", Arc::new(Float32Array::from(vec![-0.0, 0.1]))),
            (
                "money",
                Arc::new(Decimal128Array::from(vec![1250, -5]).with_precision_and_scale(18, 2).unwrap()),
            ),
            ("plain", Arc::new(TimestampMicrosecondArray::from(vec![micros, micros + 5]))),
            ("zoned", Arc::new(TimestampMillisecondArray::from(vec![-1, 0]).with_timezone("+08:00"))),
            ("nano", Arc::new(TimestampNanosecondArray::from(vec![1, 1_000]))),
            ("day", Arc::new(Date32Array::from(vec![14_944, 0]))),
            ("yes", Arc::new(BooleanArray::from(vec![true, false]))),
            ("kind", Arc::new(DictionaryArray::<Int32Type>::from_iter(["x", "y"]))),
            ("bytes", Arc::new(BinaryArray::from(vec![b"ok".as_slice(), b"\xFF\x00"]))),
        ],
        10,
    );
    let table = read("a.parquet", &bytes);
    assert_eq!(table.info.rows_hint, Some(2));
    assert_eq!(
        table.values(),
        [
            [
                "9223372036854775807",
                "17850",
                "0",
                "12.50",
                "2010-12-01T08:26:00",
                "1969-12-31T23:59:59.999000Z",
                "1970-01-01T00:00:00.000000001",
                "2010-12-01",
                "true",
                "x",
                "ok"
            ],
            [
                "",
                "0.30000000000000004",
                "0.1",
                "-0.05",
                "2010-12-01T08:26:00.000005",
                "1970-01-01T00:00:00Z",
                "1970-01-01T00:00:00.000001",
                "1970-01-01",
                "false",
                "y",
                "0xff00"
            ],
        ]
    );
}

#[test]
fn many_groups_come_in_order() {
    let ids: Vec<i32> = (0..50_000).collect();
    let bytes = file(vec![("id", Arc::new(Int32Array::from(ids)))], 7_000);
    let (_folder, path) = write("a.parquet", &bytes);
    let table = collect(&open(&path, &OpenOptions::default()).unwrap().with_block_bytes(9_999), 3).unwrap();
    assert!(table.totals.chunks > 5);
    assert!(table.rows.iter().enumerate().all(|(i, row)| row.0 == i as u64 + 1 && row.2[0] == i.to_string()));
}

#[test]
fn bad_parquet() {
    let none: ArrayRef = Arc::new(Int32Array::from(Vec::<i32>::new()));
    assert_eq!(code_of("a.parquet", &file(vec![("id", none)], 10)), "file-without-rows");
    let one: ArrayRef = Arc::new(Int32Array::from(vec![1]));
    assert_eq!(code_of("a.parquet", &file(vec![("id", one.clone()), ("id", one)], 10)), "column-twice");
    let (_folder, path) =
        write("a.parquet", &file(vec![("t", Arc::new(StringArray::from(vec!["a", "abc"])))], 10));
    let options =
        OpenOptions { limits: Limits { max_field_bytes: 2, ..Limits::default() }, ..OpenOptions::default() };
    assert_eq!(code(&read_path(&path, &options).unwrap_err()), "value-too-long");
}

#[test]
fn every_damage_is_an_error_or_harmless() {
    let whole = file(vec![("id", Arc::new(Int32Array::from((0..100).collect::<Vec<_>>())))], 10);
    for at in (4..whole.len() - 4).step_by(3) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        let _ = try_read("a.parquet", &damaged);
    }
}

#[test]
fn online_retail() {
    let Some(path) = data("online_retail/online_retail.parquet") else {
        return eprintln!("skipped: the Online Retail file is not here");
    };
    let file = open(&path, &OpenOptions::default()).unwrap();
    let totals = file.for_each_chunk::<_, ReadError>(2, |chunk| chunk.rows(), |_, _| Ok(())).unwrap();
    assert_eq!((totals.rows, totals.bad_rows), (541_909, 0));
}
