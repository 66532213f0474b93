//! A network being trained on images, for JavaScript. Who calls waits for each answer before the next question.

use js_sys::{Float32Array, Uint8Array, Uint16Array, Uint32Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::files::Images;
use super::landscape::ImageLandscape;
use super::subset;
use crate::engine::burn::Place;
use crate::error::{LabError, Result};
use crate::images::{FeatureMaps, ImageExperiment, Trainer};
use crate::js::{JsResult, floats, to_js};

/// The place of that name: `cpu`, or `webgpu` in the build that has it. On the processor the crate's own kernels train
/// networks, and burn looks into them.
async fn place(name: &str) -> Result<Place> {
    match name {
        "cpu" => Ok(Place::cpu()),
        #[cfg(feature = "burn-wgpu")]
        "webgpu" => Place::webgpu().await,
        other => {
            let allowed = if cfg!(feature = "burn-wgpu") { "cpu or webgpu" } else { "cpu" };
            Err(LabError::field("device", format!("allowed here is {allowed}; got \"{other}\"")))
        }
    }
}

/// A network being trained.
#[wasm_bindgen]
pub struct ImageTrainer {
    trainer: Trainer,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Status<'a> {
    experiment: &'a ImageExperiment,
    step: u64,
    over: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    diverged_at: Option<u64>,
    convolutions: usize,
    blocks: usize,
    weights: usize,
}

#[derive(Serialize)]
struct TallyOut {
    classes: usize,
    images: usize,
    wrong: usize,
    loss: f64,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    confusion: Uint32Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    predictions: Uint16Array,
}

#[derive(Serialize)]
struct FiltersOut {
    filters: usize,
    channels: usize,
    side: usize,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    values: Float32Array,
}

#[derive(Serialize)]
struct MapsOut {
    channels: usize,
    height: usize,
    width: usize,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    values: Float32Array,
}

#[wasm_bindgen]
impl ImageTrainer {
    /// A network at its start.
    pub async fn create(experiment: String, images: &Images, device: String) -> JsResult<ImageTrainer> {
        let images = images.inner.clone();
        let experiment = ImageExperiment::from_json(&experiment)?;
        Ok(Self { trainer: Trainer::new(experiment, images, place(&device).await?)? })
    }

    /// The run of a checkpoint, on the images it was saved with.
    pub async fn load(checkpoint: Vec<u8>, images: &Images, device: String) -> JsResult<ImageTrainer> {
        let images = images.inner.clone();
        Ok(Self { trainer: Trainer::load(&checkpoint, images, place(&device).await?)? })
    }

    /// The run as the bytes of a safetensors file.
    pub async fn save(&self) -> JsResult<Uint8Array> {
        Ok(self.trainer.save().await?.as_slice().into())
    }

    /// Makes up to `count` steps: a list of `StepRecord`.
    pub async fn step(&mut self, count: u32) -> JsResult<JsValue> {
        to_js(&self.trainer.step(count).await?)
    }

    /// How the run stands: a `RunStatus`.
    pub fn status(&self) -> JsResult<JsValue> {
        let shape = self.trainer.shape();
        to_js(&Status {
            experiment: self.trainer.experiment(),
            step: self.trainer.steps_made(),
            over: self.trainer.is_over(),
            diverged_at: self.trainer.diverged_at(),
            convolutions: shape.convolutions(),
            blocks: shape.blocks.len(),
            weights: shape.parts().iter().map(|part| part.count()).sum(),
        })
    }

    /// Another learning rate before the first drop, from now on.
    #[wasm_bindgen(js_name = setLearningRate)]
    pub fn set_learning_rate(&mut self, value: f64) -> JsResult<()> {
        Ok(self.trainer.set_learning_rate(value)?)
    }

    /// Another number of steps after which the run is over.
    #[wasm_bindgen(js_name = setSteps)]
    pub fn set_steps(&mut self, steps: f64) -> JsResult<()> {
        if !(steps.fract() == 0.0 && (0.0..9e15).contains(&steps)) {
            let message = format!("allowed is a whole number from 1 to 10000000; got {steps}");
            Err(LabError::field("training.steps", message))?;
        }
        Ok(self.trainer.set_steps(steps as u64)?)
    }

    /// How the network does on `count` images of a subset from `first` on: a `Tally`.
    pub async fn evaluate(&self, subset_name: String, first: usize, count: usize) -> JsResult<JsValue> {
        let tally = self.trainer.evaluate(subset(&subset_name)?, first, count).await?;
        to_js(&TallyOut {
            classes: tally.classes,
            images: tally.images(),
            wrong: tally.wrong(),
            loss: tally.mean_loss(),
            confusion: tally.confusion.as_slice().into(),
            predictions: tally.predictions.as_slice().into(),
        })
    }

    /// Norms of every block's branch and shortcut on some images: a list of `Branch`.
    pub async fn branches(&self, subset_name: String, images: Vec<u32>) -> JsResult<JsValue> {
        to_js(&self.trainer.branches(subset(&subset_name)?, &images).await?)
    }

    /// The filters of the first convolution.
    #[wasm_bindgen(js_name = stemFilters)]
    pub async fn stem_filters(&self) -> JsResult<JsValue> {
        let filters = self.trainer.stem_filters().await?;
        to_js(&FiltersOut {
            filters: filters.filters,
            channels: filters.channels,
            side: filters.side,
            values: floats(&filters.values),
        })
    }

    /// What one image has become after every block: a list of `FeatureMaps`.
    #[wasm_bindgen(js_name = featureMaps)]
    pub async fn feature_maps(&self, subset_name: String, image: u32) -> JsResult<JsValue> {
        let maps = self.trainer.feature_maps(subset(&subset_name)?, image).await?;
        let out = |maps: &FeatureMaps| MapsOut {
            channels: maps.channels,
            height: maps.height,
            width: maps.width,
            values: floats(&maps.values),
        };
        to_js(&maps.iter().map(out).collect::<Vec<_>>())
    }

    /// The landscape around the network as it is now; see `ImageLandscapeRequest`.
    pub async fn landscape(&self, request: String) -> JsResult<ImageLandscape> {
        ImageLandscape::around(&self.trainer, &request).await
    }
}
