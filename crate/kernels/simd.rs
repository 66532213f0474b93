//! The vectors that a processor turns out to have.

use pulp::{Simd, WithSimd};

/// Runs an operation with the vectors that this machine has: AVX2 and its fused multiply-adds where it is found, those of
/// the target where every machine has the same.
pub fn dispatch<Op: WithSimd>(operation: Op) -> Op::Output {
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = pulp::x86::V3::try_new() {
        return Simd::vectorize(simd, operation);
    }
    #[cfg(target_arch = "aarch64")]
    if let Some(simd) = pulp::aarch64::Neon::try_new() {
        return Simd::vectorize(simd, operation);
    }
    #[cfg(target_arch = "wasm32")]
    if let Some(simd) = pulp::wasm::Simd128::try_new() {
        return Simd::vectorize(simd, operation);
    }
    Simd::vectorize(pulp::Scalar128b, operation)
}
