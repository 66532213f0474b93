//! [`Images`] as bytes, for keeping a set in the browser between visits.
//!
//! Eight bytes that say what follows and in which version; the length of a description (4 bytes, little-endian) and the
//! description itself; the pixels to train on and to test on, and the labels of both (2 bytes each, little-endian); the
//! CRC-32 of all that (4 bytes, little-endian).

use flate2::Crc;
use serde::{Deserialize, Serialize};

use super::{ImageSet, Images, MAX_PIXELS, MAX_SIDE};
use crate::error::{LabError, Result};

/// The last byte is the version.
const MAGIC: &[u8; 8] = b"IdImage\x01";
/// Bytes of a checksum, or a length.
const WORD: usize = 4;

#[derive(Serialize, Deserialize)]
struct Description {
    name: String,
    classes: Vec<String>,
    channels: u8,
    height: u8,
    width: u8,
    train: u32,
    test: u32,
}

impl Images {
    /// The images as bytes. They must be as [`Images::check`] wants them.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        self.check()?;
        let description = Description {
            name: self.name.clone(),
            classes: self.classes.clone(),
            // Checked: none is more than 64.
            channels: self.train.channels as u8,
            height: self.train.height as u8,
            width: self.train.width as u8,
            train: self.train.len() as u32,
            test: self.test.len() as u32,
        };
        let description = postcard::to_allocvec(&description)
            .map_err(|error| LabError::file(&self.name, format!("cannot be kept: {error}")))?;
        let images = self.train.len() + self.test.len();
        let rest = description.len() + images * (self.train.size() + 2);
        let mut bytes = Vec::with_capacity(MAGIC.len() + 2 * WORD + rest);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&(description.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&description);
        bytes.extend_from_slice(&self.train.pixels);
        bytes.extend_from_slice(&self.test.pixels);
        let labels = self.train.labels.iter().chain(&self.test.labels);
        bytes.extend(labels.flat_map(|label| label.to_le_bytes()));
        bytes.extend_from_slice(&checksum(&bytes));
        Ok(bytes)
    }

    /// Images from the bytes of [`Images::to_bytes`]. Whatever was changed since is noticed.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        read(bytes).map_err(|message| LabError::file("kept images", message)).and_then(|images| {
            images.check()?;
            Ok(images)
        })
    }
}

fn checksum(bytes: &[u8]) -> [u8; WORD] {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum().to_le_bytes()
}

fn read(bytes: &[u8]) -> std::result::Result<Images, String> {
    let (magic, rest) =
        bytes.split_at_checked(MAGIC.len()).ok_or("expected images that were kept; found less")?;
    if magic[..7] != MAGIC[..7] {
        return Err("expected images that were kept; the bytes begin otherwise".to_owned());
    }
    if magic[7] != MAGIC[7] {
        return Err(format!("expected version {} of kept images; found version {}", MAGIC[7], magic[7]));
    }
    let cut_off = || format!("the bytes break off after {} of them", bytes.len());
    let (body, sum) = bytes.split_last_chunk::<WORD>().ok_or_else(cut_off)?;
    let (length, rest) = rest.split_first_chunk::<WORD>().ok_or_else(cut_off)?;
    let (description, data) =
        rest.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or_else(cut_off)?;
    let description: Description = postcard::from_bytes(description)
        .map_err(|error| format!("the description cannot be read: {error}"))?;
    let Description { name, classes, channels, height, width, train, test } = description;
    let size = usize::from(channels) * usize::from(height) * usize::from(width);
    let images = u64::from(train) + u64::from(test);
    if channels > 3 || usize::from(height.max(width)) > MAX_SIDE || images * size as u64 > MAX_PIXELS as u64 {
        return Err(format!("the description says {images} images of {size} bytes, which is too much"));
    }
    // Of a size so small that no product overflows: not more than 2³³ images of 12,288 bytes.
    let expected = images * (size as u64 + 2) + WORD as u64;
    if data.len() as u64 != expected {
        return Err(format!("expected {expected} bytes after the description; found {}", data.len()));
    }
    if checksum(body) != *sum {
        return Err("the bytes are damaged: their checksum differs".to_owned());
    }
    let (train_pixels, data) = data.split_at(train as usize * size);
    let (test_pixels, data) = data.split_at(test as usize * size);
    let (train_labels, data) = data.split_at(2 * train as usize);
    let set = |pixels: &[u8], labels: &[u8]| ImageSet {
        channels: channels.into(),
        height: height.into(),
        width: width.into(),
        pixels: pixels.to_vec(),
        labels: labels.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect(),
    };
    let test_labels = &data[..2 * test as usize];
    Ok(Images { name, classes, train: set(train_pixels, train_labels), test: set(test_pixels, test_labels) })
}
