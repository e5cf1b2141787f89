import type { ComponentChildren } from "preact";

interface Properties {
  tone?: "plain" | "good" | "bad" | "doubt";
  title?: string;
  testid?: string;
  children?: ComponentChildren;
}

/** Something that the reader must know before trusting what stands beside it. */
export function Note({ tone = "plain", title, testid, children }: Properties) {
  return (
    <div class={`note ${tone}`} data-testid={testid}>
      {title && <strong>{title}</strong>}
      {children}
    </div>
  );
}
