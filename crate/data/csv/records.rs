//! Text → records of fields, with the line that each begins in.

/// Characters of a quoted field after which it counts as never closed.
const LONGEST_QUOTED: usize = 10_000;

/// A line of the file, or several where a quoted field holds line breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The line it begins in, counted from 1.
    pub line: usize,
    /// Its fields, without quotes and the blanks around them.
    pub fields: Vec<String>,
    /// Why it cannot be told apart into fields.
    pub flaw: Option<String>,
}

/// The first `most` records of a text; blank lines are none. A field may be quoted with `"`, which is doubled
/// within quotes (RFC 4180). Lines end with LF, CRLF or CR. A quote that is never closed spoils its own line only.
pub fn records(text: &str, separator: char, most: usize) -> Vec<Record> {
    let mut reader = Reader { rest: text.strip_prefix('\u{feff}').unwrap_or(text), line: 1 };
    let mut found = Vec::new();
    while found.len() < most && !reader.rest.is_empty() {
        let record = reader.record(separator);
        let blank = record.flaw.is_none() && matches!(record.fields.as_slice(), [only] if only.is_empty());
        if !blank {
            found.push(record);
        }
    }
    found
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
}

impl Reader<'_> {
    fn record(&mut self, separator: char) -> Record {
        let (line, from) = (self.line, self.rest);
        let mut fields = Vec::new();
        let flaw = loop {
            let column = fields.len() + 1;
            match self.field(separator) {
                Ok(field) => fields.push(field),
                Err(flaw) => {
                    // What a stray quote has swallowed is read again, line by line.
                    (self.line, self.rest) = (line, from);
                    self.skip_line();
                    break Some(format!("in column {column} {flaw}"));
                }
            }
            match self.rest.strip_prefix(separator) {
                Some(rest) => self.rest = rest,
                None => {
                    self.end_line();
                    break None;
                }
            }
        };
        Record { line, fields, flaw }
    }

    /// Up to the separator or the end of the line, neither of which is taken.
    fn field(&mut self, separator: char) -> Result<String, String> {
        let blank = |c: char| c != separator && (c == ' ' || c == '\t');
        let begin = self.rest.trim_start_matches(blank);
        let Some(quoted) = begin.strip_prefix('"') else {
            let end = self.rest.find([separator, '\n', '\r']).unwrap_or(self.rest.len());
            let (field, rest) = self.rest.split_at(end);
            self.rest = rest;
            return Ok(field.trim().to_owned());
        };
        let mut field = String::new();
        let mut characters = quoted.char_indices().take(LONGEST_QUOTED).peekable();
        while let Some((at, character)) = characters.next() {
            if character != '"' {
                field.push(character);
                continue;
            }
            if characters.next_if(|(_, next)| *next == '"').is_some() {
                field.push('"');
                continue;
            }
            self.line += line_breaks(&quoted[..at]);
            self.rest = quoted[at + 1..].trim_start_matches(blank);
            return if self.rest.is_empty() || self.rest.starts_with([separator, '\n', '\r']) {
                Ok(field.trim().to_owned())
            } else {
                Err("text follows a closing quote".to_owned())
            };
        }
        Err("a quote is never closed".to_owned())
    }

    fn skip_line(&mut self) {
        self.rest = &self.rest[self.rest.find(['\n', '\r']).unwrap_or(self.rest.len())..];
        self.end_line();
    }

    fn end_line(&mut self) {
        if self.rest.is_empty() {
            return;
        }
        let end = ["\r\n", "\n", "\r"].into_iter().find_map(|end| self.rest.strip_prefix(end));
        self.rest = end.unwrap_or(self.rest);
        self.line += 1;
    }
}

fn line_breaks(text: &str) -> usize {
    text.matches('\n').count() + text.matches('\r').count() - text.matches("\r\n").count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(usize, Vec<String>)> {
        records(text, ',', 100).into_iter().map(|r| (r.line, r.fields)).collect()
    }

    fn row(line: usize, fields: &[&str]) -> (usize, Vec<String>) {
        (line, fields.iter().map(|field| (*field).to_owned()).collect())
    }

    #[test]
    fn every_kind_of_line_end_and_blank_lines() {
        let expected = vec![row(1, &["a", "b"]), row(3, &["c", ""]), row(4, &["d", "e"])];
        for text in ["a,b\n\nc,\nd,e", "\u{feff}a,b\r\n  \r\nc,\r\nd,e\r\n", "a, b\r\rc,\r d ,e\r"] {
            assert_eq!(read(text), expected, "{text:?}");
        }
        assert_eq!(read(""), vec![]);
        assert_eq!(records("a\nb\nc", ',', 2).len(), 2);
    }

    #[test]
    fn quoted_fields_hold_separators_quotes_and_line_breaks() {
        let text = "\"a,\"\"b\"\"\",1\n \"two\r\nlines\" ,2\n\"\",3\nit\"s,4";
        let expected = vec![
            row(1, &["a,\"b\"", "1"]),
            row(2, &["two\r\nlines", "2"]),
            row(4, &["", "3"]),
            row(5, &["it\"s", "4"]),
        ];
        assert_eq!(read(text), expected);
    }

    #[test]
    fn a_stray_quote_spoils_its_own_line_only() {
        let found = records("1,\"a\n2,b\n3,c", ',', 100);
        assert_eq!(
            found.iter().map(|r| (r.line, r.flaw.is_some())).collect::<Vec<_>>(),
            [(1, true), (2, false), (3, false)]
        );
        assert_eq!(found[0].flaw.as_deref(), Some("in column 2 a quote is never closed"));
        let found = records("\"a\"b,1\n2,b", ',', 100);
        assert_eq!(found[0].flaw.as_deref(), Some("in column 1 text follows a closing quote"));
        assert_eq!(found[1].fields, ["2", "b"]);
        // The quote of the second line closes that of the first, in the middle of a field.
        let found = records("1,\"a\n2,\"b\n3,c", ',', 100);
        assert_eq!(
            found.iter().map(|r| (r.line, r.flaw.is_some())).collect::<Vec<_>>(),
            [(1, true), (2, true), (3, false)]
        );
        let long = format!("\"{}\",1", "x".repeat(LONGEST_QUOTED));
        assert!(records(&long, ',', 1)[0].flaw.is_some());
        assert!(records(&long[1..], ',', 1)[0].flaw.is_none());
    }

    #[test]
    fn tabs_separate_and_blanks_do_not() {
        let found = records("a b\t\"c\" \t\n", '\t', 100);
        assert_eq!(found[0].fields, ["a b", "c", ""]);
    }
}
