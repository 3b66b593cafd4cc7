//! This is a council's own folder of rules and its rubric, as every command takes and loads them.
//!
//! ```text
//! our-rules/
//!   outcome/*.toml  provision/*.toml   rules, one file each
//!   lexicons/*.txt                     lists of words that they share
//!   rubric.toml                        how verdicts become scores, if it is not the built-in one
//! ```

use super::Failure;
use clearplan::archive::hash::{content, hex};
use clearplan::engine::Engine;
use clearplan::rubric::Rubric;
use clearplan::rules::RuleSource;
use std::path::{Path, PathBuf};

/// The file in a rules folder that is no rule.
const RUBRIC: &str = "rubric.toml";
/// Where the form of all these files is told.
const HELP: &str = "docs/rules.md tells the form";

/// A council's own rules and rubric.
#[derive(Debug, Default, Clone, clap::Args)]
pub struct House {
    /// A folder of your own rules (.toml) and lexicons (.txt), on top of the built-in ones, and your rubric.toml
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// Your own rubric: points, weights and grades (it changes scores, no verdict) [default: rubric.toml in --rules DIR]
    #[arg(long, value_name = "FILE")]
    rubric: Option<PathBuf>,
}

/// What was read of them.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The folder.
    folder: PathBuf,
    /// Rules and lexicons, ordered by path.
    pub sources: Vec<RuleSource>,
    /// The rubric's place and text.
    rubric: Option<(PathBuf, String)>,
}

impl House {
    /// Those of that folder.
    pub fn folder(folder: &Path) -> Self {
        Self { rules: Some(folder.to_owned()), rubric: None }
    }

    /// Reads the files.
    ///
    /// # Errors
    /// [`Failure::Usage`] where a file cannot be read, or there is nothing in the folder.
    pub fn load(&self) -> Result<Loaded, Failure> {
        let mut loaded = match &self.rules {
            Some(folder) => Loaded::read(folder)?,
            None => Loaded::default(),
        };
        if let Some(path) = &self.rubric {
            loaded.rubric = Some((path.clone(), text(path)?));
        }
        Ok(loaded)
    }
}

impl Loaded {
    fn read(folder: &Path) -> Result<Self, Failure> {
        let mut sources = Vec::new();
        read(folder, folder, 0, &mut sources)?;
        // Folders list their files in any order.
        sources.sort_by(|a, b| a.path.cmp(&b.path));
        if !sources.iter().any(|source| source.path.ends_with(".toml")) {
            return Err(Failure::Usage(format!(
                "{}: no rule (.toml) in this folder; name the folder that holds outcome/, provision/ or {RUBRIC}",
                folder.display()
            )));
        }
        let rubric = sources.iter().position(|source| source.path == RUBRIC).map(|at| sources.remove(at));
        let rubric = rubric.map(|source| (folder.join(RUBRIC), source.text));
        Ok(Self { folder: folder.to_owned(), sources, rubric })
    }

    /// The built-in engine with them.
    ///
    /// # Errors
    /// [`Failure::Usage`] names the file and line that do not load, and what to do.
    pub fn engine(&self) -> Result<Engine, Failure> {
        let wrong = |path: &Path, error: String| Failure::Usage(format!("{}: {error}; {HELP}", path.display()));
        let engine = if self.sources.is_empty() {
            Engine::new()
        } else {
            Engine::with_rules(&self.sources).map_err(|error| {
                let place = error.line.map_or(String::new(), |line| format!("line {line}: "));
                wrong(&self.folder.join(&error.path), format!("{place}{}", error.what))
            })?
        };
        match &self.rubric {
            None => Ok(engine),
            Some((path, text)) => {
                let rubric = Rubric::from_toml(text).map_err(|error| wrong(path, error.to_string()))?;
                Ok(engine.with_rubric(rubric))
            }
        }
    }

    /// The hash of rules and rubric. Without any of one's own they are those of the program, which its version and sources
    /// tell.
    pub fn identity(&self) -> String {
        if self.sources.is_empty() && self.rubric.is_none() {
            return "built-in".to_owned();
        }
        let rules = self.sources.iter().flat_map(|source| [source.path.as_bytes(), source.text.as_bytes()]);
        let rubric = self.rubric.iter().flat_map(|(_, text)| [RUBRIC.as_bytes(), text.as_bytes()]);
        let parts: Vec<&[u8]> = rules.chain(rubric).collect();
        hex(&content(&parts)[..16])
    }

    /// True where there is a rubric.
    pub fn has_rubric(&self) -> bool {
        self.rubric.is_some()
    }
}

fn read(root: &Path, folder: &Path, depth: usize, sources: &mut Vec<RuleSource>) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        let what = match error.kind() {
            std::io::ErrorKind::NotFound => "there is no such folder; check the name".to_owned(),
            std::io::ErrorKind::NotADirectory => "this is a file; name the folder that holds it".to_owned(),
            _ => format!("the rules could not be read ({error})"),
        };
        Failure::Usage(format!("{}: {what}", folder.display()))
    };
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        // A link that leads back up must not go on for ever.
        if path.is_dir() && depth < 8 {
            read(root, &path, depth + 1, sources)?;
        } else if path.extension().is_some_and(|ending| ending == "toml" || ending == "txt") {
            let below = path.strip_prefix(root).unwrap_or(&path);
            let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
            sources.push(RuleSource { path: parts.join("/"), text: text(&path)? });
        }
    }
    Ok(())
}

/// A file's text. Notepad may begin it with a byte-order mark, which is no part of it.
fn text(path: &Path) -> Result<String, Failure> {
    let failed = |what: String| Failure::Usage(format!("{}: {what}", path.display()));
    let bytes = std::fs::read(path).map_err(|error| failed(format!("it could not be read ({error})")))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let line =
            error.as_bytes().iter().take(error.utf8_error().valid_up_to()).filter(|byte| **byte == b'\n').count() + 1;
        failed(format!("line {line}: this is not UTF-8; save the file as UTF-8 in your editor"))
    })?;
    Ok(text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned))
}
