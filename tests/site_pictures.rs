//! Pictures and attachments that editors put beside the pages.

use std::collections::BTreeMap;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, Luma, Rgb};

use crate::everything::{build, site, text};
use crate::project::{rewrite, run, write};

/// A plan of 1200 × 630 pixels.
fn png() -> Vec<u8> {
    let pixels = image::GrayImage::from_fn(1200, 630, |x, y| Luma([if x * y % 97 < 40 { 0 } else { 255 }]));
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::Adaptive);
    DynamicImage::from(pixels).write_with_encoder(encoder).unwrap();
    bytes
}

/// A photo of 2400 × 120 pixels with what cameras and people noted in it.
fn photo() -> Vec<u8> {
    let pixels = image::RgbImage::from_fn(2400, 120, |x, y| {
        Rgb([(x / 10) as u8, (y / 8) as u8, (x * 7919 % 31 + y * 104_729 % 29) as u8])
    });
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 95);
    encoder.add_app_segment(1, b"Exif\0\0GPS Zhang San 13800138000".to_vec()).unwrap();
    encoder.encode(pixels.as_raw(), 2400, 120, jpeg_encoder::ColorType::Rgb).unwrap();
    bytes
}

const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 4 3\"/>";

/// Adds a text to a page in both languages.
fn say(root: &std::path::Path, page: &str, words: &str) {
    for lang in ["zh", "en"] {
        rewrite(&root.join(format!("content/{page}.{lang}.md")), |text| format!("{text}\n{words}\n"));
    }
}

/// The published files of a picture, by the beginning of their path.
fn published<'f>(files: &'f BTreeMap<String, Vec<u8>>, begin: &str) -> Vec<(&'f str, &'f [u8])> {
    let all = files.iter().filter(|(path, _)| path.starts_with(begin));
    all.map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect()
}

fn put(root: &std::path::Path, path: &str, bytes: &[u8]) {
    write(&root.join(path), bytes);
}

/// The address of the picture with this description.
#[track_caller]
fn address<'p>(page: &'p str, description: &str) -> &'p str {
    let tag = page.split("<img src=\"").find(|tag| tag.contains(&format!("alt=\"{description}\"")));
    tag.unwrap_or_else(|| panic!("no picture `{description}`")).split('"').next().unwrap()
}

#[test]
fn a_picture_beside_the_pages_is_shown_by_its_path() {
    let root = site("pictures");
    put(&root, "content/activities/hall.png", &png());
    write(&root.join("content/展馆 图.SVG"), SVG);
    say(&root, "activities/vlog", "![展馆](/activities/hall.png) ![标志](</展馆 图.SVG>)");
    say(&root, "home", "![Hall](/activities/hall.png)");
    for prefix in ["", "/fair/preview"] {
        let files = build(&root, &["--base-url", &format!("https://example.org{prefix}")]);
        let page = text(&files, "zh/activities/vlog/index.html");
        let url = address(page, "展馆");
        assert!(page.contains(" width=\"1200\" height=\"630\" loading=\"lazy\">"), "{page}");
        assert_eq!(url, address(text(&files, "en/index.html"), "Hall"));
        let path = url.strip_prefix(&format!("{prefix}/")).expect(url);
        assert!(path.starts_with("assets/activities/hall.") && path.ends_with(".png"), "{path}");
        assert_eq!(files[path], png());
        let drawn = files.iter().find(|(path, _)| path.ends_with(".SVG")).expect("it is published");
        assert_eq!(drawn.1, SVG.as_bytes());
        assert!(page.contains("alt=\"标志\" loading=\"lazy\">"), "{page}");
    }
    let told = String::from_utf8(run(&root, &["check"]).stderr).unwrap();
    assert!(!told.contains("hall.png") && !told.contains("SVG"), "{told}");
}

#[test]
fn a_picture_that_is_not_there_or_not_shown_is_named() {
    let root = site("missing-pictures");
    put(&root, "content/activities/hall.png", &png());
    put(&root, "content/unused.webp", b"RIFF");
    write(&root.join("content/notes.txt"), "");
    for (written, message, hint) in [
        (
            "/activities/hal.png",
            "`content` has no picture `/activities/hal.png`",
            "did you mean `/activities/hall.png`?",
        ),
        (
            "/assets/hall.png",
            "`content` has no picture `/assets/hall.png`",
            "did you mean `/activities/hall.png`?",
        ),
        (
            "hall.png",
            "the path of a picture does not begin with `/`: `hall.png`",
            "did you mean `/activities/hall.png`?",
        ),
        ("/map.jpg", "`content` has no picture `/map.jpg`", "put the file at content/map.jpg"),
        (
            "map.jpg",
            "does not begin with `/`: `map.jpg`",
            "put the file at content/map.jpg, and write `/map.jpg`",
        ),
        ("/scan.tiff", "`content` has no picture `/scan.tiff`", "the file extension of a picture must be"),
        ("https://a.org/x.png", "picture from another site", "put the file into `content`"),
    ] {
        let page = "content/activities/vlog.en.md";
        let old = std::fs::read_to_string(root.join(page)).unwrap();
        write(&root.join(page), format!("{old}\n![Hall]({written})\n"));
        let checked = run(&root, &["check"]);
        let told = String::from_utf8(checked.stderr).unwrap();
        assert!(!checked.status.success(), "{told}");
        assert!(told.contains("error[markdown-image]") && told.contains(message), "{told}");
        let at = format!("{page}:{}:1", old.lines().count() + 2);
        assert!(told.contains(hint) && told.contains(&at), "{at} in {told}");
        assert!(!told.contains("markdown-link"), "{told}");
        assert!(told.contains("no page shows the picture `/unused.webp`"), "{told}");
        assert!(told.contains("`content/notes.txt` is not used"), "{told}");
        write(&root.join(page), &old);
    }
}

#[test]
fn a_photo_is_published_in_several_widths_without_its_notes() {
    let root = site("photo");
    put(&root, "content/photo.jpg", &photo());
    say(&root, "activities/vlog", "![Photo](/photo.jpg) [large](/photo.jpg)");
    let cold = build(&root, &[]);
    let photos = published(&cold, "assets/photo.");
    assert_eq!(photos.len(), 3);
    for (path, bytes) in &photos {
        assert!(memchr::memmem::find(bytes, b"Zhang San").is_none() && bytes.len() < photo().len(), "{path}");
    }
    let page = text(&cold, "en/activities/vlog/index.html");
    for width in ["480w", "960w", "1920w"] {
        assert!(page.contains(&format!(".jpg {width}")), "{page}");
    }
    assert!(page.contains("width=\"1920\" height=\"96\""), "{page}");
    assert!(page.contains(&format!("href=\"{}\">large</a>", address(page, "Photo"))), "{page}");
    // What was kept beside the project changes nothing that is published: warm, damaged or not asked.
    let cache = root.join(".jinbang-cache");
    let kept: Vec<_> = std::fs::read_dir(&cache).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(!kept.is_empty());
    assert!(build(&root, &[]) == cold);
    for entry in &kept {
        let bytes = std::fs::read(entry).unwrap();
        std::fs::write(entry, &bytes[..bytes.len() / 2]).unwrap();
    }
    assert!(build(&root, &[]) == cold);
    std::fs::remove_dir_all(&cache).unwrap();
    assert!(build(&root, &["--no-cache"]) == cold);
    assert!(!cache.exists());
}

#[test]
fn a_picture_is_what_its_bytes_are() {
    let root = site("kinds-of-pictures");
    put(&root, "content/hall.jpg", &png());
    say(&root, "activities/vlog", "![Hall](/hall.jpg)");
    let told = String::from_utf8(run(&root, &["check"]).stderr).unwrap();
    assert!(told.contains("warning[picture-format]: `/hall.jpg` is a PNG picture\n"), "{told}");
    assert!(told.contains("change its extension to .png, also on the pages that show it"), "{told}");
}

#[test]
fn an_attachment_is_published_at_an_address_that_stays_and_says_what_it_is() {
    let root = site("attachments");
    put(&root, "content/activities/报名表.pdf", b"%PDF-1.7\n%%EOF\n");
    say(&root, "activities/vlog", "[Form](/activities/报名表.pdf)");
    let files = build(&root, &[]);
    assert_eq!(files["files/activities/报名表.pdf"], b"%PDF-1.7\n%%EOF\n");
    let link = "<a href=\"/files/activities/%E6%8A%A5%E5%90%8D%E8%A1%A8.pdf\">Form";
    for (lang, note) in [("zh", "（PDF，15 B）"), ("en", " (PDF, 15 B)")] {
        let page = text(&files, &format!("{lang}/activities/vlog/index.html"));
        assert!(page.contains(&format!("{link}{note}</a>")), "{page}");
    }
}

#[test]
fn a_picture_of_a_draft_waits_with_it() {
    let root = site("draft-pictures");
    put(&root, "content/hall.png", &png());
    for lang in ["zh", "en"] {
        let page = "---\ntitle: Hall\nsummary: The hall.\ndraft: true\n---\n![Hall](/hall.png)\n";
        write(&root.join(format!("content/hall.{lang}.md")), page);
    }
    let published =
        |arguments: &[&str]| build(&root, arguments).keys().any(|path| path.contains("assets/hall."));
    assert!(!published(&[]));
    assert!(published(&["--drafts"]));
    let told = String::from_utf8(run(&root, &["check"]).stderr).unwrap();
    assert!(!told.contains("hall.png"), "{told}");
}
