//! The language server, driven over its standard input and output as an editor drives it.

use lsp_server::{Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};
use std::io::{BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

const PLAN: &str = "# Section F\n\n🦊 Zoë will have regular help from staff.\n\nA nurse will weigh Zoë for ten minutes every Monday.\n";

/// No answer may take longer: the machine may be busy, and the model has to be unpacked.
const LIMIT: Duration = Duration::from_secs(120);

/// An editor: the running server and what it has sent.
struct Editor {
    child: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Message>,
    next: i32,
}

impl Editor {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_clearplan"))
            .arg("lsp")
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let input = child.stdin.take();
        let mut output = BufReader::new(child.stdout.take().expect("it is piped"));
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            while let Ok(Some(message)) = Message::read(&mut output) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        Self { child, input, messages, next: 0 }
    }

    fn send(&mut self, message: Message) {
        message.write(self.input.as_mut().expect("it is open")).expect("the server reads");
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.send(Notification { method: method.into(), params }.into());
    }

    /// Asks, and gives the answer; what comes before it is dropped.
    fn ask(&mut self, method: &str, params: Value) -> Response {
        self.next += 1;
        let id = RequestId::from(self.next);
        self.send(Request { id: id.clone(), method: method.into(), params }.into());
        loop {
            match self.messages.recv_timeout(LIMIT).expect("an answer") {
                Message::Response(response) if response.id == id => return response,
                Message::Response(other) => panic!("an answer to nothing: {other:?}"),
                Message::Notification(_) | Message::Request(_) => {}
            }
        }
    }

    fn result(&mut self, method: &str, params: Value) -> Value {
        let value = serde_json::to_value(self.ask(method, params)).expect("JSON");
        assert!(value.get("error").is_none(), "{method}: {value}");
        value["result"].clone()
    }

    /// The next diagnostics.
    fn diagnostics(&mut self) -> Value {
        match self.messages.recv_timeout(LIMIT).expect("diagnostics") {
            Message::Notification(n) if n.method == "textDocument/publishDiagnostics" => n.params,
            other => panic!("not asked for: {other:?}"),
        }
    }

    fn initialized(encodings: Value) -> (Self, Value) {
        Self::with(&[], encodings)
    }

    fn with(arguments: &[&str], encodings: Value) -> (Self, Value) {
        let mut editor = Self::start(&[&["--stdio", "--model", "rules"], arguments].concat());
        let about = editor.result(
            "initialize",
            json!({ "processId": null, "rootUri": null, "capabilities": { "general": { "positionEncodings": encodings } } }),
        );
        editor.tell("initialized", json!({}));
        (editor, about)
    }

    fn open(&mut self, uri: &str, language: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": language, "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
    }

    fn change(&mut self, uri: &str, version: i32, text: &str) {
        self.tell(
            "textDocument/didChange",
            json!({ "textDocument": { "uri": uri, "version": version }, "contentChanges": [{ "text": text }] }),
        );
    }

    /// Ends as the protocol asks, and gives the exit status and what was said on standard error.
    fn end(mut self) -> (Option<i32>, String) {
        self.result("shutdown", Value::Null);
        self.tell("exit", Value::Null);
        self.left()
    }

    fn left(mut self) -> (Option<i32>, String) {
        drop(self.input.take());
        let output = self.child.wait_with_output().expect("it ends");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// The words at a range, counted in UTF-16.
fn words(text: &str, range: &Value) -> String {
    let number = |value: &Value| usize::try_from(value.as_u64().expect("a number")).expect("it fits");
    let offset = |position: &Value| {
        let line: Vec<&str> = text.split_inclusive('\n').collect();
        let before: usize = line[..number(&position["line"])].iter().map(|line| line.encode_utf16().count()).sum();
        before + number(&position["character"])
    };
    let units: Vec<u16> = text.encode_utf16().collect();
    String::from_utf16(&units[offset(&range["start"])..offset(&range["end"])]).expect("whole letters")
}

fn replaced(text: &str, edit: &Value) -> String {
    let number = |value: &Value| usize::try_from(value.as_u64().expect("a number")).expect("it fits");
    let units: Vec<u16> = text.encode_utf16().collect();
    let offset = |position: &Value| {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let before: usize = lines[..number(&position["line"])].iter().map(|line| line.encode_utf16().count()).sum();
        before + number(&position["character"])
    };
    let new: Vec<u16> = edit["newText"].as_str().expect("text").encode_utf16().collect();
    let (from, to) = (offset(&edit["range"]["start"]), offset(&edit["range"]["end"]));
    String::from_utf16(&[&units[..from], &new, &units[to..]].concat()).expect("whole letters")
}

#[test]
fn open_look_apply_and_be_clean() {
    let (mut editor, about) = Editor::initialized(json!(["utf-16"]));
    assert_eq!(about["capabilities"]["positionEncoding"], "utf-16");
    assert_eq!(about["serverInfo"]["name"], "clearplan");
    let uri = "file:///plan.md";
    editor.open(uri, "markdown", PLAN);
    let published = editor.diagnostics();
    assert_eq!((&published["uri"], &published["version"]), (&json!(uri), &json!(1)));
    let found = published["diagnostics"].as_array().expect("a list").clone();
    let regular = found.iter().find(|d| d["code"] == "provision/open-frequency").expect("it is found");
    assert_eq!(words(PLAN, &regular["range"]), "regular");
    assert_eq!(regular["severity"], 1);
    assert!(regular["codeDescription"]["href"].as_str().is_some_and(|link| link.starts_with("http")), "{regular}");

    let at = regular["range"]["start"].clone();
    let hover = editor.result("textDocument/hover", json!({ "textDocument": { "uri": uri }, "position": at }));
    let help = hover["contents"]["value"].as_str().expect("Markdown");
    for piece in
        ["does not say how often", "*Law and guidance:* [", "*Instead of:*", "*write:*", "**You could write:**"]
    {
        assert!(help.contains(piece), "{piece} is not in\n{help}");
    }
    assert_eq!(words(PLAN, &hover["range"]), "regular");
    let nowhere = json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 0 } });
    assert_eq!(editor.result("textDocument/hover", nowhere), Value::Null);

    let asked = json!({
        "textDocument": { "uri": uri }, "range": regular["range"], "context": { "diagnostics": [regular] }
    });
    let actions = editor.result("textDocument/codeAction", asked);
    let action = &actions.as_array().expect("a list")[0];
    assert_eq!(action["kind"], "quickfix");
    let edit = &action["edit"]["changes"][uri][0];
    assert_eq!(words(PLAN, &edit["range"]), "🦊 Zoë will have regular help from staff.");
    let applied = replaced(PLAN, edit);
    assert!(applied.contains("[minutes]"), "{applied}");

    // As it is applied it has blanks; filled, it is clean.
    editor.change(uri, 2, &applied);
    let filled = clearplan::suggest::fill(&applied);
    editor.change(uri, 3, &filled);
    let published = editor.diagnostics();
    assert_eq!(published["version"], 3, "what was typed over is not judged");
    let graver: Vec<&Value> =
        published["diagnostics"].as_array().expect("a list").iter().filter(|d| d["severity"] == 1).collect();
    assert!(graver.is_empty(), "{filled}\n{graver:#?}");
    editor.tell("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    assert_eq!(editor.diagnostics()["diagnostics"], json!([]), "a closed text has no marks");
    assert_eq!(editor.end(), (Some(0), String::new()));
}

#[test]
fn positions_are_counted_as_agreed() {
    for (offered, agreed, character) in [
        (json!(["utf-16", "utf-8", "utf-32"]), "utf-8", 20),
        (json!(["utf-32"]), "utf-32", 16),
        (json!(["utf-32", "utf-16"]), "utf-16", 17),
        (Value::Null, "utf-16", 17),
        (json!(["utf-7"]), "utf-16", 17),
    ] {
        let (mut editor, about) = Editor::initialized(offered);
        assert_eq!(about["capabilities"]["positionEncoding"], agreed);
        editor.open("untitled:1", "plaintext", PLAN);
        let published = editor.diagnostics();
        let found = published["diagnostics"].as_array().expect("a list");
        let regular = found.iter().find(|d| d["code"] == "provision/open-frequency").expect("it is found");
        assert_eq!(regular["range"]["start"], json!({ "line": 2, "character": character }), "{agreed}");
        assert_eq!(editor.end().0, Some(0));
    }
}

#[test]
fn an_editor_that_asks_while_typing_gets_the_newest() {
    let (mut editor, _) = Editor::initialized(Value::Null);
    let uri = "file:///plan.txt";
    editor.open(uri, "plaintext", "Section F\n\nNothing yet.\n");
    editor.diagnostics();
    editor.change(uri, 2, "Section F\n\nSam will often read.\n");
    let at = json!({ "textDocument": { "uri": uri }, "position": { "line": 2, "character": 10 } });
    let hover = editor.result("textDocument/hover", at);
    assert!(hover["contents"]["value"].as_str().is_some_and(|help| help.contains("often")), "{hover}");
    assert_eq!(editor.end().0, Some(0));
}

#[test]
fn what_is_wrong_is_answered_and_survived() {
    let (mut editor, _) = Editor::initialized(Value::Null);
    let error = |response: Response| serde_json::to_value(response).expect("JSON")["error"]["code"].as_i64();
    assert_eq!(error(editor.ask("textDocument/rename", json!({}))), Some(-32601));
    assert_eq!(error(editor.ask("textDocument/hover", json!({ "position": "secret words" }))), Some(-32602));
    assert_eq!(error(editor.ask("textDocument/codeAction", Value::Null)), Some(-32602));
    for params in [Value::Null, json!([]), json!({ "textDocument": {} })] {
        editor.tell("textDocument/didOpen", params.clone());
        editor.tell("textDocument/didChange", params.clone());
        editor.tell("textDocument/didClose", params.clone());
        editor.tell("$/whatever", params);
    }
    // A text that was never opened, and places that are not there.
    let far = json!({ "line": 4_000_000_000_u32, "character": 4_000_000_000_u32 });
    let nowhere = json!({ "textDocument": { "uri": "file:///gone.txt" }, "position": far });
    assert_eq!(editor.result("textDocument/hover", nowhere), Value::Null);
    editor.open("file:///plan.txt", "plaintext", PLAN);
    editor.diagnostics();
    let past = json!({ "textDocument": { "uri": "file:///plan.txt" }, "range": { "start": far, "end": far },
        "context": { "diagnostics": [] } });
    assert!(editor.result("textDocument/codeAction", past).is_array());
    let asked = json!({ "textDocument": { "uri": "file:///plan.txt" }, "position": far });
    editor.result("textDocument/hover", asked);
    assert_eq!(editor.end(), (Some(0), String::new()));
}

#[test]
fn an_editor_that_goes_without_a_word_leaves_nothing_running() {
    let (mut editor, _) = Editor::initialized(Value::Null);
    editor.open("file:///plan.txt", "plaintext", PLAN);
    assert_eq!(editor.left().0, Some(0));

    // Bytes that are no message: it ends, says so, and repeats nothing of them.
    let (mut editor, _) = Editor::initialized(Value::Null);
    let input = editor.input.as_mut().expect("it is open");
    input.write_all(b"Content-Length: 14\r\n\r\n{\"secret words").expect("it reads");
    let (code, said) = editor.left();
    assert_eq!(code, Some(3), "{said}");
    assert!(!said.contains("secret") && !said.contains("panicked"), "{said}");
}

/// Rule and words of each diagnostic.
fn marked(text: &str, published: &Value) -> Vec<(String, String)> {
    let found = published["diagnostics"].as_array().expect("a list");
    found.iter().map(|d| (d["code"].as_str().expect("a rule").to_owned(), words(text, &d["range"]))).collect()
}

#[test]
fn waivers_in_the_text_are_honoured() {
    let (mut editor, _) = Editor::with(&["--date", "2026-11-27"], Value::Null);
    let uri = "file:///plan.md";
    editor.open(uri, "markdown", PLAN);
    let before = marked(PLAN, &editor.diagnostics());
    let regular = ("provision/open-frequency".to_owned(), "regular".to_owned());
    assert!(before.contains(&regular), "{before:?}");

    // In the statement, over two lines, after a wide letter.
    let comment = "<!-- clearplan: ignore open-frequency\nbecause the *timetable* says when -->";
    let waived = PLAN.replace("regular", &format!("regular {comment}"));
    editor.change(uri, 2, &waived);
    let after = marked(&waived, &editor.diagnostics());
    let rules = |list: &[(String, String)]| list.iter().map(|one| one.0.clone()).collect::<Vec<_>>();
    let left: Vec<_> = before.iter().filter(|one| **one != regular).cloned().collect();
    assert!(!left.is_empty());
    assert_eq!(rules(&after), rules(&left), "others stay");

    let document = json!({ "uri": uri });
    let at = json!({ "line": 2, "character": 20 });
    let hover = editor.result("textDocument/hover", json!({ "textDocument": document, "position": at }));
    let help = hover["contents"]["value"].as_str().expect("Markdown");
    assert!(help.contains("*Waived* (in a comment)") && help.contains("the \\*timetable\\* says when"), "{help}");

    // The suggestion for what is left does not take the decision away.
    let range = json!({ "start": at, "end": at });
    let asked = json!({ "textDocument": document, "range": range, "context": { "diagnostics": [] } });
    let actions = editor.result("textDocument/codeAction", asked);
    for action in actions.as_array().expect("a list") {
        assert!(!action["title"].as_str().expect("a title").contains("aive"), "{action}");
        let diagnostics = action["diagnostics"].as_array().expect("a list");
        assert!(diagnostics.iter().all(|d| d["code"] != "provision/open-frequency"), "{action}");
        let applied = replaced(&waived, &action["edit"]["changes"][uri][0]);
        assert_eq!(applied.matches(comment).count(), 1, "{applied}");
    }

    // One without a reason, on the line before: the finding stands, and the comment is marked.
    let bare = "<!-- clearplan: ignore open-frequency -->";
    let refused = PLAN.replace("🦊", &format!("{bare}\n🦊"));
    editor.change(uri, 3, &refused);
    let after = marked(&refused, &editor.diagnostics());
    assert_eq!(after, [before.clone(), vec![("waiver".to_owned(), bare.to_owned())]].concat());
    // Out of date, by the day that was given.
    let old = "<!-- clearplan: ignore open-frequency until 2026-11-26 because of x -->".to_owned();
    let refused = PLAN.replace("🦊", &format!("{old}\n🦊"));
    editor.change(uri, 4, &refused);
    assert_eq!(marked(&refused, &editor.diagnostics()).len(), before.len() + 1);
    editor.change(uri, 5, PLAN);
    assert_eq!(marked(PLAN, &editor.diagnostics()), before);
    assert_eq!(editor.end(), (Some(0), String::new()));
}

#[test]
fn a_file_of_waivers_is_honoured() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("lsp-waivers.toml");
    let file = "[[waiver]]\nrule = \"open-frequency\"\nplan = \"my plan.md\"\nwords = \"Regular help\"\nreason = \"Agreed\"\nowner = \"Ms \
                Okafor\"\nexpires = 2027-03-31\n";
    std::fs::write(&path, file).expect("it is written");
    let path = path.to_str().expect("UTF-8");
    let (mut editor, _) = Editor::with(&["--waivers", path, "--date", "2026-11-27"], Value::Null);
    let open_frequency =
        |published: &Value| marked(PLAN, published).iter().filter(|one| one.0 == "provision/open-frequency").count();
    editor.open("file:///c%3A/other.md", "markdown", PLAN);
    let other = editor.diagnostics();
    editor.open("file:///c%3A/my%20plan.md", "markdown", PLAN);
    let mine = editor.diagnostics();
    assert_eq!((open_frequency(&other), open_frequency(&mine)), (1, 0));
    assert_eq!(marked(PLAN, &mine).len() + 1, marked(PLAN, &other).len(), "no other finding changes");
    let at = json!({ "line": 2, "character": 20 });
    let asked = json!({ "textDocument": { "uri": "file:///c%3A/my%20plan.md" }, "position": at });
    let hover = editor.result("textDocument/hover", asked);
    let help = hover["contents"]["value"].as_str().expect("Markdown");
    assert!(help.contains("Ms Okafor, until 2027-03-31, in the file of waivers"), "{help}");
    assert_eq!(editor.end(), (Some(0), String::new()));

    // The day after, and a file that does not load.
    let (mut editor, _) = Editor::with(&["--waivers", path, "--date", "2027-04-01"], Value::Null);
    editor.open("file:///my%20plan.md", "markdown", PLAN);
    assert_eq!(open_frequency(&editor.diagnostics()), 1);
    assert_eq!(editor.end(), (Some(0), String::new()));
    let (code, said) = Editor::start(&["--model", "rules", "--waivers", "no-such.toml"]).left();
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("no-such.toml"), "{said}");
}

/// What is wrong with the plan as a whole is marked where it stands first, and explained there.
#[test]
fn another_childs_name_is_marked() {
    let (mut editor, _) = Editor::initialized(json!(["utf-16"]));
    let uri = "file:///named.md";
    let plan = "Name: Zoë Marsh\n\n# Section A: Views\n\nZoë likes drawing.\n\n# Section B: Special educational needs\n\n\
        Zoë finds it hard to follow spoken instructions.\n\nThomas leaves out the sounds k and g.\n\n\
        # Section F: Special educational provision\n\n\
        A speech and language therapist will see Zoë 1:1 for 30 minutes every week.\n";
    editor.open(uri, "markdown", plan);
    let published = editor.diagnostics();
    let found = published["diagnostics"].as_array().expect("a list");
    let name = found.iter().find(|d| d["code"] == "plan/another-name").expect("it is found");
    assert_eq!(words(plan, &name["range"]), "Thomas");
    let at = json!({ "textDocument": { "uri": uri }, "position": name["range"]["start"] });
    let hover = editor.result("textDocument/hover", at);
    assert_eq!(words(plan, &hover["range"]), "Thomas");
    let help = hover["contents"]["value"].as_str().expect("Markdown");
    assert!(help.contains("`plan/another-name`"), "{help}");
    editor.end();
}
