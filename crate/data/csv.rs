//! Tables of text (CSV) → labelled points.

mod guess;
mod records;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use self::records::{Record, records};
use super::points::{MAX_CLASSES, MAX_DIMENSION, MAX_POINTS, Points};
use crate::error::{LabError, Result};
use crate::json;

/// Longest text that is read, in bytes.
pub const MAX_BYTES: usize = 32 << 20;
/// Largest magnitude of a coordinate that is not standardized, as [`Points::check`] has it.
const LARGEST: f64 = 1e6;
/// Findings that are listed one by one; the others are counted.
const LISTED: usize = 100;
/// Rows that are shown.
const PREVIEW: usize = 8;
/// Characters of a field that are shown.
const SHOWN: usize = 40;

/// How a table is to be read. What is left out is guessed from the text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Options {
    /// `,` or `;` or a tab.
    pub separator: Option<char>,
    /// Whether the first line names the columns.
    pub header: Option<bool>,
    /// Columns of the coordinates, counted from 0.
    pub coordinates: Option<Vec<usize>>,
    /// Column of the label, counted from 0.
    pub label: Option<usize>,
    /// Whether each coordinate is shifted to mean 0 and scaled to standard deviation 1.
    pub standardize: bool,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// From the heading, or its number.
    pub name: String,
    /// Whether most of what it holds are numbers.
    pub numeric: bool,
}

/// A row that is not used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BadRow {
    /// Its line in the file, counted from 1.
    pub line: usize,
    /// Why.
    pub reason: String,
}

/// Two rows with the same coordinates and different labels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contradiction {
    /// Lines of both, counted from 1.
    pub lines: [usize; 2],
    /// What each is labelled.
    pub labels: [String; 2],
}

/// A class of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Class {
    /// Its label.
    pub name: String,
    /// Number of rows that have it.
    pub points: usize,
}

/// What was subtracted from a coordinate, and what it was divided by then: x ↦ (x − mean) / deviation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Standard {
    /// The mean over all rows that are used.
    pub mean: f64,
    /// The standard deviation (divisor n); 1 where all values are equal.
    pub deviation: f64,
}

/// A table as it was understood.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reading {
    /// What separates fields; none where the text is no table.
    pub separator: Option<char>,
    /// Whether numbers have a decimal comma.
    pub decimal_comma: bool,
    /// Whether the first line was taken for a heading.
    pub header: bool,
    /// Its columns.
    pub columns: Vec<Column>,
    /// The first rows, long fields cut.
    pub preview: Vec<Vec<String>>,
    /// Number of rows, good and bad, without the heading.
    pub rows: usize,
    /// Columns of the coordinates.
    pub coordinates: Vec<usize>,
    /// Column of the label.
    pub label: usize,
    /// Classes, in the order of their numbers.
    pub classes: Vec<Class>,
    /// The first rows that are not used.
    pub bad: Vec<BadRow>,
    /// Number of rows that are not used.
    pub bad_count: usize,
    /// The first pairs of equal points with different labels.
    pub contradictions: Vec<Contradiction>,
    /// Number of such pairs.
    pub contradiction_count: usize,
    /// For each coordinate, where standardization was asked for.
    pub standard: Option<Vec<Standard>>,
    /// Why there are no points.
    pub problem: Option<String>,
    /// The points of the good rows, if they can be trained on.
    #[serde(skip)]
    pub points: Option<Points>,
}

impl Options {
    /// Reads options from JSON.
    pub fn from_json(text: &str) -> Result<Self> {
        let options: Self = json::read(text, "options")?;
        match options.separator {
            None | Some(',' | ';' | '\t') => Ok(options),
            Some(other) => {
                let message = format!("allowed are a comma, a semicolon and a tab; got {other:?}");
                Err(LabError::field("separator", message))
            }
        }
    }
}

/// Reads a table. What cannot be used is said in [`Reading::problem`] and [`Reading::bad`], never dropped silently.
pub fn read(text: &str, options: &Options) -> Reading {
    let mut reading = Reading::default();
    match reading.fill(text, options) {
        Ok(points) => reading.points = Some(points),
        Err(problem) => reading.problem = Some(problem),
    }
    reading
}

/// A good row.
struct Row<'a> {
    line: usize,
    place: Vec<f64>,
    label: &'a str,
}

impl Reading {
    fn fill(&mut self, text: &str, options: &Options) -> std::result::Result<Points, String> {
        if text.len() > MAX_BYTES {
            return Err(format!("Allowed are files of up to {} MB.", MAX_BYTES >> 20));
        }
        if text.contains('\0') {
            return Err("Expected a table of text (CSV); this file holds binary data.".to_owned());
        }
        if text.trim_start_matches('\u{feff}').trim().is_empty() {
            return Err(
                "The file is empty; expected a row for each point, with its coordinates and its label."
                    .to_owned(),
            );
        }
        let Some(separator) = options.separator.or_else(|| guess::separator(text)) else {
            return Err(
                "Expected columns separated by commas, semicolons or tabs; found a single column.".to_owned()
            );
        };
        // A heading and one row too many, to see that there are too many.
        let all = records(text, separator, MAX_POINTS + 2);
        let mark = guess::decimal_mark(&all, separator);
        let width = guess::columns(&all);
        if width == 0 {
            return Err("Expected rows of fields; every line has a stray quote.".to_owned());
        }
        self.separator = Some(separator);
        self.decimal_comma = mark == ',';
        self.header = options.header.unwrap_or_else(|| guess::has_header(&all, width, mark));
        let (names, rows) =
            if self.header { (all[0].fields.as_slice(), &all[1..]) } else { (&[][..], &all[..]) };
        let names: Vec<String> = (0..width).map(|column| column_name(names, column)).collect();
        let numeric = guess::numeric(rows, width, mark);
        let (coordinates, label) = guess::choice(&names, &numeric, rows, options.label);
        self.coordinates = options.coordinates.clone().unwrap_or(coordinates);
        self.label = label;
        self.preview =
            rows.iter().take(PREVIEW).map(|row| row.fields.iter().map(|f| cut(f)).collect()).collect();
        self.rows = rows.len();
        self.columns =
            names.into_iter().zip(numeric).map(|(name, numeric)| Column { name, numeric }).collect();
        if self.rows > MAX_POINTS {
            return Err(format!("Allowed are up to {MAX_POINTS} rows; this file has more."));
        }
        self.check_choice()?;
        let mut good = Vec::new();
        for row in rows {
            match self.row(row, mark, options.standardize) {
                Ok(row) => good.push(row),
                Err(reason) => {
                    self.bad_count += 1;
                    if self.bad.len() < LISTED {
                        self.bad.push(BadRow { line: row.line, reason });
                    }
                }
            }
        }
        self.points_of(good, options.standardize)
    }

    fn check_choice(&self) -> std::result::Result<(), String> {
        let (columns, coordinates) = (self.columns.len(), &self.coordinates);
        if coordinates.is_empty() {
            return Err(format!(
                "Choose 1 to {MAX_DIMENSION} columns of numbers as coordinates; none is chosen."
            ));
        }
        if coordinates.len() > MAX_DIMENSION {
            return Err(format!(
                "Choose 1 to {MAX_DIMENSION} columns as coordinates; {} are chosen.",
                coordinates.len()
            ));
        }
        if let Some(column) = coordinates.iter().chain([&self.label]).find(|column| **column >= columns) {
            return Err(format!("The table has {columns} columns; column {} is chosen.", column + 1));
        }
        if coordinates.contains(&self.label) {
            let name = &self.columns[self.label].name;
            return Err(format!(
                "Column {name} is chosen as the label and as a coordinate; it can be one of them."
            ));
        }
        if let Some(column) =
            (0..columns).find(|c| coordinates.iter().filter(|other| *other == c).count() > 1)
        {
            return Err(format!("Column {} is chosen as a coordinate twice.", self.columns[column].name));
        }
        Ok(())
    }

    /// The numbers and the label of a row, or what is wrong with it.
    fn row<'a>(
        &self,
        row: &'a Record,
        mark: char,
        standardize: bool,
    ) -> std::result::Result<Row<'a>, String> {
        if let Some(flaw) = &row.flaw {
            return Err(flaw.clone());
        }
        let (expected, found) = (self.columns.len(), row.fields.len());
        // A separator at the end of a line is no further column.
        if found < expected || row.fields[expected..].iter().any(|field| !field.is_empty()) {
            return Err(format!("expected {expected} columns; found {found}"));
        }
        let mut place = Vec::with_capacity(self.coordinates.len());
        for column in &self.coordinates {
            let (field, name) = (&row.fields[*column], &self.columns[*column].name);
            let shown = cut(field);
            if field.is_empty() {
                return Err(format!("expected a number in column {name}; it is empty"));
            }
            let Some(value) = guess::number(field, mark) else {
                let kind = if mark == ',' { "a number with a decimal comma" } else { "a number" };
                return Err(format!("expected {kind} in column {name}; found “{shown}”"));
            };
            if !value.is_finite() {
                return Err(format!("expected a finite number in column {name}; found “{shown}”"));
            }
            if !standardize && value.abs() > LARGEST {
                return Err(format!(
                    "expected a number from -1e6 to 1e6 in column {name}, unless standardized; found “{shown}”"
                ));
            }
            place.push(value);
        }
        let label = row.fields[self.label].as_str();
        if label.is_empty() {
            return Err(format!("expected a label in column {}; it is empty", self.columns[self.label].name));
        }
        Ok(Row { line: row.line, place, label })
    }

    fn points_of(&mut self, mut rows: Vec<Row>, standardize: bool) -> std::result::Result<Points, String> {
        if rows.len() < 2 {
            let good = if rows.is_empty() { "none".to_owned() } else { rows.len().to_string() };
            return Err(format!("Expected two rows or more that can be used; found {good}."));
        }
        let (names, labels) = classes(&rows);
        self.classes = names
            .iter()
            .enumerate()
            .map(|(class, name)| Class {
                name: cut(name),
                points: labels.iter().filter(|l| **l == class).count(),
            })
            .take(MAX_CLASSES)
            .collect();
        let column = &self.columns[self.label].name;
        if !(2..=MAX_CLASSES).contains(&names.len()) {
            let found = names.len();
            return Err(format!(
                "Training takes 2 to {MAX_CLASSES} classes; column {column}, chosen as the label, has {found}."
            ));
        }
        if standardize {
            self.standard = Some(standardized(&mut rows)?);
        }
        let points = Points {
            dimension: self.coordinates.len(),
            classes: names.len(),
            inputs: rows.iter().flat_map(|row| &row.place).map(|x| *x as f32).collect(),
            labels: labels.iter().map(|label| *label as u16).collect(),
        };
        let pairs = points.contradictions();
        self.contradiction_count = pairs.len();
        let contradiction = |&(one, other): &(usize, usize)| Contradiction {
            lines: [rows[one].line, rows[other].line],
            labels: [cut(rows[one].label), cut(rows[other].label)],
        };
        self.contradictions = pairs.iter().take(LISTED).map(contradiction).collect();
        points.check("points").map_err(|error| error.to_string())?;
        Ok(points)
    }
}

/// From the heading, or its number where that has none.
fn column_name(header: &[String], column: usize) -> String {
    let name = header.get(column).filter(|name| !name.is_empty());
    name.map_or_else(|| (column + 1).to_string(), |name| cut(name))
}

/// Labels in the order of their classes, and the class of each row. Labels that are all numbers stand in
/// numerical order, and 1 is the same as 1.0; others in the order in which they first appear.
fn classes<'a>(rows: &[Row<'a>]) -> (Vec<&'a str>, Vec<usize>) {
    let numbers: Option<Vec<f64>> =
        rows.iter().map(|row| row.label.parse().ok().filter(|x: &f64| x.is_finite())).collect();
    let mut known: HashMap<Key, usize> = HashMap::new();
    let mut names: Vec<(&str, f64)> = Vec::new();
    let mut labels = Vec::with_capacity(rows.len());
    for (index, row) in rows.iter().enumerate() {
        // Adding zero makes -0 the same label as 0.
        let value = numbers.as_ref().map(|numbers| numbers[index] + 0.0);
        let key = value.map_or(Key::Text(row.label), |value| Key::Number(value.to_bits()));
        let next = names.len();
        let class = *known.entry(key).or_insert(next);
        if class == next {
            names.push((row.label, value.unwrap_or(0.0)));
        }
        labels.push(class);
    }
    let mut order: Vec<usize> = (0..names.len()).collect();
    // A stable sort: text has equal values throughout.
    order.sort_by(|a, b| names[*a].1.total_cmp(&names[*b].1));
    let mut place = vec![0; names.len()];
    order.iter().enumerate().for_each(|(to, from)| place[*from] = to);
    (
        order.iter().map(|from| names[*from].0).collect(),
        labels.into_iter().map(|label| place[label]).collect(),
    )
}

#[derive(PartialEq, Eq, Hash)]
enum Key<'a> {
    Text(&'a str),
    Number(u64),
}

/// Shifts and scales every coordinate in place.
fn standardized(rows: &mut [Row]) -> std::result::Result<Vec<Standard>, String> {
    let count = rows.len() as f64;
    let mut standards = Vec::new();
    for column in 0..rows[0].place.len() {
        // Divided before they are summed, so that the largest numbers do not overflow.
        let mean: f64 = rows.iter().map(|row| row.place[column] / count).sum();
        let largest = rows.iter().map(|row| (row.place[column] - mean).abs()).fold(0.0, f64::max);
        if !largest.is_finite() {
            return Err("The numbers are too far apart to be standardized.".to_owned());
        }
        let scale = if largest > 0.0 { largest } else { 1.0 };
        let square: f64 = rows.iter().map(|row| ((row.place[column] - mean) / scale).powi(2) / count).sum();
        let deviation = if largest > 0.0 { scale * square.sqrt() } else { 1.0 };
        rows.iter_mut().for_each(|row| row.place[column] = (row.place[column] - mean) / deviation);
        standards.push(Standard { mean, deviation });
    }
    Ok(standards)
}

/// The beginning of a long field.
fn cut(field: &str) -> String {
    match field.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &field[..end]),
        None => field.to_owned(),
    }
}

#[cfg(test)]
mod tests;
