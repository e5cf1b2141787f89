// Which pair is looked at, and from which side.

import type { Difference, Pair, Report } from "../model";

/** The two systems that an address names; otherwise those that are worth a look first; null with fewer than two. */
export function chosenPair(report: Report, argument: string): [number, number] | null {
  const [baseline, candidate] = argument.split(",").map((part) => (/^\d+$/.test(part) ? Number(part) : -1));
  const known = (index: number | undefined): index is number => index !== undefined && index in report.systems;
  if (known(baseline) && known(candidate) && baseline !== candidate) return [baseline, candidate];
  const leading = report.leaders.find((leader) => leader.pair !== null)?.pair;
  const first = report.pairs[leading ?? 0];
  if (first) return [first.baseline, first.candidate];
  return report.systems.length > 1 ? [0, 1] : null;
}

/** The tests of two systems, seen from this side; null where they were not tested. */
export function testsOf(report: Report, baseline: number, candidate: number): Pair | null {
  const same = report.pairs.find((pair) => pair.baseline === baseline && pair.candidate === candidate);
  if (same) return same;
  const turned = report.pairs.find((pair) => pair.baseline === candidate && pair.candidate === baseline);
  return turned ? turn(turned) : null;
}

/** The same pair from the other side: what was better is worse, what was new is repaired. */
export function turn(pair: Pair): Pair {
  return {
    ...pair,
    baseline: pair.candidate,
    candidate: pair.baseline,
    reason: pair.reason && turnSides(pair.reason),
    leftOut: pair.leftOut.map(turnSides),
    differences: pair.differences.map(turnDifference),
    newFacts: pair.repairedFacts,
    repairedFacts: pair.newFacts,
    new: pair.repaired,
    repaired: pair.new,
  };
}

const TURNED = {
  better: "worse",
  worse: "better",
  different: "different",
  unshown: "unshown",
  untested: "untested",
} as const;

function turnDifference(difference: Difference): Difference {
  const { interval } = difference;
  return {
    ...difference,
    baseline: difference.candidate,
    candidate: difference.baseline,
    delta: difference.delta === null ? null : -difference.delta,
    interval: interval && [-interval[1], -interval[0]],
    wins: difference.losses,
    losses: difference.wins,
    outcome: TURNED[difference.outcome],
    unpaired: Object.fromEntries(
      Object.entries(difference.unpaired).map(([reason, cases]) => [turnOwner(reason), cases]),
    ),
  };
}

const other = (side: string): string => (side === "baseline" ? "candidate" : "baseline");

/** What only one side has, in recorded sentences: "2 cases only in the baseline (...)". */
function turnSides(text: string): string {
  return text.replace(/(?<=\bonly in the )(baseline|candidate)\b/g, other);
}

/** Whose score is missing, as a reason begins: "candidate: no output". */
function turnOwner(reason: string): string {
  return reason.replace(/^(baseline|candidate)(?=: )/, other);
}
