// How a sweep's systems stand in a grid of what they are made of.

import type { System } from "../model";

export type Part = "summarizer" | "translator" | "prompt";

export interface Grid {
  rowParts: Part[];
  columnParts: Part[];
  rows: string[];
  columns: string[];
  /** Of each system: its row and its column. */
  places: [number, number][];
}

const PARTS: Part[] = ["summarizer", "translator", "prompt"];

/** Lay systems out by what varies among them; null where too little does for a grid to say anything. */
export function layOut(systems: System[], none: string): Grid | null {
  const kinds = (part: Part) => new Set(systems.map((system) => system[part])).size;
  const varying = PARTS.filter((part) => kinds(part) > 1);
  if (varying.length < 2 && !varying.some((part) => kinds(part) > 2)) return null;
  const columnParts: Part[] = varying.length === 1 ? [] : varying.includes("translator") ? ["translator"] : ["prompt"];
  const rowParts = varying.filter((part) => !columnParts.includes(part));
  const column = (system: System) => named(system, columnParts, none);
  // Systems of the same parts differ in something else: the route, or in what only their labels tell.
  const base = (system: System) => named(system, rowParts, none);
  const routed = (system: System) => `${base(system)} (${system.route.join(" → ")})`;
  const labelled = (system: System) => system.label;
  const row =
    [base, routed].find((name) => distinct(systems.map((system) => `${name(system)}\0${column(system)}`))) ?? labelled;
  const rows = [...new Set(systems.map(row))];
  const columns = [...new Set(systems.map(column))];
  return {
    rowParts,
    columnParts,
    rows,
    columns,
    places: systems.map((system) => [rows.indexOf(row(system)), columns.indexOf(column(system))]),
  };
}

function named(system: System, parts: Part[], none: string): string {
  return parts.map((part) => system[part] ?? none).join(" · ");
}

const distinct = (names: string[]) => new Set(names).size === names.length;
