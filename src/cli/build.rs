//! `build` and `check`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::{Value, json};

use super::args::{Build, Check, CheckFormat, Common, Headers, HeadersFormat, Site, Theme, ThemeCommand};
use super::terminal;
use crate::project::{Built, Goal, JudgedCount, Options, build, theme_context};
use crate::source::{Failure, Files, Level, Report};

pub(super) fn run(common: &Common, command: &Build) -> Result<ExitCode, Failure> {
    // A folder that is not absolute lies in the project.
    let out = match command.out.is_absolute() || common.root == Path::new(".") {
        true => command.out.clone(),
        false => common.root.join(&command.out),
    };
    let (files, report, built) = drive(common, &command.site, &Goal::Publish(out.clone()), "building")?;
    terminal::print_report(&report, &files);
    if let Some(built) = &built {
        terminal::print(&summary(built, Some(&out)))?;
        if let Some(leftover) = &built.leftover {
            eprintln!("warning: the site is published, but the old one could not be removed: {leftover}");
        }
    } else if report.has_errors() {
        eprintln!("nothing was published");
    }
    Ok(terminal::status(&report))
}

pub(super) fn check(common: &Common, command: &Check) -> Result<ExitCode, Failure> {
    let (files, report, built) = drive(common, &command.site, &Goal::Check, "checking")?;
    match command.format {
        CheckFormat::Text => {
            terminal::print_report(&report, &files);
            if let Some(built) = &built {
                terminal::print(&summary(built, None))?;
            }
        }
        CheckFormat::Json => terminal::print(&problems_json(&report, &files))?,
    }
    Ok(terminal::status(&report))
}

/// Makes the site without writing it, and prints what its server should send.
pub(super) fn headers(common: &Common, command: &Headers) -> Result<ExitCode, Failure> {
    let (files, report, built) = drive(common, &command.site, &Goal::Check, "building")?;
    terminal::print_report(&report, &files);
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
    let files = Files::new(&common.root);
    let mut report = Report::new();
    let context = theme_context(&mut report, &files, &options(site))?;
    terminal::print_report(&report, &files);
    if let Some(context) = context {
        terminal::print(&context)?;
    }
    Ok(terminal::status(&report))
}

fn options(site: &Site) -> Options {
    Options { as_of: site.as_of, base_url: site.base_url.clone(), drafts: site.drafts }
}

fn drive(
    common: &Common,
    site: &Site,
    goal: &Goal,
    doing: &'static str,
) -> Result<(Files, Report, Option<Built>), Failure> {
    let files = Files::new(&common.root);
    let mut report = Report::new();
    let options = options(site);
    let progress = terminal::progress(doing);
    let waiting = || progress.println("another run is publishing here; waiting for it");
    let built = build(&mut report, &files, &options, goal, waiting);
    progress.finish_and_clear();
    Ok((files, report, built?))
}

fn summary(built: &Built, out: Option<&PathBuf>) -> String {
    let mut text = String::new();
    for JudgedCount { fair, pool, awards } in &built.judged {
        let awards: Vec<String> = awards.iter().map(|(award, count)| format!("{count} {award}")).collect();
        text.push_str(&format!("fair {fair}: {pool} ranked, {}\n", awards.join(", ")));
    }
    let (files, megabytes) = (built.written.files, built.written.bytes as f64 / 1e6);
    match out {
        Some(out) => {
            text.push_str(&format!("published {files} files, {megabytes:.1} MB, to {}\n", out.display()))
        }
        None => text.push_str(&format!("nothing wrong in {files} files, {megabytes:.1} MB\n")),
    }
    text
}

fn problems_json(report: &Report, files: &Files) -> String {
    let problems: Vec<Value> = report
        .problems()
        .iter()
        .map(|problem| {
            json!({
                "level": match problem.level { Level::Error => "error", Level::Warning => "warning", Level::Note => "note" },
                "code": problem.code,
                "file": problem.span.map(|span| files.path(span.file)),
                "place": problem.span.map(|span| files.at(span)),
                "message": problem.message,
                "found": problem.found,
                "label": problem.label,
                "hints": problem.hints,
            })
        })
        .collect();
    let (errors, warnings) = report.counts();
    let object =
        json!({"format": "jinbang-problems/1", "errors": errors, "warnings": warnings, "problems": problems});
    let mut text = serde_json::to_string_pretty(&object).expect("a value is always written");
    text.push('\n');
    text
}
