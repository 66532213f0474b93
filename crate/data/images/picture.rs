//! [`PictureFile`]: a PNG or JPEG → a square of red, green and blue.

use std::io::Cursor;

use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageReader, ImageResult, Limits, RgbImage};

use super::folder::{Picture, Place};
use super::{Gathered, Part};
use crate::error::{LabError, Result};

/// Largest file: only pictures are held whole while they are read.
const LARGEST: usize = 64 << 20;
/// Most pixels a side of a picture before it is made smaller.
const WIDEST: u32 = 16_384;
/// Most memory that a picture may take before it is made smaller.
const DECODED: u64 = 256 << 20;

/// A picture that is being read.
pub struct PictureFile {
    name: String,
    place: Place,
    bytes: Vec<u8>,
}

impl PictureFile {
    /// Begins a file, whose path says its class.
    pub fn new(name: &str, path: &str) -> Result<Self> {
        let place = Place::of(path).ok_or_else(|| {
            let message = "expected a folder for each class, such as cats/001.png; this picture is in none";
            LabError::file(name, message)
        })?;
        Ok(Self { name: name.to_owned(), place, bytes: Vec::new() })
    }
}

impl Part for PictureFile {
    fn push(&mut self, bytes: &[u8], _: &mut Gathered) -> Result<()> {
        if self.bytes.len() + bytes.len() > LARGEST {
            let message = format!("allowed are pictures of up to {} MiB; this one is larger", LARGEST >> 20);
            return Err(LabError::file(&self.name, message));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn end(&mut self, gathered: &mut Gathered) -> Result<()> {
        let bytes = std::mem::take(&mut self.bytes);
        let picture = decoded(&bytes).map_err(|error| {
            let found = bytes.len();
            let message =
                format!("expected a PNG or JPEG picture; its {found} bytes cannot be read: {error}");
            LabError::file(&self.name, message)
        })?;
        let pixels = planes(&picture, gathered.side);
        gathered.claim(&self.name, pixels.len() as u64)?;
        gathered.images += 1;
        gathered.pictures.push(Picture { path: self.name.clone(), place: self.place.clone(), pixels });
        Ok(())
    }
}

/// The picture as it is to be looked at: upright, and what is transparent on white.
fn decoded(bytes: &[u8]) -> ImageResult<RgbImage> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(WIDEST);
    limits.max_image_height = Some(WIDEST);
    limits.max_alloc = Some(DECODED);
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    limits.reserve(decoder.total_bytes())?;
    let orientation = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    if !picture.color().has_alpha() {
        return Ok(picture.into_rgb8());
    }
    let picture = picture.into_rgba8();
    let on_white = |value: u8, alpha: u8| {
        let (value, alpha) = (u32::from(value), u32::from(alpha));
        ((value * alpha + 255 * (255 - alpha) + 127) / 255) as u8
    };
    Ok(RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, alpha] = picture.get_pixel(x, y).0;
        image::Rgb([red, green, blue].map(|value| on_white(value, alpha)))
    }))
}

/// The largest square in the middle, made smaller or larger, colour by colour. A triangle filter averages what it
/// makes smaller, and needs no function that machines compute differently.
fn planes(picture: &RgbImage, side: usize) -> Box<[u8]> {
    let square = picture.width().min(picture.height());
    let (left, top) = ((picture.width() - square) / 2, (picture.height() - square) / 2);
    let square = image::imageops::crop_imm(picture, left, top, square, square);
    let small = image::imageops::resize(&*square, side as u32, side as u32, FilterType::Triangle);
    (0..3).flat_map(|channel| small.pixels().map(move |pixel| pixel.0[channel])).collect()
}
