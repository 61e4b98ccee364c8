//! From the inner products of a text to the probability of each label.

use super::matrix::Matrix;

/// How a model was trained, as far as its answers depend on it.
#[derive(Debug)]
pub(super) enum Loss {
    /// Labels compete: softmax over all.
    Softmax,
    /// Labels compete: leaves of a binary tree of decisions, by frequency. Holds the two nodes below each inner node.
    Tree(Vec<[u32; 2]>),
    /// Each label is judged for itself (one-vs-all, negative sampling), so that probabilities do not add up to 1.
    Each,
}

/// What fastText adds to each probability before it takes a logarithm. It shows where logarithms are added up.
const EPSILON: f32 = 1e-5;

/// More than all labels of all texts together: the nodes of a tree that have no count yet come last.
pub(super) const ENDLESS: i64 = 1_000_000_000_000_000;

impl Loss {
    /// The tree over labels with these counts, most frequent first: Huffman's, with ties as fastText breaks them.
    /// The counts add up to less than [`ENDLESS`].
    pub(super) fn tree(counts: &[i64]) -> Self {
        let leaves = counts.len();
        let nodes = (2 * leaves).saturating_sub(1);
        let mut weights = counts.to_vec();
        weights.resize(nodes, ENDLESS);
        let (mut next_leaf, mut next_node) = (leaves, leaves);
        let mut below = Vec::with_capacity(leaves.saturating_sub(1));
        for node in leaves..nodes {
            let pair = [(); 2].map(|()| {
                if next_leaf > 0 && weights[next_leaf - 1] < weights[next_node] {
                    next_leaf -= 1;
                    next_leaf
                } else {
                    next_node += 1;
                    next_node - 1
                }
            });
            weights[node] = weights[pair[0]] + weights[pair[1]];
            below.push(pair.map(|n| n as u32));
        }
        Self::Tree(below)
    }

    /// The probability of each label, into `out`.
    pub(super) fn probabilities(&self, output: &Matrix, text: &[f32], out: &mut Vec<f32>) {
        out.clear();
        match self {
            Self::Softmax => {
                out.extend((0..output.rows).map(|row| output.dot_row(row, text)));
                softmax(out);
            }
            Self::Each => out.extend((0..output.rows).map(|row| coarse_sigmoid(output.dot_row(row, text)))),
            Self::Tree(below) => descend(below, output, text, out),
        }
        // Wild numbers in a model make wild sums, but no wild scores.
        out.iter_mut().for_each(|p| *p = if p.is_nan() { 0.0 } else { p.clamp(0.0, 1.0) });
    }
}

fn softmax(values: &mut [f32]) {
    let most = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    values.iter_mut().for_each(|v| *v = (*v - most).exp());
    let sum: f32 = values.iter().sum();
    values.iter_mut().for_each(|v| *v /= sum);
}

/// From the root down; a node stands before those below it when nodes are taken from the last to the first.
fn descend(below: &[[u32; 2]], output: &Matrix, text: &[f32], out: &mut Vec<f32>) {
    let leaves = below.len() + 1;
    out.resize(leaves + below.len(), 0.0);
    if let Some(root) = out.last_mut() {
        *root = 1.0;
    }
    for (row, pair) in below.iter().enumerate().rev() {
        let here = out[leaves + row];
        let right = 1.0 / (1.0 + (-output.dot_row(row, text)).exp());
        out[pair[0] as usize] = here * (1.0 - right + EPSILON);
        out[pair[1] as usize] = here * (right + EPSILON);
    }
    out.truncate(leaves);
}

/// The logistic function at the steps of 1/32 at which fastText tabulates it.
fn coarse_sigmoid(x: f32) -> f32 {
    match x {
        x if x < -8.0 => 0.0,
        x if x > 8.0 => 1.0,
        x => 1.0 / (1.0 + (8.0 - ((x + 8.0) * 32.0).floor() / 32.0).exp()),
    }
}
