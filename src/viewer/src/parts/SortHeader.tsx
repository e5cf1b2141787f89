import type { ComponentChildren } from "preact";

interface Properties {
  /** How the table is sorted by this column; null where by another one. */
  sorted: "ascending" | "descending" | null;
  sort(): void;
  /** Class of the cell, as "text" for words. */
  kind?: string;
  testid?: string;
  /** Stands with the sorting's mark, which it is never parted from: the direction that is better. */
  mark?: ComponentChildren;
  children: ComponentChildren;
}

const NO_BREAK = "\u00a0";

/** A column's header that sorts the table. */
export function SortHeader({ sorted, sort, kind, testid, mark, children }: Properties) {
  return (
    <th scope="col" class={kind} aria-sort={sorted ?? "none"}>
      <button type="button" class="sort" data-testid={testid} onClick={sort}>
        {children}
        {mark && NO_BREAK}
        {mark}
        <span class="sort-mark" aria-hidden="true">
          {NO_BREAK}
          {sorted === "ascending" ? "▲" : sorted === "descending" ? "▼" : "↕"}
        </span>
      </button>
    </th>
  );
}
