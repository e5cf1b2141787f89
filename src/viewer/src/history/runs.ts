// Runs by what they are compared on: a corpus, a system, a language.

import type { History, HistoryRun } from "../model";

export interface Corpus {
  hash: string;
  /** Its name, with its hash where another corpus has the same name. */
  name: string;
  runs: number;
}

/** The corpora, the one with the most runs first. */
export function corpora(runs: HistoryRun[]): Corpus[] {
  const found = new Map<string, Corpus>();
  for (const run of runs) {
    const corpus = found.get(run.corpus) ?? { hash: run.corpus, name: run.corpusName, runs: 0 };
    corpus.runs += 1;
    found.set(run.corpus, corpus);
  }
  const names = [...found.values()].map((corpus) => corpus.name);
  return [...found.values()]
    .map((corpus) => ({
      ...corpus,
      name:
        names.filter((name) => name === corpus.name).length > 1
          ? `${corpus.name} ${corpus.hash.slice(0, 8)}`
          : corpus.name,
    }))
    .sort((a, b) => b.runs - a.runs);
}

/** The systems by name, each once. */
export function systems(runs: HistoryRun[]): string[] {
  return [...new Set(runs.map((run) => run.system))].sort();
}

/** The target languages that any run has a score for. */
export function languages(history: History): string[] {
  const found = new Set<string>();
  for (const run of history.runs) {
    for (const values of Object.values(run.values)) for (const language of Object.keys(values)) found.add(language);
  }
  return [...found].sort();
}

/** "2026-11-29 21:43" of an ISO time in UTC. */
export function moment(started: string | null): string {
  return started === null ? "–" : started.slice(0, 16).replace("T", " ");
}

/** What runs are sorted by: a column's name, or "score:" and a score's. */
export type Key = "system" | "started" | "corpusName" | "commit" | "cases" | "failures" | `score:${string}`;

export interface Order {
  key: Key;
  descending: boolean;
}

/** Sort runs; those without the value come last, whichever way. */
export function sorted(runs: HistoryRun[], { key, descending }: Order, language: string): HistoryRun[] {
  const of = (run: HistoryRun): string | number | null =>
    key.startsWith("score:")
      ? (run.values[key.slice("score:".length)]?.[language]?.value ?? null)
      : run[key as Exclude<Key, `score:${string}`>];
  return [...runs].sort((a, b) => {
    const [first, second] = [of(a), of(b)];
    if (first === null || second === null) return Number(first === null) - Number(second === null);
    const order = first < second ? -1 : first > second ? 1 : 0;
    return descending ? -order : order;
  });
}
