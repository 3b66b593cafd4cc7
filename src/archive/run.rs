//! This is a run over an archive: windows of inputs are scored, each batch becomes a shard, and the shards the outputs.
//!
//! A window holds so many bytes of inputs and is scored with all threads while the one after it is read; each batch is on disk as soon
//! as it is scored. Batches are cut by content, not by count ([`Cutter`]): how large a window is changes no byte of the outputs, and an
//! input that is added or changed changes its own batch only.

use super::hash::{self, Content, content};
use super::input::{Input, Reason, Rejected};
use super::inputs::{self, Event};
use super::metadata::path::PathPattern;
use super::metadata::table::{Table, Wrong};
use super::metadata::{Field, Names};
use super::outputs::{self, Report};
use super::score::{Options, Scored, score};
use super::store::lock::{Lock, LockError};
use super::store::manifest::{self, Entry, Judge, Manifest};
use super::store::shard::{self, Shard};
use crate::document::Setting;
use crate::engine::{Engine, Tally};
use crate::rules::Rule;
use rayon::prelude::*;
use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The form of the shards; another one is not read.
const FORM: u32 = 1;
/// A batch is cut at this many bytes on average, at four times as many at the latest.
const BATCH: u64 = 4 << 20;
/// A batch has at most that many inputs.
const MOST: usize = 4_096;
/// What the reader hands over at once, in bytes.
const PORTION: u64 = 2 << 20;
/// The folder in the output folder that is the run's own.
const WORK: &str = ".clearplan";

/// What a run needs to know.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Files and folders, in order.
    pub inputs: Vec<PathBuf>,
    /// The folder for the outputs.
    pub out: PathBuf,
    /// Bytes of inputs that are scored at a time.
    pub window: u64,
    /// How plans are scored.
    pub options: Options,
    /// What judges, so that nothing of another judge is used again.
    pub model: String,
    /// Hash of the rules.
    pub rules: String,
    /// A table of metadata: its name and bytes.
    pub table: Option<(String, Vec<u8>)>,
    /// Metadata from paths.
    pub pattern: Option<(String, PathPattern)>,
    /// What is written.
    pub report: Report,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Inputs read.
    pub inputs: u64,
    /// Bytes of them.
    pub bytes: u64,
    /// Inputs rejected so far.
    pub rejected: u64,
    /// Inputs whose shard was there already.
    pub reused: u64,
    /// Bytes on disk that were read, and that are to be read in all.
    pub disk: [u64; 2],
    /// Statements that were judged in this run, and by what.
    pub tally: Tally,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// What was read.
    pub progress: Progress,
    /// Plans in the outputs.
    pub plans: u64,
    /// Plans in which personal data was found.
    pub personal: u64,
    /// Lines of `rejected.jsonl`.
    pub rejected: u64,
    /// False where the outputs were as they should be and were left alone.
    pub written: bool,
}

/// Why a run came to no end. What was done stays, and the same command goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Another run writes to the folder.
    #[error("{0}: another run is writing to this folder; wait for it, or name another folder")]
    Locked(PathBuf),
    /// Something could not be written, or not read back.
    #[error("{path}: {error}; what was scored is kept, and the same command will go on from there")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        error: io::Error,
    },
    /// The table of metadata does not fit.
    #[error("{0}")]
    Table(String),
}

/// Gives an error of the system its place.
pub(super) fn at(path: &Path) -> impl Fn(io::Error) -> RunError + '_ {
    |error| RunError::Io { path: path.to_owned(), error }
}

/// Scores an archive. Runs on the pool that it is called in.
///
/// # Errors
/// [`RunError`].
pub fn run(
    engine: &Engine,
    settings: &Settings,
    told: &mut (dyn FnMut(&Progress) + Send),
) -> Result<Outcome, RunError> {
    let work = settings.out.join(WORK);
    let shards = work.join("shards");
    std::fs::create_dir_all(&shards).map_err(at(&shards))?;
    let locked = work.join("lock");
    let _lock = Lock::take(&locked).map_err(|error| match error {
        LockError::Taken => RunError::Locked(settings.out.clone()),
        LockError::Io(error) => at(&locked)(error),
    })?;
    let judge = Judge {
        engine: format!("clearplan {} form {FORM} sources {}", env!("CARGO_PKG_VERSION"), env!("CLEARPLAN_SOURCES")),
        model: settings.model.clone(),
        rules: settings.rules.clone(),
        options: format!("{:?}", settings.options),
    };
    let mut names = Names::default();
    let mut wrong = Vec::new();
    let table = match &settings.table {
        Some((name, bytes)) => Some(
            Table::read(bytes.as_slice(), &mut names, &mut wrong)
                .map_err(|why| RunError::Table(format!("{name}: {why}")))?,
        ),
        None => None,
    };
    let listed = work.join("manifest.jsonl");
    let refused = work.join("rejected.part");
    let mut state = State {
        engine,
        settings,
        judge: &judge,
        manifest: Manifest::open(&listed).map_err(at(&listed))?,
        shards,
        names,
        table,
        seen: HashSet::new(),
        cutter: Cutter::default(),
        ready: Vec::new(),
        order: Vec::new(),
        rejected: BufWriter::new(File::create(&refused).map_err(at(&refused))?),
        refused,
        progress: Progress::default(),
    };
    let room = usize::try_from(settings.window / PORTION).unwrap_or(usize::MAX).clamp(1, 1 << 12);
    let (sender, receiver) = sync_channel::<Portion>(room);
    let size = inputs::size(&settings.inputs, &settings.out);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut portion = Portion::default();
            let read = Arc::new(AtomicU64::new(0));
            let _ = inputs::read(&settings.inputs, &settings.out, &read, &mut |event| {
                portion.add(event);
                if portion.bytes < PORTION {
                    return ControlFlow::Continue(());
                }
                portion.disk = [read.load(Ordering::Relaxed), size];
                // A receiver that is gone has met an error, which it reports itself.
                match sender.send(std::mem::take(&mut portion)) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(_) => ControlFlow::Break(()),
                }
            });
            portion.disk = [size, size];
            let _ = sender.send(portion);
        });
        state.windows(receiver, told)
    })?;
    state.finish(wrong)
}

/// Inputs on their way from the reader.
#[derive(Default)]
struct Portion {
    events: Vec<Event>,
    bytes: u64,
    /// How far the reader is.
    disk: [u64; 2],
}

impl Portion {
    fn add(&mut self, event: Event) {
        // An input of no bytes has a name all the same.
        self.bytes += 256 + if let Event::Input(raw) = &event { raw.body.bytes().len() as u64 } else { 0 };
        self.events.push(event);
    }
}

/// Cuts inputs into batches by their content: an input ends a batch with a probability of its share of `BATCH`, drawn
/// from its own hash.
#[derive(Debug, Default)]
pub struct Cutter {
    held: Vec<Input>,
    bytes: u64,
}

impl Cutter {
    /// Takes the next input; gives a batch where it ends one.
    pub fn push(&mut self, input: Input) -> Option<Vec<Input>> {
        let size = input.body.bytes().len() as u64;
        let draw = u64::from(u32::from_le_bytes(std::array::from_fn(|i| input.hash[i])));
        let chance = (u128::from(size) << 32) / u128::from(BATCH);
        self.bytes += size;
        self.held.push(input);
        let cut = u128::from(draw) < chance || self.bytes >= 4 * BATCH || self.held.len() >= MOST;
        cut.then(|| self.rest())
    }

    /// What is left.
    pub fn rest(&mut self) -> Vec<Input> {
        self.bytes = 0;
        std::mem::take(&mut self.held)
    }
}

struct State<'r> {
    engine: &'r Engine,
    settings: &'r Settings,
    judge: &'r Judge,
    manifest: Manifest,
    shards: PathBuf,
    names: Names,
    table: Option<Table>,
    /// Ids by hash, eight bytes each.
    seen: HashSet<u64>,
    cutter: Cutter,
    ready: Vec<Vec<Input>>,
    /// The shards of this run, in order.
    order: Vec<Content>,
    rejected: BufWriter<File>,
    refused: PathBuf,
    progress: Progress,
}

/// What stands behind a lock; a thread that panicked has left it whole.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes a batch a shard, saves it, and enters it in the manifest: from here on a run that is killed does not lose it.
fn save(
    shards: &Path,
    (key, batch, scored): (&Content, &[Input], Scored),
    judge: &Judge,
    rules: &[Rule],
    manifest: &Mutex<&mut Manifest>,
) -> Result<(), RunError> {
    let place = shard::path(shards, key);
    let shard = Shard::new(&scored, rules).map_err(at(&place))?;
    let entry = entry(key, batch, &scored, judge);
    drop(scored);
    let bytes = shard.save(shards, key).map_err(at(&place))?;
    // A name is durable once its folder is.
    if let Ok(folder) = File::open(shards) {
        let _ = folder.sync_all();
    }
    held(manifest).enter(&[Entry { bytes, ..entry }]).map_err(at(&shards.with_file_name("manifest.jsonl")))
}

impl State<'_> {
    fn windows(
        &mut self,
        receiver: Receiver<Portion>,
        told: &mut (dyn FnMut(&Progress) + Send),
    ) -> Result<(), RunError> {
        let (mut held, mut bytes) = (Vec::new(), 0);
        loop {
            let portion = receiver.recv().ok();
            let last = portion.is_none();
            if let Some(portion) = portion {
                bytes += portion.bytes;
                self.progress.disk = portion.disk;
                held.extend(portion.events);
            }
            if last || bytes >= self.settings.window {
                self.take(std::mem::take(&mut held))?;
                if last {
                    let rest = self.cutter.rest();
                    self.ready.extend((!rest.is_empty()).then_some(rest));
                }
                self.score()?;
                bytes = 0;
                told(&self.progress);
            }
            if last {
                return Ok(());
            }
        }
    }

    /// Gives inputs their ids and hashes, and cuts them into batches.
    fn take(&mut self, events: Vec<Event>) -> Result<(), RunError> {
        let read: Vec<Result<Input, Rejected>> = events
            .into_par_iter()
            .map(|event| match event {
                Event::Input(raw) => Ok(Input::new(raw)),
                Event::Rejected(rejected) => Err(rejected),
            })
            .collect();
        for one in read {
            let mut input = match one {
                Ok(input) => input,
                Err(rejected) => {
                    self.reject(&rejected)?;
                    continue;
                }
            };
            self.progress.inputs += 1;
            self.progress.bytes += input.body.bytes().len() as u64;
            if !self.seen.insert(input.key()) {
                let why = "an earlier input has the same id, and was scored; give each plan an id of its own";
                let place =
                    if input.id == input.source { input.id } else { format!("{} in {}", input.id, input.source) };
                self.reject(&Rejected::new(place, Reason::DuplicateId, why))?;
                continue;
            }
            input.educated = self.educated(&input);
            self.ready.extend(self.cutter.push(input));
        }
        Ok(())
    }

    fn reject(&mut self, rejected: &Rejected) -> Result<(), RunError> {
        self.progress.rejected += 1;
        serde_json::to_writer(&mut self.rejected, rejected)
            .map_err(io::Error::from)
            .and_then(|()| self.rejected.write_all(b"\n"))
            .map_err(at(&self.refused))
    }

    /// Where the child is educated: by the table, the record, the path.
    fn educated(&mut self, input: &Input) -> Option<Setting> {
        let row = self.table.as_mut().and_then(|table| table.find(&input.id));
        let by_table = row.and_then(|row| self.names.name(Field::Setting, row.codes[Field::Setting as usize]));
        match by_table {
            Some("special") => Some(Setting::Special),
            Some("mainstream") => Some(Setting::Mainstream),
            _ => input.educated.or_else(|| self.settings.pattern.as_ref()?.1.read(&input.source).educated()),
        }
    }

    /// Scores the batches that are ready and not done yet.
    fn score(&mut self) -> Result<(), RunError> {
        let batches = std::mem::take(&mut self.ready);
        let keys: Vec<Content> = batches.par_iter().map(|batch| self.key(batch)).collect();
        self.order.extend(&keys);
        let mut todo = Vec::new();
        for (key, batch) in keys.into_iter().zip(batches) {
            if self.done(&key) {
                self.progress.reused += batch.len() as u64;
            } else {
                todo.push((key, batch));
            }
        }
        let manifest = Mutex::new(&mut self.manifest);
        let (shards, judge, rules) = (&self.shards, self.judge, self.engine.rules().rules());
        let saved: Mutex<Vec<(usize, Result<usize, RunError>)>> = Mutex::new(Vec::new());
        rayon::in_place_scope(|scope| {
            for (at, (key, batch)) in todo.iter().enumerate() {
                // One batch after the other, each with all threads; it is made a shard and saved while the next one is scored.
                let scored = score(self.engine, self.settings.options, batch);
                self.progress.tally.add(scored.tally);
                let (manifest, saved) = (&manifest, &saved);
                scope.spawn(move |_| {
                    let rejected = scored.rejected.len();
                    let done = save(shards, (key, batch, scored), judge, rules, manifest);
                    held(saved).push((at, done.map(|()| rejected)));
                });
                // A thread that is alone would come to it at the end only.
                if rayon::current_num_threads() == 1 {
                    rayon::yield_local();
                }
                if held(saved).iter().any(|(_, saved)| saved.is_err()) {
                    break;
                }
            }
        });
        let mut saved = saved.into_inner().unwrap_or_else(PoisonError::into_inner);
        saved.sort_by_key(|(at, _)| *at);
        for (_, rejected) in saved {
            self.progress.rejected += rejected? as u64;
        }
        Ok(())
    }

    fn key(&self, batch: &[Input]) -> Content {
        let judge = serde_json::to_vec(self.judge).unwrap_or_default();
        let educated: Vec<u8> = batch
            .iter()
            .map(|input| match input.educated {
                None => 0,
                Some(Setting::Mainstream) => 1,
                Some(Setting::Special) => 2,
            })
            .collect();
        let mut parts: Vec<&[u8]> = vec![&judge, &educated];
        for input in batch {
            parts.push(&input.hash);
            parts.push(input.source.as_bytes());
        }
        content(&parts)
    }

    fn done(&self, key: &Content) -> bool {
        let size = std::fs::metadata(shard::path(&self.shards, key)).map(|data| data.len()).ok();
        size.is_some() && size == self.manifest.bytes(key)
    }

    /// Makes the outputs of the shards.
    fn finish(mut self, wrong: Vec<Wrong>) -> Result<Outcome, RunError> {
        self.rejected.flush().map_err(at(&self.refused))?;
        // The statistics need the room.
        self.seen = HashSet::new();
        let unused = self.table.as_ref().map(Table::unused).unwrap_or_default();
        let made = outputs::make(outputs::Made {
            engine: self.engine,
            settings: self.settings,
            judge: self.judge,
            shards: &self.shards,
            work: &self.settings.out.join(WORK),
            order: &self.order,
            names: self.names,
            table: self.table,
            wrong,
            unused,
            rejected: &self.refused,
        })?;
        // Shards of inputs, rules or models that are gone.
        let kept: HashSet<String> = self.order.iter().map(manifest::shard_name).collect();
        for entry in std::fs::read_dir(&self.shards).map_err(at(&self.shards))?.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if !name.strip_suffix(".shard").is_some_and(|name| kept.contains(name)) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
        let progress = Progress { rejected: made.rejected, ..self.progress };
        Ok(Outcome {
            progress,
            plans: made.plans,
            personal: made.personal,
            rejected: made.rejected,
            written: made.written,
        })
    }
}

fn entry(key: &Content, batch: &[Input], scored: &Scored, judge: &Judge) -> Entry {
    Entry {
        shard: manifest::shard_name(key),
        bytes: 0,
        plans: scored.plans.len(),
        rejected: scored.rejected.len(),
        rows: [
            scored.plans.iter().map(|plan| plan.statements.len()).sum(),
            scored.plans.iter().map(|plan| plan.findings.len()).sum(),
        ],
        inputs: batch.iter().map(|input| (input.id.clone(), hash::hex(&input.hash[..16]))).collect(),
        judge: judge.clone(),
    }
}
