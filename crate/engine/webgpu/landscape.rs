//! Landscapes: the launcher of `shaders/landscape_linear.wgsl`.
//!
//! E(a, b) = ‖W_ℓ … W_1 S − M‖²_F with A_j = A0_j + a u_j + b v_j, at every point of a grid. An invocation
//! carries four columns of one point; a dispatch computes as many points as its time allows.

use bytemuck::{Pod, Zeroable};

use super::buffers::{GROUPS, bind, dispatch, empty, ends, filled, pad, padded_size, quads, read};
use super::device::Gpu;
use super::kernels;
use super::pace::{Pace, now};
use crate::data::problem::Problem;
use crate::error::Result;
use crate::landscape::plane::Grid;

/// Workgroups below which a dispatch leaves parts of a device idle, and so is measured too slow.
const ENOUGH: u32 = 8;

#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Settings {
    layers: u32,
    identity: u32,
    columns: u32,
    points: u32,
    first: u32,
    output: u32,
    unused: [u32; 2],
}

/// Evaluates grids on one problem.
pub struct Surveyor {
    width: usize,
    layers: usize,
    pipeline: wgpu::ComputePipeline,
    /// S, M and, between fixed maps, C.
    problem: wgpu::Buffer,
    /// Whether there is a C.
    output: bool,
    settings: wgpu::Buffer,
    pace: Pace,
}

impl Surveyor {
    /// Uploads a problem.
    pub async fn new(gpu: &Gpu, problem: &Problem) -> Result<Self> {
        let width = problem.width;
        let ends = ends(problem);
        let operations = problem.layers as f64 * 4.0 * (padded_size(width) as f64).powf(1.5);
        Ok(Self {
            width,
            layers: problem.layers,
            pipeline: gpu.pipeline(&kernels::LANDSCAPE, quads(width) as u32, 1).await?,
            output: problem.fixed.is_some(),
            problem: filled(gpu, "problem", &ends).await?,
            settings: empty(gpu, "settings", size_of::<Settings>() as u64).await?,
            pace: Pace::guess(operations),
        })
    }

    /// See [`crate::engine::Trainer::landscape`].
    pub async fn survey(&mut self, gpu: &Gpu, grid: &Grid<'_>) -> Result<Vec<f32>> {
        let points = (grid.a.len() * grid.b.len()) as u32;
        if points == 0 {
            return Ok(Vec::new());
        }
        let origin = filled(gpu, "origin", &pad(grid.plane.origin, self.width)).await?;
        let along_a = filled(gpu, "first direction", &pad(grid.plane.u, self.width)).await?;
        let along_b = filled(gpu, "second direction", &pad(grid.plane.v, self.width)).await?;
        let axes = filled(gpu, "axes", &[grid.a, grid.b].concat()).await?;
        let excess = empty(gpu, "excess", 4 * u64::from(points)).await?;
        let buffers = [&self.settings, &origin, &along_a, &along_b, &self.problem, &axes, &excess];
        let bindings = gpu.checked(|| bind(gpu, &self.pipeline, &buffers)).await?;

        let mut settings = Settings {
            layers: self.layers as u32,
            identity: grid.plane.parametrization.is_identity().into(),
            columns: grid.a.len() as u32,
            points,
            first: 0,
            output: self.output.into(),
            unused: [0; 2],
        };
        // A first short dispatch is waited for, to learn how long a point takes here.
        if !self.pace.measured() {
            let started = now();
            let pilot = self.piece(points);
            gpu.checked(|| self.submit(gpu, &bindings, &mut settings, pilot)).await?;
            gpu.idle().await?;
            self.pace.observe(pilot, now() - started);
        }
        let started = now();
        let rest = points - settings.first;
        gpu.checked(|| {
            while settings.first < points {
                let span = self.piece(points - settings.first);
                self.submit(gpu, &bindings, &mut settings, span);
            }
        })
        .await?;
        let bytes = read(gpu, &[(&excess, 4 * u64::from(points))]).await?;
        if rest > 0 {
            self.pace.observe(rest, now() - started);
        }
        Ok(bytes.chunks_exact(4).map(bytemuck::pod_read_unaligned).collect())
    }

    /// Grid points that a workgroup computes.
    fn group(&self) -> u32 {
        (32 / quads(self.width) as u32).max(1)
    }

    /// Points of the next dispatch when `left` are left: whole workgroups, except at the end.
    fn piece(&self, left: u32) -> u32 {
        let groups = (self.pace.units() / self.group()).clamp(ENOUGH, GROUPS);
        left.min(groups * self.group())
    }

    fn submit(&self, gpu: &Gpu, bindings: &wgpu::BindGroup, settings: &mut Settings, span: u32) {
        gpu.queue.write_buffer(&self.settings, 0, bytemuck::bytes_of(settings));
        dispatch(gpu, &self.pipeline, bindings, span.div_ceil(self.group()));
        settings.first += span;
    }
}
