//! Files of images on a disk.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use super::{ImageOptions, ImageReader, Images};
use crate::error::{LabError, Result};

/// Bytes that are read at a time.
const PIECE: usize = 256 << 10;

/// Reads a file, or a folder and all that it holds, in the order of names. Hidden files are passed over, and links to
/// folders are not followed.
pub fn read_path(path: &Path, options: ImageOptions) -> Result<Images> {
    // The name of a folder may say what is in it, even where it is given as `.`.
    let whole = path.canonicalize().map_err(|error| unreadable(path, &error))?;
    let name = whole.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let mut reader = ImageReader::new(options)?;
    if whole.is_dir() { folder(&whole, &name, &mut reader) } else { file(&whole, &name, &mut reader) }?;
    reader.finish()
}

fn folder(path: &Path, name: &str, reader: &mut ImageReader) -> Result<()> {
    let entries = fs::read_dir(path).and_then(|entries| entries.collect::<std::io::Result<Vec<_>>>());
    let mut entries = entries.map_err(|error| unreadable(path, &error))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (path, base) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if base.starts_with('.') {
            continue;
        }
        let name = format!("{name}/{base}");
        let kind = entry.file_type().map_err(|error| unreadable(&path, &error))?;
        if kind.is_dir() {
            folder(&path, &name, reader)?;
        } else if path.is_file() {
            file(&path, &name, reader)?;
        }
    }
    Ok(())
}

fn file(path: &Path, name: &str, reader: &mut ImageReader) -> Result<()> {
    let opened = File::open(path).and_then(|file| Ok((file.metadata()?.len(), file)));
    let (size, mut file) = opened.map_err(|error| unreadable(path, &error))?;
    reader.begin_file(name, size)?;
    let mut piece = vec![0; PIECE];
    loop {
        let taken = file.read(&mut piece).map_err(|error| unreadable(path, &error))?;
        if taken == 0 {
            return reader.end_file();
        }
        reader.push(&piece[..taken])?;
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> LabError {
    LabError::file(path.display().to_string(), format!("cannot be read: {error}"))
}
