import { useMemo } from "preact/hooks";
import { changes } from "../differences";
import { Note } from "../parts/Note";
import { Section } from "../parts/Section";
import type { System } from "../model";
import { articleWords } from "../strings/articles";
import { Plain } from "../text";
import { useWords } from "../words";

interface Properties {
  systems: System[];
  /** Indices of the two. */
  from: number;
  to: number;
  texts: [string | null, string | null];
  language: string;
}

/** What the second of two outputs has and the first has not, and the reverse. */
export function DifferenceView({ systems, from, to, texts, language }: Properties) {
  const words = useWords(articleWords);
  const [before, after] = texts;
  const found = useMemo(
    () => (before === null || after === null ? null : changes(before, after, language)),
    [before, after, language],
  );
  return (
    <Section
      id="difference"
      title={words.diffTitle}
      lead={
        <>
          <Plain text={systems[from]!.label} /> → <Plain text={systems[to]!.label} />{" "}
          <span class="diff-legend">
            <del>{words.removed}</del> <ins>{words.added}</ins>
          </span>
        </>
      }
    >
      {before === null || after === null ? (
        <Note>{words.diffNoText}</Note>
      ) : before === after ? (
        <Note>{words.diffEqual}</Note>
      ) : found === null ? (
        <Note tone="doubt">{words.diffGivenUp}</Note>
      ) : (
        <div class="card diff" lang={language} data-testid="diff">
          {found.map((change, index) => {
            const text = <Plain text={change.text} />;
            if (change.kind === "added") return <ins key={index}>{text}</ins>;
            if (change.kind === "removed") return <del key={index}>{text}</del>;
            return <span key={index}>{text}</span>;
          })}
        </div>
      )}
    </Section>
  );
}
