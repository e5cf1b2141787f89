// What a report lacks: outputs, scores, comparability, committed code.

import type { ComponentChildren } from "preact";
import { count } from "./figures";
import type { Report, System } from "./model";
import { Note } from "./parts/Note";
import { Recorded } from "./parts/Recorded";
import { Systems } from "./parts/Systems";
import { verdict } from "./strings/verdict";
import { address } from "./view";
import { useWords } from "./words";

/** Everything that a reader must know before trusting the numbers, or that there is nothing of the kind. */
export function Gaps({ report }: { report: Report }) {
  const words = useWords(verdict);
  const items = [
    ...failures(report, words),
    ...cells(report, words),
    ...comparability(report, words),
    ...rest(report, words),
  ];
  return (
    <section data-testid="gaps">
      <h2>{words.gapsTitle}</h2>
      {items.length === 0 ? (
        <Note tone="good">{words.gapsNone}</Note>
      ) : (
        <ul class="gaps">
          {items.map((item, index) => (
            <li key={index}>{item}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

type W = (typeof verdict)["en"];

function failures(report: Report, words: W): ComponentChildren[] {
  return report.systems
    .filter((system) => system.failures > 0 || system.status === "incomplete")
    .map((system) => (
      <>
        <Systems report={report} of={[report.systems.indexOf(system)]} />{" "}
        {system.failures > 0 ? words.failures(count(system.failures), count(system.cases)) : words.notFinished}
        <Reasons reasons={system.failed} />
      </>
    ));
}

function Reasons({ reasons }: { reasons: Record<string, number> }) {
  const entries = Object.entries(reasons);
  if (entries.length === 0) return null;
  return (
    <ul class="plain-list soft small">
      {entries.map(([reason, number]) => (
        <li key={reason}>
          <Recorded text={reason} /> ({count(number)})
        </li>
      ))}
    </ul>
  );
}

function cells(report: Report, words: W): ComponentChildren[] {
  const headline = report.scores.filter((score) => score.headline);
  const all = report.languages.flatMap((language) =>
    headline.flatMap((score) => report.cells[language]?.[score.name] ?? []),
  );
  const part = all.filter((cell) => cell !== null && cell.scored < cell.total).length;
  const absent = all.filter((cell) => cell === null).length;
  return [
    ...(part > 0 ? [`${words.cells(part, all.length)}${words.open}${words.cellsWhy}${words.close}`] : []),
    ...(absent > 0 ? [words.absent(absent)] : []),
  ];
}

function comparability(report: Report, words: W): ComponentChildren[] {
  const titles = { corpora: words.corpora, options: words.options, failures: words.failed };
  return report.notCompared.map(({ what, scores, detail }) => (
    <>
      {titles[what]}
      {scores.length > 0 && <code> {scores.join(", ")}</code>}
      {detail && (
        <p class="soft small">
          <Recorded text={detail} />
        </p>
      )}
    </>
  ));
}

function rest(report: Report, words: W): ComponentChildren[] {
  const dirty = indices(report, (system) => system.git?.dirty === true);
  const problems = new Set(report.systems.flatMap((system) => system.problems));
  const notes = [...new Set([...report.corpus.notes, ...report.systems.flatMap((system) => system.notes)])];
  return [
    ...(problems.size > 0
      ? [
          <>
            {words.problems(problems.size) + words.open}
            <a href={address("method")}>{words.problemsLink}</a>
            {words.close}
          </>,
        ]
      : []),
    ...(dirty.length > 0
      ? [
          <>
            {words.dirty + words.open}
            <Systems report={report} of={dirty} />
            {words.close}
          </>,
        ]
      : []),
    ...notes.map((note) => {
      const of = indices(report, (system) => system.notes.includes(note));
      return (
        <>
          <Recorded text={note} /> {of.length > 0 && <Systems report={report} of={of} bracketed />}
        </>
      );
    }),
  ];
}

function indices(report: Report, wanted: (system: System) => boolean): number[] {
  return report.systems.flatMap((system, index) => (wanted(system) ? [index] : []));
}
