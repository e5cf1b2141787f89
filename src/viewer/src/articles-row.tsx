// One row of the article table: a case, with a link to it.

import { delta, type Choice } from "./article/cases";
import { Difference } from "./article/Difference";
import { MOST } from "./article/place";
import * as figures from "./figures";
import { spelled } from "./marks";
import type { CaseTable, Report, Score } from "./model";
import { tableWords } from "./strings/articles";
import { Plain } from "./text";
import { address } from "./view";
import { useWords } from "./words";

interface Properties {
  report: Report;
  table: CaseTable;
  score: Score | undefined;
  choice: Choice;
  /** The case. */
  row: number;
  /** Its place among those shown, from 0, and as a table counts. */
  position: number;
  rowIndex: number;
  /** Where it stands in the scrolled table; null on paper, where rows follow each other. */
  start: number | null;
  height: number;
  narrow: boolean;
  tabbable: boolean;
  focused(): void;
  failed: Set<number>[];
  /** Whether there is more than one repeat. */
  several: boolean;
  query: string;
}

export function ArticleRow(properties: Properties) {
  const { report, table, score, choice, row, position, rowIndex, start, height, narrow } = properties;
  const words = useWords(tableWords);
  const article = table.articles[table.article[row]!]!;
  const language = table.language[row]!;
  const repeat = table.repeat[row]!;
  const first = choice.baseline === null ? 0 : 1;
  return (
    <div
      role="row"
      class={`articles-row articles-case ${position % 2 ? "odd" : ""}`}
      aria-rowindex={rowIndex}
      data-testid="article-row"
      data-position={position}
      data-case={`${article.id}:${language}`}
      style={
        start === null
          ? undefined
          : { position: "absolute", transform: `translateY(${start}px)`, height: `${height}px` }
      }
    >
      <span role="cell" class="cell-title">
        <a
          href={address("article", article.id, {
            language,
            repeat: repeat ? String(repeat) : "",
            systems: besides(choice).join(),
            from: properties.query,
          })}
          tabIndex={properties.tabbable ? 0 : -1}
          title={spelled(article.title || article.id)}
          onFocus={properties.focused}
        >
          <Plain text={article.title || article.id} lang={article.language} />
        </a>
        <small class="soft">
          <Plain text={article.id} />
          {properties.several && ` · ${words.repeat(repeat + 1)}`}
        </small>
      </span>
      <span role="cell" class="cell-language">
        {words.languageName(language)}
      </span>
      <span role="cell" class="cell-tags soft" title={spelled(article.tags.join(", "))}>
        <Plain text={article.tags.join(", ")} />
      </span>
      <span role="cell" class="cell-date number">
        {article.date ? article.date.slice(0, 10) : <None title={words.noDate} />}
      </span>
      {first === 1 && (
        <span role="cell" class="cell-number number" style={line(narrow, 0)}>
          {narrow && <span class="cell-label soft">{words.difference}</span>}
          <Difference difference={delta(table, choice, row)} score={score} words={words} />
        </span>
      )}
      {choice.systems.map((system, index) => (
        <span key={`score-${system}`} role="cell" class="cell-number number" style={line(narrow, first + index)}>
          {narrow && <span class="cell-label soft">{spelled(report.systems[system]!.label)}</span>}
          {properties.failed[system]?.has(row) ? (
            <span class="failed">{words.failedCell}</span>
          ) : (
            <Value number={table.values[choice.score]?.[system]?.[row]} score={score} title={words.unscored} />
          )}
        </span>
      ))}
      {choice.systems.map((system, index) => (
        <span key={`facts-${system}`} role="cell" class="cell-facts number" style={line(narrow, first + index)}>
          <Facts
            wrong={table.facts[system]?.[row] ?? null}
            unfound={table.unfound[system]?.[row] ?? null}
            worded={narrow}
          />
        </span>
      ))}
    </div>
  );
}

/** What the side-by-side view is to show: of many columns the two that are compared, and the first others. */
function besides({ systems, baseline, candidate }: Choice): number[] {
  const first = systems.filter((system) => system === baseline || system === candidate);
  return [...new Set([...first, ...systems])].slice(0, MOST).sort((one, other) => one - other);
}

/** In a narrow window figures stand in lines below the title and its dates. */
function line(narrow: boolean, index: number): { gridRow: number } | undefined {
  return narrow ? { gridRow: 3 + index } : undefined;
}

interface ValueProperties {
  number: number | null | undefined;
  score: Score | undefined;
  /** Why there is no number. */
  title: string;
}

function Value({ number, score, title }: ValueProperties) {
  if (number === null || number === undefined) return <None title={title} />;
  return <>{figures.value(number, score?.decimals ?? 3)}</>;
}

interface FactsProperties {
  wrong: number | null;
  unfound: number | null;
  /** Whether the number needs words, because no header stands above it. */
  worded: boolean;
}

function Facts({ wrong, unfound, worded }: FactsProperties) {
  const words = useWords(tableWords);
  if (wrong === null) return <None title={words.unmeasured} />;
  return (
    <span class={wrong > 0 ? "wrong" : ""} title={words.factsOf(wrong, unfound ?? 0)}>
      {worded ? words.falseFactsOf(wrong) : figures.count(wrong)}
    </span>
  );
}

function None({ title }: { title: string }) {
  return (
    <span class="soft" title={title}>
      <span aria-hidden="true">{figures.NONE}</span>
      <span class="visually-hidden">{title}</span>
    </span>
  );
}
