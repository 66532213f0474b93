//! Tables of text for JavaScript.

use js_sys::{Float32Array, Uint16Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::data::csv::{self, Options, Reading};
use crate::js::{JsResult, floats, to_js};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PointsOut {
    dimension: usize,
    classes: usize,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    inputs: Float32Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    labels: Uint16Array,
}

#[derive(Serialize)]
struct Out {
    reading: Reading,
    points: Option<PointsOut>,
}

/// Reads a table of text as the options (JSON) say; what they leave out is guessed. See [`csv::read`].
#[wasm_bindgen(js_name = readCsv)]
pub fn read_csv(text: &str, options: &str) -> JsResult<JsValue> {
    let mut reading = csv::read(text, &Options::from_json(options)?);
    let points = reading.points.take().map(|points| PointsOut {
        dimension: points.dimension,
        classes: points.classes,
        inputs: floats(&points.inputs),
        labels: Uint16Array::from(points.labels.as_slice()),
    });
    to_js(&Out { reading, points })
}
