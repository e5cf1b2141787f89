// A sweep as a grid: summarizers downwards, translators across, and the chosen score in the cells.

import { useCallback, useMemo, useState } from "preact/hooks";
import type { TopLevelSpec } from "vega-lite";
import { interval, value } from "../figures";
import type { Report, Score } from "../model";
import { Section } from "../parts/Section";
import { chartWords } from "../strings/charts";
import { languageName } from "../strings/shell";
import { useView } from "../view";
import { useWords } from "../words";
import { Chart } from "./Chart";
import { layOut, type Grid } from "./grid";
import { shortened, visible, width as textWidth } from "./labels";
import { config, tint } from "./look";
import { LanguagePick, scoreName, ScorePick } from "./Pick";

/** Sweeps as a summarizer x translator x prompt heat map; nothing where there is no sweep. */
export function HeatMap({ report }: { report: Report }) {
  const words = useWords(chartWords);
  const grid = useMemo(() => layOut(report.systems, words.none), [report, words]);
  const [name, setName] = useState(report.primary);
  const [language, setLanguage] = useState(report.languages[0] ?? "");
  const score = report.scores.find((each) => each.name === name);
  if (!grid || !score) return null;
  return (
    <Section id="heat-map" title={words.heatHeading} lead={words.heatLead}>
      <div class="toolbar chart-choices">
        <ScorePick scores={report.scores} value={name} choose={setName} testid="heat-score" />
        <LanguagePick languages={report.languages} value={language} choose={setLanguage} testid="heat-language" />
      </div>
      <Map report={report} grid={grid} score={score} target={language} />
    </Section>
  );
}

interface MapProperties {
  report: Report;
  grid: Grid;
  score: Score;
  target: string;
}

function Map({ report, grid, score, target }: MapProperties) {
  const words = useWords(chartWords);
  const { language } = useView();
  const cells = report.cells[target]?.[score.name] ?? [];
  const bounds = new Set(report.systems.map((system) => system.bound));
  const title = visible(words.heatTitle(scoreName(score), languageName(target, language)));
  const partNames = {
    rows: grid.rowParts.map((part) => words[part]).join(" · "),
    columns: grid.columnParts.map((part) => words[part]).join(" · "),
  };

  const spec = useCallback(
    (width: number): TopLevelSpec => {
      const rows = shortened(grid.rows, width < 500 ? 20 : 40);
      const columns = shortened(grid.columns, 24);
      const known = cells.flatMap((cell) => (cell?.value == null ? [] : [cell.value]));
      const [low, high] = [Math.min(...known), Math.max(...known)];
      const share = (number: number) => {
        const part = high > low ? (number - low) / (high - low) : 0.5;
        return score.higherIsBetter === false ? 1 - part : part;
      };
      const data = report.systems.map((system, index) => {
        const cell = cells[index];
        const [row, column] = grid.places[index] ?? [0, 0];
        const known = cell?.value ?? null;
        const mark = system.bound === "upper" ? " †" : system.bound === "floor" ? " ‡" : "";
        return {
          row: rows[row],
          column: columns[column],
          text: value(known, score.decimals) + mark,
          colour: known === null ? "var(--sunken)" : tint("accent", share(known)),
          tip: visible(
            [
              system.label + (system.bound ? ` (${words[system.bound]})` : ""),
              `${score.name} ${value(known, score.decimals)} ${interval(cell?.interval, score.decimals)}`,
              ...(cell && cell.scored < cell.total ? [words.ofTotal(String(cell.scored), String(cell.total))] : []),
              ...Object.entries(cell?.reasons ?? {}).map(([reason, count]) => `${reason} (${count})`),
            ].join("\n"),
          ),
        };
      });
      const labels = Math.max(...rows.map(textWidth), 0) + 48;
      const step = Math.max(48, Math.min(150, Math.floor((width - labels) / columns.length)));
      return {
        config: config(),
        data: { values: data },
        width: { step },
        height: { step: 44 },
        encoding: {
          x: {
            field: "column",
            type: "nominal",
            scale: { domain: columns, paddingInner: 0.02, paddingOuter: 0 },
            axis: {
              orient: "top",
              title: partNames.columns || null,
              labelAngle: widest(columns) > step ? -35 : 0,
              domain: false,
              ticks: false,
              labels: grid.columnParts.length > 0,
            },
          },
          y: {
            field: "row",
            type: "nominal",
            scale: { domain: rows, paddingInner: 0.04, paddingOuter: 0 },
            axis: { title: partNames.rows, domain: false, ticks: false },
          },
          tooltip: { field: "tip", type: "nominal" },
        },
        layer: [
          {
            mark: { type: "rect", cornerRadius: 3 },
            encoding: { color: { field: "colour", type: "nominal", scale: null } },
          },
          { mark: { type: "text", fontSize: 13 }, encoding: { text: { field: "text" } } },
        ],
      };
    },
    [report, grid, score, target, language],
  );

  const table = {
    head: [words.system, score.name, words.interval, words.scored],
    rows: report.systems.map((system, index) => {
      const cell = cells[index];
      return [
        visible(system.label) + (system.bound ? ` (${words[system.bound]})` : ""),
        value(cell?.value, score.decimals),
        interval(cell?.interval, score.decimals),
        cell ? words.ofTotal(String(cell.scored), String(cell.total)) : "–",
      ];
    }),
  };
  const better = score.higherIsBetter === null ? words.strongerHigh : words.stronger;
  return (
    <Chart
      name="heat-map"
      title={title}
      label={words.heatLabel(partNames.rows, partNames.columns || "–", score.name)}
      spec={spec}
      table={table}
    >
      {better} {bounds.has("upper") || bounds.has("floor") ? words.bounds : null}
    </Chart>
  );
}

const widest = (names: string[]) => Math.max(...names.map(textWidth)) + 8;
