//! [`Ahead`]: parts of an input that are unpacked several at a time, where there is a pool, and handed out in order.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use rayon::ThreadPool;

use super::limits::{Budget, Context};

/// A part of an input.
pub(super) trait Work: Send + 'static {
    /// What becomes of it.
    type Done: Send + 'static;

    /// Does it.
    fn done(self) -> Self::Done;

    /// As little of it as can be, since nobody wants what it would unpack to.
    fn undone(self) -> Self::Done;
}

/// Work that is under way, and the counting of what it takes and makes.
pub(super) struct Ahead<W: Work> {
    queue: VecDeque<Task<W>>,
    most: usize,
    pool: Option<Arc<ThreadPool>>,
    budget: Arc<Budget>,
    /// This is the decompressor of the file, and no other.
    outermost: bool,
}

/// Work to be done when its turn comes, or by the pool.
enum Task<W: Work> {
    Here(W),
    Pool(Receiver<W::Done>),
}

impl<W: Work> Ahead<W> {
    pub(super) fn new(context: &Context) -> Self {
        let budget = Arc::clone(&context.budget);
        let outermost = budget.hold();
        // Only the outermost reads ahead: how far others did would show in what the budget allows.
        let pool = context.pool.clone().filter(|p| outermost && p.current_num_threads() > 1);
        let most = pool.as_ref().map_or(1, |p| 2 * p.current_num_threads() + 1);
        Self { queue: VecDeque::new(), most, pool, budget, outermost }
    }

    /// True when as much is under way as may be.
    pub(super) fn is_full(&self) -> bool {
        self.queue.len() >= self.most
    }

    /// Adds work at the end; `worth` it is where it takes long.
    pub(super) fn push(&mut self, work: W, worth: bool) {
        let Some(pool) = self.pool.as_ref().filter(|_| worth) else { return self.queue.push_back(Task::Here(work)) };
        let (send, done) = channel();
        // Nobody waits for it any more when the run was stopped.
        pool.spawn_fifo(move || drop(send.send(work.done())));
        self.queue.push_back(Task::Pool(done));
    }

    /// What became of the first, and waits for it.
    pub(super) fn pop(&mut self, wanted: bool) -> Option<W::Done> {
        match self.queue.pop_front()? {
            Task::Here(work) => Some(if wanted { work.done() } else { work.undone() }),
            // The pool is not gone as long as this holds it.
            Task::Pool(done) => done.recv().ok(),
        }
    }

    /// Counts packed bytes whose turn came, and what was handed out.
    pub(super) fn count(&self, packed: usize, unpacked: usize) -> io::Result<()> {
        if self.outermost {
            self.budget.take(packed);
        }
        self.budget.unpack(unpacked)
    }
}

impl<W: Work> Drop for Ahead<W> {
    fn drop(&mut self) {
        // An archive that is not compressed may hold several files that are.
        if self.outermost {
            self.budget.release();
        }
    }
}
