//! What a document says about its short lines: fragments that are likely of a language are evidence for the others.

use super::{Guess, Identify, IdentifyScratch, Label};
use crate::batch::{Fragment, Verdict};
use crate::config::Prior;
use crate::script::Script;

/// Score from which on a fragment is sure: it counts in full, and the others do not move it.
const SURE: f32 = 0.9;

/// Score up to which a fragment does not count: its label is as likely wrong as right. Between the two it counts in part,
/// as languages that are close to each other are hardly ever told apart for sure by one line, but by many.
const OPEN: f32 = 0.5;

/// Bytes from which on a fragment counts: some words are sure by accident.
const ENOUGH: usize = 20;

/// Bytes that count of one fragment at most: a long paragraph weighs no more than some lines.
const MOST: usize = 500;

/// Labels that a document can have evidence for; further ones are not counted.
const LABELS: usize = 64;

/// The evidence decides for this share of the prior at most. A label that has it all then counts 33 times as much as one
/// that has none, and after a single line of 100 bytes less than twice as much.
const SAY: f32 = 0.8;

/// Bytes of evidence that have half of that say.
const HALF: f32 = 1000.0;

/// The prior of a label without evidence: as if a line were in one of eight languages. It does not depend on the number
/// of labels that the engine knows, or the engine that knows more would be moved more.
const EVEN: f32 = 1.0 / 8.0;

/// Places of the rows by label: four times as many as there are rows, so that most labels without a row are known by one look.
const SLOTS: usize = 4 * LABELS;

/// Bytes of each label in one document, as far as they count.
#[derive(Debug)]
pub(super) struct Evidence {
    rows: Vec<(Label, u32)>,
    /// By label the number of its row, from 1, or 0; another label's is passed over (open addressing).
    slots: [u8; SLOTS],
}

impl Default for Evidence {
    fn default() -> Self {
        Self { rows: Vec::new(), slots: [0; SLOTS] }
    }
}

/// The bytes of a fragment that count as its label.
fn weight(guess: &Guess, bytes: usize) -> u32 {
    if bytes < ENOUGH || guess.label.is_unknown() {
        return 0;
    }
    let sure = ((guess.score - OPEN) / (SURE - OPEN)).clamp(0.0, 1.0);
    (bytes.min(MOST) as f32 * sure) as u32
}

impl Evidence {
    fn clear(&mut self) {
        self.rows.clear();
        self.slots.fill(0);
    }

    /// The row of a label, or the slot where it would be noted.
    #[inline]
    fn find(&self, label: Label) -> Result<usize, usize> {
        let [a, b, c] = label.code();
        // Multiply-shift hashing (Dietzfelbinger 1996).
        let mut slot =
            u32::from_le_bytes([0, a, b, c]).wrapping_mul(0x9E37_79B1) as usize >> (u32::BITS - SLOTS.ilog2());
        loop {
            match usize::from(self.slots[slot % SLOTS]) {
                0 => return Err(slot % SLOTS),
                row if self.rows[row - 1].0 == label => return Ok(row - 1),
                _ => slot += 1,
            }
        }
    }

    /// Counts a fragment.
    fn add(&mut self, guess: &Guess, bytes: usize) {
        let weight = weight(guess, bytes);
        match self.find(guess.label) {
            Ok(row) => self.rows[row].1 = self.rows[row].1.saturating_add(weight),
            Err(slot) if self.rows.len() < LABELS && weight > 0 => {
                self.rows.push((guess.label, weight));
                self.slots[slot] = self.rows.len() as u8;
            }
            Err(_) => {}
        }
    }

    /// What the other fragments say about one of this script with this guess, if it matters: the sure are not moved, nor
    /// is what is no language, nor a label without a rival.
    fn about(&self, guess: &Guess, script: Script, bytes: usize) -> Option<About<'_>> {
        let fixed = guess.score >= SURE || guess.margin >= guess.score || guess.label == Label::NO_LANGUAGE;
        if self.rows.is_empty() || fixed {
            return None;
        }
        let (script, own) = (Label::script_told(script), (guess.label, weight(guess, bytes)));
        let mut about = About { evidence: self, script, own, total: 0.0, say: 0.0, without: 0.0 };
        about.total = self.rows.iter().map(|row| u64::from(about.others(row))).sum::<u64>() as f32;
        about.say = SAY * about.total / (about.total + HALF);
        about.without = (1.0 - about.say) * EVEN;
        (about.total > 0.0).then_some(about)
    }
}

/// The evidence for one fragment.
struct About<'e> {
    evidence: &'e Evidence,
    /// Labels of another script tell nothing.
    script: Script,
    /// What the fragment gave to the evidence itself, which does not count for it.
    own: (Label, u32),
    total: f32,
    say: f32,
    /// The prior of a label that has none.
    without: f32,
}

impl About<'_> {
    /// Bytes of other fragments that speak for the label of a row.
    fn others(&self, (label, bytes): &(Label, u32)) -> u32 {
        let own = if *label == self.own.0 { self.own.1 } else { 0 };
        if label.script == self.script { bytes.saturating_sub(own) } else { 0 }
    }

    /// The prior of a label. Whether a line is language at all, other lines don't tell.
    fn prior(&self, label: Label) -> f32 {
        if label.is_unknown() {
            return EVEN;
        }
        let Ok(row) = self.evidence.find(label) else { return self.without };
        self.say * self.others(&self.evidence.rows[row]) as f32 / self.total + self.without
    }

    /// The guess after the evidence, with all labels and scores before it. It is never unknown if it was a language
    /// before.
    fn decide(&self, before: Guess, ranked: &[(Label, f32)]) -> Guess {
        let (mut best, mut next, mut sum, mut weighed) = ((before.label, 0.0), 0.0f32, 0.0, 0.0);
        for &(label, score) in ranked {
            let own = score * self.prior(label);
            (sum, weighed) = (sum + score, weighed + own);
            if own <= best.1 && own <= next {
                continue;
            }
            if own > best.1 && (before.label.is_unknown() || !label.is_unknown()) {
                next = next.max(best.1);
                best = (label, own);
            } else {
                next = next.max(own);
            }
        }
        if ranked.len() < 2 || best.1 <= 0.0 {
            return before;
        }
        // The scores keep their sum. Where labels do not compete it may be above 1, and one label may get most of it.
        let scaled = |own: f32| (own / weighed * sum).min(1.0);
        let score = scaled(best.1);
        Guess { label: best.0, score, margin: (score - scaled(next)).max(0.0) }
    }
}

impl Identify {
    /// Labels the fragments of one document; those of one voice of a paragraph together.
    pub(super) fn document(&self, text: &str, fragments: &mut [Fragment], scratch: &mut IdentifyScratch) {
        // The engine writes to the scratch, so the evidence is taken out of it meanwhile.
        let mut evidence = std::mem::take(&mut scratch.evidence);
        evidence.clear();
        scratch.answers.begin();
        let leads =
            |fragments: &[Fragment], i: usize| fragments[i].verdict == Verdict::Keep && leader(fragments, i) == i;
        for i in 0..fragments.len() {
            if leads(fragments, i) {
                let Fragment { script, guess: glanced, text: own, .. } = fragments[i];
                let (guess, bytes) = if self.takes(&glanced, script) {
                    (glanced, own.len())
                } else {
                    self.joined(voice(text, fragments, i), scratch, |own, scratch| {
                        (self.remembered(own, script, scratch), own.len())
                    })
                };
                fragments[i].guess = guess;
                if self.prior == Prior::Document {
                    evidence.add(&guess, bytes);
                }
            }
        }
        for i in 0..fragments.len() {
            if !leads(fragments, i) {
                let Fragment { guess, alone, .. } = fragments[leader(fragments, i)];
                if fragments[i].verdict == Verdict::Keep {
                    (fragments[i].guess, fragments[i].alone) = (guess, alone);
                }
                continue;
            }
            let Fragment { guess: alone, script, .. } = fragments[i];
            let accepted = self.accept(alone, script);
            let moved = self.joined(voice(text, fragments, i), scratch, |own, scratch| {
                let about = evidence.about(&alone, script, own.len())?;
                let guess = self.moved(alone, own, script, scratch, |ranked| about.decide(alone, ranked));
                Some(self.accept(guess, script))
            });
            fragments[i].guess = moved.unwrap_or(accepted);
            fragments[i].alone = moved.map(|_| accepted);
        }
        scratch.evidence = evidence;
    }
}

/// Fragments of a paragraph that are searched for others of a voice.
const SEARCHED: usize = 256;

/// The first fragment of the same voice in the paragraph.
fn leader(fragments: &[Fragment], i: usize) -> usize {
    let Fragment { paragraph, voice, .. } = fragments[i];
    let before = fragments[..i].iter().rev().take(SEARCHED).take_while(|f| f.paragraph == paragraph);
    let last = before.enumerate().filter(|(_, f)| f.voice == voice && f.verdict == Verdict::Keep).last();
    last.map_or(i, |(back, _)| i - 1 - back)
}

/// The texts of all fragments of a voice, from its first on.
fn voice<'t>(text: &'t str, fragments: &[Fragment], first: usize) -> impl Iterator<Item = &'t str> {
    let Fragment { paragraph, voice, .. } = fragments[first];
    let own = fragments[first..].iter().take(SEARCHED).take_while(move |f| f.paragraph == paragraph);
    own.filter(move |f| f.voice == voice).map(|f| &text[f.text.range()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::{Role, Span};
    use crate::lang::Identifier;
    use crate::lang::identify::next_number;

    type Scores = &'static [(&'static str, f32)];

    /// Answers what stands beside the text.
    struct Fake;

    const ANSWERS: &[(&str, Scores)] = &[
        ("ein ganz eindeutiger Satz", &[("deu_Latn", 0.97), ("nld_Latn", 0.02)]),
        ("een zeer duidelijke regel", &[("nld_Latn", 0.95), ("deu_Latn", 0.04)]),
        ("een nogal duidelijke regel", &[("nld_Latn", 0.7), ("deu_Latn", 0.25)]),
        ("Ja", &[("deu_Latn", 0.99), ("nld_Latn", 0.01)]),
        ("Huis", &[("nld_Latn", 0.5), ("deu_Latn", 0.3), ("eng_Latn", 0.1)]),
        ("quite another line", &[("eng_Latn", 0.8), ("nld_Latn", 0.1), ("deu_Latn", 0.01)]),
        ("Lorem", &[("und_Latn", 0.6), ("eng_Latn", 0.2), ("deu_Latn", 0.15)]),
        ("Xyzzy", &[("und_Latn", 0.8), ("eng_Latn", 0.1), ("deu_Latn", 0.01)]),
        ("Tagline", &[("eng_Latn", 0.5), ("zxx_Zxxx", 0.35), ("nld_Latn", 0.1), ("deu_Latn", 0.001)]),
        ("code", &[("zxx_Zxxx", 0.6), ("deu_Latn", 0.4)]),
        ("Alone", &[("eng_Latn", 0.4)]),
        ("Each", &[("nld_Latn", 0.8), ("deu_Latn", 0.75), ("eng_Latn", 0.7)]),
        ("Нет", &[("bul_Cyrl", 0.5), ("rus_Cyrl", 0.4)]),
    ];

    fn label(text: &str) -> Label {
        text.parse().unwrap()
    }

    impl Identifier for Fake {
        fn name(&self) -> &'static str {
            "fake"
        }

        fn labels(&self) -> &[Label] {
            &[]
        }

        fn rank(&self, text: &str, _: Script, out: &mut Vec<(Label, f32)>) {
            let (_, scores) = ANSWERS.iter().find(|(t, _)| *t == text).unwrap();
            out.extend(scores.iter().map(|(l, score)| (label(l), *score)));
        }
    }

    fn fake(min_score: f32, prior: Prior) -> Identify {
        Identify { number: next_number(), engine: Box::new(Fake), min_score, prior }
    }

    /// The lines of one document, labelled.
    fn labelled(identify: &Identify, lines: &[&str]) -> Vec<Fragment> {
        labelled_with(identify, lines, &mut IdentifyScratch::default())
    }

    fn labelled_with(identify: &Identify, lines: &[&str], scratch: &mut IdentifyScratch) -> Vec<Fragment> {
        let (mut text, mut fragments) = (String::new(), Vec::new());
        for line in lines {
            let span = Span::new(text.len(), text.len() + line.len());
            text.push_str(line);
            let script = if line.is_ascii() { Script::LATN } else { Script::CYRL };
            let (guess, alone, role, verdict) = (Guess::none(script), None, Role::Content, Verdict::Keep);
            fragments.push(Fragment {
                paragraph: fragments.len() as u32,
                text: span,
                identified: span,
                raw: span,
                script,
                voice: 0,
                guess,
                alone,
                role,
                verdict,
            });
        }
        identify.document(&text, &mut fragments, scratch);
        fragments
    }

    /// The line after so many clear lines of German.
    fn among(clear: usize, line: &str) -> Fragment {
        let mut lines = vec![ANSWERS[0].0; clear];
        lines.push(line);
        labelled(&fake(0.0, Prior::Document), &lines).pop().unwrap()
    }

    #[test]
    fn a_short_line_takes_the_label_of_its_document() {
        let found = among(50, "Huis");
        assert_eq!(found.guess.label, label("deu_Latn"));
        assert_eq!(found.alone, Some(Guess { label: label("nld_Latn"), score: 0.5, margin: 0.5 - 0.3 }));
        let by_now = |clear| among(clear, "Huis").guess;
        assert_eq!(by_now(1).label, label("nld_Latn"), "one line moves little");
        assert!(by_now(1).score < 0.5 && by_now(1).margin < 0.2, "{:?}", by_now(1));
        assert_eq!(by_now(10).label, label("deu_Latn"));
        assert!(by_now(10).score < by_now(50).score && by_now(50).score < 0.9, "{:?}", by_now(50));
        let before = labelled(&fake(0.0, Prior::Document), &[&["Huis"][..], &[ANSWERS[0].0; 50]].concat());
        assert_eq!(before[0].guess, found.guess, "the place does not matter");
    }

    #[test]
    fn the_same_line_is_moved_alike_in_a_document_and_anew_in_the_next() {
        let (identify, mut scratch) = (fake(0.0, Prior::Document), IdentifyScratch::default());
        for clear in [50, 1, 50, 10] {
            let lines = [&["Huis"][..], &vec![ANSWERS[0].0; clear], &["Huis", "Huis"]].concat();
            let found = labelled_with(&identify, &lines, &mut scratch);
            let alone = among(clear, "Huis").guess;
            assert!([0, clear + 1, clear + 2].iter().all(|i| found[*i].guess == alone), "{clear}: {found:?}");
        }
    }

    #[test]
    fn likely_lines_support_each_other() {
        let likely = ANSWERS[2].0;
        let label_and_scores = |lines: &[&str]| {
            let found = labelled(&fake(0.0, Prior::Document), lines);
            let scores: Vec<f32> = found.iter().map(|f| f.guess.score).collect();
            (found[0].guess.label, scores)
        };
        assert_eq!(label_and_scores(&[likely]), (label("nld_Latn"), vec![0.7]), "not itself");
        let (_, few) = label_and_scores(&[likely; 3]);
        let (_, many) = label_and_scores(&[likely; 100]);
        assert!(few[0] > 0.7 && many[0] > few[0] && many[0] < 0.95, "{few:?} {many:?}");
        let (_, mixed) = label_and_scores(&[&[likely; 100][..], &[ANSWERS[0].0]].concat());
        assert!(mixed[0] > few[0] && mixed[0] < many[0], "one clear line does not outweigh them: {mixed:?}");
    }

    #[test]
    fn a_clear_line_stays() {
        for line in ["een zeer duidelijke regel", "Ja"] {
            let found = among(50, line);
            assert_eq!((found.guess, found.alone), (among(0, line).guess, None));
        }
        assert_eq!(among(50, "quite another line").guess.label, label("eng_Latn"), "German is out of the question");
    }

    #[test]
    fn without_evidence_nothing_changes() {
        let unsure = ["Huis", "Lorem", "quite another line", "Each", "Ja", "code", "Alone"];
        for fragment in labelled(&fake(0.0, Prior::Document), &unsure) {
            assert_eq!(fragment.alone, None, "single and short lines are none");
        }
        for line in ["Нет", "Alone", "code"] {
            let found = among(50, line);
            assert_eq!((found.guess, found.alone), (among(0, line).guess, None), "{line}");
        }
    }

    #[test]
    fn a_document_may_be_in_several_languages() {
        let lines = [&[ANSWERS[0].0; 20][..], &[ANSWERS[1].0; 20], &["Huis"]].concat();
        let found = labelled(&fake(0.0, Prior::Document), &lines)[40];
        assert_eq!(found.guess.label, label("nld_Latn"), "both speak for themselves");
        assert!(found.guess.score > 0.5 && found.guess.score < 0.6, "{found:?}");
    }

    #[test]
    fn what_is_no_language_is_a_candidate_like_others() {
        assert_eq!(among(50, "Lorem").guess.label, label("deu_Latn"), "unknown, but German is near");
        assert_eq!(among(50, "Xyzzy").guess.label, label("und_Latn"), "German is not near");
        let found = among(50, "Tagline").guess;
        assert_eq!((found.label, found.margin), (label("eng_Latn"), 0.0), "what was a language is no noise");
        assert!(found.score < 0.5, "but less sure: {found:?}");
    }

    #[test]
    fn scores_keep_their_sum() {
        for (line, scores) in ANSWERS {
            let sum: f32 = scores.iter().map(|(_, score)| score).sum();
            for clear in [1, 5, 50, 5000] {
                let found = among(clear, line).guess;
                assert!(found.score <= sum.min(1.0) + 1e-6, "{line}: {found:?}");
                assert!((0.0..=found.score).contains(&found.margin), "{line}: {found:?}");
            }
        }
    }

    #[test]
    fn the_least_score_holds_for_what_comes_out() {
        let lines = [&[ANSWERS[0].0; 50][..], &["Huis"]].concat();
        let found = labelled(&fake(0.6, Prior::Document), &lines)[50];
        assert_eq!((found.guess.label, found.alone.unwrap().label), (label("deu_Latn"), label("und_Latn")));
        let found = labelled(&fake(0.98, Prior::Document), &lines)[50];
        assert_eq!((found.guess.label, found.alone.unwrap().label), (label("und_Latn"), label("und_Latn")));
    }

    #[test]
    fn lines_without_a_prior_are_guessed_one_by_one() {
        for min_score in [0.0, 0.4, 0.96] {
            let identify = fake(min_score, Prior::None);
            let lines: Vec<&str> = ANSWERS.iter().flat_map(|(line, _)| [*line; 3]).collect();
            for (line, found) in lines.iter().zip(labelled(&identify, &lines)) {
                let single = identify.guess(line, found.script, &mut IdentifyScratch::default());
                assert_eq!((found.guess, found.alone), (single, None), "{line}");
            }
        }
    }

    #[test]
    fn evidence_is_bounded_and_of_its_document() {
        let mut evidence = Evidence::default();
        let codes = (b'a'..=b'z').flat_map(|a| (b'a'..=b'z').map(move |b| format!("q{}{}", a as char, b as char)));
        for code in codes {
            let label = Label::of_any(&code, Script::LATN).unwrap();
            evidence.add(&Guess { label, score: 1.0, margin: 1.0 }, 1000);
        }
        assert_eq!(evidence.rows.len(), LABELS);
        assert!(evidence.rows.iter().all(|(_, bytes)| *bytes == MOST as u32));
        let (identify, mut scratch) = (fake(0.0, Prior::Document), IdentifyScratch { evidence, ..Default::default() });
        let mut huis = labelled(&identify, &["Huis"]);
        identify.document("Huis", &mut huis, &mut scratch);
        assert_eq!(huis[0].alone, None, "what was said of another document does not count");
    }
}
