//! Accuracy is a snapshot: a change of judgement shows in `docs/evaluation/` in the commit that caused it.

use std::path::Path;
use std::process::Command;

/// The committed tables must be what the program prints; the failure says how to renew them.
fn is_current(rows: &str, more: &[&str], name: &str) {
    let with = |what: &[&'static str]| [more, what].concat();
    is_printed(rows, &with(&["--show", "figures"]), &format!("docs/evaluation/{name}.md"));
    is_printed(rows, &with(&["--show", "parts"]), &format!("docs/evaluation/{name}-parts.md"));
    is_printed(rows, &with(&["--ablation"]), &format!("docs/evaluation/{name}-ablation.md"));
}

fn is_printed(rows: &str, what: &[&str], table: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    if !root.join(rows).is_file() {
        eprintln!("skipped: {rows} is not here");
        return;
    }
    let out = Command::new(env!("CARGO_BIN_EXE_clearplan"))
        .current_dir(root)
        .args(["evaluate", rows, "--format", "markdown"])
        .args(what)
        .output()
        .expect("the binary runs");
    assert!(out.status.success(), "evaluate failed on {rows}");
    let committed = std::fs::read_to_string(root.join(table)).expect("the table is committed");
    assert!(
        committed.as_bytes() == out.stdout,
        "the judgement has changed: read the difference, then `clearplan evaluate {rows} --format markdown {} > {table}`",
        what.join(" ")
    );
}

#[test]
fn our_own_statements() {
    // The styles that nothing was chosen on.
    is_current("corpora/statements/statements.jsonl", &["--split", "test"], "statements");
}

#[test]
fn published_statements() {
    is_current("../shared/gold/dev.jsonl", &[], "dev");
}

#[test]
fn contrast_statements() {
    is_current("../shared/gold/contrast.jsonl", &[], "contrast");
}
