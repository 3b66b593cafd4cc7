//! Lists the rule and lexicon files, so that adding a rule touches one file.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from("src/rules");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    for folder in ["lexicons", "outcome", "provision"] {
        for entry in fs::read_dir(root.join(folder))? {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            if name.ends_with(".toml") || name.ends_with(".txt") {
                files.push((format!("{folder}/{name}"), fs::canonicalize(&path)?));
            }
        }
    }
    files.sort();
    let mut list =
        String::from("/// Every rule and lexicon file, ordered by path.\nconst BUILTIN: &[(&str, &str)] = &[\n");
    for (path, file) in files {
        // Writing to a String cannot fail.
        let _ = writeln!(list, "    ({path:?}, include_str!({:?})),", file.display().to_string());
    }
    list.push_str("];\n");
    let out = env::var_os("OUT_DIR").map(PathBuf::from).ok_or_else(|| io::Error::other("OUT_DIR is not set"))?;
    fs::write(Path::new(&out).join("rules.rs"), list)
}
