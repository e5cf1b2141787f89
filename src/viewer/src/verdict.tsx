// What the report says, in sentences: who leads, whether that is more than chance, what is false, what is missing.

import { count, interval, p, signed, value } from "./figures";
import { Gaps } from "./gaps";
import { FalseFacts } from "./falsefacts";
import { Outcome } from "./compare/Outcome";
import { bestBound, lead, shownElsewhere } from "./leaders";
import type { Bound, Leader, Report } from "./model";
import { Badge, type Tone } from "./parts/Badge";
import { Recorded } from "./parts/Recorded";
import { SystemName } from "./parts/SystemName";
import { languageName, list } from "./strings/shell";
import { verdict } from "./strings/verdict";
import { Plain } from "./text";
import { address, useView } from "./view";
import { useWords } from "./words";

/** The first thing that a reader sees. */
export function Verdict({ report }: { report: Report }) {
  const words = useWords(verdict);
  const { language } = useView();
  const kinds: [Bound, (number: number) => string][] = [
    [null, words.systems],
    ["floor", words.floors],
    ["upper", words.uppers],
  ];
  const compared = kinds.flatMap(([bound, said]) => {
    const number = report.systems.filter((system) => system.bound === bound).length;
    return number > 0 ? [said(number)] : [];
  });
  return (
    <section class="overview-verdict" data-testid="verdict">
      <h1>{words.title}</h1>
      <p class="place-lead" data-testid="verdict-compared">
        {words.compared(
          list(compared, language),
          count(report.counts.articles),
          count(report.counts.cases),
          list(
            report.languages.map((code) => languageName(code, language)),
            language,
          ),
        )}
        <code>
          <Plain text={loader(report.corpus.config)} />
        </code>
        {language === "zh" ? "。" : ". "}
        {report.systems.length > 1 ? words.primary : words.primaryOfOne}
        <code>{report.primary}</code>
        {language === "zh" ? "。" : "."}
      </p>
      <div class="leaders">
        {report.leaders.map((leader) => (
          <LeaderCard key={leader.language} report={report} leader={leader} />
        ))}
      </div>
      <Bounds report={report} />
      <div class="overview-more">
        <FalseFacts report={report} />
        <Gaps report={report} />
      </div>
    </section>
  );
}

const TONES: Record<Leader["outcome"], Tone> = { better: "good", unshown: "doubt", untested: "plain", alone: "plain" };

function LeaderCard({ report, leader }: { report: Report; leader: Leader }) {
  const words = useWords(verdict);
  const { language } = useView();
  const name = languageName(leader.language, language);
  const first = leader.leader === null ? undefined : report.systems[leader.leader];
  const cell = leader.leader === null ? null : report.cells[leader.language]?.[leader.score]?.[leader.leader];
  const decimals = decimalsOf(report, leader.score);
  if (!first || leader.leader === null) {
    return (
      <article class="card leader" data-testid={`leader-${leader.language}`}>
        <h2 class="leader-language">{name}</h2>
        <p>
          {words.nothing} <code>{leader.score}</code>
        </p>
        {leader.reason && <Recorded text={leader.reason} />}
      </article>
    );
  }
  return (
    <article class="card leader" data-testid={`leader-${leader.language}`} data-outcome={leader.outcome}>
      <header>
        <h2 class="leader-language">{name}</h2>
        <Badge tone={TONES[leader.outcome]}>{words[leader.outcome]}</Badge>
      </header>
      <p class="leader-name">
        <strong>
          <SystemName system={first} />
        </strong>{" "}
        {leader.outcome === "alone" ? words.scored : words.leads}
      </p>
      <p class="leader-value">
        <span class="leader-number number">{value(cell?.value, decimals)}</span>{" "}
        <span class="soft number">
          <code>{leader.score}</code> {interval(cell?.interval, decimals)}
        </span>
        {cell && cell.scored < cell.total && (
          <>
            {" "}
            <Badge tone="doubt">{words.ofCases(cell.scored, cell.total)}</Badge>
          </>
        )}
      </p>
      <Noise report={report} leader={leader} decimals={decimals} />
      <Marks report={report} leader={leader} decimals={decimals} />
    </article>
  );
}

/** Whether the lead is more than chance, with the numbers that say so. */
function Noise({ report, leader, decimals }: { report: Report; leader: Leader; decimals: number }) {
  const words = useWords(verdict);
  const runnerUp = leader.runnerUp === null ? undefined : report.systems[leader.runnerUp];
  const ahead = lead(report, leader);
  const meaning = {
    better: words.betterMeans,
    unshown: words.unshownMeans,
    untested: words.untestedMeans,
    alone: words.aloneMeans,
  }[leader.outcome];
  const tied = leader.tied.filter((system) => system !== leader.leader);
  return (
    <>
      {runnerUp && (
        <p>
          {words.ahead}{" "}
          <strong>
            <Plain text={runnerUp.label} />
          </strong>
          {ahead && (
            <span class="leader-test">
              <span class="number">
                {words.difference(signed(ahead.delta, decimals), interval(ahead.interval, decimals, true))}
              </span>
              {" · "}
              <span class="number">
                {words.adjusted} {p(ahead.test.adjusted)}
              </span>
              {" · "}
              {words.articlesPaired(ahead.test.pairs, ahead.test.total, ahead.test.articles)}
            </span>
          )}
        </p>
      )}
      <p class="soft">
        {meaning} {leader.outcome === "unshown" && excludesZero(ahead?.interval) && words.uncorrected}{" "}
        {leader.outcome === "unshown" &&
          ahead?.test.detectable != null &&
          words.detectable(value(ahead.test.detectable, decimals))}
      </p>
      {leader.reason && (
        <p class="soft small">
          <Recorded text={leader.reason} />
        </p>
      )}
      {leader.outcome === "unshown" && <Elsewhere report={report} leader={leader} />}
      {tied.length > 0 && (
        <div class="leader-tied">
          <p>{words.tied}</p>
          <ul class="plain-list">
            {tied.map((system) => (
              <li key={system}>
                <Plain text={report.systems[system]?.label ?? ""} />{" "}
                <span class="soft number">
                  {value(report.cells[leader.language]?.[leader.score]?.[system]?.value, decimals)}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

const MOST_ELSEWHERE = 3;

/** What does tell the two apart where the main score does not. */
function Elsewhere({ report, leader }: { report: Report; leader: Leader }) {
  const words = useWords(verdict);
  const shown = shownElsewhere(report, leader, MOST_ELSEWHERE);
  const first = leader.leader === null ? undefined : report.systems[leader.leader];
  if (!first || leader.leader === null || leader.runnerUp === null || shown.length === 0) return null;
  return (
    <div class="leader-elsewhere" data-testid={`elsewhere-${leader.language}`}>
      <p>
        {words.elsewhere}{" "}
        <strong>
          <Plain text={first.label} />
        </strong>
        {words.elsewhereIs}
      </p>
      <ul class="plain-list">
        {shown.slice(0, MOST_ELSEWHERE).map(({ score, difference }) => (
          <li key={score.name}>
            <Outcome outcome={difference.outcome} /> {words.inScore} <code>{score.name}</code>{" "}
            <span class="number">
              {signed(difference.delta, score.decimals)} {interval(difference.interval, score.decimals, true)}
            </span>
            {" · "}
            <span class="number">
              {words.adjusted} {p(difference.adjusted)}
            </span>
          </li>
        ))}
      </ul>
      {shown.length > MOST_ELSEWHERE && (
        <a class="small" href={address("compare", `${leader.runnerUp},${leader.leader}`)}>
          {words.elsewhereMore(shown.length - MOST_ELSEWHERE)}
        </a>
      )}
    </div>
  );
}

/** How far the bounds are: what could be reached, and what must be beaten. */
function Marks({ report, leader, decimals }: { report: Report; leader: Leader; decimals: number }) {
  const words = useWords(verdict);
  const marks = (["upper", "floor"] as const).flatMap((kind) => {
    const system = bestBound(report, kind, leader.language, leader.score);
    return system === null || system === leader.leader ? [] : [{ kind, system }];
  });
  if (marks.length === 0) return null;
  return (
    <dl class="leader-marks">
      {marks.map(({ kind, system }) => (
        <div key={kind}>
          <dt>{kind === "upper" ? words.upperAt : words.floorAt}</dt>
          <dd>
            <span class="number">
              {value(report.cells[leader.language]?.[leader.score]?.[system]?.value, decimals)}
            </span>{" "}
            <Plain text={report.systems[system]?.label ?? ""} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Bounds are no systems: said once, by name. */
function Bounds({ report }: { report: Report }) {
  const words = useWords(verdict);
  const kinds = (["upper", "floor"] as const).filter((kind) => report.systems.some((system) => system.bound === kind));
  if (kinds.length === 0) return null;
  return (
    <dl class="overview-bounds" aria-label={words.boundsTitle} data-testid="bounds">
      {kinds.map((kind) => (
        <div key={kind}>
          <dt>
            {report.systems
              .filter((system) => system.bound === kind)
              .map((system, index) => (
                <span key={system.folder}>
                  {index > 0 && " · "}
                  <Plain text={system.label} />
                </span>
              ))}
          </dt>
          <dd>{kind === "upper" ? words.boundsUpper : words.boundsFloor}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Then a reader may ask why the difference counts as chance. */
function excludesZero(ends: [number, number] | null | undefined): boolean {
  return !!ends && (ends[0] > 0 || ends[1] < 0);
}

function decimalsOf(report: Report, score: string): number {
  return report.scores.find((item) => item.name === score)?.decimals ?? 3;
}

/** The name of the class that loads the corpus, out of its config. */
function loader(config: string): string {
  const line = config.split("\n").find((text) => text.startsWith("_target_:")) ?? config.split("\n", 1)[0] ?? "";
  return line.replace("_target_:", "").trim().split(".").pop() ?? "";
}
