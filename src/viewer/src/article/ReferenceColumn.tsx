import { useMemo } from "preact/hooks";
import * as figures from "../figures";
import type { ArticleDetail, CaseDetail } from "../model";
import { Note } from "../parts/Note";
import { Recorded } from "../parts/Recorded";
import { articleWords } from "../strings/articles";
import { useWords } from "../words";
import { referenceEvidence } from "./evidence";
import { EvidenceList, EvidenceText, useWanted } from "./EvidenceMarks";
import type { Pointing } from "./pointing";

interface Properties {
  detail: ArticleDetail;
  found: CaseDetail;
  /** Which of several references is shown. */
  number: number;
  setNumber(number: number): void;
  pointing: Pointing;
  /** The address of the same view in another language. */
  inLanguage(language: string): string;
}

/** The reference with the mistakes that the audit finds in it. */
export function ReferenceColumn({ detail, found, number, setNumber, pointing, inLanguage }: Properties) {
  const words = useWords(articleWords);
  const reference = found.references[number];
  // The audit reads the first reference of each language.
  const faults = useMemo(
    () => (number === 0 ? referenceEvidence(detail.faults, found.language) : []),
    [detail, found, number],
  );
  const [wanted, show] = useWanted(faults);
  const elsewhere = new Map<string, number>();
  for (const fault of detail.faults) {
    if (fault.text !== found.language) elsewhere.set(fault.text, (elsewhere.get(fault.text) ?? 0) + 1);
  }
  const text = (headline: boolean) => faults.filter((fault) => fault.headline === headline);
  return (
    <section class="column" id="column-reference" aria-labelledby="column-reference-title">
      <header>
        <h2 id="column-reference-title" tabIndex={-1}>
          {words.reference}
        </h2>
        {reference && <span class="soft small">{words.characters(figures.count(reference.text.length))}</span>}
        {found.references.length > 1 && (
          <select
            aria-label={words.reference}
            data-testid="reference-select"
            value={String(number)}
            onChange={(event) => setNumber(Number(event.currentTarget.value))}
          >
            {found.references.map((_, index) => (
              <option key={index} value={String(index)} selected={index === number}>
                {words.referenceNumber(index + 1)}
              </option>
            ))}
          </select>
        )}
      </header>
      {reference ? (
        <div class="column-text">
          {reference.headline && (
            <p class="reference-headline">
              <span class="visually-hidden">{words.headline}</span>{" "}
              <EvidenceText
                as="span"
                text={reference.headline}
                lang={found.language}
                evidence={text(true)}
                pointing={pointing}
                markTestid="reference-mark"
                wanted={wanted}
              />
            </p>
          )}
          <div data-testid="reference-text">
            <EvidenceText
              text={reference.text}
              lang={found.language}
              evidence={text(false)}
              pointing={pointing}
              markTestid="reference-mark"
              wanted={wanted}
            />
          </div>
        </div>
      ) : (
        <Note tone="doubt">
          {found.referenceReason ? <Recorded text={found.referenceReason} /> : <p>{words.emptyReference}</p>}
        </Note>
      )}
      {reference &&
        [true, false].map((headline) => {
          const here = text(headline);
          return (
            <EvidenceList
              key={String(headline)}
              title={words.referenceFaults(here.length)}
              evidence={here}
              text={headline ? (reference.headline ?? "") : reference.text}
              lang={found.language}
              show={show}
              testid="reference-faults"
            />
          );
        })}
      {[...elsewhere].map(([language, count]) => (
        <p key={language} class="small">
          <a href={inLanguage(language)} data-testid="faults-elsewhere">
            {words.faultsElsewhere(count, words.languageName(language))}
          </a>
        </p>
      ))}
    </section>
  );
}
