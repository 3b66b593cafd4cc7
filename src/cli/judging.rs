//! This is what every judging command takes: rules, model, threads; and the engine made of it.

use super::Failure;
use clap::ValueEnum;
use clearplan::archive::hash::{content, hex};
use clearplan::document::Setting;
use clearplan::engine::Engine;
use clearplan::model::{Combination, Files, Model};
use clearplan::rules::RuleSource;
use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// Statements that a cascade remembers: some 200 MiB where there are so many different ones.
const CACHED: usize = 1 << 17;

/// What every judging command takes.
#[derive(Debug, clap::Args)]
pub struct Judging {
    /// A folder of your own rules (.toml) and lexicons (.txt), on top of the built-in ones
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// How to judge: by rules and the trained model, by those as a cascade (faster), or by rules alone (fastest)
    #[arg(long, value_enum, default_value = "full")]
    model: ModelName,
    /// A folder with another model: model.safetensors, config.json, tokenizer.json, combination.toml
    #[arg(long, value_name = "DIR")]
    model_dir: Option<PathBuf>,
    /// What computes the model: the program itself, or libtorch (on a GPU where there is one)
    #[cfg(feature = "rust-bert")]
    #[arg(long, value_enum, default_value = "embedded")]
    backend: Backend,
    /// How many threads judge [default: the machine's cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Where the child is educated, if the input does not say
    #[arg(long, value_enum)]
    setting: Option<SettingName>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ModelName {
    /// Rules and model
    Full,
    /// Rules and a fast first stage decide what is plain, the model the rest
    Cascade,
    /// Rules alone
    Rules,
}

#[cfg(feature = "rust-bert")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Backend {
    Embedded,
    Libtorch,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum SettingName {
    Mainstream,
    Special,
}

impl Judging {
    /// The engine that was asked for.
    pub fn engine(&self) -> Result<Engine, Failure> {
        let engine = self.by_rules()?;
        if self.model == ModelName::Rules {
            return Ok(engine.without_model());
        }
        let engine = match self.own_model()? {
            Some(model) => engine.with_model(model),
            None => engine,
        };
        match self.model {
            ModelName::Cascade if engine.model().is_none_or(|model| model.first().is_none()) => {
                Err(Failure::Usage("this model has no first stage (first.safetensors); use --model full".into()))
            }
            ModelName::Cascade => Ok(engine.with_cascade().with_cache(CACHED)),
            _ => Ok(engine),
        }
    }

    /// What the engine is made of, in few words: which model with the hash of its files, and the hash of the rules. Two engines
    /// with the same judge the same.
    pub fn identity(&self) -> Result<(String, String), Failure> {
        let files = self.files()?;
        let first = files.first.as_deref().unwrap_or_default();
        let model = content(&[&files.weights, &files.config, &files.tokenizer, files.combination.as_bytes(), first]);
        let rules = self.rules.as_deref().map_or(Ok(Vec::new()), sources)?;
        let parts: Vec<&[u8]> =
            rules.iter().flat_map(|source| [source.path.as_bytes(), source.text.as_bytes()]).collect();
        // Without rules of one's own they are those of the program, which its version and sources tell.
        let rules = if rules.is_empty() { "built-in".to_owned() } else { hex(&content(&parts)[..16]) };
        let choice = self.model.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned());
        #[cfg(feature = "rust-bert")]
        let choice = format!("{choice} {:?}", self.backend);
        Ok((format!("{choice} {}", hex(&model[..16])), rules))
    }

    /// The same by the rules alone.
    pub fn rules_alone(&self) -> Result<Engine, Failure> {
        Ok(self.by_rules()?.without_model())
    }

    /// The same by the model alone: the rules still find words, but weigh nothing.
    pub fn model_alone(&self) -> Result<Engine, Failure> {
        let combination = Combination::model_alone().to_toml();
        let files = Files { combination: Cow::Owned(combination), ..self.files()? };
        Ok(self.by_rules()?.with_model(self.load("model alone", files)?))
    }

    /// A pool of its own, so that `--threads` holds for all that runs in it.
    pub fn pool(&self) -> Result<rayon::ThreadPool, Failure> {
        rayon::ThreadPoolBuilder::new()
            .num_threads(usize::from(self.threads.unwrap_or(0)))
            .build()
            .map_err(|error| Failure::Usage(format!("could not start the threads ({error}); try --threads 1")))
    }

    /// Where the child is educated, if the arguments say so.
    pub fn setting(&self) -> Option<Setting> {
        self.setting.map(|setting| match setting {
            SettingName::Mainstream => Setting::Mainstream,
            SettingName::Special => Setting::Special,
        })
    }

    fn by_rules(&self) -> Result<Engine, Failure> {
        engine(self.rules.as_deref())
    }

    /// The model, where it is not simply the one that is compiled in.
    fn own_model(&self) -> Result<Option<Model>, Failure> {
        #[cfg(feature = "rust-bert")]
        let plain = self.backend == Backend::Embedded;
        #[cfg(not(feature = "rust-bert"))]
        let plain = true;
        match &self.model_dir {
            None if plain => Ok(None),
            None => self.load(Model::BUILTIN, self.files()?).map(Some),
            Some(folder) => {
                let name = folder.file_name().map_or_else(|| "model".into(), |name| name.to_string_lossy());
                self.load(&name, self.files()?).map(Some)
            }
        }
    }

    fn load(&self, name: &str, files: Files) -> Result<Model, Failure> {
        let place = self.model_dir.as_ref().map_or_else(String::new, |folder| format!("{}: ", folder.display()));
        let wrong = |error: clearplan::model::ModelError| Failure::Usage(format!("{place}{error}"));
        #[cfg(feature = "rust-bert")]
        if self.backend == Backend::Libtorch {
            use clearplan::model::libtorch::{Network, device};
            let network = Network::from_files(&files, device()).map_err(wrong)?;
            return Ok(Model::new(name, files).map_err(wrong)?.with_libtorch(network));
        }
        Model::new(name, files).map_err(wrong)
    }

    fn files(&self) -> Result<Files, Failure> {
        let Some(folder) = &self.model_dir else { return Ok(Files::builtin()) };
        Files::read(|file| {
            match std::fs::read(folder.join(file)) {
                Ok(bytes) => Ok(Some(bytes)),
                // A model of before there was one.
                Err(error) if file == "first.safetensors" && error.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(Failure::Usage(format!(
                    "{}: {file} could not be read ({error}); name a folder made by clearplan-train",
                    folder.display()
                ))),
            }
        })
    }
}

/// The built-in engine, or with the rules of a folder.
pub fn engine(folder: Option<&Path>) -> Result<Engine, Failure> {
    let Some(folder) = folder else { return Ok(Engine::new()) };
    let sources = sources(folder)?;
    if !sources.iter().any(|source| source.path.ends_with(".toml")) {
        return Err(Failure::Usage(format!(
            "{}: no rule (.toml) in this folder; name the folder that holds them",
            folder.display()
        )));
    }
    Engine::with_rules(&sources).map_err(|error| Failure::Usage(format!("{}: {error}", folder.display())))
}

/// The rules and lexicons of a folder, ordered by path: folders list their files in any order.
fn sources(folder: &Path) -> Result<Vec<RuleSource>, Failure> {
    let mut sources = Vec::new();
    read_rules(folder, folder, 0, &mut sources)?;
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(sources)
}

fn read_rules(root: &Path, folder: &Path, depth: usize, sources: &mut Vec<RuleSource>) -> Result<(), Failure> {
    let failed = |path: &Path, error: std::io::Error| {
        Failure::Usage(format!("{}: the rules could not be read ({error})", path.display()))
    };
    for entry in std::fs::read_dir(folder).map_err(|error| failed(folder, error))? {
        let path = entry.map_err(|error| failed(folder, error))?.path();
        // A link that leads back up must not go on for ever.
        if path.is_dir() && depth < 8 {
            read_rules(root, &path, depth + 1, sources)?;
        } else if path.extension().is_some_and(|ending| ending == "toml" || ending == "txt") {
            let text = std::fs::read_to_string(&path).map_err(|error| failed(&path, error))?;
            let below = path.strip_prefix(root).unwrap_or(&path);
            let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
            sources.push(RuleSource { path: parts.join("/"), text });
        }
    }
    Ok(())
}
