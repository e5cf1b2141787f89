// What stands under a leaderboard: what is not scored and why, what is flagged, answers of the wrong shape.

import type { ComponentChildren } from "preact";
import { count } from "./figures";
import type { Report } from "./model";
import { Recorded } from "./parts/Recorded";
import { Systems } from "./parts/Systems";
import { leaderboard, warningIn } from "./strings/leaderboard";
import { useView } from "./view";
import { useWords } from "./words";

interface Properties {
  report: Report;
  code: string;
}

export function LeaderboardNotes({ report, code }: Properties) {
  const words = useWords(leaderboard);
  const blocks = [
    { title: words.notScored, items: useUnscored(report, code), testid: `not-scored-${code}` },
    { title: words.flagged, items: useFlagged(report, code), testid: `flagged-${code}` },
    { title: words.flaws, items: useFlaws(report, code), testid: `flaws-${code}` },
  ].filter((block) => block.items.length > 0);
  if (blocks.length === 0) return null;
  return (
    <div class="board-notes">
      {blocks.map((block) => (
        <section key={block.title} data-testid={block.testid}>
          <h3>{block.title}</h3>
          <ul class="plain-list">
            {block.items.map((item, index) => (
              <li key={index}>{item}</li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

/** Scores that lack cases, those together that lack the same ones for the same reasons. */
function useUnscored(report: Report, code: string): ComponentChildren[] {
  const words = useWords(leaderboard);
  const groups = new Map<
    string,
    { scores: string[]; systems: number[]; scored: number; total: number; reasons: [string, number][] }
  >();
  const byScore = new Map<string, Map<string, number[]>>();
  for (const score of report.scores) {
    const kinds = new Map<string, number[]>();
    (report.cells[code]?.[score.name] ?? []).forEach((cell, system) => {
      if (cell === null || cell.scored >= cell.total) return;
      const key = JSON.stringify([cell.scored, cell.total, Object.entries(cell.reasons).sort()]);
      kinds.set(key, [...(kinds.get(key) ?? []), system]);
    });
    byScore.set(score.name, kinds);
  }
  for (const [score, kinds] of byScore) {
    for (const [kind, systems] of kinds) {
      const key = `${kind} ${systems.join()}`;
      const [scored, total, reasons] = JSON.parse(kind) as [number, number, [string, number][]];
      const group = groups.get(key) ?? { scores: [], systems, scored, total, reasons };
      group.scores.push(score);
      groups.set(key, group);
    }
  }
  return [...groups.values()].map(({ scores, systems, scored, total, reasons }) => (
    <>
      <code>{scores.join(", ")}</code> {words.scoredOf(scored, total)}
      {reasons.map(([reason, number]) => (
        <span key={reason}>
          {" · "}
          <Recorded text={reason} /> ({count(number)})
        </span>
      ))}{" "}
      <Systems report={report} of={systems} bracketed />
    </>
  ));
}

/** Scores that should be 0 and are not. */
function useFlagged(report: Report, code: string): ComponentChildren[] {
  const words = useWords(leaderboard);
  const { language } = useView();
  return report.scores
    .filter((score) => score.warning)
    .flatMap((score) => {
      const kinds = new Map<string, number[]>();
      (report.cells[code]?.[score.name] ?? []).forEach((cell, system) => {
        if (!cell?.value) return;
        const key = words.outOf(count(Math.round(cell.value * cell.scored)), count(cell.scored));
        kinds.set(key, [...(kinds.get(key) ?? []), system]);
      });
      return [...kinds].map(([share, systems]) => (
        <>
          <code>{score.name}</code> {share} {warningIn(score.name, language) ?? <Recorded text={score.warning} />}{" "}
          <Systems report={report} of={systems} bracketed />
        </>
      ));
    });
}

function useFlaws(report: Report, code: string): ComponentChildren[] {
  const words = useWords(leaderboard);
  return report.systems.flatMap((system, index) =>
    Object.entries(system.flaws[code] ?? {}).map(([reason, number]) => (
      <>
        {words.answers(number)} <Recorded text={reason} /> <Systems report={report} of={[index]} bracketed />
      </>
    )),
  );
}
