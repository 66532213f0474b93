//! Training: the launcher of `shaders/train_linear.wgsl`.
//!
//! One workgroup a member, (⌈d/4⌉)² invocations, a 4 × 4 tile each. A dispatch makes several steps; where
//! a member stands is kept on the GPU, so all dispatches of a call are the same and the host reads back
//! once. A record (E, ‖∇f‖²) is written at each of the steps + 1 points visited.

use bytemuck::{Pod, Zeroable};

use super::buffers::{bind, dispatch, empty, ends, filled, pad, padded_size, quads, read, unpad};
use super::device::Gpu;
use super::failure;
use super::kernels::{self, Rule as Numbers};
use super::pace::{Pace, now};
use crate::data::problem::Problem;
use crate::engine::update::remember;
use crate::engine::{Member, Record, Rule, adam_corrections};
use crate::error::Result;
use crate::experiment::Optimizer;

/// Steps between two read-backs, so that records of any call fit in a buffer.
const SLICE: u32 = 1 << 16;

#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Settings {
    layers: u32,
    last: u32,
    chunk: u32,
    lanes: u32,
    output: u32,
    unused: [u32; 3],
}

/// The shader's `Lane`: a member's rule and where it stands.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Lane {
    rule: Numbers,
    limit: u32,
    diverged: u32,
    count: u32,
    stopped: u32,
    unused: [u32; 2],
}

/// An ensemble on the GPU.
pub struct Ensemble {
    width: usize,
    layers: usize,
    /// As they were last read; parameters and moments on the GPU are newer.
    members: Vec<Member>,
    pipeline: wgpu::ComputePipeline,
    settings: wgpu::Buffer,
    lanes: wgpu::Buffer,
    ends: wgpu::Buffer,
    /// Whether there is a C among the ends.
    output: bool,
    parameters: wgpu::Buffer,
    /// Absent until a rule with memory is used.
    moments: Option<wgpu::Buffer>,
    prefixes: wgpu::Buffer,
    adjoints: wgpu::Buffer,
    records: wgpu::Buffer,
    /// Stand in for the moments and corrections that a rule does not use.
    blanks: [wgpu::Buffer; 2],
    pace: Pace,
}

impl Ensemble {
    /// Uploads an ensemble.
    pub async fn new(gpu: &Gpu, problem: &Problem, members: Vec<Member>) -> Result<Self> {
        let (width, layers) = (problem.width, problem.layers);
        let size = padded_size(width);
        let pipeline = gpu.pipeline(&kernels::TRAIN, quads(width) as u32, 1).await?;
        let parameters: Vec<f32> = members.iter().flat_map(|member| pad(&member.parameters, width)).collect();
        let chain = 4 * ((layers + 1) * size) as u64;
        let lanes = members.len() as u64;
        let prefixes = empty(gpu, "prefix products", lanes * chain).await?;
        let ends = ends(problem);
        for lane in 0..lanes {
            gpu.queue.write_buffer(&prefixes, lane * chain, bytemuck::cast_slice(&ends[..size]));
        }
        let operations = members.len() as f64 * layers as f64 * 6.0 * (size as f64).powf(1.5);
        Ok(Self {
            width,
            layers,
            pipeline,
            settings: empty(gpu, "settings", size_of::<Settings>() as u64).await?,
            lanes: empty(gpu, "lanes", lanes * size_of::<Lane>() as u64).await?,
            output: problem.fixed.is_some(),
            ends: filled(gpu, "ends", &ends).await?,
            parameters: filled(gpu, "parameters", &parameters).await?,
            moments: None,
            prefixes,
            adjoints: empty(gpu, "adjoints", lanes * 8 * size as u64).await?,
            records: empty(gpu, "records", 0).await?,
            blanks: [empty(gpu, "no moments", 0).await?, empty(gpu, "no corrections", 0).await?],
            pace: Pace::guess(operations),
            members,
        })
    }

    /// See [`crate::engine::Trainer::train`].
    pub async fn train(&mut self, gpu: &Gpu, steps: u32, rule: &Rule) -> Result<Vec<Record>> {
        if self.members.is_empty() {
            return Ok(Vec::new());
        }
        self.remember(gpu, &rule.optimizer).await?;
        let mut records = self.slice(gpu, steps.min(SLICE), rule).await?;
        let mut left = steps.saturating_sub(SLICE);
        while left > 0 && self.members.iter().any(|member| !member.diverged) {
            let before: Vec<bool> = self.members.iter().map(|member| member.diverged).collect();
            let more = self.slice(gpu, left.min(SLICE), rule).await?;
            for ((record, more), diverged) in records.iter_mut().zip(more).zip(before) {
                if !diverged {
                    record.go_on(&more);
                }
            }
            left = left.saturating_sub(SLICE);
        }
        Ok(records)
    }

    /// Makes room for the moments that the rule needs; those that a member lacks are zero.
    async fn remember(&mut self, gpu: &Gpu, optimizer: &Optimizer) -> Result<()> {
        for Member { parameters, first, second, .. } in &mut self.members {
            remember(optimizer, parameters.len(), first, second);
        }
        if self.moments.is_none() && !matches!(optimizer, Optimizer::GradientDescent { .. }) {
            let n = self.layers * self.width * self.width;
            let mut flat = Vec::with_capacity(2 * n * self.members.len());
            for moment in self.members.iter().map(|m| &m.first).chain(self.members.iter().map(|m| &m.second))
            {
                flat.extend_from_slice(moment);
                flat.resize(flat.len() + n - moment.len(), 0.0);
            }
            self.moments = Some(filled(gpu, "moments", &pad(&flat, self.width)).await?);
        }
        Ok(())
    }

    async fn slice(&mut self, gpu: &Gpu, steps: u32, rule: &Rule) -> Result<Vec<Record>> {
        let visits = steps + 1;
        let state: Vec<Lane> = self.members.iter().map(|member| lane(member, rule)).collect();
        let record_bytes = self.members.len() as u64 * u64::from(visits) * 8;
        if self.records.size() < record_bytes {
            self.records = empty(gpu, "records", record_bytes.next_power_of_two()).await?;
        }
        let table = match rule.optimizer {
            Optimizer::Adam { beta1, beta2, .. } if steps > 0 => {
                let entries: Vec<[f32; 2]> = self
                    .members
                    .iter()
                    .flat_map(|member| (1..=steps).map(|t| member.updates + u64::from(t)))
                    .map(|t| adam_corrections(t, beta1, beta2))
                    .collect();
                Some(filled(gpu, "corrections", &entries).await?)
            }
            _ => None,
        };

        let chunk = self.pace.units();
        let settings = Settings {
            layers: self.layers as u32,
            last: steps,
            chunk,
            lanes: self.members.len() as u32,
            output: self.output.into(),
            unused: [0; 3],
        };
        let started = now();
        gpu.checked(|| {
            gpu.queue.write_buffer(&self.settings, 0, bytemuck::bytes_of(&settings));
            gpu.queue.write_buffer(&self.lanes, 0, bytemuck::cast_slice(&state));
            let buffers = [
                &self.settings,
                &self.lanes,
                &self.ends,
                &self.parameters,
                self.moments.as_ref().unwrap_or(&self.blanks[0]),
                &self.prefixes,
                &self.adjoints,
                &self.records,
                table.as_ref().unwrap_or(&self.blanks[1]),
            ];
            let bindings = bind(gpu, &self.pipeline, &buffers);
            for _ in 0..visits.div_ceil(chunk) {
                dispatch(gpu, &self.pipeline, &bindings, settings.lanes);
            }
        })
        .await?;
        let lane_bytes = size_of_val(state.as_slice()) as u64;
        let bytes = read(gpu, &[(&self.lanes, lane_bytes), (&self.records, record_bytes)]).await?;
        self.pace.observe(visits, now() - started);

        let (lanes, rows) = bytes.split_at(lane_bytes as usize);
        let rows = rows.chunks_exact(visits as usize * 8);
        let lanes = lanes.chunks_exact(size_of::<Lane>()).map(bytemuck::pod_read_unaligned::<Lane>);
        self.members
            .iter_mut()
            .zip(lanes)
            .zip(rows)
            .map(|((member, lane), row)| note(member, lane.stopped != 0, lane.count, lane.diverged != 0, row))
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
        let blocks: Vec<_> = numbers.chunks_exact(self.layers * padded_size(self.width)).collect();
        let count = self.members.len();
        for (index, member) in self.members.iter_mut().enumerate() {
            member.parameters = unpad(blocks[index], self.width);
            if self.moments.is_some() && !member.first.is_empty() {
                member.first = unpad(blocks[count + index], self.width);
            }
            if self.moments.is_some() && !member.second.is_empty() {
                member.second = unpad(blocks[2 * count + index], self.width);
            }
        }
        Ok(self.members.clone())
    }
}

fn lane(member: &Member, rule: &Rule) -> Lane {
    Lane {
        rule: Numbers::new(member.parametrization, &rule.optimizer),
        limit: rule.divergence.to_bits(),
        diverged: member.diverged.into(),
        count: 0,
        stopped: 0,
        unused: [0; 2],
    }
}

/// Takes over what a member did. A risk that is not finite ends a record even if the shader, which may
/// suppose that all floats are finite, did not see it.
pub fn note(member: &mut Member, stopped: bool, count: u32, diverged: bool, row: &[u8]) -> Result<Record> {
    if !stopped || count == 0 {
        return Err(failure("the GPU stopped before it had made all steps"));
    }
    let mut record = Record::default();
    member.diverged = diverged;
    for entry in row.chunks_exact(8).take(count as usize) {
        let [excess, gradient]: [f32; 2] = bytemuck::pod_read_unaligned(entry);
        record.excess.push(excess);
        record.gradient_norm_squared.push(gradient);
        if !excess.is_finite() {
            member.diverged = true;
            break;
        }
    }
    member.updates += record.excess.len() as u64 - 1;
    Ok(record)
}
