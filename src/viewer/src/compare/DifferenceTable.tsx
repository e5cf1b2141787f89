// Every score of one language: both values, the difference with its interval, and what the test says.

import { useMedia } from "../article/media";
import { count, interval, NONE, p, signed, value } from "../figures";
import type { Difference, Method, Score } from "../model";
import { Recorded } from "../parts/Recorded";
import { ScrollRegion } from "../parts/ScrollRegion";
import { Tip } from "../parts/Tip";
import { scoreName } from "../charts/Pick";
import { compareWords } from "../strings/compare";
import { languageName } from "../strings/shell";
import { useView } from "../view";
import { useWords } from "../words";
import { DeltaBar } from "./DeltaBar";
import { Outcome } from "./Outcome";
import { WinsBar } from "./WinsBar";

export interface Row {
  score: Score;
  difference: Difference;
}

interface Properties {
  target: string;
  rows: Row[];
  method: Method | null;
}

/** The differences between two systems in one target language. */
export function DifferenceTable({ target, rows, method }: Properties) {
  const words = useWords(compareWords);
  const { language } = useView();
  const caption = words.tableCaption(languageName(target, language));
  const reach = reaches(rows);
  // Where there is little room, what is asked for first comes first.
  const narrow = useMedia("screen and (max-width: 640px)");
  const power = method ? `${Math.round(method.power * 100)}%` : "";
  return (
    <ScrollRegion label={caption}>
      <table class="figures pinned compare-table" data-testid="compare-table" data-language={target}>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col" class="text">
              {words.score}
            </th>
            {narrow && <th scope="col">{words.delta}</th>}
            <th scope="col" class="text">
              {words.outcome}
            </th>
            <th scope="col">{words.baseline}</th>
            <th scope="col">{words.candidate}</th>
            {!narrow && <th scope="col">{words.delta}</th>}
            <th scope="col" class="text">
              {words.drawn}
            </th>
            <th scope="col">{words.p}</th>
            <th scope="col">{words.wins}</th>
            <th scope="col">{words.compared}</th>
            <th scope="col">
              {power ? <Tip text={words.detectableTip(power)}>{words.detectable}</Tip> : words.detectable}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ score, difference }) => (
            <tr key={score.name}>
              <th scope="row">
                <bdi>{scoreName(score)}</bdi>
              </th>
              {narrow && <Delta score={score} difference={difference} />}
              <td class="text compare-outcome">
                <Outcome outcome={difference.outcome} />
                {difference.reason && (
                  <span class="soft small">
                    <Recorded text={difference.reason} />
                  </span>
                )}
              </td>
              <td>{value(difference.baseline, score.decimals)}</td>
              <td>{value(difference.candidate, score.decimals)}</td>
              {!narrow && <Delta score={score} difference={difference} />}
              <td class="text">
                <DeltaBar difference={difference} reach={reach.get(score.decimals) ?? 0} />
              </td>
              <td>{p(difference.adjusted)}</td>
              <td>
                <WinsBar difference={difference} directed={score.higherIsBetter !== null} />
              </td>
              <td class="number">
                <Compared difference={difference} />
              </td>
              <td>{difference.detectable === null ? NONE : `±${value(difference.detectable, score.decimals)}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

/** The difference with its interval. */
function Delta({ score, difference }: Row) {
  return (
    <td class="number compare-delta">
      <strong>{signed(difference.delta, score.decimals)}</strong>{" "}
      <span class="soft">{interval(difference.interval, score.decimals, true)}</span>
    </td>
  );
}

function Compared({ difference }: { difference: Difference }) {
  const words = useWords(compareWords);
  const text = words.ofTotal(count(difference.pairs), count(difference.total));
  const reasons = Object.entries(difference.unpaired);
  if (reasons.length === 0) return <>{text}</>;
  const why = (
    <>
      {words.unpairedTip}{" "}
      {reasons.map(([reason, cases], index) => (
        <span key={reason}>
          {index > 0 && "; "}
          <Recorded text={reason} /> ({count(cases)})
        </span>
      ))}
    </>
  );
  return <Tip text={why}>{text}</Tip>;
}

/** How far the axis reaches, for scores with as many decimals: those are of one kind of scale. */
function reaches(rows: Row[]): Map<number, number> {
  const found = new Map<number, number>();
  for (const { score, difference } of rows) {
    const ends = [difference.delta ?? 0, ...(difference.interval ?? [])].map(Math.abs);
    found.set(score.decimals, Math.max(found.get(score.decimals) ?? 0, ...ends));
  }
  return found;
}
