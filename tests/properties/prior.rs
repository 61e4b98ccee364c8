//! Any document as a prior of its lines.

use babelsift::batch::{Batch, Fragment};
use babelsift::config::Prior;
use babelsift::lang::{Guess, Identify, IdentifyScratch};
use babelsift::{Config, Pipeline, Scratch};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::cases;
use super::values::text;

/// Lines that the model is sure of, and lines that it is not.
const LINES: [&str; 9] = [
    "Die ou man sit elke oggend voor sy huis en wag vir die posbode wat nooit meer kom nie.\n",
    "Ons het gister die hele dag in die tuin gewerk, want die wind het al die blare afgewaai.\n",
    "Yesterday evening we walked along the river and met the old man who goes fishing there every day.\n",
    "Isoäiti leipoi lauantaisin ruisleipää suuressa uunissa, jonka isoisä oli rakentanut.\n",
    "huis\n",
    "wat is dit\n",
    "the house\n",
    "Привет, как дела?\n",
    "12:30\n",
];

fn page() -> impl Strategy<Value = String> {
    let lines = vec(select(LINES.to_vec()), 0..30).prop_map(|lines| lines.concat());
    prop_oneof![3 => lines.clone(), 1 => (lines, text()).prop_map(|(a, b)| a + &b)]
}

/// A small fastText model, which has several answers to everything.
fn with_model(prior: Prior) -> Config {
    let model = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fasttext/softmax.bin");
    Config { identifier: format!("fasttext:{model}"), prior, min_score: 0.0, ..Config::default() }
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn the_document_as_a_prior(documents in vec(page(), 1..4)) {
        let identify = Identify::new(&with_model(Prior::None)).unwrap();
        let mut scratch = Scratch::default();
        let mut labelled = |prior: Prior, documents: &[String]| {
            let mut batch = Batch::default();
            documents.iter().for_each(|d| { batch.push_document(d.as_bytes()); });
            Pipeline::new(&with_model(prior)).unwrap().apply(&mut batch, &mut scratch);
            batch
        };
        let (apart, together) = (labelled(Prior::None, &documents), labelled(Prior::Document, &documents));
        // Fragments of one language in a paragraph are labelled together.
        let alone = |f: &Fragment| apart.fragments_of(&apart.paragraphs[f.paragraph as usize]).len() == 1;
        for (single, fragment) in apart.fragments.iter().zip(&together.fragments).filter(|(single, _)| alone(single)) {
            let guess = identify.guess(&apart.text[single.identified.range()], single.script, &mut IdentifyScratch::default());
            prop_assert_eq!((single.guess, single.alone), (guess, None));
            prop_assert_eq!(fragment.alone.unwrap_or(fragment.guess), guess, "what it was before");
            prop_assert!(fragment.alone.is_none() || guess.score < 0.9, "the sure stay");
            let Guess { score, margin, .. } = fragment.guess;
            prop_assert!((0.0..=1.0).contains(&score) && (0.0..=score).contains(&margin), "{:?}", fragment);
        }
        let one_by_one: Vec<_> =
            documents.iter().flat_map(|d| labelled(Prior::Document, std::slice::from_ref(d)).fragments).collect();
        let answers = |all: &[Fragment]| all.iter().map(|f| (f.guess, f.alone)).collect::<Vec<_>>();
        prop_assert_eq!(answers(&one_by_one), answers(&together.fragments), "documents know nothing of each other");
    }
}
