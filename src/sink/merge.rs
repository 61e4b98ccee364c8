//! Makes one folder of the folders that the shards of a job made.
//!
//! Shards read consecutive inputs, and blocks are independent of each other, so the files of a corpus are put in a row as
//! they are. Nothing is decompressed; each file is checked against its hash while it is copied.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::{Existing, Folder, Ledger, OutputFile, Packing, differing, hex, packing_of};
use crate::config::{Config, Shard};
use crate::error::{Error, Result};
use crate::report::Paper;
use crate::run::{Summary, write_papers};

/// Bytes that are copied at a time.
const PIECE: usize = 1 << 20;

/// A folder that a shard made.
struct Share {
    folder: PathBuf,
    paper: Paper,
    ledger: Ledger,
}

/// Merges the folders of all shards of a job. What is made has the records, the sums and the report that a run over all
/// inputs makes.
///
/// # Errors
/// [`Error::Config`] when a shard is missing, is there twice, is damaged, or is of another job; [`Error::Sink`] when the
/// folder can't be written.
pub fn merge(folders: &[PathBuf], out: &Path, existing: Existing) -> Result<Summary> {
    let shares = gathered(folders)?;
    let Some(first) = shares.first() else { return Err(Error::config("there are no shards to merge")) };
    let config = Config { shard: Shard::default(), ..first.paper.configuration.clone() };
    let folder = Folder::create(out, existing)?;

    let mut corpora: BTreeMap<&Path, Vec<(&Path, &OutputFile)>> = BTreeMap::new();
    for share in &shares {
        let mut outputs: Vec<&OutputFile> = share.ledger.outputs.iter().collect();
        // By number: part-100000 is behind part-99999.
        outputs.sort_by_key(|o| (o.path.len(), &o.path));
        for output in outputs {
            let corpus = Path::new(&output.path).parent().unwrap_or(Path::new(""));
            corpora.entry(corpus).or_default().push((&share.folder, output));
        }
    }
    let joined = corpora.par_iter().map(|(_, files)| join(files, folder.path(), config.shard_size.0));
    let mut summary = Summary::default();
    let ledger = &mut summary.ledger;
    ledger.version = first.ledger.version;
    ledger.columns.clone_from(&first.ledger.columns);
    ledger.outputs = joined.collect::<Result<Vec<_>>>()?.concat();
    ledger.outputs.sort_by(|a, b| a.path.cmp(&b.path));
    for share in &shares {
        summary.report.merge(&share.paper.report);
        let mut inputs = share.ledger.inputs.iter();
        if share.ledger.job.as_ref().is_some_and(|job| job.from > 0)
            && let (Some(last), Some(rest)) = (ledger.inputs.last_mut(), inputs.next())
        {
            last.sums.add(&rest.sums);
        }
        ledger.inputs.extend(inputs.cloned());
        ledger.total.add(&share.ledger.total);
    }
    ledger.check()?;
    write_papers(folder.path(), &config, &mut summary)?;
    folder.publish()?;
    Ok(summary)
}

/// The shards in their order: all of one job, each there once.
fn gathered(folders: &[PathBuf]) -> Result<Vec<Share>> {
    let share = |folder: &PathBuf| {
        let (paper, ledger) = Paper::read(folder)?;
        Ok(Share { folder: folder.clone(), paper, ledger })
    };
    let mut shares: Vec<Share> = folders.iter().map(share).collect::<Result<_>>()?;
    shares.sort_by_key(|share| share.paper.configuration.shard.index);
    let Some(first) = shares.first() else { return Ok(shares) };
    let of = first.paper.configuration.shard.of;
    for share in &shares {
        let refuse = |what: String| {
            let (one, other) = (share.folder.display(), first.folder.display());
            Err(Error::config(format!("{one} and {other} are not shards of one job: {what}")))
        };
        if share.paper.babelsift != first.paper.babelsift {
            return refuse(format!("made by babelsift {} and {}", share.paper.babelsift, first.paper.babelsift));
        }
        let shard = Shard { index: share.paper.configuration.shard.index, of };
        let settings = Config { shard, ..first.paper.configuration.clone() };
        if let Some(what) = differing(&settings, &share.paper.configuration) {
            return refuse(what);
        }
        let list = |share: &Share| share.ledger.job.as_ref().map(|job| (job.inputs, job.names.clone()));
        if list(share) != list(first) {
            return refuse("they were made of other lists of inputs".to_owned());
        }
    }
    let indices: Vec<u32> = shares.iter().map(|share| share.paper.configuration.shard.index).collect();
    if let Some(twice) = indices.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(Error::config(format!("shard {} of {of} is there twice", twice[0])));
    }
    let missing: Vec<String> = (0..of).filter(|i| !indices.contains(i)).map(|i| i.to_string()).collect();
    if !missing.is_empty() {
        return Err(Error::config(format!("of {of} shards these are missing: {}", missing.join(", "))));
    }
    if !in_a_row(&shares) {
        let why = "the shards do not fit together: inputs changed between their runs";
        return Err(Error::config(why));
    }
    Ok(shares)
}

/// True when each shard begins where the one before it ends, and the last ends with the last input.
fn in_a_row(shares: &[Share]) -> bool {
    let mut end = (0, 0);
    let mut inputs = 0;
    for share in shares {
        // One shard of one has all inputs.
        let Some(job) = &share.ledger.job else { return shares.len() == 1 };
        if (job.first, job.from) != end {
            return false;
        }
        let behind = job.first + share.ledger.inputs.len() as u64;
        end = job.until.map_or((behind, 0), |until| (behind.saturating_sub(1), until));
        inputs = job.inputs;
    }
    end == (inputs, 0)
}

/// Puts the files of a corpus in a row, as many in one as it may hold; they become its parts in `folder`.
fn join(files: &[(&Path, &OutputFile)], folder: &Path, limit: u64) -> Result<Vec<OutputFile>> {
    let mut parts: Vec<(OutputFile, Sha256, File)> = Vec::new();
    for (share, output) in files {
        let fits = |part: &OutputFile| limit == 0 || part.unpacked + output.unpacked <= limit;
        let joins = packing_of(&output.path).is_some_and(Packing::joins);
        if !joins || !parts.last().is_some_and(|(part, ..)| fits(part)) {
            let path = renumbered(&output.path, parts.len());
            let file = folder.join(&path);
            let made = file.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| File::create_new(&file));
            let file = made.map_err(|e| Error::sink(&file, e))?;
            parts.push((OutputFile { path, ..OutputFile::default() }, Sha256::new(), file));
        }
        if let Some((part, hash, file)) = parts.last_mut() {
            copy(&share.join(&output.path), output, hash, file)?;
            part.records += output.records;
            part.ids = output.ids.map(|ids| part.ids.unwrap_or_default().with(ids));
            part.bytes += output.bytes;
            part.unpacked += output.unpacked;
        }
    }
    Ok(parts.into_iter().map(|(part, hash, _)| OutputFile { sha256: hex(&hash.finalize()), ..part }).collect())
}

/// The path of a part with another number.
fn renumbered(path: &str, number: usize) -> String {
    let (corpus, name) = path.rsplit_once('/').unwrap_or(("", path));
    let ending = name.split_once('.').map_or("", |(_, ending)| ending);
    format!("{corpus}/part-{number:05}.{ending}")
}

/// Appends a file that must be the one that the ledger tells of.
fn copy(path: &Path, told: &OutputFile, joined: &mut Sha256, to: &mut File) -> Result<()> {
    let fail = |e: io::Error| Error::source(path.display().to_string(), 0, e);
    let mut from = File::open(path).map_err(fail)?;
    let mut own = Sha256::new();
    let mut piece = vec![0; PIECE];
    loop {
        let n = from.read(&mut piece).map_err(fail)?;
        if n == 0 {
            break;
        }
        own.update(&piece[..n]);
        joined.update(&piece[..n]);
        to.write_all(&piece[..n]).map_err(|e| Error::sink("the merged folder", e))?;
    }
    if hex(&own.finalize()) == told.sha256 {
        return Ok(());
    }
    Err(Error::config(format!("{} is not what its ledger says; `babelsift verify` tells more", path.display())))
}
