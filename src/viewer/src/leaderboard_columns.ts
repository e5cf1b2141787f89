// What the leaderboard's columns are sorted by. A null stands last, whichever way the rest is sorted.

import type { Report, Score } from "./model";

/** "place", "system", "failures", "cost", "latency", "tokens", or "score:NAME". */
export type Column = string;

export interface Sorting {
  column: Column;
  descending: boolean;
}

/** What a system has in a column; null where that is not known. */
export function worth(report: Report, code: string, column: Column, index: number): number | string | null {
  const system = report.systems[index];
  if (!system) return null;
  switch (column) {
    case "system":
      return system.label;
    case "place": {
      const rank = report.cells[code]?.[report.primary]?.[index]?.rank;
      return rank ? rank[0] + rank[1] / 1e6 : null;
    }
    case "failures":
      return system.failures;
    case "cost":
      return system.usage?.cost ?? null;
    case "latency":
      return system.times.p50;
    case "tokens":
      return tokensPerCase(report, index);
    default:
      return report.cells[code]?.[column.slice("score:".length)]?.[index]?.value ?? null;
  }
}

/** Prompt and answer tokens for each case; null where some calls were not counted. */
export function tokensPerCase(report: Report, index: number): number | null {
  const system = report.systems[index];
  const usage = system?.usage;
  if (!system || !usage || system.cases === 0 || usage.counted < usage.requests) return null;
  return (usage.prompt + usage.answer) / system.cases;
}

/** Systems in the order of a column; in the report's order where none is chosen, and among equals. */
export function ordered(report: Report, code: string, sorting: Sorting | null): number[] {
  const indices = report.systems.map((_, index) => index);
  if (!sorting) return indices;
  const values = indices.map((index) => worth(report, code, sorting.column, index));
  return indices.sort((a, b) => {
    const [left, right] = [values[a] ?? null, values[b] ?? null];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    const order = typeof left === "string" ? left.localeCompare(String(right)) : left - Number(right);
    return sorting.descending ? -order : order;
  });
}

/** The next sorting when a column's name is pressed: first the best on top, then the other way round. */
export function pressed(sorting: Sorting | null, column: Column, score?: Score): Sorting {
  if (sorting?.column === column) return { column, descending: !sorting.descending };
  return { column, descending: score !== undefined && score.higherIsBetter !== false };
}

/** From where to where a score's values and intervals reach, for the drawn bars of all systems. */
export function reach(report: Report, code: string, score: string): [number, number] {
  const ends = (report.cells[code]?.[score] ?? []).flatMap((cell) =>
    cell === null || cell.value === null ? [] : [cell.value, ...(cell.interval ?? [])],
  );
  return [Math.min(...ends), Math.max(...ends)];
}
