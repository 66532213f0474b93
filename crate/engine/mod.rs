//! The contract between a run and whatever computes it.
//!
//! An engine trains an **ensemble** of networks of one shape on one task. Parameters travel as one flat
//! `f32` layout (linear networks: layer first, in order of application, each layer row-major; ReLU networks:
//! [`crate::network::relu::Layout`]), so a run can change engine between two steps.

pub(crate) mod batches;
#[cfg(feature = "burn")]
pub mod burn;
pub mod cpu;
mod padded;
mod update;
#[cfg(feature = "webgpu")]
pub mod webgpu;

use serde::{Deserialize, Serialize};

use crate::data::task::Task;
use crate::error::{LabError, Result};
use crate::experiment::{Experiment, Optimizer, Parametrization};
use crate::landscape::plane::Grid;
use crate::network::init::start_of;

/// One network of an ensemble: its parameters and what its optimizer remembers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// What the parameters mean.
    pub parametrization: Parametrization,
    /// Whether the α of a ReLU network's blocks are trained.
    pub gains: bool,
    /// θ: as many numbers as a network of the task has.
    pub parameters: Vec<f32>,
    /// First moment (momentum, Adam): empty, meaning zero, or as long as `parameters`.
    pub first: Vec<f32>,
    /// Second moment (Adam): empty, meaning zero, or as long as `parameters`.
    pub second: Vec<f32>,
    /// Updates made so far: Adam's bias correction and the place in the minibatch order.
    pub updates: u64,
    /// Whether the member is frozen because its risk passed the divergence threshold.
    pub diverged: bool,
}

impl Member {
    /// A network at its start.
    pub fn new(parametrization: Parametrization, parameters: Vec<f32>) -> Self {
        Self {
            parametrization,
            gains: false,
            parameters,
            first: Vec::new(),
            second: Vec::new(),
            updates: 0,
            diverged: false,
        }
    }

    /// The networks of a valid experiment at their starts.
    pub fn all(experiment: &Experiment) -> Vec<Self> {
        let twins = experiment.twins.iter();
        twins
            .map(|twin| {
                let parameters = start_of(&twin.start, twin.parametrization, experiment);
                Self { gains: twin.start.trains_gains(), ..Self::new(twin.parametrization, parameters) }
            })
            .collect()
    }
}

/// How to train: the update rule, and the minibatches of the engines that have them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// Update rule and its numbers.
    pub optimizer: Optimizer,
    /// Minibatch size; `None` means the full batch.
    pub batch: Option<usize>,
    /// Seed of the minibatch order.
    pub seed: u32,
    /// Excess risk above which a member is frozen and called diverged.
    pub divergence: f32,
}

/// Adam's 1/(1 − β₁ᵗ) and 1/(1 − β₂ᵗ) after `updates` = t updates. The decays are rounded to f32 first,
/// as the moments use them, and the powers are taken in f64, because β₂ᵗ is close to 1 for long.
pub(crate) fn adam_corrections(updates: u64, beta1: f64, beta2: f64) -> [f32; 2] {
    [beta1, beta2].map(|beta| (1.0 / (1.0 - libm::pow(f64::from(beta as f32), updates as f64))) as f32)
}

/// What one member did during a call of `train`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Record {
    /// Excess risk at each step visited: the parameters at entry, then after each update. One entry more
    /// than updates made; shorter than asked when the member diverged, its last entry being the one that
    /// passed the threshold.
    pub excess: Vec<f32>,
    /// ‖∇f‖²_F (Frobenius, over all layers) of the full-batch risk at the same steps.
    pub gradient_norm_squared: Vec<f32>,
}

#[cfg(feature = "webgpu")]
impl Record {
    /// Appends what a member did next; `more` begins at the point where this ends.
    fn go_on(&mut self, more: &Self) {
        self.excess.extend(&more.excess[1..]);
        self.gradient_norm_squared.extend(&more.gradient_norm_squared[1..]);
    }
}

/// What every engine does.
#[allow(async_fn_in_trait, reason = "engines are used through static dispatch on one thread")]
pub trait Trainer {
    /// Makes `steps` updates of every member that has not diverged, and records the full-batch excess
    /// risk and gradient at each of the `steps + 1` points visited. `steps = 0` only evaluates.
    async fn train(&mut self, steps: u32, rule: &Rule) -> Result<Vec<Record>>;

    /// The members as they now are.
    async fn members(&mut self) -> Result<Vec<Member>>;

    /// Excess risk over a grid of a plane through parameter space; index `[ib · a.len() + ia]`.
    async fn landscape(&mut self, grid: &Grid<'_>) -> Result<Vec<f32>>;
}

/// Name of an engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum EngineKind {
    /// Hand-written SIMD loops.
    Cpu,
    /// WGSL kernels.
    WebGpu,
    /// burn's modules and autodiff on its CPU backend.
    Burn,
    /// burn's modules and autodiff on WebGPU.
    BurnWebGpu,
}

impl EngineKind {
    /// Every engine there is.
    pub const ALL: [Self; 4] = [Self::Cpu, Self::WebGpu, Self::Burn, Self::BurnWebGpu];

    /// The name used in JSON, addresses and messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::WebGpu => "webgpu",
            Self::Burn => "burn",
            Self::BurnWebGpu => "burn-webgpu",
        }
    }
}

impl std::str::FromStr for EngineKind {
    type Err = LabError;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == text).ok_or_else(|| {
            LabError::field(
                "engine",
                format!("allowed are cpu, webgpu, burn and burn-webgpu; got \"{text}\""),
            )
        })
    }
}

/// What a person is told about an engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineInfo {
    /// What it runs on, such as an adapter's name.
    pub description: String,
    /// Whether the adapter is software pretending to be a GPU.
    pub fallback_adapter: bool,
}

/// Any of the engines.
pub enum Engine {
    /// Hand-written SIMD loops.
    Cpu(Box<cpu::CpuEngine>),
    /// WGSL kernels.
    #[cfg(feature = "webgpu")]
    WebGpu(webgpu::WebGpuEngine),
    /// burn's modules and autodiff.
    #[cfg(feature = "burn")]
    Burn(burn::BurnEngine),
}

impl Engine {
    /// Builds an engine over a task with members to train.
    pub async fn new(kind: EngineKind, task: &Task, members: Vec<Member>) -> Result<Self> {
        match kind {
            EngineKind::Cpu => Ok(Self::Cpu(Box::new(cpu::CpuEngine::new(task, members)))),
            #[cfg(feature = "webgpu")]
            EngineKind::WebGpu => Ok(Self::WebGpu(webgpu::WebGpuEngine::new(task, members).await?)),
            #[cfg(feature = "burn")]
            EngineKind::Burn => Ok(Self::Burn(burn::BurnEngine::new(burn::Place::flex(), task, members))),
            #[cfg(feature = "burn-wgpu")]
            EngineKind::BurnWebGpu => {
                Ok(Self::Burn(burn::BurnEngine::new(burn::Place::webgpu().await?, task, members)))
            }
            #[allow(unreachable_patterns, reason = "reached when a feature is off")]
            other => Err(LabError::engine(other.name(), "this build leaves it out")),
        }
    }

    /// Which engine this is.
    pub fn kind(&self) -> EngineKind {
        match self {
            Self::Cpu(_) => EngineKind::Cpu,
            #[cfg(feature = "webgpu")]
            Self::WebGpu(_) => EngineKind::WebGpu,
            #[cfg(feature = "burn")]
            Self::Burn(engine) => engine.kind(),
        }
    }

    /// What it runs on.
    pub fn info(&self) -> EngineInfo {
        match self {
            Self::Cpu(_) => {
                EngineInfo { description: "hand-written SIMD loops".to_owned(), fallback_adapter: false }
            }
            #[cfg(feature = "webgpu")]
            Self::WebGpu(engine) => engine.info(),
            #[cfg(feature = "burn")]
            Self::Burn(engine) => engine.info(),
        }
    }

    /// The gradient of the full-batch risk at the members' parameters, by way of one momentum update
    /// with β = 0 and learning rate 0: the very code that trains is what is checked.
    pub async fn gradients(&mut self) -> Result<Vec<Vec<f32>>> {
        let rule = Rule {
            optimizer: Optimizer::Momentum { learning_rate: 0.0, momentum: 0.0 },
            batch: None,
            seed: 0,
            divergence: f32::MAX,
        };
        self.train(1, &rule).await?;
        Ok(self.members().await?.into_iter().map(|member| member.first).collect())
    }
}

macro_rules! each_engine {
    ($self:ident, $engine:ident => $call:expr) => {
        match $self {
            Engine::Cpu($engine) => $call,
            #[cfg(feature = "webgpu")]
            Engine::WebGpu($engine) => $call,
            #[cfg(feature = "burn")]
            Engine::Burn($engine) => $call,
        }
    };
}

impl Trainer for Engine {
    async fn train(&mut self, steps: u32, rule: &Rule) -> Result<Vec<Record>> {
        each_engine!(self, engine => engine.train(steps, rule).await)
    }

    async fn members(&mut self) -> Result<Vec<Member>> {
        each_engine!(self, engine => engine.members().await)
    }

    async fn landscape(&mut self, grid: &Grid<'_>) -> Result<Vec<f32>> {
        each_engine!(self, engine => engine.landscape(grid).await)
    }
}
