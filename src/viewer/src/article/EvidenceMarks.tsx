// A text with what was found in it: marks in place, and the list of all of it below.

import { useEffect, useState } from "preact/hooks";
import { articleWords } from "../strings/articles";
import { Marked, Plain, type Layer } from "../text";
import { Disclosure } from "../parts/Disclosure";
import { useWords } from "../words";
import { drawnAs, isPlaced, type Evidence, type Placed } from "./evidence";
import { EvidenceBody, EvidenceName } from "./EvidenceText";
import type { Pointing } from "./pointing";

interface TextProperties {
  text: string;
  lang: string;
  evidence: Evidence[];
  layers?: Layer[];
  pointing: Pointing;
  /** data-testid of each mark. */
  markTestid: string;
  /** Evidence whose mark must be shown, even in a text that is clipped. */
  wanted?: Evidence | null;
  as?: "div" | "span";
}

/** A text with its marks. Each is a stop of the Tab key, tells what it is, and shows a card. */
export function EvidenceText(properties: TextProperties) {
  const { text, lang, evidence, layers, pointing, markTestid, wanted, as = "div" } = properties;
  const placed = evidence.filter(isPlaced);
  return (
    <Marked<Placed>
      text={text}
      as={as}
      lang={lang}
      reveal={wanted?.end ?? 0}
      layers={layers ?? []}
      anchors={placed}
      anchor={(items, opening, inner) => {
        const kind = drawnAs(items);
        const worst = items.find((item) => drawnAs([item]) === kind) ?? items[0]!;
        const listeners = {
          onMouseEnter: (event: MouseEvent) => pointing.at(items, event.currentTarget as HTMLElement),
          onMouseLeave: pointing.leave,
          onClick: (event: MouseEvent) => pointing.at(items, event.currentTarget as HTMLElement),
        };
        // The second part of an overlapping mark shows the card too, and is no stop of its own.
        if (opening.length === 0) {
          return (
            <span class={`mark kind-${kind}`} {...listeners}>
              {inner}
            </span>
          );
        }
        return (
          <span
            {...listeners}
            id={`${opening[0]!.id}-place`}
            class={`mark kind-${kind}`}
            role="button"
            tabIndex={0}
            aria-describedby={items.map((item) => item.id).join(" ")}
            data-testid={markTestid}
            data-kind={worst.kind}
            data-label={worst.label}
            onFocus={(event) => pointing.at(items, event.currentTarget)}
            onBlur={pointing.leave}
            onKeyDown={(event) => {
              if (event.key !== "Enter" && event.key !== " ") return;
              event.preventDefault();
              pointing.press(items, event.currentTarget);
            }}
          >
            {inner}
          </span>
        );
      }}
    />
  );
}

interface ListProperties {
  title: string;
  evidence: Evidence[];
  text: string;
  lang: string;
  show(evidence: Evidence): void;
  testid: string;
}

/** All that was found, one by one: for those who read and hear, and for what has no place in the text. */
export function EvidenceList({ title, evidence, text, lang, show, testid }: ListProperties) {
  const words = useWords(articleWords);
  if (evidence.length === 0) return null;
  return (
    <Disclosure summary={title} open={!evidence.every(isPlaced)} testid={testid}>
      <ul class="evidence-list">
        {evidence.map((item) => (
          <li key={item.id} id={item.id}>
            <EvidenceName evidence={item} />
            {isPlaced(item) ? (
              <button type="button" class="evidence-place" title={words.goToMark} onClick={() => show(item)}>
                <Plain text={shortened(text.slice(item.start, item.end))} lang={lang} />
              </button>
            ) : (
              <span class="soft small">{words.noPlace}</span>
            )}
            <EvidenceBody evidence={item} />
          </li>
        ))}
      </ul>
    </Disclosure>
  );
}

const LONGEST = 90;

function shortened(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}

/** Which mark a list asked for: it gets the focus once it is drawn. */
export function useWanted(evidence: Evidence[]): [Evidence | null, (item: Evidence) => void] {
  const [asked, setAsked] = useState<{ item: Evidence; times: number } | null>(null);
  useEffect(() => {
    if (!asked) return;
    // The mark of a place that begins with another's carries that one's id: the nearest that covers it will do.
    const covering = evidence.find((other) => isPlaced(other) && other.start === asked.item.start);
    const mark = (item: Evidence | undefined) => item && document.getElementById(`${item.id}-place`);
    const target = mark(asked.item) ?? mark(covering);
    target?.scrollIntoView({ block: "nearest" });
    target?.focus({ preventScroll: true });
  }, [asked]);
  return [asked?.item ?? null, (item) => setAsked((before) => ({ item, times: (before?.times ?? 0) + 1 }))];
}
