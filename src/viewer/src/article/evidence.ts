// What is marked in a text: marks of outputs and mistakes of references, in one form.

import type { Mark, MarkQuote, OutputDetail, ReferenceFault } from "../model";

export interface Evidence {
  /** Of the element that tells all of it. */
  id: string;
  metric: string;
  kind: string;
  label: string;
  /** What stands there, as it was read. */
  value: string;
  otherValue: string;
  message: string;
  start: number | null;
  end: number | null;
  quote: Quoted | null;
}

/** The words that speak against a place, and whose they are. */
export interface Quoted {
  /** "source", "parallel" for the same system's other text, or the language of another reference. */
  of: "source" | "parallel" | { reference: string };
  start: number;
  end: number;
  words: MarkQuote["words"];
}

/** Evidence that has a place, so that it can be marked. */
export type Placed = Evidence & { start: number; end: number };

export function isPlaced(evidence: Evidence): evidence is Placed {
  return evidence.start !== null && evidence.end !== null && evidence.start < evidence.end;
}

/** The marks of a system's output, in the order of their places; those without one come last. */
export function outputEvidence(output: OutputDetail, system: number): Evidence[] {
  return output.marks.map((mark, index) => fromMark(mark, `mark-${system}-${index}`)).sort(byPlace);
}

function fromMark(mark: Mark, id: string): Evidence {
  const { metric, kind, label, value, message, start, end } = mark;
  const place = mark.quote;
  const quote = place && { of: place.in, start: place.start, end: place.end, words: place.words };
  return { id, metric, kind: kind.replaceAll(" ", "_"), label, value, otherValue: "", message, start, end, quote };
}

/** Mistakes of a language's first reference, in its text or in its headline. */
export function referenceEvidence(faults: ReferenceFault[], language: string): (Evidence & { headline: boolean })[] {
  return faults
    .map((fault, index) => ({ fault, id: `fault-${index}` }))
    .filter(({ fault }) => fault.text === language)
    .map(({ fault, id }) => ({
      id,
      metric: "",
      kind: fault.finding.replaceAll(" ", "_"),
      label: fault.error,
      value: fault.value,
      otherValue: fault.otherValue,
      message: fault.message,
      start: fault.start < 0 ? null : fault.start,
      end: fault.start < 0 ? null : fault.end,
      headline: fault.headline,
      quote: fault.other && {
        of: fault.other.in === "source" ? ("source" as const) : { reference: fault.against },
        start: fault.other.start,
        end: fault.other.end,
        words: fault.other.words,
      },
    }))
    .sort(byPlace);
}

function byPlace(one: Evidence, other: Evidence): number {
  return (one.start ?? Infinity) - (other.start ?? Infinity) || 0;
}

const SEVERITY = ["contradicted", "malformed", "not_found"];

/** What a mark is drawn as: the worst that the facts say of the place; "other" where only another metric has a word. */
export function drawnAs(items: readonly Pick<Evidence, "metric" | "kind">[]): string {
  const kinds = items.filter((item) => isFact(item)).map((item) => item.kind);
  return SEVERITY.find((kind) => kinds.includes(kind)) ?? "other";
}

/** Whether it speaks of the source: by the metric facts, or of a reference. */
export function isFact(item: Pick<Evidence, "metric">): boolean {
  return item.metric === "" || item.metric === "facts";
}
