//! Any text through repair, normalization, scripts and fragments.

use babelsift::Scratch;
use babelsift::config::{Config, Form, Fragments, Separation};
use babelsift::repair::{Profile, REPAIRS, Setting, normalize, repair, repair_as};
use babelsift::script::{Run, runs};
use babelsift::segment::{Fragment, Segmenter};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::cases;
use super::values::{damaged, marked, syllables, text};

const FORMS: [Form; 4] = [Form::Nfc, Form::Nfkc, Form::Nfd, Form::Nfkd];

fn oracle(text: &str, form: Form) -> String {
    match form {
        Form::Nfc => text.nfc().collect(),
        Form::Nfkc => text.nfkc().collect(),
        Form::Nfd => text.nfd().collect(),
        Form::Nfkd => text.nfkd().collect(),
        _ => text.to_owned(),
    }
}

fn only(name: &str, form: Form) -> Profile {
    Profile::none().with(name, Setting::On).unwrap().form(form)
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn repairing_twice_repairs_nothing_more(text in prop_oneof![marked(), text(), damaged(), damaged(), any::<String>()]) {
        let profiles = [Profile::conservative(), Profile::standard(), Profile::ftfy(), Profile::none()];
        let forms = FORMS.into_iter().chain([Form::None]).map(|form| Profile::conservative().form(form));
        let each = REPAIRS.iter().map(|row| only(row.repair.name(), Form::Nfc));
        for profile in profiles.into_iter().chain(forms).chain(each) {
            let once = repair(&text, &profile).into_owned();
            prop_assert_eq!(&repair(&once, &profile), &once, "{:?}", profile);
        }
        prop_assert_eq!(repair(&text, &Profile::none()), &text[..]);
    }

    #[test]
    fn repairs_of_a_script_are_done_once(text in syllables()) {
        let all = REPAIRS.iter().fold(Profile::none(), |all, row| all.with(row.repair.name(), Setting::On).unwrap());
        let each = REPAIRS.iter().map(|row| only(row.repair.name(), Form::Nfc).with("normalize", Setting::On).unwrap());
        for profile in [Profile::conservative(), Profile::standard(), all].into_iter().chain(each) {
            for label in ["und_Zyyy", "mya_Mymr", "pes_Arab", "ckb_Arab", "hin_Deva"].map(|l| l.parse().ok()) {
                let once = repair_as(&text, &profile, label).text.into_owned();
                prop_assert_eq!(&repair_as(&once, &profile, label).text, &once, "{:?} {:?}", profile, label);
            }
        }
    }

    #[test]
    fn normalization_agrees_with_the_oracle(text in prop_oneof![marked(), marked(), any::<String>()]) {
        for form in FORMS {
            let want = oracle(&text, form);
            prop_assert_eq!(&normalize(&text, form), &want, "{:?}", form);
            prop_assert_eq!(&repair(&text, &only("normalize", form)), &want, "{:?}, word by word", form);
        }
    }

    #[test]
    fn runs_tile_any_text(text in prop_oneof![text(), any::<String>(), marked()]) {
        let mut found = Vec::new();
        runs(&text, &mut found);
        tile(&text, &found);
        prop_assert!(found.windows(2).all(|r| r[0].script != r[1].script), "neighbours differ: {:?}", found);
        prop_assert!(found.len() < 2 || found.iter().all(|r| r.letters > 0), "{:?}", found);
    }

    #[test]
    fn fragments_tile_any_text(text in prop_oneof![text(), any::<String>(), marked()], min_fragment in 0..6usize) {
        for separation in [Separation::Conservative, Separation::Balanced, Separation::CodeSwitch] {
            let found = fragments(&text, &Config { separation, min_fragment, ..Config::default() });
            prop_assert!(found.windows(2).all(|f| (f[0].label, f[0].script) != (f[1].label, f[1].script)), "{:?}", found);
        }
        let whole = Config { fragments: Fragments::Keep, min_fragment, ..Config::default() };
        prop_assert!(fragments(&text, &whole).len() <= 1);
    }
}

fn fragments(text: &str, config: &Config) -> Vec<Fragment> {
    let mut found = Vec::new();
    Segmenter::new(config).unwrap().fragments(text, &mut Scratch::default(), &mut found);
    let mut at = 0;
    for fragment in &found {
        assert_eq!(fragment.range.start, at, "a gap or an overlap: {found:?}");
        assert!(!fragment.range.is_empty() && text.is_char_boundary(fragment.range.end), "{found:?}");
        assert!((0.0..=1.0).contains(&fragment.score), "{found:?}");
        at = fragment.range.end;
    }
    assert_eq!(at, text.len());
    found
}

fn tile(text: &str, runs: &[Run]) {
    let mut at = 0;
    for run in runs {
        assert_eq!(run.start, at, "a gap or an overlap: {runs:?}");
        assert!(run.start < run.end && text.is_char_boundary(run.end), "{runs:?}");
        at = run.end;
    }
    assert_eq!(at, text.len());
}

#[test]
fn every_code_point_normalizes_as_the_oracle_says() {
    let mut text = String::new();
    for c in '\0'..=char::MAX {
        for form in FORMS {
            text.clear();
            text.push(c);
            assert_eq!(normalize(&text, form), oracle(&text, form), "{form:?} of {:04X}", c as u32);
        }
    }
}

/// Marks before, after and between: what composes with what, and what is put in order.
#[test]
fn every_code_point_between_marks() {
    for c in ('\0'..='\u{32ff}')
        .chain('\u{a000}'..='\u{abff}')
        .chain('\u{f900}'..='\u{ffff}')
        .chain('\u{10000}'..='\u{11fff}')
    {
        for text in [format!("a{c}\u{301}"), format!("{c}\u{345}\u{323} {c}")] {
            for form in [Form::Nfc, Form::Nfkd] {
                assert_eq!(normalize(&text, form), oracle(&text, form), "{form:?} of {text:?}, {:04X}", c as u32);
            }
        }
    }
}

/// Plain text is passed over many bytes at a time: a character to repair must be seen wherever it stands.
#[test]
fn repairs_at_every_padding() {
    let pairs = [
        ("\u{a0}", " "),
        ("\r\n", "\n"),
        ("\0", ""),
        ("\u{7f}", ""),
        ("\u{feff}", ""),
        ("e\u{301}", "é"),
        ("\u{2028}", "\n"),
        ("&amp;", "&"),
        ("\u{200b}", ""),
        ("\u{ad}", ""),
        ("\u{92}", "’"),
        ("ﬁ", "fi"),
        ("\u{1b}[0m", ""),
    ];
    for (odd, right) in pairs {
        for before in 0..=70 {
            for after in 0..=33 {
                let (a, b) = ("a".repeat(before), "b".repeat(after));
                assert_eq!(repair(&format!("{a}{odd}{b}"), &Profile::default()), format!("{a}{right}{b}"));
            }
        }
    }
}

#[test]
fn scripts_at_every_padding() {
    let mut found = Vec::new();
    for before in 0..=70 {
        for after in 0..=33 {
            let text = format!("{} слово {}", "a".repeat(before), "b".repeat(after));
            runs(&text, &mut found);
            let scripts: Vec<&str> = found.iter().map(|r| r.script.code()).collect();
            let want = [(before > 0).then_some("Latn"), Some("Cyrl"), (after > 0).then_some("Latn")];
            assert_eq!(scripts, want.into_iter().flatten().collect::<Vec<_>>());
            tile(&text, &found);
        }
    }
}
