//! This is `clearplan lsp`: the findings as an editor shows them while one types, over the Language Server Protocol.
//!
//! Texts come whole with each change. A text that is being typed is judged after a short pause, and at once when the
//! editor asks about it. Only statements that changed are judged anew. Nothing is written and nothing connects outward:
//! the editor starts this program and speaks with it over standard input and output.

mod judged;
mod place;
mod tell;

use self::judged::Text;
use self::place::Encoding;
use super::waiving::Waived;
use super::{Exit, Failure, Judging, Waiving};
use clearplan::document::Setting;
use clearplan::engine::Engine;
use lsp_server::{Connection, ErrorCode, Message, Notification, ProtocolError, Request, Response};
use lsp_types::notification::{self, Notification as _};
use lsp_types::request::{self, Request as _};
use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionProviderCapability, DidChangeTextDocumentParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, HoverProviderCapability, InitializeParams,
    PublishDiagnosticsParams, ServerCapabilities, TextDocumentSyncCapability, TextDocumentSyncKind, Uri,
};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::time::{Duration, Instant};

/// How long nobody types before a text is judged.
const PAUSE: Duration = Duration::from_millis(200);
/// Statements that are not judged again: those of many long texts.
const REMEMBERED: usize = 1 << 14;

/// Judge while you type: the language server for editors, over standard input and output
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Set up your editor to start `clearplan lsp` for plain text and Markdown. It speaks the Language \
                        Server Protocol over standard input and output; every text stays on this machine. The file of \
                        waivers is read when it starts."
)]
pub struct Lsp {
    /// Accepted because many editors pass it; there is no other way
    #[arg(long, hide = true)]
    stdio: bool,
    #[command(flatten)]
    waiving: Waiving,
    #[command(flatten)]
    judging: Judging,
}

impl Lsp {
    /// Serves until the editor says that it is done.
    pub fn run(self) -> Result<Exit, Failure> {
        let engine = self.judging.engine()?.with_cache(REMEMBERED);
        let mut waived = self.waiving.load()?;
        // Editors run for weeks. The form of the day was looked at when the file was loaded.
        let today = || self.waiving.day().ok();
        let (connection, threads) = Connection::stdio();
        let served = serve(&connection, &engine, self.judging.setting(), &mut waived, &today);
        // The writing thread ends when nobody can send any more.
        drop(connection);
        let joined = threads.join();
        // The reasons of the library repeat what was sent, which may be words of a plan.
        let broken = |_| Failure::Input("what the editor sent is no message of the protocol; start it again".into());
        served.map_err(broken)?;
        match joined {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(Exit::Clean),
            Err(_) => Err(Failure::Input("the editor broke off in the middle of a message; start it again".into())),
            Ok(()) => Ok(Exit::Clean),
        }
    }
}

fn serve(
    connection: &Connection,
    engine: &Engine,
    setting: Option<Setting>,
    waived: &mut Waived,
    today: &dyn Fn() -> Option<String>,
) -> Result<(), ProtocolError> {
    let (id, params) = connection.initialize_start()?;
    let params: InitializeParams = serde_json::from_value(params).unwrap_or_default();
    let encoding = Encoding::of(&params);
    let capabilities = ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Kind(TextDocumentSyncKind::FULL)),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX]),
            ..CodeActionOptions::default()
        })),
        ..ServerCapabilities::default()
    };
    let about = serde_json::json!({
        "capabilities": capabilities,
        "serverInfo": { "name": "clearplan", "version": env!("CARGO_PKG_VERSION") },
    });
    connection.initialize_finish(id, about)?;
    Server { connection, engine, setting, waived, today, encoding, texts: BTreeMap::new() }.run()
}

struct Server<'s> {
    connection: &'s Connection,
    engine: &'s Engine,
    setting: Option<Setting>,
    waived: &'s mut Waived,
    today: &'s dyn Fn() -> Option<String>,
    encoding: Encoding,
    /// Open texts by address.
    texts: BTreeMap<String, Open>,
}

/// An open text.
struct Open {
    uri: Uri,
    version: i32,
    text: Text,
    /// When it is to be judged, where it has changed since.
    due: Option<Instant>,
}

impl Server<'_> {
    fn run(mut self) -> Result<(), ProtocolError> {
        loop {
            let due = self.texts.values().filter_map(|open| open.due).min();
            let message = match due {
                Some(due) => self.connection.receiver.recv_deadline(due).map_err(|error| error.is_timeout()),
                None => self.connection.receiver.recv().map_err(|_| false),
            };
            match message {
                Ok(Message::Request(request)) => {
                    if self.connection.handle_shutdown(&request)? {
                        return Ok(());
                    }
                    let response = self.answer(request);
                    self.send(response.into());
                }
                Ok(Message::Notification(notification)) => self.take(notification),
                Ok(Message::Response(_)) => {}
                Err(true) => self.judge_due(),
                // The editor has gone without a word.
                Err(false) => return Ok(()),
            }
        }
    }

    fn answer(&mut self, Request { id, method, params }: Request) -> Response {
        let wrong = |why: serde_json::Error| {
            // Only where in the message, since the message may hold words of a plan.
            format!("the parameters cannot be read (line {}, column {})", why.line(), why.column())
        };
        let answer = match method.as_str() {
            request::HoverRequest::METHOD => read::<lsp_types::HoverParams>(params).map_err(wrong).map(|params| {
                let at = params.text_document_position_params;
                let (engine, encoding) = (self.engine, self.encoding);
                let text = self.judged(&at.text_document.uri);
                json(&text.and_then(|(text, _)| tell::hover(text, at.position, encoding, engine.rules())))
            }),
            request::CodeActionRequest::METHOD => {
                read::<lsp_types::CodeActionParams>(params).map_err(wrong).map(|params| {
                    let (engine, encoding) = (self.engine, self.encoding);
                    let text = self.judged(&params.text_document.uri);
                    json(&text.map(|(text, uri)| tell::actions(text, &uri, &params, encoding, engine.rules())))
                })
            }
            _ => {
                let what = format!("{method} is not offered");
                return Response::new_err(id, ErrorCode::MethodNotFound as i32, what);
            }
        };
        match answer {
            Ok(value) => Response::new_ok(id, value),
            Err(why) => Response::new_err(id, ErrorCode::InvalidParams as i32, why),
        }
    }

    fn take(&mut self, Notification { method, params }: Notification) {
        match method.as_str() {
            notification::DidOpenTextDocument::METHOD => {
                let Ok(params) = read::<DidOpenTextDocumentParams>(params) else { return };
                let opened = params.text_document;
                self.change(opened.uri, opened.version, opened.text, Instant::now());
            }
            notification::DidChangeTextDocument::METHOD => {
                let Ok(params) = read::<DidChangeTextDocumentParams>(params) else { return };
                // Every change holds the whole text; the last is the newest.
                let Some(change) = params.content_changes.into_iter().next_back() else { return };
                let document = params.text_document;
                self.change(document.uri, document.version, change.text, Instant::now() + PAUSE);
            }
            notification::DidCloseTextDocument::METHOD => {
                let Ok(params) = read::<DidCloseTextDocumentParams>(params) else { return };
                if let Some(open) = self.texts.remove(params.text_document.uri.as_str()) {
                    self.publish(open.uri, None, Vec::new());
                }
            }
            _ => {}
        }
    }

    fn change(&mut self, uri: Uri, version: i32, text: String, due: Instant) {
        let key = uri.as_str().to_owned();
        let open = self.texts.entry(key).or_insert_with(|| Open { uri, version, text: Text::default(), due: None });
        open.version = version;
        open.text.set(text);
        open.due = Some(due);
    }

    /// The text at an address, judged as it is now.
    fn judged(&mut self, uri: &Uri) -> Option<(&Text, Uri)> {
        self.judge(uri.as_str());
        self.texts.get(uri.as_str()).map(|open| (&open.text, open.uri.clone()))
    }

    fn judge_due(&mut self) {
        let now = Instant::now();
        let due = self.texts.iter().filter(|(_, open)| open.due.is_some_and(|due| due <= now));
        let keys: Vec<String> = due.map(|(key, _)| key.clone()).collect();
        keys.iter().for_each(|key| self.judge(key));
    }

    /// Judges a text if it has changed, and tells the editor.
    fn judge(&mut self, key: &str) {
        let Some(open) = self.texts.get_mut(key).filter(|open| open.due.is_some()) else { return };
        open.due = None;
        if let Some(today) = (self.today)() {
            self.waived.today = today;
        }
        open.text.judge(self.engine, self.setting, &name(key), self.waived);
        let found = tell::diagnostics(&open.text, self.encoding, self.engine.rules());
        let (uri, version) = (open.uri.clone(), open.version);
        self.publish(uri, Some(version), found);
    }

    fn publish(&self, uri: Uri, version: Option<i32>, diagnostics: Vec<lsp_types::Diagnostic>) {
        let params = json(&PublishDiagnosticsParams { uri, diagnostics, version });
        let method = notification::PublishDiagnostics::METHOD.to_owned();
        self.send(Notification { method, params }.into());
    }

    /// Sends a message; where the editor has gone, the next reading notices.
    fn send(&self, message: Message) {
        let _ = self.connection.sender.send(message);
    }
}

/// What the file at an address is called: the last piece of its path, with `%20` and the like read as they are meant.
fn name(address: &str) -> String {
    let path = address.split(['?', '#']).next().unwrap_or(address);
    let last = path.rsplit('/').next().unwrap_or(path);
    let mut bytes = Vec::with_capacity(last.len());
    let mut rest = last.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let meant = digits.filter(|digits| *first == b'%' && digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let meant = meant.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(meant.unwrap_or(*first));
        rest = if meant.is_some() { after.get(2..).unwrap_or(&[]) } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| last.to_owned())
}

fn read<T: DeserializeOwned>(params: serde_json::Value) -> Result<T, serde_json::Error> {
    serde_json::from_value(params)
}

fn json(value: &impl serde::Serialize) -> serde_json::Value {
    // Only maps with keys that are no strings fail, and the protocol has none.
    serde_json::to_value(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_file_is_called_by_the_last_of_its_address() {
        for (address, called) in [
            ("file:///c%3A/plans/Zo%C3%AB%20plan.md", "Zoë plan.md"),
            ("untitled:Untitled-1", "untitled:Untitled-1"),
            ("file:///plan.md?x#y", "plan.md"),
            ("file:///100%.md", "100%.md"),
            ("file:///%f", "%f"),
            ("file:///a%FFb", "a%FFb"),
            ("", ""),
        ] {
            assert_eq!(name(address), called, "{address}");
        }
    }
}
