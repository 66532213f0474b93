//! Checkpoints: everything a run needs to go on, as a safetensors file.
//!
//! Tensors carry the names of [`Shape::parts`], once as they are and once with `momentum.` in front; running
//! averages of batch normalization are `NAME.mean` and `NAME.variance`. All are little-endian f32. One metadata entry,
//! [`KEY`], holds the rest as JSON. Random numbers are functions of the seed and the step, so these two are all that
//! has to be kept of them.
//!
//! [`Shape::parts`]: super::Shape::parts

use std::sync::Arc;

use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};

use super::experiment::ImageExperiment;
use super::training::Trainer;
use crate::data::images::Images;
use crate::engine::burn::Place;
use crate::error::{LabError, Result};

/// Name of the metadata entry.
const KEY: &str = "identity-lab";
/// Version of what is in it.
const VERSION: u32 = 1;

/// What a checkpoint says besides its numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Header {
    version: u32,
    experiment: ImageExperiment,
    /// Steps made.
    step: u64,
    diverged_at: Option<u64>,
    images: Fingerprint,
}

/// By which images are known again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Fingerprint {
    name: String,
    classes: usize,
    /// Channels, height and width.
    size: [usize; 3],
    /// Images to train on, and to test on.
    count: [usize; 2],
    /// FNV-1a over pixels and labels of the images to train on, in hexadecimal.
    hash: String,
}

impl Fingerprint {
    fn of(images: &Images) -> Self {
        let (train, test) = (&images.train, &images.test);
        let labels = train.labels.iter().flat_map(|label| label.to_le_bytes());
        let hash =
            train.pixels.iter().copied().chain(labels).fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
            });
        Self {
            name: images.name.clone(),
            classes: images.classes.len(),
            size: [train.channels, train.height, train.width],
            count: [train.len(), test.len()],
            hash: format!("{hash:016x}"),
        }
    }
}

fn refuse(message: impl Into<String>) -> LabError {
    LabError::file("checkpoint", message)
}

impl Trainer {
    /// The run as it stands, as the bytes of a safetensors file. The same run gives the same bytes.
    pub async fn save(&self) -> Result<Vec<u8>> {
        let mut tensors: Vec<(String, Vec<usize>, Vec<u8>)> = Vec::new();
        let mut push = |name: String, dims: [usize; 4], values: Vec<f32>| {
            let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
            tensors.push((name, dims.to_vec(), bytes));
        };
        for (index, part) in self.parts.iter().enumerate() {
            push(part.name.clone(), part.dims, self.learner.weights(index).await?);
            push(format!("momentum.{}", part.name), part.dims, self.learner.momentum(index).await?);
        }
        for (index, (name, channels)) in self.shape.normalized().iter().enumerate() {
            let dims = [1, *channels, 1, 1];
            let [means, variances] = self.learner.running(index, *channels).await?;
            push(format!("{name}.mean"), dims, means);
            push(format!("{name}.variance"), dims, variances);
        }
        let header = Header {
            version: VERSION,
            experiment: self.experiment.clone(),
            step: self.step,
            diverged_at: self.diverged_at,
            images: Fingerprint::of(&self.images),
        };
        let failed =
            |error: String| LabError::engine("burn", format!("no checkpoint can be written: {error}"));
        let text = serde_json::to_string(&header).map_err(|error| failed(error.to_string()))?;
        let mut views = Vec::new();
        for (name, dims, bytes) in &tensors {
            let view = TensorView::new(Dtype::F32, dims.clone(), bytes);
            views.push((name, view.map_err(|error| failed(error.to_string()))?));
        }
        let metadata = std::iter::once((KEY.to_owned(), text)).collect();
        safetensors::serialize(views, Some(metadata)).map_err(|error| failed(error.to_string()))
    }

    /// The run that a checkpoint was saved of, ready to go on with the same images. On the processor it goes on
    /// with the same bits as if it had never stopped.
    pub fn load(bytes: &[u8], images: Arc<Images>, place: impl Into<Place>) -> Result<Self> {
        let (header, file) = read(bytes)?;
        let own = Fingerprint::of(&images);
        if header.images != own {
            let Fingerprint { name, count, .. } = &header.images;
            return Err(refuse(format!(
                "it was saved with other images, {} of \"{name}\" to train on; these are {} of \"{}\"",
                count[0], own.count[0], own.name
            )));
        }
        let mut trainer = Self::new(header.experiment, images, place)?;
        let values = |name: &str, dims: [usize; 4]| -> Result<Vec<f32>> {
            let view = file.tensor(name).map_err(|_| refuse(format!("the numbers of {name} are missing")))?;
            if view.dtype() != Dtype::F32 || view.shape() != dims {
                return Err(refuse(format!(
                    "{name} does not have the shape of the network that it describes"
                )));
            }
            let number = |bytes: &[u8]| match bytes.try_into() {
                Ok(bytes) => f32::from_le_bytes(bytes),
                Err(_) => f32::NAN,
            };
            Ok(view.data().chunks_exact(4).map(number).collect())
        };
        for (index, part) in trainer.parts.clone().iter().enumerate() {
            trainer.learner.set_weights(index, values(&part.name, part.dims)?);
            let momentum = values(&format!("momentum.{}", part.name), part.dims)?;
            trainer.learner.set_momentum(index, momentum);
        }
        for (index, (name, channels)) in trainer.shape.normalized().iter().enumerate() {
            let dims = [1, *channels, 1, 1];
            let [means, variances] = ["mean", "variance"].map(|what| values(&format!("{name}.{what}"), dims));
            trainer.learner.set_running(index, [means?, variances?]);
        }
        trainer.step = header.step;
        trainer.diverged_at = header.diverged_at;
        Ok(trainer)
    }

    /// The experiment that a checkpoint was saved of, and the steps it had made.
    pub fn peek(bytes: &[u8]) -> Result<(ImageExperiment, u64)> {
        read(bytes).map(|(header, _)| (header.experiment, header.step))
    }
}

/// What a file says, and its tensors.
fn read(bytes: &[u8]) -> Result<(Header, SafeTensors<'_>)> {
    let damaged = |error: safetensors::SafeTensorError| {
        refuse(format!("it is no safetensors file, or a damaged one ({error})"))
    };
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
    let file = SafeTensors::deserialize(bytes).map_err(damaged)?;
    let text = metadata.metadata().as_ref().and_then(|entries| entries.get(KEY));
    let text = text.ok_or_else(|| refuse("it is a safetensors file, but none of this program's"))?;
    let header: Header = serde_json::from_str(text)
        .map_err(|error| refuse(format!("what it says about itself is damaged ({error})")))?;
    if header.version != VERSION {
        let version = header.version;
        return Err(refuse(format!("allowed is format version {VERSION}; got {version}")));
    }
    header.experiment.validate()?;
    Ok((header, file))
}
