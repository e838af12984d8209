//! The development server, as browsers and other programs meet it.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::chromium;
use crate::project::{edit, run, sample};

/// A server on a small project, and what browsers do with it.
struct Server {
    folder: tempfile::TempDir,
    child: Child,
    address: String,
}

/// Far longer than anything takes; a test that fails does not hang.
const PATIENCE: Duration = Duration::from_secs(60);

impl Server {
    fn start() -> Server {
        Server::start_with(&[])
    }

    fn start_with(arguments: &[&str]) -> Server {
        Server::start_in(arguments, |_| {}, &[])
    }

    /// Starts a server after something was done with its project.
    fn start_in(arguments: &[&str], prepare: impl FnOnce(&Path), variables: &[(&str, &str)]) -> Server {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("site");
        sample::make(&root, [40, 600, 150]);
        prepare(&root);
        let mut program = program(&root, &[&["--port", "0"], arguments].concat());
        program.envs(variables.iter().copied());
        let said = fs::File::create(folder.path().join("said")).unwrap();
        let mut child = program.stdout(Stdio::piped()).stderr(said).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split_once("http://").expect(&line).1.split_once('/').unwrap().0.to_owned();
        Server { folder, child, address }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join("site").join(path)
    }

    fn edit(&self, path: &str, from: &str, to: &str) {
        edit(&self.path(path), from, to);
    }

    /// Waits until something is said on standard error, and returns all that was said so far.
    fn said_until(&self, words: &str) -> String {
        let start = Instant::now();
        loop {
            let said = fs::read_to_string(self.folder.path().join("said")).unwrap();
            if said.contains(words) {
                return said;
            }
            assert!(start.elapsed() < PATIENCE, "{words:?} is said: {said}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Sends a request as it is, and returns all of the answer.
    fn send(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn get(&self, path: &str) -> Answer {
        let answer = self.send(&format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.address));
        let (head, body) = answer.split_once("\r\n\r\n").expect("an answer has a head");
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    /// Loads a page, as a browser does, which then listens for changes.
    fn visit(&self, path: &str) -> (Answer, Listening) {
        let page = self.get(path);
        let mark = page.body.split_once("data-mark=\"").expect("a page follows").1.split_once('"').unwrap().0;
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(stream, "GET /.jinbang/events?{mark} HTTP/1.1\r\nHost: {}\r\n\r\n", self.address).unwrap();
        (page, Listening(BufReader::new(stream)))
    }

    /// Loads a page again and again when told to, until it is as it should be.
    #[track_caller]
    fn visit_until(&self, path: &str, listening: Listening, is_right: impl Fn(&Answer) -> bool) -> Listening {
        let mut listening = listening;
        loop {
            assert_eq!(listening.next_event(), ("reload".to_owned(), String::new()));
            let (page, again) = self.visit(path);
            listening = again;
            if is_right(&page) {
                return listening;
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: String,
}

struct Listening(BufReader<TcpStream>);

impl Listening {
    /// The name and the data of the next event.
    fn next_event(&mut self) -> (String, String) {
        let mut name = String::new();
        let start = Instant::now();
        loop {
            // The server says now and then that it is there, so a limit to one reading never ends this.
            assert!(start.elapsed() < PATIENCE, "a page is loaded again");
            let mut line = String::new();
            assert_ne!(self.0.read_line(&mut line).unwrap(), 0, "the server goes on");
            if let Some(event) = line.strip_prefix("event:") {
                name = event.trim().to_owned();
            } else if let (Some(data), false) = (line.strip_prefix("data:"), name.is_empty()) {
                return (name, data.trim().to_owned());
            }
        }
    }
}

fn program(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jinbang"));
    command.arg("--root").arg(root).arg("serve").args(arguments);
    command.env("LC_ALL", "C.UTF-8").env("NO_COLOR", "1").stderr(Stdio::null());
    command
}

const ROSTER: &str = "data/fairs/137/roster.yaml";

#[test]
fn a_browser_follows_every_change() {
    let server = Server::start();
    let zone = "/en/zone/";
    let (page, listening) = server.visit(zone);
    assert_eq!(page.status, 200);
    // A save in place.
    server.edit(ROSTER, "Subject to the final list on site", "Subject to change");
    let listening = server.visit_until(zone, listening, |page| page.body.contains("Subject to change"));
    // A save by rename, through a file with a name of its own.
    let text = fs::read_to_string(server.path(ROSTER)).unwrap();
    fs::write(server.path("data/fairs/137/.roster.swp"), text.replace("Subject to change", "renamed"))
        .unwrap();
    fs::rename(server.path("data/fairs/137/.roster.swp"), server.path(ROSTER)).unwrap();
    let listening = server.visit_until(zone, listening, |page| page.body.contains("renamed"));
    // A folder that did not exist.
    fs::create_dir_all(server.path("content/new/folder")).unwrap();
    for lang in ["zh", "en"] {
        let page = format!("---\ntitle: New\nsummary: New.\n---\nHere in {lang}.\n");
        fs::write(server.path(&format!("content/new/folder/page.{lang}.md")), page).unwrap();
    }
    let new = "/en/new/folder/page/";
    let listening = server.visit_until(new, listening, |page| page.body.contains("Here in en."));
    // A folder that is taken away, and put back.
    fs::rename(server.path("content/new"), server.folder.path().join("new")).unwrap();
    let listening = server.visit_until(new, listening, |page| page.status == 404);
    fs::rename(server.folder.path().join("new"), server.path("content/new")).unwrap();
    let listening = server.visit_until(new, listening, |page| page.status == 200);
    // A picture is put on the page, and then exchanged.
    let hall = |title: &str| {
        let drawing = format!("<svg xmlns=\"http://www.w3.org/2000/svg\"><title>{title}</title></svg>");
        fs::write(server.path("content/new/hall.svg"), drawing).unwrap();
    };
    hall("one");
    server.edit("content/new/folder/page.en.md", "Here in en.", "![Hall](/new/hall.svg)");
    let shows = |page: &Answer, words: &str| {
        let url = page.body.split_once("<img src=\"/assets/new/").map(|(_, rest)| rest.split('"').next());
        url.is_some_and(|url| server.get(&format!("/assets/new/{}", url.unwrap())).body.contains(words))
    };
    let listening = server.visit_until(new, listening, |page| shows(page, "one"));
    hall("another");
    let mut listening = server.visit_until(new, listening, |page| shows(page, "another"));
    // Styles are exchanged without loading the page again.
    server.edit("themes/canton/css/base.css", "{", "{ --edited: 1;");
    let (event, data) = listening.next_event();
    let styles =
        data.split('"').find(|text| text.ends_with(".css") && server.get(text).body.contains("--edited"));
    assert_eq!((event.as_str(), styles.is_some()), ("styles", true), "{data}");
    // Many changes at once.
    for number in 0..300 {
        for lang in ["zh", "en"] {
            let page = format!("---\ntitle: Page {number}\nsummary: Of many.\n---\nText.\n");
            fs::write(server.path(&format!("content/new/folder/many{number}.{lang}.md")), page).unwrap();
        }
    }
    server.visit_until("/zh/new/folder/many299/", listening, |page| page.status == 200);
}

#[test]
fn errors_are_a_page_until_they_are_mended() {
    let server = Server::start();
    let zone = "/en/zone/";
    let (_, listening) = server.visit(zone);
    server.edit(ROSTER, "- kesko", "- kosko");
    let listening = server.visit_until(zone, listening, |page| page.status == 500);
    let page = server.get(zone).body;
    // The same words as in the terminal.
    let told = run(&server.path(""), &["check"]);
    let told = String::from_utf8(told.stderr).unwrap();
    let errors: Vec<&str> = told.split("\n\n").filter(|problem| problem.starts_with("error[")).collect();
    assert!(errors[0].starts_with("error[unknown-enterprise]: unknown enterprise `kosko`\n"), "{told}");
    for error in errors {
        let shown = error.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        assert!(page.contains(&shown), "{shown} in {page}");
    }
    // What was good is still there.
    assert!(server.get(&format!("{zone}?last-good")).body.contains("Kesko"));
    assert_eq!(server.get("/en/zone/enterprises.csv").status, 200);
    server.edit(ROSTER, "- kosko", "- kesko");
    let listening = server.visit_until(zone, listening, |page| page.status == 200);
    // An error that only shows when pages are rendered.
    server.edit("themes/canton/templates/winner.html", "<h1", "{{ page.none }}<h1");
    let listening = server.visit_until(zone, listening, |page| page.status == 500);
    assert!(server.get(zone).body.contains("themes/canton/templates/winner.html:"));
    server.edit("themes/canton/templates/winner.html", "{{ page.none }}<h1", "<h1");
    let listening = server.visit_until(zone, listening, |page| page.status == 200);
    // The whole folder is gone, and comes back.
    fs::rename(server.path("data"), server.folder.path().join("data")).unwrap();
    let listening = server.visit_until(zone, listening, |page| page.status == 500);
    fs::rename(server.folder.path().join("data"), server.path("data")).unwrap();
    server.visit_until(zone, listening, |page| page.status == 200);
}

#[test]
fn what_a_link_leads_to_is_followed() {
    let prepare = |root: &Path| {
        fs::create_dir_all(root.join("shared/folder")).unwrap();
        for lang in ["zh", "en"] {
            let page = |words: &str| format!("---\ntitle: T\nsummary: S.\n---\n{words} {lang}\n");
            let name = format!("one.{lang}.md");
            fs::write(root.join("shared").join(&name), page("ONE")).unwrap();
            std::os::unix::fs::symlink(format!("../shared/{name}"), root.join("content").join(&name))
                .unwrap();
            fs::write(root.join("shared/folder").join(&name), page("FIRST")).unwrap();
        }
        std::os::unix::fs::symlink("../shared/folder", root.join("content/linked")).unwrap();
    };
    let server = Server::start_in(&[], prepare, &[]);
    let (page, listening) = server.visit("/zh/one/");
    assert!(page.body.contains("ONE zh"), "{}", page.body);
    server.edit("shared/one.zh.md", "ONE", "TWO");
    let listening = server.visit_until("/zh/one/", listening, |page| page.body.contains("TWO zh"));
    let text = fs::read_to_string(server.path("shared/one.zh.md")).unwrap();
    fs::write(server.path("shared/new"), text.replace("TWO", "THREE")).unwrap();
    fs::rename(server.path("shared/new"), server.path("shared/one.zh.md")).unwrap();
    let listening = server.visit_until("/zh/one/", listening, |page| page.body.contains("THREE zh"));
    server.edit("shared/folder/one.zh.md", "FIRST", "SECOND");
    let listening = server.visit_until("/zh/linked/one/", listening, |page| page.body.contains("SECOND zh"));
    // It is gone, it comes back, and then it leads out of the project.
    fs::rename(server.path("shared/one.zh.md"), server.path("shared/gone")).unwrap();
    let listening = server.visit_until("/zh/one/", listening, |page| page.status == 500);
    fs::rename(server.path("shared/gone"), server.path("shared/one.zh.md")).unwrap();
    let listening = server.visit_until("/zh/one/", listening, |page| page.body.contains("THREE zh"));
    fs::copy(server.path("shared/one.zh.md"), server.folder.path().join("one.zh.md")).unwrap();
    fs::remove_file(server.path("content/one.zh.md")).unwrap();
    std::os::unix::fs::symlink("../../one.zh.md", server.path("content/one.zh.md")).unwrap();
    server.visit_until("/zh/one/", listening, |page| page.body.contains("points outside the project"));
}

#[test]
#[cfg_attr(not(debug_assertions), ignore = "a program as it is released panics at no test's wish")]
fn a_fault_of_the_program_is_a_page_until_the_next_save() {
    let server = Server::start_in(&[], |_| {}, &[("JINBANG_PANIC_AT", "content/bad.zh.md")]);
    for lang in ["zh", "en"] {
        let page = format!("---\ntitle: T\nsummary: S.\n---\nONE {lang}\n");
        fs::write(server.path(&format!("content/t.{lang}.md")), page).unwrap();
    }
    server.said_until("updated in");
    let (_, listening) = server.visit("/zh/zone/");
    fs::write(server.path("content/bad.zh.md"), "---\ntitle: T\nsummary: S.\n---\n").unwrap();
    let listening = server.visit_until("/zh/t/", listening, |page| page.status == 500);
    let page = server.get("/zh/t/").body;
    for words in [
        "error: this is a bug in jinbang, not a problem with your files",
        "`jinbang serve`, version ",
        ", at src/source/fault.rs:",
        "the last file read was `content/bad.zh.md`",
    ] {
        assert!(page.contains(words), "{words} in {page}");
    }
    fs::remove_file(server.path("content/bad.zh.md")).unwrap();
    server.edit("content/t.zh.md", "ONE", "TWO");
    server.visit_until("/zh/t/", listening, |page| page.status == 200 && page.body.contains("TWO zh"));
}

#[test]
fn a_warning_is_said_once() {
    let server = Server::start();
    server.said_until("updated in");
    let page = "content/zone.en.md";
    let text = fs::read_to_string(server.path(page)).unwrap();
    fs::write(server.path(page), format!("{text}\n[One]（/zone/）\n")).unwrap();
    let one = "write `[One](/zone/)`";
    server.said_until(one);
    // It stays, two lines further down, beside one that is new.
    fs::write(server.path(page), format!("{text}\n[Two]（/zone/）\n\n[One]（/zone/）\n")).unwrap();
    let said = server.said_until("write `[Two](/zone/)`");
    assert_eq!(said.matches(one).count(), 1, "{said}");
    assert!(said.contains(" unchanged since the last run\n"), "{said}");
    // It goes, and comes again.
    fs::write(server.path(page), &text).unwrap();
    let sound = said.matches("no errors in ").count();
    let start = Instant::now();
    while server.said_until(one).matches("no errors in ").count() <= sound {
        assert!(start.elapsed() < PATIENCE, "the mended page is checked");
        std::thread::sleep(Duration::from_millis(50));
    }
    fs::write(server.path(page), format!("{text}\n[One]（/zone/）\n")).unwrap();
    let start = Instant::now();
    while server.said_until(one).matches(one).count() < 2 {
        assert!(start.elapsed() < PATIENCE, "what is new again is said again");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn errors_are_a_page_in_the_language_of_the_server() {
    let server = Server::start_with(&["--lang", "zh"]);
    let (_, listening) = server.visit("/en/zone/");
    server.edit(ROSTER, "- kesko", "- kosko");
    server.visit_until("/en/zone/", listening, |page| page.status == 500);
    let page = server.get("/en/zone/").body;
    let told = run(&server.path(""), &["check", "--lang", "zh"]);
    let told = String::from_utf8(told.stderr).unwrap();
    let error = told.split("\n\n").find(|problem| problem.starts_with("错误[")).expect(&told);
    assert!(error.starts_with("错误[unknown-enterprise]：未知的采购企业 `kosko`\n"), "{told}");
    let shown = error.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    assert!(page.contains(&shown) && page.contains("<pre lang=\"zh-Hans\">"), "{shown} in {page}");
    assert!(
        page.contains("<html lang=\"zh-Hans\">") && page.contains("<h1>网站有误，暂不能显示</h1>"),
        "{page}"
    );
    assert!(page.contains(">上一个无误的页面</a>") && !page.contains("The "), "{page}");
}

#[test]
fn a_page_that_is_renamed_says_where_it_is_now() {
    let server = Server::start();
    let (_, listening) = server.visit("/en/zone/kesko/");
    let both = |from: &str, to: &str| {
        for lang in ["zh", "en"] {
            let path = |name: &str| server.path(&format!("content/{name}.{lang}.md"));
            fs::rename(path(from), path(to)).unwrap();
        }
    };
    for lang in ["zh", "en"] {
        let page = format!("---\ntitle: Tour {lang}\nsummary: A tour, {lang}\n---\n\nText {lang}.\n");
        fs::write(server.path(&format!("content/tour.{lang}.md")), page).unwrap();
    }
    let listening = server.visit_until("/en/tour/", listening, |page| page.status == 200);
    both("tour", "night-tour");
    let listening = server.visit_until("/en/tour/", listening, |page| {
        page.status == 404
            && page.body.contains("<a href=\"/en/night-tour/\">Probably renamed to /en/night-tour/</a>")
    });
    assert_eq!(server.get("/en/night-tour/").status, 200);
    // What never was there has the page of the site.
    assert!(server.get("/en/never/").body.contains("Page not found"));
    both("night-tour", "tour");
    server.visit_until("/en/tour/", listening, |page| page.status == 200);
}

#[test]
fn what_is_not_answered_is_refused_in_the_language_of_the_server() {
    let english = Server::start();
    let chinese = Server::start_with(&["--lang", "zh"]);
    let case = |request: &str, en: &str, zh: &str| {
        for (server, words) in [(&english, en), (&chinese, zh)] {
            let answer = server.send(&format!("{}\r\n\r\n", request.replace("{own}", &server.address)));
            let body = answer.split_once("\r\n\r\n").expect("an answer has a head").1;
            assert_eq!(body, format!("{words}\n"), "{request}");
        }
    };
    case("POST / HTTP/1.1\r\nHost: {own}", "only GET and HEAD are answered", "只应答 GET 和 HEAD 请求");
    case("GET /", "the request is malformed", "请求的格式不对");
    case(
        "GET / HTTP/1.1\r\nHost: evil.example",
        "this server does not have that name",
        "本服务器没有这个名称",
    );
    case(
        "GET / HTTP/1.1\r\nHost: {own}\r\nOrigin: http://evil.example",
        "this server does not answer requests from other sites",
        "本服务器不应答其他网站",
    );
    case("GET /.jinbang/none HTTP/1.1\r\nHost: {own}", "nothing here", "此处没有内容");
    case(
        "GET /%zz HTTP/1.1\r\nHost: {own}",
        "a `%` in the address is misplaced",
        "网址中有一个 `%` 位置不对",
    );
}

#[test]
#[ignore = "needs Chromium"]
fn a_page_in_a_browser_is_renewed_where_it_stands() {
    let server = Server::start();
    let mut browser = chromium::Browser::start();
    let mut page = browser.page(1280, 700);
    page.open(&format!("http://{}/en/zone/", server.address));
    let shows = |words: &str| format!("document.querySelector('.caveat')?.textContent.includes('{words}')");
    let sorts =
        "(document.querySelector('[data-sorts] button')?.click(), document.querySelector('[aria-sort]'))";
    page.get("scrollTo({top: 500, behavior: 'instant'})");
    server.edit(ROSTER, "Subject to the final list on site", "First edit");
    page.until(&shows("First edit"));
    page.until("scrollY == 500");
    page.until(sorts);
    // A choice is kept, and a style that the old page did not have is let in.
    page.get("document.querySelector('#filters [value=p2]').click()");
    page.until("location.hash == '#phase=p2'");
    server.edit(
        "themes/canton/templates/zone.html",
        "{% block script %}",
        "{% block style %}<style>.caveat{order:7}</style>{% endblock %}{% block script %}",
    );
    page.until("document.querySelector('.caveat') && getComputedStyle(document.querySelector('.caveat')).order == '7'");
    page.until("document.querySelector('#filters [value=p2]').checked");
    // A script that cannot run twice in one window gets one of its own.
    server.edit("themes/canton/js/list.js", "{", "let once;\n{");
    page.until("typeof once == 'undefined' && document.querySelector('script[src*=\"list.\"]') && document.readyState == 'complete'");
    server.edit(ROSTER, "First edit", "Second edit");
    page.until(&shows("Second edit"));
    page.until(sorts);
}

#[test]
fn other_sites_are_not_answered() {
    let server = Server::start();
    let status = |head: &str| {
        let answer = server.send(&format!("{head}\r\n\r\n"));
        answer.split(' ').nth(1).unwrap_or_default().to_owned()
    };
    let own = &server.address;
    let port = own.rsplit_once(':').unwrap().1;
    assert_eq!(status(&format!("GET /en/ HTTP/1.1\r\nHost: localhost:{port}")), "200");
    assert_eq!(status(&format!("GET /en/ HTTP/1.1\r\nHost: {own}\r\nOrigin: http://{own}")), "200");
    assert_eq!(status(&format!("GET /en/ HTTP/1.1\r\nHost: evil.example:{port}")), "403");
    assert_eq!(status("GET /en/ HTTP/1.1\r\nHost: 192.0.2.1"), "403");
    assert_eq!(status("GET /en/ HTTP/1.1"), "400");
    for path in ["/en/", "/.jinbang/events"] {
        for origin in ["http://evil.example", "null", "http://127.0.0.1:1"] {
            assert_eq!(status(&format!("GET {path} HTTP/1.1\r\nHost: {own}\r\nOrigin: {origin}")), "403");
        }
    }
    assert_eq!(status(&format!("POST /en/ HTTP/1.1\r\nHost: {own}")), "405");
    for path in ["/../data/site.yaml", "/%2e%2e/data/site.yaml", "/data/site.yaml", "//etc/passwd", "/en/%00"]
    {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
    let moved = server.get("/en/zone");
    assert_eq!(moved.status, 308);
    assert!(moved.head.ends_with("\r\nLocation: /en/zone/"), "{}", moved.head);
    let head = server.send(&format!("HEAD /en/ HTTP/1.1\r\nHost: {own}\r\n\r\n"));
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n") && head.ends_with("\r\n\r\n"), "{head}");
}

#[test]
fn a_port_that_is_taken_is_said_and_ctrl_c_is_a_clean_end() {
    let mut server = Server::start();
    let port = server.address.rsplit_once(':').unwrap().1;
    let second = program(&server.path(""), &["--port", port]).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(second.status.code(), Some(2));
    let told = String::from_utf8(second.stderr).unwrap();
    assert!(told.contains("the port is in use"), "{told}");
    let id = server.child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
}
