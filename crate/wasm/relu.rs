//! What classifiers have beyond what every run has.

use js_sys::{Float32Array, Float64Array, Uint16Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::Session;
use crate::data::points::Points;
use crate::js::{JsResult, floats, to_js};
use crate::network::hidden::project;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PointsOut {
    dimension: usize,
    classes: usize,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    inputs: Float32Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    labels: Uint16Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    held_out_inputs: Float32Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    held_out_labels: Uint16Array,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Evaluation {
    accuracy: f64,
    loss: f64,
    held_out_accuracy: Option<f64>,
    held_out_loss: Option<f64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Hidden {
    layers: usize,
    points: usize,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    places: Float32Array,
    captured: f64,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    moved: Float64Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    ratios: Float64Array,
}

#[wasm_bindgen]
impl Session {
    /// The points trained on and those held out.
    pub fn points(&self) -> JsResult<JsValue> {
        let problem = self.inner.task().relu("a set of points")?;
        let labels = |points: &Points| Uint16Array::from(points.labels.as_slice());
        to_js(&PointsOut {
            dimension: problem.layout.dimension,
            classes: problem.layout.classes,
            inputs: floats(&problem.points.inputs),
            labels: labels(&problem.points),
            held_out_inputs: floats(&problem.held_out.inputs),
            held_out_labels: labels(&problem.held_out),
        })
    }

    /// How a twin does on the points trained on and on those held out: an `Evaluation`.
    pub fn evaluation(&self, twin: usize) -> JsResult<JsValue> {
        let found = self.inner.evaluation(twin)?;
        to_js(&Evaluation {
            accuracy: found.accuracy,
            loss: found.loss,
            held_out_accuracy: found.held_out_accuracy,
            held_out_loss: found.held_out_loss,
        })
    }

    /// A twin's logits at every y and x of a plane of inputs, index `[(iy · x.length + ix) · classes + class]`.
    pub fn decision(&self, twin: usize, x: &[f32], y: &[f32]) -> JsResult<Float32Array> {
        Ok(floats(&self.inner.decision(twin, x, y)?))
    }

    /// Where the first `count` points trained on are before the first block and after each, on two axes that
    /// all layers share: a `Hidden`.
    pub fn hidden(&self, twin: usize, count: usize) -> JsResult<JsValue> {
        let problem = self.inner.task().relu("a hidden representation")?;
        let (hidden, points) = self.inner.hidden(twin, count)?;
        let skips = self.inner.experiment().twins[twin].parametrization.is_identity();
        let found = project(&hidden, points, problem.layout.width, skips);
        to_js(&Hidden {
            layers: problem.layout.blocks + 1,
            points,
            places: floats(&found.places),
            captured: found.captured,
            moved: Float64Array::from(found.moved.as_slice()),
            ratios: Float64Array::from(found.ratios.as_slice()),
        })
    }
}
