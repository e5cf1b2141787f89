// Which marked place the reader points at, by mouse, finger or focus: one at a time in an article.

import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Evidence } from "./evidence";

export interface Pointed {
  evidence: Evidence[];
  /** The mark that is pointed at. */
  element: HTMLElement;
  /** How often the reader asked for the place in the source. */
  pressed: number;
  /** Whether the reader has gone on to the source: the card is closed, and the place there stays lit. */
  away: boolean;
}

/** What marks call; the same object as long as the article is shown. */
export interface Pointing {
  at(evidence: Evidence[], element: HTMLElement): void;
  /** The reader is gone, perhaps to the card: it stays a moment. */
  leave(): void;
  stay(): void;
  close(): void;
  /** The reader wants to see the place in the source, even where that moves the page. */
  press(evidence: Evidence[], element: HTMLElement, away?: boolean): void;
}

const LEAVING_MS = 220;

export function usePointing(): [Pointed | null, Pointing] {
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const timer = useRef(0);
  const stay = useCallback(() => clearTimeout(timer.current), []);
  const pointing = useMemo<Pointing>(() => {
    const show = (evidence: Evidence[], element: HTMLElement, presses: number, away: boolean) => {
      stay();
      setPointed((before) => {
        const same = before?.element === element;
        if (same && presses === 0 && !before.away) return before;
        return { evidence, element, pressed: (same ? before.pressed : 0) + presses, away };
      });
    };
    return {
      at: (evidence, element) => show(evidence, element, 0, false),
      press: (evidence, element, away = false) => show(evidence, element, 1, away),
      leave: () => {
        stay();
        timer.current = window.setTimeout(
          () => setPointed((before) => (before?.pressed ? { ...before, away: true } : null)),
          LEAVING_MS,
        );
      },
      stay,
      close: () => {
        stay();
        setPointed(null);
      },
    };
  }, [stay]);
  // Listening all the time: an effect that waited for the card would miss a key that comes with its first frame.
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => event.key === "Escape" && pointing.close();
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [pointing]);
  useEffect(() => stay, [stay]);
  return [pointed, pointing];
}
