// Names from the data inside drawings, where a hidden character cannot have an element of its own.

import { showHidden } from "../marks";

/** A name with its hidden characters told by their names. */
export function visible(text: string): string {
  return showHidden(text)
    .map((part) => (typeof part === "string" ? part : `[${part.name}]`))
    .join("");
}

/** Names as axes show them: none longer than `limit`, and no two alike. */
export function shortened(names: string[], limit: number): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const letters = [...visible(name)];
    const short = letters.length > limit ? `${letters.slice(0, limit - 1).join("")}…` : letters.join("");
    const times = (seen.get(short) ?? 0) + 1;
    seen.set(short, times);
    return times > 1 ? `${short} (${times})` : short;
  });
}

let pen: CanvasRenderingContext2D | null = null;

/** How wide a text is at 12 px in the page's font, in pixels. */
export function width(text: string): number {
  pen ??= document.createElement("canvas").getContext("2d");
  if (!pen) return text.length * 8;
  pen.font = `12px ${font()}`;
  return pen.measureText(text).width;
}

/** The page's font by its names: drawings are measured where the page's styles do not reach. */
export function font(): string {
  return getComputedStyle(document.documentElement).getPropertyValue("--sans").trim() || "sans-serif";
}
