use super::*;

fn ten() -> Vec<File> {
    vec![
        file("c/data_batch_2.bin", rows(&[&[9], &[0]], 1)),
        file("c/test_batch.bin", rows(&[&[4]], 2)),
        file("c/data_batch_1.bin", rows(&[&[7]], 3)),
        file("c/readme.html", b"<html>".to_vec()),
    ]
}

fn hundred() -> Vec<File> {
    vec![file("train.bin", rows(&[&[19, 99], &[0, 1]], 1)), file("test.bin", rows(&[&[3, 5]], 2))]
}

#[test]
fn batches_stand_in_the_order_of_their_numbers() {
    let images = read(&ten()).unwrap();
    assert_eq!((images.name.as_str(), images.classes[9].as_str()), ("CIFAR-10", "truck"));
    assert_eq!((images.train.channels, images.train.height, images.train.width), (3, 32, 32));
    assert_eq!((images.train.labels.as_slice(), images.test.labels.as_slice()), (&[7, 9, 0][..], &[4][..]));
    assert_eq!(images.train.pixels, [noise(3072, 3), noise(3072, 1), noise(3072, 2)].concat());
    assert_eq!(images.test.pixels, noise(3072, 2));
}

#[test]
fn fine_labels_of_cifar_100_are_used() {
    let images = read(&hundred()).unwrap();
    assert_eq!((images.name.as_str(), images.classes.len()), ("CIFAR-100", 100));
    assert_eq!(images.train.labels, [99, 1]);
    assert_eq!([1, 34, 99].map(|class| images.classes[class].as_str()), ["aquarium fish", "fox", "worm"]);
    assert_eq!(images.train.image(1), noise(3072, 2));
}

#[test]
fn names_of_classes_come_from_the_file_beside_them() {
    let names = |count: usize| (0..count).map(|i| format!("class_{i}\n\n")).collect::<String>().into_bytes();
    let named = [ten(), vec![file("c/batches.meta.txt", names(10))]].concat();
    assert_eq!(read(&named).unwrap().classes[3], "class 3");
    let named = [hundred(), vec![file("fine_label_names.txt", names(100))]].concat();
    assert_eq!(read(&named).unwrap().classes[99], "class 99");
    let few = [ten(), vec![file("c/batches.meta.txt", names(9))]].concat();
    assert_eq!(
        complaint(&few),
        "c/batches.meta.txt: expected the names of 10 classes, one on every line; found 9"
    );
    let long = [ten(), vec![file("c/batches.meta.txt", names(9000))]].concat();
    assert!(complaint(&long).contains("64 KiB at most; found more"));
}

#[test]
fn a_file_may_be_there_twice_if_it_is_the_same() {
    let again = file("d/data_batch_1.bin", rows(&[&[7]], 3));
    assert_eq!(read(&[ten(), vec![again]].concat()).unwrap(), read(&ten()).unwrap());
    let other = file("d/data_batch_1.bin", rows(&[&[7]], 4));
    assert_eq!(
        complaint(&[ten(), vec![other]].concat()),
        "d/data_batch_1.bin: expected one file of this name; that of c/data_batch_1.bin differs"
    );
}

#[test]
fn what_is_wrong_is_said_in_a_sentence() {
    let changed = |files: Vec<File>, change: fn(&mut Vec<u8>)| {
        let mut files = files;
        change(&mut files[0].1);
        files
    };
    let cases = [
        (
            changed(ten(), |bytes| bytes.truncate(6000)),
            "c/data_batch_2.bin: expected rows of 3073 bytes, as those of CIFAR-10 are, 6146 bytes or some rows less; found 6000",
        ),
        (changed(ten(), |bytes| bytes.truncate(5)), "3073 bytes or some rows less; found 5"),
        (
            changed(ten(), Vec::clear),
            "expected rows of 3073 bytes, as those of CIFAR-10 are, 3073 bytes or some",
        ),
        (changed(hundred(), |bytes| bytes.truncate(3075)), "6148 bytes or some rows less; found 3075"),
        (
            changed(ten(), |bytes| bytes[3073] = 10),
            "c/data_batch_2.bin: expected a label of 0 to 9 for image 2; found 10",
        ),
        (
            changed(hundred(), |bytes| bytes[0] = 20),
            "train.bin: expected a coarse label of 0 to 19 for image 1; found 20",
        ),
        (
            changed(hundred(), |bytes| bytes[1] = 100),
            "train.bin: expected a fine label of 0 to 99 for image 1; found 100",
        ),
        (ten()[2..].to_vec(), "CIFAR-10: the test images are missing; expected test_batch.bin too"),
        (
            ten()[1..2].to_vec(),
            "CIFAR-10: the training images are missing; expected data_batch_1.bin to data_batch_5.bin too",
        ),
        (hundred()[..1].to_vec(), "CIFAR-100: the test images are missing; expected test.bin too"),
        ([ten(), hundred()].concat(), "images: expected one set of images; found CIFAR-10 and CIFAR-100"),
        (
            [ten(), idx_files()].concat(),
            "images: expected one set of images; found files of IDX and files of CIFAR",
        ),
        (
            vec![file("data_batch_1", vec![0x80, 2, 0x7d, 0x71])],
            "data_batch_1: expected the binary version of CIFAR, such as cifar-10-binary.tar.gz; found the Python version",
        ),
    ];
    for (files, expected) in cases {
        let found = complaint(&files);
        assert!(found.contains(expected), "“{found}” should contain “{expected}”");
    }
}
