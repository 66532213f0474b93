//! The exports for images: files are read, networks trained and looked into. Shapes are those of
//! `www/src/engine/images.ts`.

mod files;
mod landscape;
mod trainer;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::error::{LabError, Result};
use crate::images::{ImageExperiment, ImagePreset, Subset};
use crate::js::JsResult;

/// Fills in defaults, validates, and returns the whole experiment as JSON.
#[wasm_bindgen(js_name = normalizeImageExperiment)]
pub fn normalize_image_experiment(json: &str) -> JsResult<String> {
    Ok(ImageExperiment::from_json(json)?.to_json())
}

#[derive(Serialize)]
struct Preset {
    name: &'static str,
    experiment: ImageExperiment,
}

/// The presets, as a JSON list of `{name, experiment}`.
#[wasm_bindgen(js_name = imagePresets)]
pub fn image_presets() -> String {
    let presets =
        ImagePreset::ALL.map(|preset| Preset { name: preset.name(), experiment: preset.experiment() });
    serde_json::to_string(&presets).unwrap_or_else(|_| "[]".to_owned())
}

fn subset(name: &str) -> Result<Subset> {
    match name {
        "train" => Ok(Subset::Train),
        "test" => Ok(Subset::Test),
        other => Err(LabError::field("subset", format!("allowed are train and test; got \"{other}\""))),
    }
}
