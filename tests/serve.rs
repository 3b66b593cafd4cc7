//! The writers' page as a server: the real binary over loopback. What it answers is what `check` and `annotate` say; what
//! it refuses it refuses clearly, and stays well.

mod server;

use serde_json::{Value, json};
use server::{Answer, Served, form};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A word that stands nowhere else, to look for where no text may be.
const WORD: &str = "quixotically";
const PLAN: &str = "# Section E\n\n🦊 Zoë will be more confident.\r\n\r\n# Section F\n\nZoë will have regular help from staff.\n\nA nurse will weigh Zoë for ten minutes every Monday at school.\n";

fn rules_only() -> Served {
    Served::start(&["--model", "rules"])
}

fn clearplan(arguments: &[&str], folder: &Path, input: &[u8]) -> Vec<u8> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_clearplan"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary starts");
    child.stdin.take().expect("piped").write_all(input).expect("it reads");
    child.wait_with_output().expect("it ends").stdout
}

fn check(arguments: &[&str], folder: &Path, input: &[u8]) -> Value {
    let arguments = [&["check", "--format", "json"], arguments].concat();
    serde_json::from_slice(&clearplan(&arguments, folder, input)).expect("JSON")
}

fn plans() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora/plans")
}

#[test]
fn every_answer_is_dressed_and_pages_load_nothing_from_elsewhere() {
    let served = rules_only();
    for (path, status) in [
        ("/", 200),
        ("/rules", 200),
        ("/rules/provision/open-frequency", 200),
        ("/rules/open-frequency", 200),
        ("/assets/page.js", 200),
        ("/assets/page.css", 200),
        ("/assets/icon.svg", 200),
        ("/assets/notices.txt", 200),
        ("/api/rules", 200),
        ("/nowhere", 404),
        ("/rules/provision/none", 404),
        ("/assets/none.js", 404),
    ] {
        let answer = served.get(path);
        assert_eq!(answer.status, status, "{path}");
        let policy = answer.header("content-security-policy").unwrap_or_default();
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe") && !policy.contains("http") && !policy.contains('*'), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"), "{path}");
        assert!(!answer.head.contains("set-cookie") && !answer.head.contains("access-control"), "{path}");
        let asset = path.starts_with("/assets/") && status == 200;
        assert_eq!(answer.header("cache-control"), Some(if asset { "no-cache" } else { "no-store" }), "{path}");
        if answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
            let page = answer.text();
            for piece in page.split(" src=\"").skip(1).chain(page.split("<link ").skip(1)) {
                let target = piece.split("href=\"").last().and_then(|rest| rest.split('"').next()).unwrap_or_default();
                assert!(target.starts_with('/') && !target.starts_with("//"), "{path} loads {target}");
            }
            assert!(!page.contains("<style") && !page.contains(" style=\"") && !page.contains("javascript:"), "{path}");
        }
    }
    let script = served.get("/assets/page.js");
    assert!(script.body.len() > 50_000, "web/built is empty");
    let tag = script.header("etag").expect("a tag").to_owned();
    let again = served.ask("GET", "/assets/page.js", &format!("If-None-Match: {tag}\r\n"), b"");
    assert_eq!((again.status, again.body.len()), (304, 0));
    let nonce = |page: &Answer| page.text().split("data-nonce=\"").nth(1).map(|rest| rest[..32].to_owned());
    let (one, two) = (served.get("/"), served.get("/"));
    assert!(nonce(&one).is_some() && nonce(&one) != nonce(&two), "each page has its own number");
    let policy = one.header("content-security-policy").expect("a policy");
    assert!(policy.contains(&format!("'nonce-{}'", nonce(&one).expect("one"))), "{policy}");
    assert!(one.text().contains("Where your text goes: nowhere."));
}

#[test]
fn every_rule_has_a_page_of_what_explain_prints() {
    let served = rules_only();
    let rules: Value = serde_json::from_slice(&clearplan(&["rules", "--format", "json"], &plans(), b"")).expect("JSON");
    assert_eq!(served.get("/api/rules").value(), rules);
    let list = served.get("/rules").text();
    // As the template writes them.
    let escaped = |text: &Value| -> String {
        let text = text.as_str().expect("a string");
        text.chars().fold(String::new(), |mut out, c| {
            match c {
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '&' => out.push_str("&amp;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&#x27;"),
                '/' => out.push_str("&#x2f;"),
                c => out.push(c),
            }
            out
        })
    };
    for rule in rules.as_array().expect("a list") {
        let id = rule["id"].as_str().expect("an id");
        assert!(
            list.contains(&format!("href=\"/rules/{id}\""))
                || list.contains(&format!("href=\"/rules/{}\"", id.replace('/', "&#x2f;"))),
            "{id}"
        );
        let page = served.get(&format!("/rules/{id}"));
        assert_eq!(page.status, 200, "{id}");
        let page = page.text();
        let mut parts = vec![&rule["why"], &rule["advice"], &rule["source"]["title"]];
        let bad = rule["bad"].as_array().expect("a list");
        parts.extend(bad.iter().map(|bad| &bad["better"]).filter(|better| better.is_string()));
        parts.extend(rule["good"].as_array().expect("a list").iter().map(|good| &good["text"]));
        for part in parts {
            assert!(page.contains(&escaped(part)), "{id} lacks {part}");
        }
        for bad in bad {
            let words = bad["text"].as_str().and_then(|text| text.split('«').nth(1)?.split('»').next());
            let Some(words) = words else { continue };
            assert!(page.contains(&format!(">{}</mark>", escaped(&json!(words)))), "{id} does not mark {words}");
        }
    }
}

#[test]
fn a_text_is_judged_as_check_judges_it() {
    for model in ["rules", "full"] {
        let served = Served::start(&["--model", model]);
        let said = served.json("/api/text", &json!({ "text": PLAN, "section": "F", "setting": "special" })).value();
        let mut expected = check(&["--model", model, "--setting", "special", "-"], &plans(), PLAN.as_bytes());
        expected["document"] = "text".into();
        assert_eq!(said["plans"][0]["check"], expected, "{model}");
        let units: Vec<u16> = PLAN.encode_utf16().collect();
        let told = said["plans"][0]["told"].as_object().expect("an object");
        assert!(told.len() == 3, "{told:?}");
        for section in expected["sections"].as_array().expect("a list") {
            for statement in section["statements"].as_array().expect("a list") {
                let at = &told[statement["id"].as_str().expect("an id")]["at"];
                let edge = |name: &str| at[name].as_u64().and_then(|n| usize::try_from(n).ok()).expect("a number");
                assert_eq!(statement["text"], String::from_utf16_lossy(&units[edge("start")..edge("end")]));
            }
        }
    }
}

#[test]
fn a_text_without_sections_is_what_the_writer_says() {
    let served = rules_only();
    let verdicts = |section: Option<&str>| -> Vec<Value> {
        let text = "Sam will have regular help from staff.";
        let said = served.json("/api/text", &json!({ "text": text, "section": section })).value();
        let sections = said["plans"][0]["check"]["sections"].as_array().expect("a list").clone();
        let statements = sections.iter().flat_map(|s| s["statements"].as_array().cloned().unwrap_or_default());
        statements.map(|s| json!([s["kind"], s["place"]["line"], s["verdict"]])).collect()
    };
    assert_eq!(verdicts(Some("F")), [json!(["provision", 1, "vague"])]);
    assert_eq!(verdicts(Some("E")), [json!(["outcome", 1, "vague"])]);
    assert_eq!(verdicts(None), [json!(["other", 1, null])]);
}

#[test]
fn a_suggestion_turns_when_its_blanks_are_filled() {
    let served = rules_only();
    let said = served.json("/api/text", &json!({ "text": PLAN })).value();
    let suggestion = said["plans"][0]["check"]["sections"][1]["statements"][0]["suggestion"].clone();
    let suggestion = suggestion.as_str().expect("a suggestion");
    let judged = |text: &str| served.json("/api/statement", &json!({ "kind": "provision", "text": text })).value();
    let filled = judged(&clearplan::suggest::fill(suggestion));
    assert_eq!(filled["judgement"]["verdict"], "specific", "{filled}");
    assert_eq!(filled["told"]["good"], true);
    let refused = served.json("/api/statement", &json!({ "kind": "need", "text": "Sam is shy." }));
    assert_eq!(refused.status, 422);
}

#[test]
fn a_file_is_judged_as_check_judges_it_and_written_as_annotate_writes_it() {
    let served = rules_only();
    let folder = plans().join("lettered");
    for name in ["plan.docx", "plan.odt", "plan.pdf", "plan.html", "plan.txt"] {
        let bytes = std::fs::read(folder.join(name)).expect(name);
        let said = served.file("/api/plan", name, &bytes, &[]).value();
        assert_eq!(said["plans"][0]["check"], check(&["--model", "rules", name], &folder, b""), "{name}");
        let special = served.file("/api/plan", name, &bytes, &[("setting", "special")]).value();
        let expected = check(&["--model", "rules", "--setting", "special", name], &folder, b"");
        assert_eq!(special["plans"][0]["check"], expected, "{name}");
        // The day may change between the two.
        let same = (0..2).any(|_| {
            let copy = served.file("/api/annotate", name, &bytes, &[]);
            assert_eq!(copy.status, 200, "{name}: {}", copy.text());
            let ending = if name.ends_with("x") {
                "docx"
            } else if name.ends_with("odt") {
                "odt"
            } else {
                "html"
            };
            let disposition = copy.header("content-disposition").unwrap_or_default();
            assert!(
                disposition.starts_with(&format!("attachment; filename=\"plan-annotated.{ending}\"")),
                "{disposition}"
            );
            copy.body == clearplan(&["annotate", "--model", "rules", name, "-o", "-"], &folder, b"")
        });
        assert!(same, "{name} is written in another way");
    }
}

#[test]
fn other_wordings_move_the_score_of_a_file() {
    let served = rules_only();
    let bytes = PLAN.as_bytes();
    let before = served.file("/api/plan", "plan.txt", bytes, &[]).value();
    let better = json!({ "F.1": "A teaching assistant will read with Zoë 1:1 for 20 minutes every day in class." });
    let after = served.file("/api/plan", "plan.txt", bytes, &[("instead", &better.to_string())]).value();
    let score = |page: &Value| page["plans"][0]["check"]["scores"]["plan"]["score"].as_f64().expect("a score");
    assert!(score(&after) > score(&before), "{} {}", score(&before), score(&after));
    assert_eq!(after["plans"][0]["check"]["sections"][1]["statements"][0]["text"], better["F.1"]);
}

#[test]
fn a_first_look_at_a_file_is_that_of_the_rules() {
    let served = Served::start(&[]);
    let folder = plans().join("lettered");
    let bytes = std::fs::read(folder.join("plan.docx")).expect("a plan");
    for (glance, model) in [("yes", "rules"), ("no", "full")] {
        let said = served.file("/api/plan", "plan.docx", &bytes, &[("glance", glance)]).value();
        assert_eq!(said["plans"][0]["check"], check(&["--model", model, "plan.docx"], &folder, b""), "{model}");
    }
}

#[test]
fn only_our_own_page_and_name() {
    let served = Served::start(&["--model", "rules", "--host", "plans.council.example"]);
    let ask = |head: &str| served.raw(format!("{head}Connection: close\r\n\r\n").as_bytes()).status;
    assert_eq!(ask("GET / HTTP/1.1\r\nHost: localhost\r\n"), 200);
    assert_eq!(ask("GET / HTTP/1.1\r\nHost: Plans.Council.Example:443\r\n"), 200);
    for host in ["evil.example", "127.0.0.1.evil.example", "plans.council.example.evil.example", "[::2]:80", ""] {
        assert_eq!(ask(&format!("GET / HTTP/1.1\r\nHost: {host}\r\n")), 421, "{host}");
    }
    assert_eq!(ask("GET / HTTP/1.1\r\n"), 400);
    assert_eq!(ask("GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n"), 400);
    assert_eq!(ask("GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n"), 421);
    let body = json!({ "text": PLAN }).to_string();
    let post = |lines: &str| {
        served.ask("POST", "/api/text", &format!("Content-Type: application/json\r\n{lines}"), body.as_bytes()).status
    };
    assert_eq!(post(&format!("Origin: http://{}\r\n", served.address)), 200);
    assert_eq!(post("Origin: http://evil.example\r\n"), 403);
    assert_eq!(post("Origin: null\r\n"), 403);
    assert_eq!(post("Sec-Fetch-Site: cross-site\r\n"), 403);
    // What a form of another page could send without asking.
    let plain = served.ask("POST", "/api/text", "Content-Type: text/plain\r\n", body.as_bytes());
    assert_eq!(plain.status, 415);
}

#[test]
fn no_path_leads_out() {
    let served = rules_only();
    for path in [
        "/assets/../Cargo.toml",
        "/assets/..%2f..%2fCargo.toml",
        "/assets/%2e%2e/%2e%2e/Cargo.toml",
        "/assets//etc/passwd",
        "/assets/page.js/../../../../etc/passwd",
        "/rules/../../../../../../etc/passwd",
        "/rules/..%5c..%5cCargo.toml",
        "/rules/%00",
        "/etc/passwd",
        "//evil.example/",
        "/.git/config",
    ] {
        let answer = served.get(path);
        assert!((400..500).contains(&answer.status), "{path}: {}", answer.status);
        assert!(!answer.text().contains("[package]") && !answer.text().contains("root:"), "{path}");
    }
    for (method, path) in [("GET", "/api/text"), ("POST", "/"), ("DELETE", "/assets/page.js"), ("PUT", "/api/plan")] {
        assert_eq!(served.ask(method, path, "", b"").status, 405, "{method} {path}");
    }
    // No request may make it ask another host: CONNECT and absolute addresses are refused.
    let tunnel = served.raw(b"CONNECT evil.example:80 HTTP/1.1\r\nHost: evil.example:80\r\nConnection: close\r\n\r\n");
    assert!((400..500).contains(&tunnel.status), "{tunnel:?}");
}

#[cfg(unix)]
#[test]
fn what_cannot_be_met_gets_a_clear_answer_and_leaves_no_word() {
    let served = rules_only();
    let refused = |answer: &Answer, status: u16, what: &str| {
        assert_eq!(answer.status, status, "{what}: {:.200}", answer.text());
        let said: Value = serde_json::from_slice(&answer.body).unwrap_or_else(|_| panic!("{what}: {}", answer.text()));
        let message = said["error"].as_str().expect("a reason");
        assert!(message.len() > 20 && !message.contains(WORD), "{what}: {message}");
    };
    let json_lines = "Content-Type: application/json\r\n";
    let post = |body: &str| served.ask("POST", "/api/text", json_lines, body.as_bytes());
    refused(&post(&format!("{{\"text\": \"{WORD}")), 400, "half a JSON");
    refused(&post(&format!("{{\"text\": {WORD}}}")), 400, "no JSON");
    refused(&post(&format!("{{\"text\": \"a\", \"{WORD}\": 1}}")), 400, "a field that is not known");
    refused(&post("{\"text\": \"a\", \"section\": \"../F\"}"), 400, "a section that is none");
    refused(&post(&format!("{{\"text\": \"{}\"}}", "a ".repeat(300 << 10))), 413, "a text that is too long");
    refused(&post(&format!("{{\"text\": \"{}\"}}", "a ".repeat(800 << 10))), 413, "a body that is too long");
    let claims = format!("POST /api/plan HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", served.address);
    let chunks = format!("{claims}Content-Type: application/json\r\n");
    let endless = [chunks.replace("/api/plan", "/api/text").as_bytes(), b"Transfer-Encoding: chunked\r\n\r\n"].concat();
    let chunk = [format!("{:x}\r\n", 1 << 20).as_bytes(), &vec![b' '; 1 << 20], b"\r\n"].concat();
    refused(&served.raw(&[endless, chunk.repeat(3)].concat()), 413, "more than was to be read, in pieces");

    let (kind, body) = form("plan.txt", PLAN.as_bytes(), &[]);
    let send = |kind: &str, body: &[u8]| served.ask("POST", "/api/plan", &format!("Content-Type: {kind}\r\n"), body);
    assert_eq!(send(&kind, &body).status, 200);
    refused(&send("multipart/form-data", &body), 400, "a form without an edge");
    refused(&send(&kind, &body[..body.len() - 30]), 400, "a form that breaks off");
    refused(&send(&kind, b""), 400, "an empty form");
    refused(&send(&kind, WORD.as_bytes()), 400, "no form");
    refused(&send("application/octet-stream", &body), 415, "a bare file");
    refused(&served.file("/api/plan", "a", b"b", &[("more", WORD)]), 400, "a field that is not known");
    refused(&served.file("/api/plan", "a.txt", PLAN.as_bytes(), &[("setting", WORD)]), 400, "a setting that is none");
    refused(&served.file("/api/plan", "a.txt", PLAN.as_bytes(), &[("instead", WORD)]), 400, "wordings that are none");
    let huge = vec![b'a'; (32 << 20) + (1 << 20)];
    refused(&served.file("/api/plan", "huge.txt", &huge, &[]), 413, "a file that is too large");

    let docx = std::fs::read(plans().join("lettered/plan.docx")).expect("a plan");
    let pdf = std::fs::read(plans().join("lettered/plan.pdf")).expect("a plan");
    let secret = format!("%PDF-1.7\n{WORD}\n%%EOF");
    let deep = format!("<html><body>{}{WORD}", "<div>".repeat(50_000));
    for (name, bytes) in [
        ("empty.docx", &b""[..]),
        ("half.docx", &docx[..docx.len() / 2]),
        ("half.pdf", &pdf[..pdf.len() / 8]),
        ("nothing.pdf", secret.as_bytes()),
        ("picture.docx", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        ("zip.docx", b"PK\x03\x04\x14\0\0\0\x08\0aaaaaaaaaaaaaaaa"),
        ("deep.html", deep.as_bytes()),
    ] {
        for path in ["/api/plan", "/api/annotate"] {
            let answer = served.file(path, name, bytes, &[]);
            // What can be read in part is read in part.
            assert!(matches!(answer.status, 200 | 422), "{path} {name}: {} {:.200}", answer.status, answer.text());
            if answer.status == 422 {
                refused(&answer, 422, name);
            }
        }
    }
    refused(&served.file("/api/plan", "a.docx", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", &[]), 422, "a picture");
    let wild = served.raw(b"GET / HTTP/9.9\r\n\0\0\0\r\n\r\n");
    assert!(wild.status == 0 || (400..600).contains(&wild.status), "{wild:?}");
    let long = served.ask("GET", "/", &format!("X-Long: {}\r\n", "a".repeat(1 << 20)), b"");
    assert!(matches!(long.status, 0 | 431), "{}", long.status);

    assert_eq!(served.json("/api/text", &json!({ "text": format!("{PLAN}\n{WORD}") })).status, 200, "it is well");
    let (status, said) = served.stop();
    assert_eq!((status, said.as_str()), (Some(0), ""), "nothing is logged");
}

#[test]
fn slow_clients_are_told_and_keep_nobody_waiting() {
    let served = rules_only();
    let begun = Instant::now();
    let mut loris: Vec<_> = (0..50)
        .map(|_| {
            let mut stream = served.connect();
            stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n").expect("it listens");
            stream
        })
        .collect();
    let mut body = served.connect();
    let head =
        "POST /api/text HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{";
    body.write_all(head.as_bytes()).expect("it listens");
    // They drip on, while others are served.
    for _ in 0..6 {
        assert_eq!(served.get("/").status, 200);
        for stream in &mut loris {
            let _ = stream.write_all(b"X: y\r\n");
        }
        std::thread::sleep(Duration::from_millis(1500));
    }
    for stream in &mut loris {
        assert_eq!(Answer::read(stream).status, 408);
    }
    assert!(begun.elapsed() < Duration::from_secs(60));
    assert_eq!(Answer::read(&mut body).status, 408);
    assert_eq!(served.get("/").status, 200);
}

#[cfg(unix)]
#[test]
fn whoever_is_being_answered_is_answered_before_the_end() {
    let served = rules_only();
    let mut stream = served.connect();
    let body = json!({ "text": PLAN }).to_string();
    let head = format!(
        "POST /api/text HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).expect("it listens");
    stream.write_all(&body.as_bytes()[..20]).expect("it listens");
    // The head has to be taken before the server is told to stop.
    assert_eq!(served.get("/").status, 200);
    std::thread::sleep(Duration::from_millis(300));
    let address = served.address;
    let stopping = std::thread::spawn(move || served.stop());
    std::thread::sleep(Duration::from_millis(500));
    stream.write_all(&body.as_bytes()[20..]).expect("it still listens");
    assert_eq!(Answer::read(&mut stream).status, 200);
    assert_eq!(stopping.join().expect("it stops"), (Some(0), String::new()));
    assert!(std::net::TcpStream::connect(address).is_err(), "nobody listens any more");
}

#[test]
fn a_port_in_use_is_said_so() {
    let served = rules_only();
    let output = Command::new(env!("CARGO_BIN_EXE_clearplan"))
        .args(["serve", "--listen", &served.address.to_string()])
        .output()
        .expect("the binary starts");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains(&served.address.to_string()) && said.contains("--listen 127.0.0.1:0"), "{said}");
}
