//! The exports to JavaScript of the modules that train. Everything else in the crate knows nothing of it.

use std::cell::OnceCell;
use std::str::FromStr;

use js_sys::{Float32Array, Float64Array, Reflect, Uint8Array};
use nalgebra::DMatrix;
use serde::Serialize;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

use crate::data::problem::Problem;
use crate::data::task::Task;
use crate::engine::{EngineKind, Trainer, cpu};
use crate::error::{LabError, Result};
use crate::experiment::{Experiment, MAX_LAYERS, Parametrization, Twin};
use crate::js::{JsResult, floats, to_js};
use crate::landscape::critical::nearest_critical_point;
use crate::landscape::directions::{Captured, PlaneSpec};
use crate::landscape::plane::{Extent, Grid, Plane, Span};
use crate::landscape::task::{known_optimum, objective, task_directions};
use crate::maps;
use crate::network::linear::LinearObjective;
use crate::network::objective::{Objective, norm};
use crate::network::spectrum::smallest;
use crate::session;
use crate::snapshot::Snapshot;
use crate::theory::along::certificate_at;
use crate::theory::ball::{Ball, look};
use crate::theory::depth::{AtDepth, against_depth};
use crate::theory::factorization::{factorize, gamma};
use crate::verify;

mod relu;

/// Fills in defaults, validates, and returns the whole experiment as JSON.
#[wasm_bindgen(js_name = normalizeExperiment)]
pub fn normalize_experiment(json: &str) -> JsResult<String> {
    Ok(Experiment::from_json(json)?.to_json())
}

/// The presets, as a JSON list of `{id, title, commentary, experiment}`.
#[wasm_bindgen]
pub fn presets() -> String {
    serde_json::to_string(&crate::presets::presets()).unwrap_or_else(|_| "[]".to_owned())
}

/// Checks one file of reference values on `cpu`, `webgpu` or `burn`; returns a JSON list of reports.
#[wasm_bindgen(js_name = verifyVectors)]
pub async fn verify_vectors(name: String, text: String, engine: String) -> JsResult<String> {
    let kind = EngineKind::from_str(&engine)?;
    let mut reports = Vec::new();
    let double = (kind == EngineKind::Cpu).then_some(verify::Subject::Double);
    for subject in double.into_iter().chain([verify::Subject::Single(kind)]) {
        if verify::concerns(&name, subject) {
            reports.push(verify::verify(&name, &text, subject).await?);
        }
    }
    Ok(serde_json::to_string(&reports).unwrap_or_else(|_| "[]".to_owned()))
}

/// Giga floating-point operations a second of a short loop of multiply-adds in registers: the peak that the
/// `cpu` engine's speed is compared with. Best of several calls, because a browser optimizes a function
/// only after some of them.
#[wasm_bindgen(js_name = simdPeakGflops)]
pub fn simd_peak_gflops() -> f64 {
    let from = now();
    let (operations, value) = cpu::multiply_add_peak(1_000_000);
    let elapsed = now() - from;
    // The value is finite; testing it keeps the loop from being removed.
    if elapsed > 0.0 && value.is_finite() { operations / elapsed / 1e6 } else { 0.0 }
}

/// Milliseconds on the realm's monotonic clock, which windows and workers both have.
fn now() -> f64 {
    let performance = Reflect::get(&js_sys::global(), &"performance".into());
    performance.ok().and_then(|p| p.dyn_into::<web_sys::Performance>().ok()).map_or(0.0, |p| p.now())
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct History {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    steps: Float64Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    excess: Float32Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    gradient_norm: Float32Array,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TwinFrame {
    parametrization: Parametrization,
    start: String,
    status: &'static str,
    diverged_at: Option<f64>,
    excess: f32,
    gradient_norm: f32,
    history: History,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Frame {
    step: f64,
    learning_rate: f64,
    engine: &'static str,
    notice: Option<String>,
    twins: Vec<TwinFrame>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Spectra {
    width: usize,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    layers: Float32Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    product: Float32Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    target: Float32Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    product_eigenvalues: Float32Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    target_eigenvalues: Float32Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    product_matrix: Float32Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    target_matrix: Float32Array,
    largest_residual_norm: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Directions {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    origin: Float32Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    u: Float32Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    v: Float32Array,
    labels: [String; 2],
    middle: f64,
    half: Option<f64>,
    captured: Option<Captured>,
    /// (a, b) of the constructed optimum and its distance from the plane.
    optimum: Option<[f64; 3]>,
    marks: Vec<Mark>,
}

#[derive(Serialize)]
struct Mark {
    label: String,
    a: f64,
    b: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DepthBounds {
    gamma: f64,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    depth: Float64Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    measured: Float64Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    sharp: Float64Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    promised: Float64Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    printed: Float64Array,
    error: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shadow {
    parametrization: Parametrization,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    trajectory: Float32Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    steps: Float64Array,
    start_distance: f64,
    metric: [f64; 3],
    plane_distance: f64,
    iterate_distance: f64,
    distance: f64,
    variance: f64,
    a: [f64; 2],
    b: [f64; 2],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Probe {
    a: f64,
    b: f64,
    excess: f64,
    gradient_norm: f64,
    critical: Critical,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Critical {
    converged: bool,
    excess: f64,
    gradient_norm: f64,
    distance: f64,
    least: f64,
    largest: f64,
    index: Option<usize>,
    /// Of the product of layer maps; classifiers have none.
    rank: Option<usize>,
    width: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EngineInfo {
    name: &'static str,
    description: String,
    fallback_adapter: bool,
}

/// An experiment being run. Calls must follow one another: the next only after the promise of the last.
#[wasm_bindgen]
pub struct Session {
    inner: session::Session,
    planes: Vec<Option<Plane>>,
}

#[wasm_bindgen]
impl Session {
    /// Begins the run of an experiment, at step 0.
    #[wasm_bindgen]
    pub async fn create(experiment: String) -> JsResult<Session> {
        let inner = session::Session::new(Experiment::from_json(&experiment)?).await?;
        let planes = inner.experiment().twins.iter().map(|_| None).collect();
        Ok(Self { inner, planes })
    }

    /// The run as bytes, for [`Session::restore`] in another module of the same build.
    /// Without its past it is smaller, and cannot be rewound.
    pub fn snapshot(&self, with_past: bool) -> JsResult<Uint8Array> {
        Ok(Uint8Array::from(self.inner.snapshot(with_past).to_bytes()?.as_slice()))
    }

    /// Goes on with a run that another module began, on that engine.
    #[wasm_bindgen]
    pub async fn restore(snapshot: Vec<u8>, engine: String) -> JsResult<Session> {
        let snapshot = Snapshot::from_bytes(&snapshot)?;
        let inner = session::Session::restore(snapshot, EngineKind::from_str(&engine)?).await?;
        let planes = inner.experiment().twins.iter().map(|_| None).collect();
        Ok(Self { inner, planes })
    }

    /// What the run is computed on: an `EngineInfo`.
    #[wasm_bindgen(js_name = engineInfo)]
    pub fn engine_info(&self) -> JsResult<JsValue> {
        let info = self.inner.engine_info();
        to_js(&EngineInfo {
            name: self.inner.engine().name(),
            description: info.description,
            fallback_adapter: info.fallback_adapter,
        })
    }

    /// Goes back to an earlier step, the same bits as then, and returns a `Frame`.
    pub async fn rewind(&mut self, step: f64) -> JsResult<JsValue> {
        if !(step >= 0.0 && step.fract() == 0.0) {
            return Err(LabError::field("step", format!("allowed is a whole number; got {step}")).into());
        }
        self.inner.rewind(step as u64).await?;
        self.frame()
    }

    /// Makes `count` steps and returns a `Frame`.
    pub async fn step(&mut self, count: u32) -> JsResult<JsValue> {
        self.inner.step(count).await?;
        self.frame()
    }

    fn frame(&mut self) -> JsResult<JsValue> {
        let frame = self.inner.frame();
        let twins = frame
            .twins
            .into_iter()
            .zip(&self.inner.experiment().twins)
            .map(|(twin, described)| TwinFrame {
                parametrization: described.parametrization,
                start: described.start.name(),
                status: if twin.diverged_at.is_some() { "diverged" } else { "running" },
                diverged_at: twin.diverged_at.map(|step| step as f64),
                excess: twin.excess,
                gradient_norm: twin.gradient_norm,
                history: History {
                    steps: Float64Array::from(twin.history.steps.as_slice()),
                    excess: floats(&twin.history.excess),
                    gradient_norm: floats(&twin.history.gradient_norm),
                },
            })
            .collect();
        to_js(&Frame {
            step: frame.step as f64,
            learning_rate: self.inner.experiment().optimizer.learning_rate(),
            engine: frame.engine.name(),
            notice: frame.notice,
            twins,
        })
    }

    /// Changes the learning rate of the steps to come.
    #[wasm_bindgen(js_name = setLearningRate)]
    pub fn set_learning_rate(&mut self, value: f64) -> JsResult<()> {
        Ok(self.inner.set_learning_rate(value)?)
    }

    /// Moves the run to another engine of this module.
    #[wasm_bindgen(js_name = setEngine)]
    pub async fn set_engine(&mut self, name: String) -> JsResult<()> {
        Ok(self.inner.set_engine(EngineKind::from_str(&name)?).await?)
    }

    /// Median milliseconds a step of this run on that engine, on a copy: at least three timings.
    #[wasm_bindgen(js_name = timeEngine)]
    pub async fn time_engine(&self, name: String) -> JsResult<f64> {
        let (mut engine, rule) = self.inner.scratch(EngineKind::from_str(&name)?).await?;
        // The first call compiles and allocates; it is not timed.
        engine.train(1, &rule).await?;
        let mut steps = 1;
        let mut times = Vec::new();
        while times.len() < 3 {
            let from = now();
            engine.train(steps, &rule).await?;
            let elapsed = now() - from;
            if elapsed < 10.0 && steps < 1 << 14 {
                steps *= 2;
                continue;
            }
            times.push(elapsed / f64::from(steps));
        }
        times.sort_by(f64::total_cmp);
        Ok(times[1])
    }

    /// Excess risk beyond which a twin counts as diverged.
    pub fn divergence(&self) -> f32 {
        self.inner.divergence()
    }

    /// Parameters of a twin, flat: layer first, row-major.
    pub fn parameters(&self, twin: usize) -> JsResult<Float32Array> {
        Ok(floats(self.inner.parameters(twin)?))
    }

    /// Parameters of a twin with one more layer after the first `position`: A = 0, or a random W.
    #[wasm_bindgen(js_name = withLayer)]
    pub fn with_layer(&self, twin: usize, position: usize) -> JsResult<Float32Array> {
        Ok(floats(&self.inner.with_layer(twin, position)?))
    }

    /// Singular values of a twin's layer maps and product: a `Spectra`. For classifiers they are those of the
    /// blocks' Jacobians at an input.
    pub fn spectra(&self, twin: usize, input: Option<Vec<f32>>) -> JsResult<JsValue> {
        let spectra = self.inner.spectra_at(twin, input.as_deref())?;
        to_js(&Spectra {
            width: spectra.width,
            layers: floats(&spectra.layers),
            product: floats(&spectra.product),
            target: floats(&spectra.target),
            product_eigenvalues: floats(&spectra.product_eigenvalues),
            target_eigenvalues: floats(&spectra.target_eigenvalues),
            product_matrix: floats(&spectra.product_matrix),
            target_matrix: floats(&spectra.target_matrix),
            largest_residual_norm: spectra.largest_residual_norm,
        })
    }

    /// What the parameters of a twin mean: `identity` or `standard`.
    pub fn parametrization(&self, twin: usize) -> JsResult<String> {
        let identity = self.inner.parametrization(twin)?.is_identity();
        Ok(if identity { "identity" } else { "standard" }.to_owned())
    }

    /// The steps of all points that [`Session::path`] gives.
    #[wasm_bindgen(js_name = pathSteps)]
    pub fn path_steps(&self, twin: usize) -> JsResult<Float64Array> {
        let steps: Vec<f64> = self.inner.path(twin)?.iter().map(|point| point.step as f64).collect();
        Ok(Float64Array::from(steps.as_slice()))
    }

    /// The points of a twin's run, oldest first, one after the other: all of them, or only the start and
    /// the current parameters.
    pub fn path(&self, twin: usize, all: bool) -> JsResult<Float32Array> {
        let points = self.inner.path(twin)?;
        let ends = [points[0], points[points.len() - 1]];
        let points = if all { &points[..] } else { &ends };
        let flat: Vec<&[f32]> = points.iter().map(|point| point.parameters).collect();
        Ok(floats(&flat.concat()))
    }

    /// Lays a plane through a twin's landscape and returns the run's `Shadow` on it. `middle` (along u) and
    /// `half` say what part to show; without `half` it is the run's own extent.
    #[wasm_bindgen(js_name = setPlane)]
    pub fn set_plane(
        &mut self,
        twin: usize,
        origin: &[f32],
        u: &[f32],
        v: &[f32],
        middle: f64,
        half: Option<f64>,
    ) -> JsResult<JsValue> {
        let extent = half.map(|half| Extent { middle, half });
        let plane = self.inner.plane(twin, origin, u, v, extent)?;
        let shadow = &plane.shadow;
        let view = to_js(&Shadow {
            parametrization: plane.parametrization,
            trajectory: floats(&shadow.trajectory),
            steps: shadow.steps.iter().map(|step| *step as f64).collect::<Vec<_>>().as_slice().into(),
            start_distance: shadow.start_distance,
            metric: shadow.metric,
            plane_distance: shadow.plane_distance,
            iterate_distance: shadow.iterate_distance,
            distance: shadow.distance,
            variance: shadow.variance,
            a: shadow.a,
            b: shadow.b,
        });
        self.planes[twin] = Some(plane);
        view
    }

    /// Excess risk on the last plane of a twin, by the engine in use, index `[ib · a.length + ia]`.
    pub async fn landscape(&mut self, twin: usize, a: Vec<f32>, b: Vec<f32>) -> JsResult<Float32Array> {
        let plane = self.planes.get(twin).and_then(Option::as_ref).ok_or_else(|| {
            LabError::field("twin", "there is no plane for that twin yet; ask for its plane first")
        })?;
        let grid = Grid { plane: plane.span(), a: &a, b: &b };
        Ok(floats(&self.inner.landscape(&grid).await?))
    }
}

/// Prepares landscapes on the CPU, for one experiment: what each worker of a pool holds.
#[wasm_bindgen]
pub struct LandscapeWorker {
    task: Task,
    /// Whether a twin of each parametrization trains the α of its blocks.
    gains: [bool; 2],
    seed: u32,
    /// The constructed optimum of each parametrization, where there is one, once it was asked for.
    optima: [OnceCell<Option<Vec<f64>>>; 2],
}

#[wasm_bindgen]
impl LandscapeWorker {
    /// A worker for the problem of an experiment.
    #[wasm_bindgen(constructor)]
    pub fn new(experiment: &str) -> JsResult<LandscapeWorker> {
        let experiment = Experiment::from_json(experiment)?;
        let gains = [false, true].map(|identity| {
            let trains =
                |twin: &Twin| twin.parametrization.is_identity() == identity && twin.start.trains_gains();
            experiment.twins.iter().any(trains)
        });
        let task = Task::new(&experiment)?;
        Ok(Self { task, gains, seed: experiment.seed, optima: Default::default() })
    }

    fn objective(&self, parametrization: Parametrization) -> Box<dyn Objective> {
        objective(&self.task, parametrization, self.gains[usize::from(parametrization.is_identity())])
    }

    /// The problem of linear networks without fixed maps, which the theorems of section 2 are about.
    fn linear(&self) -> Result<&Problem> {
        let problem = self.task.linear("this theorem")?;
        problem.check_plain("this theorem")?;
        Ok(problem)
    }

    /// Where the plane of a `PlaneSpec` (JSON) lies: a `Directions`. `path` is what `Session.path` gave;
    /// `names` and `points`, one after the other, are those of other runs that the spec may name.
    pub fn directions(
        &self,
        parametrization: &str,
        spec: &str,
        path: &[f32],
        names: Vec<String>,
        points: &[f32],
    ) -> JsResult<JsValue> {
        let parametrization = parse_parametrization(parametrization)?;
        let spec: PlaneSpec = serde_json::from_str(spec)
            .map_err(|error| LabError::field("plane", format!("it is not understood: {error}")))?;
        let count = self.task.parameter_count();
        let points = points.chunks(count).map(<[f32]>::to_vec);
        let named: Vec<(String, Vec<f32>)> = names.into_iter().zip(points).collect();
        let objective = self.objective(parametrization);
        let found = task_directions(&self.task, &*objective, parametrization, spec, self.seed, path, &named)?;
        let optimum = self.optima[usize::from(parametrization.is_identity())]
            .get_or_init(|| known_optimum(&self.task, parametrization).ok());
        let optimum = optimum.as_deref().map(|optimum| found.project(optimum));
        let single = |values: &[f64]| floats(&values.iter().map(|x| *x as f32).collect::<Vec<_>>());
        to_js(&Directions {
            origin: single(&found.origin),
            u: single(&found.u),
            v: single(&found.v),
            labels: found.labels,
            middle: found.extent.map_or(0.0, |extent| extent.middle),
            half: found.extent.map(|extent| extent.half),
            captured: found.captured,
            optimum,
            marks: found.marks.into_iter().map(|(label, [a, b])| Mark { label, a, b }).collect(),
        })
    }

    /// Theorem 2.2 at points that stand one after the other: for each ‖∇f‖², excess risk, τ, the bound, the
    /// sharper bound, the printed one.
    pub fn certificates(&self, parametrization: &str, path: &[f32]) -> JsResult<Float64Array> {
        let parametrization = parse_parametrization(parametrization)?;
        let problem = self.linear()?;
        let objective = LinearObjective::new(problem, parametrization);
        let sigma = smallest(&problem.covariance);
        let count = self.task.parameter_count();
        let numbers: Vec<f64> = path
            .chunks_exact(count)
            .flat_map(|point| {
                let c = certificate_at(&objective, parametrization, point, problem.width, sigma);
                [c.gradient_squared, c.excess, c.tau, c.bound, c.sharp, c.printed]
            })
            .collect();
        Ok(Float64Array::from(numbers.as_slice()))
    }

    /// Excess risk and ‖∇f‖² of networks of the ball of radius τ, by their numbers `from`, `from + 1`, …
    pub fn ball(&self, parametrization: &str, tau: f64, from: u32, count: u32) -> JsResult<Float64Array> {
        let parametrization = parse_parametrization(parametrization)?;
        let problem = self.linear()?;
        let ball = Ball::new(problem, tau, self.seed)?;
        let objective = LinearObjective::new(problem, parametrization);
        let numbers: Vec<f64> = (from..from.saturating_add(count))
            .flat_map(|number| look(&objective, &ball.point(parametrization, number)))
            .collect();
        Ok(Float64Array::from(numbers.as_slice()))
    }

    /// The parameters of one of those networks.
    #[wasm_bindgen(js_name = ballPoint)]
    pub fn ball_point(&self, parametrization: &str, tau: f64, number: u32) -> JsResult<Float32Array> {
        let parametrization = parse_parametrization(parametrization)?;
        let ball = Ball::new(self.linear()?, tau, self.seed)?;
        Ok(floats(&ball.point(parametrization, number)))
    }

    /// σ_min(Σ).
    #[wasm_bindgen(js_name = smallestCovariance)]
    pub fn smallest_covariance(&self) -> JsResult<f64> {
        Ok(smallest(&self.linear()?.covariance))
    }

    /// Theorem 2.1 at every depth from 1 to `most`: a `DepthBounds`.
    pub fn depths(&self, most: usize) -> JsResult<JsValue> {
        let problem = self.linear()?;
        let target = &problem.optimum;
        let depths: Vec<usize> = (1..=most.clamp(1, MAX_LAYERS)).collect();
        let found = against_depth(target, &depths)?;
        let column = |of: &dyn Fn(&AtDepth) -> f64| -> Float64Array {
            found.iter().map(of).collect::<Vec<_>>().as_slice().into()
        };
        let identity = DMatrix::identity(problem.width, problem.width);
        let factors = factorize(target, problem.layers)?;
        let reached = factors.into_iter().fold(identity.clone(), |product, a| (&identity + a) * product);
        to_js(&DepthBounds {
            gamma: gamma(target),
            depth: column(&|at| at.layers as f64),
            measured: column(&|at| at.norm),
            sharp: column(&|at| at.sharper),
            promised: column(&|at| at.corrected),
            printed: column(&|at| at.printed),
            error: (reached - target).norm() / target.norm(),
        })
    }

    /// Parameters of the optimum that Theorem 2.1 constructs.
    pub fn optimum(&self, parametrization: &str) -> JsResult<Float32Array> {
        let found = known_optimum(&self.task, parse_parametrization(parametrization)?)?;
        Ok(floats(&found.iter().map(|x| *x as f32).collect::<Vec<_>>()))
    }

    /// What stands at the point θ₀ + a·u + b·v, and the critical point nearest to it: a `Probe`.
    #[allow(clippy::too_many_arguments, reason = "JavaScript has no slices to bundle them in")]
    pub fn probe(
        &self,
        parametrization: &str,
        origin: &[f32],
        u: &[f32],
        v: &[f32],
        a: f64,
        b: f64,
    ) -> JsResult<JsValue> {
        let parametrization = parse_parametrization(parametrization)?;
        let plane = Span { parametrization, origin, u, v };
        plane.check(self.task.parameter_count())?;
        let objective = self.objective(parametrization);
        let point = plane.point(a, b);
        // A few seconds' worth at most: nine matrix products a layer, or two gradients over all points.
        let columns = match &self.task {
            Task::Linear(problem) => problem.width,
            Task::Relu(problem) => problem.points.len(),
        };
        let cost = 9 * self.task.parameter_count() * columns;
        let products = (2_000_000_000 / cost).clamp(200, 40_000);
        let found = nearest_critical_point(&*objective, &point, products, self.seed);
        to_js(&Probe {
            a,
            b,
            excess: objective.value(&point),
            gradient_norm: found.first_gradient_norm,
            critical: Critical {
                converged: found.converged,
                excess: found.value,
                gradient_norm: found.gradient_norm,
                distance: found.distance,
                least: found.least,
                largest: found.largest,
                index: found.index,
                rank: self.linear().ok().map(|problem| {
                    LinearObjective::new(problem, parametrization).product_rank(&found.parameters)
                }),
                width: match &self.task {
                    Task::Linear(problem) => problem.width,
                    Task::Relu(problem) => problem.layout.width,
                },
            },
        })
    }

    /// Prepares the plane θ₀ + a·u + b·v for a grid of about that many columns and rows.
    pub fn survey(
        &self,
        parametrization: &str,
        origin: &[f32],
        u: &[f32],
        v: &[f32],
        columns: usize,
        rows: usize,
    ) -> JsResult<Survey> {
        let parametrization = parse_parametrization(parametrization)?;
        let plane = Span { parametrization, origin, u, v };
        plane.check(self.task.parameter_count())?;
        Ok(Survey {
            inner: cpu::Survey::new(&self.task, plane, columns, rows),
            objective: self.objective(parametrization),
            parametrization,
            vectors: [origin, u, v].map(<[f32]>::to_vec),
        })
    }
}

/// A plane that is ready to be evaluated.
#[wasm_bindgen]
pub struct Survey {
    inner: cpu::Survey,
    objective: Box<dyn Objective>,
    parametrization: Parametrization,
    vectors: [Vec<f32>; 3],
}

#[wasm_bindgen]
impl Survey {
    /// Excess risk at every b and a, index `[ib · a.length + ia]`.
    pub fn rows(&mut self, a: &[f32], b: &[f32]) -> Float32Array {
        floats(&self.inner.evaluate(a, b))
    }

    /// Excess risk in f64 at the point (a, b).
    pub fn exact(&self, a: f64, b: f64) -> f64 {
        self.objective.value(&self.span().point(a, b))
    }

    /// ‖∇f‖ in f64 at the point (a, b).
    #[wasm_bindgen(js_name = gradientNorm)]
    pub fn gradient_norm(&self, a: f64, b: f64) -> f64 {
        norm(&self.objective.gradient(&self.span().point(a, b)))
    }

    fn span(&self) -> Span<'_> {
        let [origin, u, v] = &self.vectors;
        Span { parametrization: self.parametrization, origin, u, v }
    }
}

/// Trains the networks of a map, some cells at a time: what each worker of a map's pool holds.
#[wasm_bindgen]
pub struct AtlasWorker {
    atlas: maps::Atlas,
    runner: maps::Runner,
}

#[wasm_bindgen]
impl AtlasWorker {
    /// A worker for a map given as JSON; see [`maps::Atlas`].
    #[wasm_bindgen(constructor)]
    pub fn new(atlas: &str) -> JsResult<AtlasWorker> {
        Ok(Self { atlas: maps::Atlas::from_json(atlas)?, runner: maps::Runner::default() })
    }

    /// The values of the columns.
    pub fn x(&self) -> Float64Array {
        self.atlas.x.values(self.atlas.columns).as_slice().into()
    }

    /// The values of the rows.
    pub fn y(&self) -> Float64Array {
        self.atlas.y.values(self.atlas.rows).as_slice().into()
    }

    /// Trains the networks of cells, each given as `iy · columns + ix`. For each cell and each of its twins
    /// five numbers: the final excess risk (or a classifier's loss), the steps to the threshold, the step of
    /// divergence, where the run ended ([`maps::End::code`]) and the share of points that are right, NaN where there
    /// is none.
    pub fn cells(&mut self, cells: &[u32]) -> JsResult<Float32Array> {
        Ok(outcome_numbers(&self.atlas.outcomes(cells, &mut self.runner)?))
    }

    /// The experiment of a cell, as JSON.
    pub fn experiment(&self, ix: usize, iy: usize) -> JsResult<String> {
        Ok(self.atlas.cell(ix, iy)?.to_json())
    }
}

/// As [`AtlasWorker`], on the `webgpu` engine. Calls must follow one another: the next only after the promise of
/// the last.
#[cfg(feature = "webgpu")]
#[wasm_bindgen]
pub struct AtlasFleet {
    atlas: maps::Atlas,
    fleet: maps::Fleet,
}

#[cfg(feature = "webgpu")]
#[wasm_bindgen]
impl AtlasFleet {
    /// Opens the GPU for a map given as JSON.
    pub async fn open(atlas: String) -> JsResult<AtlasFleet> {
        Ok(Self { atlas: maps::Atlas::from_json(&atlas)?, fleet: maps::Fleet::new().await? })
    }

    /// See [`AtlasWorker::cells`].
    pub async fn cells(&mut self, cells: Vec<u32>) -> JsResult<Float32Array> {
        Ok(outcome_numbers(&self.fleet.outcomes(&self.atlas, &cells).await?))
    }
}

fn outcome_numbers(outcomes: &[Vec<maps::Outcome>]) -> Float32Array {
    let number = |step: Option<u32>| step.map_or(f32::NAN, |step| step as f32);
    let flat = outcomes.iter().flatten();
    let end = |o: &maps::Outcome| o.end.map_or(f32::NAN, maps::End::code);
    let flat: Vec<f32> = flat
        .flat_map(|o| {
            [o.excess, number(o.steps), number(o.diverged_at), end(o), o.accuracy.unwrap_or(f32::NAN)]
        })
        .collect();
    floats(&flat)
}

fn parse_parametrization(text: &str) -> Result<Parametrization> {
    match text {
        "identity" => Ok(Parametrization::Identity),
        "standard" => Ok(Parametrization::Standard),
        other => {
            let message = format!("allowed is \"identity\" or \"standard\"; got \"{other}\"");
            Err(LabError::field("parametrization", message))
        }
    }
}
