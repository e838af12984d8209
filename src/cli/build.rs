//! `build` and `check`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::args::{Build, Check, CheckFormat, Common, Headers, HeadersFormat, Site, Theme, ThemeCommand};
use super::clock::today;
use super::door::{Answer, read_project};
use super::{next, problems, terminal};
use crate::lang::Lang;
use crate::project::{AskedLinks, Built, Change, Goal, JudgedCount, Options, build, theme_context};
use crate::source::{Failure, Message, Notes, phrases, say};

pub(super) fn run(common: &Common, command: &Build) -> Result<ExitCode, Failure> {
    // A folder that is not absolute lies in the project.
    let out = match command.out.is_absolute() || common.root == Path::new(".") {
        true => command.out.clone(),
        false => common.root.join(&command.out),
    };
    let lang = terminal::language(common.lang);
    let Answer { files, report, value: built } =
        drive(common, &command.site, checked(&command.site), &Goal::Publish(out.clone()), say!("building"))?;
    terminal::print_report(&report, &files, common);
    if let Some(built) = &built {
        terminal::print(&summary(built, Some(&out), lang))?;
        if let Some(leftover) = &built.leftover {
            eprintln!(
                "{}",
                say!(
                    "warning: the site is published, but the old one could not be removed: {why}",
                    why = leftover
                )
                .text(lang)
            );
        }
        if let Some(why) = &built.unkept {
            eprintln!(
                "{}",
                say!(
                    "warning: the site is published, but its new addresses could not be added to data/addresses.txt: {why}",
                    why
                )
                .text(lang)
            );
        }
    } else if report.has_errors() {
        eprintln!("{}", say!("nothing was published").text(lang));
    }
    Ok(terminal::status(&report))
}

pub(super) fn check(common: &Common, command: &Check) -> Result<ExitCode, Failure> {
    let lang = terminal::language(common.lang);
    let notes = if command.verbose { Notes::Full } else { Notes::Short };
    let (goal, doing) = match command.external {
        true => (Goal::CheckExternal, say!("checking, and asking other sites")),
        false => (Goal::Check, say!("checking")),
    };
    let Answer { files, report, value: built } =
        drive(common, &command.site, checked(&command.site), &goal, doing)?;
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
        drive(common, &command.site, options(&command.site), &Goal::Check, say!("building"))?;
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
        read_project(common, say!("building"), |report, files, _| {
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

fn drive(
    common: &Common,
    site: &Site,
    options: Options,
    goal: &Goal,
    doing: Message,
) -> Result<Answer<Built>, Failure> {
    let lang = terminal::language(common.lang);
    read_project(common, doing, |report, files, progress| {
        if !site.no_cache {
            files.use_store();
        }
        let waiting =
            || progress.println(say!("another run is publishing here; waiting for it to finish").text(lang));
        build(report, files, &options, goal, waiting)
    })
}

fn summary(built: &Built, out: Option<&PathBuf>, lang: Lang) -> String {
    let mut lines = Vec::new();
    lines.extend(built.day.map(|day| say!("the site as of {day}", day).text(lang)));
    for JudgedCount { fair, pool, awards } in &built.judged {
        let awards = awards.iter().map(|(id, title, count)| {
            // In English the names are words.
            let award = if lang == Lang::EN { id } else { title.get(lang) };
            say!("{count} {award}", award, count)
        });
        lines.push(
            say!("fair {fair}: {pool} evaluated, {awards}", fair, pool, awards = phrases(awards)).text(lang),
        );
    }
    let files = built.written.files;
    let megabytes = format!("{:.1}", built.written.bytes as f64 / 1e6);
    lines.push(match out {
        Some(out) => {
            say!("published {files} files, {megabytes} MB, to {path}", files, megabytes, path = out.display())
                .text(lang)
        }
        None => say!("no errors in {files} files, {megabytes} MB", files, megabytes).text(lang),
    });
    if built.added > 0 {
        lines.push(
            say!(
                "added {count} {count:address|addresses} to data/addresses.txt: commit it",
                count = built.added
            )
            .text(lang),
        );
    }
    if let Some(AskedLinks { all, good, moved, gone, slow, unclear }) = built.asked {
        lines.push(
            say!(
                "addresses of other sites asked: {all}; good: {good}, moved: {moved}, gone: {gone}, no answer: {slow}, to look at: {unclear}",
                all,
                good,
                moved,
                gone,
                slow,
                unclear
            )
            .text(lang),
        );
    }
    if let Some(Change { day, because }) = &built.next {
        lines.push(
            say!(
                "the site next changes on {day}: {because}; `jinbang next` shows how to rebuild it then",
                day,
                because = next::because(because)
            )
            .text(lang),
        );
    }
    lines.join("\n") + "\n"
}
