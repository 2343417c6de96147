use super::*;

fn numbers(n: usize) -> Vec<u8> {
    let mut text = "id,square\n".to_owned();
    (0..n).for_each(|i| text.push_str(&format!("{i},{}\n", i * i)));
    text.into_bytes()
}

#[test]
fn chunks_come_in_file_order_whatever_the_threads() {
    let (_folder, path) = write("a.csv", &numbers(20_000));
    for threads in [0, 1, 2, 7] {
        let file = open(&path, &OpenOptions::default()).unwrap().with_block_bytes(1_000);
        let table = collect(&file, threads).unwrap();
        assert!(table.totals.chunks > 100);
        assert!(
            table.rows.iter().enumerate().all(|(i, row)| {
                row.0 == i as u64 + 1 && row.1 == i as u64 + 2 && row.2[0] == i.to_string()
            })
        );
    }
}

#[test]
fn an_error_of_the_sink_ends_the_reading() {
    #[derive(Debug)]
    enum Stop {
        Read,
        Sink,
    }
    impl From<ReadError> for Stop {
        fn from(_: ReadError) -> Self {
            Self::Read
        }
    }
    let (_folder, path) = write("a.csv", &numbers(20_000));
    let file = open(&path, &OpenOptions::default()).unwrap().with_block_bytes(100);
    let mut seen = 0;
    let result = file.for_each_chunk(
        2,
        |_| (),
        |(), _| {
            seen += 1;
            if seen == 3 { Err(Stop::Sink) } else { Ok(()) }
        },
    );
    assert!(matches!(result, Err(Stop::Sink)));
    assert_eq!(seen, 3);
}

#[test]
fn what_stands_before_an_error_is_handed_over() {
    let mut text = numbers(50_000);
    text.extend_from_slice(b"1,\"open\n2,3\n");
    let (_folder, path) = write("a.csv", &text);
    let file = open(&path, &OpenOptions::default()).unwrap().with_block_bytes(500);
    let mut rows = 0;
    let result = file.for_each_chunk::<_, ReadError>(
        2,
        |chunk| chunk.rows(),
        |n, _| {
            rows += n;
            Ok(())
        },
    );
    assert_eq!(result.unwrap_err().problem().kind.code, "unclosed-quote");
    assert_eq!(rows, 50_000);
}

#[test]
fn a_panic_in_map_reaches_the_caller() {
    let (_folder, path) = write("a.csv", &numbers(5_000));
    let file = open(&path, &OpenOptions::default()).unwrap().with_block_bytes(500);
    let run = || {
        file.for_each_chunk::<(), ReadError>(
            2,
            |chunk| assert!(chunk.first_row < 2_000, "boom"),
            |_, _| Ok(()),
        )
    };
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).is_err());
}

#[test]
fn a_sample_has_the_first_rows_and_their_numbers() {
    let (_folder, path) = write("a.csv", b"a,b\n1,2\n3\n4,5\n6,7\n");
    let file = open(&path, &OpenOptions::default()).unwrap();
    let sample = file.sample(3);
    assert_eq!((sample.rows(), sample.bad.len()), (2, 1));
    assert_eq!((sample.row_number(1), sample.line_number(1)), (3, 4));
    assert_eq!(sample.columns[0].iter().collect::<Vec<_>>(), ["1", "4"]);
    assert_eq!(file.sample(1).bad.len(), 0);
    assert_eq!(file.sample(100).rows(), 3);
}
