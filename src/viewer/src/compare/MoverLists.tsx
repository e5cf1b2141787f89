// The outputs that moved furthest between two systems, each with a way to its article.

import { useEffect, useMemo, useState } from "preact/hooks";
import { ScorePick } from "../charts/Pick";
import { openCases } from "../data";
import { count, signed, value } from "../figures";
import type { CaseTable, Report, Score } from "../model";
import { Note } from "../parts/Note";
import { Section } from "../parts/Section";
import { compareWords } from "../strings/compare";
import { languageName } from "../strings/shell";
import { Plain } from "../text";
import { address, useView } from "../view";
import { useWords } from "../words";
import { movers, type Mover } from "./movers";

interface Properties {
  report: Report;
  baseline: number;
  candidate: number;
  score: string;
  choose(score: string): void;
}

/** Ten that became worse, ten that became better. */
export function MoverLists({ report, baseline, candidate, score, choose }: Properties) {
  const words = useWords(compareWords);
  const [table, setTable] = useState<CaseTable | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    let wanted = true;
    openCases().then(
      (opened) => wanted && setTable(opened),
      (error: unknown) => wanted && setFailure(String(error)),
    );
    return () => {
      wanted = false;
    };
  }, []);
  const scores = report.scores.filter((each) => table && Object.hasOwn(table.values, each.name));
  const chosen =
    scores.find((each) => each.name === score) ?? scores.find((each) => each.name === report.primary) ?? scores[0];
  const found = useMemo(
    () => (table && chosen ? movers(table, chosen, baseline, candidate) : null),
    [table, chosen, baseline, candidate],
  );
  const regressed = chosen && {
    baseline: String(baseline),
    candidate: String(candidate),
    score: chosen.name,
    regressed: "yes",
  };
  return (
    <Section id="compare-movers" title={words.moversTitle} lead={words.moversLead}>
      {failure !== null && (
        <Note tone="bad">
          {words.failed} <span lang="en">{failure}</span>
        </Note>
      )}
      {!table && failure === null && <p role="status" data-testid="waiting">{words.loading}</p>}
      {table && chosen && found && (
        <>
          <div class="toolbar">
            <ScorePick scores={scores} value={chosen.name} choose={choose} testid="mover-score" />
          </div>
          <p class="movers-count soft">
            {words.moved(count(found.moved), count(found.both))}{" "}
            {chosen.higherIsBetter !== null && (
              <a href={address("articles", "", regressed || {})}>{words.allRegressed}</a>
            )}
          </p>
          <div class="movers">
            <List {...{ report, baseline, candidate }} side="worse" score={chosen} list={found.worse} />
            <List {...{ report, baseline, candidate }} side="better" score={chosen} list={found.better} />
          </div>
        </>
      )}
    </Section>
  );
}

interface ListProperties {
  report: Report;
  baseline: number;
  candidate: number;
  side: "worse" | "better";
  score: Score;
  list: Mover[];
}

function List({ report, baseline, candidate, side, score, list }: ListProperties) {
  const words = useWords(compareWords);
  const { language } = useView();
  const repeats = Math.max(...report.systems.map((system) => system.repeats)) > 1;
  const undirected = score.higherIsBetter === null;
  const heading =
    side === "worse" ? (undirected ? words.fell : words.worseMovers) : undirected ? words.rose : words.betterMovers;
  return (
    <div class="card">
      <h3>{heading}</h3>
      {list.length === 0 && <p class="soft">{words.noMovers}</p>}
      <ol class="mover-list">
        {list.map((mover) => (
          <li key={`${mover.id}:${mover.language}:${mover.repeat}`} data-testid="mover" data-side={side}>
            <a
              href={address("article", mover.id, {
                language: mover.language,
                repeat: mover.repeat ? String(mover.repeat) : "",
                systems: `${baseline},${candidate}`,
              })}
            >
              <Plain text={mover.title || mover.id} />
            </a>
            <span class="mover-about soft small">
              {languageName(mover.language, language)}
              {repeats && ` · ${words.repeat(String(mover.repeat + 1))}`}
            </span>
            <span class="mover-numbers number">
              <span class="soft">
                {value(mover.baseline, score.decimals)} → {value(mover.candidate, score.decimals)}
              </span>{" "}
              <strong class={undirected ? undefined : side === "worse" ? "bad-ink" : "good-ink"}>
                {signed(mover.delta, score.decimals)}
              </strong>
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
