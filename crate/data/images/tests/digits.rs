use std::path::Path;

use super::*;

#[test]
fn the_digits_of_the_page_are_read() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/public/digits");
    let images = read_path(&path, ImageOptions::default()).unwrap();
    let counts = |set: &ImageSet| {
        let mut counts = [0; 10];
        set.labels.iter().for_each(|label| counts[usize::from(*label)] += 1);
        counts
    };
    assert_eq!((images.name.as_str(), images.classes.len()), ("digits", 10));
    assert_eq!((images.train.height, images.train.width, images.test.channels), (8, 8, 1));
    assert_eq!((images.train.len(), images.test.len()), (3823, 1797));
    assert_eq!(counts(&images.train), [376, 389, 380, 389, 387, 376, 377, 387, 380, 382]);
    assert_eq!(counts(&images.test), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    assert_eq!(Images::from_bytes(&images.to_bytes().unwrap()).unwrap(), images);
}

#[test]
fn a_folder_is_read_in_the_order_of_names_without_hidden_files() {
    let folder = std::env::temp_dir().join(format!("identity-lab-images-{}", std::process::id()));
    let files: Vec<File> =
        (0..5).flat_map(|i| ["a", "b"].map(|c| file(&format!("{c}/{i}.png"), png(i)))).collect();
    for (name, bytes) in [&files[..], &[file("a/.hidden.png", vec![1]), file("readme.txt", vec![1])]].concat()
    {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let options = ImageOptions { side: 8 };
    let images = read_path(&folder, options).unwrap();
    let single = read_path(&folder.join("readme.txt"), options).unwrap_err().to_string();
    let hidden = folder.join("none");
    std::fs::create_dir_all(hidden.join(".git")).unwrap();
    std::fs::write(hidden.join(".git/config"), [1]).unwrap();
    let nothing = read_path(&hidden, options).unwrap_err().to_string();
    assert!(nothing.ends_with("found no file"), "{nothing}");
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(images.name, folder.file_name().unwrap().to_str().unwrap());
    assert_eq!((images.train.len(), images.test.labels), (8, vec![0, 1]));
    assert!(single.ends_with("in a folder for each class; found readme.txt"), "{single}");
    let missing = read_path(&folder, options).unwrap_err().to_string();
    assert!(missing.contains("cannot be read: "), "{missing}");
}
