use proptest::prelude::*;

use super::*;

fn cifar() -> Vec<File> {
    let batch = |i: u8| {
        file(&format!("./cifar-10-batches-bin/data_batch_{i}.bin"), rows(&[&[i], &[i + 1]], i.into()))
    };
    let mut files: Vec<File> = (1..=5).map(batch).collect();
    files.push(file("./cifar-10-batches-bin/test_batch.bin", rows(&[&[9]], 9)));
    files.push(file("./cifar-10-batches-bin/empty", Vec::new()));
    files
}

fn archive(files: &[File]) -> Vec<File> {
    vec![file("cifar-10-binary.tar.gz", gz(&tar_of(files)))]
}

#[test]
fn an_archive_holds_what_loose_files_do() {
    let expected = read(&cifar()).unwrap();
    assert_eq!(read(&archive(&cifar())).unwrap(), expected);
    assert_eq!(read(&[file("c.tgz", gz(&tar_of(&cifar())))]).unwrap(), expected);
    assert_eq!(read(&[file("c.tar", tar_of(&cifar()))]).unwrap(), expected);
    // Compressed in two members, one after the other.
    let plain = tar_of(&cifar());
    let (first, second) = plain.split_at(5000);
    assert_eq!(read(&[file("c.tar.gz", [gz(first), gz(second)].concat())]).unwrap(), expected);
    // Compressed files within an archive.
    let packed: Vec<File> =
        idx_files().iter().map(|(name, bytes)| file(&format!("{name}.gz"), gz(bytes))).collect();
    let inside = read(&[file("a.tar.gz", gz(&tar_of(&packed)))]).unwrap();
    assert_eq!(inside, read(&idx_files()).unwrap());
}

#[test]
fn long_names_of_both_kinds_and_files_of_the_system() {
    let folder = "long".repeat(40);
    let pictures = |folder: &str| {
        let class = |class: char| (0..5).map(move |i| (class, i));
        class('a')
            .chain(class('b'))
            .map(|(c, i)| file(&format!("{folder}/{c}/{i}.png"), png(i)))
            .collect::<Vec<_>>()
    };
    let mut files = pictures(&folder);
    files.push(file("__MACOSX/a/1.png", vec![0, 5]));
    files.push(file("long/a/._1.png", vec![0, 5]));
    files.push(file("long/.kept/1.png", vec![0, 5]));
    let gnu = read(&[file("p.tar", tar_of(&files))]).unwrap();
    assert_eq!((gnu.name.as_str(), gnu.train.len(), gnu.test.len()), (folder.as_str(), 8, 2));
    // The same by pax headers: what they say counts, not the short name that follows.
    let mut builder = tar::Builder::new(Vec::new());
    for (path, bytes) in pictures(&folder) {
        builder.append_pax_extensions([("path", path.as_bytes()), ("mtime", b"1.5")]).unwrap();
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        builder.append_data(&mut header, "short.png", bytes.as_slice()).unwrap();
    }
    let pax = builder.into_inner().unwrap();
    assert_eq!(read(&[file("p.tar", pax)]).unwrap(), gnu);
    // An archive counts as a folder.
    let split = [("train.tar.gz", 3), ("test.tar.gz", 1)];
    let split = split.map(|(name, count)| {
        let files: Vec<File> =
            pictures("").iter().map(|(n, b)| file(n.trim_start_matches('/'), b.clone())).collect();
        file(name, gz(&tar_of(&[&files[..count], &files[5..5 + count]].concat())))
    });
    let images = read(&split).unwrap();
    assert_eq!(
        (images.train.labels.as_slice(), images.test.labels.as_slice()),
        (&[0, 0, 0, 1, 1, 1][..], &[0, 1][..])
    );
}

#[test]
fn what_is_wrong_is_said_in_a_sentence() {
    let cut = |length: usize| {
        let mut tape = tar_of(&cifar());
        tape.truncate(length);
        tape
    };
    let deep = (0..4).fold(idx_files()[0].1.clone(), |bytes, _| gz(&bytes));
    let mut damaged = tar_of(&cifar());
    damaged[3] ^= 1;
    let packed = &archive(&cifar())[0].1;
    let mut wrong_sum = packed.clone();
    let end = wrong_sum.len() - 8;
    wrong_sum[end] ^= 1;
    let mut wrong_data = packed.clone();
    wrong_data[10..40].fill(0xff);
    let short_idx = gz(&idx_files()[0].1[..100]);
    let cases = [
        (
            "c.tar",
            cut(3000),
            "c.tar/cifar-10-batches-bin/data_batch_1.bin: expected 6146 bytes; the archive breaks off after 2488 of them",
        ),
        (
            "c.tar.gz",
            gz(&cut(3000)),
            "c.tar.gz/cifar-10-batches-bin/data_batch_1.bin: expected 6146 bytes; the archive breaks off after 2488",
        ),
        (
            "c.tar",
            cut(512 + 6656),
            "c.tar: the archive breaks off: expected blocks of zeros at its end; found none",
        ),
        ("c.tar", damaged, "c.tar: the archive is damaged: the checksum of a header does not match it"),
        ("c.tar", vec![1; 600], "c.tar: expected a tar archive; “ustar” is missing from its header"),
        (
            "c.zip",
            b"PK\x03\x04".to_vec(),
            "c.zip: expected a .tar or .tar.gz archive, or a folder; zip archives",
        ),
        (
            "c.tgz",
            b"PK\x03\x04".to_vec(),
            "c.tgz: expected gzip data, which begin with 1f 8b; found 50 4b 03 04",
        ),
        ("c.tgz", gz(&[1; 600]), "c.tgz: expected a tar archive; “ustar” is missing from its header"),
        ("c.tar.gz", wrong_sum, "c.tar.gz: the gzip data are damaged in their first "),
        ("c.tar.gz", wrong_data, "c.tar.gz: the gzip data are damaged in their first "),
        ("c.tar.gz", packed[..packed.len() / 2].to_vec(), "; the gzip data break off after "),
        (
            "c.tar.gz",
            packed[..packed.len() - 3].to_vec(),
            "c.tar.gz: the gzip data are damaged in their first ",
        ),
        ("train-images.gz", short_idx, "train-images.gz: expected 232 bytes; found 100"),
        ("a.gz", deep, "a.gz: archives within archives are read to a depth of 4"),
    ];
    for (name, bytes, expected) in cases {
        let found = complaint(&[file(name, bytes)]);
        assert!(found.contains(expected), "“{found}” should contain “{expected}”");
    }
}

proptest! {
    #[test]
    fn no_way_of_cutting_a_file_into_pieces_matters(pieces in prop::collection::vec(1_usize..9000, 1..30)) {
        for files in [archive(&cifar()), vec![file("c.tar", tar_of(&cifar()))], idx_files(), cifar()] {
            let mut reader = ImageReader::new(ImageOptions::default()).unwrap();
            let mut lengths = pieces.iter().cycle();
            for (name, mut bytes) in files.iter().map(|(name, bytes)| (name, bytes.as_slice())) {
                reader.begin_file(name, bytes.len() as u64).unwrap();
                while !bytes.is_empty() {
                    let (piece, rest) = bytes.split_at(bytes.len().min(*lengths.next().unwrap()));
                    reader.push(piece).unwrap();
                    bytes = rest;
                }
                reader.end_file().unwrap();
            }
            prop_assert!(reader.finish().unwrap() == read_in(&files, usize::MAX).unwrap());
        }
    }

    #[test]
    fn no_damage_panics(at in 0.0..1.0_f64, value in any::<u8>(), cut in any::<bool>(), which in 0..4_usize) {
        let mut files = match which {
            0 => archive(&cifar()),
            1 => vec![file("c.tar", tar_of(&cifar()))],
            2 => idx_files(),
            _ => (0..5).flat_map(|i| ["a", "b"].map(|c| file(&format!("{c}/{i}.png"), png(i)))).collect(),
        };
        let count = files.len();
        let bytes = &mut files[(at * count as f64) as usize].1;
        let at = ((at * 7919.0).fract() * bytes.len() as f64) as usize;
        bytes[at] = value;
        if cut {
            bytes.truncate(at);
        }
        if let Ok(images) = read_in(&files, 1000) {
            images.check().unwrap();
        }
    }
}
