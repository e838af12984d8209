//! `serve`.

use std::process::{Command, ExitCode, Stdio};

use super::args::{Common, Serve};
use super::clock::today;
use super::terminal;
use super::words::{Words, words};
use crate::lang::Lang;
use crate::project::Options;
use crate::serve::{Listener, News, Server};
use crate::source::{Failure, Files, Report, Told, say};

pub(super) fn run(common: &Common, command: &Serve) -> Result<ExitCode, Failure> {
    let listener = Listener::bind(&command.host, command.port)?;
    let url = listener.url();
    let local = listener.is_local();
    let server = Server::new(listener);
    let stop = server.stop();
    ctrlc::set_handler(move || stop.stop())
        .map_err(|error| Failure::new(say!("wait for Ctrl-C"), std::io::Error::other(error)))?;
    let lang = terminal::language(common.lang);
    let w = words(lang);
    terminal::print(&(w.fill("serve.serving", &[("url", &url)]) + "\n"))?;
    if !local {
        eprintln!("{}", w.fill("serve.not-local", &[]));
    }
    if command.open && !open_browser(&format!("{url}/")) {
        eprintln!("{}", w.fill("serve.no-browser", &[("url", &url)]));
    }
    let options =
        Options { as_of: command.as_of, clock: Some(today), base_url: None, drafts: command.drafts };
    let mut said = Said::default();
    server.run(Files::new(&common.root), &options, lang, &mut |news| tell(&news, lang, &mut said))?;
    Ok(ExitCode::SUCCESS)
}

/// What was printed last of what was found wrong.
#[derive(Default)]
struct Said {
    text: String,
    told: Told,
}

/// Prints what happens. What was found wrong is printed when it is not what was printed last, and of warnings only
/// those that are new.
fn tell(news: &News<'_>, lang: Lang, said: &mut Said) {
    let w = words(lang);
    match news {
        News::Shown { changed, after, day } => {
            let what = match changed {
                [] => w.fill("serve.site", &[]),
                [one] => one.clone(),
                [first, others @ ..] => {
                    w.fill("serve.several", &[("first", first), ("more", &others.len().to_string())])
                }
            };
            let after = after.as_millis().to_string();
            let what = match day {
                Some(day) => w.fill("serve.as-of", &[("what", &what), ("day", day)]),
                None => what,
            };
            eprintln!("{}", w.fill("serve.shown", &[("what", &what), ("after", &after)]));
        }
        News::Checked { report, files, written } => {
            let style = terminal::style();
            let text = report.render(files, style, lang);
            if said.text != text {
                eprint!("{}", report.render_news(files, style, lang, &mut said.told));
                said.text = text;
                close(w, report, written.as_ref().map(|written| written.files));
            }
        }
        News::Failed(failure) => {
            let what = failure.message().text(lang);
            eprintln!("{}", w.fill("run.failed", &[("what", &what)]));
            *said = Said::default();
        }
        News::Polling(why) => {
            let why = why.text(lang);
            eprintln!("{}", w.fill("serve.polling", &[("why", &why)]));
        }
    }
}

fn close(w: &Words, report: &Report, files: Option<usize>) {
    match (report.has_errors(), files) {
        (false, Some(files)) => {
            eprintln!("{}", w.fill("serve.sound", &[("files", &files.to_string())]));
        }
        _ => eprintln!("{}", w.fill("serve.wrong", &[])),
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
