//! The GPU: adapter, device and queue, requested once a thread and shared by its engines.
//!
//! Every call that can fail on the device runs between error scopes ([`Gpu::checked`]), so that a
//! shader that does not compile or a buffer that does not fit becomes a [`LabError`], not a panic.

use std::cell::RefCell;
use std::collections::HashMap;
use std::mem::ManuallyDrop;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use futures_channel::oneshot;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen::JsCast;

use super::failure;
use super::kernels::{Kernel, constants};
use crate::engine::EngineInfo;
use crate::error::Result;

/// A device with its queue, and the pipelines built on it so far.
pub struct Gpu {
    /// What the adapter is from.
    pub instance: wgpu::Instance,
    /// What the device is from.
    pub adapter: wgpu::Adapter,
    /// Makes buffers, pipelines and encoders.
    pub device: wgpu::Device,
    /// Takes work.
    pub queue: wgpu::Queue,
    /// What a person is told.
    pub info: EngineInfo,
    /// Why the device was lost, once it was.
    lost: Arc<Mutex<Option<String>>>,
    pipelines: RefCell<HashMap<(&'static str, String), wgpu::ComputePipeline>>,
}

thread_local! {
    // Never dropped with the thread: a device's destructor uses thread-local state of wgpu, which may be
    // gone by then.
    static SHARED: RefCell<ManuallyDrop<Option<Rc<Gpu>>>> = const { RefCell::new(ManuallyDrop::new(None)) };
}

/// The thread's device; a new one when there is none yet or the last one was lost.
pub async fn shared() -> Result<Rc<Gpu>> {
    let cached = SHARED.with_borrow(|shared| Option::clone(shared));
    if let Some(gpu) = cached.filter(|gpu| gpu.alive().is_ok()) {
        return Ok(gpu);
    }
    let gpu = Rc::new(request().await?);
    SHARED.with_borrow_mut(|shared| **shared = Some(gpu.clone()));
    Ok(gpu)
}

async fn request() -> Result<Gpu> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle());
    let options = wgpu::RequestAdapterOptions {
        power_preference: wgpu::PowerPreference::HighPerformance,
        ..Default::default()
    };
    let adapter = match instance.request_adapter(&options).await {
        Ok(adapter) => adapter,
        // Some browsers hand out their software adapter only to those who ask for it.
        Err(_) => {
            let fallback = wgpu::RequestAdapterOptions { force_fallback_adapter: true, ..options };
            instance
                .request_adapter(&fallback)
                .await
                .map_err(|error| failure(format!("no GPU adapter was found ({error})")))?
        }
    };
    let described = adapter.get_info();
    // Only what every device guarantees, so that the same kernels run everywhere.
    let (device, queue) = adapter
        .request_device(&wgpu::DeviceDescriptor {
            label: Some("identity-lab"),
            required_limits: wgpu::Limits::default(),
            ..Default::default()
        })
        .await
        .map_err(|error| failure(format!("the adapter gave no device ({error})")))?;

    let lost = Arc::new(Mutex::new(None));
    let slot = lost.clone();
    device.set_device_lost_callback(move |reason, message| {
        let text = format!("the GPU was lost ({reason:?}: {message})");
        *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(text);
    });
    // Errors outside a scope mean that the device cannot be trusted either.
    let slot = lost.clone();
    device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
        *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.to_string());
    }));
    let info = describe(&described);
    Ok(Gpu { instance, adapter, device, queue, info, lost, pipelines: RefCell::default() })
}

fn describe(adapter: &wgpu::AdapterInfo) -> EngineInfo {
    let name = if adapter.name.is_empty() { "a GPU that keeps its name" } else { &adapter.name };
    EngineInfo {
        description: format!("{name} through {}", adapter.backend),
        fallback_adapter: adapter.device_type == wgpu::DeviceType::Cpu,
    }
}

impl Gpu {
    /// An error once the device is lost.
    pub fn alive(&self) -> Result<()> {
        match self.lost.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            Some(reason) => Err(failure(reason.clone())),
            None => Ok(()),
        }
    }

    /// Runs `work` between error scopes.
    pub async fn checked<T>(&self, work: impl FnOnce() -> T) -> Result<T> {
        self.alive()?;
        let internal = self.device.push_error_scope(wgpu::ErrorFilter::Internal);
        let memory = self.device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
        let validation = self.device.push_error_scope(wgpu::ErrorFilter::Validation);
        let value = work();
        // All are popped before the first wait: scopes are a stack, and other work may run meanwhile.
        let (validation, memory, internal) = (validation.pop(), memory.pop(), internal.pop());
        let errors = [validation.await, memory.await, internal.await];
        if let Some(error) = errors.into_iter().flatten().next() {
            return Err(failure(error.to_string()));
        }
        self.alive()?;
        Ok(value)
    }

    /// The pipeline of a kernel for matrices of `d4` vec4s a row and `pack` networks a workgroup, with its
    /// compilation checked.
    pub async fn pipeline(&self, kernel: &Kernel, d4: u32, pack: u32) -> Result<wgpu::ComputePipeline> {
        let entry = kernel.entry;
        let key = (entry, constants(d4, pack));
        if let Some(pipeline) = self.pipelines.borrow().get(&key) {
            return Ok(pipeline.clone());
        }
        let text = format!("{}{}", key.1, kernel.source);
        // A module with errors is only reported by its pipeline in some browsers, and vaguely; so its own
        // messages are asked for first.
        let scope = self.device.push_error_scope(wgpu::ErrorFilter::Validation);
        let module = self.device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some(entry),
            source: wgpu::ShaderSource::Wgsl(text.into()),
        });
        let scope = scope.pop();
        let complaints: Vec<_> = module
            .get_compilation_info()
            .await
            .messages
            .into_iter()
            .filter(|message| message.message_type == wgpu::CompilationMessageType::Error)
            .map(|message| match message.location {
                Some(place) => format!("line {}: {}", place.line_number, message.message),
                None => message.message,
            })
            .collect();
        if !complaints.is_empty() {
            return Err(failure(format!("shader \"{entry}\" did not compile: {}", complaints.join("; "))));
        }
        if let Some(error) = scope.await {
            return Err(failure(format!("shader \"{entry}\" did not compile: {error}")));
        }
        let pipeline = self
            .checked(|| {
                self.device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                    label: Some(entry),
                    layout: None,
                    module: &module,
                    entry_point: Some(entry),
                    compilation_options: Default::default(),
                    cache: None,
                })
            })
            .await?;
        self.pipelines.borrow_mut().insert(key, pipeline.clone());
        Ok(pipeline)
    }

    /// Waits until the queue has done all it was given.
    pub async fn idle(&self) -> Result<()> {
        let (send, receive) = oneshot::channel();
        self.queue.on_submitted_work_done(move || {
            // The receiver is gone only when nobody waits any more.
            let _ = send.send(());
        });
        self.wait(receive).await
    }

    /// Waits for a callback of the device.
    pub async fn wait<T>(&self, receive: oneshot::Receiver<T>) -> Result<T> {
        // A browser calls back by itself; elsewhere someone must ask.
        #[cfg(not(target_arch = "wasm32"))]
        self.device
            .poll(wgpu::PollType::wait_indefinitely())
            .map_err(|error| failure(format!("waiting for the GPU failed ({error})")))?;
        let value = receive.await;
        self.alive()?;
        value.map_err(|_| failure("the GPU dropped a request without an answer"))
    }

    /// Returns once callbacks that the device has already decided on have been made.
    #[cfg(not(target_arch = "wasm32"))]
    pub async fn told(&self) {
        // Whatever polling says, it has made the callbacks that were due.
        let _ = self.device.poll(wgpu::PollType::Poll);
    }

    /// Returns once callbacks that the device has already decided on have been made.
    #[cfg(target_arch = "wasm32")]
    pub async fn told(&self) {
        const MILLISECONDS: f64 = 50.0;
        let waited = js_sys::Promise::new(&mut |resolve, _| {
            let global = js_sys::global();
            let timer = js_sys::Reflect::get(&global, &"setTimeout".into())
                .ok()
                .and_then(|timer| timer.dyn_into::<js_sys::Function>().ok());
            // Without a timer there is nothing to wait with, and the first message has to do.
            let set = timer.and_then(|timer| timer.call2(&global, &resolve, &MILLISECONDS.into()).ok());
            if set.is_none() {
                let _ = resolve.call0(&wasm_bindgen::JsValue::NULL);
            }
        });
        let _ = wasm_bindgen_futures::JsFuture::from(waited).await;
    }
}
