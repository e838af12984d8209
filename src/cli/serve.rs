//! `serve`.

use std::process::{Command, ExitCode, Stdio};

use super::args::{Common, Serve};
use super::clock::today;
use super::terminal;
use crate::lang::Lang;
use crate::project::Options;
use crate::serve::{Listener, News, Server};
use crate::source::{Failure, Files, Printed, Report, say};

pub(super) fn run(common: &Common, command: &Serve) -> Result<ExitCode, Failure> {
    let listener = Listener::bind(&command.host, command.port)?;
    let url = listener.url();
    let local = listener.is_local();
    let server = Server::new(listener);
    let stop = server.stop();
    ctrlc::set_handler(move || stop.stop())
        .map_err(|error| Failure::new(say!("wait for Ctrl-C"), std::io::Error::other(error)))?;
    let lang = terminal::language(common.lang);
    terminal::print(&(say!("serving {url}/ (press Ctrl-C to stop)", url).text(lang) + "\n"))?;
    if !local {
        eprintln!(
            "{}",
            say!("warning: others on the network can see this site, including drafts and previews")
                .text(lang)
        );
    }
    if command.open && !open_browser(&format!("{url}/")) {
        eprintln!("{}", say!("warning: no browser could be opened; open {url}/ yourself", url).text(lang));
    }
    let options =
        Options { as_of: command.as_of, clock: Some(today), base_url: None, drafts: command.drafts };
    let mut said = Said::default();
    let files = Files::new(&common.root);
    if !command.no_cache {
        files.use_store();
    }
    server.run(files, &options, lang, &mut |news| tell(&news, lang, &mut said))?;
    Ok(ExitCode::SUCCESS)
}

/// What was printed last of what was found wrong.
#[derive(Default)]
struct Said {
    text: String,
    printed: Printed,
}

/// Prints what happens. What was found wrong is printed when it is not what was printed last, and of warnings only
/// those that are new.
fn tell(news: &News<'_>, lang: Lang, said: &mut Said) {
    match news {
        News::Shown { changed, after, day } => {
            let what = match changed {
                [] => say!("the site").text(lang),
                [one] => one.clone(),
                [first, others @ ..] => {
                    say!("{first} and {more} more", first, more = others.len()).text(lang)
                }
            };
            let after = after.as_millis().to_string();
            let what = match day {
                Some(day) => say!("{what}, as of {day}", what, day).text(lang),
                None => what,
            };
            eprintln!("{}", say!("{what}: updated in {after} ms", what, after).text(lang));
        }
        News::Checked { report, files, written } => {
            let style = terminal::style();
            let text = report.render(files, style, lang);
            if said.text != text {
                eprint!("{}", report.render_news(files, style, lang, &mut said.printed));
                said.text = text;
                close(lang, report, written.as_ref().map(|written| written.files));
            }
        }
        News::Failed(failure) => {
            let what = failure.message().text(lang);
            eprintln!("{}", say!("error: {what}", what).text(lang));
            *said = Said::default();
        }
        News::Polling(why) => {
            let why = why.text(lang);
            eprintln!("{}", say!("warning: checking for changes every second ({why})", why).text(lang));
        }
    }
}

fn close(lang: Lang, report: &Report, files: Option<usize>) {
    match (report.has_errors(), files) {
        (false, Some(files)) => {
            eprintln!("{}", say!("no errors in {files} files", files).text(lang));
        }
        _ => eprintln!("{}", say!("browsers show these errors until they are corrected").text(lang)),
    }
}

fn open_browser(url: &str) -> bool {
    let (program, arguments): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("cmd", &["/C", "start", ""]),
        _ => ("xdg-open", &[]),
    };
    let mut command = Command::new(program);
    command.args(arguments).arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().is_ok()
}
