// A score of every run by when it started, for one corpus and one target language.

import { useCallback } from "preact/hooks";
import type { TopLevelSpec } from "vega-lite";
import { Chart } from "../charts/Chart";
import { shortened, visible } from "../charts/labels";
import { config, seriesColour, seriesShape } from "../charts/look";
import { scoreName } from "../charts/Pick";
import { interval, value } from "../figures";
import type { HistoryRun, Score } from "../model";
import { chartWords } from "../strings/charts";
import { historyWords } from "../strings/history";
import { languageName } from "../strings/shell";
import { useView } from "../view";
import { useWords } from "../words";
import { moment } from "./runs";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** A time as Vega-Lite takes it in a scale's domain: plain numbers would be years. */
function utc(time: number) {
  const date = new Date(time);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    date: date.getUTCDate(),
    hours: date.getUTCHours(),
    minutes: date.getUTCMinutes(),
    utc: true,
  };
}

interface Properties {
  /** Of one corpus. */
  runs: HistoryRun[];
  /** All systems of the page: a system keeps its colour whatever is filtered. */
  systems: string[];
  score: Score;
  target: string;
  corpus: string;
}

/** Lines over time; nothing where no run has the score. */
export function OverTime({ runs, systems, score, target, corpus }: Properties) {
  const words = useWords(historyWords);
  const chart = useWords(chartWords);
  const { language } = useView();
  const points = runs
    .flatMap((run) => {
      const cell = run.values[score.name]?.[target];
      return cell && cell.value !== null && run.started !== null
        ? [{ run, cell, at: Date.parse(run.started), y: cell.value }]
        : [];
    })
    .sort((a, b) => a.at - b.at);

  const spec = useCallback(
    (width: number): TopLevelSpec => {
      const names = shortened(systems, width < 500 ? 30 : 60);
      const present = systems.flatMap((system, index) =>
        points.some(({ run }) => run.system === system) ? [index] : [],
      );
      const times = points.map((point) => point.at);
      const [first, last] = [Math.min(...times), Math.max(...times)];
      const air = Math.max((last - first) * 0.05, 2 * MINUTE);
      const data = points.map(({ run, cell, at, y }) => ({
        at,
        y,
        low: cell.interval?.[0] ?? y,
        high: cell.interval?.[1] ?? y,
        system: names[systems.indexOf(run.system)],
        tip: visible(
          [
            run.system + (run.bound ? ` (${chart[run.bound]})` : ""),
            `${score.name} ${value(y, score.decimals)} ${interval(cell.interval, score.decimals)}`,
            ...(cell.scored < cell.total ? [words.partOf(String(cell.scored), String(cell.total))] : []),
            `${moment(run.started)} UTC`,
            run.folder,
          ].join("\n"),
        ),
      }));
      const x = {
        field: "at",
        type: "temporal" as const,
        scale: { type: "utc" as const, domain: [utc(first - air), utc(last + air)], nice: false },
        axis: {
          title: words.started,
          format: last - first > 3 * DAY ? "%Y-%m-%d" : "%m-%d %H:%M",
          tickCount: Math.max(2, Math.floor(width / 150)),
          grid: false,
        },
      };
      const y = { field: "y", type: "quantitative" as const, scale: { zero: false }, title: visible(scoreName(score)) };
      const domain = present.map((index) => names[index] ?? "");
      const colour = {
        field: "system",
        type: "nominal" as const,
        scale: { domain, range: present.map(seriesColour) },
        legend: {
          title: null,
          orient: "bottom" as const,
          columns: Math.max(1, Math.floor(width / 280)),
          symbolOpacity: 1,
        },
      };
      return {
        config: config(),
        width,
        height: 260,
        autosize: { type: "fit-x", contains: "padding" },
        data: { values: data },
        layer: [
          {
            mark: { type: "rule", opacity: 0.55, strokeWidth: 1.5 },
            encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, color: colour },
          },
          { mark: { type: "line", strokeWidth: 1.5 }, encoding: { x, y, color: colour } },
          {
            mark: { type: "point", size: 70, filled: true, opacity: 1 },
            encoding: {
              x,
              y,
              color: colour,
              shape: {
                field: "system",
                type: "nominal",
                scale: { domain, range: present.map(seriesShape) },
                legend: colour.legend,
              },
              tooltip: { field: "tip", type: "nominal" },
            },
          },
        ],
      };
    },
    [runs, systems, score, target, language],
  );

  if (points.length === 0) return null;
  const title = visible(words.chartName(score.name, languageName(target, language), corpus));
  const table = {
    head: [words.run, words.system, words.started, words.value, chart.interval],
    rows: points.map(({ run, cell }) => [
      visible(run.folder),
      visible(run.system),
      moment(run.started),
      value(cell.value, score.decimals),
      interval(cell.interval, score.decimals),
    ]),
  };
  return (
    <div data-testid="history-chart">
      <Chart name={`history-${target}`} title={title} label={words.chartLabel(score.name)} spec={spec} table={table} />
    </div>
  );
}
