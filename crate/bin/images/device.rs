//! Where networks are trained.

use std::str::FromStr;

#[cfg(any(feature = "burn-wgpu", feature = "burn-cuda", feature = "burn-metal"))]
use burn::tensor::Device;
use identity_lab::engine::burn::Place;
use identity_lab::error::{LabError, Result};

/// A device by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceName {
    /// The processor, by the crate's own kernels.
    Cpu,
    /// The processor, by burn: the reference.
    Flex,
    /// Whatever GPU wgpu finds.
    Wgpu,
    /// NVIDIA.
    Cuda,
    /// Apple.
    Metal,
}

impl DeviceName {
    const ALL: [Self; 5] = [Self::Cpu, Self::Flex, Self::Wgpu, Self::Cuda, Self::Metal];

    /// The name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Flex => "flex",
            Self::Wgpu => "wgpu",
            Self::Cuda => "cuda",
            Self::Metal => "metal",
        }
    }

    /// The device, where this program was built with it.
    pub fn open(self) -> Result<Place> {
        match self {
            Self::Cpu => Ok(Place::cpu()),
            Self::Flex => Ok(Place::flex()),
            #[cfg(feature = "burn-wgpu")]
            Self::Wgpu => Ok(Device::wgpu(burn::tensor::DeviceKind::DefaultDevice).into()),
            #[cfg(feature = "burn-cuda")]
            Self::Cuda => Ok(Device::cuda(0).into()),
            #[cfg(feature = "burn-metal")]
            Self::Metal => Ok(Device::metal(burn::tensor::DeviceKind::DefaultDevice).into()),
            #[allow(unreachable_patterns)]
            other => {
                let name = other.name();
                let message = format!(
                    "this program was built without {name}; build it again with `--features burn-{name}`"
                );
                Err(LabError::engine("burn", message))
            }
        }
    }
}

impl FromStr for DeviceName {
    type Err = LabError;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|device| device.name() == text).ok_or_else(|| {
            LabError::field("device", format!("allowed is one of cpu, flex, wgpu, cuda, metal; got {text}"))
        })
    }
}
