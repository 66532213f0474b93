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
    std::panic::set_hook(Box::new(|info| {
        wasm_bindgen::throw_str(&format!("internal error, please report it: {info}"));
    }));
}

/// A copy for JavaScript.
pub fn floats(values: &[f32]) -> Float32Array {
    Float32Array::from(values)
}

/// An object of plain values and typed arrays.
pub fn to_js(value: &impl Serialize) -> JsResult<JsValue> {
    Ok(value.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?)
}
