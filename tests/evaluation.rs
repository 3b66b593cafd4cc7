//! Accuracy is a snapshot: a change of judgement shows in `docs/evaluation/` in the commit that caused it.

use std::path::Path;
use std::process::Command;

/// The committed table must be what the program prints; the failure says how to renew it.
fn is_current(rows: &str, table: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    if !root.join(rows).is_file() {
        eprintln!("skipped: {rows} is not here");
        return;
    }
    let out = Command::new(env!("CARGO_BIN_EXE_clearplan"))
        .current_dir(root)
        .args(["evaluate", rows, "--format", "markdown"])
        .output()
        .expect("the binary runs");
    assert!(out.status.success(), "evaluate failed on {rows}");
    let committed = std::fs::read_to_string(root.join(table)).expect("the table is committed");
    assert!(
        committed.as_bytes() == out.stdout,
        "the judgement has changed: read the difference, then `clearplan evaluate {rows} --format markdown > {table}`"
    );
}

#[test]
fn our_own_statements() {
    is_current("corpora/statements/statements.jsonl", "docs/evaluation/statements.md");
}

#[test]
fn published_statements() {
    is_current("../shared/gold/dev.jsonl", "docs/evaluation/dev.md");
}

#[test]
fn contrast_statements() {
    is_current("../shared/gold/contrast.jsonl", "docs/evaluation/contrast.md");
}
