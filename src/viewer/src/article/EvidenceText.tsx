// What is known of a marked place, in words: in the card beside it and in the list below the text.

import { kindName, labelName, factWords } from "../strings/facts";
import { articleWords } from "../strings/articles";
import { Plain } from "../text";
import { useWords } from "../words";
import { drawnAs, isFact, type Evidence } from "./evidence";

/** A kind of evidence by its name in the page's language. */
export function useKindName(): (kind: string) => string {
  const facts = useWords(factWords);
  const own = useWords(articleWords);
  return (kind) => {
    const key = `kind_${kind}`;
    return Object.hasOwn(own, key) ? String(own[key as "kind_empty"]) : kindName(facts, kind);
  };
}

/** Kind and label, as badges. */
export function EvidenceName({ evidence }: { evidence: Evidence }) {
  const facts = useWords(factWords);
  const kind = useKindName()(evidence.kind);
  const label = evidence.label && labelName(facts, evidence.label);
  return (
    <span class="evidence-name">
      <span class={`evidence-kind kind-${drawnAs([evidence])}`}>
        <Plain text={kind} />
      </span>
      {label && label !== kind && (
        <span class="evidence-label">
          <Plain text={label} />
        </span>
      )}
      {!isFact(evidence) && (
        <span class="soft small mono">
          <Plain text={evidence.metric} />
        </span>
      )}
    </span>
  );
}

/** Values, message, and the words that speak against it. */
export function EvidenceBody({ evidence }: { evidence: Evidence }) {
  const words = useWords(articleWords);
  const { quote } = evidence;
  const says =
    quote === null
      ? ""
      : quote.of === "source"
        ? words.saysSource
        : quote.of === "parallel"
          ? words.saysParallel
          : words.saysReference(words.languageName(quote.of.reference));
  return (
    <span class="evidence-body">
      {(evidence.value || evidence.otherValue) && (
        <span class="evidence-values">
          {evidence.value && (
            <span>
              <span class="soft">{words.value}</span> <Plain text={evidence.value} lang="en" class="mono" />
            </span>
          )}
          {evidence.otherValue && (
            <span>
              <span class="soft">{words.otherValue}</span> <Plain text={evidence.otherValue} lang="en" class="mono" />
            </span>
          )}
        </span>
      )}
      <Plain text={evidence.message} lang="en" class="evidence-message" />
      {quote && (
        <span class="evidence-quote">
          <span class="soft">{says}</span>{" "}
          <q>
            <Plain text={quote.words[0]} />
            <mark>
              <Plain text={quote.words[1]} />
            </mark>
            <Plain text={quote.words[2]} />
          </q>
        </span>
      )}
    </span>
  );
}
