//! Words of several alphabets and letters of few languages, of every label that has repairs of its own.

use babelsift::repair::{Profile, REPAIRS, Setting, repair_as};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::cases;

const LETTERS: &str = "aceoipxyjshkvABCEHIKMOPTXYVSwlbdnmtäöïéèăçæðÐşţñøùáø\
                       асеорхуіјѕһАВСЕНКМОРТХІүӨөәӏӀъэыяпдщєї\
                       οναιρυχκΑΒΕΖΗΙΚΜΝΟΡΤΥΧλωΔόὸᾰε\
                       օհնուսցՕՏՍ\u{301}\u{307}\u{308}\u{327}1|·.'’ʼʻŀ";

const WORDS: [&str; 16] =
    ["дом", "и", "слово", "the", "house", "a", "y", "c", "ο", "λόγος", "hoà", "nghịêm", "Vieät", "l.l", "CCCP", "XIX"];

fn text() -> impl Strategy<Value = String> {
    let letters = select(LETTERS.chars().collect::<Vec<_>>());
    let mixed = vec(letters, 1..7).prop_map(|letters| letters.into_iter().collect::<String>());
    let word = prop_oneof![2 => mixed, 1 => select(WORDS.to_vec()).prop_map(str::to_owned)];
    let gap = select(vec![" ", " ", " ", "-", "", ". ", ", ", "/"]);
    vec((word, gap), 0..14).prop_map(|words| words.into_iter().map(|(word, gap)| word + gap).collect())
}

fn label() -> impl Strategy<Value = Option<&'static str>> {
    let mut labels = vec![None, Some("eng_Latn"), Some("rus_Cyrl"), Some("ell_Grek"), Some("hye_Armn")];
    for language in REPAIRS.iter().flat_map(|row| row.repair.languages()) {
        labels.extend(["Latn", "Cyrl"].map(|script| Some(&*format!("{language}_{script}").leak())));
    }
    select(labels)
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn repairs_of_letters_are_done_at_once(text in text(), label in label()) {
        let label = label.and_then(|l| l.parse().ok());
        let each = REPAIRS.iter().map(|row| Profile::none().with(row.repair.name(), Setting::On).unwrap());
        for profile in each.chain([Profile::standard(), Profile::conservative()]) {
            let once = repair_as(&text, &profile, label).text.into_owned();
            prop_assert_eq!(&repair_as(&once, &profile, label).text, &once, "{:?} {:?}", label, profile);
        }
    }
}
