use super::*;

#[test]
fn images_and_labels_of_four_files() {
    let images = read(&idx_files()).unwrap();
    assert_eq!(
        (images.name.as_str(), images.classes.as_slice()),
        ("set", &["0", "1", "2"].map(String::from)[..])
    );
    let train = &images.train;
    assert_eq!((train.channels, train.height, train.width), (1, 9, 8));
    assert_eq!(train.pixels, idx_images(3, 9, 8)[16..]);
    assert_eq!((train.labels.as_slice(), images.test.labels.as_slice()), (&[2, 0, 1][..], &[1, 1][..]));
    assert_eq!(images.test.image(1), &idx_images(2, 9, 8)[16 + 72..]);
}

#[test]
fn compressed_or_not_in_any_order_and_twice_if_equal() {
    let expected = read(&idx_files()).unwrap();
    let mut files = idx_files();
    files.reverse();
    let packed: Vec<File> =
        files.iter().map(|(name, bytes)| file(&format!("{name}.gz"), gz(bytes))).collect();
    assert_eq!(read(&packed).unwrap(), expected);
    let both = [files, packed].concat();
    assert_eq!(read(&both).unwrap(), expected);
    // What was read twice is counted once.
    let mut reader = ImageReader::new(ImageOptions::default()).unwrap();
    for (name, bytes) in &both {
        reader.begin_file(name, bytes.len() as u64).unwrap();
        reader.push(bytes).unwrap();
        reader.end_file().unwrap();
    }
    assert_eq!(reader.progress().images, 5);
}

#[test]
fn well_known_sets_are_called_by_their_names() {
    let files = |folder: &str, begins: &[u8]| {
        vec![
            file(&format!("{folder}/train-images"), idx_images(begins.len(), 28, 28)),
            file(&format!("{folder}/train-labels"), idx_labels(begins)),
            file(&format!("{folder}/test-images"), idx_images(1, 28, 28)),
            file(&format!("{folder}/test-labels"), idx_labels(&[1])),
        ]
    };
    let of = |folder: &str, begins: &[u8]| {
        let images = read_in(&files(folder, begins), usize::MAX).unwrap();
        (images.name, images.classes.last().cloned().unwrap())
    };
    assert_eq!(of("a", &[5, 0, 4, 1, 9, 2, 1, 3, 1, 4, 3]), ("MNIST".into(), "9".into()));
    assert_eq!(of("a", &[9, 0, 0, 3, 0, 2, 7, 2, 5, 5, 6]), ("Fashion-MNIST".into(), "ankle boot".into()));
    assert_eq!(of("Fashion", &[1, 0, 9]), ("Fashion-MNIST".into(), "ankle boot".into()));
    assert_eq!(of("a", &[1, 0, 9]), ("a".into(), "9".into()));
}

/// Four files, one of which has other bytes.
fn with(index: usize, change: impl Fn(&mut Vec<u8>)) -> Vec<File> {
    let mut files = idx_files();
    change(&mut files[index].1);
    files
}

#[test]
fn what_is_wrong_is_said_in_a_sentence() {
    let without = |index: usize| {
        let mut files = idx_files();
        files.remove(index);
        files
    };
    let half = |from: usize| idx_files()[from..from + 2].to_vec();
    let named = |name: &str| vec![file(name, idx_images(3, 9, 8))];
    let twice = [idx_files(), vec![file("b/train-labels", idx_labels(&[0, 0, 1]))]].concat();
    let of = "set/train-images-idx3-ubyte: ";
    let cases = [
        (with(0, |bytes| bytes.truncate(100)), format!("{of}expected 232 bytes; found 100")),
        (with(0, |bytes| bytes.truncate(9)), format!("{of}expected at least 16 bytes; found 9")),
        (with(0, |bytes| bytes.push(0)), format!("{of}expected 232 bytes, as its header says; found more")),
        (
            with(0, |bytes| bytes[3] = 4),
            format!(
                "{of}expected an IDX file, which begins with 00 00 08 03 (images) or 00 00 08 01 (labels); found 00 00 08 04"
            ),
        ),
        (with(0, Vec::clear), "found an empty file".to_owned()),
        (with(0, |bytes| bytes[7] = 0), format!("{of}expected one image or more; its header says 0")),
        (with(0, |bytes| bytes[11] = 65), "expected images of 8 to 64 pixels a side; found 65 × 8".to_owned()),
        (with(0, |bytes| bytes[15] = 7), "8 to 64 pixels a side; found 9 × 7".to_owned()),
        (
            with(0, |bytes| bytes[4] = 2),
            "allowed are up to 1024 MiB of pixels of all images together; found 2304 MiB".to_owned(),
        ),
        (
            with(1, |bytes| bytes[4] = 2),
            "its header says 33554435 labels; there are never so many images".to_owned(),
        ),
        (
            with(1, |bytes| *bytes = idx_labels(&[0, 1])),
            "set/train-labels-idx1-ubyte: expected a label for each of 3 images of set/train-images-idx3-ubyte; found 2"
                .to_owned(),
        ),
        (
            with(2, |bytes| *bytes = idx_images(2, 8, 8)),
            "expected images of 9 × 8 pixels, as those to train on; found 8 × 8".to_owned(),
        ),
        (
            with(3, |bytes| bytes[9] = 3),
            "set/t10k-labels-idx1-ubyte: label 2 is 3; expected 0 to 2, as among the labels to train on".to_owned(),
        ),
        (with(1, |bytes| bytes[8..].fill(0)), "label 1 is 1; expected 0 to 0".to_owned()),
        (
            without(1),
            format!("{of}the training labels are missing; expected a file such as train-labels-idx1-ubyte too"),
        ),
        (
            without(2),
            "the test images are missing; expected a file such as t10k-images-idx3-ubyte too".to_owned(),
        ),
        (half(0), "images: the test images are missing".to_owned()),
        (half(2), "images: the training images are missing".to_owned()),
        (
            named("images-idx3-ubyte"),
            "images-idx3-ubyte: expected a name that begins with train-, t10k- or test-, to know what the file is for"
                .to_owned(),
        ),
        (named("val/images"), "expected a name that begins".to_owned()),
        (
            twice,
            "b/train-labels: expected one file of training labels; those of set/train-labels-idx1-ubyte differ"
                .to_owned(),
        ),
    ];
    for (files, expected) in cases {
        let found = complaint(&files);
        assert!(found.contains(&expected), "“{found}” should contain “{expected}”");
    }
    let mut one = with(1, |bytes| bytes[8..].fill(0));
    one[3].1[8..].fill(0);
    assert_eq!(complaint(&one), "set: expected 2 to 1000 classes; found 1");
}
