// Ranges in a text, and cutting a text where they begin and end. Offsets are UTF-16's, as everywhere in the page.

export interface Range {
  start: number;
  end: number;
}

/** A part of a text that is covered by the same ranges from its first to its last character. */
export interface Piece<R extends Range> {
  start: number;
  end: number;
  /** In the order in which they were given. */
  ranges: R[];
}

/** Whether an offset falls between the two halves of a surrogate pair. */
export function insidePair(text: string, offset: number): boolean {
  if (offset <= 0 || offset >= text.length) return false;
  const before = text.charCodeAt(offset - 1);
  const after = text.charCodeAt(offset);
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}

/**
 * Cut `[from, to)` of a text at the ends of ranges, which may overlap. Ranges that are empty or outside are left out;
 * those that end within a surrogate pair are widened to it.
 */
export function cut<R extends Range>(text: string, ranges: readonly R[], from = 0, to = text.length): Piece<R>[] {
  interface Edge {
    at: number;
    opens: boolean;
    order: number;
  }
  const edges: Edge[] = [];
  ranges.forEach((range, order) => {
    let start = Math.max(from, Math.trunc(range.start));
    let end = Math.min(to, Math.trunc(range.end));
    if (!(start < end)) return;
    if (insidePair(text, start)) start = Math.max(from, start - 1);
    if (insidePair(text, end)) end = Math.min(to, end + 1);
    edges.push({ at: start, opens: true, order }, { at: end, opens: false, order });
  });
  edges.sort((one, other) => one.at - other.at);
  const pieces: Piece<R>[] = [];
  const active = new Set<number>();
  let last = from;
  const close = (at: number) => {
    if (at <= last) return;
    const orders = [...active].sort((one, other) => one - other);
    pieces.push({ start: last, end: at, ranges: orders.map((order) => ranges[order]!) });
    last = at;
  };
  for (const edge of edges) {
    close(edge.at);
    if (edge.opens) active.add(edge.order);
    else active.delete(edge.order);
  }
  close(to);
  return pieces;
}

/** What a reader cannot see, or what turns the text around them: shown by name. */
export interface Hidden {
  /** As "U+202E". */
  name: string;
  kind: "control" | "bidi" | "zero_width" | "surrogate";
  /** How often it stands there in a row. */
  times: number;
}

const HIDDEN = new RegExp(
  "([\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f])\\1*" +
    "|([\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069])\\2*" +
    "|([\\u200b\\u2060\\ufeff])\\3*" +
    "|([\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff])",
  "g",
);

/** Part a text into strings that are safe to show and characters to be shown by name. */
export function showHidden(text: string): (string | Hidden)[] {
  const parts: (string | Hidden)[] = [];
  let last = 0;
  for (const found of text.matchAll(HIDDEN)) {
    if (found.index > last) parts.push(text.slice(last, found.index));
    const code = found[0].charCodeAt(0);
    parts.push({
      name: `U+${code.toString(16).toUpperCase().padStart(4, "0")}`,
      kind: found[1] ? "control" : found[2] ? "bidi" : found[3] ? "zero_width" : "surrogate",
      times: found[0].length,
    });
    last = found.index + found[0].length;
  }
  if (last < text.length) parts.push(text.slice(last));
  return parts;
}

/** Where to clip a long text: at `limit`, or one before where that would part a surrogate pair. */
export function clipAt(text: string, limit: number): number {
  if (text.length <= limit) return text.length;
  return insidePair(text, limit) ? limit - 1 : limit;
}

/** A text in one line of words, for places that hold no elements, such as options and titles. */
export function spelled(text: string): string {
  return showHidden(text)
    .map((part) => (typeof part === "string" ? part : part.name))
    .join("");
}
