//! Any files through a whole run.

use std::collections::BTreeMap;
use std::io::Write as _;

use babelsift::config::{ByteSize, Config, Format, Unit};
use babelsift::run::{self, Job};
use babelsift::sink::Existing;
use babelsift::source::expand;
use babelsift::verify::verify;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

use super::values::{bytes, settings, text};
use super::{cases, common};

/// JSON lines, good and bad.
fn json_lines() -> impl Strategy<Value = Vec<u8>> {
    let object =
        |text: String| serde_json::json!({"id": 1.5, "text": text, "url": "http://x"}).to_string().into_bytes();
    let line = prop_oneof![
        4 => text().prop_map(object),
        1 => bytes().prop_map(|b| [b"{\"text\":\"", &b[..], b"\"}"].concat()),
        1 => bytes(),
        1 => select(vec!["", " ", "{}", "{\"text\":1}", "{\"text\":null,\"content\":\"x\"}", "\u{feff}{\"text\":\"x\"}"])
            .prop_map(|l| l.as_bytes().to_vec()),
    ];
    vec(line, 0..8).prop_map(|lines| lines.join(&b'\n'))
}

/// A name and what is in the file; the compressed ones are torn now and then.
fn file() -> impl Strategy<Value = (&'static str, Vec<u8>)> {
    let packed = |pack: fn(&[u8]) -> Vec<u8>| {
        move |(bytes, part): (Vec<u8>, usize)| {
            let packed = pack(&bytes);
            packed[..packed.len() * part / 4].to_vec()
        }
    };
    prop_oneof![
        3 => (Just("a.txt"), bytes()),
        2 => (Just("b.jsonl"), json_lines()),
        1 => (Just("c.txt.gz"), (bytes(), 2..=4usize).prop_map(packed(common::gzip))),
        1 => (Just("d.jsonl.zst"), (json_lines(), 2..=4usize).prop_map(packed(common::zstandard))),
        1 => (Just("e"), vec(bytes(), 0..12).prop_map(|parts| parts.concat())),
    ]
}

/// Where tables can be written, they are.
const TABLE: Format = if cfg!(feature = "parquet") { Format::Parquet } else { Format::TxtZst };

fn all_settings() -> impl Strategy<Value = Config> {
    let format = select(vec![Format::Jsonl, Format::Jsonl, Format::JsonlZst, Format::JsonlGz, Format::Txt, TABLE]);
    let unit = select(vec![Unit::Document, Unit::Paragraph, Unit::Fragment]);
    (settings(), format, unit, 1..3000u64, 1024..5000u64).prop_map(|(config, format, unit, batch, max)| Config {
        format,
        unit,
        batch_size: ByteSize(batch),
        max_document: ByteSize(max),
        threads: 2,
        ..config
    })
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn the_ledger_closes_and_holds(files in vec(file(), 0..6), config in all_settings()) {
        let scratch = tempfile::tempdir().unwrap();
        let (input, out) = (scratch.path().join("in"), scratch.path().join("out"));
        for (i, (name, bytes)) in files.iter().enumerate() {
            let folder = input.join(i.to_string());
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::File::create_new(folder.join(name)).unwrap().write_all(bytes).unwrap();
        }
        std::fs::create_dir_all(&input).unwrap();
        let inputs = expand(&[input.display().to_string()]).unwrap();
        prop_assert_eq!(inputs.len(), files.len());
        let job = Job { inputs, out: out.clone(), existing: Existing::Refuse };
        let summary = run::run(&job, &config, &()).unwrap();
        prop_assert!(summary.ledger.total.closes() && summary.ledger.check().is_ok());
        for ((name, bytes), sums) in files.iter().zip(&summary.ledger.inputs) {
            let plain = !name.ends_with(".gz") && !name.ends_with(".zst") && !bytes.starts_with(b"\x1f\x8b");
            // Records in UTF-16 are made UTF-8 before bytes are counted.
            let recoded = [encoding_rs::UTF_16LE, encoding_rs::UTF_16BE]
                .map(|encoding| encoding.decode_with_bom_removal(bytes).0.len() as u64);
            let is_read = sums.sums.read == bytes.len() as u64
                || *name != "a.txt" && recoded.contains(&sums.sums.read);
            prop_assert!(!plain || is_read, "{}: {:?}", name, sums);
        }
        let found = verify(&out, 1).unwrap();
        prop_assert_eq!(found.differences, Vec::<String>::new());
        let records: u64 = summary.ledger.outputs.iter().map(|o| o.records).sum();
        prop_assert_eq!(found.records, records);
        if !matches!(config.format, Format::Txt | Format::TxtZst | Format::Parquet) {
            check_records(&out, &config);
        }
    }
}

/// A value of a member: anything that JSON has.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        // Such as every reader of JSON reads alike.
        any::<i32>().prop_map(|n| Value::from(f64::from(n) / 8.0)),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..4)
                .prop_map(|m| Value::Object(m.into_iter().collect())),
        ]
    })
}

fn members() -> impl Strategy<Value = BTreeMap<String, Value>> {
    let name = prop_oneof![select(vec!["url", "date", "id", "content", ""]).prop_map(str::to_owned), any::<String>()];
    prop::collection::btree_map(name, value(), 0..5).prop_filter("the text is our own", |m| !m.contains_key("text"))
}

proptest! {
    #![proptest_config(cases(20))]

    #[test]
    fn other_members_come_out_as_they_went_in(objects in vec(members(), 1..8)) {
        let scratch = tempfile::tempdir().unwrap();
        let (input, out) = (scratch.path().join("in.jsonl"), scratch.path().join("out"));
        let line = |members: &BTreeMap<String, Value>| {
            let mut object = members.clone();
            object.insert("text".to_owned(), Value::from("Some text"));
            serde_json::to_string(&object).unwrap()
        };
        std::fs::write(&input, objects.iter().map(line).collect::<Vec<_>>().join("\n")).unwrap();
        let inputs = expand(&[input.display().to_string()]).unwrap();
        let job = Job { inputs, out: out.clone(), existing: Existing::Refuse };
        let config = Config { format: Format::Jsonl, identifier: "script".to_owned(), ..Config::default() };
        run::run(&job, &config, &()).unwrap();
        let found = common::records(&out.join("data/und_Latn/part-00000.jsonl"));
        prop_assert_eq!(found.len(), objects.len());
        for (record, members) in found.iter().zip(&objects) {
            let metadata = record.get("metadata").cloned().unwrap_or_else(|| serde_json::json!({}));
            prop_assert_eq!(&metadata, &serde_json::to_value(members).unwrap());
            for name in ["url", "date"] {
                let want = members.get(name).filter(|v| v.is_string());
                prop_assert_eq!(record.get(name), want, "{}", name);
            }
        }
    }
}

/// Every line of every file is a record whose spans cover its text.
fn check_records(out: &std::path::Path, config: &Config) {
    for path in common::files(out).keys().filter(|p| p.starts_with("data/")) {
        for record in common::records(&out.join(path)) {
            let length = record["text"].as_str().unwrap().chars().count() as u64;
            let spans = record["spans"].as_array().unwrap();
            let mut at = 0;
            for span in spans {
                assert!(
                    at <= span["start"].as_u64().unwrap() && span["source"][0].as_u64() <= span["source"][1].as_u64()
                );
                at = span["end"].as_u64().unwrap();
            }
            assert_eq!(at, length, "{record}");
            assert!(config.unit != Unit::Fragment || spans.len() == 1);
        }
    }
}
