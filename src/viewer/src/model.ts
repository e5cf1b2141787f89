// What a report's file holds. The Python package tercet.viewing writes it; nothing here is computed from texts.
// A number that is not known is null, never 0; where a reason is known it stands beside it.
// Places in texts are UTF-16 offsets, as JavaScript counts.

export type Bound = "upper" | "floor" | null;

/** The root: one of two kinds of page. */
export type Page = Report | History;

export interface Report {
  kind: "report";
  title: string;
  /** The command that makes this file again. */
  command: string;
  tercet: string;
  /** Target languages, in order: codes such as "en", "zh". */
  languages: string[];
  /** In the order of the leaderboard: best first, upper bounds last. Everything below counts systems from 0. */
  systems: System[];
  scores: Score[];
  /** Name of the score that systems are sorted by. */
  primary: string;
  /** cells[language][score name][system]; null where the run has no such score. */
  cells: Record<string, Record<string, (Cell | null)[]>>;
  /** Why values of different systems are not comparable; empty where they are. */
  notCompared: { what: "corpora" | "options" | "failures"; scores: string[]; detail: string }[];
  leaders: Leader[];
  /** Every two systems that were tested; at least the leader against each other one. */
  pairs: Pair[];
  /** How the tests were made; null with one system. */
  method: Method | null;
  /** correlations[language]: how scores go together over segments. */
  correlations: Record<string, Correlations>;
  /** False facts by system: counts over all its cases, and the worst of them. */
  facts: SystemFacts[];
  /** Mistakes in the references themselves, as `tercet audit` finds them. */
  audit: { faults: number; articles: number; checked: number; reason: string | null };
  corpus: CorpusInfo;
  counts: { articles: number; cases: number };
}

export interface System {
  label: string;
  /** Names of its stages' backends joined, as "lead + glossary". */
  system: string;
  folder: string;
  bound: Bound;
  status: "complete" | "incomplete";
  cases: number;
  failures: number;
  /** By failure reason, how many. */
  failed: Record<string, number>;
  repeats: number;
  /** Names of the options: null where the route has no such stage or the run does not say. */
  summarizer: string | null;
  translator: string | null;
  prompt: string | null;
  route: string[];
  usage: { requests: number; counted: number; prompt: number; answer: number; cost: number | null } | null;
  times: {
    generating_s: number | null;
    scoring_s: number | null;
    p50: number | null;
    p90: number | null;
    p99: number | null;
    tokens_per_second: number | null;
    made: number | null;
    cached: number | null;
    failed: number | null;
  };
  /** By language, reason -> how many answers had not the shape that was asked for. */
  flaws: Record<string, Record<string, number>>;
  started: string | null;
  git: { commit: string | null; dirty: boolean | null } | null;
  versions: Record<string, string>;
  /** signatures[metric][language]. */
  signatures: Record<string, Record<string, string>>;
  hashes: Record<string, string>;
  seed: number;
  /** The composed config, as YAML. */
  config: string;
  heldApart: string[];
  /** Articles that could not be read and are left out, each with its reason. */
  problems: string[];
  /** Who blessed it as a baseline, and why; null for a plain run. */
  blessed: Record<string, string> | null;
  /** What the reader must know, such as that texts are not kept. English sentences. */
  notes: string[];
}

export interface Score {
  name: string;
  metric: string;
  higherIsBetter: boolean | null;
  headline: boolean;
  decimals: number;
  /** What a value above 0 means for outputs, as "are not in the target language"; mostly empty. */
  warning: string;
}

export interface Cell {
  value: number | null;
  /** 95 % bootstrap interval over articles. */
  interval: [number, number] | null;
  scored: number;
  total: number;
  /** Why the others are not scored -> how many. */
  reasons: Record<string, number>;
  best: boolean;
  /** Places that the system may take among those tested (1 is first), from the corrected tests; null if untested. */
  rank: [number, number] | null;
}

/** Who is first in a language by the primary score, and whether that is more than noise. */
export interface Leader {
  language: string;
  score: string;
  /** Index of the first system, bounds "upper" left aside; null where nothing is scored. */
  leader: number | null;
  runnerUp: number | null;
  /** Index into pairs, of these two; null where they were not tested. */
  pair: number | null;
  /** "better": significantly; "unshown": could be noise; "alone": there is no other system; "untested". */
  outcome: "better" | "unshown" | "alone" | "untested";
  reason: string | null;
  /** Systems that are not shown to be worse than the leader, itself among them. */
  tied: number[];
}

export interface Pair {
  baseline: number;
  candidate: number;
  /** Why the two could not be compared; then differences is empty. */
  reason: string | null;
  leftOut: string[];
  differences: Difference[];
  /** False facts (contradicted or malformed) of the candidate that the baseline has not, and the reverse. */
  newFacts: number;
  repairedFacts: number;
  /** The worst of each, at most 50. */
  new: ListedFact[];
  repaired: ListedFact[];
}

export interface Difference {
  score: string;
  language: string;
  baseline: number | null;
  candidate: number | null;
  /** Candidate minus baseline. */
  delta: number | null;
  interval: [number, number] | null;
  p: number | null;
  adjusted: number | null;
  wins: number;
  ties: number;
  losses: number;
  pairs: number;
  total: number;
  articles: number;
  differing: number;
  detectable: number | null;
  /** Of the candidate. */
  outcome: "better" | "worse" | "different" | "unshown" | "untested";
  reason: string | null;
  unpaired: Record<string, number>;
}

export interface Method {
  seed: number;
  replicates: number;
  resamples: number;
  exact: boolean;
  level: number;
  alpha: number;
  power: number;
  correction: "max_t" | "holm" | "bh" | "none";
  /** p-values corrected together within a pair. */
  tests: number;
  /** Pairs that p is multiplied by. */
  pairs: number;
  on: "all" | "common";
}

export interface Correlations {
  scores: string[];
  /** Spearman's rank correlation over segments, within each system and then averaged; null where undefined. */
  values: (number | null)[][];
  /** Segments that the number is made of. */
  counts: number[][];
}

export interface SystemFacts {
  measured: boolean;
  contradicted: number;
  malformed: number;
  notFound: number;
  /** Cases with a contradicted or malformed fact. */
  cases: number;
  worst: ListedFact[];
}

/** A fact with its words, for lists outside the article view. */
export interface ListedFact {
  case: string;
  article: string;
  language: string;
  kind: string;
  label: string;
  value: string;
  message: string;
  /** [before, the place, after] in the output; null where no place is known. */
  place: [string, string, string] | null;
  /** The same in the source. */
  other: [string, string, string] | null;
}

export interface CorpusInfo {
  /** What loads it, as "tercet.corpora.sample.Sample", with its options as YAML. */
  config: string;
  hash: string;
  articles: number;
  /** Why sources, references or prompts are not shown; empty where all are. English sentences. */
  notes: string[];
}

// ---- The article table: one column-wise record, compressed by itself ------------------------------------------

export interface CaseTable {
  /** Articles, in the corpus's order. */
  articles: { id: string; title: string; language: string; date: string | null; tags: string[] }[];
  /** Number of articles in each block of details. */
  blockSize: number;
  /** Cases: index into articles, target language, repeat (from 0). Sorted by article. */
  article: number[];
  language: string[];
  repeat: number[];
  /** values[score name][system][case]; null where unscored or not there. Headline scores only. */
  values: Record<string, (number | null)[][]>;
  /** facts[system][case]: contradicted + malformed; null where not measured. */
  facts: (number | null)[][];
  /** unfound[system][case]: facts that the source does not mention; null where not measured. */
  unfound: (number | null)[][];
  /** failed[system]: cases without an output. */
  failed: number[][];
  /** Mistakes that the audit finds in the references of an article, by article. */
  audit: number[];
}

// ---- Details of articles: blocks of `blockSize`, each compressed by itself ------------------------------------

export type Block = ArticleDetail[];

export interface ArticleDetail {
  id: string;
  title: string | null;
  date: string | null;
  author: string | null;
  link: string | null;
  tags: string[];
  language: string;
  source: string | null;
  /** Why there is no source. */
  sourceReason: string | null;
  cases: CaseDetail[];
  /** Mistakes that the audit finds in the references, each with its place in the reference's text. */
  faults: ReferenceFault[];
}

export interface CaseDetail {
  id: string;
  language: string;
  repeat: number;
  references: Reference[];
  referenceReason: string | null;
  /** By system; null where the run has no such case. */
  outputs: (OutputDetail | null)[];
}

export interface Reference {
  text: string;
  headline: string | null;
  points: KeyPoint[];
}

export interface KeyPoint {
  label: string;
  text: string;
  /** covered[system]: by the metric keypoints; null where it was not measured or cannot tell. */
  covered: (boolean | null)[];
  /** why[system]: what is missing, in words; empty where covered. */
  why: string[];
}

export interface OutputDetail {
  text: string | null;
  /** Why there is no text. */
  failure: string | null;
  stages: StageDetail[];
  marks: Mark[];
  /** Every score that this case has. */
  scores: Record<string, number>;
  /** Score -> why this case lacks it. */
  gaps: Record<string, string>;
}

export interface StageDetail {
  role: "summarize" | "translate";
  backend: string;
  from: string;
  to: string;
  /** What came of it; null where it failed. Empty string with `same` where it is the output's text. */
  text: string | null;
  same: boolean;
  /** The model's own words, where the text was read out of them. */
  answer: string | null;
  flaw: string | null;
  prompt: PromptMessage[] | null;
  /** Why the prompt is not shown, where a model was asked. */
  promptReason: string | null;
  usage: { prompt: number; answer: number } | null;
  attempts: number | null;
  status: number | null;
}

/** Pieces of a message: an index into Shared.pieces, or a text. */
export interface PromptMessage {
  role: string;
  pieces: (number | string)[];
}

/** Pieces of prompts that many cases share; compressed by itself. */
export interface Shared {
  pieces: string[];
}

/** A place in an output, and what speaks against it. Facts first, but other metrics mark places too. */
export interface Mark {
  metric: string;
  /** "contradicted", "malformed", "not_found", "wrong_language", "not_entailed", ... */
  kind: string;
  /** What is wrong, in a word: "magnitude", "number", "unit", "direction", "multiple", "name", ... */
  label: string;
  /** Normalized value of what stands in the output. */
  value: string;
  message: string;
  start: number | null;
  end: number | null;
  quote: MarkQuote | null;
}

/** What speaks against a place: in the source, or in the same system's text in the other language. */
export interface MarkQuote {
  in: "source" | "parallel";
  start: number;
  end: number;
  /** The words about it, for the tooltip, as [before, the place, after]. */
  words: [string, string, string];
}

export interface ReferenceFault {
  /** Language of the reference that states it. */
  text: string;
  /** "source", the language of another reference, or "" where the text alone shows it. */
  against: string;
  finding: string;
  error: string;
  message: string;
  value: string;
  otherValue: string;
  /** Place in references[0].text of that language (a headline has its own, see `headline`). */
  start: number;
  end: number;
  headline: boolean;
  other: MarkQuote | null;
}

// ---- The index over all results ---------------------------------------------------------------------------------

export interface History {
  kind: "history";
  title: string;
  command: string;
  tercet: string;
  scores: Score[];
  runs: HistoryRun[];
  /** Folders that are no finished runs, with the reason. */
  skipped: { folder: string; reason: string }[];
}

export interface HistoryRun {
  folder: string;
  system: string;
  bound: Bound;
  status: string;
  /** ISO 8601, UTC. */
  started: string | null;
  commit: string | null;
  dirty: boolean | null;
  /** First digits of the corpus's hash: runs of other corpora are not comparable. */
  corpus: string;
  corpusName: string;
  cases: number;
  failures: number;
  /** values[score][language]. */
  values: Record<string, Record<string, { value: number | null; interval: [number, number] | null; scored: number; total: number }>>;
  /** Relative path of its report, if there is one. */
  report: string | null;
  sweeps: string[];
}
