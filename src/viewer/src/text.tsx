// Texts from the data, shown as text: what is invisible or turns the text around stands there by its name.

import { Fragment, type ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { count } from "./figures";
import { clipAt, cut, showHidden, type Range } from "./marks";
import { textWords } from "./strings/text";
import { useWords } from "./words";

/** Longer texts are clipped until the reader asks for the rest. */
export const CLIP = 20_000;

/** A range that only looks different, such as words shared with the reference. */
export interface Layer extends Range {
  className: string;
}

interface Frame {
  text: string;
  /** "span" where the text stands in a line, "div" or "pre" where it stands by itself. */
  as?: "span" | "div" | "pre";
  /** Language of the text, as "en" or "zh": set it where it can differ from the page's. */
  lang?: string;
  class?: string;
  testid?: string;
  /** An offset that must be shown, even where the text is clipped. */
  reveal?: number;
}

/** A text as it is. */
export function Plain(props: Frame) {
  return <Marked {...props} layers={NO_LAYERS} />;
}

const NO_LAYERS: Layer[] = [];

export interface MarkedProps<A extends Range> extends Frame {
  layers?: readonly Layer[];
  /** Ranges that do something; where they overlap, a piece belongs to several. */
  anchors?: readonly A[];
  /** Draws a piece of anchors around its text. `opening` are those that begin with this piece. */
  anchor?: (anchors: A[], opening: A[], inner: ComponentChildren) => ComponentChildren;
}

/** A text with ranges marked in it; a piece carries the classes of all its layers. */
export function Marked<A extends Range>(props: MarkedProps<A>) {
  const { text, as: Tag = "span", lang, testid, reveal = 0, layers = NO_LAYERS, anchors = [], anchor } = props;
  const words = useWords(textWords);
  const [asked, setAsked] = useState("");
  // Asked for this text and no other: the component may be given the next article's.
  const end = asked === text || reveal > CLIP ? text.length : clipAt(text, CLIP);
  const seen = new Set<A>();
  const pieces = cut(text, anchors, 0, end).map((piece) => {
    const inner = (
      <Fragment key={piece.start}>
        {cut(text, layers, piece.start, piece.end).map((part) => {
          const shown = <Shown key={part.start} text={text.slice(part.start, part.end)} />;
          if (part.ranges.length === 0) return shown;
          const classes = [...new Set(part.ranges.map((layer) => layer.className))].join(" ");
          return (
            <span key={part.start} class={classes}>
              {shown}
            </span>
          );
        })}
      </Fragment>
    );
    if (piece.ranges.length === 0 || !anchor) return inner;
    const opening = piece.ranges.filter((range) => !seen.has(range));
    for (const range of opening) seen.add(range);
    return <Fragment key={piece.start}>{anchor(piece.ranges, opening, inner)}</Fragment>;
  });
  return (
    <Tag class={`plain ${props.class ?? ""}`} dir="auto" lang={lang} data-testid={testid}>
      {pieces}
      {end < text.length ? (
        <Fragment key="clip">
          {"… "}
          <button type="button" class="clip" onClick={() => setAsked(text)} lang={undefined}>
            {words.showAll(count(text.length))}
          </button>
        </Fragment>
      ) : null}
    </Tag>
  );
}

/** A run of text in which hidden characters are boxed names. */
function Shown({ text }: { text: string }) {
  const words = useWords(textWords);
  return (
    <>
      {showHidden(text).map((part, index) =>
        typeof part === "string" ? (
          part
        ) : (
          <span key={index} class="hidden-character" title={words[part.kind](part.name)}>
            {part.times > 1 ? `${part.name}×${count(part.times)}` : part.name}
          </span>
        ),
      )}
    </>
  );
}
