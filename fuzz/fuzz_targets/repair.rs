//! Any text through the repairs of a profile: the way back stays inside, and repairing twice is repairing once.
#![no_main]

use babelsift::repair::{Profile, REPAIRS, Setting, repair, repair_as};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    // Two bytes say which profile and which language; the rest is the text.
    let [how, label, bytes @ ..] = input else { return };
    let text = String::from_utf8_lossy(bytes);
    let profile = match how % 4 {
        0 => Profile::conservative(),
        1 => Profile::standard(),
        2 => Profile::ftfy(),
        _ => one(usize::from(how / 4)),
    };
    let labels = "- - vie_Latn tha_Thai khm_Khmr mya_Mymr hin_Deva ara_Arab fas_Arab kor_Hang ron_Latn tur_Latn";
    let label = labels.split(' ').nth(usize::from(*label) % 16).and_then(|label| label.parse().ok());
    let repaired = repair_as(&text, &profile, label);
    let mut last = 0;
    for (at, _) in repaired.text.char_indices() {
        let source = repaired.source_offset(at);
        assert!(source <= text.len() && text.is_char_boundary(source), "{at} comes of {source}");
        assert!(source >= last, "the way back never falls");
        last = source;
    }
    assert_eq!(repaired.done.repairs.is_empty(), repaired.text == text, "what is said to be done is done");
    if label.is_none() {
        assert_eq!(repair(&repaired.text, &profile), repaired.text, "repaired twice");
    }
});

/// One repair alone.
fn one(place: usize) -> Profile {
    let name = REPAIRS[place % REPAIRS.len()].repair.name();
    Profile::none().with(name, Setting::On).expect("a repair has its own name")
}
