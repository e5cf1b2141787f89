import type { RefObject } from "preact";
import { useState } from "preact/hooks";
import { parts } from "../strings/shell";
import { useWords } from "../words";

/** Copies a text; where the browser forbids it, selects the text on the page and says which key to press. */
export function CopyButton({ text, shown }: { text: string; shown: RefObject<HTMLElement | null> }) {
  const words = useWords(parts);
  const [said, setSaid] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid(words.copied);
    } catch {
      if (shown.current) getSelection()?.selectAllChildren(shown.current);
      setSaid(words.selected);
    }
  };
  return (
    <>
      <button type="button" class="button" data-testid="copy-button" onClick={() => void copy()}>
        {words.copy}
      </button>
      <span class="soft small" role="status">
        {said}
      </span>
    </>
  );
}
