import type { Evidence } from "./evidence";
import { drawnAs, isFact } from "./evidence";
import { useKindName } from "./EvidenceText";
import { articleWords } from "../strings/articles";
import { useWords } from "../words";

/** What the marks that stand in the shown texts mean. */
export function Legend({ evidence }: { evidence: Evidence[] }) {
  const words = useWords(articleWords);
  const name = useKindName();
  const kinds = new Map(evidence.map((item) => [isFact(item) ? item.kind : `${item.kind} ${item.metric}`, item]));
  if (kinds.size === 0) return null;
  const quoted = evidence.some((item) => item.quote?.of === "source");
  return (
    <dl class="legend" data-testid="legend">
      <dt>{words.legend}</dt>
      {[...kinds].sort().map(([key, item]) => (
        <dd key={key}>
          <span class={`mark kind-${drawnAs([item])}`}>
            {name(item.kind)}
            {!isFact(item) && ` · ${item.metric}`}
          </span>
        </dd>
      ))}
      {quoted && (
        <dd>
          <span class="quote-place">{words.quoteLegend}</span>
        </dd>
      )}
    </dl>
  );
}
