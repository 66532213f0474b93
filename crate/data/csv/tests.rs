use proptest::prelude::*;

use super::*;

fn guess_all(text: &str) -> Reading {
    read(text, &Options::default())
}

fn bad(text: &str) -> Vec<(usize, String)> {
    guess_all(text).bad.into_iter().map(|bad| (bad.line, bad.reason)).collect()
}

#[test]
fn reads_a_table_with_a_heading() {
    let found = guess_all("\u{feff}x,y,kind\r\n0.5,-1,b\r\n\r\n2,3e-1,a\r\n1,1,b\r\n");
    assert_eq!((found.separator, found.header, found.decimal_comma), (Some(','), true, false));
    let columns: Vec<_> = found.columns.iter().map(|c| (c.name.as_str(), c.numeric)).collect();
    assert_eq!(columns, [("x", true), ("y", true), ("kind", false)]);
    assert_eq!((found.coordinates.as_slice(), found.label, found.rows), (&[0, 1][..], 2, 3));
    assert_eq!(found.preview[1], ["2", "3e-1", "a"]);
    assert_eq!(found.problem, None);
    let classes: Vec<_> = found.classes.iter().map(|c| (c.name.as_str(), c.points)).collect();
    assert_eq!(classes, [("b", 2), ("a", 1)]);
    let points = found.points.unwrap();
    assert_eq!((points.dimension, points.classes), (2, 2));
    assert_eq!(points.inputs, [0.5, -1.0, 2.0, 0.3, 1.0, 1.0]);
    assert_eq!(points.labels, [0, 1, 0]);
}

#[test]
fn reads_semicolons_with_decimal_commas_and_tabs_without_a_heading() {
    for text in ["0,5;\u{2212}1,25;yes\n2;3;no\n", "0,5\t-1,25\tyes\n2\t3\tno\n"] {
        let found = guess_all(text);
        assert!(found.decimal_comma && !found.header, "{found:?}");
        assert_eq!(found.columns[2].name, "3");
        assert_eq!(found.points.unwrap().inputs, [0.5, -1.25, 2.0, 3.0]);
    }
}

#[test]
fn every_bad_row_is_named_with_its_line_and_the_others_are_used() {
    let text = "x,y,label\n0,0,a\n1,1\n2,2,b,c\nfour,0,a\n,0,a\n0,inf,a\n0,NaN,b\n1e400,0,b\n2e6,0,b\n0,1,\n\"0,1,a\n1,0,b,\n";
    assert_eq!(
        bad(text),
        [
            (3, "expected 3 columns; found 2"),
            (4, "expected 3 columns; found 4"),
            (5, "expected a number in column x; found “four”"),
            (6, "expected a number in column x; it is empty"),
            (7, "expected a finite number in column y; found “inf”"),
            (8, "expected a finite number in column y; found “NaN”"),
            (9, "expected a finite number in column x; found “1e400”"),
            (10, "expected a number from -1e6 to 1e6 in column x, unless standardized; found “2e6”"),
            (11, "expected a label in column label; it is empty"),
            (12, "in column 1 a quote is never closed"),
        ]
        .map(|(line, reason)| (line, reason.to_owned()))
    );
    let points = guess_all(text).points.unwrap();
    assert_eq!(points.inputs, [0.0, 0.0, 1.0, 0.0]);
    assert_eq!(points.labels, [0, 1]);
    assert_eq!(
        bad("1;2,5;a\n2;3,5;b\n1;4.5;b\n")[0].1,
        "expected a number with a decimal comma in column 2; found “4.5”"
    );
}

#[test]
fn the_list_of_bad_rows_is_bounded_and_their_number_is_not() {
    let rows = "x,0,a\n".repeat(150);
    let good = "1,0,a\n2,1,b\n".repeat(100);
    let found = guess_all(&(good + &rows));
    assert_eq!((found.bad.len(), found.bad_count, found.rows), (100, 150, 350));
    assert_eq!(found.bad[99].line, 300);
    assert_eq!(found.points.unwrap().len(), 200);
}

#[test]
fn a_choice_overrules_the_guess() {
    let options =
        Options::from_json(r#"{"separator":";","header":true,"coordinates":[2],"label":0}"#).unwrap();
    let found = read("1;2;3\n4;5;6\n7;8;9\n", &options);
    assert_eq!(found.columns[0].name, "1");
    let points = found.points.unwrap();
    assert_eq!((points.inputs, points.labels), (vec![6.0, 9.0], vec![0, 1]));
    let label = Options { label: Some(0), ..Options::default() };
    assert_eq!(read("1,2,3\n4,5,6\n", &label).coordinates, [1, 2]);
}

#[test]
fn labels_that_are_numbers_stand_in_numerical_order() {
    let names = |text: &str| guess_all(text).classes.into_iter().map(|class| class.name).collect::<Vec<_>>();
    assert_eq!(names("x,label\n1,10\n2,9\n3,-1\n4,9.0\n"), ["-1", "9", "10"]);
    assert_eq!(names("x,label\n1,10\n2,9\n3,b\n4,9.0\n"), ["10", "9", "b", "9.0"]);
    assert_eq!(guess_all("x,label\n1,10\n2,9\n3,-1\n4,9.0\n").points.unwrap().labels, [2, 1, 0, 1]);
}

#[test]
fn what_cannot_be_trained_on_is_said_in_a_sentence() {
    let with = |part: Options, text: &str| read(text, &part).problem.unwrap();
    let plain = |text: &str| with(Options::default(), text);
    let chosen = |coordinates: &[usize], label| Options {
        coordinates: Some(coordinates.to_vec()),
        label: Some(label),
        ..Options::default()
    };
    let seventeen: String = (0..17).map(|i| format!("{i},0.5,k{i}\n")).collect();
    let table = "x,y,label\n0,1,a\n1,0,b\n";
    let cases = [
        (plain(" \n\n"), "empty"),
        (plain("PK\u{3}\0"), "binary"),
        (plain("one\ntwo\n"), "single column"),
        (with(Options { separator: Some(','), ..Options::default() }, "\"a\"b\n"), "stray quote"),
        (plain("x,y,label\n"), "none is chosen"),
        (plain("x,label\n1,a\n"), "two rows or more that can be used; found 1"),
        (plain("x,label\n1,a\n2,a\n"), "2 to 16 classes; column label, chosen as the label, has 1"),
        (with(chosen(&[0, 1], 2), &seventeen), "2 to 16 classes; column 3, chosen as the label, has 17"),
        (with(chosen(&[], 2), table), "none is chosen"),
        (with(chosen(&[0, 2], 2), table), "label and as a coordinate"),
        (with(chosen(&[0, 0], 2), table), "x is chosen as a coordinate twice"),
        (with(chosen(&[0, 7], 2), table), "3 columns; column 8"),
        (with(chosen(&(0..65).collect::<Vec<_>>(), 65), table), "1 to 64 columns as coordinates; 65"),
        (plain(&"0,1\n".repeat(MAX_POINTS + 1)), "20000 rows"),
        (plain(&" ".repeat(MAX_BYTES + 1)), "32 MB"),
    ];
    for (problem, part) in cases {
        assert!(problem.contains(part), "{problem} should contain {part}");
    }
    let rows: String = (0..MAX_POINTS).map(|i| format!("{i},{}\n", i % 2)).collect();
    assert_eq!(guess_all(&format!("x,label\n{rows}")).points.unwrap().len(), MAX_POINTS);
    assert!(Options::from_json(r#"{"separator":"|"}"#).unwrap_err().to_string().contains("semicolon"));
    assert!(Options::from_json(r#"{"colour":1}"#).is_err());
}

#[test]
fn equal_points_with_different_labels_are_named_with_their_lines() {
    let found = guess_all("x,y,label\n0,1,a\nbad,1,b\n1,0,b\n-0.0,1,b\n0,1.0,a\n0,1,c\n");
    let lines: Vec<_> = found.contradictions.iter().map(|pair| pair.lines).collect();
    assert_eq!(lines, [[2, 5], [2, 7]]);
    assert_eq!(found.contradictions[1].labels, ["a", "c"]);
    assert_eq!(found.contradiction_count, 2);
    assert_eq!(found.points.unwrap().len(), 5);
}

#[test]
fn standardized_columns_have_mean_0_and_deviation_1() {
    let options = Options { standardize: true, ..Options::default() };
    let found = read("x,y,z,label\n1e7,5,1e308,a\n3e7,5,-1e308,b\n", &options);
    let standard = found.standard.unwrap();
    assert_eq!((standard[0].mean, standard[0].deviation), (2e7, 1e7));
    assert_eq!((standard[1].mean, standard[1].deviation), (5.0, 1.0));
    assert!((standard[2].deviation / 1e308 - 1.0).abs() < 1e-12);
    assert_eq!(found.points.unwrap().inputs, [-1.0, 0.0, 1.0, 1.0, 0.0, -1.0]);
    assert_eq!(guess_all("x,label\n1,a\n3,b\n").standard, None);
    // Lengths of text that are cut for display are not cut before they tell classes apart.
    let long = "k".repeat(60);
    let found = guess_all(&format!("x,label\n1,{long}a\n2,{long}b\n"));
    assert_eq!(found.classes[0].name.chars().count(), SHOWN + 1);
    assert_eq!(found.points.unwrap().classes, 2);
}

/// Writes a field as it must be quoted.
fn field(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

proptest! {
    #[test]
    fn what_was_written_is_read_back(
        inputs in prop::collection::vec((-1e6_f32..1e6, prop::num::f32::NORMAL | prop::num::f32::ZERO), 2..40),
        labels in prop::collection::vec("[a-z;, \"\n\t]{0,6}", 2..5),
        separator in prop::sample::select(vec![',', ';', '\t']),
        comma in any::<bool>(),
        end in prop::sample::select(vec!["\n", "\r\n"]),
        header in any::<bool>(),
    ) {
        let comma = comma && separator != ',';
        let number = |x: f32| if comma { x.to_string().replace('.', ",") } else { x.to_string() };
        let rows: Vec<(f32, f32, String)> = inputs
            .iter()
            .enumerate()
            .map(|(i, (x, y))| (*x, y.clamp(-1e6, 1e6), format!("k{}{}", i % labels.len(), labels[i % labels.len()])))
            .collect();
        let mut text = if header { format!("x{separator}y{separator}label{end}") } else { String::new() };
        for (x, y, label) in &rows {
            text += &format!("{}{separator}{}{separator}{}{end}", number(*x), number(*y), field(label));
        }
        let options = Options {
            separator: Some(separator),
            header: Some(header),
            coordinates: Some(vec![0, 1]),
            label: Some(2),
            standardize: false,
        };
        let found = read(&text, &options);
        prop_assert_eq!(&found.bad, &vec![]);
        let points = found.points.unwrap();
        let written: Vec<u32> = rows.iter().flat_map(|(x, y, _)| [x.to_bits(), y.to_bits()]).collect();
        prop_assert_eq!(points.inputs.iter().map(|x| x.to_bits()).collect::<Vec<_>>(), written);
        let expected: Vec<u16> = (0..rows.len()).map(|i| (i % labels.len()) as u16).collect();
        prop_assert_eq!(points.labels, expected);
    }

    #[test]
    fn no_text_panics(text in "[0-9a,;\t\"\n\r .é]{0,80}") {
        let found = guess_all(&text);
        prop_assert_eq!(found.points.is_none(), found.problem.is_some());
        prop_assert!(found.bad_count <= found.rows);
    }
}
