//! The handwritten digits that ship with the page.

use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;
use identity_lab::data::images::{ImageSet, Images};

/// The digits: 8 × 8 grey pixels, ten classes.
pub fn digits() -> Images {
    let classes = (0..10).map(|digit: u32| digit.to_string()).collect();
    Images { name: "digits".to_owned(), classes, train: set("train"), test: set("test") }
}

fn set(name: &str) -> ImageSet {
    let pixels = bytes(&format!("{name}-images.idx3-ubyte.gz"), 16);
    let labels = bytes(&format!("{name}-labels.idx1-ubyte.gz"), 8);
    assert_eq!(pixels.len(), 64 * labels.len());
    ImageSet {
        channels: 1,
        height: 8,
        width: 8,
        pixels,
        labels: labels.iter().map(|label| u16::from(*label)).collect(),
    }
}

/// What follows the header of an IDX file.
fn bytes(name: &str, header: usize) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/public/digits").join(name);
    let file = std::fs::File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut bytes = Vec::new();
    GzDecoder::new(file).read_to_end(&mut bytes).expect("the file is complete");
    bytes.split_off(header)
}
