//! Pictures in a folder for each class → labelled images.

use std::collections::BTreeMap;

use super::split::Split;
use super::{ImageSet, Images, MAX_CLASSES};
use crate::error::{LabError, Result};

/// Where folders do not say what to test on: of each class, the last of so many pictures.
const EVERY: usize = 5;
/// Endings of archives, which count as folders.
const ARCHIVES: [&str; 3] = [".tar.gz", ".tgz", ".tar"];

/// What the path of a picture says about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The folder of its class.
    pub class: String,
    /// What it is for, if a folder says so.
    pub split: Option<Split>,
    /// The folder above.
    pub set: Option<String>,
}

impl Place {
    /// `set/train/cats/…/1.png` and `set/cats/train/1.png` say both, `set/cats/1.png` the class only; a picture
    /// in no folder has no class.
    pub fn of(path: &str) -> Option<Self> {
        let mut folders: Vec<&str> =
            path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        folders.pop();
        let folders: Vec<&str> = folders
            .into_iter()
            .map(|folder| ARCHIVES.iter().find_map(|ending| folder.strip_suffix(ending)).unwrap_or(folder))
            .collect();
        let at = folders.iter().position(|folder| Split::of_word(folder).is_some());
        let split = at.and_then(|at| Split::of_word(folders[at]));
        let (class, above) = match at {
            Some(at) if at + 1 < folders.len() => (at + 1, at.checked_sub(1)),
            Some(at) => (at.checked_sub(1)?, at.checked_sub(2)),
            None => (folders.len().checked_sub(1)?, folders.len().checked_sub(2)),
        };
        Some(Self { class: folders[class].to_owned(), split, set: above.map(|at| folders[at].to_owned()) })
    }
}

/// A picture that was read.
pub struct Picture {
    /// Its file.
    pub path: String,
    /// What the path says.
    pub place: Place,
    /// 3 × side × side.
    pub pixels: Box<[u8]>,
}

/// The images of all pictures, in the order of their paths.
pub fn assemble(mut pictures: Vec<Picture>, side: usize) -> Result<Images> {
    pictures.sort_by(|a, b| a.path.cmp(&b.path));
    let name = pictures.iter().find_map(|picture| picture.place.set.clone());
    let name = name.unwrap_or_else(|| "pictures".to_owned());
    if let Some(pair) = pictures.windows(2).find(|pair| pair[0].path == pair[1].path) {
        return Err(LabError::file(&pair[0].path, "expected every picture once; this one was given twice"));
    }
    let classes = classes(&pictures, &name)?;
    let numbers: BTreeMap<&str, u16> =
        (0..).zip(&classes).map(|(number, class)| (class.as_str(), number)).collect();
    let has = |split| pictures.iter().any(|picture| picture.place.split == Some(split));
    let (split, test) = (has(Split::Test) || has(Split::Validation), has(Split::Test));
    let empty = || ImageSet { channels: 3, height: side, width: side, ..ImageSet::default() };
    let mut sets = [empty(), empty()];
    let mut seen = vec![0; classes.len()];
    for Picture { path, place, pixels } in pictures {
        // Every class has a number.
        let label = numbers.get(place.class.as_str()).copied().unwrap_or(0);
        let number = &mut seen[usize::from(label)];
        *number += 1;
        let tests = match place.split {
            None if split => {
                let message =
                    "expected every picture in a folder train or test, as others are; this one is in neither";
                return Err(LabError::file(path, message));
            }
            None | Some(Split::Train) if !split => *number % EVERY == 0,
            // Images to choose networks by are for the test, or for training where there are such besides.
            Some(Split::Validation) => !test,
            other => other == Some(Split::Test),
        };
        let set = &mut sets[usize::from(tests)];
        set.pixels.extend_from_slice(&pixels);
        set.labels.push(label);
    }
    let [train, test] = sets;
    if test.is_empty() {
        let message =
            format!("the test images are missing; expected a folder test, or {EVERY} pictures of a class");
        return Err(LabError::file(name, message));
    }
    if let Some(class) = (0u16..).zip(&classes).find(|(number, _)| !train.labels.contains(number)) {
        let message = format!("expected pictures to train on of every class; found none of {}", class.1);
        return Err(LabError::file(name, message));
    }
    Ok(Images { name, classes, train, test })
}

/// Names in their order: that of numbers if all are numbers, and of the alphabet otherwise.
fn classes(pictures: &[Picture], name: &str) -> Result<Vec<String>> {
    let mut classes: Vec<String> = pictures.iter().map(|picture| picture.place.class.clone()).collect();
    classes.sort();
    classes.dedup();
    if !(2..=MAX_CLASSES).contains(&classes.len()) {
        let found = classes.len();
        let message = format!("expected a folder for each of 2 to {MAX_CLASSES} classes; found {found}");
        return Err(LabError::file(name, message));
    }
    if classes.iter().all(|class| class.parse::<u64>().is_ok()) {
        classes.sort_by_key(|class| class.parse::<u64>().unwrap_or(0));
    }
    Ok(classes)
}
