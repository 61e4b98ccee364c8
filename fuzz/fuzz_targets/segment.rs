//! Any text through separation and labelling, with settings taken from its first byte: fragments tile the text, and
//! neighbours differ.
#![no_main]

use babelsift::config::{Config, Fragments, Separation};
use babelsift::segment::Segmenter;
use babelsift::{Batch, Pipeline, Scratch};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((how, bytes)) = input.split_first() else { return };
    let config = config(usize::from(*how));
    let text = String::from_utf8_lossy(bytes);
    let mut found = Vec::new();
    Segmenter::new(&config).expect("settings are in range").fragments(&text, &mut Scratch::default(), &mut found);
    let mut at = 0;
    for fragment in &found {
        assert_eq!(fragment.range.start, at, "fragments tile the text");
        assert!(!fragment.range.is_empty() && text.is_char_boundary(fragment.range.end));
        assert!((0.0..=1.0).contains(&fragment.score), "scores are shares");
        at = fragment.range.end;
    }
    assert_eq!(at, text.len());
    assert!(found.windows(2).all(|pair| (pair[0].label, pair[0].script) != (pair[1].label, pair[1].script)));

    let mut batch = Batch::default();
    batch.push_document(bytes);
    Pipeline::new(&config).expect("settings are in range").apply(&mut batch, &mut Scratch::default());
    for paragraph in &batch.paragraphs {
        let fragments = batch.fragments_of(paragraph);
        for one in fragments {
            let same = fragments.iter().filter(|other| other.voice == one.voice);
            assert!(fragments.len() > 200 || same.into_iter().all(|other| other.guess.label == one.guess.label));
        }
    }
});

fn config(how: usize) -> Config {
    Config {
        separation: [Separation::Balanced, Separation::CodeSwitch, Separation::Conservative][how % 3],
        fragments: [Fragments::Separate, Fragments::Separate, Fragments::Keep, Fragments::Drop][how / 3 % 4],
        min_fragment: how / 12 % 6,
        ..Config::default()
    }
}
