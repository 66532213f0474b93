//! [`Session`]: an experiment being run, on one engine at a time.

use nalgebra::DMatrix;

use crate::checkpoints::{Change, Checkpoints};
use crate::data::classification::Classification;
use crate::data::matrix::to_flat;
use crate::data::points::Points;
use crate::data::task::Task;
use crate::engine::cpu::{Chunks, Sweep, Weights};
use crate::engine::{Engine, EngineInfo, EngineKind, Member, Rule, Trainer};
use crate::error::{LabError, Result};
use crate::experiment::{Experiment, Network, Parametrization};
use crate::history::{Columns, History};
use crate::landscape::plane::{Extent, Grid, Plane, Span};
use crate::landscape::trajectory::{Trajectory, Waypoint};
use crate::network::init::with_layer;
use crate::network::linear::{layer_maps, product, through};
use crate::network::relu::jacobians;
use crate::network::relu_init::relu_with_block;
use crate::network::spectrum::{eigenvalues, singular_values};
use crate::snapshot::{Run, Snapshot};
use crate::theory::bounds::tau;

/// A run has diverged when its excess risk passes this many times the larger of its first value and
/// that of the zero network: far beyond any transient, and far below where f32 overflows.
pub const DIVERGENCE_FACTOR: f64 = 1e6;

/// An experiment being run.
pub struct Session {
    experiment: Experiment,
    task: Task,
    engine: Engine,
    step: u64,
    divergence: f32,
    /// The members as of the last frame: what the run goes on from when an engine is lost.
    members: Vec<Member>,
    runs: Vec<Run>,
    checkpoints: Checkpoints,
    notice: Option<String>,
}

/// The state of a session between two calls.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Steps made.
    pub step: u64,
    /// Engine in use.
    pub engine: EngineKind,
    /// Something that a person should know, such as a lost device; told once.
    pub notice: Option<String>,
    /// One for each twin.
    pub twins: Vec<TwinFrame>,
}

/// The state of one twin.
#[derive(Debug, Clone, PartialEq)]
pub struct TwinFrame {
    /// The step at which the excess risk passed the threshold, if it did.
    pub diverged_at: Option<u64>,
    /// Excess risk.
    pub excess: f32,
    /// ‖∇f‖_F.
    pub gradient_norm: f32,
    /// The curve so far.
    pub history: Columns,
}

/// Singular values and product of a twin.
#[derive(Debug, Clone, PartialEq)]
pub struct Spectra {
    /// Width of the layers.
    pub width: usize,
    /// Singular values of W_1, …, W_ℓ, each largest first.
    pub layers: Vec<f32>,
    /// Singular values of P = W_ℓ … W_1, or of C P B between fixed maps.
    pub product: Vec<f32>,
    /// Singular values of the optimum R̂; empty where there is no target map, as for ReLU networks.
    pub target: Vec<f32>,
    /// Eigenvalues of P, as pairs of real and imaginary part.
    pub product_eigenvalues: Vec<f32>,
    /// Eigenvalues of R̂, likewise.
    pub target_eigenvalues: Vec<f32>,
    /// P or C P B, row-major.
    pub product_matrix: Vec<f32>,
    /// R̂, row-major.
    pub target_matrix: Vec<f32>,
    /// max_j ‖W_j − I‖₂.
    pub largest_residual_norm: f64,
}

/// How a classifier does: shares of points whose own class has the largest logit, and mean losses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evaluation {
    /// On the points trained on.
    pub accuracy: f64,
    /// On the points trained on.
    pub loss: f64,
    /// On the points held out, if there are any.
    pub held_out_accuracy: Option<f64>,
    /// On the points held out, if there are any.
    pub held_out_loss: Option<f64>,
}

impl Session {
    /// A session at step 0, on the `cpu` engine, or on `burn` where minibatches need it.
    pub async fn new(experiment: Experiment) -> Result<Self> {
        experiment.validate()?;
        let task = Task::new(&experiment)?;
        let members = Member::all(&experiment);
        let runs = members
            .iter()
            .map(|member| Run {
                history: History::default(),
                trajectory: Trajectory::new(&member.parameters),
                diverged_at: None,
            })
            .collect();
        let linear = matches!(experiment.network, Network::Linear { .. });
        let kind = if experiment.batch.is_some() && linear { EngineKind::Burn } else { EngineKind::Cpu };
        let engine = Engine::new(kind, &task, members.clone()).await?;
        let learning_rate = experiment.optimizer.learning_rate();
        let checkpoints = Checkpoints::new(&members, Change { step: 0, learning_rate, engine: kind });
        let mut session = Self {
            experiment,
            task,
            engine,
            step: 0,
            divergence: f32::MAX,
            members,
            runs,
            checkpoints,
            notice: None,
        };
        session.step(0).await?;
        let first = session.runs.iter().filter_map(|run| run.history.latest()).map(|(_, excess, _)| excess);
        session.divergence = divergence_threshold(session.task.zero_network(), first);
        Ok(session)
    }

    /// The run so far, for another instance of the crate to go on with. Without its past it is smaller, and
    /// cannot be rewound.
    pub fn snapshot(&self, with_past: bool) -> Snapshot {
        Snapshot {
            experiment: self.experiment.to_json(),
            step: self.step,
            divergence: self.divergence,
            members: self.members.clone(),
            runs: self.runs.clone(),
            checkpoints: if with_past {
                self.checkpoints.clone()
            } else {
                Checkpoints::new(&self.members, self.in_force())
            },
        }
    }

    /// Goes on with a run on an engine of that kind.
    pub async fn restore(snapshot: Snapshot, kind: EngineKind) -> Result<Self> {
        let experiment = Experiment::from_json(&snapshot.experiment)?;
        let Snapshot { step, divergence, members, runs, checkpoints, .. } = snapshot;
        let task = Task::new(&experiment)?;
        let twins = experiment.twins.len();
        let fits = |member: &Member| member.parameters.len() == task.parameter_count();
        if members.len() != twins || runs.len() != twins || !members.iter().all(fits) {
            return Err(LabError::file("snapshot", "its parameters do not belong to its experiment"));
        }
        check_batch(&experiment, kind)?;
        let engine = Engine::new(kind, &task, members.clone()).await?;
        let mut session =
            Self { experiment, task, engine, step, divergence, members, runs, checkpoints, notice: None };
        session.note_change();
        Ok(session)
    }

    /// Excess risk beyond which a twin counts as diverged.
    pub fn divergence(&self) -> f32 {
        self.divergence
    }

    /// The experiment, with the learning rate as it now is.
    pub fn experiment(&self) -> &Experiment {
        &self.experiment
    }

    /// What is being learned.
    pub fn task(&self) -> &Task {
        &self.task
    }

    /// Changes the learning rate of the steps to come.
    pub fn set_learning_rate(&mut self, value: f64) -> Result<()> {
        self.experiment.optimizer.set_learning_rate(value)?;
        self.note_change();
        Ok(())
    }

    fn in_force(&self) -> Change {
        let learning_rate = self.experiment.optimizer.learning_rate();
        Change { step: self.step, learning_rate, engine: self.engine.kind() }
    }

    fn note_change(&mut self) {
        self.checkpoints.note(self.in_force());
    }

    fn rule(&self) -> Rule {
        Rule {
            optimizer: self.experiment.optimizer,
            batch: self.experiment.batch,
            seed: self.experiment.seed,
            divergence: self.divergence,
        }
    }

    /// Makes `count` steps on every twin that has not diverged. An engine that fails is replaced by the
    /// `cpu` engine, from the parameters of the last frame.
    pub async fn step(&mut self, count: u32) -> Result<()> {
        let mut left = count;
        loop {
            // On the CPU, stop where the path wants a point; elsewhere a read-back would cost more.
            let chunk = match self.engine.kind() {
                EngineKind::Cpu => left.min(self.until_next_point()),
                _ => left,
            };
            if let Err(error) = self.advance(chunk).await {
                self.recover(error).await?;
                continue;
            }
            left -= chunk;
            if left == 0 {
                return Ok(());
            }
        }
    }

    fn until_next_point(&self) -> u32 {
        let next = self.runs.iter().map(|run| run.trajectory.until_next(self.step)).min();
        next.unwrap_or(1).min(u64::from(u32::MAX)) as u32
    }

    async fn advance(&mut self, count: u32) -> Result<()> {
        let records = self.engine.train(count, &self.rule()).await?;
        let members = self.engine.members().await?;
        for ((run, record), member) in self.runs.iter_mut().zip(&records).zip(&members) {
            if run.diverged_at.is_some() {
                continue;
            }
            let points = record.excess.iter().zip(&record.gradient_norm_squared);
            for (offset, (excess, gradient)) in points.enumerate() {
                run.history.push(self.step + offset as u64, *excess, *gradient);
            }
            let reached = self.step + record.excess.len().saturating_sub(1) as u64;
            if member.diverged {
                run.diverged_at = Some(reached);
            } else {
                run.trajectory.offer(reached, &member.parameters);
            }
        }
        self.members = members;
        self.step += u64::from(count);
        self.checkpoints.offer(self.step, &self.members);
        Ok(())
    }

    /// Goes back to an earlier step: the same bits that the run had there, computed again from the last
    /// checkpoint before it by the engines, and at the learning rates, that were in force. What came after is
    /// forgotten. If that cannot be done, the run stays where it is.
    pub async fn rewind(&mut self, step: u64) -> Result<()> {
        let first = self.checkpoints.first();
        if !(first..=self.step).contains(&step) {
            let message = format!("allowed is a whole number from {first} to {}; got {step}", self.step);
            return Err(LabError::field("step", message));
        }
        let (at, rate, kind) = (self.step, self.experiment.optimizer.learning_rate(), self.engine.kind());
        let (members, runs, checkpoints) =
            (self.members.clone(), self.runs.clone(), self.checkpoints.clone());
        let outcome = self.compute_again(step).await;
        if outcome.is_err() {
            self.engine = Engine::new(kind, &self.task, members.clone()).await?;
            self.experiment.optimizer.set_learning_rate(rate)?;
            (self.step, self.members, self.runs, self.checkpoints) = (at, members, runs, checkpoints);
        }
        outcome
    }

    async fn compute_again(&mut self, step: u64) -> Result<()> {
        let (from, members) = self.checkpoints.back_to(step);
        for run in &mut self.runs {
            run.history.truncate(from);
            run.trajectory.truncate(from);
            run.diverged_at = run.diverged_at.filter(|at| *at <= from);
        }
        (self.step, self.members) = (from, members);
        loop {
            if let Some(Change { learning_rate, engine, .. }) = self.checkpoints.in_force(self.step) {
                self.experiment.optimizer.set_learning_rate(learning_rate)?;
                self.engine = Engine::new(engine, &self.task, self.members.clone()).await?;
            }
            let until = self.checkpoints.next_change(self.step).unwrap_or(step).min(step);
            // Not by `step`: an engine that fails here must not be replaced by another one, whose bits differ.
            loop {
                let left = u32::try_from(until - self.step).unwrap_or(u32::MAX);
                self.advance(left.min(self.until_next_point())).await?;
                if self.step == until {
                    break;
                }
            }
            if self.step == step {
                return Ok(());
            }
        }
    }

    async fn recover(&mut self, error: LabError) -> Result<()> {
        let on_burn_only = check_batch(&self.experiment, EngineKind::Cpu).is_err();
        let instead = if on_burn_only { EngineKind::Burn } else { EngineKind::Cpu };
        if self.engine.kind() == instead {
            return Err(error);
        }
        self.notice =
            Some(format!("{error}. Training goes on on the CPU from step {}, nothing is lost.", self.step));
        self.engine = Engine::new(instead, &self.task, self.members.clone()).await?;
        self.note_change();
        Ok(())
    }

    /// Moves the run to another engine between two steps, optimizer state included.
    pub async fn set_engine(&mut self, kind: EngineKind) -> Result<()> {
        check_batch(&self.experiment, kind)?;
        self.engine = Engine::new(kind, &self.task, self.members.clone()).await?;
        self.note_change();
        Ok(())
    }

    /// What the engine in use runs on.
    pub fn engine_info(&self) -> EngineInfo {
        self.engine.info()
    }

    /// Engine in use.
    pub fn engine(&self) -> EngineKind {
        self.engine.kind()
    }

    /// An engine of that kind on a copy of the run, to be timed.
    pub async fn scratch(&self, kind: EngineKind) -> Result<(Engine, Rule)> {
        let engine = Engine::new(kind, &self.task, self.members.clone()).await?;
        Ok((engine, self.rule()))
    }

    /// The state now; a notice is handed out once.
    pub fn frame(&mut self) -> Frame {
        let twins = self
            .runs
            .iter()
            .map(|run| {
                let (_, excess, gradient_norm) = run.history.latest().unwrap_or((0, f32::NAN, f32::NAN));
                TwinFrame {
                    diverged_at: run.diverged_at,
                    excess,
                    gradient_norm,
                    history: run.history.columns(),
                }
            })
            .collect();
        Frame { step: self.step, engine: self.engine.kind(), notice: self.notice.take(), twins }
    }

    fn member(&self, twin: usize) -> Result<&Member> {
        self.members.get(twin).ok_or_else(|| {
            LabError::field("twin", format!("allowed is a number below {}; got {twin}", self.members.len()))
        })
    }

    /// What the parameters of a twin mean.
    pub fn parametrization(&self, twin: usize) -> Result<Parametrization> {
        Ok(self.member(twin)?.parametrization)
    }

    /// θ of a twin, flat.
    pub fn parameters(&self, twin: usize) -> Result<&[f32]> {
        Ok(&self.member(twin)?.parameters)
    }

    /// θ of a twin with one more layer after the first `position`; see [`with_layer`].
    pub fn with_layer(&self, twin: usize, position: usize) -> Result<Vec<f32>> {
        let member = self.member(twin)?;
        let seed = self.experiment.seed;
        match &self.task {
            Task::Linear(problem) => {
                with_layer(member.parametrization, &member.parameters, problem.width, position, seed)
            }
            Task::Relu(problem) => relu_with_block(problem.layout, &member.parameters, position, seed),
        }
    }

    /// [`Session::spectra_at`], at the first point trained on where the input matters.
    pub fn spectra(&self, twin: usize) -> Result<Spectra> {
        self.spectra_at(twin, None)
    }

    /// Singular values of a twin's layers and product, in f64. Those of a ReLU network are the Jacobians of its
    /// blocks at an input.
    pub fn spectra_at(&self, twin: usize, input: Option<&[f32]>) -> Result<Spectra> {
        let member = self.member(twin)?;
        let (maps, target) = match &self.task {
            Task::Linear(problem) => {
                let maps = layer_maps(member.parametrization, &member.parameters, problem.width);
                (maps, Some(&problem.optimum))
            }
            Task::Relu(problem) => {
                let input = input.unwrap_or_else(|| problem.points.point(0));
                let found = jacobians(problem.layout, member.parametrization, &member.parameters, input)?;
                (found, None)
            }
        };
        let width = maps[0].nrows();
        let fixed = self.task.linear("a fixed map").ok().and_then(|problem| problem.fixed.as_ref());
        let product = through(fixed, &product(&maps, width));
        let values = |matrix| singular_values(matrix).into_iter().map(|v| v as f32);
        let pairs = |matrix: &DMatrix<f64>| {
            eigenvalues(matrix).into_iter().flat_map(|(re, im)| [re as f32, im as f32]).collect()
        };
        Ok(Spectra {
            width,
            layers: maps.iter().flat_map(values).collect(),
            product: values(&product).collect(),
            target: target.into_iter().flat_map(values).collect(),
            product_eigenvalues: pairs(&product),
            target_eigenvalues: target.map(pairs).unwrap_or_default(),
            product_matrix: to_flat(&product),
            target_matrix: target.map(to_flat).unwrap_or_default(),
            largest_residual_norm: tau(&maps),
        })
    }

    /// How a classifier does on the points trained on and on those held out.
    pub fn evaluation(&self, twin: usize) -> Result<Evaluation> {
        let problem = self.task.relu("accuracy")?;
        let (mut sweep, weights) = self.sweep(twin, problem)?;
        let mut look = |points: &Points| {
            let chunks = Chunks::all(points);
            let accuracy = sweep.correct(&weights, &chunks) as f64 / points.len() as f64;
            (accuracy, f64::from(sweep.loss(&weights, &chunks, problem.loss)))
        };
        let (accuracy, loss) = look(&problem.points);
        let held_out = (!problem.held_out.is_empty()).then(|| look(&problem.held_out));
        Ok(Evaluation {
            accuracy,
            loss,
            held_out_accuracy: held_out.map(|(accuracy, _)| accuracy),
            held_out_loss: held_out.map(|(_, loss)| loss),
        })
    }

    /// A twin's logits at every y and x of a plane of inputs: for each point as many numbers as classes.
    pub fn decision(&self, twin: usize, x: &[f32], y: &[f32]) -> Result<Vec<f32>> {
        let problem = self.task.relu("a decision surface")?;
        if problem.layout.dimension != 2 {
            let message = format!("allowed is 2 for a decision surface; got {}", problem.layout.dimension);
            return Err(LabError::field("data.dimension", message));
        }
        let inputs: Vec<f32> = y.iter().flat_map(|y| x.iter().flat_map(|x| [*x, *y])).collect();
        let labels = vec![0; x.len() * y.len()];
        let points = Points { dimension: 2, classes: problem.layout.classes, inputs, labels };
        let (mut sweep, weights) = self.sweep(twin, problem)?;
        Ok(sweep.logits(&weights, &Chunks::all(&points)))
    }

    /// h_0 … h_L of the first `count` points trained on, (L + 1) × n × k, and n.
    pub fn hidden(&self, twin: usize, count: usize) -> Result<(Vec<f32>, usize)> {
        let problem = self.task.relu("a hidden representation")?;
        let count = count.clamp(1, problem.points.len());
        let (mut sweep, weights) = self.sweep(twin, problem)?;
        Ok((sweep.hidden(&weights, &Chunks::new(&problem.points, 0..count)), count))
    }

    /// A twin's network, ready to look at points.
    fn sweep(&self, twin: usize, problem: &Classification) -> Result<(Sweep, Weights)> {
        let member = self.member(twin)?;
        let mut weights = Weights::new(problem.layout, member.parametrization.is_identity());
        weights.set(&member.parameters);
        Ok((Sweep::new(problem.layout), weights))
    }

    /// The points kept of a twin's run, its start first and its current parameters last.
    pub fn path(&self, twin: usize) -> Result<Vec<Waypoint<'_>>> {
        let member = self.member(twin)?;
        let mut points: Vec<Waypoint<'_>> = self.runs[twin].trajectory.points().collect();
        if !member.diverged || points.is_empty() {
            points.push(Waypoint { step: self.step, parameters: &member.parameters });
        }
        Ok(points)
    }

    /// The plane of given directions with a twin's run in it; see [`Plane::new`].
    pub fn plane(
        &self,
        twin: usize,
        origin: &[f32],
        u: &[f32],
        v: &[f32],
        extent: Option<Extent>,
    ) -> Result<Plane> {
        let parametrization = self.parametrization(twin)?;
        let plane = Span { parametrization, origin, u, v };
        plane.check(self.task.parameter_count())?;
        Ok(Plane::new(plane, &self.path(twin)?, extent))
    }

    /// Excess risk on a plane, by the engine in use.
    pub async fn landscape(&mut self, grid: &Grid<'_>) -> Result<Vec<f32>> {
        self.engine.landscape(grid).await
    }
}

/// Excess risk or loss beyond which networks with these first values count as diverged, given that of the
/// zero network.
pub fn divergence_threshold(zero_network: f64, first: impl Iterator<Item = f32>) -> f32 {
    let largest = first.map(f64::from).filter(|e| e.is_finite()).fold(zero_network.max(1.0), f64::max);
    (DIVERGENCE_FACTOR * largest).min(1e30) as f32
}

fn check_batch(experiment: &Experiment, kind: EngineKind) -> Result<()> {
    let linear = matches!(experiment.network, Network::Linear { .. });
    let burn = matches!(kind, EngineKind::Burn | EngineKind::BurnWebGpu);
    if experiment.batch.is_none() || burn || !linear {
        return Ok(());
    }
    Err(LabError::field(
        "batch",
        "minibatches of linear networks are computed by the burn engines only; set batch to null for the others",
    ))
}
