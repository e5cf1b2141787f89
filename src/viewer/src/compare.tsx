// Two systems side by side: whether the candidate is better than the baseline, by how much, and where.

import { useMemo } from "preact/hooks";
import { Pick } from "./charts/Pick";
import { visible } from "./charts/labels";
import { DifferenceTable, type Row } from "./compare/DifferenceTable";
import { FactLists } from "./compare/FactLists";
import { MoverLists } from "./compare/MoverLists";
import { chosenPair, testsOf } from "./compare/pairs";
import { Tested } from "./compare/Tested";
import { Verdict } from "./compare/Verdict";
import type { Pair, Report } from "./model";
import { Note } from "./parts/Note";
import { Recorded } from "./parts/Recorded";
import { compareWords } from "./strings/compare";
import { parts } from "./strings/shell";
import { address, replaceAddress, useView } from "./view";
import { useWords } from "./words";

/** The place `#compare=BASELINE,CANDIDATE`. */
export function Compare({ report }: { report: Report }) {
  const words = useWords(compareWords);
  const bounds = useWords(parts);
  const { route } = useView();
  const chosen = chosenPair(report, route.argument);
  if (!chosen) return <Note>{words.alone}</Note>;
  const [baseline, candidate] = chosen;
  const score = route.options.get("score") ?? report.primary;
  const all = route.options.get("all") ?? "";
  const go = (first: number, second: number, options: Record<string, string> = {}) =>
    replaceAddress(
      address("compare", `${first},${second}`, { score: route.options.get("score") ?? "", all, ...options }),
    );
  // Choosing the other side's system means to change places.
  const chooseBaseline = (index: number) => go(index, index === candidate ? baseline : candidate);
  const chooseCandidate = (index: number) => go(index === baseline ? candidate : baseline, index);
  const systems = report.systems.map((system, index) => ({
    value: String(index),
    text: visible(system.label) + (system.bound ? ` [${bounds[system.bound]}]` : ""),
  }));
  const pair = testsOf(report, baseline, candidate);
  return (
    <div class="compare">
      <header>
        <h1 tabIndex={-1}>{words.title}</h1>
        <p class="place-lead">{words.lead}</p>
      </header>
      <div class="toolbar compare-choices">
        <Pick
          label={words.baseline}
          value={String(baseline)}
          options={systems}
          choose={(index) => chooseBaseline(Number(index))}
          testid="compare-baseline"
        />
        <button type="button" class="button" data-testid="compare-swap" onClick={() => go(candidate, baseline)}>
          <span aria-hidden="true">⇄</span> {words.swap}
        </button>
        <Pick
          label={words.candidate}
          value={String(candidate)}
          options={systems}
          choose={(index) => chooseCandidate(Number(index))}
          testid="compare-candidate"
        />
      </div>
      {pair ? (
        <Tests
          report={report}
          pair={pair}
          all={all === "yes"}
          showAll={(on) => go(baseline, candidate, { all: on ? "yes" : "" })}
        />
      ) : (
        <Untested report={report} baseline={baseline} candidate={candidate} />
      )}
      <MoverLists
        {...{ report, baseline, candidate, score }}
        choose={(name) => go(baseline, candidate, { score: name })}
      />
      {pair && !pair.reason && <FactLists pair={pair} />}
      {pair && report.method && <Tested method={report.method} />}
    </div>
  );
}

interface TestsProperties {
  report: Report;
  pair: Pair;
  all: boolean;
  showAll(on: boolean): void;
}

function Tests({ report, pair, all, showAll }: TestsProperties) {
  const words = useWords(compareWords);
  const rows = useMemo(() => {
    const scores = new Map(report.scores.map((score) => [score.name, score]));
    return pair.differences.flatMap((difference): Row[] => {
      const score = scores.get(difference.score);
      return score ? [{ score, difference }] : [];
    });
  }, [report, pair]);
  const main = rows.filter((row) => row.score.headline);
  const shown = all ? rows : main;
  return (
    <>
      {pair.reason && (
        <Note tone="doubt" title={words.notComparable}>
          <Recorded text={pair.reason} />
        </Note>
      )}
      {pair.leftOut.length > 0 && (
        <Note title={words.leftOut}>
          <ul>
            {pair.leftOut.map((text) => (
              <li key={text}>
                <Recorded text={text} />
              </li>
            ))}
          </ul>
        </Note>
      )}
      {rows.length > 0 && (
        <>
          <Verdict report={report} baseline={pair.baseline} candidate={pair.candidate} rows={main} />
          <div class="compare-tables">
            {main.length < rows.length && (
              <div class="toolbar">
                <label class="check">
                  <input
                    type="checkbox"
                    checked={all}
                    data-testid="compare-all"
                    onChange={(event) => showAll(event.currentTarget.checked)}
                  />
                  {words.allScores}
                </label>
              </div>
            )}
            <p class="soft small">{words.axisNote}</p>
            {report.languages
              .map((target) => ({ target, rows: shown.filter((row) => row.difference.language === target) }))
              .filter((table) => table.rows.length > 0)
              .map((table) => (
                <DifferenceTable key={table.target} {...table} method={report.method} />
              ))}
          </div>
        </>
      )}
    </>
  );
}

function Untested({ report, baseline, candidate }: { report: Report; baseline: number; candidate: number }) {
  const words = useWords(compareWords);
  const folders = [baseline, candidate].map((index) => quoted(report.systems[index]?.folder ?? ""));
  return (
    <Note tone="doubt" title={words.untestedTitle} testid="compare-untested">
      {words.untestedHelp} <code>{visible(`tercet report ${folders.join(" ")} -o report.html`)}</code>
    </Note>
  );
}

/** A folder as a shell takes it. */
const quoted = (folder: string) => (/^[\w./+-]+$/.test(folder) ? folder : `'${folder.replaceAll("'", "'\\''")}'`);
