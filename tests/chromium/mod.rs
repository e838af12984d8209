//! Chromium without a window, spoken to over a pipe, and a server for the site that it looks at.

use std::collections::VecDeque;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How long anything on a page may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A browser with a profile of its own; it ends when it is dropped.
pub struct Browser {
    process: Child,
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
    events: VecDeque<Value>,
    last: u64,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts Chromium. Where it is missing the test fails and says how to install it.
    pub fn start() -> Browser {
        let program = std::env::var("CHROMIUM").unwrap_or_else(|_| "chromium".to_owned());
        let found =
            Command::new(&program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        assert!(
            found.is_ok_and(|status| status.success()),
            "Chromium is missing, and this test looks at pages in it: run tests/run, which installs it, or \
             apt-get install chromium fonts-noto-cjk, or name a program in the variable CHROMIUM"
        );
        let profile = tempfile::tempdir().expect("a temporary folder can be made");
        // The browser takes commands from descriptor 3 and answers on descriptor 4.
        let mut process = Command::new("sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 0</dev/null 1>/dev/null 2>/dev/null", &program])
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .args(["--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-pipe"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("there is a shell");
        let commands = process.stdin.take().expect("it is piped");
        let answers = BufReader::new(process.stdout.take().expect("it is piped"));
        Browser { process, commands, answers, events: VecDeque::new(), last: 0, _profile: profile }
    }

    /// Opens a page of its own, with a window of this size.
    pub fn page(&mut self, width: u32, height: u32) -> Page<'_> {
        let context = self.call(None, "Target.createBrowserContext", json!({}));
        let target = self.call(
            None,
            "Target.createTarget",
            json!({"url": "about:blank", "browserContextId": context["browserContextId"]}),
        );
        let attached = self.call(
            None,
            "Target.attachToTarget",
            json!({"targetId": target["targetId"], "flatten": true}),
        );
        let session = attached["sessionId"].as_str().expect("a session").to_owned();
        let mut page = Page { browser: self, session };
        page.call("Page.enable", json!({}));
        page.call(
            "Emulation.setDeviceMetricsOverride",
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false}),
        );
        page
    }

    fn call(&mut self, session: Option<&str>, method: &str, params: Value) -> Value {
        let answer = self.ask(session, method, params);
        answer.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// A command that may fail, as when its page goes away meanwhile.
    fn ask(&mut self, session: Option<&str>, method: &str, params: Value) -> Result<Value, Value> {
        self.last += 1;
        let mut command = json!({"id": self.last, "method": method, "params": params});
        if let Some(session) = session {
            command["sessionId"] = json!(session);
        }
        self.commands.write_all(command.to_string().as_bytes()).expect("the browser listens");
        self.commands.write_all(&[0]).expect("the browser listens");
        loop {
            let message = self.receive();
            if message["id"] == json!(self.last) {
                let error = &message["error"];
                return if error.is_null() { Ok(message["result"].clone()) } else { Err(error.clone()) };
            }
            self.events.push_back(message);
        }
    }

    fn receive(&mut self) -> Value {
        let mut message = Vec::new();
        self.answers.read_until(0, &mut message).expect("the browser answers");
        assert!(message.pop().is_some(), "the browser has ended");
        serde_json::from_slice(&message).expect("it answers in JSON")
    }

    fn wait_for(&mut self, session: &str, method: &str) {
        let wanted = |event: &Value| event["method"] == method && event["sessionId"] == session;
        if let Some(at) = self.events.iter().position(wanted) {
            self.events.remove(at);
            return;
        }
        loop {
            let event = self.receive();
            if wanted(&event) {
                return;
            }
            self.events.push_back(event);
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A page in the browser.
pub struct Page<'b> {
    browser: &'b mut Browser,
    session: String,
}

impl Page<'_> {
    /// A command of the protocol.
    pub fn call(&mut self, method: &str, params: Value) -> Value {
        let session = self.session.clone();
        self.browser.call(Some(&session), method, params)
    }

    /// Turns the scripts of pages off.
    pub fn without_scripts(mut self) -> Self {
        self.call("Emulation.setScriptExecutionDisabled", json!({"value": true}));
        self
    }

    /// Sets the clock that pages see, such as `2025-09-26T08:00:00+08:00`.
    pub fn at(&mut self, time: &str) {
        let source = format!(
            "const Real = Date, now = +new Real('{time}');
             Date = class extends Real {{
               constructor(...given) {{ given.length ? super(...given) : super(now) }}
               static now() {{ return now }}
             }};"
        );
        self.call("Page.addScriptToEvaluateOnNewDocument", json!({"source": source}));
    }

    /// Goes to an address, and waits until the page is loaded.
    pub fn open(&mut self, url: &str) {
        // A change of the part behind `#` alone loads nothing.
        self.call("Page.navigate", json!({"url": "about:blank"}));
        self.loaded();
        self.call("Page.navigate", json!({"url": url}));
        self.loaded();
    }

    /// Waits until a page is loaded.
    pub fn loaded(&mut self) {
        let session = self.session.clone();
        self.browser.wait_for(&session, "Page.loadEventFired");
    }

    /// What an expression gives on the page.
    pub fn get(&mut self, expression: &str) -> Value {
        self.evaluate(expression).unwrap_or_else(|error| panic!("{expression}: {error}"))
    }

    /// What an expression gives. The error: the page goes away.
    fn evaluate(&mut self, expression: &str) -> Result<Value, Value> {
        let session = self.session.clone();
        let params = json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let answer = self.browser.ask(Some(&session), "Runtime.evaluate", params)?;
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {}", answer["exceptionDetails"]);
        Ok(answer["result"]["value"].clone())
    }

    /// The text that an expression gives.
    pub fn text(&mut self, expression: &str) -> String {
        let value = self.get(expression);
        value.as_str().unwrap_or_else(|| panic!("{expression} gives {value}, not a text")).to_owned()
    }

    /// The number that an expression gives.
    pub fn number(&mut self, expression: &str) -> u64 {
        let value = self.get(expression);
        value.as_u64().unwrap_or_else(|| panic!("{expression} gives {value}, not a number"))
    }

    /// Waits until an expression is true, on this page or on one that takes its place.
    #[track_caller]
    pub fn until(&mut self, expression: &str) {
        let begun = Instant::now();
        while self.evaluate(&format!("Boolean({expression})")) != Ok(json!(true)) {
            assert!(begun.elapsed() < PATIENCE, "never true: {expression}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Presses a key, such as `Tab` or `Enter`.
    pub fn press(&mut self, key: &str) {
        let (code, text) = match key {
            "Tab" => (9, ""),
            "Enter" => (13, "\r"),
            " " => (32, " "),
            "ArrowRight" => (39, ""),
            "ArrowDown" => (40, ""),
            _ => panic!("the key {key} is not known here"),
        };
        let key = json!({"key": key, "code": key, "windowsVirtualKeyCode": code, "text": text});
        for (kind, with_text) in [("keyDown", true), ("keyUp", false)] {
            let mut params = key.clone();
            params["type"] = json!(kind);
            if !with_text || text.is_empty() {
                params.as_object_mut().expect("an object").remove("text");
            }
            self.call("Input.dispatchKeyEvent", params);
        }
    }

    /// Types a text where the focus is.
    pub fn type_in(&mut self, text: &str) {
        self.call("Input.insertText", json!({"text": text}));
    }

    /// How many sheets of A4 the page prints on.
    pub fn sheets(&mut self) -> usize {
        let printed = self.call(
            "Page.printToPDF",
            json!({"preferCSSPageSize": true, "printBackground": true, "transferMode": "ReturnAsStream"}),
        );
        let mut pdf = String::new();
        loop {
            let part = self.call("IO.read", json!({"handle": printed["stream"], "size": 1 << 20}));
            pdf.push_str(&plain(&part));
            if part["eof"] == json!(true) {
                break;
            }
        }
        let count = pdf.split("/Type /Pages").nth(1).and_then(|rest| rest.split("/Count ").nth(1));
        let count =
            count.and_then(|rest| rest.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok());
        count.expect("a document has pages")
    }
}

/// What a stream gave, of which only the plain characters matter.
fn plain(part: &Value) -> String {
    let data = part["data"].as_str().expect("data");
    if part["base64Encoded"] != json!(true) {
        return data.to_owned();
    }
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let digits: Vec<u32> =
        data.bytes().filter(|byte| *byte != b'=').map(|byte| u32::from(digit(byte))).collect();
    let mut text = String::new();
    for group in digits.chunks(4) {
        let bits = group.iter().enumerate().fold(0, |bits, (at, digit)| bits | digit << (18 - 6 * at));
        for at in 0..group.len().saturating_sub(1) {
            text.push(char::from((bits >> (16 - 8 * at)) as u8));
        }
    }
    text
}

/// A site on a port of this machine.
pub struct Served {
    /// Where it is, without a slash at the end.
    pub url: String,
}

/// Serves a folder below a path, such as ``, or `/fair` for a site that was built for a folder of a host.
pub fn serve(folder: &Path, prefix: &'static str) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    let folder = folder.to_owned();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let folder = folder.clone();
            std::thread::spawn(move || answer(stream, &folder, prefix));
        }
    });
    Served { url: format!("http://{address}{prefix}") }
}

fn answer(mut stream: TcpStream, folder: &Path, prefix: &str) -> Option<()> {
    let mut request = [0; 8192];
    let length = stream.read(&mut request).ok()?;
    let request = String::from_utf8_lossy(&request[..length]).into_owned();
    let path = request.split(' ').nth(1)?.split(['?', '#']).next()?;
    let below = path.strip_prefix(prefix).filter(|below| !below.contains("..") && !below.contains('%'));
    let mut file = PathBuf::from(folder);
    file.push(below.unwrap_or("absent").trim_start_matches('/'));
    if path.ends_with('/') {
        file.push("index.html");
    }
    let kind = match file.extension().and_then(|suffix| suffix.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css",
        "js" => "text/javascript",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
    let (status, body) = match fs::read(&file) {
        Ok(body) => ("200 OK", body),
        Err(_) => ("404 Not Found", Vec::new()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(&body).ok()
}
