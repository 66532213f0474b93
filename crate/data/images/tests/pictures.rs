use image::ImageFormat;

use super::*;

/// Ten pictures of each of two classes, in the reverse order of their names.
fn unsplit() -> Vec<File> {
    let of = |class: &str, shade: u8| {
        let name = |i: u8| format!("pets/{class}/{i:02}.png");
        (0..10).rev().map(|i| file(&name(i), png(shade + i))).collect::<Vec<_>>()
    };
    [of("dogs", 100), of("cats", 0)].concat()
}

fn shades(set: &ImageSet) -> Vec<(u16, u8)> {
    (0..set.len()).map(|i| (set.labels[i], set.image(i)[0])).collect()
}

#[test]
fn every_fifth_picture_of_a_class_is_for_the_test() {
    let images = read(&unsplit()).unwrap();
    assert_eq!(
        (images.name.as_str(), images.classes.as_slice()),
        ("pets", &["cats", "dogs"].map(String::from)[..])
    );
    assert_eq!(shades(&images.test), [(0, 4), (0, 9), (1, 104), (1, 109)]);
    assert_eq!(shades(&images.train)[..5], [(0, 0), (0, 1), (0, 2), (0, 3), (0, 5)]);
    assert_eq!((images.train.len(), images.train.size()), (16, 3 * 8 * 8));
}

#[test]
fn folders_say_what_pictures_are_for() {
    let names = ["train/10/a.png", "train/9/x/a.png", "10/train/b.png", "test/9/a.png", "val/10/a.png"];
    let files: Vec<File> =
        names.iter().zip(1..).map(|(name, shade)| file(&format!("s/{name}"), png(shade))).collect();
    let images = read(&files).unwrap();
    assert_eq!((images.name.as_str(), images.classes.as_slice()), ("s", &["9", "10"].map(String::from)[..]));
    // In the order of paths; those for validation are trained on where there are others for the test.
    assert_eq!(shades(&images.train), [(1, 3), (1, 1), (0, 2), (1, 5)]);
    assert_eq!(shades(&images.test), [(0, 4)]);
    let images = read(&[&files[..3], &files[4..]].concat()).unwrap();
    assert_eq!(shades(&images.test), [(1, 5)]);
}

#[test]
fn pictures_become_squares_of_red_green_and_blue() {
    let colours = [[250, 0, 100], [10, 200, 100]];
    for format in [ImageFormat::Png, ImageFormat::Jpeg] {
        // Wide: what is cut away on both sides is as much of one colour as of the other.
        let mut files = unsplit();
        files[9].1 = halves(64, 32, colours, format);
        let images = read(&files).unwrap();
        let image = images.train.image(8);
        for (channel, plane) in image.chunks(64).enumerate() {
            for row in plane.chunks(8) {
                for (x, value) in row.iter().enumerate() {
                    let expected = colours[usize::from(x >= 4)][channel];
                    // Columns beside the edge are mixed a little, and JPEG blurs it.
                    let off = if format == ImageFormat::Png { 0 } else { 3 };
                    let off = if x == 3 || x == 4 { 60 } else { off };
                    assert!(value.abs_diff(expected) <= off, "{format:?} {channel} {x} {value} {expected}");
                }
            }
        }
    }
}

#[test]
fn grey_small_and_transparent_pictures() {
    let encoded = |picture: image::DynamicImage| {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    };
    let mut files = unsplit();
    files[9].1 = encoded(image::GrayImage::from_pixel(1, 3, image::Luma([77])).into());
    files[8].1 = encoded(image::RgbaImage::from_pixel(9, 9, image::Rgba([0, 100, 200, 51])).into());
    let images = read(&files).unwrap();
    assert_eq!(images.train.image(8), [77; 192]);
    let means: Vec<u8> = images.train.image(9).chunks(64).map(|plane| plane[9]).collect();
    assert_eq!(means, [204, 224, 244]);
}

#[test]
fn what_is_wrong_is_said_in_a_sentence() {
    let also = |name: &str, bytes: Vec<u8>| [unsplit(), vec![file(name, bytes)]].concat();
    let split = |names: &[&str]| names.iter().map(|name| file(name, png(1))).collect::<Vec<_>>();
    let mut cut = png(1);
    cut.truncate(50);
    let cases = [
        (
            also("pets/cats/x.png", cut),
            "pets/cats/x.png: expected a PNG or JPEG picture; its 50 bytes cannot be read: ",
        ),
        (
            also("pets/cats/x.jpg", vec![0xff, 0xd8, 0xff, 0xe0]),
            "pets/cats/x.jpg: expected a PNG or JPEG picture; its 4 bytes cannot be read: ",
        ),
        (
            also("pets/cats/x.jpg", b"GIF8".to_vec()),
            "pets/cats/x.jpg: expected a picture, which begins with 89 50 4e 47 (PNG) or ff d8 ff (JPEG); found 47 49 46 38",
        ),
        (also("x.GIF", b"GIF8".to_vec()), "x.GIF: expected pictures of PNG or JPEG; found a file of .gif"),
        (
            also("x.png", png(1)),
            "x.png: expected a folder for each class, such as cats/001.png; this picture is in none",
        ),
        (
            also("pets/cats/00.png", png(1)),
            "pets/cats/00.png: expected every picture once; this one was given twice",
        ),
        (
            also("pets/test/cats/1.png", png(1)),
            "pets/cats/00.png: expected every picture in a folder train or test, as others are; this one is in neither",
        ),
        (unsplit()[..10].to_vec(), "pets: expected a folder for each of 2 to 1000 classes; found 1"),
        (
            [&unsplit()[6..10], &unsplit()[16..]].concat(),
            "pets: the test images are missing; expected a folder test, or 5 pictures of a class",
        ),
        (
            split(&["p/train/a/1.png", "p/train/b/1.png"]),
            "p: the test images are missing; expected a folder test, or",
        ),
        (
            split(&["p/train/a/1.png", "p/test/b/1.png"]),
            "p: expected pictures to train on of every class; found none of b",
        ),
        (
            [unsplit(), idx_files()].concat(),
            "images: expected one set of images; found files of IDX and pictures",
        ),
    ];
    for (files, expected) in cases {
        let found = complaint(&files);
        assert!(found.contains(expected), "“{found}” should contain “{expected}”");
    }
}

#[test]
fn pictures_too_large_are_not_unpacked() {
    // A white picture of a bit a pixel: some kilobytes that would fill 16,000 × 17,000 pixels.
    let mut bytes = Vec::new();
    let mut encoder = png_of_nothing(&mut bytes, 17_000, 16_000);
    encoder.flush().unwrap();
    drop(encoder);
    let found = complaint(&[file("p/a/1.png", bytes)]);
    assert!(found.contains("p/a/1.png: expected a PNG or JPEG picture"), "{found}");
    let mut reader = ImageReader::new(ImageOptions::default()).unwrap();
    reader.begin_file("p/a/1.png", u64::MAX).unwrap();
    reader.push(&png(1)).unwrap();
    let error = reader.push(&vec![0; 65 << 20]).unwrap_err();
    assert_eq!(error.to_string(), "p/a/1.png: allowed are pictures of up to 64 MiB; this one is larger");
}

/// The beginning of a picture of such a size.
fn png_of_nothing(bytes: &mut Vec<u8>, width: u32, height: u32) -> impl Write {
    let mut header = b"IHDR".to_vec();
    header.extend([width, height].map(u32::to_be_bytes).concat());
    header.extend([8, 2, 0, 0, 0]);
    let mut crc = flate2::Crc::new();
    crc.update(&header);
    bytes.extend(b"\x89PNG\r\n\x1a\n\0\0\0\x0d");
    bytes.extend(&header);
    bytes.extend(crc.sum().to_be_bytes());
    // A chunk of image data that is empty.
    bytes.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e");
    bytes
}
