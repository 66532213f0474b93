//! [`Tape`]: a tar archive, file after file.

use tar::{Header, PaxExtensions};

use super::Gathered;
use super::stream::{Part, Stream};
use crate::error::{LabError, Result};

/// Headers are blocks, and every file fills whole ones.
const BLOCK: usize = 512;
/// Longest list of what a header has no room for.
const LONGEST: u64 = 64 << 10;

/// A tar archive (POSIX ustar and pax, or GNU).
pub struct Tape {
    name: String,
    depth: usize,
    header: Vec<u8>,
    entry: Option<Entry>,
    next: Next,
    ended: bool,
}

/// What was said before a header, for want of room in it.
#[derive(Default)]
struct Next {
    path: Option<String>,
    size: Option<u64>,
}

struct Entry {
    name: String,
    size: u64,
    left: u64,
    padding: usize,
    body: Body,
}

enum Body {
    File(Stream),
    LongName(Vec<u8>),
    Pax(Vec<u8>),
    Skipped,
}

impl Tape {
    /// Begins an archive.
    pub fn new(name: &str, depth: usize) -> Self {
        let (header, next) = (Vec::with_capacity(BLOCK), Next::default());
        Self { name: name.to_owned(), depth, header, entry: None, next, ended: false }
    }

    fn error(&self, message: impl Into<String>) -> LabError {
        LabError::file(&self.name, message)
    }

    /// What follows a full header; nothing if that was the block of zeros at the end.
    fn entry(&mut self) -> Result<Option<Entry>> {
        if self.header.iter().all(|byte| *byte == 0) {
            return Ok(None);
        }
        let header = Header::from_byte_slice(&self.header);
        let mut summed = header.clone();
        summed.set_cksum();
        let sum = summed.cksum().ok();
        if sum.is_none() || header.cksum().ok() != sum {
            return Err(self.error("the archive is damaged: the checksum of a header does not match it"));
        }
        let size = header.entry_size();
        let size =
            size.map_err(|_| self.error("the archive is damaged: a header has no size of its file"))?;
        let kind = header.entry_type();
        let long = kind.is_gnu_longname() || kind.is_pax_local_extensions();
        if kind.is_gnu_sparse() || long && size > LONGEST {
            return Err(self.error("the archive has files with holes or names too long; neither is read"));
        }
        let next = if long { Next::default() } else { std::mem::take(&mut self.next) };
        let size = next.size.unwrap_or(size);
        let path = next.path.unwrap_or_else(|| String::from_utf8_lossy(&header.path_bytes()).into_owned());
        let name = format!("{}/{}", self.name, path.trim_start_matches("./").trim_start_matches('/'));
        let body = if kind.is_gnu_longname() {
            Body::LongName(Vec::new())
        } else if kind.is_pax_local_extensions() {
            Body::Pax(Vec::new())
        } else if kind.is_file() || kind.is_contiguous() {
            Body::File(Stream::new(&name, &name, self.depth))
        } else {
            Body::Skipped
        };
        let padding = (size as usize).wrapping_neg() % BLOCK;
        Ok(Some(Entry { name, size, left: size, padding, body }))
    }

    fn end_entry(&mut self, body: Body, gathered: &mut Gathered) -> Result<()> {
        match body {
            Body::File(mut stream) => stream.end(gathered)?,
            Body::LongName(bytes) => {
                let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
                self.next.path = Some(String::from_utf8_lossy(&bytes[..end]).into_owned());
            }
            Body::Pax(bytes) => {
                for pair in PaxExtensions::new(&bytes) {
                    let pair =
                        pair.map_err(|_| self.error("the archive is damaged: a pax header is garbled"))?;
                    match (pair.key(), pair.value()) {
                        (Ok("path"), Ok(path)) => self.next.path = Some(path.to_owned()),
                        (Ok("size"), Ok(size)) => self.next.size = size.parse().ok(),
                        _ => (),
                    }
                }
            }
            Body::Skipped => (),
        }
        Ok(())
    }
}

impl Part for Tape {
    fn push(&mut self, mut bytes: &[u8], gathered: &mut Gathered) -> Result<()> {
        // What follows the end fills the last record of a tape.
        while !self.ended && (!bytes.is_empty() || self.entry.as_ref().is_some_and(|entry| entry.left == 0)) {
            let Some(entry) = &mut self.entry else {
                let taken = bytes.len().min(BLOCK - self.header.len());
                self.header.extend_from_slice(&bytes[..taken]);
                bytes = &bytes[taken..];
                if self.header.len() == BLOCK {
                    self.entry = self.entry()?;
                    self.ended = self.entry.is_none();
                    self.header.clear();
                }
                continue;
            };
            let taken = entry.left.min(bytes.len() as u64) as usize;
            match &mut entry.body {
                Body::File(stream) => stream.push(&bytes[..taken], gathered)?,
                Body::LongName(kept) | Body::Pax(kept) => kept.extend_from_slice(&bytes[..taken]),
                Body::Skipped => (),
            }
            entry.left -= taken as u64;
            bytes = &bytes[taken..];
            if entry.left == 0 {
                let body = std::mem::replace(&mut entry.body, Body::Skipped);
                let taken = entry.padding.min(bytes.len());
                entry.padding -= taken;
                bytes = &bytes[taken..];
                let full = entry.padding == 0;
                self.end_entry(body, gathered)?;
                if full {
                    self.entry = None;
                } else {
                    break;
                }
            }
        }
        Ok(())
    }

    fn end(&mut self, _: &mut Gathered) -> Result<()> {
        match &self.entry {
            Some(entry) if entry.left > 0 => {
                let (size, found) = (entry.size, entry.size - entry.left);
                let message = format!("expected {size} bytes; the archive breaks off after {found} of them");
                Err(LabError::file(&entry.name, message))
            }
            _ if !self.ended => {
                Err(self.error("the archive breaks off: expected blocks of zeros at its end; found none"))
            }
            _ => Ok(()),
        }
    }
}
