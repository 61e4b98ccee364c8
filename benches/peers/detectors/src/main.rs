//! Crates that detect encodings, beside babelsift, on `BABELSIFT_DATA/encoding`.
//!
//! `list` prints the peers; `answer PEER DATA OUT` writes their labels (`OUT/PEER/*.txt`, a line each: of paragraphs, of
//! whole mixed files, of the paragraphs of mixed files); `score DATA OUT...` prints how right babelsift and the labels in
//! these folders are; `speed DATA` measures the crates. `benches/peers/encodings` calls it.

mod data;
mod score;
mod speed;

use std::fs;
use std::path::Path;

use data::{Data, Mixed};

/// The label that a crate gives to bytes.
pub type Ask = fn(&[u8]) -> String;

pub const PEERS: [(&str, Ask); 3] = [("chardetng", chardetng), ("chardet-rs", chardet), ("compact-enc-det", ced)];

fn chardetng(bytes: &[u8]) -> String {
    use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Allow).name().to_owned()
}

fn chardet(bytes: &[u8]) -> String {
    chardet::detect(bytes).encoding.unwrap_or_default()
}

fn ced(bytes: &[u8]) -> String {
    use compact_enc_det::{DetectHints, TextCorpusType, detect_encoding};
    let corpus_type = TextCorpusType::WEB_CORPUS;
    let hints = DetectHints { corpus_type, ignore_7bit_mail_encodings: false, ..DetectHints::default() };
    let name = detect_encoding(bytes, hints).mime_name;
    if name == "BIG5-CP950" { "big5".to_owned() } else { name }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words[..] {
        ["list"] => PEERS.iter().for_each(|(name, _)| println!("{name}")),
        ["answer", peer, data, out] => {
            let ask = PEERS.iter().find(|(name, _)| *name == peer).expect("a peer of the list").1;
            answer(ask, &Data::read(Path::new(data)), &Path::new(out).join(peer));
        }
        ["score", data, ref folders @ ..] => score::report(&Data::read(Path::new(data)), folders),
        ["speed", data] => speed::report(&Data::read(Path::new(data))),
        _ => panic!("list, answer PEER DATA OUT, score DATA OUT... or speed DATA"),
    }
}

fn answer(ask: Ask, data: &Data, out: &Path) {
    fs::create_dir_all(out).expect("a folder for the answers");
    let write = |name: &str, all: &mut dyn Iterator<Item = &[u8]>| {
        let lines: String = all.map(|bytes| ask(bytes) + "\n").collect();
        fs::write(out.join(name).with_extension("txt"), lines).expect("written");
    };
    write("paragraphs", &mut data.paragraphs.iter().map(|p| &p.bytes[..]));
    write("files", &mut data.mixed.iter().map(|m| &m.bytes[..]));
    write("parts", &mut data.mixed.iter().flat_map(Mixed::parts));
}
