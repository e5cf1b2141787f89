// What every part of the page shares: language, theme, and where in the page one is.

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Language } from "./words";

export type Theme = "light" | "dark";
export type Place = "overview" | "compare" | "articles" | "article" | "method";

/** Where one is: `#article=ID&language=zh&systems=0,2` is the place "article" with the argument "ID". */
export interface Route {
  place: Place;
  argument: string;
  options: URLSearchParams;
}

export interface View {
  language: Language;
  theme: Theme;
  setLanguage(language: Language): void;
  setTheme(theme: Theme): void;
  route: Route;
}

const PLACES: Place[] = ["overview", "compare", "articles", "article", "method"];

export const ViewContext = createContext<View | null>(null);

export function useView(): View {
  const view = useContext(ViewContext);
  if (!view) throw new Error("outside of the page");
  return view;
}

/** Read a location's hash; an unknown one leads to the overview. */
export function parse(hash: string): Route {
  const options = new URLSearchParams(hash.replace(/^#/, ""));
  const [first, argument] = [...options.entries()][0] ?? ["overview", ""];
  const place = PLACES.find((name) => name === first) ?? "overview";
  options.delete(first);
  return { place, argument: argument ?? "", options };
}

/** Make a link's address; options that are empty are left out. */
export function address(place: Place, argument = "", options: Record<string, string> = {}): string {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(options)) if (value) parts.set(name, value);
  const rest = parts.toString();
  return `#${place}${argument ? `=${encodeURIComponent(wellFormed(argument))}` : ""}${rest ? `&${rest}` : ""}`;
}

const HALVES = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** A text that an address can hold: a lone half of a surrogate pair becomes U+FFFD, as URLSearchParams does it. */
export const wellFormed = (text: string): string => text.replace(HALVES, "\ufffd");

/** Go somewhere without a new entry in the history: filters and choices. */
export function replaceAddress(hash: string): void {
  history.replaceState(null, "", hash);
  window.dispatchEvent(new HashChangeEvent("hashchange"));
}
