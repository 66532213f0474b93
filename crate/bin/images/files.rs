//! Files as they are read and written here.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use identity_lab::error::{LabError, Result};

fn failed(path: &Path, error: &std::io::Error) -> LabError {
    LabError::file(path.display().to_string(), error.to_string())
}

/// All of a file.
pub fn bytes(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| failed(path, &error))
}

/// All of a text.
pub fn text(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| failed(path, &error))
}

/// Writes a file so that at any moment, also after a loss of power, the old or the new one is there, and whole.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    let part = Path::new(&name);
    let write = || -> std::io::Result<()> {
        let mut file = File::create(part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(part, path)
    };
    write().map_err(|error| failed(path, &error))
}
