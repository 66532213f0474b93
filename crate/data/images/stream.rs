//! [`Stream`]: bytes that tell by their beginning and their name what they are.

use super::Gathered;
use super::cifar::CifarFile;
use super::class_names::NamesFile;
use super::gzip::Gzip;
use super::idx::IdxFile;
use super::kind::Kind;
use super::picture::PictureFile;
use super::tape::Tape;
use crate::error::{LabError, Result};

/// Bytes that are enough to tell what a file is: the header of a tar archive.
const HEAD: usize = 512;
/// Files within files: an archive in a compressed archive has 4.
const DEEPEST: usize = 4;

/// Takes the bytes of one file as they come, in pieces of any length.
pub trait Part {
    /// Takes the next bytes.
    fn push(&mut self, bytes: &[u8], gathered: &mut Gathered) -> Result<()>;
    /// Says that all bytes were taken.
    fn end(&mut self, gathered: &mut Gathered) -> Result<()>;
}

/// A file of any kind, perhaps within an archive.
pub struct Stream {
    /// For people: the path, with that of the archive before it.
    name: String,
    /// The path without the ending of a compression that was undone.
    path: String,
    depth: usize,
    state: State,
}

enum State {
    Head(Vec<u8>),
    Known(Box<dyn Part>),
}

impl Stream {
    /// Begins a file. Its depth is the number of files that it lies in.
    pub fn new(name: &str, path: &str, depth: usize) -> Self {
        Self { name: name.to_owned(), path: path.to_owned(), depth, state: State::Head(Vec::new()) }
    }

    fn part(&self, head: &[u8]) -> Result<Box<dyn Part>> {
        let (name, path, depth) = (self.name.as_str(), self.path.as_str(), self.depth + 1);
        let kind = Kind::of(name, path, head)?;
        if depth >= DEEPEST && matches!(kind, Kind::Gzip | Kind::Tar) {
            let message = format!("archives within archives are read to a depth of {DEEPEST}");
            return Err(LabError::file(name, message));
        }
        Ok(match kind {
            Kind::Gzip => Box::new(Gzip::new(name, path, depth)),
            Kind::Tar => Box::new(Tape::new(name, depth)),
            Kind::Idx { labels, split } => Box::new(IdxFile::new(name, labels, split)),
            Kind::Cifar(batch) => Box::new(CifarFile::new(name, batch)),
            Kind::Names(set) => Box::new(NamesFile::new(name, set)),
            Kind::Picture => Box::new(PictureFile::new(name, path)?),
            Kind::Other => Box::new(Skipped { name: name.to_owned() }),
        })
    }
}

impl Part for Stream {
    fn push(&mut self, bytes: &[u8], gathered: &mut Gathered) -> Result<()> {
        let head = match &mut self.state {
            State::Known(part) => return part.push(bytes, gathered),
            State::Head(head) => head,
        };
        let (first, rest) = bytes.split_at(bytes.len().min(HEAD - head.len()));
        head.extend_from_slice(first);
        if head.len() < HEAD {
            return Ok(());
        }
        let head = std::mem::take(head);
        let mut part = self.part(&head)?;
        part.push(&head, gathered)?;
        part.push(rest, gathered)?;
        self.state = State::Known(part);
        Ok(())
    }

    fn end(&mut self, gathered: &mut Gathered) -> Result<()> {
        match &mut self.state {
            State::Known(part) => part.end(gathered),
            State::Head(head) => {
                let head = std::mem::take(head);
                let mut part = self.part(&head)?;
                part.push(&head, gathered)?;
                part.end(gathered)
            }
        }
    }
}

/// A file that has nothing to do with images, such as the readme beside them.
struct Skipped {
    name: String,
}

impl Part for Skipped {
    fn push(&mut self, _: &[u8], _: &mut Gathered) -> Result<()> {
        Ok(())
    }

    fn end(&mut self, gathered: &mut Gathered) -> Result<()> {
        gathered.skip(&self.name);
        Ok(())
    }
}
