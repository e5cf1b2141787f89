// How long each system took, how many calls it made, and what they cost.

import { count, dollars, NONE } from "./figures";
import type { Report, System } from "./model";
import { ScrollRegion } from "./parts/ScrollRegion";
import { Section } from "./parts/Section";
import { SystemName } from "./parts/SystemName";
import { method } from "./strings/method";
import { useWords, type Words } from "./words";

type W = typeof method extends Words<infer T> ? T : never;

/** A column: its name, and what a system has in it. */
type Column = [name: string, of: (system: System) => string];

export function Times({ report }: { report: Report }) {
  const words = useWords(method);
  const called = report.systems.some((system) => system.times.made !== null || system.usage !== null);
  const columns = [...durations(words), ...(called ? calls(words) : [])];
  return (
    <Section id="times" title={words.timesTitle}>
      <ScrollRegion label={words.timesTitle}>
        <table class="figures pinned">
          <caption class="visually-hidden">{words.timesTitle}</caption>
          <thead>
            <tr>
              <th scope="col" class="text">
                {words.system}
              </th>
              {columns.map(([name]) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {report.systems.map((system) => (
              <tr key={system.folder}>
                <th scope="row">
                  <SystemName system={system} />
                </th>
                {columns.map(([name, of]) => (
                  <td key={name} class="number">
                    {of(system)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </Section>
  );
}

function durations(words: W): Column[] {
  const seconds = (number: number | null) =>
    number === null ? NONE : words.seconds(number.toFixed(number < 10 ? 2 : 1));
  return [
    [words.started, (system) => system.started?.replace("T", " ").replace("Z", "") ?? NONE],
    [words.generating, (system) => seconds(system.times.generating_s)],
    [words.scoring, (system) => seconds(system.times.scoring_s)],
  ];
}

function calls(words: W): Column[] {
  const seconds = (number: number | null) => (number === null ? NONE : words.seconds(number.toFixed(2)));
  const whole = (number: number | null | undefined) => (number === null || number === undefined ? NONE : count(number));
  return [
    [words.p50, (system) => seconds(system.times.p50)],
    [words.p90, (system) => seconds(system.times.p90)],
    [words.p99, (system) => seconds(system.times.p99)],
    [words.rate, (system) => system.times.tokens_per_second?.toFixed(1) ?? NONE],
    [words.made, (system) => whole(system.times.made)],
    [words.cached, (system) => whole(system.times.cached)],
    [words.failed, (system) => whole(system.times.failed)],
    [words.promptTokens, (system) => tokens(system, "prompt", words)],
    [words.answerTokens, (system) => tokens(system, "answer", words)],
    [words.cost, (system) => dollars(system.usage?.cost)],
  ];
}

/** A count of tokens, and of how many calls where some were not counted. */
function tokens(system: System, kind: "prompt" | "answer", words: W): string {
  const { usage } = system;
  if (!usage) return NONE;
  const partial = usage.counted < usage.requests;
  return count(usage[kind]) + (partial ? ` (${words.counted(count(usage.counted), count(usage.requests))})` : "");
}
