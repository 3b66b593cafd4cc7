//! Lists the rule and lexicon files, so that adding a rule touches one file; and gives the judgement's sources one number,
//! so that an archive knows which of its scores are an older program's.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from("src/rules");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    // Rules about whole plans stand beside what looks for them.
    let plan = PathBuf::from("src/plan/rules");
    println!("cargo::rerun-if-changed={}", plan.display());
    let folders = ["lexicons", "outcome", "provision"].map(|folder| (folder, root.join(folder)));
    for (folder, place) in folders.into_iter().chain([("plan", plan)]) {
        for entry in fs::read_dir(place)? {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            if name.ends_with(".toml") || name.ends_with(".txt") {
                files.push((format!("{folder}/{name}"), path.to_string_lossy().replace('\\', "/")));
            }
        }
    }
    files.sort();
    let mut list =
        String::from("/// Every rule and lexicon file, ordered by path.\nconst BUILTIN: &[(&str, &str)] = &[\n");
    for (path, file) in files {
        // From where the crate lies when it is compiled, so that two checkouts can share a build folder. Writing to a String cannot fail.
        let _ = writeln!(
            list,
            "    ({path:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {:?}))),",
            format!("/{file}")
        );
    }
    list.push_str("];\n");
    let out = env::var_os("OUT_DIR").map(PathBuf::from).ok_or_else(|| io::Error::other("OUT_DIR is not set"))?;
    fs::write(Path::new(&out).join("rules.rs"), list)?;
    sources()
}

/// One number for all files that a judgement depends on: everything in `src/` but the command line, the server, the comparison of
/// documents and the writers.
fn sources() -> io::Result<()> {
    let mut files = Vec::new();
    gather(Path::new("src"), &mut files)?;
    files.sort();
    // FNV-1a, which stays the same with every version of Rust.
    let mut number: u64 = 0xCBF2_9CE4_8422_2325;
    let mut add =
        |bytes: &[u8]| bytes.iter().for_each(|b| number = (number ^ u64::from(*b)).wrapping_mul(0x100_0000_01B3));
    for file in files {
        println!("cargo::rerun-if-changed={}", file.display());
        add(file.to_string_lossy().replace('\\', "/").as_bytes());
        add(&fs::read(&file)?);
    }
    println!("cargo::rustc-env=CLEARPLAN_SOURCES={number:016x}");
    Ok(())
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir()
            && !matches!(
                name,
                "cli" | "compare" | "server" | "writers" | "statistics" | "report" | "tests" | "snapshots"
            )
        {
            gather(&path, files)?;
        } else if path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}
