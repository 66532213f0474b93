//! [`ImageReader`]: files of images, byte by byte as they come.

use serde::Serialize;

use super::stream::{Part, Stream};
use super::{Gathered, Images, MAX_SIDE, MIN_SIDE};
use crate::error::{LabError, Result};

/// How files of images are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageOptions {
    /// Pixels a side that pictures of a folder are resized to, 8 to 64.
    pub side: usize,
}

impl Default for ImageOptions {
    fn default() -> Self {
        Self { side: 32 }
    }
}

/// How much has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Progress {
    /// Bytes of files, as they are stored.
    pub bytes: u64,
    /// Images that these hold.
    pub images: usize,
}

/// Reads one set of images from files that are given piece by piece: MNIST and whatever else is in its format (IDX),
/// CIFAR-10 and CIFAR-100 (binary version), or PNG and JPEG pictures in a folder for each class; loose, compressed
/// (`.gz`) or in an archive (`.tar`, `.tar.gz`). Files without images are skipped.
///
/// Never more is held than the images and a little of the file. After an error nothing is: the reader lets go of
/// all it has read, and says the same again whatever it is asked.
pub struct ImageReader {
    gathered: Gathered,
    file: Option<Open>,
    bytes: u64,
    failed: Option<LabError>,
}

struct Open {
    name: String,
    size: u64,
    taken: u64,
    stream: Stream,
}

impl ImageReader {
    /// Begins with no file.
    pub fn new(options: ImageOptions) -> Result<Self> {
        let side = options.side;
        if !(MIN_SIDE..=MAX_SIDE).contains(&side) {
            return Err(LabError::field("side", format!("allowed are {MIN_SIDE} to {MAX_SIDE}; got {side}")));
        }
        Ok(Self { gathered: Gathered::new(side), file: None, bytes: 0, failed: None })
    }

    /// Begins a file of so many bytes. Its name is a path whose folders matter: `/` or `\` separates them.
    pub fn begin_file(&mut self, name: &str, size: u64) -> Result<()> {
        self.unless_failed(|reader| {
            if let Some(open) = &reader.file {
                let message = format!("begins before {} has ended", open.name);
                return Err(LabError::file(name, message));
            }
            let name = name.replace('\\', "/");
            let stream = Stream::new(&name, &name, 0);
            reader.file = Some(Open { name, size, taken: 0, stream });
            Ok(())
        })
    }

    /// Takes the next bytes of the file, however many.
    pub fn push(&mut self, bytes: &[u8]) -> Result<()> {
        self.unless_failed(|reader| {
            let open = reader.file.as_mut().ok_or_else(no_file)?;
            open.taken += bytes.len() as u64;
            if open.taken > open.size {
                let (size, taken) = (open.size, open.taken);
                return Err(LabError::file(
                    &open.name,
                    format!("expected {size} bytes; found {taken} or more"),
                ));
            }
            reader.bytes += bytes.len() as u64;
            open.stream.push(bytes, &mut reader.gathered)
        })
    }

    /// Says that the file has been given to its end.
    pub fn end_file(&mut self) -> Result<()> {
        self.unless_failed(|reader| {
            let mut open = reader.file.take().ok_or_else(no_file)?;
            if open.taken < open.size {
                let message = format!("expected {} bytes; found {}", open.size, open.taken);
                return Err(LabError::file(open.name, message));
            }
            open.stream.end(&mut reader.gathered)
        })
    }

    /// How much has been read.
    pub fn progress(&self) -> Progress {
        Progress { bytes: self.bytes, images: self.gathered.images }
    }

    /// The images of all files.
    pub fn finish(self) -> Result<Images> {
        match (self.failed, self.file) {
            (Some(error), _) => Err(error),
            (None, Some(open)) => Err(LabError::file(open.name, "has not ended")),
            (None, None) => self.gathered.finish(),
        }
    }

    fn unless_failed(&mut self, act: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        act(self).inspect_err(|error| {
            self.file = None;
            self.gathered = Gathered::default();
            self.failed = Some(error.clone());
        })
    }
}

fn no_file() -> LabError {
    LabError::file("images", "no file has begun")
}
