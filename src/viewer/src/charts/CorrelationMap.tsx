// Which scores say the same: their rank correlations, one language at a time.

import { useCallback, useState } from "preact/hooks";
import type { TopLevelSpec } from "vega-lite";
import { count, value } from "../figures";
import type { Correlations, Report } from "../model";
import { Section } from "../parts/Section";
import { chartWords } from "../strings/charts";
import { languageName } from "../strings/shell";
import { useView } from "../view";
import { useWords } from "../words";
import { Chart } from "./Chart";
import { shortened, visible, width as textWidth } from "./labels";
import { config, tint } from "./look";
import { LanguagePick } from "./Pick";

/** How the metrics go together over segments; nothing where fewer than two were measured. */
export function CorrelationMap({ report }: { report: Report }) {
  const words = useWords(chartWords);
  const languages = report.languages.filter((code) => (report.correlations[code]?.scores.length ?? 0) > 1);
  const [chosen, choose] = useState(languages[0] ?? "");
  const correlations = report.correlations[chosen];
  if (!correlations || languages.length === 0) return null;
  return (
    <Section id="correlation-map" title={words.correlationHeading} lead={words.correlationLead}>
      <div class="toolbar chart-choices">
        <LanguagePick languages={languages} value={chosen} choose={choose} testid="correlation-language" />
      </div>
      <Map correlations={correlations} target={chosen} />
    </Section>
  );
}

function Map({ correlations, target }: { correlations: Correlations; target: string }) {
  const words = useWords(chartWords);
  const { language } = useView();
  const names = shortened(correlations.scores, 24);
  const pairs = names.flatMap((first, row) =>
    names.map((second, column) => ({
      first,
      second,
      row,
      column,
      known: correlations.values[row]?.[column] ?? null,
      counted: correlations.counts[row]?.[column] ?? 0,
    })),
  );

  const spec = useCallback(
    (width: number): TopLevelSpec => {
      const labels = Math.max(...names.map(textWidth)) + 16;
      const step = Math.max(42, Math.min(64, Math.floor((width - labels - 12) / names.length)));
      const data = pairs.map(({ first, second, known, counted }) => ({
        first,
        second,
        text: value(known, 2),
        colour: known === null ? "var(--sunken)" : tint(known < 0 ? "series-2" : "accent", Math.abs(known)),
        tip: [
          `${first} · ${second}`,
          known === null ? words.undefinedValue : value(known, 3),
          words.segments(count(counted)),
        ].join("\n"),
      }));
      const axis = { domain: false, ticks: false, title: null };
      return {
        config: config(),
        data: { values: data },
        width: { step },
        height: { step: 34 },
        encoding: {
          x: {
            field: "second",
            type: "nominal",
            scale: { domain: names, padding: 0.03 },
            axis: { ...axis, orient: "top", labelAngle: -40 },
          },
          y: { field: "first", type: "nominal", scale: { domain: names, padding: 0.04 }, axis },
          tooltip: { field: "tip", type: "nominal" },
        },
        layer: [
          {
            mark: { type: "rect", cornerRadius: 3 },
            encoding: { color: { field: "colour", type: "nominal", scale: null } },
          },
          { mark: { type: "text" }, encoding: { text: { field: "text" } } },
        ],
      };
    },
    [correlations, language],
  );

  const table = {
    head: [words.first, words.second, words.correlation, words.over],
    rows: pairs
      .filter((pair) => pair.row < pair.column)
      .map((pair) => [pair.first, pair.second, value(pair.known, 3), count(pair.counted)]),
  };
  const negative = pairs.some((pair) => (pair.known ?? 0) < 0);
  return (
    <Chart
      name="correlation-map"
      title={visible(words.correlationTitle(languageName(target, language)))}
      label={words.correlationLabel}
      spec={spec}
      table={table}
    >
      {words.positive} {negative ? words.negative : null}
    </Chart>
  );
}
