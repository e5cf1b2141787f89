import { useLayoutEffect, useRef } from "preact/hooks";
import * as figures from "../figures";
import type { ArticleDetail } from "../model";
import { Note } from "../parts/Note";
import { Recorded } from "../parts/Recorded";
import { articleWords } from "../strings/articles";
import { Marked } from "../text";
import { useWords } from "../words";
import type { Pointed } from "./pointing";

/** The article itself. The place that a mark elsewhere is about is lit here, and scrolled into view. */
export function SourceColumn({ detail, pointed }: { detail: ArticleDetail; pointed: Pointed | null }) {
  const words = useWords(articleWords);
  const box = useRef<HTMLDivElement>(null);
  const places = (pointed?.evidence ?? []).flatMap((item) => (item.quote?.of === "source" ? [item.quote] : []));
  const key = places.map((place) => `${place.start}-${place.end}`).join();
  useLayoutEffect(() => {
    const place = box.current?.querySelector<HTMLElement>("mark");
    if (!box.current || !place) return;
    const outer = box.current.getBoundingClientRect();
    const inner = place.getBoundingClientRect();
    if (inner.top < outer.top + 8 || inner.bottom > outer.bottom - 8) {
      box.current.scrollTop += inner.top - outer.top - outer.height / 3;
    }
    // In a narrow window the source does not scroll by itself: only one who asks for it is taken there.
    if (!pointed?.pressed) return;
    const { top, bottom } = place.getBoundingClientRect();
    if (top < 0 || bottom > window.innerHeight) place.scrollIntoView({ block: "center" });
  }, [key, pointed?.pressed]);
  return (
    <section class="column source-column" id="column-source" aria-labelledby="column-source-title">
      <header>
        <h2 id="column-source-title" tabIndex={-1}>
          {words.source}
        </h2>
        <span class="soft small">
          {words.languageName(detail.language)}
          {detail.source !== null && ` · ${words.characters(figures.count(detail.source.length))}`}
        </span>
      </header>
      {detail.source === null ? (
        <Note tone="doubt">
          <Recorded text={detail.sourceReason ?? words.noReason} />
        </Note>
      ) : (
        <div class="column-text source-text" ref={box} role="region" aria-label={words.sourceText} tabIndex={0}>
          <Marked
            text={detail.source}
            as="div"
            lang={detail.language}
            testid="source-text"
            reveal={Math.max(0, ...places.map((place) => place.end))}
            anchors={places}
            anchor={(_, __, inner) => <mark class="quote-place">{inner}</mark>}
          />
        </div>
      )}
    </section>
  );
}
