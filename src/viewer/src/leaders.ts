// What a report's tests say about who leads, turned so that the leader comes first.

import { testsOf } from "./compare/pairs";
import type { Difference, Leader, Report, Score } from "./model";

/** The leader against the runner-up: the leader minus the runner-up, whichever of them was the baseline. */
export function lead(
  report: Report,
  leader: Leader,
): { delta: number; interval: [number, number] | null; test: Difference } | null {
  const pair = leader.pair === null ? undefined : report.pairs[leader.pair];
  const test = pair?.differences.find((item) => item.score === leader.score && item.language === leader.language);
  if (!pair || !test || test.delta === null) return null;
  if (pair.candidate === leader.leader) return { delta: test.delta, interval: test.interval, test };
  return { delta: -test.delta, interval: test.interval && [-test.interval[1], -test.interval[0]], test };
}

/** A score in which the leader and the runner-up are shown to differ, seen from the leader. */
export interface Shown {
  score: Score;
  difference: Difference;
}

/**
 * Headline scores, but for the one that decides who leads, in which the two are shown to differ: the surest first,
 * and among the first `most` of them one of each direction.
 */
export function shownElsewhere(report: Report, leader: Leader, most: number): Shown[] {
  if (leader.leader === null || leader.runnerUp === null) return [];
  const differences = testsOf(report, leader.runnerUp, leader.leader)?.differences ?? [];
  const found = differences.flatMap((difference): Shown[] => {
    const score = report.scores.find((item) => item.name === difference.score);
    const shown = difference.outcome !== "unshown" && difference.outcome !== "untested";
    const here = difference.language === leader.language && difference.score !== leader.score;
    return score?.headline && shown && here ? [{ score, difference }] : [];
  });
  found.sort((one, other) => (one.difference.adjusted ?? 1) - (other.difference.adjusted ?? 1));
  const [first] = found;
  const against = found.findIndex((item) => item.difference.outcome !== first?.difference.outcome);
  // What speaks against the leader must not be left to the link.
  if (against >= most) found.splice(most - 1, 0, ...found.splice(against, 1));
  return found;
}

/** The bound whose value by a score is best, of one kind; null where none has one. */
export function bestBound(report: Report, kind: "upper" | "floor", language: string, score: string): number | null {
  const lower = report.scores.find((item) => item.name === score)?.higherIsBetter === false;
  let best: number | null = null;
  let reached = -Infinity;
  (report.cells[language]?.[score] ?? []).forEach((cell, system) => {
    if (report.systems[system]?.bound !== kind || cell === null || cell.value === null) return;
    const worth = lower ? -cell.value : cell.value;
    if (worth > reached) [best, reached] = [system, worth];
  });
  return best;
}
