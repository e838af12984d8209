//! Which new address an old one most likely became, when a file was renamed.

use crate::source::nearest;

/// The new path that an old one most likely became, unless it is more likely to be another old one.
pub fn renamed<'n>(old: &str, olds: &[&str], news: &[&'n str]) -> Option<&'n str> {
    let new = likeliest(old, news.iter().copied())?;
    (likeliest(new, olds.iter().copied()) == Some(old)).then_some(new)
}

/// Of other paths the same name in another folder, else one beside it that holds its name or has nearly the same, or is
/// the only one there. Paths of pages end with `/`; a file becomes a file of the same ending.
fn likeliest<'n>(old: &str, new: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let (folder, name) = parts(old);
    let new: Vec<(&str, &str, &str)> = new
        .into_iter()
        .map(|path| {
            let (folder, name) = parts(path);
            (path, folder, name)
        })
        .filter(|(path, _, other)| ending(name) == ending(other) && path.ends_with('/') == old.ends_with('/'))
        .collect();
    if let Some((path, ..)) = new.iter().find(|(_, _, other)| *other == name) {
        return Some(path);
    }
    let beside: Vec<_> = new.into_iter().filter(|(_, other, _)| *other == folder).collect();
    match beside.as_slice() {
        [(only, ..)] => Some(only),
        several => {
            let holds = |(_, _, other): &&(&str, &str, &str)| other.contains(name) || name.contains(other);
            let held = several.iter().find(holds).map(|(_, _, name)| *name);
            let near = held.or_else(|| nearest(name, several.iter().map(|(_, _, name)| *name)))?;
            several.iter().find(|(_, _, name)| *name == near).map(|(path, ..)| *path)
        }
    }
}

/// The folder of a path, and the name in it.
fn parts(path: &str) -> (&str, &str) {
    path.trim_end_matches('/').rsplit_once('/').unwrap_or(("", path.trim_end_matches('/')))
}

fn ending(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_renamed_page_is_found_by_its_name_or_its_folder() {
        #[track_caller]
        fn case(olds: &[&str], news: &[&str], expected: Option<&str>) {
            assert_eq!(renamed(olds[0], olds, news), expected);
        }
        case(&["activities/vlog/"], &["activities/my-vlog/"], Some("activities/my-vlog/"));
        case(&["activities/vlog/"], &["activities/vlogs/", "activities/tour/"], Some("activities/vlogs/"));
        case(&["activities/vlog/"], &["events/vlog/", "activities/tour/"], Some("events/vlog/"));
        case(&["activities/vlog/"], &["activities/tour/", "activities/night/"], None);
        case(&["zone/auchan/", "zone/kesko/"], &["zone/auchan-retail/"], Some("zone/auchan-retail/"));
        case(&["zone/kesko/", "zone/auchan/"], &["zone/auchan-retail/"], None);
        case(&["zone/auchan/"], &["activities/tour/", "zone/auchan/calendar.ics"], None);
        case(
            &["/files/form.pdf"],
            &["/files/form-26.pdf", "/files/form-26.docx"],
            Some("/files/form-26.pdf"),
        );
        case(&["vlog/"], &["my-vlog/"], Some("my-vlog/"));
    }
}
