// How charts look: the page's own colours by name, so that another theme, or paper, needs no new drawing.

import type { Config } from "vega-lite";
import { font } from "./labels";

const SERIES = 8;
const SHAPES = [
  "circle",
  "square",
  "triangle-up",
  "diamond",
  "cross",
  "triangle-down",
  "triangle-right",
  "triangle-left",
];

/** Colour of the system with this number; after eight they come again, with another shape. */
export function seriesColour(index: number): string {
  return `var(--series-${(index % SERIES) + 1})`;
}

/** Shape of the system with this number: no two of the first 64 are alike in both. */
export function seriesShape(index: number): string {
  return SHAPES[(index + Math.floor(index / SERIES)) % SHAPES.length] ?? "circle";
}

/** A colour between the surface and a token: `share` from 0 to 1. Weak enough for ink to be read on it. */
export function tint(token: string, share: number): string {
  const percent = Math.round(4 + 42 * Math.max(0, Math.min(1, share)));
  return `color-mix(in srgb, var(--${token}) ${percent}%, var(--surface))`;
}

/** What all charts have in common. */
export function config(): Config {
  const name = font();
  return {
    // The drawing is one image with a label, a table below it: not a tree of symbols without names.
    aria: false,
    mark: { aria: false },
    background: "transparent",
    font: name,
    padding: 4,
    view: { stroke: null },
    axis: {
      labelFont: name,
      labelFontSize: 12,
      labelColor: "var(--ink)",
      labelLimit: 220,
      titleFont: name,
      titleFontSize: 12,
      titleFontWeight: 400,
      titleColor: "var(--ink-soft)",
      titlePadding: 8,
      domainColor: "var(--line-strong)",
      tickColor: "var(--line-strong)",
      gridColor: "var(--line)",
    },
    legend: {
      labelFont: name,
      labelFontSize: 12,
      labelColor: "var(--ink)",
      labelLimit: 260,
      titleFont: name,
      titleColor: "var(--ink-soft)",
      symbolStrokeWidth: 2,
    },
    text: { font: name, fontSize: 12, color: "var(--ink)" },
  };
}
