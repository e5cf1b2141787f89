// A language's table: systems by scores, with intervals drawn, and what the runs cost.

import { Fragment } from "preact";
import { useMemo, useState } from "preact/hooks";
import { count, dollars, interval, NONE, value } from "./figures";
import { ordered, pressed, reach, tokensPerCase, type Column, type Sorting } from "./leaderboard_columns";
import type { Cell, Report, Score, System } from "./model";
import { IntervalBar } from "./parts/IntervalBar";
import { ScrollRegion } from "./parts/ScrollRegion";
import { SortHeader } from "./parts/SortHeader";
import { SystemName } from "./parts/SystemName";
import { leaderboard } from "./strings/leaderboard";
import { languageName } from "./strings/shell";
import { useView } from "./view";
import { useWords } from "./words";

interface Properties {
  report: Report;
  code: string;
  scores: Score[];
}

export function LeaderboardTable({ report, code, scores }: Properties) {
  const words = useWords(leaderboard);
  const { language } = useView();
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const rows = useMemo(() => ordered(report, code, sorting), [report, code, sorting]);
  const ranges = useMemo(() => new Map(scores.map((score) => [score.name, reach(report, code, score.name)])), [scores]);
  const name = languageName(code, language);
  const ranked = (report.cells[code]?.[report.primary] ?? []).some((cell) => cell?.rank);
  const run = runColumns(report);
  const header = (column: Column, score?: Score) =>
    ({
      sorted: sorting?.column === column ? (sorting.descending ? "descending" : "ascending") : null,
      sort: () => setSorting(pressed(sorting, column, score)),
      testid: `sort-${code}-${column.replace(":", "-")}`,
    }) as const;
  return (
    <ScrollRegion label={words.region(name)}>
      <table class="figures pinned board">
        <caption>{words.caption(name)}</caption>
        <thead>
          <tr class="groups">
            <td colSpan={ranked ? 2 : 1} />
            <th scope="colgroup" colSpan={scores.length}>
              {words.groupScores(name)}
            </th>
            <th scope="colgroup" colSpan={run.length} class="edge">
              {words.groupRun}
            </th>
          </tr>
          <tr>
            <SortHeader {...header("system")} kind="text">
              {words.system}
            </SortHeader>
            {ranked && <SortHeader {...header("place")}>{words.place}</SortHeader>}
            {scores.map((score) => (
              <SortHeader key={score.name} {...header(`score:${score.name}`, score)} mark={<Direction score={score} />}>
                <Breakable name={score.name} />
              </SortHeader>
            ))}
            {run.map((column, index) => (
              <SortHeader key={column} {...header(column)} kind={index === 0 ? "edge" : undefined}>
                {words[column]}
              </SortHeader>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((index) => {
            const system = report.systems[index];
            if (!system) return null;
            return (
              <tr key={system.folder} class={system.bound === "upper" ? "upper" : undefined}>
                <th scope="row">
                  <SystemName system={system} />
                </th>
                {ranked && <Place rank={report.cells[code]?.[report.primary]?.[index]?.rank ?? null} />}
                {scores.map((score) => (
                  <ScoreCell
                    key={score.name}
                    cell={report.cells[code]?.[score.name]?.[index] ?? null}
                    score={score}
                    compared={report.systems.length > 1}
                    range={ranges.get(score.name) ?? [0, 1]}
                  />
                ))}
                {run.map((column, place) => (
                  <RunCell
                    key={column}
                    report={report}
                    index={index}
                    system={system}
                    column={column}
                    edge={place === 0}
                  />
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

/** A score's name, which may be broken after its underscores. */
function Breakable({ name }: { name: string }) {
  return (
    <>
      {name.split(/(?<=_)/).map((piece, index) => (
        <Fragment key={index}>
          {index > 0 && <wbr />}
          {piece}
        </Fragment>
      ))}
    </>
  );
}

/** Which way is better: an arrow, and words for those who do not see it. */
function Direction({ score }: { score: Score }) {
  const words = useWords(leaderboard);
  const said = score.higherIsBetter === null ? words.neither : score.higherIsBetter ? words.higher : words.lower;
  return (
    <>
      <span aria-hidden="true">{score.higherIsBetter === null ? "" : score.higherIsBetter ? "↑" : "↓"}</span>
      <span class="visually-hidden">({said})</span>
    </>
  );
}

function Place({ rank }: { rank: [number, number] | null }) {
  const words = useWords(leaderboard);
  if (!rank) return <Missing reason={words.placeReason} />;
  return <td>{rank[0] === rank[1] ? rank[0] : `${rank[0]}–${rank[1]}`}</td>;
}

interface ScoreCellProperties {
  cell: Cell | null;
  score: Score;
  range: [number, number];
  /** One system alone is not the best of any. */
  compared: boolean;
}

function ScoreCell({ cell, score, range, compared }: ScoreCellProperties) {
  const words = useWords(leaderboard);
  if (cell === null) return <Missing reason={words.noScore} />;
  const partial = cell.scored < cell.total && (
    <span class="partial" title={words.scoredOf(cell.scored, cell.total)}>
      <span aria-hidden="true">
        {cell.scored}/{cell.total}
      </span>
      <span class="visually-hidden">{words.scoredOf(cell.scored, cell.total)}</span>
    </span>
  );
  if (cell.value === null) {
    return (
      <td>
        {NONE}
        {partial}
      </td>
    );
  }
  const best = cell.best && compared;
  return (
    <td class={best ? "best" : undefined}>
      <span class="value">
        {best && (
          <>
            <span aria-hidden="true">★ </span>
            <span class="visually-hidden">{words.best}: </span>
          </>
        )}
        {value(cell.value, score.decimals)}
      </span>
      <IntervalBar value={cell.value} interval={cell.interval} range={range} best={best} />
      {cell.interval && (
        <span class="ends">
          <span class="visually-hidden">{words.interval} </span>
          {interval(cell.interval, score.decimals)}
        </span>
      )}
      {partial}
    </td>
  );
}

const RUN_COLUMNS = ["failures", "cost", "latency", "tokens"] as const;
type RunColumn = (typeof RUN_COLUMNS)[number];

/** Failures always; what a model costs only where one was asked. */
function runColumns(report: Report): readonly RunColumn[] {
  const asked = report.systems.some((system) => system.usage !== null || system.times.p50 !== null);
  return asked ? RUN_COLUMNS : ["failures"];
}

interface RunCellProperties {
  report: Report;
  index: number;
  system: System;
  column: RunColumn;
  edge: boolean;
}

function RunCell({ report, index, system, column, edge }: RunCellProperties) {
  const words = useWords(leaderboard);
  const kind = edge ? "edge" : undefined;
  switch (column) {
    case "failures":
      return (
        <td class={kind}>
          {count(system.failures)}
          {system.failures > 0 && <span class="soft">/{count(system.cases)}</span>}
        </td>
      );
    case "cost":
      if (!system.usage) return <Missing reason={words.noUsage} />;
      return system.usage.cost === null ? <Missing reason={words.noCost} /> : <td>{dollars(system.usage.cost)}</td>;
    case "latency":
      return system.times.p50 === null ? (
        <Missing reason={words.noUsage} />
      ) : (
        <td>{words.seconds(system.times.p50.toFixed(2))}</td>
      );
    case "tokens": {
      const tokens = tokensPerCase(report, index);
      return tokens === null ? (
        <Missing reason={system.usage ? words.uncounted : words.noUsage} />
      ) : (
        <td>{count(Math.round(tokens))}</td>
      );
    }
  }
}

/** A dash, with its reason. */
function Missing({ reason }: { reason: string }) {
  return (
    <td title={reason}>
      <span aria-hidden="true">{NONE}</span>
      <span class="visually-hidden">{reason}</span>
    </td>
  );
}
