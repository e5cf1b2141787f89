// Cases by how far a score moved between two systems.

import type { CaseTable, Score } from "../model";

export interface Mover {
  id: string;
  title: string;
  language: string;
  repeat: number;
  baseline: number;
  candidate: number;
  delta: number;
}

export interface Movers {
  /** Furthest first. For a score without a direction: what fell. */
  worse: Mover[];
  better: Mover[];
  /** Cases that moved, of those that both systems have a value for. */
  moved: number;
  both: number;
}

/** Find the cases that moved furthest, `most` to each side. */
export function movers(table: CaseTable, score: Score, baseline: number, candidate: number, most = 10): Movers {
  const before = table.values[score.name]?.[baseline] ?? [];
  const after = table.values[score.name]?.[candidate] ?? [];
  const sign = score.higherIsBetter === false ? -1 : 1;
  const found: Mover[] = [];
  let both = 0;
  for (let index = 0; index < before.length; index++) {
    const [first, second] = [before[index] ?? null, after[index] ?? null];
    if (first === null || second === null) continue;
    both += 1;
    if (first === second) continue;
    const article = table.articles[table.article[index] ?? -1];
    if (!article) continue;
    found.push({
      id: article.id,
      title: article.title,
      language: table.language[index] ?? "",
      repeat: table.repeat[index] ?? 0,
      baseline: first,
      candidate: second,
      delta: second - first,
    });
  }
  // Of those that moved as far, the corpus's first comes first, on either side.
  const furthest = (side: 1 | -1) =>
    found
      .filter((mover) => side * sign * mover.delta > 0)
      .sort((a, b) => side * sign * (b.delta - a.delta))
      .slice(0, most);
  return {
    worse: furthest(-1),
    better: furthest(1),
    moved: found.length,
    both,
  };
}
