//! This is the archive, run as a person runs it: interrupted, damaged, changed, and with planted truth.

#[path = "../corpora/archive/generator/mod.rs"]
#[allow(dead_code, reason = "shared with the generator's own program")]
mod generator;

use clearplan::archive::wording;
use generator::Shape;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("archive-{test}"));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("the folder can be made");
        Self(path)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("it can be made");
        std::fs::write(path, bytes).expect("it can be written");
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.read(name)).expect("JSON")
    }

    fn lines(&self, name: &str) -> Vec<Value> {
        self.read(name).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    /// Records of a shape's plans.
    fn records(&self, name: &str, shape: &Shape, plans: u64) {
        let lines: String = (0..plans).map(|n| shape.plan(n).record() + "\n").collect();
        self.write(name, lines);
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_clearplan"));
        command.arg("score").args(arguments).args(["--model", "rules"]).current_dir(&self.0).stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the binary starts")
    }

    fn done(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}");
        said
    }

    /// Every output with its bytes; what is the run's own is left aside.
    fn outputs(&self, out: &str) -> BTreeMap<String, Vec<u8>> {
        let mut all = BTreeMap::new();
        for entry in std::fs::read_dir(self.0.join(out)).expect("it lists").flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.path().is_file() {
                all.insert(name, std::fs::read(entry.path()).expect("it reads"));
            }
        }
        all
    }

    fn same(&self, a: &str, b: &str) {
        let (a, b) = (self.outputs(a), self.outputs(b));
        assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>());
        for (name, bytes) in &a {
            assert!(&b[name] == bytes, "{name} differs");
        }
    }
}

/// Short plans, so that a test takes seconds.
fn short() -> Shape {
    Shape { words: 400, ..Shape::default() }
}

#[test]
fn the_same_for_any_threads_and_windows() {
    let folder = Folder::new("same");
    folder.records("plans.jsonl", &Shape { words: 9_000, ..Shape::default() }, 150);
    folder.done(&["plans.jsonl", "--out", "one", "--threads", "1", "--window", "1", "--csv"]);
    folder.done(&["plans.jsonl", "--out", "two", "--threads", "2", "--window", "64", "--csv"]);
    folder.done(&["plans.jsonl", "--out", "three", "--threads", "7", "--window", "5", "--csv"]);
    folder.same("one", "two");
    folder.same("one", "three");
    let shards = std::fs::read_dir(folder.0.join("one/.clearplan/shards")).expect("it lists").count();
    assert!(shards > 1, "one batch would prove nothing");
    let names: Vec<String> = folder.outputs("one").into_keys().collect();
    let expected = [
        "findings.csv",
        "findings.parquet",
        "metadata.jsonl",
        "plans.csv",
        "plans.parquet",
        "privacy.json",
        "rejected.jsonl",
        "report.html",
        "statements.csv",
        "statements.parquet",
        "summary.json",
    ];
    assert_eq!(names, expected);
}

#[test]
fn kills_change_nothing_and_lose_nothing() {
    let folder = Folder::new("kills");
    folder.records("plans.jsonl", &Shape { words: 9_000, ..Shape::default() }, 150);
    let arguments = ["plans.jsonl", "--out", "killed", "--window", "2"];
    let since = std::time::Instant::now();
    folder.done(&["plans.jsonl", "--out", "whole", "--window", "2"]);
    let whole = since.elapsed();
    let mut draws = fastrand::Rng::with_seed(5);
    for _ in 0..6 {
        let mut child = folder.command(&arguments).stderr(Stdio::null()).spawn().expect("the binary starts");
        std::thread::sleep(Duration::from_secs_f64(whole.as_secs_f64() * draws.f64()));
        // SIGKILL: nothing can be tidied up.
        let _ = child.kill();
        let _ = child.wait();
    }
    folder.done(&arguments);
    folder.same("whole", "killed");
}

#[test]
fn nothing_new_is_nothing_done_and_a_change_is_its_own_batch() {
    let folder = Folder::new("again");
    folder.records("plans.jsonl", &Shape { words: 9_000, ..Shape::default() }, 150);
    folder.done(&["plans.jsonl", "--out", "out"]);
    let before = folder.outputs("out");
    let said = folder.done(&["plans.jsonl", "--out", "out"]);
    assert!(said.contains("150 of 150 inputs were scored before") && said.contains("nothing had changed"), "{said}");
    assert!(folder.outputs("out") == before);
    // A shard that went bad is made anew.
    let shards = std::fs::read_dir(folder.0.join("out/.clearplan/shards")).expect("it lists");
    let shard = shards.flatten().map(|entry| entry.path()).min().expect("a shard");
    let mut bytes = std::fs::read(&shard).expect("it reads");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&shard, bytes).expect("it writes");
    std::fs::remove_file(folder.0.join("out/.clearplan/complete.json")).expect("it is there");
    let output = folder.run(&["plans.jsonl", "--out", "out"]);
    assert!(output.status.code() == Some(3) && String::from_utf8_lossy(&output.stderr).contains("a shard is damaged"));
    folder.done(&["plans.jsonl", "--out", "out"]);
    assert!(folder.outputs("out") == before);
    // One plan more in front: its batch is new, most others are not.
    let more = Shape { seed: 9, words: 9_000, ..Shape::default() }.plan(7).record().replace("p0000007", "new");
    folder.write("plans.jsonl", more + "\n" + &folder.read("plans.jsonl"));
    let said = folder.done(&["plans.jsonl", "--out", "out"]);
    let reused: usize =
        said.split('(').nth(1).and_then(|rest| rest.split(' ').next()).and_then(|n| n.parse().ok()).expect("a count");
    assert!((20..150).contains(&reused), "{said}");
    folder.done(&["plans.jsonl", "--out", "fresh"]);
    folder.same("out", "fresh");
    // Another way of judging shares nothing.
    let said = folder.done(&["plans.jsonl", "--out", "out", "--no-text"]);
    assert!(said.contains("(0 of 151 inputs"), "{said}");
}

#[test]
fn hostile_inputs_are_told_and_stop_nothing() {
    let folder = Folder::new("hostile");
    let shape = Shape { leaks: 0.0, copies: 0.0, ..short() };
    let good = shape.plan(1);
    folder.write("in/good.txt", good.text());
    folder.write("in/good.docx", generator::docx::write(&shape.plan(2)));
    folder.write("in/empty.txt", "");
    folder.write("in/picture.docx", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    folder.write("in/letter.txt", "Dear all,\n\nthank you for the cake.\n");
    let huge = "x".repeat(17 << 20);
    folder.write(
        "in/records.jsonl",
        [
            b"{\"id\":\"cut\",\"text\":\"Sec\n{\"id\":\"bytes\",\"text\":\"\xff\"}\n[1]\n".as_slice(),
            huge.as_bytes(),
            b"\n",
        ]
        .concat(),
    );
    folder.write("in/again.jsonl", format!("{}\n{}\n", good.record(), good.record()));
    folder.write("in/.hidden", "x");
    folder.write("in/~$good.docx", "x");
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, bytes) in [
        ("a/plan.txt", shape.plan(3).text().into_bytes()),
        ("../out.txt", b"x".to_vec()),
        ("zeros.txt", vec![b' '; 70 << 20]),
    ] {
        zip.start_file(name, options).expect("memory");
        zip.write_all(&bytes).expect("memory");
    }
    let zip = zip.finish().expect("memory").into_inner();
    folder.write("in/plans.zip", &zip);
    folder.write("in/cut.zip", &zip[..zip.len() - 40]);
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder.0.join("in"), folder.0.join("in/loop")).expect("a link");
    folder.write("in/deep/more.txt", shape.plan(4).text());
    let said = folder.done(&["in", "gone.txt", "--out", "in/out"]);
    let rejected: BTreeSet<(String, String)> = folder
        .lines("in/out/rejected.jsonl")
        .iter()
        .map(|line| (line["input"].as_str().unwrap_or("").to_owned(), line["reason"].as_str().unwrap_or("").to_owned()))
        .collect();
    let mut expected: Vec<(&str, &str)> = vec![
        ("gone.txt", "unreadable"),
        ("in/empty.txt", "empty"),
        ("in/picture.docx", "unsupported"),
        ("in/letter.txt", "nothing_found"),
        ("in/records.jsonl:1", "not_a_record"),
        ("bytes", "not_a_record"),
        ("in/records.jsonl:3", "not_a_record"),
        ("in/records.jsonl:4", "too_large"),
        ("p0000001 in in/again.jsonl", "duplicate_id"),
        ("in/plans.zip/../out.txt", "unsafe_name"),
        ("in/plans.zip/zeros.txt", "too_large"),
        ("in/cut.zip/../out.txt", "unsafe_name"),
        ("in/cut.zip", "damaged"),
    ];
    if cfg!(unix) {
        expected.push(("in/loop", "link"));
    }
    for (input, reason) in expected {
        assert!(rejected.contains(&(input.to_owned(), reason.to_owned())), "{input} {reason} in {rejected:#?}\n{said}");
    }
    let details = folder.read("in/out/rejected.jsonl");
    assert!(!details.contains("cake") && !details.contains("xxxx"), "no words of a plan");
    // good.txt, good.docx, again.jsonl, plan.txt of both zips, more.txt.
    assert_eq!(folder.json("in/out/summary.json")["plans"], 6);
}

#[test]
fn nothing_readable_is_three() {
    let folder = Folder::new("nothing");
    folder.write("in/empty.txt", "");
    let output = folder.run(&["in", "--out", "out"]);
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(folder.read("out/rejected.jsonl").contains("\"reason\":\"empty\""));
}

#[test]
fn two_runs_on_one_folder_are_refused() {
    let folder = Folder::new("locked");
    folder.records("plans.jsonl", &short(), 3);
    std::fs::create_dir_all(folder.0.join("out/.clearplan")).expect("a folder");
    let lock = std::fs::File::create(folder.0.join("out/.clearplan/lock")).expect("a file");
    lock.lock().expect("it is free");
    let output = folder.run(&["plans.jsonl", "--out", "out"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("another run is writing"));
    drop(lock);
    folder.done(&["plans.jsonl", "--out", "out"]);
}

#[test]
fn an_output_that_cannot_be_written_is_three() {
    let folder = Folder::new("unwritable");
    folder.records("plans.jsonl", &short(), 3);
    folder.write("file", "x");
    let output = folder.run(&["plans.jsonl", "--out", "file/out"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("file/out"));
}

/// A limit on the size of files gives the same error as a full disk where the signal is ignored.
#[cfg(unix)]
#[test]
fn a_full_disk_loses_nothing() {
    let folder = Folder::new("full");
    folder.records("plans.jsonl", &Shape { words: 9_000, ..Shape::default() }, 120);
    let script = format!(
        "trap '' XFSZ; ulimit -f 300; exec '{}' score plans.jsonl --out out --window 1 --model rules",
        env!("CARGO_BIN_EXE_clearplan")
    );
    let output = Command::new("bash").arg("-c").arg(&script).current_dir(&folder.0).output().expect("bash");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("go on from there"), "{said}");
    folder.done(&["plans.jsonl", "--out", "out", "--window", "1"]);
    folder.done(&["plans.jsonl", "--out", "fresh"]);
    folder.same("out", "fresh");
}

#[test]
fn an_input_that_changes_under_way_is_told_and_nothing_is_lost() {
    let folder = Folder::new("changing");
    folder.records("plans.jsonl", &Shape { words: 9_000, ..Shape::default() }, 120);
    let arguments = ["plans.jsonl", "--out", "out", "--window", "1"];
    let mut child = folder.command(&arguments).stderr(Stdio::null()).spawn().expect("the binary starts");
    // The reader waits for the scoring, so that the file grows long before it is read to its end.
    let mut file = std::fs::OpenOptions::new().append(true).open(folder.0.join("plans.jsonl")).expect("it is there");
    let status = loop {
        if let Some(status) = child.try_wait().expect("it can be asked") {
            break status;
        }
        file.write_all(b"\n").expect("it can be written");
        std::thread::sleep(Duration::from_millis(10));
    };
    assert!(status.success(), "{status}");
    assert!(folder.read("out/rejected.jsonl").contains("\"reason\":\"changed\""));
    assert_eq!(folder.json("out/summary.json")["plans"], 120);
    folder.done(&arguments);
    assert_eq!(folder.read("out/rejected.jsonl"), "");
    folder.done(&["plans.jsonl", "--out", "fresh"]);
    folder.same("out", "fresh");
}

#[test]
fn every_form_of_the_same_plans_has_the_same_scores() {
    let folder = Folder::new("forms");
    let shape = Shape { wrong: 0.0, ..short() };
    let plans: Vec<_> = (0..12).map(|n| shape.plan(n)).collect();
    let lines: String = plans.iter().map(|plan| plan.record() + "\n").collect();
    folder.write("a.jsonl", &lines);
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(lines.as_bytes()).expect("memory");
    folder.write("b.jsonl.gz", gz.finish().expect("memory"));
    folder.write("c.jsonl.zst", zstd::bulk::compress(lines.as_bytes(), 1).expect("memory"));
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(lines.len() as u64);
    header.set_mode(0o644);
    header.set_cksum();
    tar.append_data(&mut header, "x/plans.jsonl", lines.as_bytes()).expect("memory");
    folder.write("d.tar.zst", zstd::bulk::compress(&tar.into_inner().expect("memory"), 1).expect("memory"));
    let scores = |input: &str| -> Value {
        folder.done(&[input, "--out", "out", "--min-group", "1"]);
        let _ = folder.read("out/report.html");
        let mut statistics = folder.json("out/summary.json")["statistics"].take();
        let _ = std::fs::remove_dir_all(folder.0.join("out"));
        statistics["fields"].take()
    };
    let first = scores("a.jsonl");
    assert!(first.as_array().is_some_and(|fields| fields.len() == 7));
    for other in ["b.jsonl.gz", "c.jsonl.zst", "d.tar.zst"] {
        assert_eq!(scores(other), first, "{other}");
    }
    // The same plans as Word files, with their metadata in a table.
    let mut table = String::from("id,team,author,area,setting,need,phase,status,date\n");
    for plan in &plans {
        folder.write(&format!("docx/{}.docx", plan.id), generator::docx::write(plan));
        let values: Vec<&str> = plan.metadata.iter().map(|(_, value)| value.as_str()).collect();
        table += &format!("{},{}\n", plan.id, values.join(","));
    }
    folder.write("table.csv", table + "p9,Team 1,,,,,,,\n");
    folder.done(&["docx", "--out", "out", "--min-group", "1", "--metadata", "table.csv"]);
    let summary = folder.json("out/summary.json");
    assert_eq!(summary["plans"], 12);
    assert_eq!(summary["statistics"]["judged"].as_u64().map(|n| n > 50), Some(true));
    assert!(folder.read("out/metadata.jsonl").contains("no plan of this id"));
}

#[test]
fn personal_data_is_found_masked_and_stops_a_strict_run() {
    let folder = Folder::new("personal");
    let (mut hits, mut planted, mut found) = (0, 0, 0);
    for seed in 0..4 {
        let shape = Shape { seed, leaks: 0.3, copies: 0.0, ..short() };
        folder.records("plans.jsonl", &shape, 150);
        let _ = std::fs::remove_dir_all(folder.0.join("out"));
        folder.done(&["plans.jsonl", "--out", "out", "--redact", "--csv"]);
        let said = folder.json("out/privacy.json");
        let places: BTreeMap<String, Vec<String>> = said["plans"]
            .as_array()
            .expect("plans")
            .iter()
            .map(|plan| {
                let kinds = plan["found"].as_array().expect("places").iter();
                (
                    plan["plan"].as_str().unwrap_or("").to_owned(),
                    kinds.map(|k| k["kind"].as_str().unwrap_or("").to_owned()).collect(),
                )
            })
            .collect();
        let statements = folder.read("out/statements.csv");
        for n in 0..150 {
            let plan = shape.plan(n);
            let kinds = places.get(&plan.id).cloned().unwrap_or_default();
            // A surname that was planted must not stand in any output.
            planted += plan.truth.leaks.len();
            hits += plan.truth.leaks.iter().filter(|kind| kinds.iter().any(|k| k == *kind)).count();
            found += kinds.len();
        }
        for word in ["@example.org", "01632", "Larkspur", "Stonecrop", "Hawksmere", "Pimbley", "Okonjo"] {
            assert!(!statements.contains(word), "{word} in statements.csv");
        }
    }
    let (recall, precision) = (f64::from(hits as u32) / planted as f64, f64::from(hits as u32) / found as f64);
    eprintln!("personal data: {planted} planted, recall {recall:.3}, precision {precision:.3}");
    assert!(
        planted > 150 && recall >= 0.95 && precision >= 0.9,
        "{planted} planted, recall {recall:.3}, precision {precision:.3}"
    );

    let strict = folder.run(&["plans.jsonl", "--out", "out", "--strict-privacy"]);
    assert_eq!(strict.status.code(), Some(4));
    let left: Vec<String> = folder.outputs("out").into_keys().collect();
    assert_eq!(left, ["privacy.json", "rejected.jsonl"]);
    folder.done(&["plans.jsonl", "--out", "none", "--no-text", "--csv"]);
    let statements = folder.read("none/statements.csv");
    assert!(statements.lines().count() > 1_000 && statements.lines().skip(1).all(|line| line.ends_with(',')));
}

#[test]
fn the_outputs_are_what_the_schemas_say() {
    let folder = Folder::new("schemas");
    // Personal data, wrong metadata, copies, months enough for a trend, and inputs that cannot be read.
    let shape = Shape {
        teams: 3,
        months: 12,
        drift: Some((6, 0.3)),
        leaks: 0.1,
        wrong: 0.1,
        copies: 0.05,
        words: 400,
        ..Shape::default()
    };
    folder.records("in/plans.jsonl", &shape, 300);
    folder.write("in/empty.txt", "");
    folder.write("in/damaged.docx", "PK\u{3}\u{4}");
    folder.write("plans.csv", "id,team,date\nnobody,North,2026-01-01\n");
    folder.done(&["in", "--out", "out", "--metadata", "plans.csv", "--sample", "10", "--min-group", "3"]);
    let schema = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("schemas/{name}.schema.json"));
        let text = std::fs::read_to_string(path).expect("the schema is there");
        jsonschema::draft202012::new(&serde_json::from_str(&text).expect("JSON")).expect("the schema is one")
    };
    let valid = |name: &str, file: &str, values: &[Value]| {
        let schema = schema(name);
        assert!(!values.is_empty(), "{file} holds nothing");
        for value in values {
            let errors: Vec<String> =
                schema.iter_errors(value).map(|error| format!("{error} at {}", error.instance_path())).collect();
            assert!(errors.is_empty(), "{file}: {errors:#?}");
        }
    };
    let summary = folder.json("out/summary.json");
    for part in ["fields", "rules", "risks", "sample", "quantum", "styles"] {
        assert!(summary["statistics"][part].as_array().is_some_and(|list| !list.is_empty()), "no {part} to check");
    }
    assert!(summary["statistics"]["trend"]["change"].is_object() && summary["rejected"] == 2, "{summary:#}");
    valid("score-summary", "summary.json", &[summary]);
    valid("score-privacy", "privacy.json", &[folder.json("out/privacy.json")]);
    for (name, file) in [
        ("score-rejected", "out/rejected.jsonl"),
        ("score-metadata", "out/metadata.jsonl"),
        ("score-manifest", "out/.clearplan/manifest.jsonl"),
    ] {
        valid(name, file, &folder.lines(file));
    }
}

#[test]
fn planted_boilerplate_and_metadata_are_recovered() {
    let folder = Folder::new("planted");
    let shape = Shape { teams: 3, plain: 0.0, leaks: 0.0, wrong: 0.1, copies: 0.02, words: 600, ..Shape::default() };
    folder.records("plans.jsonl", &shape, 400);
    folder.done(&["plans.jsonl", "--out", "out"]);
    let families = &folder.json("out/summary.json")["statistics"]["families"];
    let plans: Vec<_> = (0..400).map(|n| shape.plan(n)).collect();
    // Sentences of boilerplate without name and pronouns, and the plans that they stand in.
    let plain = |text: &str, plan: &generator::Planned| -> String {
        let child = text.split(' ').find(|word| plan.name() == *word).unwrap_or("");
        let mut out = String::new();
        wording::strip(text, Some(child), &mut out);
        out
    };
    let mut families_planted: BTreeMap<String, (BTreeSet<&str>, u64)> = BTreeMap::new();
    for plan in plans.iter().filter(|plan| !plan.truth.copy) {
        for text in &plan.truth.boilerplate {
            let family = families_planted.entry(plain(text, plan)).or_default();
            family.0.insert(&plan.id);
            family.1 += 1;
        }
    }
    families_planted.retain(|_, (plans, _)| plans.len() >= 3);
    let planted: u64 = families_planted.values().map(|(_, count)| count).sum();
    let found = families["statements"].as_u64().expect("a count");
    let kinds = (families_planted.len() as u64, families["families"].as_u64().expect("a count"));
    eprintln!("boilerplate: {planted} statements of {} wordings planted, {found} of {} found", kinds.0, kinds.1);
    assert!((0.95..=1.05).contains(&(found as f64 / planted as f64)), "{planted} planted, {found} found");
    // Few statements each, but some: short rows of the corpus come out alike by chance in three plans.
    assert!((0.95..=1.1).contains(&(kinds.1 as f64 / kinds.0 as f64)), "{kinds:?}");
    let top = families["top"].as_array().expect("families");
    let known = |family: &Value| {
        let text = family["text"].as_str().expect("the words are kept");
        plans.iter().any(|plan| plan.truth.boilerplate.iter().any(|planted| planted == text))
    };
    assert!(top.len() > 30 && top[..30].iter().all(known), "a wording that was not planted is among the commonest");
    let wrong: BTreeSet<(String, String)> = folder
        .lines("out/metadata.jsonl")
        .iter()
        .map(|line| (line["plan"].as_str().unwrap_or("").to_owned(), line["field"].as_str().unwrap_or("").to_owned()))
        .collect();
    let expected: BTreeSet<(String, String)> =
        plans.iter().filter_map(|plan| Some((plan.id.clone(), plan.truth.wrong?.to_owned()))).collect();
    assert!(expected.len() > 20);
    assert_eq!(wrong, expected);
    let copies = plans.iter().filter(|plan| plan.truth.copy).count() as u64;
    assert_eq!(folder.json("out/summary.json")["statistics"]["copied_plans"].as_u64(), Some(copies));
    assert!(copies > 0);
}

#[test]
fn planted_teams_and_drift_are_recovered() {
    let folder = Folder::new("truth");
    type Means = BTreeMap<String, (f64, f64, f64)>;
    let means = |folder: &Folder, shape: &Shape, plans: u64| -> (Means, Option<String>) {
        folder.records("plans.jsonl", shape, plans);
        let _ = std::fs::remove_dir_all(folder.0.join("out"));
        folder.done(&["plans.jsonl", "--out", "out"]);
        let statistics = folder.json("out/summary.json")["statistics"].take();
        let team = statistics["fields"]
            .as_array()
            .expect("fields")
            .iter()
            .find(|f| f["field"] == "team")
            .expect("teams")
            .clone();
        let of = |group: &Value| {
            let number = |value: &Value| value.as_f64().expect("a number");
            let interval = &group["interval"];
            (
                group["name"].as_str().unwrap_or("").to_owned(),
                (number(&group["mean"]), number(&interval["low"]), number(&interval["high"])),
            )
        };
        let change = statistics["trend"]["change"]["month"].as_str().map(str::to_owned);
        (team["groups"].as_array().expect("groups").iter().map(of).collect(), change)
    };
    let shape = |seed| Shape {
        seed,
        teams: 4,
        months: 12,
        drift: Some((7, 0.25)),
        leaks: 0.0,
        copies: 0.0,
        words: 500,
        ..Shape::default()
    };
    // What each team's plans come to in the long run.
    let (truth, _) = means(&folder, &shape(1_000), 6_000);
    assert_eq!(truth.len(), 4);
    assert!(truth["Team 4"].0 > truth["Team 1"].0 + 10.0, "{truth:?}");
    let (mut inside, mut all, mut months) = (0, 0, 0);
    for seed in 0..10 {
        let (found, change) = means(&folder, &shape(seed), 400);
        for (team, (_, low, high)) in found {
            all += 1;
            inside += usize::from((low..=high).contains(&truth[&team].0));
        }
        months += usize::from(change.as_deref() == Some("2024-04"));
    }
    eprintln!("team means inside their intervals: {inside} of {all}; month of the drift: {months} of 10");
    assert!(inside * 10 >= all * 9, "{inside} of {all}");
    assert!(months >= 8, "{months} of 10");
}

/// Wordings that differ in a number and a word, and copies of which a tenth was written anew.
#[test]
fn what_is_nearly_the_same_is_recovered() {
    let folder = Folder::new("near");
    let shape = Shape {
        teams: 3,
        plain: 0.0,
        leaks: 0.0,
        wrong: 0.0,
        near: 0.08,
        copies: 0.06,
        edited: 0.1,
        words: 900,
        ..Shape::default()
    };
    folder.records("plans.jsonl", &shape, 400);
    folder.done(&["plans.jsonl", "--out", "out"]);
    let statistics = folder.json("out/summary.json")["statistics"].take();
    let near = &statistics["families"]["near"];
    let plans: Vec<_> = (0..400).map(|n| shape.plan(n)).collect();
    // An edited copy has planted statements of the plan before, some of which are gone.
    let stands = |plan: &generator::Planned, text: &str| {
        plan.sections.iter().any(|(_, _, lines)| lines.iter().any(|line| line.words() == text))
    };
    let mut planted: BTreeMap<usize, u64> = BTreeMap::new();
    let mut of: BTreeMap<&str, usize> = BTreeMap::new();
    for plan in &plans {
        for (family, text) in plan.truth.near.iter().filter(|(_, text)| stands(plan, text)) {
            *planted.entry(*family).or_default() += 1;
            of.insert(text, *family);
        }
    }
    assert_eq!(planted.len(), 3);
    let top = near["top"].as_array().expect("families");
    let (mut common, mut found, mut truth) = (0, 0, 0);
    for (family, count) in &planted {
        truth += count;
        // The largest family that begins with words of the planted one.
        let own = top.iter().filter(|top| {
            top["examples"][0]["text"].as_str().and_then(|text| of.get(text)).is_some_and(|known| known == family)
        });
        let most = own.filter_map(|family| family["statements"].as_u64()).max().unwrap_or(0);
        found += most;
        common += most.min(*count);
    }
    let (recall, precision) = (common as f64 / truth as f64, common as f64 / found as f64);
    eprintln!(
        "nearly the same: {truth} statements planted, {found} found, recall {recall:.3}, precision {precision:.3}"
    );
    assert!(recall >= 0.95 && precision >= 0.95, "recall {recall:.3}, precision {precision:.3}: {near:#}");

    let copies: BTreeSet<&str> = plans.iter().filter(|plan| plan.truth.copy).map(|plan| plan.id.as_str()).collect();
    let listed: BTreeSet<&str> = statistics["near_copies"]["top"]
        .as_array()
        .expect("plans")
        .iter()
        .map(|copy| copy["plan"].as_str().expect("an id"))
        .collect();
    let count = statistics["near_copies"]["plans"].as_u64().expect("a count");
    let right = listed.intersection(&copies).count();
    eprintln!("edited copies: {} planted, {count} found, {right} of {} listed are right", copies.len(), listed.len());
    assert!(copies.len() > 10 && copies.len() <= 40);
    assert!(right * 20 >= copies.len() * 19 && right * 20 >= listed.len() * 19, "{copies:?} {listed:?}");
    let page = folder.read("out/report.html");
    assert!(page.contains("Nearly the same") && page.contains("most statements in common"));
}
