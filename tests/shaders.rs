//! Every shader must be valid WGSL at every width, with nothing beyond what all devices guarantee.

use std::fs;
use std::path::{Path, PathBuf};

use naga::valid::{Capabilities, ValidationFlags, Validator};
use naga::{AddressSpace, Module};

/// Largest workgroup, in bytes of its memory and in invocations, that every WebGPU device allows.
const WORKGROUP_MEMORY: u32 = 16_384;
const INVOCATIONS: u32 = 256;
const STORAGE_BUFFERS: usize = 8;

fn shaders() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("shaders");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "wgsl"));
    files.sort();
    files
}

/// A kernel with what the launcher puts in front: its width, and what kernels of its kind of network share.
fn source(path: &Path, d4: u32) -> String {
    let kind = path.file_stem().unwrap().to_str().unwrap().rsplit('_').next().unwrap();
    let common = path.with_file_name("common").join(format!("{kind}.wgsl"));
    let common = if common.exists() { fs::read_to_string(common).unwrap() } else { String::new() };
    format!("const D4: u32 = {d4}u;\n{common}{}", fs::read_to_string(path).unwrap())
}

fn parse(path: &Path, d4: u32) -> Module {
    let source = source(path, d4);
    let name = path.display();
    let module = naga::front::wgsl::parse_str(&source)
        .unwrap_or_else(|error| panic!("{name} at D4 = {d4}: {}", error.emit_to_string(&source)));
    Validator::new(ValidationFlags::all(), Capabilities::empty())
        .validate(&module)
        .unwrap_or_else(|error| panic!("{name} at D4 = {d4}: {}", error.emit_to_string(&source)));
    module
}

#[test]
fn every_shader_is_valid_within_the_guaranteed_limits() {
    let files = shaders();
    assert!(files.len() >= 4, "found only {files:?}");
    for path in files {
        for d4 in 1..=16 {
            let module = parse(&path, d4);
            let storage = module
                .global_variables
                .iter()
                .filter(|(_, variable)| matches!(variable.space, AddressSpace::Storage { .. }));
            assert!(storage.count() <= STORAGE_BUFFERS, "{}", path.display());
            let memory: u32 = module
                .global_variables
                .iter()
                .filter(|(_, variable)| variable.space == AddressSpace::WorkGroup)
                .map(|(_, variable)| module.types[variable.ty].inner.size(module.to_ctx()))
                .sum();
            assert!(memory <= WORKGROUP_MEMORY, "{}: {memory} bytes", path.display());
            for entry in &module.entry_points {
                let invocations: u32 = entry.workgroup_size.iter().product();
                assert!((1..=INVOCATIONS).contains(&invocations), "{}: {invocations}", entry.name);
            }
        }
    }
}
