//! Theorem 3.2 for JavaScript: points, and networks that are built and measured some steps a call.

use js_sys::{Float32Array, Float64Array, Uint16Array, Uint32Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::data::drawn::DrawnPoints;
use crate::data::points::Points;
use crate::error::LabError;
use crate::js::{JsResult, floats, to_js};
use crate::theory::expressivity::{Build, Construction, Fit, Method, classify, on_sphere, principal_axes};

#[derive(Serialize)]
struct LabelledPoints {
    dimension: usize,
    classes: usize,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    inputs: Float32Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    labels: Uint16Array,
}

/// Points of a set: a `LabelledPoints`; see [`DrawnPoints`].
#[wasm_bindgen(js_name = drawPoints)]
pub fn draw_points(
    set: &str,
    points: f64,
    classes: f64,
    dimension: f64,
    noise: f64,
    seed: f64,
) -> JsResult<JsValue> {
    let points = DrawnPoints { set, points, classes, dimension, noise, seed }.draw()?;
    labelled(&points)
}

fn labelled(points: &Points) -> JsResult<JsValue> {
    to_js(&LabelledPoints {
        dimension: points.dimension,
        classes: points.classes,
        inputs: floats(&points.inputs),
        labels: points.labels.as_slice().into(),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BuildReport {
    points: usize,
    distinct: usize,
    dimension: usize,
    classes: usize,
    width: usize,
    blocks: usize,
    layers: usize,
    promised_layers: usize,
    parameters: usize,
    promised: usize,
    least_gap: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    separated: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    double: Option<FitReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    single: Option<FitReport>,
}

#[derive(Serialize)]
struct FitReport {
    fitted: usize,
    margin: f64,
    error: f64,
    strays: usize,
    moved: usize,
}

impl From<Fit> for FitReport {
    fn from(Fit { fitted, margin, error, strays, moved }: Fit) -> Self {
        Self { fitted, margin, error, strays, moved }
    }
}

#[derive(Serialize)]
struct Hidden {
    /// A₀ x, distinct points × k.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    start: Float32Array,
    /// Surrogates, r × k.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    surrogates: Float32Array,
    /// For each distinct point the block that moves it.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    movers: Uint32Array,
    /// For each point its place among the distinct ones.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    places: Uint32Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    first: Float32Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    second: Float32Array,
    share: f64,
}

#[derive(Serialize)]
struct Perturbed {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    parameters: Float32Array,
    fitted: usize,
}

/// A network of Theorem 3.2 while it is built, and afterwards.
#[wasm_bindgen]
pub struct Expressivity {
    build: Build,
    lifted: bool,
    /// What the network reads.
    points: Points,
}

#[wasm_bindgen]
impl Expressivity {
    /// Begins a network of width k for labelled points. `printed` asks for the paper's own construction, `single` for
    /// the fit in f32 too, `lifted` for points put on the sphere of one dimension more first.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::too_many_arguments, reason = "JavaScript has no slices to bundle them in")]
    pub fn new(
        dimension: usize,
        classes: usize,
        inputs: Vec<f32>,
        labels: Vec<u16>,
        width: usize,
        seed: u32,
        lifted: bool,
        printed: bool,
        single: bool,
    ) -> JsResult<Expressivity> {
        let points = Points { dimension, classes, inputs, labels };
        points.check("points")?;
        let points = if lifted { on_sphere(&points) } else { points };
        let method = if printed { Method::Printed } else { Method::Corrected };
        Ok(Self { build: Build::new(&points, width, seed, method, single)?, lifted, points })
    }

    /// Makes so many steps more, each a block or eight points measured; whether all is done.
    pub fn advance(&mut self, steps: usize) -> bool {
        self.build.advance(steps)
    }

    /// The part of the work that is done.
    pub fn progress(&self) -> f64 {
        self.build.progress()
    }

    /// What was promised and what is measured so far: a `BuildReport`.
    pub fn report(&self) -> JsResult<JsValue> {
        let report = self.build.report();
        let shape = self.build.network().shape;
        to_js(&BuildReport {
            points: report.points,
            distinct: report.distinct,
            dimension: shape.dimension,
            classes: shape.classes,
            width: shape.width,
            blocks: report.blocks,
            layers: report.layers,
            promised_layers: report.promised_layers,
            parameters: report.parameters,
            promised: report.promised,
            least_gap: report.least_gap,
            separated: report.separated,
            double: report.double.map(FitReport::from),
            single: report.single.map(FitReport::from),
        })
    }

    /// Where points begin, where they go and when: a `Hidden`. Not for the printed construction.
    pub fn hidden(&self) -> JsResult<JsValue> {
        let construction = self.construction()?;
        let width = self.build.network().shape.width;
        let start = construction.hidden();
        let ([first, second], share) = principal_axes(&start, width);
        to_js(&Hidden {
            start: single(&start),
            surrogates: single(construction.surrogates()),
            movers: numbers(&construction.movers()),
            places: numbers(construction.places()),
            first: single(&first),
            second: single(&second),
            share,
        })
    }

    /// The points as the network reads them, put on the sphere where that was asked for: a `LabelledPoints`.
    pub fn reads(&self) -> JsResult<JsValue> {
        labelled(&self.points)
    }

    /// A₀ (k × d), each block's U (k × k), s and V, then the last block's U (r × k), s and V (r × r), row-major.
    pub fn parameters(&self) -> Float64Array {
        self.build.network().parameters.as_slice().into()
    }

    /// The parameters in that order in f32, with Gaussian noise of that part of each matrix's Frobenius norm, and how
    /// many points are still fitted: a `Perturbed`.
    pub fn perturbed(&self, relative: f64, seed: u32) -> JsResult<JsValue> {
        let (network, fit) = self.build.perturbed(relative, seed)?;
        to_js(&Perturbed { parameters: floats(&network.parameters), fitted: fit.fitted })
    }

    /// The class with the largest logit at each of some inputs; 65535 where two are equal.
    pub fn classify(&self, inputs: Vec<f32>) -> Uint16Array {
        let dimension = self.build.network().shape.dimension;
        let classes = if self.lifted {
            let labels = vec![0; inputs.len() / (dimension - 1)];
            let points = Points { dimension: dimension - 1, classes: 1, inputs, labels };
            classify(self.build.network(), &on_sphere(&points).inputs)
        } else {
            classify(self.build.network(), &inputs)
        };
        let classes: Vec<u16> =
            classes.into_iter().map(|class| class.map_or(u16::MAX, |c| c as u16)).collect();
        classes.as_slice().into()
    }

    fn construction(&self) -> crate::error::Result<&Construction> {
        self.build.construction().ok_or_else(|| {
            LabError::field(
                "printed",
                "the printed construction moves other points too: it has no such picture",
            )
        })
    }
}

fn single(values: &[f64]) -> Float32Array {
    floats(&values.iter().map(|x| *x as f32).collect::<Vec<_>>())
}

fn numbers(values: &[usize]) -> Uint32Array {
    values.iter().map(|x| *x as u32).collect::<Vec<_>>().as_slice().into()
}
