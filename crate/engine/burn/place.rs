//! Where burn computes, and how its numbers come back from there.

use std::fmt;
#[cfg(feature = "burn-wgpu")]
use std::rc::Rc;

use ::burn::tensor::{Device, Tensor};

use crate::engine::EngineKind;
#[cfg(feature = "burn-wgpu")]
use crate::engine::webgpu::Gpu;
use crate::error::{LabError, Result};

/// A place that burn computes in: a device of burn's, or burn on the GPU that the `webgpu` engine has.
#[derive(Clone)]
pub struct Place {
    device: Device,
    /// Whether networks on images are left to the crate's own kernels.
    cpu: bool,
    /// Knows when it is lost, and why.
    #[cfg(feature = "burn-wgpu")]
    gpu: Option<Rc<Gpu>>,
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Place").field("engine", &self.kind()).field("device", &self.device).finish()
    }
}

impl From<Device> for Place {
    fn from(device: Device) -> Self {
        Self {
            device,
            cpu: false,
            #[cfg(feature = "burn-wgpu")]
            gpu: None,
        }
    }
}

impl Place {
    /// The processor, by burn's Flex.
    pub fn flex() -> Self {
        Device::flex().into()
    }

    /// The processor, where the crate's own kernels train and test networks on images, and Flex does what else there is.
    pub fn cpu() -> Self {
        Self { cpu: true, ..Self::flex() }
    }

    /// Whether networks on images are trained and tested by the crate's own kernels there.
    pub fn is_cpu(&self) -> bool {
        self.cpu
    }

    /// The GPU that the `webgpu` engine has.
    #[cfg(feature = "burn-wgpu")]
    pub async fn webgpu() -> Result<Self> {
        let (device, gpu) = super::gpu::shared().await?;
        Ok(Self { device, cpu: false, gpu: Some(gpu) })
    }

    /// Where tensors are made.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// The GPU, where it is the one of the `webgpu` engine.
    #[cfg(feature = "burn-wgpu")]
    pub(super) fn gpu(&self) -> Option<&Gpu> {
        self.gpu.as_deref()
    }

    /// Which engine computes there.
    pub fn kind(&self) -> EngineKind {
        #[cfg(feature = "burn-wgpu")]
        if self.gpu.is_some() {
            return EngineKind::BurnWebGpu;
        }
        EngineKind::Burn
    }

    /// The numbers of a tensor. Never blocks, since in a browser that would wait for itself; Flex has them at once.
    pub async fn read<const D: usize>(&self, tensor: Tensor<D>) -> Result<Vec<f32>> {
        self.alive()?;
        match tensor.into_data_async().await {
            Ok(data) => {
                self.alive()?;
                data.try_into_vec().map_err(|error| self.failure(&format!("{error:?}")))
            }
            Err(error) => {
                // Why a device was lost says more than what could not be read then, but may come later.
                #[cfg(feature = "burn-wgpu")]
                if let Some(gpu) = &self.gpu {
                    gpu.told().await;
                }
                self.alive()?;
                Err(self.failure(&error.to_string()))
            }
        }
    }

    /// What went wrong, without the chain of what that made go wrong and where.
    fn failure(&self, report: &str) -> LabError {
        let cause = report.split("\nBacktrace").next().and_then(|causes| causes.rsplit("Caused by:").next());
        LabError::engine(self.kind().name(), cause.unwrap_or(report).trim())
    }

    fn alive(&self) -> Result<()> {
        #[cfg(feature = "burn-wgpu")]
        if let Some(gpu) = &self.gpu {
            return gpu.alive();
        }
        Ok(())
    }
}
