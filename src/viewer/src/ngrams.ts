// Words that an output shares with its reference: tokens within an n-gram that the reference has too.

import type { Range } from "./marks";

export interface Token extends Range {
  /** Lower-cased. */
  value: string;
}

// Scripts written without spaces count by character; everything else by runs of letters, marks and digits.
const CHARACTER = "\\p{Script=Han}|\\p{Script=Hiragana}|\\p{Script=Katakana}";
const TOKEN = new RegExp(`${CHARACTER}|(?:(?!${CHARACTER})[\\p{L}\\p{M}\\p{N}])+`, "gu");

/** Part a text into tokens: Chinese and Japanese characters one by one, other words as they stand. */
export function tokens(text: string): Token[] {
  return [...text.matchAll(TOKEN)].map((found) => ({
    start: found.index,
    end: found.index + found[0].length,
    value: found[0].toLowerCase(),
  }));
}

/** Ranges of `text` that lie in an n-gram of `reference`; neighbours of the same n-gram are one range. */
export function sharedRanges(text: string, reference: string, n: number): Range[] {
  const known = new Set(grams(tokens(reference), n));
  const own = tokens(text);
  const ranges: Range[] = [];
  let covered = 0; // tokens before this one already lie in the last range
  grams(own, n).forEach((gram, first) => {
    if (!known.has(gram)) return;
    const end = own[first + n - 1]!.end;
    const last = ranges.at(-1);
    // Two n-grams that have a token in common are one range; such that only touch stay apart.
    if (last && first < covered) last.end = end;
    else ranges.push({ start: own[first]!.start, end });
    covered = first + n;
  });
  return ranges;
}

function grams(parts: Token[], n: number): string[] {
  const found: string[] = [];
  for (let first = 0; first + n <= parts.length; first++) {
    // No token holds a blank, so that joined ones cannot be mistaken for others.
    found.push(parts.slice(first, first + n).map((token) => token.value).join(" "));
  }
  return found;
}
