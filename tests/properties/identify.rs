//! Our own engine, on any text.

use babelsift::lang::ngram::Ngram;
use babelsift::lang::{Identifier, IdentifyScratch, identify};
use babelsift::script::main_script;
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::cases;

/// Text of several scripts, marks, markup and anything else.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "(?s).{0,80}",
        "[a-zäéßñ'’ <>&@:/.0-9-]{0,200}",
        "[а-яёіў ]{0,60}|[α-ωά-ώ ]{0,60}|[ا-ي ]{0,60}|[क-ह ा-ौ]{0,60}|[一-龥ぁ-ん]{0,400}|[가-힣 ]{0,60}",
        "([a-z]{1,9} ){0,300}",
    ]
}

proptest! {
    #![proptest_config(cases(600))]

    #[test]
    fn answers_are_probabilities(text in texts()) {
        let guess = identify(&text);
        prop_assert!((0.0..=1.0).contains(&guess.score) && (0.0..=1.0).contains(&guess.margin), "{:?}", guess);
        let (engine, script, mut all) = (Ngram::new(&[]), main_script(&text), Vec::new());
        engine.rank(&text, script, &mut all);
        prop_assert!(all.iter().map(|(_, score)| score).sum::<f32>() < 1.001);
        prop_assert!(all.is_sorted_by(|a, b| a.1 >= b.1));
        let alone = engine.identify(&text, script, &mut IdentifyScratch::default());
        if let Some((_, score)) = all.first() {
            prop_assert_eq!(*score, alone.score);
        }
    }

    #[test]
    fn case_and_normalization_form_change_nothing(words in prop::collection::vec("[a-zàâçéèêëîïôùûüñöäå]{1,9}", 1..30)) {
        let text = words.join(" ");
        let guess = identify(&text);
        prop_assert_eq!(identify(&text.to_uppercase()), guess);
        prop_assert_eq!(identify(&text.nfd().collect::<String>()), guess);
    }
}
