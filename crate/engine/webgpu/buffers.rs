//! Buffers: padding, upload and read-back.
//!
//! On the GPU a d × d matrix is stored with 4 ⌈d/4⌉ rows and columns, zeros around it: shaders read whole
//! vec4s, and zeros stay zeros through every product.

use bytemuck::Pod;
use futures_channel::oneshot;
use wgpu::BufferUsages;

use super::device::Gpu;
use super::failure;
use crate::data::problem::Problem;
use crate::engine::padded::{self, Ends};
use crate::error::Result;

/// Largest binding that every device guarantees.
pub const LARGEST: u64 = 128 << 20;

/// Workgroups of one dispatch that every device allows.
pub const GROUPS: u32 = 65_535;

/// The vec4s of a padded row.
pub fn quads(width: usize) -> usize {
    width.div_ceil(4)
}

/// The numbers of a padded matrix.
pub fn padded_size(width: usize) -> usize {
    16 * quads(width) * quads(width)
}

/// Pads a row of d × d matrices.
pub fn pad(flat: &[f32], width: usize) -> Vec<f32> {
    padded::pad(flat, width, 4 * quads(width))
}

/// F_0, M and, between fixed maps, C of a problem, padded, one after the other.
pub fn ends(problem: &Problem) -> Vec<f32> {
    let Ends { input, goal, output } = Ends::new(problem, 4 * quads(problem.width));
    [input, goal, output.unwrap_or_default()].concat()
}

/// Takes the padding off again.
pub fn unpad(values: &[f32], width: usize) -> Vec<f32> {
    padded::unpad(values, width, 4 * quads(width))
}

/// An uninitialized (that is, zero) storage buffer of `bytes` bytes, at least one vec4.
pub async fn empty(gpu: &Gpu, label: &str, bytes: u64) -> Result<wgpu::Buffer> {
    if bytes > LARGEST {
        let mib = bytes >> 20;
        return Err(failure(format!("the {label} take {mib} MiB; WebGPU promises buffers of 128 MiB")));
    }
    gpu.checked(|| {
        gpu.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some(label),
            size: bytes.max(16),
            usage: BufferUsages::STORAGE
                | BufferUsages::UNIFORM
                | BufferUsages::COPY_SRC
                | BufferUsages::COPY_DST,
            mapped_at_creation: false,
        })
    })
    .await
}

/// A storage buffer that holds `data`.
pub async fn filled<T: Pod>(gpu: &Gpu, label: &str, data: &[T]) -> Result<wgpu::Buffer> {
    let buffer = empty(gpu, label, size_of_val(data) as u64).await?;
    gpu.queue.write_buffer(&buffer, 0, bytemuck::cast_slice(data));
    Ok(buffer)
}

/// Binds whole buffers, in the order of their bindings.
pub fn bind(gpu: &Gpu, pipeline: &wgpu::ComputePipeline, buffers: &[&wgpu::Buffer]) -> wgpu::BindGroup {
    let entries: Vec<_> = (0..)
        .zip(buffers)
        .map(|(binding, buffer)| wgpu::BindGroupEntry { binding, resource: buffer.as_entire_binding() })
        .collect();
    gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: None,
        layout: &pipeline.get_bind_group_layout(0),
        entries: &entries,
    })
}

/// Submits one dispatch of `groups` workgroups.
pub fn dispatch(gpu: &Gpu, pipeline: &wgpu::ComputePipeline, bindings: &wgpu::BindGroup, groups: u32) {
    let mut encoder = gpu.device.create_command_encoder(&Default::default());
    {
        let mut pass = encoder.begin_compute_pass(&Default::default());
        pass.set_pipeline(pipeline);
        pass.set_bind_group(0, bindings, &[]);
        pass.dispatch_workgroups(groups, 1, 1);
    }
    gpu.queue.submit([encoder.finish()]);
}

/// The first `bytes` bytes of each buffer, one after the other, in one read-back.
pub async fn read(gpu: &Gpu, parts: &[(&wgpu::Buffer, u64)]) -> Result<Vec<u8>> {
    let size = parts.iter().map(|(_, bytes)| bytes).sum();
    let staging = gpu
        .checked(|| {
            let staging = gpu.device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("read-back"),
                size,
                usage: BufferUsages::MAP_READ | BufferUsages::COPY_DST,
                mapped_at_creation: false,
            });
            let mut encoder = gpu.device.create_command_encoder(&Default::default());
            let mut offset = 0;
            for (buffer, bytes) in parts {
                encoder.copy_buffer_to_buffer(buffer, 0, &staging, offset, *bytes);
                offset += bytes;
            }
            gpu.queue.submit([encoder.finish()]);
            staging
        })
        .await?;
    let (send, receive) = oneshot::channel();
    staging.map_async(wgpu::MapMode::Read, .., move |result| {
        // The receiver is gone only when nobody waits any more.
        let _ = send.send(result);
    });
    if let Err(error) = gpu.wait(receive).await? {
        // A device that is lost fails its read-backs first and says that it is lost a moment later.
        gpu.told().await;
        gpu.alive()?;
        return Err(failure(format!("reading back failed ({error})")));
    }
    let view =
        staging.get_mapped_range(..).map_err(|error| failure(format!("reading back failed ({error})")))?;
    Ok(view.to_vec())
}
