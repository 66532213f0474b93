//! CIFAR-10 and CIFAR-100 in their binary version: rows of a label, or a coarse and a fine one, and an image.

use super::class_names::{CIFAR_10, CIFAR_100, known};
use super::split::Split;
use super::{Gathered, ImageSet, Images, Part};
use crate::error::{LabError, Result};

/// Pixels a side.
const SIDE: usize = 32;
/// Bytes of an image: red, green, blue.
const IMAGE: usize = 3 * SIDE * SIDE;
/// Classes that the 100 are grouped into.
const COARSE: u8 = 20;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CifarSet {
    /// CIFAR-10.
    Ten,
    /// CIFAR-100.
    Hundred,
}

impl CifarSet {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ten => "CIFAR-10",
            Self::Hundred => "CIFAR-100",
        }
    }

    /// Number of classes; labels are below it.
    pub fn classes(self) -> u8 {
        match self {
            Self::Ten => 10,
            Self::Hundred => 100,
        }
    }

    /// Bytes before each image.
    fn labels(self) -> usize {
        match self {
            Self::Ten => 1,
            Self::Hundred => 2,
        }
    }

    fn row(self) -> usize {
        self.labels() + IMAGE
    }
}

/// What a file is of the set, in the order that its images are to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Batch {
    set: CifarSet,
    split: Split,
    number: u8,
}

impl Batch {
    /// What a file is by its name, which must be as it was distributed.
    pub fn of(base: &str) -> Option<Self> {
        let batch = |set, split, number| Some(Self { set, split, number });
        match base {
            "data_batch_1.bin" => batch(CifarSet::Ten, Split::Train, 1),
            "data_batch_2.bin" => batch(CifarSet::Ten, Split::Train, 2),
            "data_batch_3.bin" => batch(CifarSet::Ten, Split::Train, 3),
            "data_batch_4.bin" => batch(CifarSet::Ten, Split::Train, 4),
            "data_batch_5.bin" => batch(CifarSet::Ten, Split::Train, 5),
            "test_batch.bin" => batch(CifarSet::Ten, Split::Test, 1),
            "train.bin" => batch(CifarSet::Hundred, Split::Train, 1),
            "test.bin" => batch(CifarSet::Hundred, Split::Test, 1),
            _ => None,
        }
    }
}

/// A complete file.
pub struct CifarBatch {
    name: String,
    batch: Batch,
    labels: Vec<u8>,
    pixels: Vec<u8>,
}

/// A file that is being read.
pub struct CifarFile {
    read: CifarBatch,
    /// Bytes of the row that were read.
    within: usize,
}

impl CifarFile {
    /// Begins a file.
    pub fn new(name: &str, batch: Batch) -> Self {
        let read = CifarBatch { name: name.to_owned(), batch, labels: Vec::new(), pixels: Vec::new() };
        Self { read, within: 0 }
    }

    fn error(&self, message: impl Into<String>) -> LabError {
        LabError::file(&self.read.name, message)
    }

    fn label(&mut self, label: u8, gathered: &mut Gathered) -> Result<()> {
        let set = self.read.batch.set;
        let fine = self.within + 1 == set.labels();
        let (below, kind) = match (set, fine) {
            (CifarSet::Hundred, false) => (COARSE, "coarse label"),
            (CifarSet::Hundred, true) => (set.classes(), "fine label"),
            (CifarSet::Ten, _) => (set.classes(), "label"),
        };
        if label >= below {
            let (image, most) = (self.read.labels.len() + 1, below - 1);
            return Err(
                self.error(format!("expected a {kind} of 0 to {most} for image {image}; found {label}"))
            );
        }
        if fine {
            gathered.claim(&self.read.name, IMAGE as u64)?;
            self.read.labels.push(label);
        }
        Ok(())
    }
}

impl Part for CifarFile {
    fn push(&mut self, mut bytes: &[u8], gathered: &mut Gathered) -> Result<()> {
        let set = self.read.batch.set;
        while let Some(first) = bytes.first() {
            let taken = if self.within < set.labels() {
                self.label(*first, gathered)?;
                1
            } else {
                let taken = bytes.len().min(set.row() - self.within);
                self.read.pixels.extend_from_slice(&bytes[..taken]);
                taken
            };
            bytes = &bytes[taken..];
            self.within += taken;
            if self.within == set.row() {
                self.within = 0;
                gathered.images += 1;
            }
        }
        Ok(())
    }

    fn end(&mut self, gathered: &mut Gathered) -> Result<()> {
        let Batch { set, .. } = self.read.batch;
        let rows = self.read.pixels.len() / IMAGE;
        if self.within > 0 || rows == 0 {
            let (row, found) = (set.row(), rows * set.row() + self.within);
            let expected = if rows == 0 { row } else { (rows + 1) * row };
            return Err(self.error(format!(
                "expected rows of {row} bytes, as those of {} are, {expected} bytes or some rows less; found {found}",
                set.name()
            )));
        }
        let empty = CifarBatch { name: String::new(), labels: Vec::new(), pixels: Vec::new(), ..self.read };
        let read = std::mem::replace(&mut self.read, empty);
        match gathered.cifar.iter().find(|other| other.batch == read.batch) {
            None => gathered.cifar.push(read),
            // An archive and what was unpacked from it often lie side by side.
            Some(first) if (&first.labels, &first.pixels) == (&read.labels, &read.pixels) => {
                gathered.release(read.labels.len(), read.pixels.len());
            }
            Some(first) => {
                let message = format!("expected one file of this name; that of {} differs", first.name);
                return Err(LabError::file(read.name, message));
            }
        }
        Ok(())
    }
}

/// The images of some files to train on, and of one to test on.
pub fn assemble(mut batches: Vec<CifarBatch>, names: Vec<(CifarSet, Vec<String>)>) -> Result<Images> {
    batches.sort_by_key(|batch| batch.batch);
    let (first, last) = match (batches.first(), batches.last()) {
        (Some(first), Some(last)) => (first.batch.set, last.batch.set),
        _ => return Err(LabError::file("CIFAR", "expected files of images; found none")),
    };
    if first != last {
        return Err(LabError::file("images", "expected one set of images; found CIFAR-10 and CIFAR-100"));
    }
    let count = |split| batches.iter().filter(|batch| batch.batch.split == split).count();
    let (train, test) = match first {
        CifarSet::Ten => ("data_batch_1.bin to data_batch_5.bin", "test_batch.bin"),
        CifarSet::Hundred => ("train.bin", "test.bin"),
    };
    for (split, files) in [(Split::Train, train), (Split::Test, test)] {
        if count(split) == 0 {
            let message = format!("the {} images are missing; expected {files} too", split.word());
            return Err(LabError::file(first.name(), message));
        }
    }
    let size = |split| {
        batches
            .iter()
            .filter(|batch| batch.batch.split == split)
            .map(|batch| batch.labels.len())
            .sum::<usize>()
    };
    let empty = |images: usize| ImageSet {
        channels: 3,
        height: SIDE,
        width: SIDE,
        pixels: Vec::with_capacity(images * IMAGE),
        labels: Vec::with_capacity(images),
    };
    let (mut train, mut test) = (empty(size(Split::Train)), empty(size(Split::Test)));
    for batch in batches {
        let to = if batch.batch.split == Split::Train { &mut train } else { &mut test };
        to.pixels.extend_from_slice(&batch.pixels);
        to.labels.extend(batch.labels.into_iter().map(u16::from));
    }
    let usual = match first {
        CifarSet::Ten => known(CIFAR_10),
        CifarSet::Hundred => known(CIFAR_100),
    };
    let classes = names.into_iter().find(|(set, _)| *set == first).map_or(usual, |(_, names)| names);
    Ok(Images { name: first.name().to_owned(), classes, train, test })
}
