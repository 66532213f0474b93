//! [`Kind`]: what a file is, by its first bytes and its name.

use super::cifar::{Batch, CifarSet};
use super::split::Split;
use crate::error::{LabError, Result};

/// First bytes of an IDX file of images: unsigned bytes in three dimensions.
const IDX_IMAGES: [u8; 4] = [0, 0, 8, 3];
/// First bytes of an IDX file of labels: unsigned bytes in one dimension.
const IDX_LABELS: [u8; 4] = [0, 0, 8, 1];
/// Pictures that browsers show and that are not read here.
const OTHER_PICTURES: [&str; 9] = ["gif", "webp", "bmp", "tif", "tiff", "avif", "heic", "svg", "ppm"];

/// How the bytes of a file are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Compressed; what it is otherwise shows when it has been unpacked.
    Gzip,
    /// Files one after another.
    Tar,
    /// The format of MNIST.
    Idx {
        /// Labels, or else images.
        labels: bool,
        /// What they are for.
        split: Split,
    },
    /// Rows of a label and an image, of CIFAR.
    Cifar(Batch),
    /// Names of the classes of CIFAR.
    Names(CifarSet),
    /// A PNG or JPEG.
    Picture,
    /// Nothing of the above; not read.
    Other,
}

impl Kind {
    /// What a file is, by its path and up to 512 of its first bytes; `name` is for people.
    pub fn of(name: &str, path: &str, head: &[u8]) -> Result<Self> {
        let base = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        let hidden = |part: &str| part == "__MACOSX" || part.starts_with('.') && part != "." && part != "..";
        if path.split('/').any(hidden) {
            // Of the system; `._1.png` of macOS is no picture.
            return Ok(Self::Other);
        }
        // Rows of CIFAR have no first bytes of their own and may begin like anything else, so their name counts first.
        if let Some(batch) = Batch::of(&base) {
            return Ok(Self::Cifar(batch));
        }
        match base.as_str() {
            "batches.meta.txt" => return Ok(Self::Names(CifarSet::Ten)),
            "fine_label_names.txt" => return Ok(Self::Names(CifarSet::Hundred)),
            _ => (),
        }
        if head.starts_with(&[0x1f, 0x8b]) {
            return Ok(Self::Gzip);
        }
        if head.get(257..262) == Some(b"ustar") {
            return Ok(Self::Tar);
        }
        if head.starts_with(b"\x89PNG\r\n\x1a\n") || head.starts_with(&[0xff, 0xd8, 0xff]) {
            return Ok(Self::Picture);
        }
        if head.starts_with(&IDX_IMAGES) || head.starts_with(&IDX_LABELS) {
            return Self::idx(name, path, head.starts_with(&IDX_LABELS));
        }
        match Self::complaint(&base, head) {
            Some(complaint) => Err(LabError::file(name, complaint)),
            None => Ok(Self::Other),
        }
    }

    fn idx(name: &str, path: &str, labels: bool) -> Result<Self> {
        match Split::of_path(path) {
            Some(split @ (Split::Train | Split::Test)) => Ok(Self::Idx { labels, split }),
            _ => Err(LabError::file(
                name,
                "expected a name that begins with train-, t10k- or test-, to know what the file is for",
            )),
        }
    }

    /// What is wrong with a file whose name promises what its first bytes are not.
    fn complaint(base: &str, head: &[u8]) -> Option<String> {
        let ending = base.rsplit_once('.').map_or("", |(_, ending)| ending);
        let first: Vec<String> = head.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        let found = if first.is_empty() { "an empty file".to_owned() } else { first.join(" ") };
        if base.contains("ubyte") || base.contains("idx1") || base.contains("idx3") {
            return Some(format!(
                "expected an IDX file, which begins with 00 00 08 03 (images) or 00 00 08 01 (labels); found {found}"
            ));
        }
        // Python's pickle of protocol 2.
        let python = head.starts_with(&[0x80, 2]);
        if python && (base.starts_with("data_batch") || ["test_batch", "train", "test"].contains(&base)) {
            return Some(
                "expected the binary version of CIFAR, such as cifar-10-binary.tar.gz; found the Python version"
                    .to_owned(),
            );
        }
        match ending {
            "png" | "jpg" | "jpeg" => Some(format!(
                "expected a picture, which begins with 89 50 4e 47 (PNG) or ff d8 ff (JPEG); found {found}"
            )),
            "gz" | "tgz" => Some(format!("expected gzip data, which begin with 1f 8b; found {found}")),
            "tar" => Some("expected a tar archive; “ustar” is missing from its header".to_owned()),
            "zip" => {
                Some("expected a .tar or .tar.gz archive, or a folder; zip archives are not read".to_owned())
            }
            other if OTHER_PICTURES.contains(&other) => {
                Some(format!("expected pictures of PNG or JPEG; found a file of .{other}"))
            }
            _ => None,
        }
    }
}
