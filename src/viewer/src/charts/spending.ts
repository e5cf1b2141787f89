// What a system costs: in money, in time, in tokens, as far as it is known.

import type { System } from "../model";

export type Expense = "cost" | "latency" | "tokens";

const EXPENSES: Expense[] = ["cost", "latency", "tokens"];

/** What a case costs; null where that is not known. */
export function expense(system: System, kind: Expense): number | null {
  const { usage, times, cases } = system;
  if (kind === "latency") return times.p50;
  if (!usage || cases === 0) return null;
  if (kind === "cost") return usage.cost === null ? null : usage.cost / cases;
  // Sums over some of the answers would look cheaper than they are.
  return usage.counted > 0 && usage.counted === usage.requests ? (usage.prompt + usage.answer) / cases : null;
}

/** What the systems can be compared by: known of at least one, and not nothing for all. */
export function expenses(systems: System[]): Expense[] {
  return EXPENSES.filter((kind) => systems.some((system) => (expense(system, kind) ?? 0) > 0));
}

export interface Spot {
  x: number;
  y: number;
}

/** Which of the points are on the front: no other is as good, as cheap, and better in one of the two. */
export function front(points: Spot[], higherIsBetter: boolean): boolean[] {
  const good = (point: Spot) => (higherIsBetter ? point.y : -point.y);
  return points.map(
    (point) =>
      !points.some(
        (other) => other.x <= point.x && good(other) >= good(point) && (other.x < point.x || good(other) > good(point)),
      ),
  );
}

/** Where a label stands: its place beside its point, and to which side of that its text runs. */
export interface Placing {
  dx: number;
  dy: number;
  align: "left" | "right" | "center";
}

/** In the order in which they are tried: beside the point, then above and below it. */
const PLACINGS: Placing[] = [
  { dx: 9, dy: 0, align: "left" },
  { dx: -9, dy: 0, align: "right" },
  { dx: 0, dy: -17, align: "center" },
  { dx: 0, dy: 17, align: "center" },
  { dx: 8, dy: -15, align: "left" },
  { dx: 8, dy: 15, align: "left" },
  { dx: -8, dy: -15, align: "right" },
  { dx: -8, dy: 15, align: "right" },
  { dx: 8, dy: -30, align: "left" },
  { dx: 8, dy: 30, align: "left" },
  { dx: -8, dy: -30, align: "right" },
  { dx: -8, dy: 30, align: "right" },
];

export interface Label extends Spot {
  width: number;
}

/** Place labels so that none covers another, a point, or the line; null where there is no room. */
export function placings(labels: Label[], line: Spot[], room: number): (Placing | null)[] {
  const taken: Box[] = labels.map((point) => around(point, 6));
  for (let index = 1; index < line.length; index++) {
    const [from, to] = [line[index - 1], line[index]];
    if (from && to) taken.push(...along(from, to).map((point) => around(point, 2)));
  }
  return labels.map((label) => {
    const found = PLACINGS.find((placing) => {
      const box = boxOf(label, placing);
      return box.left >= 0 && box.right <= room && !taken.some((other) => overlap(box, other));
    });
    if (found) taken.push(boxOf(label, found));
    return found ?? null;
  });
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const around = ({ x, y }: Spot, by: number): Box => ({ left: x - by, right: x + by, top: y - by, bottom: y + by });

/** Points on a line, close enough for no label to slip between. */
function along(from: Spot, to: Spot): Spot[] {
  const steps = Math.ceil(Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y)) / 6) || 1;
  return Array.from({ length: steps + 1 }, (_, step) => ({
    x: from.x + ((to.x - from.x) * step) / steps,
    y: from.y + ((to.y - from.y) * step) / steps,
  }));
}

function boxOf({ x, y, width }: Label, { dx, dy, align }: Placing): Box {
  const start = x + dx - (align === "left" ? 0 : align === "right" ? width : width / 2);
  return { left: start, right: start + width, top: y + dy - 8, bottom: y + dy + 8 };
}

const overlap = (a: Box, b: Box) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
