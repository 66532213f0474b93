//! Runs of which only the end is wanted: the launcher of `shaders/follow_linear.wgsl`.
//!
//! Thousands of networks are trained side by side, each with a problem, a depth, a start and a rule of its own.
//! They are cut into slices whose buffers fit every device; a slice is worked through in short dispatches, and
//! 64 bytes a network are read back.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use bytemuck::{Pod, Zeroable};

use super::buffers::{GROUPS, LARGEST, bind, dispatch, empty, ends, filled, pad, padded_size, quads, read};
use super::device::{self, Gpu};
use super::failure;
use super::kernels::{self, Rule};
use super::pace::{Pace, now};
use crate::data::problem::Problem;
use crate::engine::{EngineInfo, adam_corrections};
use crate::error::Result;
use crate::experiment::{Optimizer, Parametrization};

/// Bytes of all buffers of a slice together.
const SLICE: u64 = 160 << 20;
/// Dispatches between two looks at how far the runs have come.
const ROUND: u32 = 32;
/// Multiply-adds that the pace counts as one unit of work.
const UNIT: f64 = 1e5;
/// Invocations that keep all lanes of a GPU's processor busy: networks share workgroups up to that.
const PACKED: u32 = 64;
/// Workgroups that keep all cores of a software adapter busy; fewer stay in its caches for more steps.
const FEW: u32 = 64;
/// What the shader writes where a threshold was never reached.
const NEVER: u32 = u32::MAX;

/// One network to train.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// What it minimizes. Runs that borrow the same problem, or the same start, share it on the GPU.
    pub problem: &'a Problem,
    /// What the parameters mean.
    pub parametrization: Parametrization,
    /// θ at step 0: `layers · width · width` numbers.
    pub start: &'a [f32],
    /// Update rule.
    pub optimizer: Optimizer,
    /// Excess risk above which the run is stopped as diverged.
    pub divergence: f32,
}

/// When runs end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// Most steps.
    pub steps: u32,
    /// The part of its first excess risk that a network is to come down to.
    pub threshold: f64,
    /// Whether a run ends there.
    pub stop_at_threshold: bool,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ending {
    /// Excess risk at the last step made.
    pub excess: f32,
    /// The first step at which the excess risk was at most `threshold` times the first.
    pub reached: Option<u32>,
    /// The step at which the excess risk passed that of a diverged run.
    pub diverged_at: Option<u32>,
}

#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Settings {
    first: u32,
    chunk: u32,
    last: u32,
    lane: u32,
    second: u32,
    stop_at_threshold: u32,
    threshold: f32,
    output: u32,
}

const ENDED: u32 = 1;
const DIVERGED: u32 = 2;

/// The shader's `Lane`: a network's rule, where its numbers are, and where it stands.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Lane {
    rule: Rule,
    layers: u32,
    weights: u32,
    start: u32,
    problem: u32,
    limit: u32,
    state: u32,
    step: u32,
    excess: f32,
    aim: f32,
    reached: u32,
}

/// Trains runs on the GPU.
pub struct Follower {
    gpu: Rc<Gpu>,
    /// Invocations that a workgroup is filled up to with several networks.
    packed: u32,
    /// Most workgroups a dispatch.
    groups: u32,
    pace: Pace,
}

impl Follower {
    /// Opens the GPU. Fails with a sentence when there is none that can be used.
    pub async fn new() -> Result<Self> {
        let gpu = device::shared().await?;
        // A software adapter has a core's four lanes a workgroup, and pays for every invocation more.
        let (packed, groups) = if gpu.info.fallback_adapter { (4, FEW) } else { (PACKED, GROUPS) };
        Ok(Self { gpu, packed, groups, pace: Pace::guess(2.0 * UNIT) })
    }

    /// With workgroups of up to that many invocations, whatever the adapter.
    #[must_use]
    pub fn packed(self, packed: u32) -> Self {
        Self { packed: packed.clamp(1, 256), ..self }
    }

    /// The adapter it runs on.
    pub fn info(&self) -> EngineInfo {
        self.gpu.info.clone()
    }

    /// Trains every run to its end.
    pub async fn follow(&mut self, runs: &[Run<'_>], plan: &Plan) -> Result<Vec<Ending>> {
        let mut order: Vec<usize> = (0..runs.len()).collect();
        // Networks of a workgroup have one depth, and those of a slice are of one kind.
        order.sort_by_key(|index| (kind(&runs[*index]), Reverse(runs[*index].problem.layers)));
        let mut endings = vec![Ending { excess: f32::NAN, reached: None, diverged_at: None }; runs.len()];
        for same in order.chunk_by(|a, b| kind(&runs[*a]) == kind(&runs[*b])) {
            let width = runs[same[0]].problem.width;
            let pack = (self.packed / (quads(width) * quads(width)) as u32).max(1);
            let mut left = same;
            while !left.is_empty() {
                let slice = Slice::new(runs, left, pack);
                let lanes = self.train(&slice, plan).await?;
                for (lane, run) in lanes.iter().zip(&slice.runs) {
                    let Some(index) = *run else { continue };
                    endings[index] = ending(lane)?;
                }
                left = &left[slice.taken..];
            }
        }
        Ok(endings)
    }

    async fn train(&mut self, slice: &Slice<'_>, plan: &Plan) -> Result<Vec<Lane>> {
        let gpu = self.gpu.clone();
        let pipeline = gpu.pipeline(&kernels::FOLLOW, quads(slice.width) as u32, slice.pack).await?;
        let buffers = Buffers::new(&gpu, slice, plan).await?;
        let bindings = gpu.checked(|| bind(&gpu, &pipeline, &buffers.bound())).await?;
        let mut lanes = slice.lanes.clone();
        let mut pieces = self.pieces(slice);
        let mut settings = Settings {
            first: 0,
            chunk: 0,
            last: plan.steps,
            lane: 0,
            second: (slice.matrices * slice.size / 4) as u32,
            stop_at_threshold: plan.stop_at_threshold.into(),
            threshold: plan.threshold as f32,
            output: slice.output.into(),
        };
        // A round asks for some dispatches, of one piece after the other, and looks at all networks once.
        while !pieces.is_empty() {
            let started = now();
            let begun: Vec<u32> = lanes.iter().map(|lane| lane.step).collect();
            let units = f64::from(self.pace.units());
            gpu.checked(|| {
                let mut left = ROUND;
                for piece in &mut pieces {
                    let running = lanes[piece.lanes.clone()].iter().filter(|lane| lane.state == 0);
                    let work: f64 = running.map(|lane| slice.work(lane)).sum();
                    settings.chunk = (units / work).clamp(1.0, 65_536.0) as u32;
                    settings.lane = piece.lanes.start as u32;
                    while left > 0 && piece.first <= plan.steps {
                        settings.first = piece.first;
                        gpu.queue.write_buffer(&buffers.settings, 0, bytemuck::bytes_of(&settings));
                        dispatch(&gpu, &pipeline, &bindings, piece.lanes.len() as u32 / slice.pack);
                        piece.first += settings.chunk;
                        left -= 1;
                    }
                }
            })
            .await?;
            let bytes = read(&gpu, &[(&buffers.lanes, size_of_val(lanes.as_slice()) as u64)]).await?;
            bytemuck::cast_slice_mut(&mut lanes).copy_from_slice(&bytes);
            let made =
                lanes.iter().zip(begun).map(|(lane, begun)| slice.work(lane) * f64::from(lane.step - begun));
            self.pace.observe((made.sum::<f64>() as u32).max(1), now() - started);
            pieces.retain(|piece| {
                piece.first <= plan.steps && lanes[piece.lanes.clone()].iter().any(|lane| lane.state == 0)
            });
        }
        Ok(lanes)
    }

    /// The lanes of each dispatch: whole workgroups, on a GPU as many as make a step in the time of a dispatch, on
    /// a software adapter few.
    fn pieces(&self, slice: &Slice<'_>) -> Vec<Piece> {
        let pack = slice.pack as usize;
        let mut pieces = Vec::new();
        let mut from = 0;
        while from < slice.lanes.len() {
            let left = &slice.lanes[from..];
            let most = left.len().min(self.groups as usize * pack);
            let mut room = f64::from(self.pace.units());
            let fitting = left.iter().take_while(|lane| {
                room -= slice.work(lane);
                room >= 0.0
            });
            let count = (fitting.count() / pack * pack).clamp(pack, most);
            pieces.push(Piece { lanes: from..from + count, first: 0 });
            from += count;
        }
        pieces
    }
}

/// Lanes that are dispatched together, and the step at which they stand.
struct Piece {
    lanes: Range<usize>,
    first: u32,
}

/// What runs of one slice have in common: width, whether they stand between fixed maps, Adam's decays.
fn kind(run: &Run<'_>) -> (usize, bool, [u64; 2]) {
    let decays = match run.optimizer {
        Optimizer::Adam { beta1, beta2, .. } => [beta1.to_bits(), beta2.to_bits()],
        _ => [0; 2],
    };
    (run.problem.width, run.problem.fixed.is_some(), decays)
}

/// Runs whose buffers fit.
struct Slice<'a> {
    width: usize,
    /// Whether the problems have a C.
    output: bool,
    pack: u32,
    /// Numbers of a padded matrix.
    size: usize,
    /// How many runs were taken.
    taken: usize,
    /// Which run each lane is; none where it only fills a workgroup.
    runs: Vec<Option<usize>>,
    lanes: Vec<Lane>,
    /// Layers of all lanes.
    matrices: usize,
    /// Moments of a parameter: 0, 1 or 2.
    moments: usize,
    decays: Option<(f64, f64)>,
    problems: Vec<&'a Problem>,
    starts: Vec<&'a [f32]>,
}

impl<'a> Slice<'a> {
    /// As many of `left`, which are of one kind, as fit: at least one.
    fn new(runs: &[Run<'a>], left: &[usize], pack: u32) -> Self {
        let width = runs[left[0]].problem.width;
        let size = padded_size(width);
        let moments = left.iter().map(|index| moments(&runs[*index].optimizer)).max().unwrap_or(0);
        let output = runs[left[0]].problem.fixed.is_some();
        let mut slice = Self {
            width,
            output,
            pack,
            size,
            taken: 0,
            runs: Vec::new(),
            lanes: Vec::new(),
            matrices: 0,
            moments,
            decays: left.iter().find_map(|index| match runs[*index].optimizer {
                Optimizer::Adam { beta1, beta2, .. } => Some((beta1, beta2)),
                _ => None,
            }),
            problems: Vec::new(),
            starts: Vec::new(),
        };
        let (mut problems, mut starts, mut start_matrices) = (HashMap::new(), HashMap::new(), 0);
        for same in left.chunk_by(|a, b| runs[*a].problem.layers == runs[*b].problem.layers) {
            let layers = runs[same[0]].problem.layers;
            for workgroup in same.chunks(pack as usize) {
                // What the workgroup may add, were nothing shared.
                let more = pack as usize;
                let matrices = slice.matrices + more * layers;
                let lanes = slice.lanes.len() + more;
                let ends = (2 + usize::from(output)) * (slice.problems.len() + more);
                let starting = start_matrices + more * layers;
                let each = [matrices, moments * matrices, matrices + lanes, 2 * lanes, ends, starting]
                    .map(|count| (4 * size * count) as u64);
                let fits = each.iter().all(|bytes| *bytes <= LARGEST) && each.iter().sum::<u64>() <= SLICE;
                if !fits && slice.taken > 0 {
                    return slice;
                }
                for place in 0..more {
                    // Lanes that only fill the workgroup have memory of their own, and never run.
                    let index = workgroup.get(place).copied();
                    let run = &runs[index.unwrap_or(workgroup[0])];
                    let problem = *problems.entry(std::ptr::from_ref(run.problem)).or_insert_with(|| {
                        slice.problems.push(run.problem);
                        slice.problems.len() as u32 - 1
                    });
                    let start = *starts.entry(run.start.as_ptr()).or_insert_with(|| {
                        slice.starts.push(run.start);
                        start_matrices += layers;
                        (start_matrices - layers) as u32
                    });
                    slice.lanes.push(Lane {
                        rule: Rule::new(run.parametrization, &run.optimizer),
                        layers: layers as u32,
                        weights: slice.matrices as u32,
                        start,
                        problem,
                        limit: run.divergence.to_bits(),
                        state: if index.is_some() { 0 } else { ENDED },
                        step: 0,
                        excess: 0.0,
                        aim: 0.0,
                        reached: NEVER,
                    });
                    slice.runs.push(index);
                    slice.matrices += layers;
                }
                slice.taken += workgroup.len();
            }
        }
        slice
    }

    /// Units of work of a step of a lane: three products a layer.
    fn work(&self, lane: &Lane) -> f64 {
        3.0 * f64::from(lane.layers) * (self.size as f64).powf(1.5) / UNIT
    }
}

fn moments(optimizer: &Optimizer) -> usize {
    match optimizer {
        Optimizer::GradientDescent { .. } => 0,
        Optimizer::Momentum { .. } => 1,
        Optimizer::Adam { .. } => 2,
    }
}

fn ending(lane: &Lane) -> Result<Ending> {
    if lane.state == 0 {
        return Err(failure("the GPU stopped before it had made all steps"));
    }
    Ok(Ending {
        excess: lane.excess,
        reached: (lane.reached != NEVER).then_some(lane.reached),
        // A shader may suppose that all floats are finite, and so not see one that is not.
        diverged_at: (lane.state == DIVERGED || !lane.excess.is_finite()).then_some(lane.step),
    })
}

/// The buffers of a slice, given back to the device as soon as it is done.
struct Buffers {
    settings: wgpu::Buffer,
    lanes: wgpu::Buffer,
    others: Vec<wgpu::Buffer>,
}

impl Buffers {
    async fn new(gpu: &Gpu, slice: &Slice<'_>, plan: &Plan) -> Result<Self> {
        let bytes = |matrices: usize| (4 * slice.size * matrices) as u64;
        let padded = |flat: &[f32]| pad(flat, slice.width);
        let ends: Vec<f32> = slice.problems.iter().flat_map(|problem| ends(problem)).collect();
        let starts: Vec<f32> = slice.starts.iter().flat_map(|start| padded(start)).collect();
        let corrections: Vec<[f32; 2]> = slice.decays.map_or(Vec::new(), |(beta1, beta2)| {
            (1..=plan.steps).map(|t| adam_corrections(t.into(), beta1, beta2)).collect()
        });
        let mut buffers = Self {
            settings: empty(gpu, "settings", size_of::<Settings>() as u64).await?,
            lanes: filled(gpu, "lanes", &slice.lanes).await?,
            others: Vec::new(),
        };
        let count = slice.lanes.len();
        buffers.others.push(filled(gpu, "problems", &ends).await?);
        for (label, size) in [
            ("parameters", bytes(slice.matrices)),
            ("moments", bytes(slice.moments * slice.matrices)),
            ("prefix products", bytes(slice.matrices + count)),
            ("adjoints", bytes(2 * count)),
        ] {
            buffers.others.push(empty(gpu, label, size).await?);
        }
        buffers.others.push(filled(gpu, "starts", &starts).await?);
        buffers.others.push(filled(gpu, "corrections", &corrections).await?);
        Ok(buffers)
    }

    /// In the order of their bindings.
    fn bound(&self) -> Vec<&wgpu::Buffer> {
        [&self.settings, &self.lanes].into_iter().chain(&self.others).collect()
    }
}

impl Drop for Buffers {
    fn drop(&mut self) {
        self.bound().into_iter().for_each(wgpu::Buffer::destroy);
    }
}
