use super::*;

#[test]
fn progress_counts_bytes_as_stored_and_images() {
    let files = idx_files();
    let packed = gz(&files[0].1);
    let mut reader = ImageReader::new(ImageOptions::default()).unwrap();
    assert_eq!(reader.progress(), Progress::default());
    reader.begin_file("train-images.gz", packed.len() as u64).unwrap();
    reader.push(&packed).unwrap();
    reader.end_file().unwrap();
    assert_eq!(reader.progress(), Progress { bytes: packed.len() as u64, images: 3 });
    // What a file is shows after 512 bytes.
    let (second, stored) = (idx_images(9, 9, 8), packed.len() as u64);
    reader.begin_file("test-images", 1000).unwrap();
    reader.push(&second[..16 + 8 * 72 - 1]).unwrap();
    assert_eq!(reader.progress(), Progress { bytes: stored + 591, images: 3 + 7 });
    reader.push(&[0]).unwrap();
    assert_eq!(reader.progress(), Progress { bytes: stored + 592, images: 3 + 8 });
}

#[test]
fn a_failed_reader_holds_nothing_and_says_the_same_again() {
    let mut reader = ImageReader::new(ImageOptions::default()).unwrap();
    for (name, bytes) in idx_files() {
        reader.begin_file(&name, bytes.len() as u64).unwrap();
        reader.push(&bytes).unwrap();
        reader.end_file().unwrap();
    }
    reader.begin_file("x.png", 1).unwrap();
    reader.push(&[1]).unwrap();
    let error = reader.end_file().unwrap_err();
    assert_eq!(reader.progress().images, 0);
    assert_eq!(reader.begin_file("y.png", 1), Err(error.clone()));
    assert_eq!(reader.push(&[]), Err(error.clone()));
    assert_eq!(reader.end_file(), Err(error.clone()));
    assert_eq!(reader.finish(), Err(error));
}

#[test]
fn what_is_wrong_is_said_in_a_sentence() {
    let new = || ImageReader::new(ImageOptions::default()).unwrap();
    let begun = || {
        let mut reader = new();
        reader.begin_file("a", 2).unwrap();
        reader.push(&[1]).unwrap();
        reader
    };
    let cases = [
        (begun().push(&[1, 2]), "a: expected 2 bytes; found 3 or more"),
        (begun().end_file(), "a: expected 2 bytes; found 1"),
        (begun().begin_file("b", 2), "b: begins before a has ended"),
        (begun().finish().map(drop), "a: has not ended"),
        (new().push(&[1]), "images: no file has begun"),
        (new().end_file(), "images: no file has begun"),
        (new().finish().map(drop), "in a folder for each class; found no file"),
        (
            read(&["a", "b", "c", "d"].map(|name| file(name, vec![1]))).map(drop),
            "found 4 other files, among them a, b, c",
        ),
        (ImageReader::new(ImageOptions { side: 7 }).map(drop), "side: allowed are 8 to 64; got 7"),
        (ImageReader::new(ImageOptions { side: 65 }).map(drop), "side: allowed are 8 to 64; got 65"),
    ];
    for (found, expected) in cases {
        let found = found.unwrap_err().to_string();
        assert!(found.contains(expected), "“{found}” should contain “{expected}”");
    }
}

#[test]
fn folders_may_be_separated_as_windows_does() {
    let named = |(name, bytes): &File| file(&name.replace('/', "\\"), bytes.clone());
    let files: Vec<File> = idx_files().iter().map(named).collect();
    assert_eq!(read(&files).unwrap(), read(&idx_files()).unwrap());
}

#[test]
fn what_stays_is_bounded_by_the_pixels_and_not_by_the_bytes() {
    // 64 MiB of nothing, compressed to some 64 KiB: skipped, and never held.
    let packed = gz(&vec![0; 64 << 20]);
    let mut reader = ImageReader::new(ImageOptions::default()).unwrap();
    reader.begin_file("nothing.gz", packed.len() as u64).unwrap();
    reader.push(&packed).unwrap();
    reader.end_file().unwrap();
    assert!(reader.finish().unwrap_err().to_string().ends_with("found nothing.gz"));
    // CIFAR-10 and more of it, until that is too much.
    let row = [vec![0], vec![7; 3072]].concat();
    let rows = row.repeat(10_000);
    let mut reader = ImageReader::new(ImageOptions::default()).unwrap();
    reader.begin_file("data_batch_1.bin", u64::MAX).unwrap();
    let error = (0..40).find_map(|_| reader.push(&rows).err()).unwrap().to_string();
    assert!(error.contains("data_batch_1.bin: allowed are up to 1024 MiB of pixels"), "{error}");
}
