//! Landscapes of ReLU networks: the launcher of `shaders/landscape_relu.wgsl`.
//!
//! A workgroup forms the parameters of one grid point after the other and sends all data points through; a
//! dispatch computes as many grid points as its time allows.

use bytemuck::{Pod, Zeroable};

use super::buffers::{bind, dispatch, empty, filled, quads, read};
use super::device::Gpu;
use super::kernels;
use super::pace::{Pace, now};
use super::relu::{Packing, operations, points, shapes};
use crate::data::classification::Classification;
use crate::error::Result;
use crate::landscape::plane::Grid;

/// Most workgroups of a dispatch, and the most bytes that the parameters they form may take.
const GROUPS: u32 = 1024;
const FORMED: u64 = 64 << 20;

/// Workgroups below which a dispatch leaves parts of a device idle, and so is measured too slow.
const ENOUGH: u32 = 8;

#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Settings {
    /// See [`shapes`].
    shapes: [u32; 5],
    identity: u32,
    columns: u32,
    first: u32,
    end: u32,
    unused: [u32; 3],
}

/// Evaluates grids on one problem.
pub struct ReluSurveyor {
    packing: Packing,
    shapes: [u32; 5],
    pipeline: wgpu::ComputePipeline,
    points: wgpu::Buffer,
    settings: wgpu::Buffer,
    pace: Pace,
}

impl ReluSurveyor {
    /// Uploads a problem.
    pub async fn new(gpu: &Gpu, problem: &Classification) -> Result<Self> {
        let layout = problem.layout;
        Ok(Self {
            packing: Packing::new(layout),
            shapes: shapes(problem),
            pipeline: gpu.pipeline(&kernels::LANDSCAPE_RELU, quads(layout.width) as u32, 1).await?,
            points: points(gpu, problem).await?,
            settings: empty(gpu, "settings", size_of::<Settings>() as u64).await?,
            pace: Pace::guess(operations(layout, problem.points.len())),
        })
    }

    /// See [`crate::engine::Trainer::landscape`].
    pub async fn survey(&mut self, gpu: &Gpu, grid: &Grid<'_>) -> Result<Vec<f32>> {
        let cells = (grid.a.len() * grid.b.len()) as u32;
        if cells == 0 {
            return Ok(Vec::new());
        }
        let each = 4 * self.packing.size() as u64;
        let most = ((FORMED / each) as u32).clamp(1, GROUPS).min(cells);
        let origin = filled(gpu, "origin", &self.packing.pack(grid.plane.origin)).await?;
        let along_a = filled(gpu, "first direction", &self.packing.pack(grid.plane.u)).await?;
        let along_b = filled(gpu, "second direction", &self.packing.pack(grid.plane.v)).await?;
        let axes = filled(gpu, "axes", &[grid.a, grid.b].concat()).await?;
        let formed = empty(gpu, "parameters", u64::from(most) * each).await?;
        let losses = empty(gpu, "losses", 4 * u64::from(cells)).await?;
        let buffers = [&self.settings, &origin, &along_a, &along_b, &self.points, &axes, &formed, &losses];
        let bindings = gpu.checked(|| bind(gpu, &self.pipeline, &buffers)).await?;

        let mut settings = Settings {
            shapes: self.shapes,
            identity: grid.plane.parametrization.is_identity().into(),
            columns: grid.a.len() as u32,
            first: 0,
            end: 0,
            unused: [0; 3],
        };
        // A first short dispatch is waited for, to learn how long a point takes here.
        if !self.pace.measured() {
            let started = now();
            let pilot = self.piece(cells);
            gpu.checked(|| self.submit(gpu, &bindings, &mut settings, pilot, most)).await?;
            gpu.idle().await?;
            self.pace.observe(pilot, now() - started);
        }
        let started = now();
        let rest = cells - settings.end;
        gpu.checked(|| {
            while settings.end < cells {
                let span = self.piece(cells - settings.end);
                self.submit(gpu, &bindings, &mut settings, span, most);
            }
        })
        .await?;
        let bytes = read(gpu, &[(&losses, 4 * u64::from(cells))]).await?;
        if rest > 0 {
            self.pace.observe(rest, now() - started);
        }
        Ok(bytes.chunks_exact(4).map(bytemuck::pod_read_unaligned).collect())
    }

    /// Grid points of the next dispatch when `left` are left.
    fn piece(&self, left: u32) -> u32 {
        left.min(self.pace.units().max(ENOUGH))
    }

    fn submit(&self, gpu: &Gpu, bindings: &wgpu::BindGroup, settings: &mut Settings, span: u32, most: u32) {
        settings.first = settings.end;
        settings.end += span;
        gpu.queue.write_buffer(&self.settings, 0, bytemuck::bytes_of(settings));
        dispatch(gpu, &self.pipeline, bindings, span.min(most));
    }
}
