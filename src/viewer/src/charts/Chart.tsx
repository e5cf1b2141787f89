// A chart with the same numbers as a table: a drawing alone tells nothing to a screen reader.

import type { ComponentChildren } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { TopLevelSpec } from "vega-lite";
import { ScrollRegion } from "../parts/ScrollRegion";
import { chartWords } from "../strings/charts";
import { useWords } from "../words";
import { draw, telling } from "./draw";

export interface ChartTable {
  head: string[];
  /** The first of a row is its name. */
  rows: string[][];
}

interface Properties {
  /** As "quality-cost": names the elements for tests. */
  name: string;
  title: string;
  /** What the drawing shows, in a sentence, for people who do not see it. */
  label: string;
  /** Makes the spec for a width in pixels; another function makes another drawing, so keep it with useCallback. */
  spec(width: number): TopLevelSpec;
  table: ChartTable;
  /** What the reader must know to read it. */
  children?: ComponentChildren;
}

interface Bubble {
  words: string;
  box: DOMRect;
}

/** A Vega-Lite chart, its tooltips by mouse and by arrow keys, and its numbers below. */
export function Chart({ name, title, label, spec, table, children }: Properties) {
  const words = useWords(chartWords);
  const frame = useRef<HTMLDivElement>(null);
  const drawing = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [bubble, setBubble] = useState<Bubble | null>(null);
  const at = useRef(-1);
  const id = useId();
  const named = `${label} ${words.keys}`;

  useLayoutEffect(() => {
    if (!frame.current) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    if (!drawing.current || width < 1) return;
    at.current = -1;
    const close = draw(drawing.current, named, spec(width), (said, box) =>
      setBubble(said && box ? { words: said, box } : null),
    );
    return () => {
      setBubble(null);
      close();
    };
  }, [spec, width, named]);

  useEffect(() => {
    if (!bubble) return;
    const close = () => setBubble(null);
    window.addEventListener("scroll", close, true);
    return () => window.removeEventListener("scroll", close, true);
  }, [bubble]);

  const step = (by: number) => {
    if (!drawing.current) return;
    const marks = telling(drawing.current);
    if (marks.length === 0) return;
    at.current = Math.max(0, Math.min(marks.length - 1, at.current + by));
    const found = marks[at.current];
    if (found) setBubble({ words: found.words, box: found.mark.getBoundingClientRect() });
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Escape") setBubble(null);
    else if (event.key === "ArrowRight" || event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowLeft" || event.key === "ArrowUp") step(-1);
    else return;
    event.preventDefault();
  };

  return (
    <figure class="chart" data-testid={`chart-${name}`} aria-labelledby={`${id}-title`}>
      <figcaption>
        <span class="chart-title" id={`${id}-title`}>
          {title}
        </span>
        {children && <span class="soft small">{children}</span>}
      </figcaption>
      <div class="chart-frame" ref={frame}>
        <div
          class="chart-drawing"
          ref={drawing}
          role="img"
          tabIndex={0}
          aria-label={named}
          onKeyDown={onKey}
          onFocus={(event) => (event.currentTarget.matches(":focus-visible") ? step(1) : undefined)}
          onBlur={() => setBubble(null)}
        />
      </div>
      <p class="visually-hidden" role="status">
        {bubble?.words}
      </p>
      {bubble && <Tooltip {...bubble} />}
      <details class="disclosure chart-numbers" data-testid={`chart-${name}-numbers`}>
        <summary>{words.numbers}</summary>
        <ScrollRegion label={`${title}: ${words.numbers}`}>
          <table class="figures">
            <caption>{title}</caption>
            <thead>
              <tr>
                {table.head.map((head, index) => (
                  <th key={index} scope="col" class={index === 0 ? "text" : undefined}>
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.rows.map((row, index) => (
                <tr key={index}>
                  <th scope="row">{row[0]}</th>
                  {row.slice(1).map((cell, column) => (
                    <td key={column}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      </details>
    </figure>
  );
}

/** Words beside a mark, and a frame around the mark itself. Fixed to the window, so that nothing cuts them off. */
function Tooltip({ words, box }: Bubble) {
  const element = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ left: "0px", top: "0px" });
  useLayoutEffect(() => {
    const size = element.current?.getBoundingClientRect();
    if (!size) return;
    const room = document.documentElement.clientWidth - size.width - 8;
    const left = Math.max(8, Math.min(box.left + box.width / 2 - size.width / 2, room));
    const above = box.top - size.height - 8;
    setPlace({ left: `${left}px`, top: `${above > 8 ? above : box.bottom + 8}px` });
  }, [words, box]);
  return (
    <>
      <div
        class="chart-pointed"
        aria-hidden="true"
        style={{ left: `${box.left}px`, top: `${box.top}px`, width: `${box.width}px`, height: `${box.height}px` }}
      />
      <div class="chart-tooltip" role="tooltip" ref={element} style={place}>
        {words}
      </div>
    </>
  );
}
