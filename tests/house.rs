//! What the pages for people say is true: their paths exist, their commands are the ones that are run, their output is
//! the program's.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The largest file that the repository may hold, in bytes.
const LARGEST: u64 = 30_000_000;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn page(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The words of a page that look like paths in the repository: targets of links, and pieces of code with a slash or
/// the ending of a file that we keep.
fn paths(text: &str) -> Vec<String> {
    let cut = |c: char| c.is_whitespace() || "()[]<>`|\"'“”,;…".contains(c);
    let folders =
        [".ci/", ".github/", "benches/", "corpora/", "docs/", "examples/", "models/", "schemas/", "src/", "tests/"];
    let mut found: Vec<String> = text
        .split(cut)
        .map(|word| word.trim_end_matches(['.', ':']).trim_start_matches("./"))
        .filter(|word| {
            folders.iter().any(|folder| word.starts_with(folder)) || (linked(text, word) && !word.contains("://"))
        })
        .map(str::to_owned)
        .collect();
    found.sort();
    found.dedup();
    found
}

/// True where a Markdown link leads to `word`.
fn linked(text: &str, word: &str) -> bool {
    !word.is_empty() && !word.starts_with('#') && text.contains(&format!("]({word})"))
}

/// The commands that stand in blocks of shell code, one a line.
fn commands(text: &str) -> Vec<&str> {
    text.split("```").skip(1).step_by(2).filter_map(|b| b.strip_prefix("sh\n")).flat_map(str::lines).collect()
}

#[test]
fn paths_of_the_pages_exist() {
    for name in ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
        let found = paths(&page(name));
        assert!(found.len() >= 4, "{name}: only {found:?}");
        let gone: Vec<_> = found.iter().filter(|path| !root().join(path).exists()).collect();
        assert!(gone.is_empty(), "{name} names what is not there: {gone:?}");
    }
}

#[test]
fn paths_are_told_from_other_words() {
    let text = "See [the page](OTHER.md), `src/gone.rs`, and (tests/x/). Not [this](https://a.example/b) or and/or.";
    assert_eq!(paths(text), ["OTHER.md", "src/gone.rs", "tests/x/"]);
}

#[test]
fn two_commands_of_the_readme() {
    let readme = page("README.md");
    let found = commands(&readme);
    assert_eq!(found.len(), 2, "one that checks a plan, one that tests: {found:?}");
    let plan = found[0].strip_prefix("cargo run -- check ").expect("the first checks a plan");
    assert!(root().join(plan).is_file(), "{plan}");
    assert!(found[1] == "cargo test" || found[1].starts_with("cargo test "), "{}", found[1]);
    let ci = page(".ci/run");
    assert!(ci.lines().any(|line| line == found[1]), ".ci/run has no line `{}`", found[1]);
    let contributing = page("CONTRIBUTING.md");
    for command in &found {
        assert!(commands(&contributing).contains(command), "CONTRIBUTING.md does not run `{command}`");
    }
}

#[test]
fn output_in_the_readme_is_the_programs() {
    let readme = page("README.md");
    let block = readme.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a block of output");
    let (command, shown) = block.split_once('\n').expect("a command and its output");
    let input = command.split('\'').nth(1).expect("the input stands in quotes").replace("\\n", "\n");
    assert_eq!(command, format!("$ printf '{}' | clearplan check -", input.replace('\n', "\\n")));
    let mut child = Command::new(env!("CARGO_BIN_EXE_clearplan"))
        .args(["check", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("it reads");
    let real = String::from_utf8(child.wait_with_output().expect("it ends").stdout).expect("UTF-8");
    assert!(shown == real, "the program's output has changed; put this below the command in README.md:\n{real}");
}

#[test]
fn the_forge_runs_what_we_run() {
    let workflow = page(".github/workflows/ci.yml");
    let runs: Vec<&str> = workflow.lines().filter_map(|line| line.trim().strip_prefix("- run: ")).collect();
    assert_eq!(runs, [".ci/run"]);
    assert!(!workflow.contains("run: |"), "what is run stands in .ci/run alone");
}

#[cfg(unix)]
#[test]
fn the_script_can_be_run() {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(root().join(".ci/run")).expect(".ci/run is there").permissions().mode();
    assert_eq!(mode & 0o111, 0o111, "chmod +x .ci/run");
}

#[test]
fn changelog_has_this_version_and_every_schema() {
    let changelog = page("CHANGELOG.md");
    assert!(changelog.contains(&format!("\n## {}", env!("CARGO_PKG_VERSION"))), "no entry of this version");
    for entry in std::fs::read_dir(root().join("schemas")).expect("schemas lists").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let schema: serde_json::Value = serde_json::from_str(&page(&format!("schemas/{name}"))).expect("JSON");
        let id = schema["$id"].as_str().unwrap_or_default();
        let version = id.rsplit(':').next().unwrap_or_default();
        let line = format!("| {version} | `schemas/{name}` |");
        assert!(!version.is_empty() && changelog.contains(&line), "CHANGELOG.md lacks “{line}”");
    }
}

#[test]
fn no_file_is_too_large() {
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output();
    let Some(listed) = listed.ok().filter(|out| out.status.success()) else {
        eprintln!("skipped: not a git working tree");
        return;
    };
    let names = String::from_utf8_lossy(&listed.stdout).into_owned();
    let size = |name: &str| std::fs::metadata(Path::new(&root()).join(name)).map_or(0, |data| data.len());
    let large: Vec<&str> = names.split('\0').filter(|name| !name.is_empty() && size(name) > LARGEST).collect();
    assert!(large.is_empty(), "above {LARGEST} bytes: {large:?}");
}
