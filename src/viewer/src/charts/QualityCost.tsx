// Whether quality is worth its price: a point for each system, and the front that none beats in both.

import { useCallback, useState } from "preact/hooks";
import type { TopLevelSpec } from "vega-lite";
import { count, dollars, interval, NONE, value } from "../figures";
import type { Report, Score } from "../model";
import { Section } from "../parts/Section";
import { chartWords } from "../strings/charts";
import { languageName, list } from "../strings/shell";
import { useView } from "../view";
import { useWords } from "../words";
import { Chart } from "./Chart";
import { visible, width as textWidth } from "./labels";
import { config } from "./look";
import { LanguagePick, Pick, scoreName, ScorePick } from "./Pick";
import { expense, expenses, front, placings, type Expense, type Spot } from "./spending";

const HEIGHT = 340;

/** Quality against cost, or against latency or tokens where no cost is known. */
export function QualityCost({ report }: { report: Report }) {
  const words = useWords(chartWords);
  const kinds = expenses(report.systems);
  const [kind, setKind] = useState<Expense | undefined>(kinds[0]);
  const [name, setName] = useState(report.primary);
  const [language, setLanguage] = useState(report.languages[0] ?? "");
  const score = report.scores.find((each) => each.name === name);
  if (!kind || !score) return null;
  return (
    <Section id="quality-cost" title={words.costHeading} lead={words.costLead}>
      <div class="toolbar chart-choices">
        <ScorePick
          scores={report.scores.filter((each) => each.higherIsBetter !== null)}
          value={name}
          choose={setName}
          testid="cost-score"
        />
        <LanguagePick languages={report.languages} value={language} choose={setLanguage} testid="cost-language" />
        {kinds.length > 1 && (
          <Pick
            label={words.against}
            value={kind}
            options={kinds.map((each) => ({ value: each, text: words[`axis_${each}`] }))}
            choose={(chosen) => setKind(kinds.find((each) => each === chosen))}
            testid="cost-kind"
          />
        )}
      </div>
      <Plot report={report} score={score} target={language} kind={kind} />
    </Section>
  );
}

interface PlotProperties {
  report: Report;
  score: Score;
  target: string;
  kind: Expense;
}

function Plot({ report, score, target, kind }: PlotProperties) {
  const words = useWords(chartWords);
  const { language } = useView();
  const cells = report.cells[target]?.[score.name] ?? [];
  const show = (spent: number) =>
    kind === "cost"
      ? dollars(spent)
      : kind === "latency"
        ? `${spent.toFixed(2)} ${words.unit_latency}`
        : count(Math.round(spent));
  const all = report.systems.map((system, index) => ({
    system,
    cell: cells[index] ?? null,
    spent: expense(system, kind),
  }));
  const points = all.flatMap(({ system, cell, spent }) =>
    cell && cell.value !== null && spent !== null ? [{ system, cell, x: spent, y: cell.value }] : [],
  );
  const contestants = points.filter((point) => !point.system.bound);
  const best = front(contestants, score.higherIsBetter !== false);
  const onFront = new Set(contestants.filter((_, index) => best[index]).map((point) => point.system));
  const missing = all.filter(({ cell, spent }) => cell?.value == null || spent === null);
  const axis = words.axisTitle(words[`axis_${kind}`], words[`unit_${kind}`]);

  const spec = useCallback(
    (width: number): TopLevelSpec => {
      const room = width - 70;
      const right = Math.max(...points.map((point) => point.x)) * 1.08;
      const ends = points.flatMap((point) => point.cell.interval ?? [point.y]);
      const [low, high] = padded(Math.min(...ends), Math.max(...ends));
      const names = points.map((point) => shorten(visible(point.system.label), width < 500 ? 18 : 40));
      const drawn = (spot: Spot) => ({ x: (spot.x / right) * room, y: ((high - spot.y) / (high - low)) * HEIGHT });
      const line = points
        .filter((point) => onFront.has(point.system))
        .map(({ x, y }) => ({ x, y }))
        .sort((a, b) => a.x - b.x);
      const places = placings(
        points.map((point, index) => ({ ...drawn(point), width: textWidth(names[index] ?? "") })),
        line.map(drawn),
        room,
      );
      const data = points.map((point, index) => ({
        x: point.x,
        y: point.y,
        low: point.cell.interval?.[0] ?? point.y,
        high: point.cell.interval?.[1] ?? point.y,
        label: names[index],
        shape: point.system.bound === "upper" ? "diamond" : point.system.bound === "floor" ? "square" : "circle",
        colour: onFront.has(point.system) ? "var(--accent)" : "var(--ink-soft)",
        fill: onFront.has(point.system) ? "var(--accent)" : "var(--surface)",
        tip: visible(
          [
            point.system.label + (point.system.bound ? ` (${words[point.system.bound]})` : ""),
            `${score.name} ${value(point.y, score.decimals)} ${interval(point.cell.interval, score.decimals)}`,
            `${words[`axis_${kind}`]}: ${show(point.x)}`,
          ].join("\n"),
        ),
      }));
      const x = {
        field: "x",
        type: "quantitative" as const,
        scale: { domain: [0, right], nice: false },
        axis: { title: axis, grid: false, tickCount: Math.max(3, Math.floor(width / 110)) },
      };
      const y = {
        field: "y",
        type: "quantitative" as const,
        scale: { domain: [low, high], nice: false, zero: false },
        title: visible(scoreName(score)),
      };
      // One layer for each way of placing: Vega-Lite knows offsets of texts for whole layers only.
      const labels = [...new Set(places)].flatMap((placing) =>
        placing === null
          ? []
          : [
              {
                data: { values: data.filter((_, index) => places[index] === placing) },
                mark: { type: "text" as const, baseline: "middle" as const, ...placing },
                encoding: { x, y, text: { field: "label" } },
              },
            ],
      );
      return {
        config: config(),
        width,
        height: HEIGHT,
        autosize: { type: "fit-x", contains: "padding" },
        layer: [
          {
            data: { values: line },
            mark: { type: "line", color: "var(--accent)", strokeDash: [5, 4], strokeWidth: 1.5 },
            encoding: { x, y, order: { field: "x", type: "quantitative" } },
          },
          {
            data: { values: data },
            mark: { type: "rule", strokeWidth: 1.5, opacity: 0.6 },
            encoding: {
              x,
              y: { ...y, field: "low" },
              y2: { field: "high" },
              color: { field: "colour", type: "nominal", scale: null },
            },
          },
          {
            data: { values: data },
            mark: { type: "point", size: 90, strokeWidth: 2, opacity: 1 },
            encoding: {
              x,
              y,
              shape: { field: "shape", type: "nominal", scale: null },
              stroke: { field: "colour", type: "nominal", scale: null },
              fill: { field: "fill", type: "nominal", scale: null },
              tooltip: { field: "tip", type: "nominal" },
            },
          },
          ...labels,
        ],
      } as TopLevelSpec;
    },
    [report, score, target, kind, language],
  );

  const table = {
    head: [words.system, score.name, words.interval, words[`axis_${kind}`], words.front],
    rows: all.map(({ system, cell, spent }) => [
      visible(system.label) + (system.bound ? ` (${words[system.bound]})` : ""),
      value(cell?.value, score.decimals),
      interval(cell?.interval, score.decimals),
      spent === null ? NONE : show(spent),
      onFront.has(system) ? words.yes : words.no,
    ]),
  };
  const bounds = points.some((point) => point.system.bound);
  const title = visible(words.costTitle(score.name, languageName(target, language), words[`axis_${kind}`]));
  if (points.length === 0)
    return (
      <p class="soft">
        {words.costMissing(
          visible(
            list(
              all.map(({ system }) => system.label),
              language,
            ),
          ),
        )}
      </p>
    );
  return (
    <Chart
      name="quality-cost"
      title={title}
      label={words.costLabel(words[`axis_${kind}`], score.name)}
      spec={spec}
      table={table}
    >
      {words.costMarks} {bounds ? words.costBounds : null}{" "}
      {missing.length > 0
        ? words.costMissing(
            visible(
              list(
                missing.map(({ system }) => system.label),
                language,
              ),
            ),
          )
        : null}
    </Chart>
  );
}

/** A scale's ends with some air, and not without length. */
function padded(low: number, high: number): [number, number] {
  const air = (high - low) * 0.08 || Math.abs(high) * 0.1 || 1;
  return [low - air, high + air];
}

const shorten = (text: string, limit: number) => (text.length > limit ? `${text.slice(0, limit - 1)}…` : text);
