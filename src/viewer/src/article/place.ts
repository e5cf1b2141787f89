// What the address of an article says: language, repeat, systems, and what is compared.

import type { ArticleDetail, CaseDetail, Report } from "../model";
import { address } from "../view";

export const MOST = 4;

export interface ArticlePlace {
  found: CaseDetail | null;
  systems: number[];
  /** Which of several references is shown. */
  reference: number;
  /** How many words in a row must be shared with the reference to be marked; 0 marks none. */
  ngrams: number;
  /** The two systems whose difference is shown. */
  diff: [number, number] | null;
}

/** Read the address; what it does not say is chosen as most readers would. */
export function readPlace(options: URLSearchParams, detail: ArticleDetail, report: Report): ArticlePlace {
  const repeat = Number(options.get("repeat") ?? 0);
  const inLanguage = detail.cases.filter((one) => one.language === options.get("language"));
  const found = inLanguage.find((one) => one.repeat === repeat) ?? inLanguage[0] ?? detail.cases[0] ?? null;
  const named = indices(options.get("systems"), report.systems.length);
  const usual = report.systems.map((_, index) => index).filter((index) => report.systems[index]!.bound !== "upper");
  const systems = (named.length ? named : usual.length ? usual.slice(0, 2) : [0]).slice(0, MOST);
  const diff = indices(options.get("diff"), report.systems.length);
  const reference = Number(options.get("reference") ?? 0);
  const ngrams = Number(options.get("ngrams") ?? 0);
  return {
    found,
    systems,
    reference: found && reference in found.references ? reference : 0,
    ngrams: [1, 2, 3, 4].includes(ngrams) ? ngrams : 0,
    diff: diff.length === 2 ? [diff[0]!, diff[1]!] : null,
  };
}

function indices(text: string | null, count: number): number[] {
  const found = (text ?? "")
    .split(",")
    .filter((part) => /^\d+$/.test(part))
    .map(Number)
    .filter((index) => index < count);
  return [...new Set(found)];
}

/** The address of an article with some options changed; the others stay as they are. */
export function articleAddress(id: string, options: URLSearchParams, changed: Record<string, string> = {}): string {
  return address("article", id, { ...Object.fromEntries(options), ...changed });
}

/** The way back to the table, with the filters that it had. */
export function tableAddress(options: URLSearchParams): string {
  return address("articles", "", Object.fromEntries(new URLSearchParams(options.get("from") ?? "")));
}

/** A link that is safe to follow; null where it is none. */
export function safeLink(link: string | null): string | null {
  try {
    const url = new URL(link ?? "");
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}
