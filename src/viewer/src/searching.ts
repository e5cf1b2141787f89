// Looking for words: in titles at once, in texts block by block while the page stays responsive.

import type { ArticleDetail, Block, CaseDetail, CaseTable } from "./model";

/** Bring words into the form in which they are compared: case does not matter. */
export function folded(text: string): string {
  return text.toLowerCase();
}

/** The texts of an article that all its cases share. */
function inArticle(article: ArticleDetail, needle: string): boolean {
  return article.source !== null && folded(article.source).includes(needle);
}

function inCase(found: CaseDetail, needle: string): boolean {
  return (
    found.references.some((one) => folded(one.text).includes(needle) || folded(one.headline ?? "").includes(needle)) ||
    found.outputs.some((output) => output?.text !== null && output !== null && folded(output.text).includes(needle))
  );
}

export interface Search {
  table: CaseTable;
  words: string;
  open(block: number): Promise<Block>;
  /** Called after each block: cases found so far (1 where found), and how many articles are read. */
  progress(found: Uint8Array, read: number): void;
  signal: AbortSignal;
  /** Lets the page draw; in tests, nothing. */
  rest?(): Promise<void>;
}

const SLICE_MS = 12;

/** Search sources, references and outputs of all blocks; what is found so far is told as it comes. */
export async function searchTexts({ table, words, open, progress, signal, rest = pause }: Search): Promise<void> {
  const needle = folded(words);
  const found = new Uint8Array(table.article.length);
  const first = firstCases(table);
  let resting = performance.now();
  for (let number = 0; number * table.blockSize < table.articles.length; number++) {
    const block = await open(number);
    for (const [offset, article] of block.entries()) {
      if (signal.aborted) return;
      const index = number * table.blockSize + offset;
      const end = first[index + 1] ?? table.article.length;
      const everywhere = inArticle(article, needle);
      const here = new Set<string>();
      for (const one of article.cases) if (everywhere || inCase(one, needle)) here.add(`${one.repeat} ${one.language}`);
      for (let row = first[index] ?? end; row < end; row++) {
        if (here.has(`${table.repeat[row]} ${table.language[row]}`)) found[row] = 1;
      }
      if (performance.now() - resting > SLICE_MS) {
        await rest();
        resting = performance.now();
      }
    }
    if (signal.aborted) return;
    progress(found, Math.min((number + 1) * table.blockSize, table.articles.length));
  }
}

/** Where each article's cases begin: the table is sorted by article. One more at the end. */
export function firstCases(table: CaseTable): Uint32Array {
  const first = new Uint32Array(table.articles.length + 1).fill(table.article.length);
  for (let row = table.article.length - 1; row >= 0; row--) first[table.article[row]!] = row;
  // An article without cases begins where the next one does.
  for (let index = table.articles.length - 1; index >= 0; index--) {
    first[index] = Math.min(first[index]!, first[index + 1]!);
  }
  return first;
}

const pause = (): Promise<void> => new Promise((done) => setTimeout(done, 0));
