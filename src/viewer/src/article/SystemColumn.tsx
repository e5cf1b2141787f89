import { useMemo } from "preact/hooks";
import * as figures from "../figures";
import type { CaseDetail, Score, System } from "../model";
import { sharedRanges } from "../ngrams";
import { Badge } from "../parts/Badge";
import { Note } from "../parts/Note";
import { Recorded } from "../parts/Recorded";
import { SystemName } from "../parts/SystemName";
import { articleWords } from "../strings/articles";
import type { Layer } from "../text";
import { useWords } from "../words";
import { outputEvidence } from "./evidence";
import { EvidenceList, EvidenceText, useWanted } from "./EvidenceMarks";
import type { Pointing } from "./pointing";
import { Scores } from "./Scores";

interface Properties {
  systems: System[];
  scores: Score[];
  found: CaseDetail;
  system: number;
  /** The first system shown. */
  first: number;
  /** The reference's words, and how many in a row must be shared; null where they are not marked. */
  shared: { text: string; n: number } | null;
  /** Whether the facts of this output were checked. */
  measured: boolean;
  pointing: Pointing;
}

/** What one system made of the article, with what is wrong with it. */
export function SystemColumn({ systems, scores, found, system, first, shared, measured, pointing }: Properties) {
  const words = useWords(articleWords);
  const output = found.outputs[system] ?? null;
  const evidence = useMemo(() => (output ? outputEvidence(output, system) : []), [output, system]);
  const [wanted, show] = useWanted(evidence);
  const text = output?.text ?? null;
  const layers = useMemo<Layer[]>(
    () =>
      shared && text !== null
        ? sharedRanges(text, shared.text, shared.n).map((range) => ({ ...range, className: "shared-words" }))
        : [],
    [text, shared?.text, shared?.n],
  );
  const facts = evidence.filter((item) => item.metric === "facts");
  const others = evidence.filter((item) => item.metric !== "facts");
  const wrong = facts.filter((item) => item.kind !== "not_found").length;
  const id = `column-${system}`;
  return (
    <section class="column system-column" id={id} aria-labelledby={`${id}-title`} data-system={system}>
      <header>
        <h2 id={`${id}-title`} tabIndex={-1}>
          <SystemName system={systems[system]!} />
        </h2>
        {text !== null && (
          <span class="soft small">
            {words.characters(figures.count(text.length))}
            {" · "}
            {measured ? (
              <Badge tone={wrong ? "bad" : "good"}>{words.falseFacts(wrong)}</Badge>
            ) : (
              words.factsUnmeasured
            )}
            {measured && facts.length > wrong && <> {words.notFoundCount(facts.length - wrong)}</>}
          </span>
        )}
      </header>
      {output === null ? (
        <Note>{words.noCase}</Note>
      ) : text === null ? (
        <Note tone="bad" title={words.noText} testid="output-failure">
          <Recorded text={output.failure ?? words.noReason} />
        </Note>
      ) : (
        <div class="column-text" data-testid="output-text" data-system={system}>
          {text.trim() === "" && <p class="soft">{words.empty}</p>}
          <EvidenceText
            text={text}
            lang={found.language}
            evidence={evidence}
            layers={layers}
            pointing={pointing}
            markTestid="fact-mark"
            wanted={wanted}
          />
        </div>
      )}
      {output && (
        <>
          <EvidenceList
            title={words.unsupported(facts.length)}
            evidence={facts}
            text={text ?? ""}
            lang={found.language}
            show={show}
            testid="fact-list"
          />
          <EvidenceList
            title={words.otherMarks(others.length)}
            evidence={others}
            text={text ?? ""}
            lang={found.language}
            show={show}
            testid="mark-list"
          />
          <Scores
            scores={scores}
            output={output}
            first={system === first ? null : (found.outputs[first] ?? null)}
            firstLabel={systems[first]!.label}
            label={systems[system]!.label}
          />
        </>
      )}
    </section>
  );
}
