//! Any bytes as Arrow IPC.
#![no_main]

mod sources;

use babelsift::config::InputFormat;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| sources::check(InputFormat::Arrow, input));
