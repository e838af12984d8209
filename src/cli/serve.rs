//! `serve`.

use std::process::{Command, ExitCode, Stdio};

use super::args::{Common, Serve};
use super::terminal;
use crate::project::Options;
use crate::serve::{Listener, News, Server};
use crate::source::{Failure, Files, Report};

pub(super) fn run(common: &Common, command: &Serve) -> Result<ExitCode, Failure> {
    let listener = Listener::bind(&command.host, command.port)?;
    let url = listener.url();
    let local = listener.is_local();
    let server = Server::new(listener);
    let stop = server.stop();
    ctrlc::set_handler(move || stop.stop())
        .map_err(|error| Failure::new("wait for Ctrl-C", std::io::Error::other(error)))?;
    terminal::print(&format!("serving {url}/ (Ctrl-C stops)\n"))?;
    if !local {
        eprintln!("warning: others in the network can see this site, drafts and previews included");
    }
    if command.open && !open_browser(&format!("{url}/")) {
        eprintln!("warning: no browser could be opened; open {url}/ yourself");
    }
    let options = Options { as_of: command.as_of, base_url: None, drafts: command.drafts };
    let mut told = String::new();
    server.run(Files::new(&common.root), &options, &mut |news| tell(&news, &mut told))?;
    Ok(ExitCode::SUCCESS)
}

/// Prints what happens. What was found wrong is printed when it is not what was printed last.
fn tell(news: &News<'_>, told: &mut String) {
    match news {
        News::Shown { changed, after } => {
            let what = match changed {
                [] => "the site".to_owned(),
                [one] => one.clone(),
                [first, others @ ..] => format!("{first} and {} more", others.len()),
            };
            eprintln!("{what}: shown after {} ms", after.as_millis());
        }
        News::Checked { report, files, written } => {
            let text = terminal::rendered(report, files);
            if *told != text {
                eprint!("{text}");
                told.clone_from(&text);
                close(report, written.as_ref().map(|written| written.files));
            }
        }
        News::Failed(failure) => {
            eprintln!("error: {failure}");
            told.clear();
        }
        News::Polling(why) => {
            eprintln!("warning: changes are looked for every second ({why})");
        }
    }
}

fn close(report: &Report, files: Option<usize>) {
    match (report.has_errors(), files) {
        (false, Some(files)) => eprintln!("no errors in {files} files"),
        _ => eprintln!("browsers show these errors until they are mended"),
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
