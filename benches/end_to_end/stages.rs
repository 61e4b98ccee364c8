//! Where the time goes: every step of a run done by itself on one batch after the other.

use std::path::Path;

use babelsift::decode::Decode;
use babelsift::filter::Filters;
use babelsift::lang::Identify;
use babelsift::repair::{Profile, RepairFragments, RepairStage};
use babelsift::role::Roles;
use babelsift::segment::Segment;
use babelsift::sink::{Block, Encoded, Packer, Shards, Sink, encoder};
use babelsift::source::{Inputs, expand};
use babelsift::stage::Stage;
use babelsift::{Batch, Config, Scratch};

use crate::clock;
use crate::input::Input;

/// Steps in order, besides the stages.
const AROUND: [&str; 5] = ["read and parse", "encode records", "append to blocks", "compress", "hash and write"];

/// Prints the time of each step.
pub fn table(input: &Input, folder: &Path, config: &Config, rounds: usize) {
    // All stay until the end, as where speed is measured.
    let outs = tempfile::tempdir_in(folder).unwrap();
    let rounds: Vec<Vec<f64>> = (0..rounds).map(|i| once(input, &outs.path().join(i.to_string()), config)).collect();
    let mb = input.bytes as f64 / 1e6;
    let middle = |i: usize| clock::median(&rounds.iter().map(|r| r[i] * 1e3 / mb).collect::<Vec<_>>());
    let [read, encode, append, pack, write] = AROUND;
    let stages = stages(config);
    let names = [read].into_iter().chain(stages.iter().map(|s| s.name())).chain([encode, append, pack, write]);
    let times: Vec<f64> = (0..rounds[0].len()).map(middle).collect();
    let sum: f64 = times.iter().sum();
    println!(
        "\n{} input, --identifier {}: ms a MB of input, median of {}",
        input.name,
        config.identifier,
        rounds.len()
    );
    println!("| step | ms/MB | share |");
    println!("|---|---|---|");
    for (name, time) in names.zip(&times) {
        println!("| {name} | {time:.2} | {:.0} % |", 100.0 * time / sum);
    }
    println!("| sum | {sum:.2} | {:.1} MB/s |", 1e3 / sum);
}

/// The stages of a pipeline, as [`Pipeline::new`](babelsift::Pipeline::new) makes them.
fn stages(config: &Config) -> Vec<Box<dyn Stage>> {
    let stages: Vec<Box<dyn Stage>> = vec![
        Box::new(Decode::new(config.paragraphs)),
        Box::new(RepairStage::new(Profile::new(config).unwrap())),
        Box::new(Segment::new(config)),
        Box::new(Identify::new(config).unwrap()),
        Box::new(Roles::new(config).unwrap()),
        Box::new(RepairFragments::new(Profile::new(config).unwrap())),
        Box::new(Filters::new(config)),
    ];
    let own = babelsift::Pipeline::new(config).unwrap();
    assert!(own.stages().eq(stages.iter().map(|s| s.name())), "the table is to show the stages of a run");
    stages
}

/// Seconds of each step over the whole input.
fn once(input: &Input, out: &Path, config: &Config) -> Vec<f64> {
    let stages = stages(config);
    let inputs = expand(&[input.path.display().to_string()]).unwrap();
    let mut source = Inputs::new(&inputs, config, std::sync::Arc::default()).unwrap();
    let (encoder, packer) = (encoder(config), Packer::new(config));
    std::fs::create_dir_all(out).unwrap();
    let mut shards = Shards::new(out, config);
    let (mut batch, mut scratch, mut encoded) = (Batch::default(), Scratch::default(), Encoded::default());
    let mut blocks: Vec<Block> = Vec::new();
    let mut laps = Laps { seconds: vec![0.0; AROUND.len() + stages.len()], step: 0, last: clock::now() };
    loop {
        laps.begin(0);
        let more = source.fill(&mut batch).unwrap();
        laps.end();
        if more {
            for stage in &stages {
                stage.run(&mut batch, &mut scratch);
                laps.end();
            }
            encoder.encode(&batch, &inputs, &mut encoded);
            laps.end();
            shards.append(&encoded, &mut blocks);
            laps.end();
        } else {
            laps.begin(stages.len() + 2);
            shards.flush(&mut blocks);
            laps.end();
        }
        let packed: Vec<Block> =
            blocks.drain(..).map(|block| if block.is_loose() { packer.pack(block).unwrap() } else { block }).collect();
        laps.end();
        packed.into_iter().for_each(|block| shards.write(block).unwrap());
        laps.end();
        if !more {
            break;
        }
    }
    laps.begin(laps.seconds.len() - 1);
    shards.finish().unwrap();
    laps.end();
    laps.seconds
}

/// A stop watch for steps that follow each other.
struct Laps {
    seconds: Vec<f64>,
    step: usize,
    last: f64,
}

impl Laps {
    fn begin(&mut self, step: usize) {
        self.step = step;
        self.last = clock::now();
    }

    fn end(&mut self) {
        let now = clock::now();
        self.seconds[self.step] += now - self.last;
        self.step += 1;
        self.last = now;
    }
}
