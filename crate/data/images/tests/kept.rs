use proptest::prelude::*;

use super::*;

fn images() -> Images {
    read_in(&idx_files(), usize::MAX).unwrap()
}

#[test]
fn images_are_what_they_were() {
    let bytes = images().to_bytes().unwrap();
    assert_eq!(Images::from_bytes(&bytes).unwrap(), images());
    // Not much more than pixels and labels.
    assert!(bytes.len() < 5 * (72 + 2) + 50, "{}", bytes.len());
}

#[test]
fn what_is_wrong_is_said_in_a_sentence() {
    let changed = |change: fn(&mut Vec<u8>)| {
        let mut bytes = images().to_bytes().unwrap();
        change(&mut bytes);
        Images::from_bytes(&bytes).unwrap_err().to_string()
    };
    let cases = [
        (changed(Vec::clear), "kept images: expected images that were kept; found less"),
        (
            changed(|bytes| bytes[0] = 0),
            "kept images: expected images that were kept; the bytes begin otherwise",
        ),
        (changed(|bytes| bytes[7] = 2), "kept images: expected version 1 of kept images; found version 2"),
        (changed(|bytes| bytes.truncate(10)), "kept images: the bytes break off after 10 of them"),
        (changed(|bytes| bytes.truncate(20)), "kept images: the bytes break off after 20 of them"),
        (changed(|bytes| bytes[8] = 1), "kept images: the description cannot be read: "),
        (changed(|bytes| bytes.truncate(200)), "expected 374 bytes after the description; found "),
        (changed(|bytes| bytes.push(0)), "expected 374 bytes after the description; found 375"),
        (changed(|bytes| bytes[100] ^= 1), "kept images: the bytes are damaged: their checksum differs"),
    ];
    for (found, expected) in cases {
        assert!(found.contains(expected), "“{found}” should contain “{expected}”");
    }
}

#[test]
fn only_images_that_can_be_trained_on_are_kept() {
    let changed = |change: fn(&mut Images)| {
        let mut images = images();
        change(&mut images);
        assert!(images.to_bytes().is_err());
        images.check().unwrap_err().to_string()
    };
    let cases = [
        (changed(|images| images.classes.truncate(1)), "set: expected 2 to 1000 classes; found 1"),
        (changed(|images| images.classes.truncate(2)), "set: expected training labels of 0 to 1; found 2"),
        (changed(|images| images.test.labels[0] = 3), "set: expected test labels of 0 to 2; found 3"),
        (changed(|images| images.test.labels.clear()), "set: the test images are missing"),
        (
            changed(|images| images.train.pixels.truncate(9)),
            "expected 3 times 72 bytes of training pixels; found 9",
        ),
        (
            changed(|images| images.train.channels = 2),
            "expected 1 or 3 channels and 8 to 64 pixels a side; found 2",
        ),
        (
            changed(|images| (images.test.height, images.test.width) = (8, 9)),
            "set: expected images of one size; those to train on and to test on differ",
        ),
    ];
    for (found, expected) in cases {
        assert!(found.contains(expected), "“{found}” should contain “{expected}”");
    }
}

proptest! {
    #[test]
    fn every_changed_byte_is_noticed(at in 0.0..1.0_f64, by in 1..=255_u8) {
        let mut bytes = images().to_bytes().unwrap();
        let at = (at * bytes.len() as f64) as usize;
        bytes[at] ^= by;
        prop_assert!(Images::from_bytes(&bytes).is_err());
        bytes.truncate(at);
        prop_assert!(Images::from_bytes(&bytes).is_err());
    }
}
