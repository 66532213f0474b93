//! The loss around a network on images, for JavaScript, some cells a call.

use js_sys::Float32Array;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::error::LabError;
use crate::images::{self, LandscapeRequest, Trainer};
use crate::js::{JsResult, floats, to_js};

/// A landscape being computed; whoever frees it has cancelled it.
#[wasm_bindgen]
pub struct ImageLandscape {
    inner: images::ImageLandscape,
}

#[derive(Serialize)]
struct State {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    coordinates: Float32Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    values: Float32Array,
    done: usize,
    cells: usize,
}

impl ImageLandscape {
    pub(super) async fn around(trainer: &Trainer, request: &str) -> JsResult<Self> {
        let request: LandscapeRequest = serde_json::from_str(request)
            .map_err(|error| LabError::field("landscape", format!("cannot be read: {error}")))?;
        Ok(Self { inner: images::ImageLandscape::new(trainer, &request).await? })
    }
}

#[wasm_bindgen]
impl ImageLandscape {
    /// Computes up to that many further cells; whether there are still others.
    pub async fn advance(&mut self, cells: usize) -> JsResult<bool> {
        Ok(self.inner.advance(cells).await?)
    }

    /// What is known so far: `{coordinates, values, done, cells}`.
    pub fn state(&self) -> JsResult<JsValue> {
        let (done, cells) = self.inner.progress();
        to_js(&State {
            coordinates: floats(self.inner.coordinates()),
            values: floats(self.inner.values()),
            done,
            cells,
        })
    }
}
