//! What every module of exports shares: how errors and values become JavaScript's.
//!
//! Errors are thrown as `Error` objects whose `message` is a sentence and whose `field` names the field
//! of the experiment that is at fault, when one is.

use js_sys::{Float32Array, Reflect};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::error::LabError;

/// What exports return.
pub type JsResult<T> = std::result::Result<T, JsValue>;

impl From<LabError> for JsValue {
    fn from(error: LabError) -> Self {
        let object = js_sys::Error::new(&error.to_string());
        if let Some(field) = error.field_name() {
            // Setting a property of an object made just above cannot fail.
            let _ = Reflect::set(&object, &"field".into(), &field.into());
        }
        object.into()
    }
}

#[wasm_bindgen(start)]
fn started() {
    #[cfg(feature = "burn-wgpu")]
    run_constructors();
    std::panic::set_hook(Box::new(|info| {
        wasm_bindgen::throw_str(&format!("internal error, please report it: {info}"));
    }));
}

/// Runs what crates under burn's kernels have registered to be run before anything else.
///
/// A linker that finds no call of `__wasm_call_ctors` puts one at the top of every export, among them those by which
/// wasm-bindgen makes and drops a value: all registrations were repeated some thousand times a step of training.
/// Measured in Chromium on a software adapter, a step of two layers of width 4: 184 ms before, 2.9 ms since.
#[cfg(feature = "burn-wgpu")]
#[allow(unsafe_code, reason = "the linker makes this function, and nothing else calls it")]
fn run_constructors() {
    unsafe extern "C" {
        fn __wasm_call_ctors();
    }
    // SAFETY: the function takes and returns nothing, and this is its only call, at the start of the module.
    unsafe { __wasm_call_ctors() }
}

/// A copy for JavaScript.
pub fn floats(values: &[f32]) -> Float32Array {
    Float32Array::from(values)
}

/// An object of plain values and typed arrays.
pub fn to_js(value: &impl Serialize) -> JsResult<JsValue> {
    Ok(value.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?)
}
