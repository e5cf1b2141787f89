import { Fragment } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { articleWords } from "../strings/articles";
import { useWords } from "../words";
import { EvidenceBody, EvidenceName } from "./EvidenceText";
import type { Pointed, Pointing } from "./pointing";

/** The card beside a marked place: what is wrong there, and what the source says. */
export function FactCard({ pointed, pointing }: { pointed: Pointed; pointing: Pointing }) {
  const words = useWords(articleWords);
  const card = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const place = () => {
      if (!card.current) return;
      if (!pointed.element.isConnected) return pointing.close();
      // Of a mark that is broken over lines, the last line: the card must not cover the others.
      const lines = [...pointed.element.getClientRects()];
      const anchor = lines.at(-1) ?? pointed.element.getBoundingClientRect();
      card.current.style.left = "0px"; // as wide as it likes to be, wherever it stood before
      const room = document.documentElement.clientWidth - card.current.offsetWidth - 12;
      card.current.style.left = `${Math.max(12, Math.min(anchor.left, room))}px`;
      const height = card.current.offsetHeight;
      const below = anchor.bottom + 6;
      const above = (lines[0] ?? anchor).top - height - 6;
      const top = below + height < window.innerHeight || above < 6 ? below : above;
      card.current.style.top = `${top}px`;
    };
    place();
    window.addEventListener("scroll", place, true);
    window.addEventListener("resize", place);
    return () => {
      window.removeEventListener("scroll", place, true);
      window.removeEventListener("resize", place);
    };
  }, [pointed, pointing]);
  return (
    <div
      ref={card}
      class="fact-card"
      role="tooltip"
      data-testid="fact-card"
      onMouseEnter={pointing.stay}
      onMouseLeave={pointing.leave}
    >
      {pointed.evidence.map((evidence) => (
        <Fragment key={evidence.id}>
          <EvidenceName evidence={evidence} />
          <EvidenceBody evidence={evidence} />
        </Fragment>
      ))}
      {pointed.evidence.some((evidence) => evidence.quote?.of === "source") && (
        // For mouse and finger; with the keyboard, Enter on the mark does the same, and keeps the focus there.
        <button
          type="button"
          class="button quiet"
          tabIndex={-1}
          data-testid="go-to-source"
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => pointing.press(pointed.evidence, pointed.element, true)}
        >
          {words.goToSource}
        </button>
      )}
    </div>
  );
}
