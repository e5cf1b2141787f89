// What the tests say, in a sentence, and the scores that it is made of.

import { count, interval, p, signed } from "../figures";
import type { Difference, Report } from "../model";
import { compareWords } from "../strings/compare";
import { languageName, list } from "../strings/shell";
import { useView } from "../view";
import { useWords } from "../words";
import type { Row } from "./DifferenceTable";
import { Outcome } from "./Outcome";

interface Properties {
  report: Report;
  baseline: number;
  candidate: number;
  /** Those of the main scores, in all languages. */
  rows: Row[];
}

const OUTCOMES: Difference["outcome"][] = ["better", "worse", "different", "unshown", "untested"];

/** Whether the candidate is better: by how many scores, by which, and by the primary one how much. */
export function Verdict({ report, baseline, candidate, rows }: Properties) {
  const words = useWords(compareWords);
  const { language } = useView();
  const of = (outcome: Difference["outcome"]) => rows.filter((row) => row.difference.outcome === outcome);
  const [better, worse, tested] = [of("better").length, of("worse").length, rows.length - of("untested").length];
  const articles = Math.max(0, ...rows.map((row) => row.difference.articles));
  const total = count(tested);
  const said =
    tested === 0
      ? words.isUntested
      : better && worse
        ? words.isMixed(count(better), count(worse), total)
        : better
          ? words.isBetter(count(better), total)
          : worse
            ? words.isWorse(count(worse), total)
            : words.isUnshown(total);
  const tone = better && !worse ? "good" : worse && !better ? "bad" : better && worse ? "doubt" : "plain";
  const primary = rows.filter((row) => row.score.name === report.primary);
  return (
    <div class={`card verdict ${tone}`} data-testid="compare-verdict">
      <p class="verdict-sentence">
        {words.against} <bdi>{report.systems[baseline]?.label}</bdi>
        {words.againstEnd}
        <strong>
          <bdi>{report.systems[candidate]?.label}</bdi>
        </strong>{" "}
        {said}
      </p>
      <p class="soft">{words.measures(count(articles))}</p>
      {primary.length > 0 && (
        <p>
          {words.primary}{" "}
          {primary.map(({ score, difference }, index) => (
            <span key={difference.language} class="verdict-primary">
              {index > 0 && (language === "zh" ? "；" : "; ")}
              <bdi>{score.name}</bdi> {languageName(difference.language, language)}{" "}
              <strong class="number">{signed(difference.delta, score.decimals)}</strong>{" "}
              <span class="number">{interval(difference.interval, score.decimals, true)}</span>{" "}
              <span class="number">
                p {difference.adjusted !== null && difference.adjusted < 0.001 ? "" : "= "}
                {p(difference.adjusted)}
              </span>
            </span>
          ))}
        </p>
      )}
      <dl class="verdict-scores">
        {OUTCOMES.filter((outcome) => of(outcome).length > 0).map((outcome) => (
          <div key={outcome}>
            <dt>
              <Outcome outcome={outcome} />
            </dt>
            <dd>
              {[...byScore(of(outcome))].map(([score, languages]) => (
                <span key={score} class="verdict-score">
                  <bdi>{score}</bdi>{" "}
                  <span class="soft">
                    (
                    {list(
                      languages.map((code) => languageName(code, language)),
                      language,
                    )}
                    )
                  </span>
                </span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      {of("unshown").length > 0 && <p class="soft small">{words.unshownMeans}</p>}
    </div>
  );
}

function byScore(rows: Row[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { score, difference } of rows)
    found.set(score.name, [...(found.get(score.name) ?? []), difference.language]);
  return found;
}
