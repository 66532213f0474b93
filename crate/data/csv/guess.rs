//! What a table of text most likely means: its separator, decimal mark, heading, coordinates and label.

use std::collections::HashSet;

use super::records::{Record, records};
use crate::data::points::{MAX_CLASSES, MAX_DIMENSION};

/// Records that guesses look at.
const SAMPLE: usize = 200;
/// The one that is taken where two fit equally well comes first.
const SEPARATORS: [char; 3] = [';', '\t', ','];
/// Headings of labels.
const LABELS: [&str; 6] = ["label", "class", "target", "category", "species", "type"];
/// Headings of columns that only number the rows.
const NUMBERING: [&str; 4] = ["id", "index", "row", "unnamed: 0"];

/// The separator under which most fields are numbers, then the one that most records agree on.
pub fn separator(text: &str) -> Option<char> {
    let judge = |separator: char| {
        let sample = records(text, separator, SAMPLE);
        let columns = columns(&sample);
        let agreeing = sample.iter().filter(|record| record.fields.len() == columns);
        let mark = decimal_mark(&sample, separator);
        let numbers: usize =
            agreeing.clone().map(|r| r.fields.iter().filter(|f| is_number(f, mark)).count()).sum();
        (columns > 1).then_some((numbers, agreeing.count()))
    };
    // The last of equals would win in max_by_key.
    SEPARATORS
        .into_iter()
        .rev()
        .filter_map(|s| Some((s, judge(s)?)))
        .max_by_key(|(_, score)| *score)
        .map(|(s, _)| s)
}

/// How many fields most records have; of equals the larger number.
pub fn columns(sample: &[Record]) -> usize {
    let mut counts: Vec<usize> = Vec::new();
    for record in sample.iter().filter(|record| record.flaw.is_none()) {
        let fields = record.fields.len();
        counts.resize(counts.len().max(fields + 1), 0);
        counts[fields] += 1;
    }
    (0..counts.len()).max_by_key(|fields| counts[*fields]).unwrap_or(0)
}

/// A comma where it does not separate and more numbers have one than have a point.
pub fn decimal_mark(sample: &[Record], separator: char) -> char {
    if separator == ',' {
        return '.';
    }
    let count = |mark: char| {
        let fields = sample.iter().take(SAMPLE).flat_map(|record| &record.fields);
        fields.filter(|field| field.contains(mark) && number(field, mark).is_some()).count()
    };
    if count(',') > count('.') { ',' } else { '.' }
}

/// The number that a field says, finite or not.
pub fn number(field: &str, mark: char) -> Option<f64> {
    // Tables from word processors have the true minus sign.
    let plain = field.replace('\u{2212}', "-");
    if mark == '.' {
        return plain.parse().ok();
    }
    if plain.contains('.') { None } else { plain.replacen(mark, ".", 1).parse().ok() }
}

fn is_number(field: &str, mark: char) -> bool {
    number(field, mark).is_some()
}

/// Whether most of what stands in each column is a number; the first record may be a heading.
pub fn numeric(rows: &[Record], columns: usize, mark: char) -> Vec<bool> {
    let is_numeric = |column: usize| {
        let fields =
            || rows.iter().take(SAMPLE).filter_map(|row| row.fields.get(column)).filter(|f| !f.is_empty());
        2 * fields().filter(|field| is_number(field, mark)).count() > fields().count()
    };
    (0..columns).map(is_numeric).collect()
}

/// Whether the first record names the columns: it has no number where there are numbers below it.
pub fn has_header(all: &[Record], columns: usize, mark: char) -> bool {
    let Some((first, rows)) = all.split_first() else { return false };
    let numeric = numeric(rows, columns, mark);
    let mut fields =
        first.fields.iter().zip(&numeric).filter(|(_, numeric)| **numeric).map(|(field, _)| field);
    numeric.contains(&true) && fields.all(|field| !is_number(field, mark))
}

/// The columns of the coordinates and that of the label, which may be given.
pub fn choice(
    names: &[String],
    numeric: &[bool],
    rows: &[Record],
    label: Option<usize>,
) -> (Vec<usize>, usize) {
    let few = |column: &usize| {
        let fields = rows.iter().filter_map(|row| row.fields.get(*column));
        fields.collect::<HashSet<_>>().len() <= MAX_CLASSES
    };
    let named = |column: &usize| is_one_of(&names[*column], &LABELS);
    let last = names.len() - 1;
    let columns = || 0..names.len();
    let label = label
        .or_else(|| columns().find(named))
        .or_else(|| columns().rev().find(|column| !numeric[*column] && few(column)))
        .or_else(|| Some(last).filter(few))
        .or_else(|| columns().find(few))
        .unwrap_or(last);
    let numbering = |column: &usize| is_one_of(&names[*column], &NUMBERING);
    let coordinates: Vec<usize> = columns().filter(|c| *c != label && numeric[*c]).collect();
    let measured: Vec<usize> = coordinates.iter().copied().filter(|c| !numbering(c)).collect();
    let mut chosen = if measured.is_empty() { coordinates } else { measured };
    chosen.truncate(MAX_DIMENSION);
    (chosen, label)
}

fn is_one_of(name: &str, known: &[&str]) -> bool {
    known.iter().any(|other| name.eq_ignore_ascii_case(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_found_among_decimal_commas() {
        let cases = [
            ("x,y,label\n0.5,1,a\n", Some(',')),
            ("x;y;label\n0,5;1,5;a\n", Some(';')),
            ("0,5;1,5\n2,5;3,5\n", Some(';')),
            ("x\ty\tlabel\n0,5\t1,5\ta\n", Some('\t')),
            ("0.5,1,\"a;b;c\"\n2,3,\"d;e;f\"\n", Some(',')),
            ("x,y,label\n0.5,1,a;b\n1,2,a;b\n", Some(',')),
            ("one\ntwo\n", None),
        ];
        for (text, expected) in cases {
            assert_eq!(separator(text), expected, "{text:?}");
        }
    }

    #[test]
    fn numbers_with_either_mark() {
        let cases = [
            ("1.5", '.', Some(1.5)),
            ("1,5", ',', Some(1.5)),
            ("1,5", '.', None),
            ("1.5", ',', None),
            ("1.234,5", ',', None),
            ("1,2,3", ',', None),
            ("\u{2212}2e-1", '.', Some(-0.2)),
            ("+7", ',', Some(7.0)),
            ("", '.', None),
            ("0x10", '.', None),
        ];
        for (text, mark, expected) in cases {
            assert_eq!(number(text, mark), expected, "{text}");
        }
        let mark = |text: &str| decimal_mark(&records(text, ';', 9), ';');
        assert_eq!(mark("1,5;2\n3;4"), ',');
        assert_eq!(mark("1.5;2\n3;4"), '.');
        assert_eq!(decimal_mark(&records("1,5,2,5", ',', 9), ','), '.');
    }

    #[test]
    fn a_first_line_is_a_heading_only_where_numbers_follow() {
        let header = |text: &str| {
            let all = records(text, ',', 9);
            has_header(&all, columns(&all), '.')
        };
        assert!(header("x,y,label\n1,2,a\n3,4,b"));
        assert!(!header("1,2,a\n3,4,b"));
        // A bad first row is to be reported, not taken for a heading.
        assert!(!header("oops,2,a\n3,4,b\n5,6,a"));
        assert!(!header("a,b\nc,d"));
        assert!(!header("x,y"));
    }

    #[test]
    fn the_label_is_named_or_text_or_takes_few_values() {
        let guess = |text: &str| {
            let all = records(text, ',', 99);
            let names = all[0].fields.clone();
            choice(&names, &numeric(&all[1..], names.len(), '.'), &all[1..], None)
        };
        assert_eq!(guess("x,y,label\n1,2,a\n3,4,b"), (vec![0, 1], 2));
        assert_eq!(guess("Class,x,y\n1,2,1\n2,4,1"), (vec![1, 2], 0));
        assert_eq!(guess("id,x,kind,y\n1,2,a,3\n2,4,b,3"), (vec![1, 3], 2));
        let rows: String = (0..40).map(|i| format!("{},{i},{}\n", i % 2, i * i)).collect();
        assert_eq!(guess(&format!("digit,x,y\n{rows}")), (vec![1, 2], 0));
        let rows: String = (0..40).map(|i| format!("{i},{i},{}\n", i % 2)).collect();
        assert_eq!(guess(&format!("x,y,z\n{rows}")), (vec![0, 1], 2));
        let wide: String = (0..90).map(|i| format!("{i},")).collect();
        assert_eq!(guess(&format!("{wide}c\n{wide}a")).0.len(), MAX_DIMENSION);
    }
}
