//! Training of ReLU networks: the launcher of `shaders/train_relu.wgsl`.
//!
//! One workgroup a member. Its unit of work is a piece: up to 256 points forward and back. A dispatch makes
//! several; where a member stands is kept on the GPU, so all dispatches of a call are the same and the host
//! reads back once. A record (loss, ‖∇f‖²) is written at each of the steps + 1 points visited.

use bytemuck::{Pod, Zeroable};

use super::buffers::{bind, dispatch, empty, filled, quads, read};
use super::device::Gpu;
use super::kernels;
use super::pace::{Pace, now};
use super::relu::{CARRIED, Packing, operations, points, shapes};
use super::train::note;
use crate::data::classification::Classification;
use crate::engine::batches::Batches;
use crate::engine::update::remember;
use crate::engine::{Member, Record, Rule, adam_corrections};
use crate::error::Result;
use crate::experiment::Optimizer;
use crate::network::relu::Layout;

/// Steps between two read-backs, so that records of any call fit in a buffer.
const SLICE: u32 = 1 << 16;
/// Entries of the minibatch order between two read-backs.
const ORDER: usize = 1 << 22;

#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Settings {
    /// See [`shapes`].
    shapes: [u32; 5],
    batch: u32,
    ends: u32,
    last: u32,
    pieces: u32,
    lanes: u32,
    unused: [u32; 2],
}

/// The shader's `Lane`: a member's rule and where it stands.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Lane {
    identity: u32,
    gains: u32,
    optimizer: u32,
    rate: f32,
    beta1: f32,
    beta2: f32,
    epsilon: f32,
    limit: u32,
    diverged: u32,
    count: u32,
    stopped: u32,
    round: u32,
    piece: u32,
    loss: f32,
    unused: [u32; 2],
}

/// An ensemble on the GPU.
pub struct ReluEnsemble {
    packing: Packing,
    shapes: [u32; 5],
    ends: bool,
    /// As they were last read; parameters and moments on the GPU are newer.
    members: Vec<Member>,
    pipeline: wgpu::ComputePipeline,
    settings: wgpu::Buffer,
    lanes: wgpu::Buffer,
    points: wgpu::Buffer,
    parameters: wgpu::Buffer,
    /// Absent until a rule with memory is used.
    moments: Option<wgpu::Buffer>,
    scratch: wgpu::Buffer,
    records: wgpu::Buffer,
    /// Stand in for the order, moments and corrections that a rule does not use.
    blanks: [wgpu::Buffer; 3],
    pace: Pace,
}

impl ReluEnsemble {
    /// Uploads an ensemble.
    pub async fn new(gpu: &Gpu, problem: &Classification, members: Vec<Member>) -> Result<Self> {
        let packing = Packing::new(problem.layout);
        let lanes = members.len() as u64;
        let parameters: Vec<f32> = members.iter().flat_map(|m| packing.pack(&m.parameters)).collect();
        let scratch = 4 * (rows(problem.layout) * CARRIED + packing.size()) as u64;
        let carried = problem.points.len().min(CARRIED);
        let operations = 3.0 * members.len() as f64 * operations(problem.layout, carried);
        let blank = |label| empty(gpu, label, 0);
        Ok(Self {
            packing,
            shapes: shapes(problem),
            ends: problem.train_ends,
            pipeline: gpu.pipeline(&kernels::TRAIN_RELU, quads(problem.layout.width) as u32, 1).await?,
            settings: empty(gpu, "settings", size_of::<Settings>() as u64).await?,
            lanes: empty(gpu, "lanes", lanes * size_of::<Lane>() as u64).await?,
            points: points(gpu, problem).await?,
            parameters: filled(gpu, "parameters", &parameters).await?,
            moments: None,
            scratch: empty(gpu, "activations", lanes * scratch).await?,
            records: empty(gpu, "records", 0).await?,
            blanks: [blank("no order").await?, blank("no moments").await?, blank("no corrections").await?],
            pace: Pace::guess(operations),
            members,
        })
    }

    /// See [`crate::engine::Trainer::train`].
    pub async fn train(
        &mut self,
        gpu: &Gpu,
        steps: u32,
        rule: &Rule,
        mut batches: Option<Batches>,
    ) -> Result<Vec<Record>> {
        if self.members.is_empty() {
            return Ok(Vec::new());
        }
        self.remember(gpu, &rule.optimizer).await?;
        let longest = match rule.batch {
            Some(batch) => ((ORDER / (batch * self.members.len())) as u32).clamp(1, SLICE),
            None => SLICE,
        };
        let mut records = self.slice(gpu, steps.min(longest), rule, batches.as_mut()).await?;
        let mut left = steps.saturating_sub(longest);
        while left > 0 && self.members.iter().any(|member| !member.diverged) {
            let before: Vec<bool> = self.members.iter().map(|member| member.diverged).collect();
            let more = self.slice(gpu, left.min(longest), rule, batches.as_mut()).await?;
            for ((record, more), diverged) in records.iter_mut().zip(more).zip(before) {
                if !diverged {
                    record.go_on(&more);
                }
            }
            left = left.saturating_sub(longest);
        }
        Ok(records)
    }

    /// Makes room for the moments that the rule needs; those that a member lacks are zero.
    async fn remember(&mut self, gpu: &Gpu, optimizer: &Optimizer) -> Result<()> {
        for Member { parameters, first, second, .. } in &mut self.members {
            remember(optimizer, parameters.len(), first, second);
        }
        if self.moments.is_none() && !matches!(optimizer, Optimizer::GradientDescent { .. }) {
            let first = self.members.iter().map(|member| &member.first);
            let second = self.members.iter().map(|member| &member.second);
            let packed: Vec<f32> = first.chain(second).flat_map(|flat| self.packing.pack(flat)).collect();
            self.moments = Some(filled(gpu, "moments", &packed).await?);
        }
        Ok(())
    }

    async fn slice(
        &mut self,
        gpu: &Gpu,
        steps: u32,
        rule: &Rule,
        batches: Option<&mut Batches>,
    ) -> Result<Vec<Record>> {
        let visits = steps + 1;
        let state: Vec<Lane> = self.members.iter().map(|member| lane(member, rule)).collect();
        let record_bytes = self.members.len() as u64 * u64::from(visits) * 8;
        if self.records.size() < record_bytes {
            self.records = empty(gpu, "records", record_bytes.next_power_of_two()).await?;
        }
        let of_every_update = |members: &[Member]| -> Vec<u64> {
            members
                .iter()
                .flat_map(|member| (0..steps).map(|step| member.updates + u64::from(step)))
                .collect()
        };
        let order = match batches {
            Some(batches) if steps > 0 => {
                let updates = of_every_update(&self.members).into_iter();
                let order: Vec<u32> = updates.flat_map(|t| batches.batch(t).to_vec()).collect();
                Some(filled(gpu, "order", &order).await?)
            }
            _ => None,
        };
        let table = match rule.optimizer {
            Optimizer::Adam { beta1, beta2, .. } if steps > 0 => {
                let updates = of_every_update(&self.members).into_iter();
                let entries: Vec<_> = updates.map(|t| adam_corrections(t + 1, beta1, beta2)).collect();
                Some(filled(gpu, "corrections", &entries).await?)
            }
            _ => None,
        };

        let pieces = |points: usize| points.div_ceil(CARRIED) as u64;
        let [.., points] = self.shapes;
        let all =
            u64::from(visits) * pieces(points as usize) + u64::from(steps) * rule.batch.map_or(0, pieces);
        let chunk = self.pace.units();
        let settings = Settings {
            shapes: self.shapes,
            batch: rule.batch.map_or(0, |batch| batch as u32),
            ends: self.ends.into(),
            last: steps,
            pieces: chunk,
            lanes: self.members.len() as u32,
            unused: [0; 2],
        };
        let started = now();
        gpu.checked(|| {
            gpu.queue.write_buffer(&self.settings, 0, bytemuck::bytes_of(&settings));
            gpu.queue.write_buffer(&self.lanes, 0, bytemuck::cast_slice(&state));
            let buffers = [
                &self.settings,
                &self.lanes,
                &self.points,
                order.as_ref().unwrap_or(&self.blanks[0]),
                &self.parameters,
                self.moments.as_ref().unwrap_or(&self.blanks[1]),
                &self.scratch,
                &self.records,
                table.as_ref().unwrap_or(&self.blanks[2]),
            ];
            let bindings = bind(gpu, &self.pipeline, &buffers);
            for _ in 0..all.div_ceil(u64::from(chunk)) {
                dispatch(gpu, &self.pipeline, &bindings, settings.lanes);
            }
        })
        .await?;
        let lane_bytes = size_of_val(state.as_slice()) as u64;
        let bytes = read(gpu, &[(&self.lanes, lane_bytes), (&self.records, record_bytes)]).await?;
        self.pace.observe(all.try_into().unwrap_or(u32::MAX), now() - started);

        let (lanes, rows) = bytes.split_at(lane_bytes as usize);
        let rows = rows.chunks_exact(visits as usize * 8);
        let lanes = lanes.chunks_exact(size_of::<Lane>()).map(bytemuck::pod_read_unaligned::<Lane>);
        self.members
            .iter_mut()
            .zip(lanes)
            .zip(rows)
            .map(|((member, Lane { stopped, count, diverged, .. }), row)| {
                note(member, stopped != 0, count, diverged != 0, row)
            })
            .collect()
    }

    /// The members, with parameters and moments read back.
    pub async fn members(&mut self, gpu: &Gpu) -> Result<Vec<Member>> {
        if self.members.is_empty() {
            return Ok(Vec::new());
        }
        let mut parts = vec![(&self.parameters, self.parameters.size())];
        if let Some(moments) = &self.moments {
            parts.push((moments, moments.size()));
        }
        let bytes = read(gpu, &parts).await?;
        let numbers: Vec<f32> = bytes.chunks_exact(4).map(bytemuck::pod_read_unaligned).collect();
        let networks: Vec<_> = numbers.chunks_exact(self.packing.size()).collect();
        let count = self.members.len();
        for (index, member) in self.members.iter_mut().enumerate() {
            member.parameters = self.packing.unpack(networks[index]);
            if self.moments.is_some() && !member.first.is_empty() {
                member.first = self.packing.unpack(networks[count + index]);
            }
            if self.moments.is_some() && !member.second.is_empty() {
                member.second = self.packing.unpack(networks[2 * count + index]);
            }
        }
        Ok(self.members.clone())
    }
}

/// The rows of a lane's scratch, one number a point that is carried.
fn rows(layout: Layout) -> usize {
    let Layout { dimension, width, blocks, classes } = layout;
    4 * (quads(dimension) + (2 * blocks + 1) * quads(width) + quads(classes) + 2 * quads(width))
}

fn lane(member: &Member, rule: &Rule) -> Lane {
    let (optimizer, rate, beta1, beta2, epsilon) = match rule.optimizer {
        Optimizer::GradientDescent { learning_rate } => (0, learning_rate, 0.0, 0.0, 0.0),
        Optimizer::Momentum { learning_rate, momentum } => (1, learning_rate, momentum, 0.0, 0.0),
        Optimizer::Adam { learning_rate, beta1, beta2, epsilon } => (2, learning_rate, beta1, beta2, epsilon),
    };
    Lane {
        identity: member.parametrization.is_identity().into(),
        gains: member.gains.into(),
        optimizer,
        rate: rate as f32,
        beta1: beta1 as f32,
        beta2: beta2 as f32,
        epsilon: epsilon as f32,
        limit: rule.divergence.to_bits(),
        diverged: member.diverged.into(),
        count: 0,
        stopped: 0,
        round: 0,
        piece: 0,
        loss: 0.0,
        unused: [0; 2],
    }
}
