//! `build` and `check`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::args::{Build, Check, CheckFormat, Common, Headers, HeadersFormat, Site, Theme, ThemeCommand};
use super::clock::today;
use super::door::{Answer, read_project};
use super::words::words;
use super::{next, problems, terminal};
use crate::lang::Lang;
use crate::project::{Built, Change, Goal, JudgedCount, Options, build, theme_context};
use crate::source::{Failure, Notes};

pub(super) fn run(common: &Common, command: &Build) -> Result<ExitCode, Failure> {
    // A folder that is not absolute lies in the project.
    let out = match command.out.is_absolute() || common.root == Path::new(".") {
        true => command.out.clone(),
        false => common.root.join(&command.out),
    };
    let lang = terminal::language(common.lang);
    let Answer { files, report, value: built } =
        drive(common, checked(&command.site), &Goal::Publish(out.clone()), "progress.building")?;
    terminal::print_report(&report, &files, common);
    if let Some(built) = &built {
        terminal::print(&summary(built, Some(&out), lang))?;
        if let Some(leftover) = &built.leftover {
            let why = leftover.text(lang);
            eprintln!("{}", words(lang).fill("build.leftover", &[("why", &why)]));
        }
    } else if report.has_errors() {
        eprintln!("{}", words(lang).fill("build.nothing", &[]));
    }
    Ok(terminal::status(&report))
}

pub(super) fn check(common: &Common, command: &Check) -> Result<ExitCode, Failure> {
    let lang = terminal::language(common.lang);
    let notes = if command.verbose { Notes::Full } else { Notes::Short };
    let Answer { files, report, value: built } =
        drive(common, checked(&command.site), &Goal::Check, "progress.checking")?;
    match command.format {
        CheckFormat::Text => {
            match notes {
                Notes::Full => terminal::print_report_in_full(&report, &files, common),
                Notes::Short => terminal::print_report(&report, &files, common),
            }
            if let Some(built) = &built {
                terminal::print(&summary(built, None, lang))?;
            }
        }
        CheckFormat::Json => terminal::print(&problems::json(&report, &files, lang, notes))?,
        CheckFormat::Github => terminal::print(&problems::github(&report, &files, lang, notes))?,
    }
    Ok(terminal::status(&report))
}

/// Makes the site without writing it, and prints what its server should send.
pub(super) fn headers(common: &Common, command: &Headers) -> Result<ExitCode, Failure> {
    let Answer { files, report, value: built } =
        drive(common, options(&command.site), &Goal::Check, "progress.building")?;
    terminal::print_report(&report, &files, common);
    if let Some(Built { hosting, written, .. }) = &built {
        let text = match command.format {
            HeadersFormat::Netlify => hosting.headers_file(&written.inline),
            HeadersFormat::Nginx => hosting.nginx(&written.inline),
            HeadersFormat::Caddy => hosting.caddy(&written.inline),
        };
        terminal::print(&text)?;
    }
    Ok(terminal::status(&report))
}

/// Prints what the templates of the theme get.
pub(super) fn theme(common: &Common, command: &Theme) -> Result<ExitCode, Failure> {
    let ThemeCommand::Context(site) = &command.command;
    let Answer { files, report, value: context } =
        read_project(common, "progress.building", |report, files, _| {
            theme_context(report, files, &options(site), terminal::language(common.lang))
        })?;
    terminal::print_report(&report, &files, common);
    if let Some(context) = context {
        terminal::print(&context)?;
    }
    Ok(terminal::status(&report))
}

fn options(site: &Site) -> Options {
    Options { as_of: site.as_of, clock: None, base_url: site.base_url.clone(), drafts: site.drafts }
}

/// What a site is made for that is published, or looked at before it is: no notice slips out before its day.
fn checked(site: &Site) -> Options {
    Options { clock: Some(today), ..options(site) }
}

fn drive(common: &Common, options: Options, goal: &Goal, doing: &str) -> Result<Answer<Built>, Failure> {
    let w = words(terminal::language(common.lang));
    read_project(common, doing, |report, files, progress| {
        let waiting = || progress.println(w.fill("build.waiting", &[]));
        build(report, files, &options, goal, waiting)
    })
}

fn summary(built: &Built, out: Option<&PathBuf>, lang: Lang) -> String {
    let w = words(lang);
    let mut lines = Vec::new();
    lines.extend(built.day.map(|day| w.fill("build.day", &[("day", &day.to_string())])));
    for JudgedCount { fair, pool, awards } in &built.judged {
        let awards: Vec<String> = awards
            .iter()
            .map(|(id, title, count)| {
                // In English the names are words.
                let award = if lang == Lang::EN { id } else { title.get(lang) };
                w.fill("build.award", &[("award", award), ("count", &count.to_string())])
            })
            .collect();
        let awards = awards.join(&w.fill("build.list", &[]));
        let values = [("fair", &*fair.to_string()), ("pool", &pool.to_string()), ("awards", &awards)];
        lines.push(w.fill("build.fair", &values));
    }
    let files = built.written.files.to_string();
    let megabytes = format!("{:.1}", built.written.bytes as f64 / 1e6);
    lines.push(match out {
        Some(out) => {
            let path = out.display().to_string();
            w.fill("build.published", &[("files", &files), ("megabytes", &megabytes), ("path", &path)])
        }
        None => w.fill("build.sound", &[("files", &files), ("megabytes", &megabytes)]),
    });
    if let Some(Change { day, because }) = &built.next {
        let values = [("day", &*day.to_string()), ("because", &next::because(w, because))];
        lines.push(w.fill("build.next", &values));
    }
    lines.join("\n") + "\n"
}
