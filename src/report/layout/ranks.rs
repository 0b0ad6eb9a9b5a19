//! How far down each node of a scope is: below everything that leads to it. Ways that lead back are turned round.

#![expect(clippy::indexing_slicing, reason = "nodes and edges are numbered by the caller, from zero on")]

/// Nodes by number, and edges by their position.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ranks {
    /// Counted from 0 at the top.
    pub(super) rank: Vec<usize>,
    /// Whether an edge leads upwards.
    pub(super) leads_back: Vec<bool>,
}

/// Ranks `n` nodes by the longest way from the first one. Edges from a node to itself count for nothing.
pub(super) fn rank(n: usize, edges: &[(usize, usize)]) -> Ranks {
    let mut search = Search::new(n, edges);
    for node in 0..n {
        search.visit(node);
    }
    let Search { leads_back, finished, .. } = search;
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); n];
    for (edge, (from, to)) in edges.iter().enumerate() {
        if from != to {
            let (upper, lower) = if leads_back[edge] { (*to, *from) } else { (*from, *to) };
            below[upper].push(lower);
        }
    }
    let mut rank = vec![0; n];
    for upper in finished.into_iter().rev() {
        for lower in &below[upper] {
            rank[*lower] = rank[*lower].max(rank[upper] + 1);
        }
    }
    Ranks { rank, leads_back }
}

/// A search in depth, without recursion: chains of states may be long.
struct Search<'e> {
    edges: &'e [(usize, usize)],
    /// The edges that leave each node.
    leaving: Vec<Vec<usize>>,
    seen: Vec<Seen>,
    leads_back: Vec<bool>,
    /// In the order in which all below them was seen.
    finished: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    No,
    /// All below it is being looked at.
    Open,
    Done,
}

impl<'e> Search<'e> {
    fn new(n: usize, edges: &'e [(usize, usize)]) -> Self {
        let mut leaving = vec![Vec::new(); n];
        for (edge, (from, _)) in edges.iter().enumerate() {
            leaving[*from].push(edge);
        }
        let leads_back = vec![false; edges.len()];
        Self { edges, leaving, seen: vec![Seen::No; n], leads_back, finished: Vec::new() }
    }

    fn visit(&mut self, root: usize) {
        if self.seen[root] != Seen::No {
            return;
        }
        self.seen[root] = Seen::Open;
        let mut open = vec![(root, 0)];
        while let Some((node, position)) = open.last_mut() {
            let Some(edge) = self.leaving[*node].get(*position).copied() else {
                self.seen[*node] = Seen::Done;
                self.finished.push(*node);
                open.pop();
                continue;
            };
            *position += 1;
            let (from, to) = self.edges[edge];
            match self.seen[to] {
                Seen::No => {
                    self.seen[to] = Seen::Open;
                    open.push((to, 0));
                }
                Seen::Open => self.leads_back[edge] = from != to,
                Seen::Done => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(n: usize, edges: &[(usize, usize)], ranks: &[usize], back: &[usize]) {
        let found = rank(n, edges);
        assert_eq!(found.rank, ranks);
        let leading_back: Vec<_> = (0..edges.len()).filter(|edge| found.leads_back[*edge]).collect();
        assert_eq!(leading_back, back);
    }

    #[test]
    fn a_node_is_below_everything_that_leads_to_it() {
        check(4, &[(0, 1), (1, 2), (0, 2), (2, 3)], &[0, 1, 2, 3], &[]);
    }

    #[test]
    fn a_loop_is_turned_round() {
        check(4, &[(0, 1), (1, 2), (2, 1), (2, 3)], &[0, 1, 2, 3], &[2]);
    }

    #[test]
    fn what_nothing_leads_to_is_at_the_top() {
        check(4, &[(0, 1), (2, 3), (3, 3)], &[0, 1, 0, 1], &[]);
    }

    #[test]
    fn a_long_chain_does_not_recurse() {
        let edges: Vec<_> = (0..100_000).map(|node| (node, node + 1)).collect();
        assert_eq!(rank(100_001, &edges).rank.last(), Some(&100_000));
    }
}
