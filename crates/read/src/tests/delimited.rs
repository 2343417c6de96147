use super::*;

#[test]
fn a_plain_table() {
    let table = read("a.csv", b"id,name,amount\n1,Ada,2.50\n2,Bo,3\n");
    assert_eq!(table.header(), ["id", "name", "amount"]);
    assert_eq!(table.values(), [["1", "Ada", "2.50"], ["2", "Bo", "3"]]);
    assert_eq!(table.rows.iter().map(|row| (row.0, row.1)).collect::<Vec<_>>(), [(1, 2), (2, 3)]);
    assert_eq!(table.info.delimiter, Some(b','));
    assert_eq!(table.info.encoding, Some("UTF-8"));
    assert_eq!(table.info.header_line, Some(1));
    assert_eq!(table.totals, FileTotals { rows: 2, bad_rows: 0, chunks: 1 });
}

#[test]
fn delimiters_are_found_with_quotes_respected() {
    for (delimiter, name) in [(b',', "a.csv"), (b'\t', "a.tsv"), (b';', "a.csv"), (b'|', "a.txt")] {
        let text = "id,note,sum\n1,\"a; b| c, d\t e\",\"1,5\"\n2,x,\"2,5\"\n"
            .split(',')
            .collect::<Vec<_>>()
            .join("\u{1}");
        // The commas inside quotes must stay commas.
        let text = text.replace("c\u{1} d", "c, d").replace("1\u{1}5", "1,5").replace("2\u{1}5", "2,5");
        let table = read(name, text.replace('\u{1}', &char::from(delimiter).to_string()).as_bytes());
        assert_eq!(table.info.delimiter, Some(delimiter));
        assert_eq!(table.values(), [["1", "a; b| c, d\t e", "1,5"], ["2", "x", "2,5"]]);
    }
}

#[test]
fn decimal_commas_do_not_pass_for_delimiters() {
    let table = read("a.csv", b"x;y;z\n1,5;2,5;3,5\n4,5;5,5;6,5\n");
    assert_eq!(table.info.delimiter, Some(b';'));
    assert_eq!(table.values()[0], ["1,5", "2,5", "3,5"]);
}

#[test]
fn line_ends_blank_lines_and_a_missing_last_line_end() {
    for end in ["\n", "\r\n", "\r"] {
        let text = ["a,b", "", "1,2", "  ", "", "3,4"].join(end);
        let table = read("a.csv", text.as_bytes());
        assert_eq!(table.values(), [["1", "2"], ["3", "4"]], "{end:?}");
        assert_eq!(table.rows.iter().map(|row| (row.0, row.1)).collect::<Vec<_>>(), [(1, 3), (2, 6)]);
    }
}

#[test]
fn quotes() {
    let table = read("a.csv", b"id,text\r\n1,\"two\r\nlines\"\r\n2,\"say \"\"hi\"\"\"\r\n3,5\" wide\r\n4,=\"0012\"\r\n5,\"a\"b\r\n6,\"\"\r\n");
    let texts: Vec<&str> = table.values().iter().map(|row| row[1]).collect();
    assert_eq!(texts, ["two\r\nlines", "say \"hi\"", "5\" wide", "=\"0012\"", "ab", ""]);
    assert_eq!(table.rows.iter().map(|row| row.1).collect::<Vec<_>>(), [2, 4, 5, 6, 7, 8]);
}

#[test]
fn single_quotes_only_where_they_wrap() {
    let wrapped = read("a.csv", b"id,t\n'1','a,b'\n'2','c'\n");
    assert_eq!(wrapped.values(), [["1", "a,b"], ["2", "c"]]);
    let leading = read("a.csv", b"id,zip\n'1','0123\n'2','0456\n");
    assert_eq!(leading.values(), [["'1'", "'0123"], ["'2'", "'0456"]]);
}

#[test]
fn tabs_with_quotes_as_they_are() {
    let table = read("a.tsv", b"id\tt\n1\t\"open\n2\tb\n3\t\"c\n");
    assert_eq!(table.info.quote, None);
    assert_eq!(table.values()[0], ["1", "\"open"]);
}

#[test]
fn ragged_rows_are_bad_and_keep_their_places() {
    let table = read("a.csv", b"a,b\n1,2\n3\n4,5\n6,7,8\n\n9,0\n");
    assert_eq!(table.values(), [["1", "2"], ["4", "5"], ["9", "0"]]);
    assert_eq!(table.rows.iter().map(|row| (row.0, row.1)).collect::<Vec<_>>(), [(1, 2), (3, 4), (5, 7)]);
    assert_eq!(table.reasons(), [(2, 3, "too_few_fields"), (4, 5, "too_many_fields")]);
    assert_eq!(table.bad[1].raw, "6,7,8");
}

#[test]
fn ragged_rows_among_quotes() {
    let table = read("a.csv", b"a,b\n\"1\n1\",2\n3\n\"4\",5,6\n7,\"8\"\n");
    assert_eq!(table.values(), [["1\n1", "2"], ["7", "8"]]);
    assert_eq!(table.reasons(), [(2, 4, "too_few_fields"), (3, 5, "too_many_fields")]);
}

#[test]
fn a_delimiter_at_the_end_of_each_line() {
    let table = read("a.csv", b"a,b,\n1,2,\n3,4,\n");
    assert_eq!(table.header(), ["a", "b", "column_3"]);
    assert_eq!(table.values(), [["1", "2", ""], ["3", "4", ""]]);
}

#[test]
fn missing_names_are_made_up_and_stay_unique() {
    assert_eq!(read("a.csv", b"a,,column_2\n1,2,3\n").header(), ["a", "column_2_", "column_2"]);
    assert_eq!(read("a.csv", b" a , b\n1,2\n").header(), ["a", "b"]);
}

#[test]
fn a_first_line_of_figures_is_data() {
    let table = read("a.csv", b"1,2020-01-02,3.5\n2,2020-01-03,4\n");
    assert_eq!(table.header(), ["column_1", "column_2", "column_3"]);
    assert_eq!(table.info.header_line, None);
    assert_eq!(table.rows[0].1, 1);
    assert_eq!(table.rows.len(), 2);
}

#[test]
fn the_user_may_say_whether_there_is_a_header() {
    let (_folder, path) = write("a.csv", b"C1,x\nC2,y\n");
    let options = OpenOptions { header: Some(false), ..OpenOptions::default() };
    assert_eq!(read_path(&path, &options).unwrap().rows.len(), 2);
}

#[test]
fn a_title_above_the_table() {
    let table = read("a.csv", "订单报表,,\n编号,名称,金额\n1,甲,3\n2,乙,4\n".as_bytes());
    assert_eq!(table.header(), ["编号", "名称", "金额"]);
    assert_eq!(table.info.header_line, Some(2));
    assert_eq!(table.rows[0].1, 3);
}

#[test]
fn one_column() {
    let table = read("a.csv", b"email\na@b.example\nc@d.example\n");
    assert_eq!(table.values(), [["a@b.example"], ["c@d.example"]]);
    assert_eq!(table.info.delimiter, None);
}

#[test]
fn columns_between_blanks() {
    let table = read("a.txt", b" id  date   sum\n 00001 19970101  1.5\n 00002 19970112 12.00\n");
    assert_eq!(table.info.delimiter, Some(b' '));
    assert_eq!(table.header(), ["id", "date", "sum"]);
    assert_eq!(table.values(), [["00001", "19970101", "1.5"], ["00002", "19970112", "12.00"]]);
}

#[test]
fn cdnow() {
    let (Some(master), Some(sample)) = (data("cdnow/CDNOW_master.txt"), data("cdnow/CDNOW_sample.txt"))
    else {
        return eprintln!("skipped: the CDNOW files are not here");
    };
    let master = read_path(&master, &OpenOptions::default()).unwrap();
    assert_eq!(master.header(), ["customer_id", "date", "number_of_cds", "dollar_value"]);
    assert_eq!((master.rows.len(), master.bad.len()), (69_659, 0));
    let sample = read_path(&sample, &OpenOptions::default()).unwrap();
    assert_eq!((sample.rows.len(), sample.header().len(), sample.info.header_line), (6_919, 5, None));
}
