//! This is what every judging command takes: rules, model, threads; and the engine made of it.

use super::Failure;
use super::house::House;
use clap::ValueEnum;
use clearplan::archive::hash::{content, hex};
use clearplan::document::Setting;
use clearplan::engine::Engine;
use clearplan::model::{Combination, Files, Model};
use clearplan::segment::Framework;
use clearplan::writers::json::{About, AboutModel};
use std::borrow::Cow;
use std::path::PathBuf;

/// Statements that a cascade remembers: some 200 MiB where there are so many different ones.
const CACHED: usize = 1 << 17;

/// What every judging command takes.
#[derive(Debug, clap::Args)]
pub struct Judging {
    #[command(flatten)]
    house: House,
    #[command(flatten)]
    way: Way,
}

/// How to judge, whatever the rules.
#[derive(Debug, clap::Args)]
pub struct Way {
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
    /// What sort of plan it is: sections and headings are read accordingly
    #[arg(long, value_enum, default_value = "ehcp")]
    framework: FrameworkName,
}

/// A kind of plan, as the arguments name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FrameworkName {
    /// Education, Health and Care plan (England)
    Ehcp,
    /// Individual development plan (Wales)
    Idp,
    /// Co-ordinated support plan (Scotland)
    Csp,
    /// Statement of special educational needs (Northern Ireland)
    Ni,
    /// Individual Support Plan (England; proposed in 2026 and not law, sections assumed)
    Isp,
    /// Individualized education program (United States)
    Iep,
}

impl FrameworkName {
    /// Its data.
    pub fn framework(self) -> &'static Framework {
        let name = self.to_possible_value();
        name.and_then(|name| Framework::named(name.get_name())).unwrap_or_else(|| Framework::ehcp())
    }
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
        self.way.engine(self.house.load()?.engine()?)
    }

    /// What the engine is made of, in few words: which model with the hash of its files, and the hash of rules and rubric. Two
    /// engines with the same judge and score the same.
    pub fn identity(&self) -> Result<(String, String), Failure> {
        let hash = self.way.hash()?.map_or_else(String::new, |hash| format!(" {hash}"));
        Ok((format!("{}{hash}", self.way.name()), self.house.load()?.identity()))
    }

    /// The same for the outputs; `engine` is the one that judged.
    pub fn about(&self, engine: &Engine) -> Result<About, Failure> {
        let named = |hash| engine.model().map(|model| AboutModel { name: model.name().to_owned(), hash });
        Ok(About {
            version: env!("CARGO_PKG_VERSION"),
            way: self.way.choice(),
            model: self.way.hash()?.and_then(named),
            rules: self.house.load()?.identity(),
        })
    }

    /// The same by the rules alone.
    pub fn rules_alone(&self) -> Result<Engine, Failure> {
        Ok(self.by_rules()?.without_model())
    }

    /// The same by the model alone: the rules still find words, but weigh nothing.
    pub fn model_alone(&self) -> Result<Engine, Failure> {
        let combination = Combination::model_alone().to_toml();
        let files = Files { combination: Cow::Owned(combination), ..self.way.files()? };
        Ok(self.by_rules()?.with_model(self.way.load("model alone", files)?))
    }

    /// The built-in engine with the council's rules, made to read that sort of plan.
    fn by_rules(&self) -> Result<Engine, Failure> {
        Ok(self.way.framed(self.house.load()?.engine()?))
    }

    /// A pool of its own, so that `--threads` holds for all that runs in it.
    pub fn pool(&self) -> Result<rayon::ThreadPool, Failure> {
        self.way.pool()
    }

    /// Where the child is educated, if the arguments say so.
    pub fn setting(&self) -> Option<Setting> {
        self.way.setting()
    }
}

impl Way {
    /// The engine made to judge in this way.
    pub fn engine(&self, engine: Engine) -> Result<Engine, Failure> {
        let engine = self.framed(engine);
        if self.model == ModelName::Rules {
            return Ok(engine.without_model());
        }
        let engine = match self.own_model()? {
            Some(model) => engine.with_model(model),
            None => engine,
        };
        let engine = engine.with_cache(CACHED);
        match self.model {
            ModelName::Cascade if engine.model().is_none_or(|model| model.first().is_none()) => {
                Err(Failure::Usage("this model has no first stage (first.safetensors); use --model full".into()))
            }
            ModelName::Cascade => Ok(engine.with_cascade()),
            _ => Ok(engine),
        }
    }

    /// The engine made to read that sort of plan.
    fn framed(&self, engine: Engine) -> Engine {
        match self.framework {
            FrameworkName::Ehcp => engine,
            other => engine.with_framework(other.framework()),
        }
    }

    /// How it judges: `full`.
    fn choice(&self) -> String {
        self.model.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// The same, and on what.
    fn name(&self) -> String {
        // Only where it is another: an archive that was scored before there were others keeps its scores.
        let choice = match self.framework {
            FrameworkName::Ehcp => self.choice(),
            other => format!("{} {other:?}", self.choice()),
        };
        #[cfg(feature = "rust-bert")]
        if self.model != ModelName::Rules {
            return format!("{choice} {:?}", self.backend);
        }
        choice
    }

    /// The hash of the model's files; `None` where rules judge alone, which no model changes.
    fn hash(&self) -> Result<Option<String>, Failure> {
        if self.model == ModelName::Rules {
            return Ok(None);
        }
        let files = self.files()?;
        let first = files.first.as_deref().unwrap_or_default();
        let model = content(&[&files.weights, &files.config, &files.tokenizer, files.combination.as_bytes(), first]);
        Ok(Some(hex(&model[..16])))
    }

    /// See [`Judging::pool`].
    pub fn pool(&self) -> Result<rayon::ThreadPool, Failure> {
        rayon::ThreadPoolBuilder::new()
            .num_threads(usize::from(self.threads.unwrap_or(0)))
            .build()
            .map_err(|error| Failure::Usage(format!("could not start the threads ({error}); try --threads 1")))
    }

    /// See [`Judging::setting`].
    pub fn setting(&self) -> Option<Setting> {
        self.setting.map(|setting| match setting {
            SettingName::Mainstream => Setting::Mainstream,
            SettingName::Special => Setting::Special,
        })
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
