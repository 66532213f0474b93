//! Hashes of what a step reads and writes, so that a step whose inputs and outputs are unchanged is not
//! done again.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::repo;

/// A hash over texts, files and folders, in the order given.
#[derive(Default)]
pub struct Fingerprint(DefaultHasher);

impl Fingerprint {
    /// Adds a text, such as a version or a flag.
    pub fn text(&mut self, text: &str) -> &mut Self {
        text.hash(&mut self.0);
        self
    }

    /// Adds the content of a file, or of everything in a folder except hidden files and installed
    /// packages. A path that does not exist counts as such.
    pub fn path(&mut self, path: &Path) -> Result<&mut Self> {
        self.add(path).with_context(|| format!("could not read {}", path.display()))?;
        Ok(self)
    }

    fn add(&mut self, path: &Path) -> io::Result<()> {
        match fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => "missing".hash(&mut self.0),
            Err(error) => return Err(error),
            Ok(kind) if kind.is_dir() => {
                for name in entries(path)? {
                    name.hash(&mut self.0);
                    self.add(&path.join(name))?;
                }
                "end".hash(&mut self.0);
            }
            Ok(_) => fs::read(path)?.hash(&mut self.0),
        }
        Ok(())
    }

    /// The hash of everything added.
    pub fn value(&self) -> String {
        format!("{:016x}", self.0.finish())
    }
}

fn entries(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && name != "node_modules" {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// Does the work unless the last time it succeeded it read the same inputs, and what it wrote then still
/// stands unchanged. Returns whether it worked.
pub fn unless_unchanged(
    name: &str,
    inputs: &Fingerprint,
    outputs: &[PathBuf],
    work: impl FnOnce() -> Result<()>,
) -> Result<bool> {
    let stamp = repo::cache().join(format!("{name}.stamp"));
    do_unless_unchanged(&stamp, inputs, outputs, work)
}

fn do_unless_unchanged(
    stamp: &Path,
    inputs: &Fingerprint,
    outputs: &[PathBuf],
    work: impl FnOnce() -> Result<()>,
) -> Result<bool> {
    let state = || -> Result<String> {
        let mut written = Fingerprint::default();
        for path in outputs {
            written.path(path)?;
        }
        Ok(format!("{} {}", inputs.value(), written.value()))
    };
    let exist = outputs.iter().all(|path| path.exists());
    if exist && fs::read_to_string(stamp).is_ok_and(|last| state().is_ok_and(|now| now == last)) {
        return Ok(false);
    }
    work()?;
    if let Some(folder) = stamp.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(stamp, state()?).with_context(|| format!("could not write {}", stamp.display()))?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("identity-lab-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn of(path: &Path) -> String {
        Fingerprint::default().path(path).unwrap().value()
    }

    #[test]
    fn sees_contents_and_names_but_not_hidden_files() {
        let folder = folder("names");
        fs::write(folder.join("a"), "1").unwrap();
        let first = of(&folder);
        fs::write(folder.join(".hidden"), "x").unwrap();
        assert_eq!(of(&folder), first);
        fs::write(folder.join("a"), "2").unwrap();
        assert_ne!(of(&folder), first);
        fs::write(folder.join("a"), "1").unwrap();
        assert_eq!(of(&folder), first);
        fs::rename(folder.join("a"), folder.join("b")).unwrap();
        assert_ne!(of(&folder), first);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn works_again_only_when_something_changed() {
        let folder = folder("stamp");
        let (stamp, input, output) = (folder.join("stamp"), folder.join("in"), folder.join("out"));
        fs::write(&input, "1").unwrap();
        let build = || {
            let mut inputs = Fingerprint::default();
            inputs.path(&input).unwrap();
            do_unless_unchanged(&stamp, &inputs, std::slice::from_ref(&output), || {
                Ok(fs::copy(&input, &output).map(|_| ())?)
            })
            .unwrap()
        };
        assert!(build());
        assert!(!build());
        fs::write(&input, "2").unwrap();
        assert!(build());
        fs::write(&output, "spoilt").unwrap();
        assert!(build());
        fs::remove_file(&output).unwrap();
        assert!(build());
        assert!(!build());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn failed_work_is_done_again() {
        let folder = folder("failed");
        let stamp = folder.join("stamp");
        let inputs = Fingerprint::default();
        assert!(do_unless_unchanged(&stamp, &inputs, &[], || anyhow::bail!("no")).is_err());
        assert!(do_unless_unchanged(&stamp, &inputs, &[], || Ok(())).unwrap());
        fs::remove_dir_all(folder).unwrap();
    }
}
