// All runs of a folder of results: what was measured when, and how it went over time.

import { useMemo, useState } from "preact/hooks";
import { visible } from "./charts/labels";
import { LanguagePick, Pick, ScorePick } from "./charts/Pick";
import { count } from "./figures";
import { OverTime } from "./history/OverTime";
import { corpora, languages, systems } from "./history/runs";
import { RunTable } from "./history/RunTable";
import type { History, HistoryRun } from "./model";
import { Note } from "./parts/Note";
import { Recorded } from "./parts/Recorded";
import { ScrollRegion } from "./parts/ScrollRegion";
import { Section } from "./parts/Section";
import { historyWords } from "./strings/history";
import { useWords } from "./words";

/** The page of `tercet report --index`. */
export function HistoryPage({ history }: { history: History }) {
  const words = useWords(historyWords);
  const known = useMemo(
    () => ({ corpora: corpora(history.runs), systems: systems(history.runs), languages: languages(history) }),
    [history],
  );
  const [corpus, setCorpus] = useState("");
  const [system, setSystem] = useState("");
  const [target, setTarget] = useState(known.languages[0] ?? "en");
  const [name, setName] = useState(
    () => (history.scores.find((score) => score.headline) ?? history.scores[0])?.name ?? "",
  );
  const runs = useMemo(
    () => history.runs.filter((run) => (!corpus || run.corpus === corpus) && (!system || run.system === system)),
    [history, corpus, system],
  );
  const names = new Map(known.corpora.map((each) => [each.hash, each.name]));
  const corpusName = (run: HistoryRun) => names.get(run.corpus) ?? run.corpusName;
  const all = count(history.runs.length);
  return (
    <div class="history">
      <header>
        <h1 tabIndex={-1}>
          <bdi>{history.title}</bdi>
        </h1>
        <p class="place-lead">
          {known.corpora.length > 1
            ? words.lead(all, count(known.corpora.length))
            : history.runs.length > 0
              ? words.leadOne(all)
              : words.empty}
        </p>
      </header>
      {history.runs.length > 0 && (
        <>
          <div class="toolbar">
            <Pick
              label={words.corpus}
              value={corpus}
              options={[
                { value: "", text: words.allCorpora },
                ...known.corpora.map((each) => ({
                  value: each.hash,
                  text: visible(words.runsOf(each.name, count(each.runs))),
                })),
              ]}
              choose={setCorpus}
              testid="history-corpus"
            />
            <Pick
              label={words.system}
              value={system}
              options={[
                { value: "", text: words.allSystems },
                ...known.systems.map((each) => ({ value: each, text: visible(each) })),
              ]}
              choose={setSystem}
              testid="history-system"
            />
            <LanguagePick languages={known.languages} value={target} choose={setTarget} testid="history-language" />
          </div>
          <Section id="history-runs" title={words.tableTitle}>
            <RunTable
              runs={runs}
              all={history.runs.length}
              scores={history.scores}
              target={target}
              corpusName={corpusName}
            />
          </Section>
          <Charts {...{ history, runs, name, setName, target }} systems={known.systems} corpora={known.corpora} />
        </>
      )}
      {history.skipped.length > 0 && <Skipped skipped={history.skipped} />}
    </div>
  );
}

interface ChartsProperties {
  history: History;
  runs: HistoryRun[];
  systems: string[];
  corpora: { hash: string; name: string }[];
  name: string;
  setName(name: string): void;
  target: string;
}

function Charts({ history, runs, systems, corpora, name, setName, target }: ChartsProperties) {
  const words = useWords(historyWords);
  const score = history.scores.find((each) => each.name === name);
  // Runs of different corpora never share a chart: their values are not comparable.
  const parted = useMemo(
    () => corpora.map((corpus) => ({ corpus, runs: runs.filter((run) => run.corpus === corpus.hash) })),
    [corpora, runs],
  );
  if (!score) return null;
  const drawn = parted.filter((part) => part.runs.some((run) => run.values[name]?.[target]?.value != null));
  return (
    <Section id="history-charts" title={words.chartTitle} lead={words.chartLead}>
      <div class="toolbar chart-choices">
        <ScorePick scores={history.scores} value={name} choose={setName} testid="history-score" />
      </div>
      {drawn.length === 0 && <Note>{words.none}</Note>}
      <div class="history-charts">
        {drawn.map((part) => (
          <OverTime
            key={part.corpus.hash}
            runs={part.runs}
            systems={systems}
            score={score}
            target={target}
            corpus={part.corpus.name}
          />
        ))}
      </div>
    </Section>
  );
}

function Skipped({ skipped }: { skipped: History["skipped"] }) {
  const words = useWords(historyWords);
  return (
    <Section id="history-skipped" title={words.skippedTitle} lead={words.skippedLead}>
      <ScrollRegion label={words.skippedTitle}>
        <table class="figures" data-testid="history-skipped-table">
          <caption>{words.skippedTitle}</caption>
          <thead>
            <tr>
              <th scope="col" class="text">
                {words.folder}
              </th>
              <th scope="col" class="text">
                {words.reason}
              </th>
            </tr>
          </thead>
          <tbody>
            {skipped.map((each) => (
              <tr key={each.folder}>
                <th scope="row">
                  <bdi>{each.folder}</bdi>
                </th>
                <td class="text">
                  <Recorded text={each.reason} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </Section>
  );
}
