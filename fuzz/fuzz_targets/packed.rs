//! Any bytes as a compressed file: an entry of an archive that is made around them.
#![no_main]

mod sources;

use babelsift::config::InputFormat;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((&how, bytes)) = input.split_first() else { return };
    let mut header = [0u8; 512];
    header[..5].copy_from_slice(b"a.txt");
    header[124..135].copy_from_slice(format!("{:011o}", bytes.len()).as_bytes());
    header[148..156].fill(b' ');
    header[156] = b'0';
    header[257..265].copy_from_slice(b"ustar\x0000");
    let sum: u32 = header.iter().map(|b| u32::from(*b)).sum();
    header[148..154].copy_from_slice(format!("{sum:06o}").as_bytes());
    sources::check(InputFormat::Tar, &[&[how | 6], &header[..], bytes].concat());
});
