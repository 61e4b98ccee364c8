//! The parallel job: read → apply and encode on all cores → append in order → compress on all cores → write in order.
//!
//! One thread reads batches, one (the caller's) keeps the order, a pool does the work. A batch travels in a `Slot` with
//! all the memory it needs; there are as many slots as may be under way, so memory is bounded. Batches are appended in
//! the order in which they were read, so the output does not depend on the number of threads. Between two batches a snapshot of
//! all that is known goes to the journal, from which an interrupted run goes on.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
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
use crate::sink::{
    self, Account, Block, Encode, Encoded, Existing, Folder, InputSums, JobList, Journal, Ledger, Packer, Shards, Sink,
};
use crate::source::{self, Input, Inputs, Position, Share};
use crate::stage::Scratch;

/// What to do.
#[derive(Clone, Debug)]
pub struct Job {
    /// What to read, in this order (see [`source::expand`]); of a job of several shards, all of them.
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
    /// Bytes that had been read by an interrupted run which this one went on with.
    pub resumed: u64,
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
/// under the name of the output folder then; what was done so far is kept beside it, to be resumed.
///
/// # Panics
/// Where a thread of the run does, which is a fault of the program: the panic is passed on to the caller's thread.
pub fn run(job: &Job, config: &Config, observer: &dyn Observer) -> Result<Summary> {
    let pipeline = Pipeline::new(config)?;
    let share = source::share(&job.inputs, config);
    let inputs = &job.inputs[share.inputs.clone()];
    if job.existing == Existing::Resume
        && let Some(summary) = complete(&job.out, inputs, config)?
    {
        return Ok(summary);
    }
    let folder = Folder::create(&job.out, job.existing)?;
    if folder.is_whole()
        && let Some(summary) = complete(folder.path(), inputs, config)?
    {
        return folder.publish().map(|()| summary);
    }
    let mut order = Order::new(job, &share, config, folder.path())?;
    let (encoder, packer) = (sink::encoder(config), Packer::new(config));
    let gather = Gather::new(config)?;
    let work = Work { pipeline: &pipeline, encoder: &*encoder, packer: &packer, gather: &gather, inputs };

    let threads = Arc::new(pool(config.threads)?);
    let (send, messages) = channel();
    let (free, slots) = channel();
    order.free = Some(free);
    order.offer_slots(2 * threads.current_num_threads() + 1);
    // Not waited for: it may hang in a pipe that nobody writes to when the run is stopped.
    let (inputs, settings, disk, sender) = (inputs.to_vec(), config.clone(), Arc::clone(&order.disk), send.clone());
    let (helpers, at) = (Arc::clone(&threads), order.account.position);
    thread::spawn(move || {
        let source = Inputs::new(&inputs, &settings, disk);
        let source = source.map(|inputs| inputs.with_pool(helpers).within(share.from, share.until).starting_at(at));
        watched(&sender, || read(source, &slots, &sender));
    });
    threads.in_place_scope_fifo(|tasks| order.run(&work, tasks, &send, &messages, observer))?;
    order.free = None;

    let mut summary = order.finish()?;
    write_papers(folder.path(), config, &mut summary)?;
    folder.publish()?;
    Ok(summary)
}

/// How long the observer may wait to be asked.
const PATIENCE: Duration = Duration::from_millis(100);

/// A batch on its way, with all the memory that working on it takes.
#[derive(Default)]
struct Slot {
    sequence: u64,
    /// How far reading was when it was filled.
    position: Position,
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
    /// A thread has come to an end that it should not have.
    Panicked(Box<dyn Any + Send>),
}

/// Tells of a panic, so that nobody waits for ever for what was to be done.
fn watched(to: &Sender<Message>, work: impl FnOnce()) {
    if let Err(why) = catch_unwind(AssertUnwindSafe(work)) {
        let _ = to.send(Message::Panicked(why));
    }
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
        (slot.sequence, slot.position) = (sequence, source.position());
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
    shards: Shards,
    journal: Journal<'a>,
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
    account: Account,
    /// Inputs that the observer was told of.
    told: usize,
    /// Bytes that had been read when this began.
    resumed: u64,
}

impl<'a> Order<'a> {
    /// From the start, or from where an interrupted run had come to.
    fn new(job: &'a Job, share: &Share, config: &'a Config, folder: &Path) -> Result<Self> {
        let inputs = &job.inputs[share.inputs.clone()];
        let mut shards = Shards::new(folder, config);
        let mut journal = Journal::new(folder, inputs, config);
        let list = || JobList {
            inputs: job.inputs.len() as u64,
            names: source::list_hash(&job.inputs),
            first: share.inputs.start as u64,
            from: share.from,
            until: share.until,
        };
        let list = (config.shard.of > 1).then(list);
        let account =
            journal.resume(&mut shards)?.unwrap_or_else(|| Account::new(inputs, list, sink::chosen_columns(config)));
        let (resumed, told) = (account.ledger.total.read, account.position.input);
        Ok(Self {
            shards,
            journal,
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
            account,
            told,
            resumed,
        })
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
        let (mut flushed, mut stopping) = (false, false);
        while !flushed || self.written < self.handed {
            if !stopping && observer.stop() {
                stopping = true;
                self.stop()?;
            }
            if stopping && self.journal.is_settled() {
                return Err(Error::Interrupted);
            }
            // This thread holds a sender itself, so the channel is never closed: no message means that it is time to ask
            // the observer again.
            let Ok(message) = messages.recv_timeout(PATIENCE) else { continue };
            match message {
                Message::Filled(_) | Message::Encoded(_) if stopping => {}
                Message::Filled(mut slot) => {
                    let send = send.clone();
                    tasks.spawn_fifo(move |_| {
                        watched(&send, || {
                            work.on(&mut slot);
                            let _ = send.send(Message::Encoded(slot));
                        });
                    });
                }
                Message::Encoded(slot) => {
                    self.waiting.insert(slot.sequence, slot);
                    self.append(observer)?;
                }
                Message::Packed(ticket, block) => {
                    self.packed.insert(ticket, block?);
                    self.write()?;
                }
                Message::End(batches) => total = Some(batches?),
                Message::Panicked(why) => resume_unwind(why),
            }
            if total == Some(self.appended) && !flushed {
                self.shards.flush(&mut self.blocks);
                flushed = true;
                self.tell(self.account.ledger.inputs.len(), observer);
            }
            self.pack(work.packer, tasks, send)?;
        }
        Ok(())
    }

    /// Sees to it that what was done so far is committed.
    fn stop(&mut self) -> Result<()> {
        if self.appended == 0 {
            return Ok(());
        }
        self.note()?;
        self.write()
    }

    /// Takes a snapshot between two batches.
    fn note(&mut self) -> Result<()> {
        self.journal.note(&self.account, &self.shards, self.handed + self.blocks.len() as u64)
    }

    /// Appends all batches whose turn it is.
    fn append(&mut self, observer: &dyn Observer) -> Result<()> {
        while let Some(mut slot) = self.waiting.remove(&self.appended) {
            self.shards.append(&slot.encoded, &mut self.blocks);
            self.account.add(&slot.encoded, slot.position);
            // Batches come in the order of inputs: what is before the last one is complete.
            let last = slot.encoded.sums.iter().map(|(input, _)| *input as usize).max();
            self.tell(last.unwrap_or_default(), observer);
            self.appended += 1;
            if self.journal.is_due() {
                self.note()?;
            }
            observer.progress(Progress {
                disk: self.disk.load(Ordering::Relaxed),
                read: self.account.ledger.total.read,
                documents: self.account.report.documents,
            });
            observer.counted(&self.account.report, &self.account.ledger);
            if slot.batch.is_oversized(self.config.batch_size.0.max(1 << 20) as usize) {
                slot = Slot::default();
            }
            slot.encoded.shown = self.account.report.examples.complete();
            self.held.push(slot);
        }
        self.release();
        Ok(())
    }

    /// Tells the observer of the inputs before this one.
    fn tell(&mut self, before: usize, observer: &dyn Observer) {
        while self.told < before {
            observer.finished(&self.account.ledger.inputs[self.told]);
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
                watched(&send, || {
                    let _ = send.send(Message::Packed(ticket, packer.pack(block)));
                });
            });
        }
        self.write()
    }

    /// Writes all blocks whose turn it is, and commits what is written with them.
    fn write(&mut self) -> Result<()> {
        self.journal.commit(self.written, &mut self.shards)?;
        while let Some(block) = self.packed.remove(&self.written) {
            self.shards.write(block)?;
            self.written += 1;
            self.journal.commit(self.written, &mut self.shards)?;
        }
        self.release();
        Ok(())
    }

    fn finish(mut self) -> Result<Summary> {
        let Account { report, mut ledger, .. } = self.account;
        ledger.outputs = self.shards.finish()?;
        ledger.check()?;
        Ok(Summary { report, ledger, resumed: self.resumed, ..Summary::default() })
    }
}

/// Writes the report, the dataset card and the ledger: that one last, since a folder with a ledger is whole.
pub(crate) fn write_papers(folder: &Path, config: &Config, summary: &mut Summary) -> Result<()> {
    let report = Paper::new(config, summary.report.clone());
    report.write(&mut summary.ledger, folder)?;
    let card = sink::card(&summary.report, &summary.ledger, config);
    sink::write_whole(&folder.join("README.md"), card.as_bytes())?;
    sink::write_whole(&folder.join("ledger.json"), &pretty(&summary.ledger)?)
}

pub(crate) fn pretty(value: &impl Serialize) -> Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(|e| Error::sink("report", e.into()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The summary of a folder that is complete, if it is; an error when it was made from something else.
fn complete(folder: &Path, inputs: &[Input], config: &Config) -> Result<Option<Summary>> {
    if !folder.join("report.json").is_file() || !folder.join("ledger.json").is_file() {
        return Ok(None);
    }
    let (paper, ledger) = Paper::read(folder)?;
    let same = ledger.inputs.iter().map(|i| &i.path).eq(inputs.iter().map(|i| &i.name));
    let settings = sink::differing(&paper.configuration, &Paper::new(config, Report::default()).configuration);
    let what = settings.map(|s| format!("settings ({s})")).or_else(|| (!same).then(|| "inputs".to_owned()));
    if let Some(what) = what {
        let shown = folder.display();
        return Err(Error::config(format!("{shown} is complete, but of other {what}; give --overwrite to replace it")));
    }
    Ok(Some(Summary { report: paper.report, ledger, was_complete: true, resumed: 0 }))
}

/// A pool of workers; 0 for one a core.
pub(crate) fn pool(threads: usize) -> Result<rayon::ThreadPool> {
    let builder = rayon::ThreadPoolBuilder::new().num_threads(threads).thread_name(|i| format!("worker-{i}"));
    builder.build().map_err(|e| Error::config(format!("could not start {threads} threads: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_told() {
        let (send, messages) = channel();
        watched(&send, || drop(send.send(Message::End(Ok(3)))));
        watched(&send, || panic!("on purpose"));
        assert!(matches!(messages.recv(), Ok(Message::End(Ok(3)))));
        assert!(matches!(messages.recv(), Ok(Message::Panicked(_))));
    }
}
