//! Every shader must be valid WGSL at every width, with nothing beyond what all devices guarantee.
#![cfg(feature = "webgpu")]

use std::fs;
use std::path::{Path, PathBuf};

use identity_lab::engine::webgpu::{KERNELS, Kernel, constants};
use naga::valid::{Capabilities, ValidationFlags, Validator};
use naga::{AddressSpace, Module};

/// Largest workgroup, in bytes of its memory and in invocations, that every WebGPU device allows.
const WORKGROUP_MEMORY: u32 = 16_384;
const INVOCATIONS: u32 = 256;
const STORAGE_BUFFERS: usize = 8;

/// Every WGSL file of the folder and of those below it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| match path.is_dir() {
            true => files(&path),
            false => vec![path],
        })
        .filter(|path| path.extension().is_some_and(|extension| extension == "wgsl"))
        .collect()
}

fn parse(kernel: &Kernel, d4: u32, pack: u32) -> Module {
    let source = constants(d4, pack) + kernel.source;
    let name = kernel.entry;
    let module = naga::front::wgsl::parse_str(&source)
        .unwrap_or_else(|error| panic!("{name} at D4 = {d4}: {}", error.emit_to_string(&source)));
    Validator::new(ValidationFlags::all(), Capabilities::empty())
        .validate(&module)
        .unwrap_or_else(|error| panic!("{name} at D4 = {d4}: {}", error.emit_to_string(&source)));
    module
}

#[test]
fn every_shader_is_valid_within_the_guaranteed_limits() {
    for kernel in &KERNELS {
        // Several networks share a workgroup only where they are small and the kernel follows many.
        let packs = |d4: u32| [1, 4 / (d4 * d4), 64 / (d4 * d4), 256 / (d4 * d4)];
        let shapes = (1..=16).flat_map(|d4| packs(d4).map(|pack| (d4, pack.max(1))));
        for (d4, pack) in shapes.filter(|(_, pack)| *pack == 1 || kernel.entry == "follow") {
            let module = parse(kernel, d4, pack);
            let storage = module
                .global_variables
                .iter()
                .filter(|(_, variable)| matches!(variable.space, AddressSpace::Storage { .. }));
            assert!(storage.count() <= STORAGE_BUFFERS, "{}", kernel.entry);
            let memory: u32 = module
                .global_variables
                .iter()
                .filter(|(_, variable)| variable.space == AddressSpace::WorkGroup)
                .map(|(_, variable)| module.types[variable.ty].inner.size(module.to_ctx()))
                .sum();
            assert!(memory <= WORKGROUP_MEMORY, "{}: {memory} bytes", kernel.entry);
            for entry in &module.entry_points {
                let invocations: u32 = entry.workgroup_size.iter().product();
                assert!((1..=INVOCATIONS).contains(&invocations), "{}: {invocations}", entry.name);
            }
        }
    }
}

/// A file that no kernel includes would never be looked at.
#[test]
fn every_file_is_part_of_a_kernel() {
    let files = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("shaders"));
    assert!(files.len() >= KERNELS.len(), "found only {files:?}");
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        assert!(KERNELS.iter().any(|kernel| kernel.source.contains(&text)), "{}", path.display());
    }
}
