//! Images for JavaScript: read from files piece by piece, kept as bytes, shown.

use std::sync::Arc;

use js_sys::{Uint8Array, Uint8ClampedArray, Uint16Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::subset;
use crate::data::images::{self, ImageOptions, ImageSet};
use crate::error::{LabError, Result};
use crate::images::Subset;
use crate::js::{JsResult, to_js};

/// Reads one set of images from files that are given piece by piece.
#[wasm_bindgen]
pub struct ImageReader {
    reader: Option<images::ImageReader>,
}

#[wasm_bindgen]
impl ImageReader {
    /// `side`: pixels a side that pictures of a folder are resized to, 8 to 64.
    #[wasm_bindgen(constructor)]
    pub fn new(side: usize) -> JsResult<ImageReader> {
        Ok(Self { reader: Some(images::ImageReader::new(ImageOptions { side })?) })
    }

    /// Begins a file of so many bytes; its name is a path whose folders matter.
    #[wasm_bindgen(js_name = beginFile)]
    pub fn begin_file(&mut self, name: &str, size: f64) -> JsResult<()> {
        Ok(self.reader()?.begin_file(name, size as u64)?)
    }

    /// Takes the next bytes of the file.
    pub fn push(&mut self, bytes: &[u8]) -> JsResult<()> {
        Ok(self.reader()?.push(bytes)?)
    }

    /// Says that the file has been given to its end.
    #[wasm_bindgen(js_name = endFile)]
    pub fn end_file(&mut self) -> JsResult<()> {
        Ok(self.reader()?.end_file()?)
    }

    /// Bytes and images so far: `{bytes, images}`.
    pub fn progress(&mut self) -> JsResult<JsValue> {
        to_js(&self.reader()?.progress())
    }

    /// The images of all files; the reader is used up.
    pub fn finish(&mut self) -> JsResult<Images> {
        self.reader()?;
        let reader = self.reader.take().ok_or_else(used_up)?;
        Ok(Images { inner: Arc::new(reader.finish()?) })
    }

    fn reader(&mut self) -> Result<&mut images::ImageReader> {
        self.reader.as_mut().ok_or_else(used_up)
    }
}

fn used_up() -> LabError {
    LabError::file("images", "have been read already: begin with a new reader")
}

/// Labelled images of one size. Cheap to share: trainers hold them too.
#[wasm_bindgen]
pub struct Images {
    pub(super) inner: Arc<images::Images>,
}

#[derive(Serialize)]
struct Info<'a> {
    name: &'a str,
    classes: &'a [String],
    channels: usize,
    height: usize,
    width: usize,
    train: usize,
    test: usize,
}

#[derive(Serialize)]
struct Shown {
    width: usize,
    height: usize,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pixels: Uint8ClampedArray,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    labels: Uint16Array,
}

#[wasm_bindgen]
impl Images {
    /// Images that were kept.
    #[wasm_bindgen(js_name = fromBytes)]
    pub fn from_bytes(bytes: &[u8]) -> JsResult<Images> {
        Ok(Self { inner: Arc::new(images::Images::from_bytes(bytes)?) })
    }

    /// The images as bytes, to be kept.
    #[wasm_bindgen(js_name = toBytes)]
    pub fn to_bytes(&self) -> JsResult<Uint8Array> {
        Ok(self.inner.to_bytes()?.as_slice().into())
    }

    /// What there is: an `ImageSetInfo`.
    pub fn info(&self) -> JsResult<JsValue> {
        let images::Images { name, classes, train, test } = self.inner.as_ref();
        to_js(&Info {
            name,
            classes,
            channels: train.channels,
            height: train.height,
            width: train.width,
            train: train.len(),
            test: test.len(),
        })
    }

    /// Some images as RGBA, with their labels: `{width, height, pixels, labels}`.
    pub fn show(&self, subset_name: &str, indices: &[u32]) -> JsResult<JsValue> {
        let set = match subset(subset_name)? {
            Subset::Train => &self.inner.train,
            Subset::Test => &self.inner.test,
        };
        if let Some(index) = indices.iter().find(|index| **index as usize >= set.len()) {
            let message =
                format!("allowed is a whole number from 0 to below the {} images; got {index}", set.len());
            Err(LabError::field("image", message))?;
        }
        let pixels: Vec<u8> = indices.iter().flat_map(|index| rgba(set, *index as usize)).collect();
        let labels: Vec<u16> = indices.iter().map(|index| set.labels[*index as usize]).collect();
        to_js(&Shown {
            width: set.width,
            height: set.height,
            pixels: pixels.as_slice().into(),
            labels: labels.as_slice().into(),
        })
    }
}

/// Height × width × 4 bytes of one image.
fn rgba(set: &ImageSet, index: usize) -> Vec<u8> {
    let image = set.image(index);
    let plane = set.height * set.width;
    let channel = |channel: usize, pixel: usize| image[channel.min(set.channels - 1) * plane + pixel];
    (0..plane).flat_map(|pixel| [channel(0, pixel), channel(1, pixel), channel(2, pixel), 255]).collect()
}
