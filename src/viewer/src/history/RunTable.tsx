// Every run in a row, sorted by any column.

import { useState } from "preact/hooks";
import { scoreName } from "../charts/Pick";
import { count, interval, value } from "../figures";
import type { HistoryRun, Score } from "../model";
import { Badge } from "../parts/Badge";
import { ScrollRegion } from "../parts/ScrollRegion";
import { SortHeader } from "../parts/SortHeader";
import { historyWords } from "../strings/history";
import { languageName, parts } from "../strings/shell";
import { useView } from "../view";
import { useWords } from "../words";
import { moment, sorted, type Key, type Order } from "./runs";

interface Properties {
  runs: HistoryRun[];
  all: number;
  scores: Score[];
  target: string;
  corpusName(run: HistoryRun): string;
}

/** The runs that the filters leave. */
export function RunTable({ runs, all, scores, target, corpusName }: Properties) {
  const words = useWords(historyWords);
  const { language } = useView();
  const [order, setOrder] = useState<Order>({ key: "started", descending: true });
  const caption = words.tableCaption(count(runs.length), count(all), languageName(target, language));
  const head = (key: Key) => ({
    sorted: order.key === key ? (order.descending ? ("descending" as const) : ("ascending" as const)) : null,
    sort: () =>
      setOrder({ key, descending: order.key === key ? !order.descending : key !== "system" && key !== "corpusName" }),
  });
  const shown = scores.filter((score) => score.headline);
  return (
    <ScrollRegion label={caption} tall>
      <table class="figures pinned history-table" data-testid="history-table">
        <caption>{caption}</caption>
        <thead>
          <tr>
            <SortHeader kind="text" {...head("system")}>
              {words.system}
            </SortHeader>
            <SortHeader kind="text" {...head("started")}>
              {words.started}
            </SortHeader>
            <SortHeader kind="text" {...head("corpusName")}>
              {words.corpus}
            </SortHeader>
            <SortHeader kind="text" {...head("commit")}>
              {words.commit}
            </SortHeader>
            <SortHeader {...head("cases")}>{words.cases}</SortHeader>
            <SortHeader {...head("failures")}>{words.failures}</SortHeader>
            {shown.map((score) => (
              <SortHeader key={score.name} {...head(`score:${score.name}`)}>
                <bdi>{scoreName(score)}</bdi>
              </SortHeader>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted(runs, order, target).map((run) => (
            <Row key={run.folder} run={run} scores={shown} target={target} corpus={corpusName(run)} />
          ))}
        </tbody>
      </table>
      {runs.length === 0 && <p class="history-none">{words.noMatch}</p>}
    </ScrollRegion>
  );
}

function Row({ run, scores, target, corpus }: { run: HistoryRun; scores: Score[]; target: string; corpus: string }) {
  const words = useWords(historyWords);
  const bounds = useWords(parts);
  return (
    <tr>
      <th scope="row">
        <span class="history-system">
          {run.report !== null && beside(run.report) ? (
            <a href={run.report}>
              <bdi>{run.system}</bdi>
            </a>
          ) : (
            <bdi>{run.system}</bdi>
          )}{" "}
          {run.bound && <Badge>{bounds[run.bound]}</Badge>}{" "}
          {run.status === "incomplete" && <Badge tone="doubt">{words.incomplete}</Badge>}
        </span>
        <span class="history-folder soft small">
          <bdi>{run.folder}</bdi>
        </span>
      </th>
      <td class="text number">{moment(run.started)}</td>
      <td class="text">
        <bdi>{corpus}</bdi>
      </td>
      <td class="text number">
        {run.commit === null ? "–" : <code>{run.commit.slice(0, 8)}</code>}{" "}
        {run.dirty && (
          <Badge tone="doubt">
            <span title={words.dirtyTip}>{words.dirty}</span>
          </Badge>
        )}
      </td>
      <td>{count(run.cases)}</td>
      <td class={run.failures > 0 ? "bad-ink" : undefined}>{count(run.failures)}</td>
      {scores.map((score) => {
        const cell = run.values[score.name]?.[target];
        return (
          <td key={score.name} class="number">
            {value(cell?.value, score.decimals)}
            {cell?.interval && <span class="history-interval soft">{interval(cell.interval, score.decimals)}</span>}
            {cell && cell.scored < cell.total && (
              <span class="history-interval soft">{words.partOf(count(cell.scored), count(cell.total))}</span>
            )}
          </td>
        );
      })}
    </tr>
  );
}

/** Whether an address leads to a file beside this one: it names no scheme and no host. */
const beside = (address: string) => !/^(?:[a-z][a-z0-9+.-]*:|[/\\])/i.test(address);
