// A difference between two systems, as the table and the side-by-side view show it.

import * as figures from "../figures";
import type { Score } from "../model";
import { judged } from "./cases";

interface Properties {
  difference: number | null;
  score: Score | undefined;
  words: { better: string; worse: string };
}

/** A difference with its sign, and whether it is for the better: by word and symbol, not by colour alone. */
export function Difference({ difference, score, words }: Properties) {
  const side = judged(difference, score);
  return (
    <span class={`difference ${side > 0 ? "better" : side < 0 ? "worse" : ""}`}>
      {figures.signed(difference, decimals(difference, score?.decimals ?? 3, side))}
      {side !== 0 && (
        <>
          <span class="side" aria-hidden="true" title={side > 0 ? words.better : words.worse}>
            {side > 0 ? "✓" : "✗"}
          </span>
          <span class="visually-hidden"> {side > 0 ? words.better : words.worse}</span>
        </>
      )}
    </span>
  );
}

/** As many decimals as show that there is a difference at all. */
function decimals(difference: number | null, usual: number, side: number): number {
  if (difference === null || side === 0) return usual;
  return Math.max(usual, Math.min(9, Math.ceil(-Math.log10(Math.abs(difference)))));
}
