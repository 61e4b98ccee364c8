//! Damage costs what is damaged: whatever is packed in members, frames or streams, what stands in the others is read, and nothing
//! that was torn is glued to what follows.

use std::io::{Read as _, Write as _};
use std::ops::Range;

use super::common::{Made, Scratch, gzip};

type Pack = fn(&[u8]) -> Vec<u8>;

const PACKINGS: [(&str, Pack); 5] = [("gz", gzip), ("zst", zstd), ("bz2", bzip2), ("xz", xz), ("lz4", lz4)];

/// With a checksum, without which damage need not show.
fn zstd(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::new(1));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    liblzma::bufread::XzEncoder::new(bytes, 0).read_to_end(&mut packed).unwrap();
    packed
}

fn lz4(bytes: &[u8]) -> Vec<u8> {
    let info = lz4_flex::frame::FrameInfo::new().content_checksum(true).block_checksums(true);
    let mut encoder = lz4_flex::frame::FrameEncoder::with_frame_info(info, Vec::new());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A kind of record: the name of a file of them, what stands in front of all, and one of them by its text.
struct Kind {
    name: &'static str,
    head: &'static str,
    record: fn(&str) -> String,
}

const KINDS: [Kind; 6] = [
    Kind {
        name: "a.jsonl",
        head: "",
        record: |text| serde_json::json!({"id": 7, "text": text, "n": 1}).to_string() + "\n",
    },
    Kind { name: "a.csv", head: "id,text,n\r\n", record: |text| format!("\"7, 8\",\"{text}\",\"1\"\"\"\r\n") },
    Kind { name: "a.tsv", head: "text\tn\n", record: |text| format!("{text}\t1\n").replacen("\n", " ", 1) },
    Kind {
        name: "a.mbox",
        head: "",
        record: |text| {
            format!(
                "From a@post.example Wed Mar  4 05:06:07 2026\nFrom: a@post.example\nTo: b@post.example\nSubject: c\nContent-Type: text/plain; charset=utf-8\n\n{text}\n\n"
            )
        },
    },
    Kind {
        name: "a.xml",
        head: "<mediawiki xml:lang=\"el\">\n",
        record: |text| {
            format!(
                "<page>\n<title>a</title><ns>0</ns><id>7</id>\n<revision><text bytes=\"5\">{text}</text></revision>\n</page>\n"
            )
        },
    },
    Kind { name: "a.txt", head: "", record: |text| format!("{text}\n\n") },
];

/// A text of two lines that no other is like.
fn text(i: usize) -> String {
    let words = ["θάλασσα", "βουνό", "πόλη", "δάσος", "λίμνη", "νησί", "κάμπος"];
    let (one, other) = (words[i % 7], words[i / 7 % 7]);
    format!(
        "Το {i}ο γράμμα μιλάει για {one} και {other}, όπως είπε.\nΤέλος του γράμματος {i}, με χαιρετισμούς από {one}."
    )
}

/// All records in one file, and where each stands in it.
fn file(kind: &Kind, count: usize) -> (Vec<u8>, Vec<Range<usize>>) {
    let mut bytes = kind.head.as_bytes().to_vec();
    let place = |i| {
        let start = bytes.len();
        bytes.extend((kind.record)(&text(i)).into_bytes());
        start..bytes.len()
    };
    let places = (0..count).map(place).collect();
    (bytes, places)
}

/// Runs on a file that is packed in parts that end at these places, one of which is damaged.
fn run(kind: &Kind, packing: (&str, Pack), bytes: &[u8], ends: &[usize], damaged: usize) -> Made {
    let starts = [&[0], &ends[..ends.len() - 1]].concat();
    let mut packed: Vec<Vec<u8>> =
        starts.iter().zip(ends).map(|(start, end)| packing.1(&bytes[*start..*end])).collect();
    let middle = packed[damaged].len() / 2;
    packed[damaged][middle..middle + 8].iter_mut().for_each(|byte| *byte ^= 0x5A);
    let (scratch, name) = (Scratch::new(), format!("{}.{}", kind.name, packing.0));
    scratch.write(&name, packed.concat());
    scratch.run(&format!("{name} --out out --format jsonl --identifier script --roles none"))
}

/// The texts that were kept, a line each without regard to how lines are joined.
fn kept(made: &Made) -> Vec<String> {
    made.labels().iter().flat_map(|label| made.strings(&format!("data/{label}"), "text")).collect()
}

fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Fails unless every record outside the damaged bytes was kept, and damage was told once.
fn check(made: &Made, kind: &Kind, what: &str, places: &[Range<usize>], lost: &Range<usize>) {
    let kept: Vec<String> = kept(made).iter().map(|text| joined(text)).collect();
    let all = kept.join(" ");
    for (i, place) in places.iter().enumerate() {
        let is_outside = place.end <= lost.start || place.start >= lost.end;
        assert!(!is_outside || all.contains(&joined(&text(i))), "{what}: record {i} is lost");
    }
    let rejects = made.records("rejects");
    let reasons: Vec<&str> = rejects.iter().map(|r| r["reason"].as_str().unwrap()).collect();
    // A damaged member of gzip, or stream of xz, gives some bytes that are none of the text before that shows.
    if !what.contains("in gz") && !what.contains("in xz") {
        assert!(reasons.iter().all(|reason| *reason == "damaged"), "{what}: {reasons:?}");
        let notes = rejects.iter().filter(|r| r["detail"].as_str().unwrap().contains(" bytes)")).count();
        assert_eq!(notes, 1, "{what}: {rejects:?}");
        assert!(rejects.len() <= 3, "{what}: {rejects:?}");
        let originals: Vec<String> = (0..places.len()).map(|i| joined(&text(i))).collect();
        let is_torn = |text: &&String| kind.name != "a.txt" && !originals.contains(text);
        assert_eq!(kept.iter().find(is_torn), None, "{what}");
    }
}

#[test]
fn a_part_that_holds_whole_records() {
    for kind in &KINDS {
        let (bytes, places) = file(kind, 40);
        // The head with the first five records, then five each.
        let ends: Vec<usize> = places.iter().skip(4).step_by(5).map(|place| place.end).collect();
        for packing in PACKINGS {
            for damaged in [1, 4, 7] {
                let what = format!("{} in {}, part {damaged}", kind.name, packing.0);
                let made = run(kind, packing, &bytes, &ends, damaged);
                check(&made, kind, &what, &places, &(ends[damaged - 1]..ends[damaged]));
            }
        }
    }
}

#[test]
fn a_part_that_begins_and_ends_anywhere() {
    for kind in &KINDS {
        let (bytes, places) = file(kind, 40);
        for shift in [1, 30, 77, 111] {
            let size = bytes.len() / 7;
            let mut ends: Vec<usize> = (1..7).map(|i| i * size + shift).collect();
            ends.push(bytes.len());
            for packing in PACKINGS {
                let what = format!("{} in {}, parts at {shift}", kind.name, packing.0);
                let made = run(kind, packing, &bytes, &ends, 3);
                // A line that was torn is lost, in plain text as well.
                check(&made, kind, &what, &places, &(ends[2]..ends[3]));
            }
        }
    }
}
