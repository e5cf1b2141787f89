// The article table without its drawing: what is chosen, which cases it leaves, and in which order.
//
// Rows are numbers in a typed array and not @tanstack/preact-table's: with 80,000 cases its row objects take 260 to
// 330 ms to sort and 500 ms to make, where this takes 35 ms.

import { chosenPair } from "../compare/pairs";
import type { CaseTable, Report, Score } from "../model";
import { folded } from "../searching";

export interface Choice {
  q: string;
  texts: boolean;
  language: string;
  tag: string;
  facts: boolean;
  regressed: boolean;
  failed: boolean;
  audit: boolean;
  /** A column's name: "title", "language", "tags", "date", "delta", "score-0", "facts-0"; "corpus" is its order. */
  sort: string;
  dir: "asc" | "desc";
  score: string;
  /** Systems whose difference is shown; null where there is only one. */
  baseline: number | null;
  candidate: number | null;
  /** Systems that have columns. */
  systems: number[];
}

/** So many systems have columns where the address names none: they fit a screen. */
const SHOWN = 3;

/** Read the address; what it does not say, or says wrongly, is chosen as most readers would. */
export function readChoice(options: URLSearchParams, report: Report, scores: Score[]): Choice {
  const system = (name: string): number | null => {
    const text = options.get(name);
    const index = text === null || text === "" ? NaN : Number(text);
    return Number.isInteger(index) && index >= 0 && index < report.systems.length ? index : null;
  };
  const usual = report.systems.map((_, index) => index).filter((index) => report.systems[index]!.bound !== "upper");
  for (let index = 0; usual.length < Math.min(2, report.systems.length); index++) {
    if (!usual.includes(index)) usual.push(index);
  }
  const several = report.systems.length > 1;
  const [baseline, candidate] = several
    ? compared(report, usual, system("baseline"), system("candidate"))
    : [null, null];
  const score = [options.get("score"), report.primary].find((name) => scores.some((one) => one.name === name));
  const named = (options.get("systems") ?? "")
    .split(",")
    .filter((text) => text !== "")
    .map(Number)
    .filter((index) => Number.isInteger(index) && index >= 0 && index < report.systems.length);
  const pair = [baseline, candidate].filter((index) => index !== null);
  const systems = named.length ? named : [...new Set([...pair, ...usual])].slice(0, SHOWN);
  const chosen: Choice = {
    q: options.get("q") ?? "",
    texts: options.get("texts") === "yes",
    language: options.get("language") ?? "",
    tag: options.get("tag") ?? "",
    facts: options.get("facts") === "yes",
    regressed: options.get("regressed") === "yes",
    failed: options.get("failed") === "yes",
    audit: options.get("audit") === "yes",
    score: score ?? scores[0]?.name ?? "",
    baseline,
    candidate,
    systems: [...new Set(systems)].sort((one, other) => one - other),
    sort: options.get("sort") ?? (several ? "delta" : "corpus"),
    dir: "asc",
  };
  const dir = options.get("dir");
  chosen.dir = dir === "asc" || dir === "desc" ? dir : firstDirection(chosen.sort, scoreOf(scores, chosen.score));
  return chosen;
}

/** Which two systems are compared: those that are asked for, else those that the place "compare" begins with. */
function compared(
  report: Report,
  usual: number[],
  baseline: number | null,
  candidate: number | null,
): [number | null, number | null] {
  const [second, first] = chosenPair(report, "") ?? [usual[0]!, usual[1]!];
  const other = (than: number) => [first, second, ...usual].find((index) => index !== than) ?? null;
  if (baseline === null && candidate === null) return [second, first];
  if (candidate === null) return [baseline, other(baseline!)];
  return [baseline === null || baseline === candidate ? other(candidate) : baseline, candidate];
}

/** The address's options for a choice; what is as usual is left out. */
export function writeChoice(choice: Choice, usual: Choice): Record<string, string> {
  const yes = (set: boolean) => (set ? "yes" : "");
  const other = (name: "score" | "baseline" | "candidate") =>
    choice[name] === usual[name] || choice[name] === null ? "" : String(choice[name]);
  const sorted = choice.sort !== usual.sort || choice.dir !== usual.dir;
  return {
    q: choice.q,
    texts: yes(choice.texts),
    language: choice.language,
    tag: choice.tag,
    facts: yes(choice.facts),
    regressed: yes(choice.regressed),
    failed: yes(choice.failed),
    audit: yes(choice.audit),
    score: other("score"),
    baseline: other("baseline"),
    candidate: other("candidate"),
    systems: choice.systems.join() === usual.systems.join() ? "" : choice.systems.join(),
    sort: sorted ? choice.sort : "",
    dir: sorted ? choice.dir : "",
  };
}

/** The score of a name; one that is not known has no direction. */
export function scoreOf(scores: Score[], name: string): Score | undefined {
  return scores.find((one) => one.name === name);
}

/** How a column is sorted at first: words from A, false facts from the most, scores and differences from the worst. */
export function firstDirection(column: string, score: Score | undefined): "asc" | "desc" {
  if (column === "delta") return score?.higherIsBetter === false ? "desc" : "asc";
  if (column.startsWith("score-")) return score?.higherIsBetter === false ? "desc" : "asc";
  return column.startsWith("facts-") ? "desc" : "asc";
}

/** The candidate's value less the baseline's; null where one of them is not known. */
export function delta(table: CaseTable, choice: Choice, row: number): number | null {
  if (choice.baseline === null || choice.candidate === null) return null;
  const values = table.values[choice.score];
  const before = values?.[choice.baseline]?.[row] ?? null;
  const after = values?.[choice.candidate]?.[row] ?? null;
  return before === null || after === null ? null : after - before;
}

// Values are rounded when they are written: a difference below this is none.
const NOTHING = 1e-9;

/** Whether a difference is for the better (1) or the worse (-1); 0 where it is neither, or nobody can say. */
export function judged(difference: number | null, score: Pick<Score, "higherIsBetter"> | undefined): -1 | 0 | 1 {
  if (difference === null || Math.abs(difference) < NOTHING || !score || score.higherIsBetter === null) return 0;
  return difference > 0 === score.higherIsBetter ? 1 : -1;
}

/** Cases that the filters leave, in the table's order. `found` are those that hold the words in their texts. */
export function filtered(
  table: CaseTable,
  choice: Choice,
  score: Score | undefined,
  found: Uint8Array | null,
): Uint32Array {
  const needle = folded(choice.q.trim());
  // Articles are fewer than cases: what concerns them is decided once for each.
  const articles = table.articles.map(
    (article, index) =>
      (!choice.tag || article.tags.includes(choice.tag)) && (!choice.audit || (table.audit[index] ?? 0) > 0),
  );
  const named = needle
    ? table.articles.map((article) => folded(article.title).includes(needle) || folded(article.id).includes(needle))
    : null;
  const failed = new Set<number>();
  if (choice.failed) for (const system of choice.systems) for (const row of table.failed[system] ?? []) failed.add(row);
  const rows = new Uint32Array(table.article.length);
  let kept = 0;
  for (let row = 0; row < table.article.length; row++) {
    const article = table.article[row]!;
    if (!articles[article]) continue;
    if (named && !named[article] && !found?.[row]) continue;
    if (choice.language && table.language[row] !== choice.language) continue;
    if (choice.facts && !choice.systems.some((system) => (table.facts[system]?.[row] ?? 0) > 0)) continue;
    if (choice.failed && !failed.has(row)) continue;
    if (choice.regressed && judged(delta(table, choice, row), score) !== -1) continue;
    rows[kept++] = row;
  }
  return rows.slice(0, kept);
}

/** Ranks of articles by title or tags: words are compared once, and numbers from then on. */
export class Ranks {
  private readonly known = new Map<string, Float64Array>();

  constructor(private readonly table: CaseTable) {}

  of(column: "title" | "tags" | "date"): Float64Array {
    let ranks = this.known.get(column);
    if (!ranks) {
      const words = this.table.articles.map((article) =>
        column === "title" ? article.title || article.id : column === "tags" ? article.tags.join(", ") : article.date,
      );
      ranks = rankWords(words, column !== "date");
      this.known.set(column, ranks);
    }
    return ranks;
  }
}

/** Give each word its rank; equal ones have the same, and empty ones none (NaN). */
export function rankWords(words: (string | null)[], asLanguage: boolean): Float64Array {
  const order = words.map((_, index) => index).filter((index) => words[index]);
  const collator = new Intl.Collator("zh-Hans-u-kn");
  const plainly = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
  const compare = asLanguage ? collator.compare : plainly;
  order.sort((one, other) => compare(words[one]!, words[other]!));
  const ranks = new Float64Array(words.length).fill(NaN);
  order.forEach((index, place) => {
    const before = place ? order[place - 1]! : -1;
    ranks[index] = place && words[before] === words[index] ? ranks[before]! : place;
  });
  return ranks;
}

/** Sort rows by the chosen column: what is not known comes last either way, and equal ones in the corpus's order. */
export function sorted(table: CaseTable, choice: Choice, rows: Uint32Array, ranks: Ranks): Uint32Array {
  const key = sortKey(table, choice, ranks);
  if (!key) return rows;
  const keys = new Float64Array(table.article.length);
  const sign = choice.dir === "asc" ? 1 : -1;
  for (const row of rows) {
    const value = key(row);
    keys[row] = value === null || Number.isNaN(value) ? Infinity : sign * value;
  }
  return rows.slice().sort((one, other) => {
    const first = keys[one]!;
    const second = keys[other]!;
    return first === second ? one - other : first - second;
  });
}

function sortKey(table: CaseTable, choice: Choice, ranks: Ranks): ((row: number) => number | null) | null {
  const [column, argument] = choice.sort.split("-");
  const system = Number(argument);
  switch (column) {
    case "title":
    case "tags":
    case "date": {
      const rank = ranks.of(column);
      return (row) => rank[table.article[row]!] ?? null;
    }
    case "language": {
      const codes = [...new Set(table.language)].sort();
      const place = new Map(codes.map((code, index) => [code, index]));
      return (row) => place.get(table.language[row]!) ?? null;
    }
    case "delta":
      return (row) => delta(table, choice, row);
    case "score":
      return (row) => table.values[choice.score]?.[system]?.[row] ?? null;
    case "facts":
      return (row) => table.facts[system]?.[row] ?? null;
    default:
      return null;
  }
}
