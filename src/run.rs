//! The parallel job: read → apply and encode on all cores → append in order → compress on all cores → write in order.
//!
//! One thread reads batches, one (the caller's) keeps the order, a pool does the work. A batch travels in a `Slot` with
//! all the memory it needs; there are as many slots as may be under way, so memory is bounded. Batches are appended in
//! the order in which they were read, so the output does not depend on the number of threads.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use rayon::ScopeFifo;
use serde::Serialize;

use crate::batch::Batch;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::pipeline::Pipeline;
use crate::report::{Gather, Paper, Report};
use crate::sink::{self, Block, Encode, Encoded, Existing, Folder, InputSums, Ledger, Packer, Shards, Sink};
use crate::source::{Input, Inputs};
use crate::stage::Scratch;

/// What to do.
#[derive(Clone, Debug)]
pub struct Job {
    /// What to read, in this order (see [`source::expand`](crate::source::expand)).
    pub inputs: Vec<Input>,
    /// The folder to make.
    pub out: PathBuf,
    /// What to do about one that is there.
    pub existing: Existing,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Counters.
    pub report: Report,
    /// What became of every byte.
    pub ledger: Ledger,
    /// True when the folder was complete already and nothing was done.
    pub was_complete: bool,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    /// Bytes taken from the input files as they are on disk.
    pub disk: u64,
    /// Bytes of the batches that were appended, decompressed.
    pub read: u64,
    /// Documents of those batches.
    pub documents: u64,
}

/// Watches a run, and may stop it.
pub trait Observer: Sync {
    /// Told after each batch.
    fn progress(&self, progress: Progress) {
        let _ = progress;
    }

    /// Told after each batch all that was counted so far.
    fn counted(&self, report: &Report, ledger: &Ledger) {
        let _ = (report, ledger);
    }

    /// Told what became of an input when everything of it was appended, input after input.
    fn finished(&self, input: &InputSums) {
        let _ = input;
    }

    /// True when the run is to stop.
    fn stop(&self) -> bool {
        false
    }
}

/// Watches nothing.
impl Observer for () {}

/// Runs the whole pipeline over files into an output folder.
///
/// ```
/// use babelsift::{Config, run, source, sink::Existing};
/// # fn main() -> babelsift::Result<()> {
/// # let scratch = tempfile::tempdir().unwrap();
/// # let out = scratch.path().join("out");
/// let job = run::Job { inputs: source::expand(&["corpus/web".into()])?, out, existing: Existing::Refuse };
/// let summary = run::run(&job, &Config::default(), &())?;
/// assert!(summary.ledger.total.closes());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::Config`] for settings that can't be used, [`Error::Sink`] when the output can't be written,
/// [`Error::Ledger`] when the sums do not close, [`Error::Interrupted`] when the observer says stop. Nothing is left
/// under the name of the output folder then.
pub fn run(job: &Job, config: &Config, observer: &dyn Observer) -> Result<Summary> {
    let pipeline = Pipeline::new(config)?;
    if job.existing == Existing::Resume
        && let Some(summary) = complete(job, config)?
    {
        return Ok(summary);
    }
    let folder = Folder::create(&job.out, job.existing)?;
    let mut shards = Shards::new(folder.path(), config.format);
    let mut order = Order::new(job, config, &mut shards);
    let (encoder, packer) = (sink::encoder(config), Packer::new(config));
    let gather = Gather::new(config)?;
    let work = Work { pipeline: &pipeline, encoder: &*encoder, packer: &packer, gather: &gather, inputs: &job.inputs };

    let threads = Arc::new(pool(config.threads)?);
    let (send, messages) = channel();
    let (free, slots) = channel();
    order.free = Some(free);
    order.offer_slots(2 * threads.current_num_threads() + 1);
    // Not waited for: it may hang in a pipe that nobody writes to when the run is stopped.
    let (inputs, settings, disk, sender) = (job.inputs.clone(), config.clone(), Arc::clone(&order.disk), send.clone());
    let helpers = Arc::clone(&threads);
    thread::spawn(move || {
        let source = Inputs::new(&inputs, &settings, disk).map(|inputs| inputs.with_pool(helpers));
        read(source, &slots, &sender);
    });
    threads.in_place_scope_fifo(|tasks| order.run(&work, tasks, &send, &messages, observer))?;
    order.free = None;

    let summary = order.finish()?;
    write_papers(folder.path(), config, &summary)?;
    folder.publish()?;
    Ok(summary)
}

/// How long the observer may wait to be asked.
const PATIENCE: Duration = Duration::from_millis(100);

/// A batch on its way, with all the memory that working on it takes.
#[derive(Default)]
struct Slot {
    sequence: u64,
    batch: Batch,
    scratch: Scratch,
    encoded: Encoded,
}

/// What the thread that keeps the order is told.
enum Message {
    /// Read: to be worked on.
    Filled(Slot),
    /// Worked on: to be appended.
    Encoded(Slot),
    /// Compressed: to be written.
    Packed(u64, Result<Block>),
    /// All has been read: so many batches.
    End(Result<u64>),
}

/// What a worker needs.
#[derive(Clone, Copy)]
struct Work<'a> {
    pipeline: &'a Pipeline,
    encoder: &'a dyn Encode,
    packer: &'a Packer,
    gather: &'a Gather,
    inputs: &'a [Input],
}

impl Work<'_> {
    fn on(&self, slot: &mut Slot) {
        self.pipeline.apply(&mut slot.batch, &mut slot.scratch);
        let Slot { batch, encoded, .. } = slot;
        self.encoder.encode(batch, self.inputs, encoded);
        self.gather.batch(batch, self.inputs, encoded.shown, &mut encoded.report);
    }
}

/// The reading thread: fills free slots until nothing is left. A closed channel means that the run is over.
fn read(source: Result<Inputs<'_>>, slots: &Receiver<Slot>, to: &Sender<Message>) {
    let mut source = match source {
        Ok(source) => source,
        Err(error) => return drop(to.send(Message::End(Err(error)))),
    };
    let mut sequence = 0;
    let end = loop {
        let Ok(mut slot) = slots.recv() else { return };
        match source.fill(&mut slot.batch) {
            Ok(true) => {}
            Ok(false) => break Ok(sequence),
            Err(error) => break Err(error),
        }
        slot.sequence = sequence;
        sequence += 1;
        if to.send(Message::Filled(slot)).is_err() {
            return;
        }
    };
    // Nobody listens any more when the run failed; then there is nobody to tell.
    let _ = to.send(Message::End(end));
}

/// The thread that keeps the order.
struct Order<'a> {
    shards: &'a mut Shards,
    config: &'a Config,
    free: Option<Sender<Slot>>,
    /// Slots kept back while too many blocks wait to be written.
    held: Vec<Slot>,
    waiting: BTreeMap<u64, Slot>,
    appended: u64,
    packed: BTreeMap<u64, Block>,
    handed: u64,
    written: u64,
    blocks: Vec<Block>,
    disk: Arc<AtomicU64>,
    /// Inputs that the observer was told of.
    told: usize,
    summary: Summary,
}

impl<'a> Order<'a> {
    fn new(job: &Job, config: &'a Config, shards: &'a mut Shards) -> Self {
        let mut summary = Summary::default();
        let path = |i: &Input| InputSums { path: i.name.clone(), ..InputSums::default() };
        let (inputs, columns) = (job.inputs.iter().map(path).collect(), sink::chosen_columns(config));
        summary.ledger = Ledger { version: 1, inputs, columns, ..Ledger::default() };
        Self {
            shards,
            config,
            free: None,
            held: Vec::new(),
            waiting: BTreeMap::new(),
            appended: 0,
            packed: BTreeMap::new(),
            handed: 0,
            written: 0,
            blocks: Vec::new(),
            disk: Arc::default(),
            told: 0,
            summary,
        }
    }

    fn offer_slots(&mut self, count: usize) {
        self.held.extend((0..count).map(|_| Slot::default()));
        self.release();
    }

    fn run<'s>(
        &mut self,
        work: &'s Work<'s>,
        tasks: &ScopeFifo<'s>,
        send: &Sender<Message>,
        messages: &Receiver<Message>,
        observer: &dyn Observer,
    ) -> Result<()> {
        let mut total = None;
        let mut flushed = false;
        while !flushed || self.written < self.handed {
            if observer.stop() {
                return Err(Error::Interrupted);
            }
            // This thread holds a sender itself, so the channel is never closed: no message means that it is time to ask
            // the observer again.
            let Ok(message) = messages.recv_timeout(PATIENCE) else { continue };
            match message {
                Message::Filled(mut slot) => {
                    let send = send.clone();
                    tasks.spawn_fifo(move |_| {
                        work.on(&mut slot);
                        let _ = send.send(Message::Encoded(slot));
                    });
                }
                Message::Encoded(slot) => {
                    self.waiting.insert(slot.sequence, slot);
                    self.append(observer);
                }
                Message::Packed(ticket, block) => {
                    self.packed.insert(ticket, block?);
                    self.write()?;
                }
                Message::End(batches) => total = Some(batches?),
            }
            if total == Some(self.appended) && !flushed {
                self.shards.flush(&mut self.blocks);
                flushed = true;
                self.tell(self.summary.ledger.inputs.len(), observer);
            }
            self.pack(work.packer, tasks, send)?;
        }
        Ok(())
    }

    /// Appends all batches whose turn it is.
    fn append(&mut self, observer: &dyn Observer) {
        while let Some(mut slot) = self.waiting.remove(&self.appended) {
            self.shards.append(&slot.encoded, &mut self.blocks);
            self.summary.report.merge(&slot.encoded.report);
            for (input, sums) in &slot.encoded.sums {
                // Batches come in the order of inputs: what is before this one is complete.
                self.tell(*input as usize, observer);
                self.summary.ledger.inputs[*input as usize].sums.add(sums);
                self.summary.ledger.total.add(sums);
            }
            self.appended += 1;
            observer.progress(Progress {
                disk: self.disk.load(Ordering::Relaxed),
                read: self.summary.ledger.total.read,
                documents: self.summary.report.documents,
            });
            observer.counted(&self.summary.report, &self.summary.ledger);
            if slot.batch.is_oversized(self.config.batch_size.0.max(1 << 20) as usize) {
                slot = Slot::default();
            }
            slot.encoded.shown = self.summary.report.examples.complete();
            self.held.push(slot);
        }
        self.release();
    }

    /// Tells the observer of the inputs before this one.
    fn tell(&mut self, before: usize, observer: &dyn Observer) {
        while self.told < before {
            observer.finished(&self.summary.ledger.inputs[self.told]);
            self.told += 1;
        }
    }

    /// Hands slots back to the reader unless the disk or the compressors lag far behind.
    fn release(&mut self) {
        let lag = (self.handed - self.written) as usize + self.blocks.len();
        while let Some(slot) = if lag <= 16 { self.held.pop() } else { None } {
            let Some(free) = &self.free else { return };
            // The reader is gone when it has read everything.
            let _ = free.send(slot);
        }
    }

    /// Sends full blocks to be compressed; those that are not to be compressed are written at once.
    fn pack<'s>(&mut self, packer: &'s Packer, tasks: &ScopeFifo<'s>, send: &Sender<Message>) -> Result<()> {
        for block in std::mem::take(&mut self.blocks) {
            let ticket = self.handed;
            self.handed += 1;
            if !block.is_loose() {
                self.packed.insert(ticket, block);
                continue;
            }
            let send = send.clone();
            tasks.spawn_fifo(move |_| {
                let _ = send.send(Message::Packed(ticket, packer.pack(block)));
            });
        }
        self.write()
    }

    /// Writes all blocks whose turn it is.
    fn write(&mut self) -> Result<()> {
        while let Some(block) = self.packed.remove(&self.written) {
            self.shards.write(block)?;
            self.written += 1;
        }
        self.release();
        Ok(())
    }

    fn finish(mut self) -> Result<Summary> {
        self.summary.ledger.outputs = self.shards.finish()?;
        self.summary.ledger.check()?;
        Ok(self.summary)
    }
}

/// Writes the report, the ledger and the dataset card.
fn write_papers(folder: &Path, config: &Config, summary: &Summary) -> Result<()> {
    let report = Paper::new(config, summary.report.clone());
    report.write(&summary.ledger, folder)?;
    let card = sink::card(&summary.report, &summary.ledger, config);
    for (name, bytes) in [("ledger.json", pretty(&summary.ledger)?), ("README.md", card.into_bytes())] {
        let path = folder.join(name);
        std::fs::write(&path, bytes).map_err(|e| Error::sink(path, e))?;
    }
    Ok(())
}

pub(crate) fn pretty(value: &impl Serialize) -> Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(|e| Error::sink("report", e.into()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The summary of a folder that is complete, if it is; an error when it was made from something else.
fn complete(job: &Job, config: &Config) -> Result<Option<Summary>> {
    let paper = |name: &str| std::fs::read(job.out.join(name)).ok();
    let (Some(report), Some(ledger)) = (paper("report.json"), paper("ledger.json")) else { return Ok(None) };
    let broken = |e: serde_json::Error| Error::config(format!("{} holds a broken report: {e}", job.out.display()));
    let report: Paper = serde_json::from_slice(&report).map_err(broken)?;
    let ledger: Ledger = serde_json::from_slice(&ledger).map_err(broken)?;
    let names = |inputs: &[InputSums]| inputs.iter().map(|i| i.path.clone()).collect::<Vec<_>>();
    let same_inputs = names(&ledger.inputs) == job.inputs.iter().map(|i| i.name.clone()).collect::<Vec<_>>();
    if !same_inputs || report.configuration != Paper::new(config, Report::default()).configuration {
        let what = if same_inputs { "settings" } else { "inputs" };
        let detail = format!("{} is complete, but of other {what}; give --overwrite to replace it", job.out.display());
        return Err(Error::config(detail));
    }
    Ok(Some(Summary { report: report.report, ledger, was_complete: true }))
}

/// A pool of workers; 0 for one a core.
pub(crate) fn pool(threads: usize) -> Result<rayon::ThreadPool> {
    let builder = rayon::ThreadPoolBuilder::new().num_threads(threads).thread_name(|i| format!("worker-{i}"));
    builder.build().map_err(|e| Error::config(format!("could not start {threads} threads: {e}")))
}
