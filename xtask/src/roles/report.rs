//! How well a model does on pages whose hosts it has not seen.

use anyhow::Result;
use babelsift::role::model::ModelScratch;
use babelsift::role::training::{Lack, Lines, STEPS};

use super::pages::Page;
use super::{Recipe, train};

/// Counts at one threshold.
#[derive(Clone, Copy, Default)]
struct Counts {
    /// Characters of content kept, content in all, kept in all; the same in lines.
    characters: [usize; 3],
    lines: [usize; 3],
}

impl Counts {
    fn add(&mut self, content: bool, kept: bool, characters: usize) {
        for (counts, n) in [(&mut self.characters, characters), (&mut self.lines, 1)] {
            counts[0] += if content && kept { n } else { 0 };
            counts[1] += if content { n } else { 0 };
            counts[2] += if kept { n } else { 0 };
        }
    }

    fn show(&self, name: &str) -> String {
        let share = |a: usize, b: usize| if b == 0 { 1.0 } else { a as f64 / b as f64 };
        let [hit, content, kept] = self.characters;
        let (precision, recall) = (share(hit, kept), share(hit, content));
        let f1 = 2.0 * precision * recall / (precision + recall).max(1e-9);
        let lost = 1.0 - share(self.lines[0], self.lines[1]);
        format!(
            "{name:<28} P {precision:.3} R {recall:.3} F1 {f1:.3}; content lines lost {:.1} %, other lines kept {}",
            100.0 * lost,
            self.lines[2] - self.lines[0]
        )
    }
}

/// Thresholds, in nats for content.
const THRESHOLDS: [f32; 7] = [1.0, 0.0, -1.0, -1.5, -2.0, -2.5, -3.0];

/// Leaves each part of the hosts out in turn.
pub(super) fn run(pages: &[Page], more: &[Page], plain: &[Page], recipe: &Recipe) -> Result<()> {
    let mut scratch = ModelScratch::default();
    let lacks: [(&str, &[Lack]); 5] = [
        ("", &[]),
        ("no phrases", &[Lack::Phrases]),
        ("no capitals", &[Lack::Capitals]),
        ("no capitals, phrases", &[Lack::Capitals, Lack::Phrases]),
        ("no capitals, ends", &[Lack::Capitals, Lack::Ends]),
    ];
    let mut counts = vec![[Counts::default(); THRESHOLDS.len()]; lacks.len() + 1];
    let mut wrong = Vec::new();
    for fold in 0..recipe.folds {
        let others = |p: &&Page| p.host(recipe.folds) != fold;
        let model = train(&pages.iter().chain(more).filter(others).collect::<Vec<_>>(), recipe);
        let mut judge = |page: &Page, lacks: &[Lack], counts: &mut [Counts; THRESHOLDS.len()], show: bool| {
            let lines = Lines::of(page.lines.iter().map(|(text, _)| text.as_str()));
            let lines = lacks.iter().fold(lines, |lines, lack| lines.without(*lack));
            let margins = lines.margins(&model, &mut scratch);
            let kept = THRESHOLDS.map(|least| lines.content(&margins, (least * STEPS) as i32));
            for (at, ((text, gold), margin)) in page.lines.iter().zip(&margins).enumerate() {
                let Some(gold) = gold else { continue };
                let margin = *margin as f32 / STEPS;
                let size = text.chars().count();
                for (counts, kept) in counts.iter_mut().zip(&kept) {
                    counts.add(*gold, kept[at], size);
                }
                if show && (margin > -2.5) != *gold {
                    let cost = size as f32 * if *gold { 2.0 } else { 1.0 };
                    wrong.push((cost, *gold, margin, page.host.clone(), text.clone()));
                }
            }
        };
        for page in pages.iter().filter(|p| !others(p)) {
            for (i, (_, lacks)) in lacks.iter().enumerate() {
                judge(page, lacks, &mut counts[i], i == 0);
            }
        }
        for page in plain.iter().filter(|p| !others(p)) {
            judge(page, &[], &mut counts[lacks.len()], false);
        }
    }
    let names = lacks.iter().map(|(name, _)| *name).chain(["plain"]);
    for (name, counts) in names.zip(&counts) {
        for (counts, least) in counts.iter().zip(THRESHOLDS) {
            println!("{}", counts.show(&format!("{name} > {least}")));
        }
    }
    if std::env::var_os("ROLES_WRONG").is_some() {
        wrong.sort_by(|a, b| b.0.total_cmp(&a.0));
        for (_, gold, margin, host, text) in wrong {
            let size = text.chars().count();
            println!("{} {size:>5} {margin:>6.2} {host:<24.24} {:.150}", if gold { '+' } else { '-' }, text);
        }
    }
    Ok(())
}
