// False facts that only one of two systems states.

import { useState } from "preact/hooks";
import { count } from "../figures";
import { factAddress } from "../listed";
import type { ListedFact, Pair } from "../model";
import { Badge } from "../parts/Badge";
import { Section } from "../parts/Section";
import { compareWords } from "../strings/compare";
import { factWords, kindName, labelName } from "../strings/facts";
import { languageName } from "../strings/shell";
import { Plain } from "../text";
import { useView } from "../view";
import { useWords } from "../words";

const AT_FIRST = 5;

/** What became false, and what became right. */
export function FactLists({ pair }: { pair: Pair }) {
  const words = useWords(compareWords);
  const systems = `${pair.baseline},${pair.candidate}`;
  return (
    <Section id="compare-facts" title={words.factsTitle} lead={words.factsLead}>
      <div class="fact-lists">
        <List
          heading={words.newFacts(count(pair.newFacts))}
          means={words.newMeans}
          facts={pair.new}
          all={pair.newFacts}
          systems={systems}
          testid="new-fact"
        />
        <List
          heading={words.repairedFacts(count(pair.repairedFacts))}
          means={words.repairedMeans}
          facts={pair.repaired}
          all={pair.repairedFacts}
          systems={systems}
          testid="repaired-fact"
        />
      </div>
    </Section>
  );
}

interface ListProperties {
  heading: string;
  means: string;
  facts: ListedFact[];
  all: number;
  systems: string;
  testid: string;
}

function List({ heading, means, facts, all, systems, testid }: ListProperties) {
  const words = useWords(compareWords);
  const [open, setOpen] = useState(false);
  const shown = open ? facts : facts.slice(0, AT_FIRST);
  return (
    <div class="card">
      <h3>{heading}</h3>
      <p class="soft small">
        {means} {facts.length < all && words.worstOf(count(facts.length), count(all))}
      </p>
      {all === 0 && <p>{words.noFacts}</p>}
      <ul class="fact-list">
        {shown.map((fact, index) => (
          <Fact key={index} fact={fact} systems={systems} testid={testid} />
        ))}
      </ul>
      {shown.length < facts.length && (
        <button data-testid={`${testid}s-more`} type="button" class="button" onClick={() => setOpen(true)}>
          {words.showMore(count(facts.length))}
        </button>
      )}
    </div>
  );
}

function Fact({ fact, systems, testid }: { fact: ListedFact; systems: string; testid: string }) {
  const words = useWords(compareWords);
  const names = useWords(factWords);
  const { language } = useView();
  const label = fact.label === fact.kind ? "" : labelName(names, fact.label);
  return (
    <li data-testid={testid}>
      <p class="fact-about">
        <Badge tone={fact.kind === "contradicted" ? "bad" : "doubt"}>{kindName(names, fact.kind)}</Badge>
        {label && <Badge>{label}</Badge>}
        <a href={factAddress(fact, systems)}>
          <Plain text={fact.article} />
        </a>
        <span class="soft small">{languageName(fact.language, language)}</span>
      </p>
      <dl class="fact-words">
        <dt>{words.output}</dt>
        <dd lang={fact.language}>
          {fact.place ? (
            <Place place={fact.place} kind={fact.kind} />
          ) : (
            <span class="soft" lang={language}>
              {words.noPlace}
            </span>
          )}
        </dd>
        {fact.other && (
          <>
            <dt>{words.source}</dt>
            <dd>
              <Place place={fact.other} kind="quote" />
            </dd>
          </>
        )}
      </dl>
      <p class="soft small">
        <Plain text={fact.message} lang="en" />
      </p>
    </li>
  );
}

function Place({ place: [before, inside, after], kind }: { place: [string, string, string]; kind: string }) {
  return (
    <>
      <Plain text={before} />
      <mark class={`mark-${kind.replace("_", "-")}`}>
        <Plain text={inside} />
      </mark>
      <Plain text={after} />
    </>
  );
}
