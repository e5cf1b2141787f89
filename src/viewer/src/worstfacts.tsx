// The worst false facts, over all systems: what a reader should look at first.

import { useState } from "preact/hooks";
import { factAddress } from "./listed";
import type { ListedFact, Report } from "./model";
import { Badge } from "./parts/Badge";
import { Recorded } from "./parts/Recorded";
import { Section } from "./parts/Section";
import { SystemName } from "./parts/SystemName";
import { factWords } from "./strings/facts";
import { languageName } from "./strings/shell";
import { worst } from "./strings/worst";
import { Plain } from "./text";
import { useView } from "./view";
import { useWords } from "./words";

const FEW = 5;

export function WorstFacts({ report }: { report: Report }) {
  const words = useWords(worst);
  const [all, setAll] = useState(false);
  const facts = inTurn(report);
  if (facts.length === 0) return null;
  const shown = all ? facts : facts.slice(0, FEW);
  return (
    <Section id="worst-facts" title={words.title} lead={words.lead}>
      <ol class="worst">
        {shown.map(({ fact, system }) => (
          <li key={`${system} ${fact.case} ${fact.value} ${fact.message}`} class="card">
            <Fact report={report} fact={fact} system={system} />
          </li>
        ))}
      </ol>
      {facts.length > FEW && (
        <p class="after-table">
          <button
            type="button"
            class="button"
            aria-expanded={all}
            data-testid="worst-more"
            onClick={() => setAll(!all)}
          >
            {all ? words.fewer : words.more(facts.length)}
          </button>
        </p>
      )}
    </Section>
  );
}

/** The systems' worst facts in turn, so that no system hides the others; upper bounds are left aside. */
function inTurn(report: Report): { fact: ListedFact; system: number }[] {
  const lists = report.facts.map((facts, system) => (report.systems[system]?.bound === "upper" ? [] : facts.worst));
  const longest = Math.max(0, ...lists.map((list) => list.length));
  const seen = new Set<string>();
  return Array.from({ length: longest }, (_, place) =>
    lists.flatMap((list, system) => {
      const fact = list[place];
      return fact ? [{ fact, system }] : [];
    }),
  )
    .flat()
    .filter(({ fact }) => {
      // Systems that share a stage share its mistakes: the same words are shown once.
      const key = JSON.stringify([fact.case, fact.kind, fact.value, fact.place]);
      return !seen.has(key) && seen.add(key);
    });
}

function Fact({ report, fact, system }: { report: Report; fact: ListedFact; system: number }) {
  const words = useWords(worst);
  const { language } = useView();
  const of = report.systems[system];
  const names = useWords(factWords) as Record<string, string>;
  return (
    <article>
      <header>
        <Badge tone={fact.kind === "not_found" ? "doubt" : "bad"}>
          {names[`kind_${fact.kind}`] ?? fact.kind}
          {fact.label && fact.label !== fact.kind && `: ${names[`label_${fact.label}`] ?? fact.label}`}
        </Badge>{" "}
        <a href={factAddress(fact)}>
          <Plain text={fact.article} />
        </a>{" "}
        <span class="soft small">
          {languageName(fact.language, language)} · {of && <SystemName system={of} />}
        </span>
      </header>
      <p class="worst-message">
        <Recorded text={fact.message} />
      </p>
      <dl class="worst-places">
        {fact.place && <Words name={words.output} place={fact.place} kind={fact.kind} />}
        {fact.other && <Words name={words.source} place={fact.other} kind="quote" />}
      </dl>
    </article>
  );
}

function Words({ name, place, kind }: { name: string; place: [string, string, string]; kind: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Plain text={place[0]} />
        <mark class={`worst-${kind}`}>
          <Plain text={place[1]} />
        </mark>
        <Plain text={place[2]} />
      </dd>
    </div>
  );
}
