//! Images from a folder.

use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;
use identity_lab::data::images::{ImageSet, Images};
use identity_lab::error::{LabError, Result};

use super::files;

/// Reads the four files of MNIST's format (IDX), compressed: `train-` and `test-` (or `t10k-`), with
/// `images.idx3-ubyte.gz` and `labels.idx1-ubyte.gz` behind.
pub fn read(folder: &Path) -> Result<Images> {
    let test = if folder.join("t10k-images.idx3-ubyte.gz").exists() { "t10k" } else { "test" };
    let (train, test) = (set(folder, "train")?, set(folder, test)?);
    let classes = train.labels.iter().max().map_or(0, |label| usize::from(*label) + 1);
    let name = folder.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Ok(Images { name, classes: (0..classes).map(|class| class.to_string()).collect(), train, test })
}

fn set(folder: &Path, name: &str) -> Result<ImageSet> {
    let (sizes, pixels) = idx::<3>(&folder.join(format!("{name}-images.idx3-ubyte.gz")))?;
    let (_, labels) = idx::<1>(&folder.join(format!("{name}-labels.idx1-ubyte.gz")))?;
    let labels = labels.into_iter().map(u16::from).collect();
    Ok(ImageSet { channels: 1, height: sizes[1], width: sizes[2], pixels, labels })
}

/// The sizes of D axes and the bytes of an IDX file.
fn idx<const D: usize>(path: &Path) -> Result<([usize; D], Vec<u8>)> {
    let damaged = |message: &str| LabError::file(path.display().to_string(), message);
    let mut bytes = Vec::new();
    GzDecoder::new(files::bytes(path)?.as_slice())
        .read_to_end(&mut bytes)
        .map_err(|error| damaged(&error.to_string()))?;
    let words: Vec<usize> = bytes
        .chunks_exact(4)
        .take(1 + D)
        .map(|word| word.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)))
        .collect();
    let mut sizes = [0; D];
    if words.len() != 1 + D || words[0] != 0x800 + D {
        return Err(damaged("it is no IDX file of bytes"));
    }
    sizes.copy_from_slice(&words[1..]);
    let body = bytes.split_off(4 * (1 + D));
    match sizes.iter().try_fold(1_usize, |product, size| product.checked_mul(*size)) {
        Some(length) if length == body.len() => Ok((sizes, body)),
        _ => Err(damaged("its length is not what it says")),
    }
}
