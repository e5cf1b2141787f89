// The article table: every case with its scores, differences and false facts; filters and order live in the address.

import { useEffect, useMemo, useState } from "preact/hooks";
import { ArticleFilters } from "./articles-filters";
import { ArticleTable } from "./articles-table";
import { filtered, Ranks, readChoice, scoreOf, sorted, writeChoice, type Choice } from "./article/cases";
import { useOpened } from "./article/opened";
import { forgetBlocks, openBlock, openCases } from "./data";
import * as figures from "./figures";
import type { CaseTable, Report, Score } from "./model";
import { Note } from "./parts/Note";
import { Recorded } from "./parts/Recorded";
import { searchTexts } from "./searching";
import { tableWords } from "./strings/articles";
import { address, replaceAddress, useView } from "./view";
import { useWords } from "./words";

/** The place "articles". */
export function Articles({ report }: { report: Report }) {
  const words = useWords(tableWords);
  const cases = useOpened(openCases, "cases");
  return (
    <section class="articles">
      <header>
        <h1>{words.title}</h1>
        <p class="place-lead">{words.lead}</p>
      </header>
      {cases.state === "waiting" && <p role="status" data-testid="waiting">{words.loading}</p>}
      {cases.state === "broken" && (
        <Note tone="bad" title={words.unreadable}>
          <Recorded text={cases.fault} />
        </Note>
      )}
      {cases.state === "open" && <Table report={report} table={cases.value} />}
    </section>
  );
}

function Table({ report, table }: { report: Report; table: CaseTable }) {
  const words = useWords(tableWords);
  const { options } = useView().route;
  const asked = options.toString();
  const scores = useMemo<Score[]>(
    () => report.scores.filter((score) => score.name in table.values),
    [report, table],
  );
  const choice = useMemo(() => readChoice(options, report, scores), [asked, report, scores]);
  const ranks = useMemo(() => new Ranks(table), [table]);
  const search = useTextSearch(table, choice);
  const score = scoreOf(scores, choice.score);
  const rows = useMemo(
    () => sorted(table, choice, filtered(table, choice, score, search.found), ranks),
    [table, choice, score, search.found, ranks],
  );
  const choose = (changed: Partial<Choice>) => {
    const next = { ...choice, ...changed };
    // The usual order depends on the score: it is asked of an address that says nothing else.
    const plain = new URLSearchParams();
    for (const name of ["score", "baseline", "candidate"] as const) {
      if (next[name] !== null) plain.set(name, String(next[name]));
    }
    const usual = readChoice(plain, report, scores);
    const first = readChoice(new URLSearchParams(), report, scores);
    const { score, baseline, candidate } = first;
    replaceAddress(address("articles", "", writeChoice(next, { ...usual, score, baseline, candidate })));
  };
  const query = address("articles", "", Object.fromEntries(options)).replace(/^#articles&?/, "");
  return (
    <>
      <ArticleFilters
        report={report}
        table={table}
        scores={scores}
        choice={choice}
        choose={choose}
        read={search.read}
      />
      {search.fault !== null && (
        <Note tone="bad" title={words.searchEnded}>
          <Recorded text={search.fault} />
        </Note>
      )}
      <div class="articles-count">
        <p role="status" data-testid="article-count">
          {words.count(figures.count(rows.length), figures.count(table.article.length))}
        </p>
        <p class="soft small articles-keys">{words.keys}</p>
      </div>
      {rows.length === 0 ? (
        <Note>
          <p>{words.none}</p>
          <button type="button" class="button" onClick={() => replaceAddress(address("articles"))}>
            {words.clear}
          </button>
        </Note>
      ) : (
        <ArticleTable
          report={report}
          table={table}
          score={score}
          choice={choice}
          choose={choose}
          rows={rows}
          query={query}
        />
      )}
    </>
  );
}

interface Found {
  found: Uint8Array | null;
  read: number | null;
  /** Why the search ended early, such as a damaged file. */
  fault: string | null;
}

/** Search the texts where that is asked for: what is found so far, and how many articles are read. */
function useTextSearch(table: CaseTable, choice: Choice): Found {
  const [state, setState] = useState<Found>({ found: null, read: null, fault: null });
  const wanted = choice.texts ? choice.q.trim() : "";
  useEffect(() => {
    setState({ found: null, read: wanted ? 0 : null, fault: null });
    if (!wanted) return undefined;
    const leaving = new AbortController();
    let shown = 0;
    const last = table.articles.length;
    searchTexts({
      table,
      words: wanted,
      signal: leaving.signal,
      open: (block) => {
        forgetBlocks([block]);
        return openBlock(block);
      },
      progress: (found, read) => {
        if (read < last && performance.now() - shown < REDRAW_MS) return;
        shown = performance.now();
        setState({ found: found.slice(), read, fault: null });
      },
    }).catch((error: unknown) => {
      if (!leaving.signal.aborted) setState((before) => ({ ...before, read: null, fault: String(error) }));
    });
    return () => leaving.abort();
  }, [table, wanted]);
  return state;
}

/** The table is drawn anew at most this often while a search goes on. */
const REDRAW_MS = 250;
