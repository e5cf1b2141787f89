// The leaderboard: one table a language, and under each what its numbers leave out.

import { useState } from "preact/hooks";
import { LeaderboardNotes } from "./leaderboard_notes";
import { LeaderboardTable } from "./leaderboard_table";
import type { Report, Score } from "./model";
import { Disclosure } from "./parts/Disclosure";
import { Section } from "./parts/Section";
import { leaderboard, meaning } from "./strings/leaderboard";
import { languageName, list } from "./strings/shell";
import { useView } from "./view";
import { useWords } from "./words";

export function Leaderboard({ report }: { report: Report }) {
  const words = useWords(leaderboard);
  const { language } = useView();
  const [all, setAll] = useState(false);
  const shown = report.scores.filter((score) => all || score.headline || score.name === report.primary);
  const names = report.languages.map((code) => languageName(code, language));
  const lead =
    report.systems.length < 2
      ? undefined
      : names.length > 1
        ? words.leadSeveral(report.primary, list(names, language))
        : words.lead(report.primary);
  if (report.scores.length === 0) {
    return (
      <Section id="leaderboard" title={words.title}>
        <p>{words.nothing}</p>
      </Section>
    );
  }
  return (
    <Section id="leaderboard" title={words.title} lead={lead}>
      {shown.length < report.scores.length || all ? (
        <div class="toolbar leaderboard-tools">
          <label class="check">
            <input
              type="checkbox"
              checked={all}
              data-testid="all-scores"
              onChange={(event) => setAll(event.currentTarget.checked)}
            />
            {words.allScores} ({report.scores.length})
          </label>
        </div>
      ) : null}
      {report.languages.map((code) => (
        <div key={code} class="leaderboard" data-testid={`leaderboard-${code}`}>
          <LeaderboardTable report={report} code={code} scores={shown} />
          <LeaderboardNotes report={report} code={code} />
        </div>
      ))}
      <p class="soft small legend">{words.legend(report.primary)}</p>
      <Meanings scores={shown} />
    </Section>
  );
}

function Meanings({ scores }: { scores: Score[] }) {
  const words = useWords(leaderboard);
  const { language } = useView();
  const known = scores.flatMap((score) => {
    const text = meaning(score.name, language);
    return text === null ? [] : [{ score, text }];
  });
  if (known.length === 0) return null;
  return (
    <Disclosure summary={words.meanings} testid="meanings">
      <dl class="meanings">
        {known.map(({ score, text }) => (
          <div key={score.name}>
            <dt>
              <code>{score.name}</code>
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </Disclosure>
  );
}
