//! `check --external` asks other sites, a server on this machine here, and says what it found where.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

use crate::project::{done, rewrite};

/// What the server was asked, and how many asked it at the same time at most.
#[derive(Default)]
struct Seen {
    requests: Mutex<Vec<String>>,
    now: AtomicUsize,
    most: AtomicUsize,
}

fn serve() -> (u16, Arc<Seen>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen = Arc::new(Seen::default());
    let shared = Arc::clone(&seen);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let seen = Arc::clone(&shared);
            std::thread::spawn(move || answer(stream.unwrap(), &seen));
        }
    });
    (port, seen)
}

/// Answers one request and closes the connection.
fn answer(mut stream: TcpStream, seen: &Seen) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    let Some(first) = lines.next() else { return };
    let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    let agent = head.iter().any(|line| line.to_lowercase().starts_with("user-agent: jinbang/"));
    assert!(agent, "{head:?}");
    let (method, path) = first.trim_end_matches(" HTTP/1.1").split_once(' ').unwrap();
    seen.requests.lock().unwrap().push(format!("{method} {path}"));
    seen.most.fetch_max(seen.now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
    let (status, to) = match (method, path) {
        (_, "/gone") => (404, ""),
        (_, "/moved") => (301, "/good"),
        (_, "/moved-and-gone") => (308, "gone"),
        (_, "/for-now") => (302, "/good"),
        ("HEAD", "/page-only") => (404, ""),
        (_, "/forbidden") => (403, ""),
        (_, "/broken") => (500, ""),
        (_, "/inside") => (302, "http://127.0.0.2:9/"),
        (_, "/round") => (302, "/round"),
        _ => (200, ""),
    };
    std::thread::sleep(Duration::from_millis(30));
    seen.now.fetch_sub(1, Ordering::SeqCst);
    if path == "/slow" {
        std::thread::sleep(Duration::from_secs(11));
    }
    let mut text = format!("HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: 0\r\n");
    if !to.is_empty() {
        write!(text, "Location: {to}\r\n").unwrap();
    }
    let _ = stream.write_all(format!("{text}\r\n").as_bytes());
}

fn check(root: &std::path::Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jinbang"));
    for name in ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "all_proxy", "https_proxy", "http_proxy"] {
        command.env_remove(name);
    }
    let command = command.arg("--root").arg(root).arg("check").args(arguments);
    command.env("LC_ALL", "C.UTF-8").env("NO_COLOR", "1").output().unwrap()
}

#[test]
fn what_is_at_addresses_of_other_sites_is_told_where_they_are_linked() {
    let (port, seen) = serve();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("site");
    done(folder.path(), &["init", root.to_str().unwrap()]);
    let paths = [
        "good",
        "good#part",
        "gone",
        "moved",
        "moved-and-gone",
        "for-now",
        "page-only",
        "forbidden",
        "broken",
        "inside",
        "round",
        "slow",
    ];
    let mut filings = "filings:\n".to_owned();
    for address in paths
        .map(|path| format!("{port}/{path}"))
        .iter()
        .chain([&format!("{closed}/"), &format!("{port}/good")])
    {
        writeln!(filings, "  - {{text: {{zh: 备案, en: Filing}}, url: 'http://127.0.0.1:{address}'}}")
            .unwrap();
    }
    rewrite(&root.join("data/site.yaml"), |text| format!("{text}\n{filings}"));
    for lang in ["zh", "en"] {
        rewrite(&root.join(format!("content/accessibility.{lang}.md")), |text| {
            format!("{text}\n[A](https://no-such-host.invalid/a) [B](https://www.example.org/{lang}/)\n")
        });
    }

    // Nothing is asked unless somebody wants it.
    assert_eq!(check(&root, &[]).status.code(), Some(0));
    assert_eq!(seen.requests.lock().unwrap().len(), 0);

    let output = check(&root, &["--external", "--format", "json"]);
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(output.status.code(), Some(0), "{told:#}");
    let problems = told["problems"].as_array().unwrap().iter();
    let problems = problems.filter(|problem| problem["code"] == "external-link");
    let here = format!("http://127.0.0.1:{port}/");
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for problem in problems {
        assert_eq!(problem["severity"], "warning");
        assert!(problem["line"].is_u64(), "{problem:#}");
        let message =
            problem["message"].as_str().unwrap().replace(&here, "/").replace(&closed.to_string(), "CLOSED");
        let hints: Vec<&str> =
            problem["hints"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        found.insert(message, hints.join("; ").replace(&here, "/"));
    }
    let found: Vec<(&str, &str)> =
        found.iter().map(|(message, hints)| (message.as_str(), hints.as_str())).collect();
    let remove = "write where it is today, or remove the link";
    let later = "ask again later; if it stays so, remove the link";
    let look = "look with a browser whether the page is there";
    let elsewhere = format!("{remove}; the same link is in content/accessibility.zh.md:9:1");
    let expected = [
        ("`/broken` answers with an error (status 500)", later),
        ("`/forbidden` does not answer programs (status 403)", look),
        (
            "`/inside` leads into a private network, and was not asked",
            "readers cannot open it: write a public address",
        ),
        ("`/moved` has moved for good", "write `/good`"),
        (
            "`/round` redirects more than 5 times",
            "look with a browser where it leads, and write that address",
        ),
        ("`https://no-such-host.invalid/a`: there is no such host", elsewhere.as_str()),
        ("no answer from `/slow` within 10 seconds", later),
        ("no connection to `http://127.0.0.1:CLOSED/`", later),
        ("nothing is at `/gone` any more (status 404)", remove),
        ("nothing is at `/moved-and-gone` any more (status 404)", remove),
    ];
    assert_eq!(found, expected);
    let requests = seen.requests.lock().unwrap().clone();
    let count = |request: &str| requests.iter().filter(|asked| *asked == request).count();
    assert_eq!(
        [count("HEAD /slow"), count("HEAD /page-only"), count("GET /page-only"), count("HEAD /good")],
        [1, 1, 1, 3]
    );
    assert_eq!(seen.most.load(Ordering::SeqCst), 2, "of one host no more are asked at a time");
}
