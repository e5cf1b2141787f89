// The data that the page carries: compressed texts in script elements, opened when they are wanted.

import type { Block, CaseTable, Page, Shared } from "./model";

const opened = new Map<string, Promise<unknown>>();

/** Open a part of the data: the element `<script type="application/gzip" id="part">` holds it in base64. */
function open<T>(part: string): Promise<T> {
  let found = opened.get(part) as Promise<T> | undefined;
  if (!found) {
    found = read<T>(part);
    opened.set(part, found);
  }
  return found;
}

async function read<T>(part: string): Promise<T> {
  let element = document.getElementById(part);
  if (!element && document.readyState === "loading") {
    await new Promise((done) => document.addEventListener("DOMContentLoaded", done, { once: true }));
    element = document.getElementById(part);
  }
  if (!element) throw new Error(`This file is not whole: '${part}' is missing.`);
  const bytes = Uint8Array.from(atob(element.textContent ?? ""), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text()) as T;
}

export const openPage = (): Promise<Page> => open<Page>("page");
export const openCases = (): Promise<CaseTable> => open<CaseTable>("cases");
export const openShared = (): Promise<Shared> => open<Shared>("shared");
/** Licence texts of the libraries that the page carries. */
export const openLicences = (): Promise<{ text: string }> => open<{ text: string }>("licences");
export const openBlock = (number: number): Promise<Block> => open<Block>(`block-${number}`);

/** Forget blocks but for the last few: their texts fill memory when all are searched. */
export function forgetBlocks(kept: number[]): void {
  for (const part of opened.keys()) {
    if (part.startsWith("block-") && !kept.includes(Number(part.slice(6)))) opened.delete(part);
  }
}
