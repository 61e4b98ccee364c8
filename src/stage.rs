//! [`Stage`]: one step of the work on a batch, and [`Scratch`]: the memory it may write to.

use crate::batch::Batch;
use crate::decode::DecodeScratch;
use crate::lang::IdentifyScratch;
use crate::repair::RepairScratch;
use crate::role::RoleScratch;
use crate::segment::SegmentScratch;

/// One step of the work on a batch. Immutable and shared by all workers.
pub trait Stage: Send + Sync {
    /// Name for people.
    fn name(&self) -> &'static str;

    /// Does its work on a batch.
    fn run(&self, batch: &mut Batch, scratch: &mut Scratch);
}

/// All that stages write to besides the batch. One a worker, used again for every batch.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(crate) decode: DecodeScratch,
    pub(crate) repair: RepairScratch,
    pub(crate) segment: SegmentScratch,
    pub(crate) identify: IdentifyScratch,
    pub(crate) roles: RoleScratch,
}
