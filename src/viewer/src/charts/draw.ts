// Vega in a page whose policy forbids eval, network and styles: expressions are interpreted, nothing is loaded.

import { Error as ErrorLevel, parse, View, type Loader } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile, type TopLevelSpec } from "vega-lite";

/** Told what to say about the item under the pointer, and where it stands; null where there is none. */
export type Pointed = (words: string | null, box: DOMRect | null) => void;

const refuse = () => Promise.reject(new Error("A report loads nothing."));
const NOTHING: Loader = { load: refuse, sanitize: refuse, http: refuse, file: refuse } as unknown as Loader;
const silent = {
  level: () => silent,
  error: () => silent,
  warn: () => silent,
  info: () => silent,
  debug: () => silent,
};

/** Draw a chart into an element that is named by the label; returns what takes it away again. */
export function draw(element: HTMLElement, label: string, spec: TopLevelSpec, pointed: Pointed): () => void {
  // What Vega-Lite warns about is a matter of the specs, which are ours; readers cannot do anything about it.
  const compiled = compile(spec, { logger: silent as never });
  const view = new View(parse(compiled.spec, undefined, { ast: true }), {
    container: element,
    renderer: "svg",
    hover: false,
    loader: NOTHING,
    logLevel: ErrorLevel,
    expr: expressionInterpreter,
    tooltip: (_handler, event, _item, words) => {
      const target = event?.target as Element | null;
      pointed(typeof words === "string" ? words : null, target?.getBoundingClientRect() ?? null);
    },
  } as ConstructorParameters<typeof View>[1]);
  // Vega names its container, and says what it is, in English: the label is ours, and the role says enough.
  view.description(label);
  element.setAttribute("role", "img");
  element.removeAttribute("aria-roledescription");
  void view.runAsync();
  return () => view.finalize();
}

/** The drawn marks that have something to say, in the order in which they are drawn. */
export function telling(element: HTMLElement): { mark: Element; words: string }[] {
  const found: { mark: Element; words: string }[] = [];
  for (const mark of element.querySelectorAll(".mark-rect > path, .mark-symbol > path")) {
    // Vega's renderer keeps the item on its element.
    const words = (mark as Element & { __data__?: { tooltip?: unknown } }).__data__?.tooltip;
    if (typeof words === "string" && words) found.push({ mark, words });
  }
  return found;
}
