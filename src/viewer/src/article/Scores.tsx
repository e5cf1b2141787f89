import * as figures from "../figures";
import type { OutputDetail, Score } from "../model";
import { Disclosure } from "../parts/Disclosure";
import { Recorded } from "../parts/Recorded";
import { articleWords } from "../strings/articles";
import { useWords } from "../words";
import { Difference } from "./Difference";

interface Properties {
  scores: Score[];
  output: OutputDetail;
  /** The first system shown: differences are against it. Null in its own column. */
  first: OutputDetail | null;
  firstLabel: string;
  /** Label of this column's system, for the table's caption. */
  label: string;
}

/** Scores of one output: the headline ones, and the others one key away. */
export function Scores({ scores, output, first, firstLabel, label }: Properties) {
  const words = useWords(articleWords);
  const known = scores.filter((score) => score.name in output.scores || score.name in output.gaps);
  const headline = known.filter((score) => score.headline);
  if (known.length === 0) return null;
  const table = (shown: Score[]) => (
    <table class="score-list">
      <caption class="visually-hidden">
        {words.scores}: {label}
      </caption>
      {first && (
        <thead class="visually-hidden">
          <tr>
            <th scope="col">{words.scores}</th>
            <th scope="col">{label}</th>
            <th scope="col">
              {words.against} {firstLabel}
            </th>
          </tr>
        </thead>
      )}
      <tbody>
        {shown.map((score) => (
          <tr key={score.name}>
            <th scope="row">
              {score.name}
              {score.higherIsBetter !== null && (
                <span title={score.higherIsBetter ? words.higher : words.lower}>
                  <span aria-hidden="true"> {score.higherIsBetter ? "↑" : "↓"}</span>
                  <span class="visually-hidden"> ({score.higherIsBetter ? words.higher : words.lower})</span>
                </span>
              )}
            </th>
            {score.name in output.scores ? (
              <>
                <td class="number">{figures.value(output.scores[score.name], score.decimals)}</td>
                {first && (
                  <td class="number">
                    <Difference difference={difference(output, first, score.name)} score={score} words={words} />
                  </td>
                )}
              </>
            ) : (
              <td colSpan={first ? 2 : 1} class="gap">
                {figures.NONE} <Recorded text={output.gaps[score.name] || words.noReason} />
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
  return (
    <div class="scores">
      {headline.length > 0 && table(headline)}
      {known.length > headline.length && (
        <Disclosure summary={words.allScores(known.length)}>{table(known)}</Disclosure>
      )}
    </div>
  );
}

function difference(output: OutputDetail, first: OutputDetail, name: string): number | null {
  const mine = output.scores[name];
  const theirs = first.scores[name];
  return mine === undefined || theirs === undefined ? null : mine - theirs;
}
