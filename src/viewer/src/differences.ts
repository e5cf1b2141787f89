// What one text has and another has not.

import { diffChars, diffWordsWithSpace } from "diff";

export interface Change {
  kind: "same" | "added" | "removed";
  text: string;
}

/** Texts that are longer together, in UTF-16 units, are not compared: the page must stay usable. */
export const LONGEST = 200_000;
const PATIENCE_MS = 700;

/** Compare by characters in Chinese and Japanese, else by words; null where that would take too long. */
export function changes(from: string, to: string, language: string): Change[] | null {
  if (from.length + to.length > LONGEST) return null;
  const options = { timeout: PATIENCE_MS, maxEditLength: 20_000 };
  const found = /^(zh|ja)/.test(language) ? diffChars(from, to, options) : diffWordsWithSpace(from, to, options);
  return (
    found?.map((change) => ({
      kind: change.added ? "added" : change.removed ? "removed" : "same",
      text: change.value,
    })) ?? null
  );
}
