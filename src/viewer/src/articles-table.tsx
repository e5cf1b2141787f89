// The table itself: rows in view only, with the semantics of a table, moved through with the keyboard.

import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { firstDirection, type Choice } from "./article/cases";
import { useMedia, usePrinting } from "./article/media";
import { ArticleRow } from "./articles-row";
import { Select } from "./articles-filters";
import * as figures from "./figures";
import { spelled } from "./marks";
import type { CaseTable, Report, Score } from "./model";
import { tableWords } from "./strings/articles";
import { useVirtual } from "./virtual";
import { useWords } from "./words";

interface Properties {
  report: Report;
  table: CaseTable;
  score: Score | undefined;
  choice: Choice;
  choose(changed: Partial<Choice>): void;
  /** Cases in the order in which they are shown. */
  rows: Uint32Array;
  /** The filters as they stand in the address, for the way back. */
  query: string;
}

const WIDE_ROW = 46;
const PRINTED = 200;
/** The mark of the sorting is never parted from the last word. */
const NO_BREAK = "\u00a0";
/** A header of a narrow column shows this many characters of a name. */
const LONGEST_NAME = 36;
/** Two rows of headers come before the cases. */
const HEADERS = 2;

export function ArticleTable({ report, table, score, choice, choose, rows, query }: Properties) {
  const words = useWords(tableWords);
  const narrow = useMedia("screen and (max-width: 760px)");
  const printing = usePrinting();
  const scroller = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const moved = useRef(false);
  const [header, setHeader] = useState(0);
  const compared = choice.baseline !== null;
  const height = narrow ? 62 + 24 * (choice.systems.length + (compared ? 1 : 0)) : WIDE_ROW;
  const view = useVirtual({ count: rows.length, height, scroller, header, kept: active });
  const failed = useMemo(() => report.systems.map((_, system) => new Set(table.failed[system])), [report, table]);

  useLayoutEffect(() => {
    const measure = () => setHeader(head.current?.offsetHeight ?? 0);
    measure();
    const observer = new ResizeObserver(measure);
    if (head.current) observer.observe(head.current);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    setActive(0);
    scroller.current?.scrollTo({ top: 0 });
  }, [rows]);
  useLayoutEffect(() => {
    if (!moved.current) return;
    const link = body.current?.querySelector<HTMLElement>(`[data-position="${active}"] a`);
    if (!link) return;
    moved.current = false;
    link.focus({ preventScroll: true });
  });

  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: view.fitting,
      PageUp: -view.fitting,
      Home: -rows.length,
      End: rows.length,
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(rows.length - 1, active + step));
    moved.current = true;
    setActive(next);
    view.show(next);
  };

  const several = new Set(table.repeat).size > 1;
  const columns = columnsOf(report, choice, score, words);
  const shown = printing
    ? Array.from({ length: Math.min(PRINTED, rows.length) }, (_, index) => ({ index, start: 0 }))
    : view.items.map((item) => ({ index: item.index, start: item.start - header }));
  return (
    <>
      {narrow && <SortChoice columns={columns} choice={choice} score={score} choose={choose} />}
      <div class="articles-scroller" ref={scroller}>
        <div
          role="table"
          class={`articles-table ${narrow ? "narrow" : "wide"} ${printing ? "printing" : ""}`}
          aria-label={words.table}
          aria-rowcount={rows.length + HEADERS}
          data-testid="article-table"
          style={{
            "--columns": tracks(choice, printing),
            minWidth: narrow || printing ? undefined : `${leastWidth(choice)}px`,
          }}
        >
          <div role="rowgroup" class="articles-head" ref={head}>
            <Groups choice={choice} score={score} />
            <div role="row" class="articles-row" aria-rowindex={2}>
              {columns.map((column) => (
                <Header key={column.name} column={column} choice={choice} score={score} choose={choose} />
              ))}
            </div>
          </div>
          <div
            role="rowgroup"
            class="articles-body"
            ref={body}
            style={{ height: printing ? undefined : `${view.total}px` }}
            onKeyDown={onKey}
          >
            {shown.map(({ index, start }) => (
              <ArticleRow
                key={rows[index]}
                report={report}
                table={table}
                score={score}
                choice={choice}
                row={rows[index]!}
                position={index}
                rowIndex={index + HEADERS + 1}
                start={printing ? null : start}
                height={height}
                narrow={narrow}
                tabbable={index === active}
                focused={() => setActive(index)}
                failed={failed}
                several={several}
                query={query}
              />
            ))}
          </div>
        </div>
      </div>
      {printing && rows.length > PRINTED && <p>{words.printed(figures.count(rows.length - PRINTED))}</p>}
    </>
  );
}

/** A name that a header has room for; the whole of it is in the header's title. */
function shortened(name: string): string {
  const characters = [...name];
  return characters.length > LONGEST_NAME ? `${characters.slice(0, LONGEST_NAME).join("")}…` : name;
}

/** Widths of the columns, as a grid has them. */
function tracks(choice: Choice, printing: boolean): string {
  const shown = choice.systems.length;
  // Paper does not scroll: columns become as narrow as they must.
  if (printing) {
    const difference = choice.baseline === null ? "" : "minmax(0, 1.1fr) ";
    const article = "minmax(0, 3fr) minmax(0, 1fr) minmax(0, 1fr) minmax(0, 1.2fr)";
    return `${article} ${difference}repeat(${2 * shown}, minmax(0, 1fr))`;
  }
  const difference = choice.baseline === null ? "" : "104px ";
  const article = "minmax(220px, 3fr) 112px minmax(90px, 1fr) 104px";
  const numbers = `repeat(${shown}, minmax(92px, 1fr))`;
  return `${article} ${difference}${numbers} ${numbers}`;
}

function leastWidth(choice: Choice): number {
  return 220 + 112 + 90 + 104 + (choice.baseline === null ? 0 : 104) + choice.systems.length * 2 * 92;
}

interface Column {
  name: string;
  text: string;
  title?: string;
  number: boolean;
}

type TableWords = typeof tableWords.en;

function columnsOf(report: Report, choice: Choice, score: Score | undefined, words: TableWords): Column[] {
  const label = (system: number) => spelled(report.systems[system]!.label);
  return [
    { name: "title", text: words.article, number: false },
    { name: "language", text: words.language, number: false },
    { name: "tags", text: words.tags, number: false },
    { name: "date", text: words.date, number: false },
    ...(choice.baseline !== null && choice.candidate !== null
      ? [{ name: "delta", text: "Δ", title: words.differenceOf, number: true }]
      : []),
    ...choice.systems.map((system) => ({
      name: `score-${system}`,
      text: label(system),
      title: `${label(system)}: ${score?.name ?? ""}`,
      number: true,
    })),
    ...choice.systems.map((system) => ({
      name: `facts-${system}`,
      text: label(system),
      title: `${label(system)}: ${words.falseFacts}`,
      number: true,
    })),
  ];
}

/** The upper row of headers: what the columns below are about. */
function Groups({ choice, score }: { choice: Choice; score: Score | undefined }) {
  const words = useWords(tableWords);
  const shown = choice.systems.length;
  const compared = choice.baseline !== null;
  return (
    <div role="row" class="articles-row articles-groups" aria-rowindex={1}>
      <span role="columnheader" aria-colspan={4} style={{ gridColumn: "span 4" }}>
        <span class="visually-hidden">{words.article}</span>
      </span>
      {compared && <span role="columnheader">{words.difference}</span>}
      <span role="columnheader" aria-colspan={shown} style={{ gridColumn: `span ${shown}` }}>
        {score?.name} <Direction score={score} />
      </span>
      <span role="columnheader" aria-colspan={shown} style={{ gridColumn: `span ${shown}` }}>
        {words.falseFacts}
      </span>
    </div>
  );
}

/** Which way a score is better: an arrow, and words for those who do not see it. */
function Direction({ score }: { score: Score | undefined }) {
  const words = useWords(tableWords);
  if (!score || score.higherIsBetter === null) return null;
  const said = score.higherIsBetter ? words.higher : words.lower;
  return (
    <span title={said}>
      <span aria-hidden="true">{score.higherIsBetter ? "↑" : "↓"}</span>
      <span class="visually-hidden">{said}</span>
    </span>
  );
}

interface HeaderProperties {
  column: Column;
  choice: Choice;
  score: Score | undefined;
  choose(changed: Partial<Choice>): void;
}

function Header({ column, choice, score, choose }: HeaderProperties) {
  const mine = choice.sort === column.name;
  const sort = () =>
    choose({
      sort: column.name,
      dir: mine ? (choice.dir === "asc" ? "desc" : "asc") : firstDirection(column.name, score),
    });
  return (
    <span
      role="columnheader"
      class={column.number ? "number" : ""}
      aria-sort={mine ? (choice.dir === "asc" ? "ascending" : "descending") : "none"}
    >
      <button type="button" class="sort" data-testid={`sort-${column.name}`} title={column.title} onClick={sort}>
        {shortened(column.text)}
        {column.title && <span class="visually-hidden"> ({column.title})</span>}
        <span class="sort-mark" aria-hidden="true">
          {NO_BREAK}
          {mine ? (choice.dir === "asc" ? "▲" : "▼") : "↕"}
        </span>
      </button>
    </span>
  );
}

interface SortProperties {
  columns: Column[];
  choice: Choice;
  score: Score | undefined;
  choose(changed: Partial<Choice>): void;
}

/** Where there is no room for headers: the same choice as a select and a button. */
function SortChoice({ columns, choice, score, choose }: SortProperties) {
  const words = useWords(tableWords);
  const options = columns.map((column) => [column.name, column.title ?? column.text] as const);
  return (
    <div class="toolbar articles-sort">
      <Select
        label={words.sortBy}
        testid="sort-by"
        value={choice.sort}
        choose={(sort) => choose({ sort, dir: firstDirection(sort, score) })}
        options={[["corpus", words.corpusOrder], ...options]}
      />
      <button
        type="button"
        class="button"
        data-testid="sort-direction"
        onClick={() => choose({ dir: choice.dir === "asc" ? "desc" : "asc" })}
      >
        {choice.dir === "asc" ? `▲ ${words.ascending}` : `▼ ${words.descending}`}
      </button>
    </div>
  );
}
