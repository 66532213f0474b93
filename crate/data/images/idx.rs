//! IDX, the format of MNIST: a header of lengths, then bytes.

use super::class_names::KnownIdx;
use super::split::Split;
use super::{Gathered, ImageSet, Images, MAX_SIDE, MIN_SIDE, Part};
use crate::error::{LabError, Result};

/// Memory that is set aside on the word of a header; more as bytes come.
const RESERVED: u64 = 64 << 20;

/// Complete files, those to train on and those to test on.
#[derive(Default)]
pub struct Idx {
    train: Half,
    test: Half,
}

#[derive(Default)]
struct Half {
    images: Option<Content>,
    labels: Option<Content>,
}

#[derive(PartialEq, Eq)]
struct Content {
    name: String,
    height: usize,
    width: usize,
    bytes: Vec<u8>,
}

impl Idx {
    /// Whether no file was read.
    pub fn is_empty(&self) -> bool {
        [&self.train, &self.test].iter().all(|half| half.images.is_none() && half.labels.is_none())
    }
}

/// A file that is being read.
pub struct IdxFile {
    labels: bool,
    split: Split,
    header: Vec<u8>,
    expected: Option<u64>,
    content: Content,
    images: usize,
}

impl IdxFile {
    /// Begins a file of labels, or else of images.
    pub fn new(name: &str, labels: bool, split: Split) -> Self {
        let content = Content { name: name.to_owned(), height: 1, width: 1, bytes: Vec::new() };
        Self { labels, split, header: Vec::new(), expected: None, content, images: 0 }
    }

    fn error(&self, message: impl Into<String>) -> LabError {
        LabError::file(&self.content.name, message)
    }

    fn header_length(&self) -> usize {
        if self.labels { 8 } else { 16 }
    }

    /// Bytes that follow the header.
    fn read_header(&mut self, gathered: &mut Gathered) -> Result<u64> {
        let words = self.header.chunks_exact(4).skip(1);
        let lengths: Vec<u64> =
            words.map(|word| word.iter().fold(0, |value, byte| value << 8 | u64::from(*byte))).collect();
        let count = lengths.first().copied().unwrap_or(0);
        if count == 0 {
            return Err(self.error("expected one image or more; its header says 0"));
        }
        if let [_, height, width] = lengths[..] {
            if [height, width].iter().any(|side| !(MIN_SIDE as u64..=MAX_SIDE as u64).contains(side)) {
                return Err(self.error(format!(
                    "expected images of {MIN_SIDE} to {MAX_SIDE} pixels a side; found {height} × {width}"
                )));
            }
            (self.content.height, self.content.width) = (height as usize, width as usize);
            // The largest product is of 32 and twice 7 bits.
            gathered.claim(&self.content.name, count * height * width)?;
            return Ok(count * height * width);
        }
        // Labels of images that were allowed.
        if count > (super::MAX_PIXELS / (MIN_SIDE * MIN_SIDE)) as u64 {
            return Err(self.error(format!("its header says {count} labels; there are never so many images")));
        }
        Ok(count)
    }
}

impl Part for IdxFile {
    fn push(&mut self, bytes: &[u8], gathered: &mut Gathered) -> Result<()> {
        let head = bytes.len().min(self.header_length() - self.header.len());
        let (head, bytes) = bytes.split_at(head);
        self.header.extend_from_slice(head);
        if self.header.len() < self.header_length() {
            return Ok(());
        }
        let expected = match self.expected {
            Some(expected) => expected,
            None => {
                let expected = self.read_header(gathered)?;
                self.content.bytes.reserve_exact(expected.min(RESERVED) as usize);
                *self.expected.insert(expected)
            }
        };
        if (self.content.bytes.len() + bytes.len()) as u64 > expected {
            let whole = expected + self.header.len() as u64;
            return Err(self.error(format!("expected {whole} bytes, as its header says; found more")));
        }
        self.content.bytes.extend_from_slice(bytes);
        if !self.labels {
            let images = self.content.bytes.len() / (self.content.height * self.content.width);
            gathered.images += images - self.images;
            self.images = images;
        }
        Ok(())
    }

    fn end(&mut self, gathered: &mut Gathered) -> Result<()> {
        let found = self.header.len() + self.content.bytes.len();
        let expected = self.expected.unwrap_or(0) + self.header_length() as u64;
        if self.expected.is_none() || (found as u64) < expected {
            let least = if self.expected.is_none() { "at least " } else { "" };
            return Err(self.error(format!("expected {least}{expected} bytes; found {found}")));
        }
        let empty = Content { name: String::new(), height: 0, width: 0, bytes: Vec::new() };
        let content = std::mem::replace(&mut self.content, empty);
        let half = if self.split == Split::Train { &mut gathered.idx.train } else { &mut gathered.idx.test };
        let place = if self.labels { &mut half.labels } else { &mut half.images };
        match place {
            None => *place = Some(content),
            // A compressed file and what was unpacked from it often lie side by side.
            Some(first)
                if (first.height, first.width, &first.bytes)
                    == (content.height, content.width, &content.bytes) =>
            {
                gathered.release(self.images, if self.labels { 0 } else { content.bytes.len() });
            }
            Some(first) => {
                let (what, split) = (if self.labels { "labels" } else { "images" }, self.split.word());
                let message = format!("expected one file of {split} {what}; those of {} differ", first.name);
                return Err(LabError::file(content.name, message));
            }
        }
        Ok(())
    }
}

/// The images of four files.
pub fn assemble(idx: Idx) -> Result<Images> {
    let (train, train_name) = set(idx.train, "train", Split::Train)?;
    let (test, test_name) = set(idx.test, "t10k", Split::Test)?;
    if (train.height, train.width) != (test.height, test.width) {
        let message = format!(
            "expected images of {} × {} pixels, as those to train on; found {} × {}",
            train.height, train.width, test.height, test.width
        );
        return Err(LabError::file(test_name, message));
    }
    let classes = usize::from(train.labels.iter().copied().max().unwrap_or(0)) + 1;
    if let Some(at) = test.labels.iter().position(|label| usize::from(*label) >= classes) {
        let (label, most) = (test.labels[at], classes - 1);
        let message =
            format!("label {} is {label}; expected 0 to {most}, as among the labels to train on", at + 1);
        return Err(LabError::file(test_name, message));
    }
    let known = KnownIdx::of(&train, &train_name);
    Ok(Images { name: known.name(), classes: known.classes(classes), train, test })
}

/// Images with their labels, and the name of the file of labels.
fn set(half: Half, prefix: &str, split: Split) -> Result<(ImageSet, String)> {
    let missing = |what: &str, beside: Option<&Content>| {
        let file = beside.map_or("images", |content| &content.name).to_owned();
        let number = if what == "labels" { 1 } else { 3 };
        let split = split.word();
        LabError::file(
            file,
            format!(
                "the {split} {what} are missing; expected a file such as {prefix}-{what}-idx{number}-ubyte too"
            ),
        )
    };
    let (images, labels) = match (half.images, half.labels) {
        (Some(images), Some(labels)) => (images, labels),
        (Some(images), None) => return Err(missing("labels", Some(&images))),
        (None, labels) => return Err(missing("images", labels.as_ref())),
    };
    let (count, expected) = (images.bytes.len() / (images.height * images.width), labels.bytes.len());
    if count != expected {
        let message =
            format!("expected a label for each of {count} images of {}; found {expected}", images.name);
        return Err(LabError::file(labels.name, message));
    }
    let set = ImageSet {
        channels: 1,
        height: images.height,
        width: images.width,
        pixels: images.bytes,
        labels: labels.bytes.into_iter().map(u16::from).collect(),
    };
    Ok((set, labels.name))
}
