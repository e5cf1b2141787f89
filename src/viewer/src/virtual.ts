// Rows of long tables: only those in view are in the document.

import {
  Virtualizer,
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
} from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useLayoutEffect, useReducer, useState } from "preact/hooks";

interface Options {
  count: number;
  /** Height of every row, in pixels. */
  height: number;
  scroller: RefObject<HTMLElement | null>;
  /** Height of a header that stays at the top of the scroller. */
  header: number;
  /** A row that stays in the document wherever one scrolls: the one that has the focus. */
  kept: number;
}

export interface Rows {
  items: VirtualItem[];
  /** Height of all rows together. */
  total: number;
  /** Bring a row into view. */
  show(index: number): void;
  /** Rows that fit into the view. */
  fitting: number;
}

const OVERSCAN = 12;

/** Keep track of which rows of a scrolling element are in view. */
export function useVirtual({ count, height, scroller, header, kept }: Options): Rows {
  const [, draw] = useReducer((drawn: number) => drawn + 1, 0);
  const options = {
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    overscan: OVERSCAN,
    scrollMargin: header,
    scrollPaddingStart: header,
    initialRect: { width: 0, height: 600 },
    rangeExtractor: (range: Parameters<typeof defaultRangeExtractor>[0]) => {
      const shown = defaultRangeExtractor(range);
      return kept < count && !shown.includes(kept) ? [...shown, kept].sort((one, other) => one - other) : shown;
    },
    onChange: () => draw(undefined),
  };
  const [virtualizer] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => virtualizer._willUpdate());
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, height]);
  return {
    items: virtualizer.getVirtualItems(),
    total: count * height,
    show: (index) => virtualizer.scrollToIndex(index),
    fitting: Math.max(1, Math.floor(((virtualizer.scrollRect?.height ?? 600) - header) / height)),
  };
}
