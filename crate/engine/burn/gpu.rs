//! burn on the device that the `webgpu` engine has: the same adapter, limits and report when it is lost.

use std::cell::RefCell;
use std::rc::Rc;

use ::burn::tensor::Device;
use ::burn::tensor::wgpu::WgpuSetup;

use crate::engine::EngineKind;
use crate::engine::webgpu::{Gpu, shared as shared_gpu};
use crate::error::{LabError, Result};

thread_local! {
    /// burn's device, and the GPU that it was registered with: once, because burn keeps every registration.
    static REGISTERED: RefCell<Option<(Device, Rc<Gpu>)>> = const { RefCell::new(None) };
}

/// burn's device on the thread's GPU.
pub async fn shared() -> Result<(Device, Rc<Gpu>)> {
    let gpu = shared_gpu().await?;
    let known = REGISTERED.with_borrow(|known| known.clone());
    if let Some(known) = known.filter(|(_, registered)| Rc::ptr_eq(registered, &gpu)) {
        return Ok(known);
    }
    let setup = WgpuSetup {
        instance: gpu.instance.clone(),
        adapter: gpu.adapter.clone(),
        device: gpu.device.clone(),
        queue: gpu.queue.clone(),
        backend: gpu.adapter.get_info().backend,
    };
    let device = Device::wgpu_options()
        .setup(setup)
        .init()
        .map_err(|error| LabError::engine(EngineKind::BurnWebGpu.name(), error.to_string()))?;
    REGISTERED.with_borrow_mut(|known| *known = Some((device.clone(), gpu.clone())));
    Ok((device, gpu))
}
