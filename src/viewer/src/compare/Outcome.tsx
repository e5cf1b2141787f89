import type { Difference } from "../model";
import { Badge, type Tone } from "../parts/Badge";
import { factWords, outcomeName } from "../strings/facts";
import { useWords } from "../words";

type Kind = Difference["outcome"];

const SYMBOLS: Record<Kind, string> = { better: "▲", worse: "▼", different: "◆", unshown: "≈", untested: "–" };
const TONES: Record<Kind, Tone> = {
  better: "good",
  worse: "bad",
  different: "accent",
  unshown: "plain",
  untested: "plain",
};

/** What a test found, by symbol, word and colour. */
export function Outcome({ outcome }: { outcome: Kind }) {
  const words = useWords(factWords);
  return (
    <Badge tone={TONES[outcome]}>
      <span aria-hidden="true">{SYMBOLS[outcome]}</span> {outcomeName(words, outcome)}
    </Badge>
  );
}
