//! [`Gzip`]: unpacks as bytes come, and passes on what it unpacked.

use std::io::{ErrorKind, Write};

use flate2::write::MultiGzDecoder;

use super::Gathered;
use super::stream::{Part, Stream};
use crate::error::{LabError, Result};

/// Compressed data (RFC 1952). Not more than some 32 KiB of what was unpacked is held.
pub struct Gzip {
    name: String,
    decoder: MultiGzDecoder<Vec<u8>>,
    inner: Stream,
    taken: u64,
}

impl Gzip {
    /// Begins the data of a file.
    pub fn new(name: &str, path: &str, depth: usize) -> Self {
        let lower = path.to_ascii_lowercase();
        // `.tgz` says `.tar` and `.gz`.
        let inner = match (lower.strip_suffix(".gz"), lower.strip_suffix(".tgz")) {
            (Some(rest), _) => path[..rest.len()].to_owned(),
            (_, Some(rest)) => format!("{}.tar", &path[..rest.len()]),
            _ => path.to_owned(),
        };
        let decoder = MultiGzDecoder::new(Vec::new());
        Self { name: name.to_owned(), decoder, inner: Stream::new(name, &inner, depth), taken: 0 }
    }

    /// Passes on what has been unpacked.
    fn pass_on(&mut self, gathered: &mut Gathered) -> Result<()> {
        let mut unpacked = std::mem::take(self.decoder.get_mut());
        self.inner.push(&unpacked, gathered)?;
        unpacked.clear();
        // The buffer is used again.
        *self.decoder.get_mut() = unpacked;
        Ok(())
    }

    fn damaged(&self, error: &std::io::Error) -> LabError {
        let message = format!("the gzip data are damaged in their first {} bytes: {error}", self.taken);
        LabError::file(&self.name, message)
    }
}

impl Part for Gzip {
    fn push(&mut self, mut bytes: &[u8], gathered: &mut Gathered) -> Result<()> {
        while !bytes.is_empty() {
            let written = self.decoder.write(bytes);
            let taken = match written {
                Ok(taken) => taken,
                Err(error) => {
                    self.taken += bytes.len() as u64;
                    return Err(self.damaged(&error));
                }
            };
            if taken == 0 {
                return Err(self.damaged(&ErrorKind::InvalidData.into()));
            }
            self.taken += taken as u64;
            bytes = &bytes[taken..];
            self.pass_on(gathered)?;
        }
        Ok(())
    }

    fn end(&mut self, gathered: &mut Gathered) -> Result<()> {
        let finished = self.decoder.try_finish();
        self.pass_on(gathered)?;
        let Err(error) = finished else {
            return self.inner.end(gathered);
        };
        let cut_off = format!("the gzip data break off after {} bytes", self.taken);
        if error.kind() != ErrorKind::UnexpectedEof {
            return Err(self.damaged(&error));
        }
        // What lies within often knows how many bytes it expects.
        Err(match self.inner.end(gathered) {
            Err(LabError::File { file, message }) => LabError::file(file, format!("{message}; {cut_off}")),
            _ => LabError::file(&self.name, cut_off),
        })
    }
}
