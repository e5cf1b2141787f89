// Words in both languages. Each area has its dictionary; TypeScript refuses one that is not complete in both.

import { useView } from "./view";

export type Language = "en" | "zh";
type Entry = string | ((...values: never[]) => string);

export type Words<T> = { en: T; zh: T };

/** Make a dictionary: `zh` must have every entry that `en` has, with the same arguments. */
export function dictionary<T extends Record<string, Entry>>(words: { en: T; zh: { [K in keyof T]: Translated<T[K]> } }) {
  return words as unknown as Words<T>;
}

type Translated<E> = E extends (...values: infer A) => string ? (...values: A) => string : string;

/** The words of an area, in the page's language. */
export function useWords<T>(words: Words<T>): T {
  return words[useView().language];
}
