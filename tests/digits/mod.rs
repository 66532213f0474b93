//! The handwritten digits that ship with the page.

use std::path::Path;

use identity_lab::data::images::{ImageOptions, Images, read_path};

/// The digits: 8 × 8 grey pixels, ten classes.
pub fn digits() -> Images {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/public/digits");
    read_path(&path, ImageOptions::default()).expect("the files are complete")
}
