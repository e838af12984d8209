//! The files of a project that tell what there is in it: its languages, its fairs, its calendar.

use crate::data::{Decoded, Spanned, decode_file};
use crate::fair::{Calendar, FairFile, read_ruling_file};
use crate::lang::Lang;
use crate::pages::{SiteFile, read_site};
use crate::source::{Failure, Files, Report, code, list, say};

/// Folders of inputs; a site may not be published into them.
pub(super) const INPUT_FOLDERS: [&str; 3] = ["data", "content", "themes"];

/// Reads the `fair.yaml` of a fair. `None` where it is wrong or there is none; both are reported.
pub fn read_fair(
    report: &mut Report,
    files: &Files,
    number: u32,
) -> Result<Option<Decoded<FairFile>>, Failure> {
    let folder = format!("data/fairs/{number}");
    let path = format!("{folder}/fair.yaml");
    if !files.is_file(&path) {
        let fairs = fair_numbers(files)?;
        let known = list(&fairs);
        report.error(code::FAIR_MISSING, None, say!("file not found: `{path}`", path)).hint(
            match fairs.is_empty() {
                true => say!("pass `--root DIR`, where DIR is the project: the folder with `data`"),
                false => say!("fairs of this project: {known}", known),
            },
        );
        return Ok(None);
    }
    let Some(mut fair) = decode_file::<FairFile>(report, files, &path)? else { return Ok(None) };
    if fair.fair.value != number {
        // Everything else would be said of another fair.
        report_folder(report, &fair.fair, number);
        return Ok(None);
    }
    fair.complete &= Decoded::by(report, |report| fair.check(report)).complete;
    // Who judges the fair says what is wrong with its rulings.
    let rulings = read_ruling_file(&mut Report::new(), files, &folder)?.unwrap_or_default();
    fair.value.notice_moves = rulings.iter().filter_map(|ruling| ruling.value.notice_move()).collect();
    Ok(Some(fair))
}

/// Reports a fair that is not in the folder of its number.
fn report_folder(report: &mut Report, fair: &Spanned<u32>, folder: u32) {
    let message =
        say!("fair `{fair}` is in the folder `{folder}`", fair = fair.value, folder = folder.to_string());
    report.error(code::FAIR_FOLDER, fair.span, message).hint(say!(
        "write `fair: {folder}`, or rename the folder to `{fair}`",
        folder,
        fair = fair.value
    ));
}

/// The numbers of the fairs of a project, in order.
pub(super) fn fair_numbers(files: &Files) -> Result<Vec<u32>, Failure> {
    let mut numbers = Vec::new();
    for path in files.list("data/fairs")? {
        let number = path.strip_prefix("data/fairs/").and_then(|rest| rest.strip_suffix("/fair.yaml"));
        if let Some(number) = number.and_then(|number| number.parse().ok()) {
            numbers.push(number);
        }
    }
    numbers.sort_unstable();
    Ok(numbers)
}

/// The current fair of a project. `None` where `site.yaml` names none; that is reported.
pub fn current_fair(report: &mut Report, files: &Files) -> Result<Option<u32>, Failure> {
    let site = read_site(report, files)?;
    if site.is_none() {
        report_unnamed(report);
    }
    Ok(site.map(|site| site.current_fair.value))
}

pub(super) fn report_unnamed(report: &mut Report) {
    report
        .error(code::FAIR_MISSING, None, say!("no fair given"))
        .hint(say!("give its number, as in `jinbang award 137`, or set `current_fair` in data/site.yaml"));
}

pub(super) fn read_calendar(report: &mut Report, files: &Files) -> Result<Calendar, Failure> {
    let path = "data/calendar.yaml";
    if !files.is_file(path) {
        return Ok(Calendar::default());
    }
    let calendar: Calendar = decode_file(report, files, path)?.map(Decoded::into_value).unwrap_or_default();
    calendar.check(report);
    Ok(calendar)
}

/// The languages of a project, the authentic one first: those of `site.yaml`, else those in which rules must be
/// written where the project does not say. What is wrong with the file is not reported.
pub fn languages(files: &Files) -> Result<Vec<Lang>, Failure> {
    let site = read_site(&mut Report::new(), files)?;
    Ok(site.as_ref().map_or(LANGUAGES.to_vec(), SiteFile::languages))
}

/// The languages in which rules must be written where the project does not say.
pub(super) const LANGUAGES: [Lang; 2] = [Lang::ZH, Lang::EN];
