//! Files of every format, made here, given in pieces of every length.

mod archives;
mod cifar;
mod digits;
mod idx;
mod kept;
mod pictures;
mod reader;

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;
use crate::error::Result;

/// A path and bytes.
type File = (String, Vec<u8>);

fn file(path: &str, bytes: Vec<u8>) -> File {
    (path.to_owned(), bytes)
}

/// Reads files in pieces of at most so many bytes.
fn read_in(files: &[File], piece: usize) -> Result<Images> {
    let mut reader = ImageReader::new(ImageOptions { side: 8 })?;
    for (name, bytes) in files {
        reader.begin_file(name, bytes.len() as u64)?;
        bytes.chunks(piece).try_for_each(|bytes| reader.push(bytes))?;
        reader.end_file()?;
    }
    reader.finish()
}

/// Reads files in pieces of several lengths, which must not make a difference.
fn read(files: &[File]) -> Result<Images> {
    let whole = read_in(files, usize::MAX);
    for piece in [1, 7, 511, 513, 3073] {
        assert!(read_in(files, piece) == whole, "pieces of {piece}");
    }
    whole
}

/// The sentence about what is wrong with files.
fn complaint(files: &[File]) -> String {
    read(files).unwrap_err().to_string()
}

/// Bytes that repeat late.
fn noise(count: usize, seed: usize) -> Vec<u8> {
    (0..count).map(|i| ((i * 7919 + seed * 104_729) >> 3) as u8).collect()
}

fn idx_images(count: usize, height: usize, width: usize) -> Vec<u8> {
    let lengths = [count, height, width].map(|length| (length as u32).to_be_bytes()).concat();
    [vec![0, 0, 8, 3], lengths, noise(count * height * width, count)].concat()
}

fn idx_labels(labels: &[u8]) -> Vec<u8> {
    [&[0, 0, 8, 1], &(labels.len() as u32).to_be_bytes()[..], labels].concat()
}

/// Four files, of 3 and 2 images.
fn idx_files() -> Vec<File> {
    vec![
        file("set/train-images-idx3-ubyte", idx_images(3, 9, 8)),
        file("set/train-labels-idx1-ubyte", idx_labels(&[2, 0, 1])),
        file("set/t10k-images-idx3-ubyte", idx_images(2, 9, 8)),
        file("set/t10k-labels-idx1-ubyte", idx_labels(&[1, 1])),
    ]
}

/// Rows of CIFAR.
fn rows(labels: &[&[u8]], seed: usize) -> Vec<u8> {
    let row = |(index, label): (usize, &&[u8])| [*label, &noise(3072, seed + index)].concat();
    labels.iter().enumerate().flat_map(row).collect()
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn tar_of(files: &[File]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        builder.append_data(&mut header, path, bytes.as_slice()).unwrap();
    }
    builder.into_inner().unwrap()
}

/// A picture whose left half is of one colour and whose right half is of another.
fn halves(width: u32, height: u32, colours: [[u8; 3]; 2], format: image::ImageFormat) -> Vec<u8> {
    let picture =
        image::RgbImage::from_fn(width, height, |x, _| image::Rgb(colours[usize::from(x >= width / 2)]));
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn png(shade: u8) -> Vec<u8> {
    halves(8, 8, [[shade; 3]; 2], image::ImageFormat::Png)
}
