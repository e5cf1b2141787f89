// What is above the article table: search, filters, the score and the systems that are shown.

import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Choice } from "./article/cases";
import { useMedia } from "./article/media";
import * as figures from "./figures";
import { spelled } from "./marks";
import { remember, remembered } from "./memory";
import type { CaseTable, Report, Score } from "./model";
import { Disclosure } from "./parts/Disclosure";
import { tableWords } from "./strings/articles";
import { Plain } from "./text";
import { useWords } from "./words";

interface Properties {
  report: Report;
  table: CaseTable;
  scores: Score[];
  choice: Choice;
  choose(changed: Partial<Choice>): void;
  /** Articles whose texts are searched so far; null where no search goes on. */
  read: number | null;
}

const SETTLING_MS = 150;

export function ArticleFilters({ report, table, scores, choice, choose, read }: Properties) {
  const words = useWords(tableWords);
  const tags = useMemo(() => {
    const counts = new Map<string, number>();
    for (const article of table.articles) for (const tag of article.tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
    return [...counts].sort((one, other) => (one[0] < other[0] ? -1 : 1));
  }, [table]);
  const judges = scores.find((score) => score.name === choice.score)?.higherIsBetter ?? null;
  const comparable = choice.baseline !== null && choice.candidate !== null && judges !== null;
  const narrow = useMedia("screen and (max-width: 640px)");
  const where = (
    <>
      {report.languages.length > 1 && (
        <Select
          label={words.language}
          testid="filter-language"
          value={choice.language}
          choose={(language) => choose({ language })}
          options={[["", words.all], ...report.languages.map((code) => [code, words.languageName(code)] as const)]}
        />
      )}
      {tags.length > 0 && (
        <Select
          label={words.tag}
          testid="filter-tag"
          value={choice.tag}
          choose={(tag) => choose({ tag })}
          options={[["", words.all], ...tags.map(([tag, count]) => [tag, `${spelled(tag)} (${count})`] as const)]}
        />
      )}
    </>
  );
  const rest = (
    <>
      <div class="toolbar">
        <Select
          label={words.score}
          testid="filter-score"
          value={choice.score}
          choose={(score) => choose({ score })}
          options={scores.map((score) => [score.name, score.name] as const)}
        />
        {choice.baseline !== null && choice.candidate !== null && (
          <>
            <SystemSelect
              report={report}
              label={words.baseline}
              testid="table-baseline"
              value={choice.baseline}
              choose={(baseline) =>
                choose({
                  ...(baseline === choice.candidate ? { candidate: choice.baseline } : {}),
                  baseline,
                  systems: withSystem(choice.systems, baseline),
                })
              }
            />
            <SystemSelect
              report={report}
              label={words.candidate}
              testid="table-candidate"
              value={choice.candidate}
              choose={(candidate) =>
                choose({
                  ...(candidate === choice.baseline ? { baseline: choice.candidate } : {}),
                  candidate,
                  systems: withSystem(choice.systems, candidate),
                })
              }
            />
          </>
        )}
      </div>
      <fieldset class="articles-only">
        <legend class="small soft">{words.show}</legend>
        <Check testid="filter-facts" label={words.facts} on={choice.facts} set={(facts) => choose({ facts })} />
        {report.systems.length > 1 && (
          <Check
            testid="filter-regressed"
            label={words.regressed}
            title={comparable ? words.regressedHelp : words.regressedUnknown}
            disabled={!comparable && !choice.regressed}
            on={choice.regressed}
            set={(regressed) => choose({ regressed })}
          />
        )}
        <Check testid="filter-failed" label={words.failed} on={choice.failed} set={(failed) => choose({ failed })} />
        <Check testid="filter-audit" label={words.audit} on={choice.audit} set={(audit) => choose({ audit })} />
      </fieldset>
      {report.systems.length > 1 && (
        <Disclosure summary={words.systemsShown(choice.systems.length, report.systems.length)} testid="table-systems">
          <div class="chips" role="group" aria-label={words.systems}>
            {report.systems.map((system, index) => {
              const on = choice.systems.includes(index);
              return (
                <button
                  key={index}
                  type="button"
                  class="chip"
                  aria-pressed={on}
                  disabled={on && choice.systems.length === 1}
                  onClick={() =>
                    choose({
                      systems: on ? choice.systems.filter((one) => one !== index) : withSystem(choice.systems, index),
                    })
                  }
                >
                  <Plain text={system.label} />
                </button>
              );
            })}
          </div>
        </Disclosure>
      )}
    </>
  );
  return (
    <div class="articles-filters">
      <div class="toolbar">
        <SearchField choice={choice} choose={choose} />
        <label class="check">
          <input
            type="checkbox"
            data-testid="search-texts"
            checked={choice.texts}
            onChange={(event) => choose({ texts: event.currentTarget.checked })}
          />
          {words.texts}
        </label>
        {!narrow && where}
        {read !== null && (
          <span class="search-progress small soft" role="status" data-testid="search-progress">
            <progress max={table.articles.length} value={read} aria-label={words.texts} />
            {read < table.articles.length
              ? words.searching(figures.count(read), figures.count(table.articles.length))
              : words.searched(figures.count(table.articles.length))}
          </span>
        )}
      </div>
      {narrow ? (
        <Folded chosen={chosen(choice)}>
          <div class="toolbar">{where}</div>
          {rest}
        </Folded>
      ) : (
        rest
      )}
    </div>
  );
}

/** How many of the filters leave cases out. */
function chosen(choice: Choice): number {
  const { language, tag, facts, regressed, failed, audit } = choice;
  return [language, tag, facts, regressed, failed, audit].filter(Boolean).length;
}

/** Where there is little room, all but the search stands behind one line, which says how many filters are on. */
function Folded({ chosen, children }: { chosen: number; children: ComponentChildren }) {
  const words = useWords(tableWords);
  const [open] = useState(() => remembered("filters") === "open");
  return (
    <details
      class="disclosure articles-folded"
      open={open}
      data-testid="filters"
      onToggle={(event) => remember("filters", event.currentTarget.open ? "open" : "closed")}
    >
      <summary>{words.filters(chosen)}</summary>
      <div class="articles-filters">{children}</div>
    </details>
  );
}

function withSystem(systems: number[], added: number): number[] {
  return [...new Set([...systems, added])].sort((one, other) => one - other);
}

/** The field for words: the address follows when the typing pauses, since browsers allow few changes of it. */
function SearchField({ choice, choose }: Pick<Properties, "choice" | "choose">) {
  const words = useWords(tableWords);
  const [typed, setTyped] = useState(choice.q);
  const timer = useRef(0);
  useEffect(() => setTyped(choice.q), [choice.q]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const latest = useRef(choose);
  latest.current = choose;
  return (
    <div class="field search-field">
      <label for="article-search">{words.search}</label>
      <input
        id="article-search"
        type="search"
        data-testid="article-search"
        value={typed}
        onInput={(event) => {
          const q = event.currentTarget.value;
          setTyped(q);
          clearTimeout(timer.current);
          timer.current = window.setTimeout(() => latest.current({ q }), SETTLING_MS);
        }}
      />
    </div>
  );
}

interface SelectProperties {
  label: string;
  testid: string;
  value: string;
  options: (readonly [string, string])[];
  choose(value: string): void;
}

/** A labelled select; an option's words come second. */
export function Select({ label, testid, value, options, choose }: SelectProperties) {
  return (
    <div class="field">
      <label for={testid}>{label}</label>
      <select
        id={testid}
        data-testid={testid}
        value={value}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        {options.map(([key, text]) => (
          <option key={key} value={key} selected={key === value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

interface SystemSelectProperties {
  report: Report;
  label: string;
  testid: string;
  value: number;
  choose(system: number): void;
}

function SystemSelect({ report, label, testid, value, choose }: SystemSelectProperties) {
  return (
    <Select
      label={label}
      testid={testid}
      value={String(value)}
      choose={(text) => choose(Number(text))}
      options={report.systems.map((system, index) => [String(index), spelled(system.label)] as const)}
    />
  );
}

interface CheckProperties {
  testid: string;
  label: string;
  title?: string;
  disabled?: boolean;
  on: boolean;
  set(on: boolean): void;
}

function Check({ testid, label, title, disabled = false, on, set }: CheckProperties) {
  return (
    <label class="check" title={title}>
      <input
        type="checkbox"
        data-testid={testid}
        checked={on}
        disabled={disabled}
        onChange={(event) => set(event.currentTarget.checked)}
      />
      {label}
    </label>
  );
}
