//! Pictures that editors put beside the pages.

use crate::everything::{build, site, text};
use crate::project::{rewrite, run, write};

/// The beginning of a picture of 1200 × 630 pixels, as far as browsers and programs read its size.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x04\xb0\0\0\x02\x76\x08\x02\0\0\0";

const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 4 3\"/>";

/// Adds a text to a page in both languages.
fn say(root: &std::path::Path, page: &str, words: &str) {
    for lang in ["zh", "en"] {
        rewrite(&root.join(format!("content/{page}.{lang}.md")), |text| format!("{text}\n{words}\n"));
    }
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
    put(&root, "content/activities/hall.png", PNG);
    write(&root.join("content/展馆 图.SVG"), SVG);
    say(&root, "activities/vlog", "![展馆](/activities/hall.png) ![标志](</展馆 图.SVG>)");
    say(&root, "home", "![Hall](/activities/hall.png)");
    for prefix in ["", "/fair/preview"] {
        let files = build(&root, &["--base-url", &format!("https://example.org{prefix}")]);
        let page = text(&files, "zh/activities/vlog/index.html");
        let url = address(page, "展馆");
        assert!(page.contains("alt=\"展馆\" width=\"1200\" height=\"630\" loading=\"lazy\">"), "{page}");
        assert_eq!(url, address(text(&files, "en/index.html"), "Hall"));
        let path = url.strip_prefix(&format!("{prefix}/")).expect(url);
        assert!(path.starts_with("assets/activities/hall.") && path.ends_with(".png"), "{path}");
        assert_eq!(files[path], PNG);
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
    put(&root, "content/activities/hall.png", PNG);
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

/// A photo with the place at which it was taken.
fn photo() -> Vec<u8> {
    let exif = b"MM\0\x2a\0\0\0\x08\0\x01\x88\x25\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0\0\x01\0\x02\0\x05\0\0\0\x03\0\0\0\0";
    let length = u8::try_from(exif.len() + 8).unwrap();
    let frame = b"\xff\xc0\0\x0b\x08\0\x03\0\x04\x01\x11\0\xff\xd9";
    [b"\xff\xd8\xff\xe1\0".as_slice(), &[length], b"Exif\0\0", exif, frame].concat()
}

#[test]
fn a_picture_is_what_its_bytes_are_and_tells_no_place() {
    let root = site("kinds-of-pictures");
    put(&root, "content/hall.jpg", PNG);
    put(&root, "content/stand.jpg", &photo());
    say(&root, "activities/vlog", "![Hall](/hall.jpg) ![Stand](/stand.jpg)");
    let told = |lang: &str| {
        let checked = run(&root, &["check", "--lang", lang]);
        (checked.status.success(), String::from_utf8(checked.stderr).unwrap())
    };
    for (lang, messages) in [
        (
            "en",
            [
                "warning[picture-format]: `/hall.jpg` is a PNG picture\n",
                "change its extension to .png, also on the pages that show it",
                "warning[picture-place]: `/stand.jpg` contains the place where it was taken\n",
            ],
        ),
        (
            "zh",
            [
                "警告[picture-format]：`/hall.jpg` 的内容是 PNG 格式的图片\n",
                "请把扩展名改为 .png，并在引用它的页面中一并更改",
                "警告[picture-place]：`/stand.jpg` 中记有拍摄地点\n",
            ],
        ),
    ] {
        let (sound, told) = told(lang);
        assert!(sound && messages.iter().all(|message| told.contains(message)), "{told}");
        assert!(!told.contains("`/hall.jpg` tells") && told.contains("--> content/hall.jpg"), "{told}");
    }
    put(&root, "content/hall.jpg", b"<!DOCTYPE html><html>Not found</html>");
    put(&root, "content/stand.jpg", b"\0\0\0\x18ftypheic");
    let (sound, told) = told("en");
    let page = "error[picture-format]: `/hall.jpg` is not a picture that browsers can show, but a web page\n";
    let photo = "`/stand.jpg` is not a picture that browsers can show, but a HEIC photo from a phone\n";
    assert!(!sound && told.contains(page) && told.contains(photo), "{told}");
}

#[test]
fn a_picture_of_a_draft_waits_with_it() {
    let root = site("draft-pictures");
    put(&root, "content/hall.png", PNG);
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
